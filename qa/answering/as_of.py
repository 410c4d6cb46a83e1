"""Questions that say themselves which articles may answer: "as of 2010", "before the war"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index import Filters, Hit, Library
from index.settings import Settings
from qa.dates import is_when_question, read_bounds, resolve_as_of, spell_date
from qa.dates.events import (
    EventDate,
    EventPhrase,
    Relation,
    bound_publication,
    date_event,
    find_event,
)
from qa.output.safe_text import shorten_text
from qa.reader.evidence import Findings

ABOUT_SOURCES = re.compile(r"\bas (?:of|at)\b|\b(?:published|dated|written)\b", re.IGNORECASE)

EVENT_PASSAGES = 40
"""Passages that are searched for the date of an event."""

WIDER = 4
"""How many times as many passages are ranked when some will be left out by date."""


def restrict_by_question(question: str, filters: Filters) -> tuple[str, Filters, str]:
    """The question without such a phrase, the filters with it, and a note that says so.

    Only a phrase that is about the sources counts: "before 2015" alone may tell of the matter, and
    is left in the question. A date that the caller filters by wins over the question's.
    """
    if not ABOUT_SOURCES.search(question):
        return question, filters, ""
    rest, asked = resolve_as_of(question)
    if asked.is_empty or filters.published_after or filters.published_before:
        return question, filters, ""
    restricted = replace(
        filters, published_after=asked.published_after, published_before=asked.published_before
    )
    return rest, restricted, f"Only articles {describe_dates(asked)} were used."


def describe_dates(filters: Filters) -> str:
    """The filter's dates in words, such as ``published up to 2010``."""
    after, before = filters.published_after, filters.published_before
    if after and before and after == before:
        return f"published in {spell_date(after)}"
    parts = [
        f"from {spell_date(after)}" if after else "",
        f"up to {spell_date(before)}" if before else "",
    ]
    return "published " + " ".join(part for part in parts if part)


RELATION_WORDS: dict[Relation, str] = {
    "before": "before|prior to|ahead of|pre",
    "after": "after|since|following",
    "during": "during|amid|throughout",
    "until": "until|till|before|up to",
}

OTHER_TIMES: dict[Relation, tuple[Relation, ...]] = {
    "before": ("after", "during"),
    "after": ("before",),
    "during": ("before", "after"),
    "until": ("after",),
}


@dataclass(frozen=True, slots=True)
class EventReading:
    """How "before the war" in a question was read: from when to when, and a note that says so.

    ``after`` and ``before`` are both empty when the event could not be dated; then the phrase
    stays part of the question.
    """

    phrase: EventPhrase
    after: str
    before: str
    note: str

    @property
    def is_dated(self) -> bool:
        """Whether the library told when the event was."""
        return bool(self.after or self.before)

    def admits(self, hit: Hit) -> bool:
        """Whether a passage may answer: by its article's date, or because it speaks of that time.

        An article without a full date is not left out.
        """
        published = hit.article.published
        bounds = read_bounds(published.iso) if published else None
        if bounds is None:
            return True
        late = self.before and bounds.first.isoformat() > self.before
        early = self.after and bounds.last.isoformat() < self.after
        return not (late or early) or counts_from(
            hit.passage.text, self.phrase.relation, self.phrase
        )

    def excludes(self, sentence: str) -> bool:
        """Whether a sentence speaks of another time only: "after the war" for "before the war"."""
        others = OTHER_TIMES[self.phrase.relation]
        other = any(counts_from(sentence, relation, self.phrase) for relation in others)
        return other and not counts_from(sentence, self.phrase.relation, self.phrase)


def counts_from(text: str, relation: Relation, phrase: EventPhrase) -> bool:
    """Whether a text itself speaks of the time before, after or during the event."""
    kinds = "|".join(map(re.escape, phrase.kinds))
    words = RELATION_WORDS[relation]
    pattern = rf"\b(?:{words})\b[\s-](?:[\w’'-]+\s){{0,5}}?(?:{kinds})\b"
    return bool(re.search(pattern, text, re.IGNORECASE))


