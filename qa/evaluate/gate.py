"""Conditions that fail a run: ``nDCG@10 < -0.02`` against a baseline, ``dangling > 0`` by itself.

    CONDITION   = COMPARISON { "and" COMPARISON }
    COMPARISON  = METRIC OPERATOR NUMBER
    OPERATOR    = "<" | "<=" | ">" | ">=" | "==" | "!="

A number with a sign (``-0.02``, ``+5``) is compared with the difference from the baseline, with
``%`` after it (``+20%``) with the difference in percent of the baseline's value. A number without
a sign is compared with the value. Metrics are those of the run and its speed (``total_p95``).
"""

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.errors import DatasetError
from qa.evaluate.compare import pair_values
from qa.evaluate.runs import Run

OPERATORS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
COMPARISON = re.compile(
    r"\s*([A-Za-z][\w@.\-]*)\s*(<=|>=|==|!=|<|>)\s*([+-]?)((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(%?)\s*"
)


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison: fails the run when it holds."""

    metric: str
    sign: str
    number: float
    relative: bool
    operator: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one ``--fail-if`` on one run: ``reason`` says the figures."""

    run: str
    expression: str
    failed: bool
    reason: str


def parse_gate(expression: str) -> list[Condition]:
    """The comparisons of an expression, all of which must hold for it to fail the run.

    Raises:
        DatasetError: it is not of the grammar above.
    """
    conditions = []
    for part in re.split(r"\band\b", expression):
        found = COMPARISON.fullmatch(part)
        if not found:
            raise DatasetError(
                f"--fail-if {expression!r} cannot be read at {part.strip()!r}; "
                'write METRIC < NUMBER, such as "nDCG@10 < -0.02" or "dangling > 0".'
            )
        metric, symbol, sign, number, percent = found.groups()
        if percent and not sign:
            raise DatasetError(
                f"--fail-if {expression!r}: a percentage is of the baseline, so give it a sign."
            )
        conditions.append(Condition(metric, sign, float(f"{sign}{number}"), bool(percent), symbol))
    return conditions


def judge_run(run: Run, expressions: Sequence[str], baseline: Run | None = None) -> list[Verdict]:
    """What each expression says of the run.

    Raises:
        DatasetError: an expression cannot be read, needs a baseline, or names an unknown metric.
    """
    return [judge_expression(run, expression, baseline) for expression in expressions]


def judge_expression(run: Run, expression: str, baseline: Run | None) -> Verdict:
    """What one expression says of the run."""
    held, reasons = [], []
    for condition in parse_gate(expression):
        value, words = measure_condition(run, condition, expression, baseline)
        held.append(OPERATORS[condition.operator](value, condition.number))
        reasons.append(words)
    return Verdict(run.name, expression, all(held), "; ".join(reasons))


def measure_condition(
    run: Run, condition: Condition, expression: str, baseline: Run | None
) -> tuple[float, str]:
    """The figure that a condition is about, and a sentence that says it."""
    name = condition.metric
    value = find_figure(run, name)
    if not condition.sign:
        return value, f"{name} is {value:.4f}"
    if baseline is None:
        raise DatasetError(
            f"--fail-if {expression!r} is about a difference (its number has a sign); "
            "give --baseline RUN."
        )
    value, base = find_figures(run, baseline, name)
    delta = round(value - base, 12)
    words = f"{name} is {value:.4f}, {delta:+.4f} from {base:.4f}"
    if not condition.relative:
        return delta, words
    if base == 0:
        raise DatasetError(
            f"--fail-if {expression!r}: {name} is 0 in the baseline, of which no % is."
        )
    return 100 * delta / base, f"{words} ({100 * delta / base:+.1f} %)"


def find_figures(run: Run, baseline: Run, name: str) -> tuple[float, float]:
    """A figure of the run and of the baseline; questions that one of them lacks count as worst."""
    value, base = find_figure(run, name), find_figure(baseline, name)
    if run.scores.keys() == baseline.scores.keys():
        return value, base
    pairs = pair_values(baseline, run, name, [*{**baseline.scores, **run.scores}])
    if not pairs:
        return value, base
    before, after = (sum(column) / len(pairs) for column in zip(*pairs, strict=True))
    return after, before


def find_figure(run: Run, name: str) -> float:
    """A metric of the run, or a figure of its speed.

    Raises:
        DatasetError: it has none of that name.
    """
    known = {**run.speed, **run.metrics}
    if name not in known:
        raise DatasetError(
            f"The run {run.name!r} has no metric {name!r}; it has {', '.join(sorted(known))}."
        )
    return known[name]
