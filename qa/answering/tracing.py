"""Findings → a trace, and a trace → the findings again: what was decided, for whoever asks why."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache
from typing import TYPE_CHECKING, Any

from index import ArticleNotFoundError, Hit, Library, Passage
from index.errors import TraceError
from qa.reader.evidence import Evidence, Findings, Place, place_of
from qa.types import TRACE_VERSION, Asked, Citation, Trace, TracedCandidate, TracedPassage

if TYPE_CHECKING:
    from pydantic import TypeAdapter


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
    for item in trace.passages:
        article = articles[item.article]
        text = article.text[item.start : item.end]
        passage = Passage(item.passage, article.id, item.start, item.end, text)
        hits[item.rank] = Hit(passage, article, item.score, item.rank, item.signals)
    evidence = [
        Evidence(
            hits[item.rank], item.start, item.end, item.score, item.span, item.why, item.dropped_by
        )
        for item in trace.candidates
    ]
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


def trace_to_dict(trace: Trace) -> dict[str, Any]:
    """The JSON object of a trace, whole."""
    return asdict(trace)


@cache
def trace_checker() -> "TypeAdapter[Trace]":
    """What checks that an object from outside is a trace."""
    from pydantic import TypeAdapter

    return TypeAdapter(Trace)


def parse_trace(payload: object) -> Trace:
    """The trace in a JSON object: one of its own, or the answer that carries it.

    Raises:
        TraceError: there is none, it is of another version, or it is damaged.
    """
    from pydantic import ValidationError

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
        return trace_checker().validate_python(found)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise TraceError(
            f"The trace is damaged at {where or 'its beginning'} ({first['msg']}); ask the "
            "question anew with --json."
        ) from error
