"""Answers, hits and articles → JSON, Markdown: one renderer for CLI, chat, API and evaluation."""

from collections.abc import Sequence
from dataclasses import asdict

from index import (
    AddReport,
    Article,
    ArticleSummary,
    Hit,
    LibraryInfo,
    Passage,
    PublicationDate,
)
from qa.dates import TimelineEntry, spell_date
from qa.output.shapes import (
    AnswerJson,
    ArticleJson,
    CitationJson,
    EntryJson,
    FollowUpJson,
    InfoJson,
    PassageJson,
    PublishedJson,
    ReportJson,
    SearchJson,
    SummaryJson,
    TimelineJson,
)
from qa.types import Answer, Citation, FollowUp


def answer_to_dict(answer: Answer, *, whole: bool = False) -> AnswerJson:
    """The JSON object of an answer; ``published`` and ``date`` are ISO or None.

    The ``whole`` one of ``dateline ask --json`` carries the trace too.
    """
    told: AnswerJson = {
        "question": answer.question,
        "status": answer.status,
        "text": answer.text,
        "confidence": round(answer.confidence, 4),
        "date": answer.date.iso if answer.date else None,
        "date_precision": answer.date.precision if answer.date else None,
        "date_note": answer.date.note if answer.date else None,
        "citations": [citation_to_dict(citation) for citation in answer.citations],
        "groups": [
            {
                "value": group.value,
                "citations": list(group.citations),
                "independent": group.independent,
                "conflicts_with": list(group.conflicts_with),
                "later": group.later,
            }
            for group in answer.groups
        ],
        "passages": [hit_to_dict(hit) for hit in answer.hits],
        "notes": list(answer.notes),
        "timings_ms": dict(answer.timings),
        "followup": followup_to_dict(answer.followup) if answer.followup else None,
    }
    if whole and answer.trace:
        told["trace"] = asdict(answer.trace)
    return told


def followup_to_dict(followup: FollowUp) -> FollowUpJson:
    """How a question was understood: what was asked, and what was carried over."""
    return {
        "query": followup.query,
        "carried": [
            {"text": item.text, "origin": item.origin, "instead": item.instead}
            for item in followup.carried
        ],
        "answered": list(followup.answered),
    }


def citation_to_dict(citation: Citation) -> CitationJson:
    """One entry of ``citations``; ``answer`` is the span in the same coordinates, or None."""
    article, span = citation.article, citation.span
    return {
        "number": citation.number,
        "article": article.id,
        "title": article.title,
        "source": article.source,
        "published": article.published.iso if article.published else None,
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
        "answer": {"start": span.start, "end": span.end, "text": span.text} if span else None,
    }


def hit_to_dict(hit: Hit) -> PassageJson:
    """One entry of ``passages``."""
    return {
        "article": hit.article.id,
        "title": hit.article.title,
        "start": hit.passage.start,
        "end": hit.passage.end,
        "text": hit.passage.text,
        "score": round(hit.score, 6),
        "rank": hit.rank,
        "signals": {name: round(value, 6) for name, value in hit.signals.items()},
    }


def search_to_dict(query: str, hits: Sequence[Hit]) -> SearchJson:
    """The JSON object of ``dateline search --json``."""
    return {"query": query, "passages": [hit_to_dict(hit) for hit in hits]}


def timeline_to_dict(question: str, entries: Sequence[TimelineEntry]) -> TimelineJson:
    """The JSON object of ``dateline timeline --json``."""
    return {"question": question, "entries": [entry_to_dict(entry) for entry in entries]}


def entry_to_dict(entry: TimelineEntry) -> EntryJson:
    """One entry of a timeline."""
    return {
        "iso": entry.iso,
        "precision": entry.precision,
        "article": entry.article,
        "passage": entry.passage,
        "start": entry.start,
        "end": entry.end,
        "text": entry.text,
        "expression": entry.expression,
        "note": entry.note,
        "reprints": list(entry.reprints),
    }


def article_to_dict(article: Article, passages: Sequence[Passage] | None = None) -> ArticleJson:
    """The JSON object of ``dateline show --json``, with the passages when they are given."""
    published = article.published
    result: ArticleJson = {
        "article": article.id,
        "title": article.title,
        "source": article.source,
        "published": published_to_dict(published),
        "language": article.language,
        "location": article.location,
        "digest": article.digest,
        "pages": list(article.pages),
        "notes": list(article.notes),
        "text": article.text,
    }
    if passages is not None:
        result["passages"] = [
            {"start": item.start, "end": item.end, "text": item.text} for item in passages
        ]
    return result


def summary_to_dict(item: ArticleSummary) -> SummaryJson:
    """One entry of ``dateline list --json``."""
    return {
        "id": item.id,
        "title": item.title,
        "source": item.source,
        "published": published_to_dict(item.published),
        "language": item.language,
        "characters": item.characters,
        "passages": item.passages,
        "added_at": item.added_at,
    }


def info_to_dict(info: LibraryInfo) -> InfoJson:
    """The JSON object of ``dateline info --json``."""
    return {
        "path": str(info.path),
        "format": info.format,
        "articles": info.articles,
        "passages": info.passages,
        "characters": info.characters,
        "encoder": info.encoder,
        "dimension": info.dimension,
        "passage_rule": info.passage_rule,
        "vectors": info.vectors,
        "words": info.words,
        "database_bytes": info.database_bytes,
        "cache_bytes": info.cache_bytes,
        "change_counter": info.change_counter,
        "created_at": info.created_at,
        "read_only": info.read_only,
    }


def published_to_dict(published: PublicationDate | None) -> PublishedJson | None:
    """A publication date as JSON, None when it is not known."""
    if published is None:
        return None
    return {
        "iso": published.iso,
        "precision": published.precision,
        "origin": published.origin,
        "note": published.note,
    }


def report_to_dict(report: AddReport) -> ReportJson:
    """The JSON object of ``dateline add --json``."""
    return {
        "added": list(report.added),
        "updated": list(report.updated),
        "unchanged": list(report.unchanged),
        "duplicates": [{"article": new, "same_as": old} for new, old in report.duplicates],
        "skipped": [
            {"location": item.location, "reason": item.reason, "failed": item.failed}
            for item in report.skipped
        ],
        "passages": report.passages,
        "seconds": round(report.seconds, 3),
    }


def confidence_in_words(confidence: float) -> str:
    """What a confidence in [0, 1] means to a person."""
    if confidence >= 0.8:
        return "very likely"
    if confidence >= 0.6:
        return "likely"
    if confidence >= 0.4:
        return "possible"
    return "unlikely"


def describe_article(article: Article) -> str:
    """One line on where an article is from: ``RIA Novosti · 27 February · file.txt``."""
    date = spell_date(article.published.iso) if article.published else ""
    return " · ".join(part for part in (article.source, date, article.id) if part)


def escape_markdown(text: str) -> str:
    """The text with the characters that Markdown or HTML would read as markup escaped."""
    for character in "\\`*_[]<>#|":
        text = text.replace(character, f"\\{character}")
    return text
