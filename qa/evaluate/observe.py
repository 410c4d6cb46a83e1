"""Answer → result: what is kept of an answer, and what its citations are worth."""

from collections.abc import Callable
from dataclasses import replace
from typing import Literal, cast

from qa.evaluate.data.records import Case, Observed, Result
from qa.evaluate.data.trec import DEPTH, make_strict
from qa.evaluate.scoring.metrics import count_dangling
from qa.output.render import answer_to_dict
from qa.types import Answer

FindText = Callable[[str], str | None]


def observe_answer(
    case: Case, answer: Answer, find_text: FindText, shown: int, *, only: str = ""
) -> Result:
    """The result of a case: the answer as JSON with ``shown`` passages, and its articles ranked.

    An article's score is that of its best passage. ``find_text`` gives an article's canonical
    text from the library, so that quotes are checked against what is stored, not against the
    answer's own copy. ``only`` is as in `Result.only`: ``reading`` when the article was given.

    Raises:
        DatasetError: a passage has a score that is not a finite number.
    """
    record = cast(Observed, answer_to_dict(answer))
    record["passages"] = record["passages"][:shown]
    if only:
        record["only"] = only
    if only == "ranking":
        record["status"] = "ranked"
    best: dict[str, float] = {}
    for hit in answer.hits:
        best.setdefault(hit.article.id, hit.score)
    texts = [find_text(citation.article.id) for citation in answer.citations]
    exact = sum(
        text is not None and text[citation.start : citation.end] == citation.quote
        for text, citation in zip(texts, answer.citations, strict=True)
    )
    return Result(
        case=case,
        answer=record,
        ranking=() if only == "reading" else make_strict(list(best.items())[:DEPTH]),
        evidence_rank=find_evidence(case, answer),
        exact_quotes=exact,
        dangling=texts.count(None) + count_dangling(answer.text, record["citations"]),
    )


def find_evidence(case: Case, answer: Answer) -> int:
    """The rank of the first passage with gold evidence, 0 when there is none."""
    for hit in answer.hits:
        place = (hit.article.id, hit.passage.start, hit.passage.end)
        if any(span.overlaps_evidence(*place) for span in case.spans):
            return hit.rank
        if not case.spans and case.relevant.get(hit.article.id, 0) > 0:
            return hit.rank
    return 0


def observe_failure(case: Case, reason: str, only: str = "") -> Result:
    """The result of a case that could not be asked; it scores 0 in what ``only`` says."""
    return Result(
        case=case,
        answer={
            "question": case.question,
            "status": "error",
            "text": reason,
            "confidence": 0.0,
            "date": None,
            "citations": [],
            "passages": [],
            "timings_ms": {},
            "only": only,
        },
        ranking=(),
        evidence_rank=0,
        exact_quotes=0,
        dangling=0,
    )


def observe_ranking(case: Case, ranking: list[tuple[str, float]]) -> Result:
    """The result of a case in a TREC run of another system: articles and nothing else."""
    result = observe_failure(case, "This run ranks articles and answers nothing.", "ranking")
    relevant = [
        rank for rank, (name, _) in enumerate(ranking, start=1) if case.relevant.get(name, 0) > 0
    ]
    return replace(
        result,
        answer={**result.answer, "status": "ranked"},
        ranking=make_strict(ranking[:DEPTH]),
        evidence_rank=relevant[0] if relevant else 0,
    )


def observe_prediction(case: Case, text: str, no_answer: float) -> Result:
    """The result of a case in the SQuAD predictions of another system."""
    result = observe_failure(case, text, "answer")
    status: Literal["answered", "not_found"] = "answered" if text else "not_found"
    answer: Observed = {**result.answer, "status": status, "confidence": 1 - no_answer}
    return replace(result, answer=answer)
