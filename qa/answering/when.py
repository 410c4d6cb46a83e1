"""The date that answers a when-question, with the evidence for each part of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from index import Hit, PublicationDate
from index.pages.datelines import find_dateline
from qa.dates import (
    DatedEvidence,
    DateSupport,
    JoinedDate,
    answer_date,
    complete_year,
    spell_date,
)
from qa.dates.relevance import quote_sentence
from qa.reader.evidence import Evidence
from qa.types import AnswerDate, Span

MOST_PIECES = 12
"""Passages that may lend a part of a date."""


@dataclass(frozen=True, slots=True)
class DatedAnswer:
    """A date, what to say, and the evidence that supports it, the year's last.

    ``text`` is the article's own words when they say it all, else the date spelled out.
    """

    date: AnswerDate
    text: str
    evidence: tuple[Evidence, ...]


def date_answer(
    question: str, evidence: Sequence[Evidence], hits: Sequence[Hit]
) -> DatedAnswer | None:
    """The date that the best evidence tells, its parts joined from several passages.

    Every date found is resolved against its own article's dateline; the answer's own, when it has
    no year, is completed from the other hits' articles, or left open.
    """
    if not evidence:
        return None
    found = {id(item.hit): item for item in reversed(evidence)}
    first = evidence[0].hit
    others = [hit for hit in hits[:MOST_PIECES] if hit.passage.id != first.passage.id]
    pieces = [first, *others]
    articles = list({hit.article.id: hit.article for hit in pieces}.values())
    # Only the answer's own article may lend a year that was inferred, so only it is completed.
    own = complete_year(first.article.published, first.article.text, articles[1:])
    dated = {item.id: item.published for item in articles} | {first.article.id: own}
    joined = answer_date(
        question,
        [make_piece(hit, found.get(id(hit)), dated[hit.article.id]) for hit in pieces],
    )
    if joined is None:
        return None
    parts = sorted(joined.support, key=lambda item: item.part == "year")
    support = tuple(make_support(item, pieces[item.evidence], evidence[0].score) for item in parts)
    date = AnswerDate(joined.iso, joined.precision, explain(joined, pieces))
    return DatedAnswer(date, say(joined), support)


def make_piece(
    hit: Hit, evidence: Evidence | None, published: PublicationDate | None
) -> DatedEvidence:
    """A hit as evidence of a date, with its answering words, else its best sentence."""
    start = end = 0
    span = evidence.span if evidence else None
    if span:
        start, end = span.start, span.end
    elif evidence:
        start, end = evidence.start, evidence.end
    if end:
        start, end = start - hit.passage.start, end - hit.passage.start
    inside = 0 <= start < end <= len(hit.passage.text)
    if not inside:
        start = end = 0
    dateline = find_dateline(hit.article.text)
    return DatedEvidence(
        hit.passage.text,
        published,
        start,
        end,
        hit.article.id,
        dateline=max(0, dateline.end - hit.passage.start) if dateline else 0,
    )


def make_support(support: DateSupport, hit: Hit, score: float) -> Evidence:
    """The sentence of a date's part as evidence, the expression as its span."""
    text, offset = hit.passage.text, hit.passage.start
    start, end = quote_sentence(text, support.start, support.end, hit.article.language)
    span = Span(offset + support.start, offset + support.end, support.text, score)
    return Evidence(hit, offset + start, offset + end, score, span)


def say(joined: JoinedDate) -> str:
    """The article's own words when they alone say the whole date, else the date spelled out."""
    spelled = spell_date(joined.iso)
    only = joined.support[0]
    if len(joined.support) == 1 and only.iso == joined.iso and any(map(str.isdigit, only.text)):
        return only.text
    return spelled


def explain(joined: JoinedDate, pieces: Sequence[Hit]) -> str:
    """One line on how the date was come by, each part with its article."""
    if len(joined.support) == 1:
        return joined.note
    parts = [
        f"the {item.part} from “{item.text}” in {pieces[item.evidence].article.id}"
        for item in sorted(joined.support, key=lambda item: item.part == "year")
    ]
    return f"{spell_date(joined.iso)}: {', '.join(parts)}"
