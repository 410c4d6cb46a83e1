"""Answers, hits and articles → JSON, Markdown: one renderer for CLI, chat, API and evaluation."""

from collections.abc import Sequence
from typing import Any

from index import AddReport, Article, Hit, Passage, PublicationDate
from qa.dates import spell_date
from qa.types import Answer, Citation


def answer_to_dict(answer: Answer) -> dict[str, Any]:
    """The JSON object of ``dateline ask --json``; ``published`` and ``date`` are ISO or None."""
    return {
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
    }


def citation_to_dict(citation: Citation) -> dict[str, Any]:
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


def hit_to_dict(hit: Hit) -> dict[str, Any]:
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


def article_to_dict(article: Article, passages: Sequence[Passage] | None = None) -> dict[str, Any]:
    """The JSON object of ``dateline show --json``, with the passages when they are given."""
    published = article.published
    result: dict[str, Any] = {
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


def published_to_dict(published: PublicationDate | None) -> dict[str, str] | None:
    """A publication date as JSON, None when it is not known."""
    if published is None:
        return None
    return {
        "iso": published.iso,
        "precision": published.precision,
        "origin": published.origin,
        "note": published.note,
    }


def report_to_dict(report: AddReport) -> dict[str, Any]:
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


def answer_to_markdown(answer: Answer) -> str:
    """The answer and its quotes in Markdown, for a clipboard or a file."""
    lines = [f"**{escape_markdown(answer.text)}**"]
    for citation in answer.citations:
        title = escape_markdown(citation.article.title)
        lines += [
            "",
            f"[{citation.number}] {title} — {escape_markdown(describe_article(citation.article))}",
            "",
            *(f"> {escape_markdown(line)}" for line in citation.quote.splitlines()),
        ]
    return "\n".join(lines) + "\n"


def escape_markdown(text: str) -> str:
    """The text with the characters that Markdown or HTML would read as markup escaped."""
    for character in "\\`*_[]<>#|":
        text = text.replace(character, f"\\{character}")
    return text
