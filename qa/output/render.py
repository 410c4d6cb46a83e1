"""Answers, hits and articles → JSON, Markdown: one renderer for CLI, chat, API and evaluation."""

from collections.abc import Sequence

from index import AddReport, Article, Hit, Passage
from qa.dates import TimelineEntry, spell_date
from qa.output.shapes import (
    AnswerJson,
    ArticleJson,
    CitationJson,
    PassageJson,
    ReportJson,
    SearchJson,
    TimelineJson,
)
from qa.types import Answer, Citation


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
        "groups": list(answer.groups),
        "passages": [hit_to_dict(hit) for hit in answer.hits],
        "notes": list(answer.notes),
        "timings_ms": dict(answer.timings),
        "followup": None,
    }
    if followup := answer.followup:
        told["followup"] = {
            "query": followup.query,
            "carried": list(followup.carried),
            "answered": list(followup.answered),
        }
    if whole and answer.trace:
        told["trace"] = answer.trace
    return told


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
        "page": article.page_at(citation.start),
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
    return {"question": question, "entries": list(entries)}


def article_to_dict(article: Article, passages: Sequence[Passage] | None = None) -> ArticleJson:
    """The JSON object of ``dateline show --json``, with the passages when they are given."""
    result: ArticleJson = {
        "article": article.id,
        "title": article.title,
        "source": article.source,
        "published": article.published,
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


def report_to_dict(report: AddReport) -> ReportJson:
    """The JSON object of ``dateline add --json``."""
    return {
        "added": list(report.added),
        "updated": list(report.updated),
        "unchanged": list(report.unchanged),
        "duplicates": [{"article": new, "same_as": old} for new, old in report.duplicates],
        "skipped": list(report.skipped),
        "uncertain": [{"article": name, "note": note} for name, note in report.uncertain],
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


def describe_article(article: Article, start: int | None = None) -> str:
    """One line on where an article is from: ``RIA Novosti · 27 February · file.pdf · page 3``."""
    date = spell_date(article.published.iso) if article.published else ""
    number = article.page_at(start) if start is not None else None
    page = f"page {number}" if number else ""
    return " · ".join(part for part in (article.source, date, article.id, page) if part)


def escape_markdown(text: str) -> str:
    """The text with the characters that Markdown or HTML would read as markup escaped."""
    for character in "\\`*_[]<>#|":
        text = text.replace(character, f"\\{character}")
    return text
