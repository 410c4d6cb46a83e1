"""Small data sets and results that the tests of evaluation share."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import pytest

from index import Article
from index.errors import DatasetError
from qa.evaluate.data.records import Case, Dataset, GoldSpan, Result
from qa.evaluate.runs import Run, make_run
from qa.output.shapes import CitationJson, SpanJson

CORPUS = [
    {"_id": "d1", "title": "Harbour", "text": "The harbour bridge reopened on Friday."},
    {"_id": "d2", "title": "Library", "text": "The city library opens at seven from June."},
    {"_id": "d3", "title": "", "text": "An electric ferry named Havbris began sailing."},
]
QUERIES = [
    {"_id": "q1", "text": "When did the harbour bridge reopen?"},
    {"_id": "q2", "text": "What is the ferry called?"},
    {"_id": "q3", "text": "Who won the election?"},
]
QRELS = ["query-id\tcorpus-id\tscore", "q1\td1\t2", "q1\td2\t0", "q2\td3\t1"]


def write_lines(path: Path, records: Sequence[object]) -> Path:
    """Write strings as they are and everything else as JSON, a line each."""
    lines = [item if isinstance(item, str) else json.dumps(item) for item in records]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def write_beir(
    folder: Path,
    corpus: Sequence[object] = CORPUS,
    queries: Sequence[object] = QUERIES,
    **splits: Sequence[str],
) -> Path:
    """A BEIR folder; without splits, ``test`` with `QRELS`."""
    write_lines(folder / "corpus.jsonl", corpus)
    write_lines(folder / "queries.jsonl", queries)
    for name, rows in (splits or {"test": QRELS}).items():
        write_lines(folder / "qrels" / f"{name}.tsv", rows)
    return folder


def make_citation(
    article: str, start: int, end: int, words: tuple[int, int] | None = None, number: int = 1
) -> CitationJson:
    """A citation as ``dateline ask --json`` prints it."""
    answer: SpanJson | None = None
    if words:
        answer = {"start": words[0], "end": words[1], "text": "…"}
    return {
        "number": number,
        "article": article,
        "title": article,
        "source": "",
        "published": None,
        "quote": "q" * (end - start),
        "start": start,
        "end": end,
        "answer": answer,
    }


def make_result(
    case: Case,
    text: str = "",
    *,
    citations: Sequence[CitationJson] = (),
    confidence: float = 0.5,
    ranking: Sequence[tuple[str, float]] = (),
    evidence_rank: int = 0,
    status: Literal["", "answered", "not_found", "ranked", "error"] = "",
    date: str | None = None,
    only: str = "",
    total: float = 10.0,
) -> Result:
    """A result; an empty text is a withheld answer unless ``status`` says otherwise."""
    return Result(
        case=case,
        answer={
            "question": case.question,
            "status": status or ("answered" if text else "not_found"),
            "text": text,
            "confidence": confidence,
            "date": date,
            "citations": list(citations),
            "passages": [],
            "timings_ms": {"total": total},
            "only": only,
        },
        ranking=tuple(ranking),
        evidence_rank=evidence_rank,
        exact_quotes=len(citations),
        dangling=0,
    )


def make_case(name: str, *answers: str, relevant: Mapping[str, int] | None = None) -> Case:
    """A case with a gold span at 10–20 of article ``a``, evidence 5–40, if it has answers."""
    spans = (GoldSpan("a", 10, 20, answers[0], 5, 40),) if answers else ()
    judged = relevant if relevant is not None else ({"a": 1} if answers else {})
    return Case(
        name,
        f"What is {name}?",
        bool(answers or judged),
        relevant=judged,
        spans=spans,
        answers=tuple(answers),
        kind="what",
    )


def make_small_run(name: str, results: Sequence[Result], digest: str = "same") -> Run:
    """A run of these results on the data of ``digest``."""
    about = {
        "system": name,
        "dataset": {"name": "small", "path": f"{digest}.json", "digest": digest},
    }
    return make_run(name, about, results, 1.0)


def read_corpus(dataset: Dataset) -> Iterator[Article]:
    """The articles that a dataset's questions are asked of; all of them can be read."""
    assert dataset.corpus.articles
    for article in dataset.corpus.articles():
        assert isinstance(article, Article)
        yield article


def refusal(call, *arguments, **options) -> list[str]:
    """The lines of the error that the call raises."""
    with pytest.raises(DatasetError) as caught:
        call(*arguments, **options)
    return str(caught.value).splitlines()


def read_examples(name: str) -> list[dict[str, Any]]:
    """The records of a file of ``tests/data``."""
    lines = (Path(__file__).parent / "data" / name).read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]
