"""Two or more runs of the same data → what is different, whether it is chance, and where it is.

The first run is the baseline. Questions that a run lacks count as the worst in it, which is 0 for
all but the shares of what went wrong, and are listed. What only one of two runs measures, such as
the answers of one beside the mere ranking of the other, is not compared.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from index.errors import DatasetError
from qa.evaluate.runs import Run
from qa.evaluate.scoring.blame import Change, compare_results
from qa.evaluate.scoring.metrics import LOWER_IS_BETTER
from qa.evaluate.scoring.significance import bound_mean, correct_holm, find_detectable, find_p_value

HEADLINE = (
    "nDCG@10",
    "RR@10",
    "R@100",
    "Success@1",
    "AP",
    "right",
    "exact",
    "f1",
    "evidence@1",
    "evidence@3",
    "first_citation",
    "citation_precision",
    "citation_recall",
    "withheld_unanswerable",
    "wrongly_withheld",
    "date_exact",
)
PERCENT = frozenset({"exact", "f1"})


@dataclass(frozen=True, slots=True)
class Difference:
    """One metric of one run against the baseline, over the questions that either has.

    ``low`` and ``high`` bound ``delta`` (95 %, bootstrap), ``p`` is of the paired randomisation
    test, ``p_holm`` corrected for all comparisons made together. ``detectable`` is the smallest
    true difference that this many questions would show four times out of five. Wins are questions
    on which the run does better than the baseline.
    """

    run: str
    metric: str
    questions: int
    baseline: float
    value: float
    delta: float
    low: float
    high: float
    p: float
    p_holm: float
    detectable: float | None
    wins: int
    ties: int
    losses: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that is to be said about runs against the first of them.

    ``missing`` are the ids that each run lacks; ``changes`` every question, by run.
    """

    runs: tuple[Run, ...]
    labels: tuple[str, ...]
    differences: tuple[Difference, ...]
    changes: dict[str, tuple[Change, ...]]
    missing: dict[str, tuple[str, ...]]


def compare_runs(
    runs: Sequence[Run], metrics: Sequence[str] | None = None, seed: int = 0
) -> Comparison:
    """The runs against the first, on the headline metrics or those named.

    Raises:
        DatasetError: fewer than two runs, runs of different data, or a metric that no run has.
    """
    if len(runs) < 2:
        raise DatasetError("A comparison needs two runs; give dateline compare RUN RUN.")
    check_same_data(runs)
    labels = label_runs(runs)
    chosen = choose_metrics(runs, metrics)
    order = list(dict.fromkeys(result.case.id for run in runs for result in run.results))
    drafts = [
        measure_difference(runs[0], run, label, metric, order, seed)
        for run, label in zip(runs[1:], labels[1:], strict=True)
        for metric in chosen
        if is_measured(runs[0], metric) and is_measured(run, metric)
    ]
    corrected = correct_holm([draft["p"] for draft in drafts])
    known = [{result.case.id: result for result in run.results} for run in runs]
    return Comparison(
        runs=tuple(runs),
        labels=tuple(labels),
        differences=tuple(
            Difference(**draft, p_holm=p) for draft, p in zip(drafts, corrected, strict=True)
        ),
        changes={
            label: tuple(compare_results(known[0].get(name), results.get(name)) for name in order)
            for label, results in zip(labels[1:], known[1:], strict=True)
        },
        missing={
            label: tuple(name for name in order if name not in results)
            for label, results in zip(labels, known, strict=True)
        },
    )


def is_measured(run: Run, metric: str) -> bool:
    """Whether a question of the run has the metric: a run that only ranks is not wrong in words."""
    return any(metric in row for row in run.scores.values())


def check_same_data(runs: Sequence[Run]) -> None:
    """Go on when all runs are of the same questions, gold and articles.

    Raises:
        DatasetError: they are not, with the data of each.
    """
    first = runs[0].dataset
    others = [run for run in runs[1:] if run.dataset["digest"] != first["digest"]]
    if others:
        named = ", ".join(f"{run.name!r} of {run.dataset.get('path')}" for run in others)
        raise DatasetError(
            f"Runs of different data cannot be compared: {runs[0].name!r} is of "
            f"{first.get('path')}, but {named}; evaluate them on the same files."
        )


def label_runs(runs: Sequence[Run]) -> list[str]:
    """The names of the runs, numbered where two have the same."""
    names = [run.name for run in runs]
    return [
        f"{name} #{names[: place + 1].count(name)}" if names.count(name) > 1 else name
        for place, name in enumerate(names)
    ]


def choose_metrics(runs: Sequence[Run], metrics: Sequence[str] | None) -> list[str]:
    """The metrics to compare, in order.

    Raises:
        DatasetError: one that no question of any run has.
    """
    known = {name for run in runs for row in run.scores.values() for name in row}
    unknown = [name for name in metrics or () if name not in known]
    if unknown:
        raise DatasetError(
            f"No run has the metric {', '.join(unknown)}; they have {', '.join(sorted(known))}."
        )
    return list(metrics) if metrics else [name for name in HEADLINE if name in known]


def pair_values(
    baseline: Run, run: Run, metric: str, order: Sequence[str]
) -> list[tuple[float, float]]:
    """A metric of each question that has it in either run; a run that lacks it has the worst."""
    factor = 100.0 if metric in PERCENT else 1.0
    worst = 1.0 if metric in LOWER_IS_BETTER else 0.0
    rows = [(baseline.scores.get(name, {}), run.scores.get(name, {})) for name in order]
    return [
        (factor * before.get(metric, worst), factor * after.get(metric, worst))
        for before, after in rows
        if metric in before or metric in after
    ]


def measure_difference(
    baseline: Run, run: Run, label: str, metric: str, order: Sequence[str], seed: int
) -> dict[str, Any]:
    """The fields of a `Difference`, its corrected p-value aside."""
    pairs = pair_values(baseline, run, metric, order)
    differences = [value - base for base, value in pairs]
    low, high = bound_mean(differences, seed)
    sign = -1 if metric in LOWER_IS_BETTER else 1
    return {
        "run": label,
        "metric": metric,
        "questions": len(pairs),
        "baseline": sum(base for base, _ in pairs) / len(pairs),
        "value": sum(value for _, value in pairs) / len(pairs),
        "delta": sum(differences) / len(differences),
        "low": low,
        "high": high,
        "p": find_p_value(differences, seed),
        "detectable": find_detectable(differences),
        "wins": sum(sign * value > 0 for value in differences),
        "ties": sum(value == 0 for value in differences),
        "losses": sum(sign * value < 0 for value in differences),
    }
