"""How well what was fitted does on the trials: what a confidence is worth, what stopping costs."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.evaluate.scoring.abstention import BINS, measure_auroc
from qa.evaluate.scoring.ranking import score_rankings
from qa.reader.calibration import Fitted, answer_confidence
from qa.reader.picker import FIRST_READ, SURE, count_worthy, is_enough, pick
from training.trials import Trial

NULL_SHARES = (0.0, 0.15, 1 / 3, 0.5)
"""How many questions nothing answers: confidence and threshold are fitted to the mean of these.

Collections differ in it: of a reporter's questions few have no answer, in SQuAD 2.0's training set
one in three. The trials have more, to learn what tells them apart; they are weighed afterwards."""

Ranking = dict[str, list[tuple[str, float]]]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The answer that was chosen in a trial: its features, whether it is right, and its F1."""

    features: dict[str, float]
    right: bool
    f1: float
    answerable: bool
    kind: str
    form: str


def weigh_nulls(
    answerable: Sequence[bool], shares: Sequence[float] = NULL_SHARES
) -> NDArray[np.float64]:
    """What each question counts so that so many have no answer, on the mean of ``shares``.

    They sum to 1, and are all the same where there is but one kind.
    """
    has = np.asarray(answerable, bool)
    if has.all() or not has.any():
        return np.full(len(has), 1 / max(len(has), 1))
    share = float(np.mean(shares))
    weights: NDArray[np.float64] = np.where(has, (1 - share) / has.sum(), share / (~has).sum())
    return weights


def describe_confidence(chosen: Sequence[Chosen], fitted: Fitted) -> str:
    """How well confidence tells right from wrong, and its calibration error by share of nulls."""
    rows = [(answer_confidence(item.features, fitted), item) for item in chosen]
    answerable = measure_auroc([(chance, item.answerable) for chance, item in rows])
    right = measure_auroc([(chance, item.right) for chance, item in rows])
    errors = [
        measure_error(rows, weigh_nulls([item.answerable for item in chosen], (share,)))
        for share in NULL_SHARES
    ]
    told = ", ".join(f"{e:.3f} at {s:.2f}" for e, s in zip(errors, NULL_SHARES, strict=True))
    return (
        f"AUROC answerable {answerable or math.nan:.3f}, right {right or math.nan:.3f}, "
        f"calibration error by share of nulls {told}; of {len(rows)}"
    )


def measure_error(rows: Sequence[tuple[float, Chosen]], weights: NDArray[np.float64]) -> float:
    """The expected calibration error of weighed answers, in bins of equal width."""
    chances = np.array([chance for chance, _ in rows])
    gaps = weights * (chances - [item.right for _, item in rows])
    bins = np.minimum((chances * BINS).astype(int), BINS - 1)
    return float(sum(abs(gaps[bins == number].sum()) for number in range(BINS)))


def report_stopping(trials: Sequence[Trial], fitted: Fitted) -> None:
    """Print how many passages ``qa.reader.picker`` leaves unread, and what that costs."""
    searched = [trial for trial in trials if not trial.given]
    answerable = sum(trial.answerable for trial in searched)
    stopped: list[tuple[Trial, int]] = []
    going_on: list[tuple[Trial, int]] = []
    for trial in searched:
        first = pick(trial.question, trial.hits, trial.readings[:FIRST_READ], fitted)
        if is_enough(trial.question, first, trial.hits, SURE):
            stopped.append((trial, FIRST_READ))
        else:
            going_on.append((trial, count_worthy(trial.question, trial.hits, SURE)))
    for what, cut in (
        (f"{FIRST_READ} passages are enough for", stopped),
        ("the last ones are left out where they hold next to nothing, for", going_on),
    ):
        same, gain = compare_readings(cut, fitted)
        print(
            f"{what} {len(cut)} of {len(searched)} searches, "
            f"{sum(trial.answerable for trial, _ in cut)} of {answerable} that are answered; "
            f"{sum(read for _, read in cut) / max(len(cut), 1):.1f} are read, {same} choose the "
            f"same answer, nDCG@10 of all moves by {gain / max(answerable, 1):+.4f}"
        )


def compare_readings(cut: Sequence[tuple[Trial, int]], fitted: Fitted) -> tuple[int, float]:
    """How many trials choose the same answer with so many passages read, and the nDCG@10 won."""
    same = 0
    relevance: dict[str, dict[str, int]] = {}
    rankings: tuple[Ranking, Ranking] = ({}, {})
    for number, (trial, read) in enumerate(cut):
        some = pick(trial.question, trial.hits, trial.readings[:read], fitted)
        full = pick(trial.question, trial.hits, trial.readings, fitted)
        texts = [
            item.candidates[item.order[0]].option.text if item.candidates else ""
            for item in (some, full)
        ]
        same += texts[0] == texts[1]
        holding = zip(trial.hits, trial.holds, strict=True)
        relevance[f"{number}"] = {str(hit.passage.id): 1 for hit, holds in holding if holds}
        for ranking, hits in zip(rankings, (some.hits, full.hits), strict=True):
            ranking[f"{number}"] = [(str(hit.passage.id), -float(hit.rank)) for hit in hits]
    gains = [
        sum(scores["nDCG@10"] for scores in score_rankings(run, relevance, ["nDCG@10"]).values())
        for run in rankings
    ]
    return same, gains[0] - gains[1]
