"""How well confidence tells right answers from wrong ones.

Outcomes are pairs (confidence, right) of questions that were answered. Risk and coverage are those
of selective prediction (El-Yaniv & Wiener 2010); calibration is Guo et al. 2017 with bins of
equal width.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

BINS = 10
Outcome = tuple[float, bool]


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of about the same confidence: how many, how sure, how often right."""

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


def trace_risk(outcomes: Sequence[Outcome], total: int) -> list[tuple[float, float]]:
    """Points (coverage, risk) of answering the 1, 2, … most confident of ``total`` questions.

    Answers of equal confidence cannot be told apart, so each takes their average risk.
    """
    points: list[tuple[float, float]] = []
    wrong = 0.0
    ordered = sorted(outcomes, key=lambda outcome: -outcome[0])
    for _, group in groupby(ordered, key=lambda outcome: outcome[0]):
        rights = [right for _, right in group]
        share = rights.count(False) / len(rights)
        for _ in rights:
            wrong += share
            points.append(((len(points) + 1) / total, wrong / (len(points) + 1)))
    return points


def measure_area(points: Sequence[tuple[float, float]]) -> float:
    """The area under the risk–coverage curve: the mean risk over its points; lower is better."""
    return sum(risk for _, risk in points) / len(points)


def measure_auroc(outcomes: Sequence[Outcome]) -> float | None:
    """The chance that a right answer is more confident than a wrong one; ``None`` without both.

    Ties count half (the Mann–Whitney statistic).
    """
    rights = sum(right for _, right in outcomes)
    wrongs = len(outcomes) - rights
    if not rights or not wrongs:
        return None
    below, wins = 0, 0.0
    for _, group in groupby(sorted(outcomes), key=lambda outcome: outcome[0]):
        members = [right for _, right in group]
        good, bad = members.count(True), members.count(False)
        wins += good * (below + bad / 2)
        below += bad
    return wins / (rights * wrongs)


def bin_confidence(outcomes: Sequence[Outcome]) -> list[Bin]:
    """The reliability diagram: answers by confidence, in bins of equal width; empty ones left out.

    A confidence on a border belongs to the bin above, 1 to the last.
    """
    filled: dict[int, list[Outcome]] = {}
    for confidence, right in outcomes:
        filled.setdefault(min(int(confidence * BINS), BINS - 1), []).append((confidence, right))
    return [
        Bin(
            low=number / BINS,
            high=(number + 1) / BINS,
            count=len(members),
            confidence=sum(confidence for confidence, _ in members) / len(members),
            accuracy=sum(right for _, right in members) / len(members),
        )
        for number, members in sorted(filled.items())
    ]


def measure_calibration(outcomes: Sequence[Outcome]) -> float:
    """The expected calibration error: the mean gap between confidence and accuracy of an answer."""
    return sum(
        item.count * abs(item.accuracy - item.confidence) for item in bin_confidence(outcomes)
    ) / len(outcomes)
