"""The dated statements about a question, in the order of what they tell."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from index import Hit
from qa.dates.edtf import DatePrecision, read_bounds, read_month_days
from qa.dates.grammar.find import find_dates
from qa.dates.relevance import coverage, quote_sentence, subject_words

_MIN_COVERAGE = 0.5


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """A sentence that tells what happened when."""

    iso: str
    """The date, as EDTF."""
    precision: DatePrecision
    article: str
    """The id of its article."""
    passage: int
    start: int
    end: int
    text: str
    """The sentence; the article's text from `start` to `end`."""
    expression: str
    """The words of the sentence that tell the date."""
    note: str = ""
    """How the date was resolved, when it had to be."""
    reprints: tuple[str, ...] = ()
    """The ids of other articles that have the sentence too, such as reprints of the story."""


def make_timeline(question: str, hits: Sequence[Hit]) -> list[TimelineEntry]:
    """The dated sentences of the hits that speak of the question, earliest first.

    A sentence speaks of it when it has a form of half of its words. Dates without a year come
    last. A sentence that two passages share is told once, and so is what a reprint tells again.
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
            key = (hit.article.id, start, span.iso)
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
    kept = [entry for entry in told if not _is_told_closer(entry, told)]
    return sorted(_fold_reprints(kept), key=_order)


def _fold_reprints(entries: Sequence[TimelineEntry]) -> list[TimelineEntry]:
    """The entries without sentences that another article tells nearly word for word."""
    from qa.reprints import label_copies

    days: dict[str, list[TimelineEntry]] = {}
    for entry in entries:
        days.setdefault(entry.iso, []).append(entry)
    kept = []
    for told in days.values():
        groups: dict[int, list[TimelineEntry]] = {}
        for entry, label in zip(told, label_copies([item.text for item in told]), strict=True):
            groups.setdefault(label, []).append(entry)
        for first, *others in groups.values():
            elsewhere = [item.article for item in others if item.article != first.article]
            kept.append(replace(first, reprints=tuple(dict.fromkeys(elsewhere))))
    return kept


def _is_told_closer(entry: TimelineEntry, others: Iterable[TimelineEntry]) -> bool:
    """Whether the same sentence tells the same date more precisely."""
    for other in others:
        if other is entry or (other.article, other.start) != (entry.article, entry.start):
            continue
        if other.iso.startswith(f"{entry.iso}-"):
            return True
    return False


def _order(entry: TimelineEntry) -> tuple[int, str, str]:
    """Dates with a year first; what begins the same day in order of its end."""
    bounds = read_bounds(entry.iso)
    if bounds:
        return 0, bounds.first.isoformat(), bounds.last.isoformat()
    days = read_month_days(entry.iso)
    if not days:
        return 1, entry.iso, ""
    first, last = (f"{month:02}-{day:02}" for month, day in (days.first, days.last))
    return 1, first, last
