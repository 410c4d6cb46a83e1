"""The dated statements about a question, in the order of what they tell."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index import Hit
from qa.dates.edtf import DatePrecision, read_bounds, read_month_days
from qa.dates.find import find_dates
from qa.dates.relevance import coverage, quote_sentence, subject_words

_MIN_COVERAGE = 0.5


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """A sentence that tells what happened when.

    ``article.text[start:end]`` is the sentence of the article with the id ``article``;
    ``expression`` is the words in it that tell the date ``iso``.
    """

    iso: str
    precision: DatePrecision
    article: str
    passage: int
    start: int
    end: int
    text: str
    expression: str
    note: str = ""


def make_timeline(question: str, hits: Sequence[Hit]) -> list[TimelineEntry]:
    """The dated sentences of the hits that speak of the question, earliest first.

    A sentence speaks of it when it has a form of half of its words. Dates without a year come
    last. A sentence that two passages share is told once.
    """
    words = subject_words(question)
    entries: dict[tuple[str, int, str], TimelineEntry] = {}
    for hit in hits:
        published = hit.article.published.iso if hit.article.published else None
        text = hit.passage.text
        for span in find_dates(text, published):
            first, last = quote_sentence(text, span.start, span.end, hit.article.language)
            sentence = text[first:last]
            if coverage(words, sentence) < _MIN_COVERAGE:
                continue
            start = hit.passage.start + first
            key = (hit.article.id, start + span.start - first, span.iso)
            entries.setdefault(
                key,
                TimelineEntry(
                    iso=span.iso,
                    precision=span.precision,
                    article=hit.article.id,
                    passage=hit.passage.id,
                    start=start,
                    end=start + len(sentence),
                    text=sentence,
                    expression=span.text,
                    note=span.note,
                ),
            )
    told = entries.values()
    return sorted((entry for entry in told if not _is_told_closer(entry, told)), key=_order)


def _is_told_closer(entry: TimelineEntry, others: Iterable[TimelineEntry]) -> bool:
    """Whether the same sentence tells the same date more precisely."""
    for other in others:
        if other is entry or (other.article, other.start) != (entry.article, entry.start):
            continue
        if other.iso.startswith(f"{entry.iso}-"):
            return True
    return False


def _order(entry: TimelineEntry) -> tuple[int, str, str]:
    bounds = read_bounds(entry.iso)
    if bounds:
        return 0, bounds.first.isoformat(), bounds.last.isoformat()
    days = read_month_days(entry.iso)
    return 1, f"{days.first}" if days else entry.iso, entry.iso