def drop_other_times(findings: Findings, reading: EventReading) -> Findings:
    """The findings without sentences that say of themselves that they tell of another time."""
    if not reading.is_dated:
        return findings
    return findings.without("other time", lambda item: reading.excludes(item.quote))


def read_event(
    question: str, library: Library, settings: Settings, filters: Filters
) -> EventReading | None:
    """How the question's "before the war" is read; ``None`` when it has no such phrase.

    The event's date is what passages of the library state of it. A question that asks when is
    left alone, and so is one whose dates the caller filters by.
    """
    if filters.published_after or filters.published_before or is_when_question(question):
        return None
    phrase = find_event(question)
    if phrase is None:
        return None
    query = " ".join(dict.fromkeys(("when was", phrase.event, *phrase.names)))
    vector = library.encode_question(query)
    hits = library.rank(query, vector, EVENT_PASSAGES, system=settings.retrieval, filters=filters)
    dated = date_event(phrase, hits)
    if dated is None or not dated.iso:
        return EventReading(phrase, "", "", explain_doubt(phrase, dated))
    after, before = bound_publication(phrase.relation, dated.iso)
    return EventReading(phrase, after, before, explain_event(phrase, dated, after, before))


def explain_event(phrase: EventPhrase, dated: EventDate, after: str, before: str) -> str:
    """One line that says when the event was, who says so, and what was left out."""
    best = dated.sources[0]
    count = f"{dated.independent} article{'s' if dated.independent != 1 else ''}"
    limits = describe_dates(Filters(published_after=after, published_before=before))
    return (
        f"“{phrase.text}” is read as {limits}: {count} of your library "
        f"date{'s' if dated.independent == 1 else ''} {phrase.event} to {spell_date(dated.iso)}, "
        f"such as {best.article}: “{shorten_text(best.quote, 160)}” "
        "Passages of other times are left out unless they speak of that time themselves."
    )


def explain_doubt(phrase: EventPhrase, dated: EventDate | None) -> str:
    """One line that says why the event has no date, with the dates that compete for it."""
    if dated is None:
        why = f"no article of your library says when {phrase.event} took place"
    else:
        told = {item.iso: item.article for item in (*dated.rivals, *dated.sources)}
        sides = [f"{spell_date(iso)} ({article})" for iso, article in sorted(told.items())[:4]]
        many = len(sides) > 1
        why = f"your articles date {phrase.event} {'differently: ' if many else 'only by '}"
        why += ", ".join(sides)
    return f"“{phrase.text}” was not read as a time, since {why}; it is searched for as it stands."


def rank_by_event(
    question: str, reading: EventReading, library: Library, count: int, settings: Settings,
    filters: Filters,
) -> list[Hit]:  # fmt: skip
    """The best passages of the time that the question asks for, of both ways to find them.

    Those of articles of that time are found with the question without the phrase; those that
    speak of it later, and those without a date, with the whole question. They take turns.
    """
    rest = reading.phrase.rest
    limited = replace(filters, published_after=reading.after, published_before=reading.before)
    system = settings.retrieval
    told = library.rank(
        question, library.encode_question(question), WIDER * count, system=system, filters=filters
    )
    then = library.rank(rest, library.encode_question(rest), count, system=system, filters=limited)
    return take_turns([then, [hit for hit in told if reading.admits(hit)]])[:count]


def take_turns(lists: Sequence[Sequence[Hit]]) -> list[Hit]:
    """The hits of all lists, the best ranked of each first, no passage twice, ranked anew.

    Each list's scores are softmax shares of its own; relative to its best they can stand together.
    """
    placed = [
        (place, turn, replace(hit, score=hit.score / (hits[0].score or 1.0)))
        for turn, hits in enumerate(lists)
        for place, hit in enumerate(hits)
    ]
    merged: dict[int, Hit] = {}
    for _, _, hit in sorted(placed, key=lambda item: item[:2]):
        merged.setdefault(hit.passage.id, hit)
    return [replace(hit, rank=rank) for rank, hit in enumerate(merged.values(), start=1)]
