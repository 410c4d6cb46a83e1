"""Findings → an answer: withheld when unsure, else dated, cited and compared over its sources."""

from collections.abc import Mapping, Sequence

from index import Hit
from index.text.stopwords import is_stop_word
from qa.agreement import asks_whether
from qa.agreement.meaning import Encode
from qa.answering.consensus import describe_conflict, group_citations
from qa.answering.found import Stopwatch
from qa.answering.listing import list_items, say_items
from qa.answering.tracing import trace_findings
from qa.answering.when import date_answer
from qa.dates import is_when_question
from qa.reader.evidence import WORD, Evidence, Findings, Place, content_words
from qa.types import Answer, Asked, Citation

MOST_CITATIONS = 5
CITED_MARGIN = 0.15
"""How far below the best evidence's score a citation may be."""


def compose_answer(
    asked: Asked, findings: Findings, ranks: Mapping[Place, int], encode: Encode, clock: Stopwatch
) -> Answer:
    """The answer to what was found, withheld when the confidence is under the threshold.

    Args:
        asked: the question, as it was understood.
        findings: what was read.
        ranks: those that the passages had before they were read.
        encode: gives the vectors of sentences, to compare what they mean.
        clock: what the stages' time is booked on.
    """
    threshold = findings.threshold if asked.min_confidence < 0 else asked.min_confidence
    if not findings.evidence or findings.confidence < threshold:
        return Answer(
            asked.typed,
            "not_found",
            asked.nothing,
            findings.confidence,
            hits=findings.hits[: asked.wanted],
            timings=clock.finish(),
            notes=(*asked.notes, *say_missing(asked.question, findings.hits)),
            followup=asked.followup,
            trace=trace_findings(asked, findings, ranks, ()),
        )
    dated = None
    if is_when_question(asked.question):
        dated = date_answer(asked.question, findings.evidence, findings.hits)
        clock.lap("dates")
    items = list_items(asked.question, findings.evidence)
    evidence = (*(dated.evidence if dated else items), *findings.evidence)
    citations = make_citations(evidence)
    findings = findings.led_by(evidence[0].hit)
    scores = {
        (item.hit.article.id, item.start, item.end): item.score for item in reversed(evidence)
    }
    cited = [scores[item.article.id, item.start, item.end] for item in citations]
    groups = group_citations(asked.question, citations, encode, cited)
    conflict = describe_conflict(groups)
    clock.lap("agreement")
    return Answer(
        asked.typed,
        "answered",
        dated.text if dated else say_answer(asked.question, items),
        findings.confidence,
        date=dated.date if dated else None,
        citations=citations,
        groups=groups,
        hits=findings.hits[: asked.wanted],
        notes=(*asked.notes, conflict) if conflict else asked.notes,
        timings=clock.finish(),
        followup=asked.followup,
        trace=trace_findings(asked, findings, ranks, citations),
    )


def say_missing(question: str, hits: Sequence[Hit]) -> list[str]:
    """Which of the question's words no passage that was found has, or the nearest has not.

    Words count as equal by their rough stems.
    """
    if not hits:
        return []
    nearest = content_words(f"{hits[0].article.title} {hits[0].passage.text}")
    anywhere = nearest.union(*(content_words(hit.passage.text) for hit in hits))
    words = dict.fromkeys(WORD.findall(question))
    asked = [word for word in words if content_words(word) and not is_stop_word(word.lower())]
    for said, where in (
        (anywhere, "No passage that was found has"),
        (
            nearest,
            f"The nearest passage, of “{hits[0].article.title or hits[0].article.id}”, lacks",
        ),
    ):
        missing = [f"“{word}”" for word in asked if not content_words(word) <= said]
        if missing:
            return [f"{where} {', '.join(missing)}."]
    return []


def say_answer(question: str, items: Sequence[Evidence]) -> str:
    """The answering words; the sentence where there are none, or where yes or no is asked for.

    Whether a sentence affirms what is asked is for the reader of it to judge.
    """
    words = "" if asks_whether(question) else say_items(items)
    return words or items[0].quote


def make_citations(evidence: Sequence[Evidence]) -> tuple[Citation, ...]:
    """Numbered citations of the best evidence, no sentence quoted twice."""
    kept: list[Evidence] = []
    for item in evidence:
        close = item.score >= evidence[0].score - CITED_MARGIN
        fresh = all(
            item.hit.article.id != other.hit.article.id
            or item.end <= other.start
            or other.end <= item.start
            for other in kept
        )
        if close and fresh and len(kept) < MOST_CITATIONS:
            kept.append(item)
    return tuple(
        Citation(
            number, item.hit.article, item.hit.passage, item.quote, item.start, item.end, item.span
        )
        for number, item in enumerate(kept, start=1)
    )
