"""Findings → a trace, and a trace → the findings again: what was decided, for whoever asks why."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from index import ArticleNotFoundError, Hit, Library, Passage
from index.errors import TraceError
from qa.output.records import ShapeError, check_shape
from qa.reader.evidence import Evidence, Findings, Place, place_of
from qa.types import TRACE_VERSION, Asked, Citation, Trace, TracedCandidate, TracedPassage


def trace_findings(
    asked: Asked, findings: Findings, ranks: Mapping[Place, int], citations: Sequence[Citation]
) -> Trace:
    """The trace of one answer: its hits, what the reader gave them, and what became of each.

    ``ranks`` are those of the passages before they were read.
    """
    cited = {(item.article.id, item.start, item.end): item.number for item in citations}
    return Trace(
        asked,
        {hit.article.id: hit.article.digest for hit in findings.hits},
        tuple(
            TracedPassage(
                hit.article.id,
                hit.passage.start,
                hit.passage.end,
                hit.rank,
                hit.score,
                ranks.get(place := place_of(hit), hit.rank),
                hit.passage.id,
                hit.signals,
                findings.readings.get(place, {}),
            )
            for hit in findings.hits
        ),
        findings.reader,
        tuple(
            TracedCandidate(
                item.hit.article.id,
                item.hit.rank,
                item.start,
                item.end,
                item.score,
                item.span.text if item.span else item.quote,
                item.span,
                item.why,
                item.dropped_by,
                cited.get((item.hit.article.id, item.start, item.end), 0),
            )
            for item in (*findings.evidence, *findings.dropped)
        ),
        findings.alone,
        findings.confidence,
        findings.threshold,
    )


def restore_findings(trace: Trace, library: Library) -> Findings:
    """What was found when the trace was made, with the texts that the library has.

    Raises:
        TraceError: the library has not the articles that it was made with.
    """
    articles = {}
    for name, digest in trace.articles.items():
        try:
            articles[name] = library.article(name)
        except ArticleNotFoundError as error:
            raise TraceError(
                f"The trace was made with the article {name!r}, which is not in this library; "
                "replay it on the library that it was made with."
            ) from error
        if articles[name].digest != digest:
            raise TraceError(
                f"The article {name!r} has another text now than when the trace was made; ask "
                "the question anew."
            )
    hits = {}
    for place in trace.passages:
        article = articles[place.article]
        text = article.text[place.start : place.end]
        passage = Passage(place.passage, article.id, place.start, place.end, text)
        hits[place.rank] = Hit(passage, article, place.score, place.rank, place.signals)
    evidence = [
        Evidence(hits[at.rank], at.start, at.end, at.score, at.span, at.why, at.dropped_by)
        for at in trace.candidates
    ]
    try:
        for item in evidence:
            item.require_exact()
    except ValueError as error:
        raise damaged(f"candidates: {error}") from error
    return Findings(
        tuple(item for item in evidence if not item.dropped_by),
        tuple(hits.values()),
        trace.confidence,
        trace.threshold,
        trace.reader,
        {(item.article, item.start): item.reading for item in trace.passages if item.reading},
        trace.alone,
        tuple(item for item in evidence if item.dropped_by),
    )


def parse_trace(payload: object) -> Trace:
    """The trace in a JSON object: one of its own, or the answer that carries it.

    Raises:
        TraceError: there is none, it is of another version, or it is damaged.
    """
    found = payload.get("trace", payload) if isinstance(payload, dict) else payload
    if not isinstance(found, dict) or "version" not in found:
        raise TraceError(
            "There is no trace in it; make one with: dateline ask QUESTION --json > answer.json"
        )
    if found["version"] != TRACE_VERSION:
        raise TraceError(
            f"The trace is of version {found['version']!r}, and this Dateline reads version "
            f"{TRACE_VERSION}; ask the question anew with --json."
        )
    try:
        trace = check_shape(Trace, found)
    except ShapeError as error:
        raise damaged(str(error)) from error
    ranked = {item.rank: item.article for item in trace.passages}
    for number, item in enumerate(trace.candidates):
        if ranked.get(item.rank) != item.article:
            why = f"is {item.rank}, but no passage of {item.article!r} has it"
            raise damaged(f"candidates[{number}].rank {why}")
    for number, passage in enumerate(trace.passages):
        if passage.article not in trace.articles:
            raise damaged(f"passages[{number}].article has no digest")
    return trace


def damaged(why: str) -> TraceError:
    """The error for a trace that holds something impossible."""
    return TraceError(f"The trace is damaged: {why}; ask the question anew with --json.")


def read_trace(file: Path) -> Trace:
    """The trace in a file of JSON, as ``parse_trace``.

    Raises:
        TraceError: the file cannot be read, or there is no usable trace in it.
    """
    try:
        payload = json.loads(file.read_text("utf-8"))
    except OSError as error:
        raise TraceError(f"{file} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise TraceError(
            f"{file} is no JSON ({error}); make a trace with: dateline ask QUESTION --json > FILE"
        ) from error
    return parse_trace(payload)
