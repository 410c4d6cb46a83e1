"""Where a question went wrong, and how two runs differ on it."""

from dataclasses import dataclass
from typing import Literal

from qa.evaluate.data.records import Result
from qa.evaluate.scoring.metrics import is_right

Stage = Literal[
    "right",
    "not retrieved",
    "not ranked up",
    "read wrongly",
    "wrongly withheld",
    "answered without evidence",
    "could not be asked",
    "missing",
]
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Change:
    """How one question fared in a run against the baseline.

    Ranks are those of the first passage with gold evidence, 0 for none. The stages say what is to
    blame in each run; ``missing`` when the run does not have the question.
    """

    id: str
    question: str
    kind: str
    baseline_stage: Stage
    stage: Stage
    baseline_rank: int
    rank: int
    baseline_answer: str
    answer: str
    rank_moved: bool
    answer_changed: bool
    citation_changed: bool
    abstention_changed: bool

    @property
    def is_change(self) -> bool:
        """Whether anything at all is different."""
        return (
            self.rank_moved
            or self.answer_changed
            or self.citation_changed
            or self.abstention_changed
            or self.baseline_stage != self.stage
        )


def blame_stage(result: Result | None) -> Stage:
    """The stage that is to blame for what is wrong with a result, ``right`` when nothing is.

    A run that only ranks is right when gold evidence is among its first ten.
    """
    if result is None:
        return "missing"
    if result.status == "error":
        return "missing" if result.only else "could not be asked"
    if result.only != "ranking" and is_right(result):
        return "right"
    if not result.case.answerable:
        return "right" if result.only == "ranking" else "answered without evidence"
    if result.only in ("", "ranking"):
        if not result.evidence_rank:
            return "not retrieved"
        if result.evidence_rank > SHOWN:
            return "not ranked up"
        if result.only == "ranking":
            return "right"
    return "wrongly withheld" if result.status == "not_found" else "read wrongly"


def compare_results(baseline: Result | None, other: Result | None) -> Change:
    """How a question fared in two runs, either of which may lack it."""
    known = other or baseline
    if known is None:
        raise ValueError("one of the two runs must have the question")
    return Change(
        id=known.case.id,
        question=known.case.question,
        kind=known.case.kind,
        baseline_stage=blame_stage(baseline),
        stage=blame_stage(other),
        baseline_rank=_rank(baseline),
        rank=_rank(other),
        baseline_answer=_prediction(baseline) or "",
        answer=_prediction(other) or "",
        rank_moved=_rank(baseline) != _rank(other),
        answer_changed=_prediction(baseline) != _prediction(other),
        citation_changed=list_citations(baseline) != list_citations(other),
        abstention_changed=_withheld(baseline) != _withheld(other),
    )


def list_citations(result: Result | None) -> list[tuple[str, int, int]]:
    """The places that a result cites, in order."""
    citations = result.answer["citations"] if result else []
    return [(c["article"], c["start"], c["end"]) for c in citations]


def _rank(result: Result | None) -> int:
    return result.evidence_rank if result else 0


def _prediction(result: Result | None) -> str | None:
    return result.prediction if result else None


def _withheld(result: Result | None) -> bool | None:
    return result.status == "not_found" if result else None
