"""Runs and comparisons → Markdown, JSON and JUnit XML."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from index.errors import DatasetError
from qa.evaluate.compare import HEADLINE, PERCENT, Comparison
from qa.evaluate.gate import Verdict
from qa.evaluate.runs import Run, run_to_dict
from qa.evaluate.scoring.blame import blame_stage
from qa.evaluate.scoring.significance import bound_mean
from qa.output.render import escape_markdown
from qa.output.terminal import clean

COUNTS = frozenset({"questions", "errors", "dangling"})
ORDER = (
    *HEADLINE,
    "HasAns_exact",
    "HasAns_f1",
    "NoAns_exact",
    "NoAns_f1",
    "best_f1",
    "aurc",
    "auroc",
    "auroc_answerable",
    "ece",
    "offsets_exact",
    "dangling",
    "answered",
    "errors",
)

LEADING = {
    "questions": (
        "right", "evidence@3", "first_citation", "withheld_unanswerable", "wrongly_withheld",
        "date_exact",
    ),
    "squad": ("exact", "f1", "NoAns_f1", "evidence@3", "nDCG@10", "wrongly_withheld"),
    "beir": ("nDCG@10", "Success@1", "R@100", "right", "withheld_unanswerable"),
    "trec": ("nDCG@10", "Success@1", "R@100", "Judged@10", "right"),
}  # fmt: skip
"""The three to six figures that matter first, by kind of data set."""
IN_WORDS = {
    "right": "done right",
    "evidence@3": "evidence in the first three passages",
    "first_citation": "right article cited first",
    "withheld_unanswerable": "withheld where nothing answers",
    "wrongly_withheld": "withheld though something answers",
    "date_exact": "date exact",
    "exact": "answers word for word right",
    "f1": "words of the answers right (F1)",
    "NoAns_f1": "withheld where nothing answers (F1)",
    "nDCG@10": "ranking of the first ten (nDCG@10)",
    "Success@1": "right article first",
    "R@100": "right articles among the first hundred",
    "Judged@10": "judged among the first ten",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One leading figure of a run.

    ``hits`` of ``total`` questions, where each question either has it or not; else ``hits`` is
    ``None`` and ``value`` is a mean over ``total`` questions.
    """

    name: str
    value: float
    hits: int | None
    total: int


def list_leading(run: Run) -> list[Figure]:
    """The three to six figures of a run that matter most for its kind of data, in order."""
    kind = str(run.dataset.get("kind", "questions"))
    names = LEADING.get(kind, LEADING["questions"])
    return [make_figure(run, name) for name in names if name in run.metrics]


def make_figure(run: Run, name: str) -> Figure:
    """One metric of a run, as a count of questions where it is one."""
    values = [row[name] for row in run.scores.values() if name in row]
    counted = values and all(value in (0, 1) for value in values) and name not in PERCENT
    return Figure(
        name,
        run.metrics[name],
        int(sum(values)) if counted else None,
        len(values) or len(run.results),
    )


def format_figure(figure: Figure) -> str:
    """The figure as a person reads it: ``14 of 20 (70 %)``, ``81.2 %`` or ``.7043``."""
    if figure.hits is not None:
        return f"{figure.hits:,} of {figure.total:,} ({100 * figure.value:.0f} %)"
    if figure.name in PERCENT or figure.name.startswith(("NoAns_", "HasAns_")):
        return f"{figure.value:.1f} %"
    return format_value(figure.name, figure.value)


def list_leading_rows(runs: Sequence[Run]) -> list[list[str]]:
    """The leading figures in words: what each is, then one a run."""
    figures = [{figure.name: figure for figure in list_leading(run)} for run in runs]
    return [
        [IN_WORDS[name], *(format_figure(row[name]) if name in row else "–" for row in figures)]
        for name in dict.fromkeys(name for row in figures for name in row)
    ]


def list_figures(runs: Sequence[Run], name: str) -> list[str]:
    """The row of one metric: its name and each run's figure with its interval."""
    cells = [name]
    for run in runs:
        bounds = bound_metric(run, name)
        cell = format_value(name, run.metrics.get(name, run.speed.get(name)))
        if bounds:
            cell += f" ({format_value(name, bounds[0])}–{format_value(name, bounds[1])})"
        cells.append(cell)
    return cells


def list_metrics(runs: Sequence[Run]) -> list[str]:
    """The metrics worth a line, those of the headline first, then all others."""
    known = dict.fromkeys(name for run in runs for name in run.metrics)
    chosen = [name for name in ORDER if name in known]
    return chosen + [name for name in known if name not in chosen]


def format_value(name: str, value: float | None) -> str:
    """The figure as a person reads it; a dash when there is none."""
    if value is None:
        return "–"
    if name in COUNTS or name.endswith("_total") or name == "total":
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 2 else f"{value:.4f}"


def format_p(p: float) -> str:
    """A p-value as a person reads it."""
    return "< .001" if p < 0.001 else f"{p:.3f}"


def bound_metric(run: Run, name: str) -> tuple[float, float] | None:
    """The 95 % interval of a metric that is a mean over questions, ``None`` for others."""
    values = [row[name] for row in run.scores.values() if name in row]
    if not values or name not in run.metrics:
        return None
    low, high = bound_mean(values)
    factor = 100 if name in PERCENT else 1
    return factor * low, factor * high


def count_blame(comparison: Comparison) -> dict[str, dict[str, int]]:
    """How many questions of each run went right or wrong at which stage, most first."""
    counts = {}
    for label, run in zip(comparison.labels, comparison.runs, strict=True):
        stages = Counter(str(blame_stage(result)) for result in run.results)
        if comparison.missing[label]:
            stages["missing"] = len(comparison.missing[label])
        counts[label] = dict(stages.most_common())
    return counts


def word_blame(comparison: Comparison) -> list[tuple[str, str]]:
    """Each run with how many of its questions went where, in words."""
    return [
        (label, ", ".join(f"{count:,} {stage}" for stage, count in stages.items()))
        for label, stages in count_blame(comparison).items()
    ]


def list_differences(comparison: Comparison) -> list[tuple[str, ...]]:
    """Run, metric, difference, interval, corrected p, what can be shown, and wins, ties, losses."""
    return [
        (
            item.run,
            item.metric,
            f"{item.delta:+.4f}",
            f"{item.low:+.3f} … {item.high:+.3f}",
            format_p(item.p_holm),
            "–" if item.detectable is None else f"{item.detectable:.3f}",
            f"{item.wins}/{item.ties}/{item.losses}",
        )
        for item in comparison.differences
    ]


def comparison_to_dict(comparison: Comparison) -> dict[str, Any]:
    """The JSON of ``dateline compare --json``: differences, blame, changes, missing questions."""
    return {
        "baseline": comparison.labels[0],
        "runs": {
            label: {
                "metrics": dict(run.metrics),
                "speed": dict(run.speed),
                "about": dict(run.about),
            }
            for label, run in zip(comparison.labels, comparison.runs, strict=True)
        },
        "differences": comparison.differences,
        "blame": count_blame(comparison),
        "changes": {
            label: [change for change in changes if change.is_change]
            for label, changes in comparison.changes.items()
        },
        "missing": {label: list(names) for label, names in comparison.missing.items()},
    }


def report_to_dict(
    runs: Sequence[Run], comparison: Comparison | None, verdicts: Sequence[Verdict]
) -> dict[str, Any]:
    """Everything of a report as JSON."""
    return {
        "runs": [{"name": run.name, **run_to_dict(run)} for run in runs],
        "comparison": comparison_to_dict(comparison) if comparison else None,
        "gate": verdicts,
    }


def write_markdown(
    runs: Sequence[Run], comparison: Comparison | None, verdicts: Sequence[Verdict]
) -> str:
    """The report in plain Markdown: gate, figures, differences, blame."""
    data = runs[0].dataset
    lines = [f"# {escape_markdown(str(data.get('name')))}: {len(runs[0].results):,} questions", ""]
    if verdicts:
        lines += ["| | run | fails if | found |", "|---|---|---|---|"]
        lines += [
            f"| {'**FAIL**' if item.failed else 'ok'} | {escape_markdown(item.run)} "
            f"| `{item.expression}` | {escape_markdown(item.reason)} |"
            for item in verdicts
        ]
        lines.append("")
    names = [escape_markdown(run.name) for run in runs]
    lines += ["| metric | " + " | ".join(names) + " |", "|---|" + "---:|" * len(runs)]
    lines += [f"| {' | '.join(list_figures(runs, name))} |" for name in list_metrics(runs)]
    lines += ["", "In brackets: 95 % bootstrap intervals over questions.", ""]
    if comparison:
        lines += list_comparison(comparison)
    for note in dict.fromkeys(note for run in runs for note in run.notes):
        lines.append(f"- {escape_markdown(note)}")
    return "\n".join(lines).rstrip() + "\n"


def list_comparison(comparison: Comparison) -> list[str]:
    """The lines of Markdown that say what is different."""
    lines = [
        f"## Against {escape_markdown(comparison.labels[0])}",
        "",
        "| run | metric | difference | 95 % | p (Holm) | can show | win/tie/loss |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {escape_markdown(run)} | {' | '.join(cells)} |"
        for run, *cells in list_differences(comparison)
    ]
    lines += ["", "| run | where questions went |", "|---|---|"]
    lines += [f"| {escape_markdown(label)} | {words} |" for label, words in word_blame(comparison)]
    lines.append("")
    for label, names in comparison.missing.items():
        if names:
            listed = escape_markdown(", ".join(names))
            lines += [f"{escape_markdown(label)} lacks, and scores 0 on: {listed}", ""]
    return lines


def write_junit(path: Path, verdicts: Sequence[Verdict], comparison: Comparison | None) -> None:
    """Write JUnit XML: a test for each condition of the gate and for each difference.

    A difference fails when it is for the worse and more than chance (corrected p below .05).

    Raises:
        DatasetError: the file cannot be written.
    """
    suite = ElementTree.Element("testsuite", name="dateline eval")
    failures = 0
    for verdict in verdicts:
        failures += add_test(suite, verdict.run, verdict.expression, verdict.failed, verdict.reason)
    for item in comparison.differences if comparison and not verdicts else ():
        worse = item.losses > item.wins and item.p_holm < 0.05
        reason = f"{item.value:.4f}, {item.delta:+.4f} (p {format_p(item.p_holm)})"
        failures += add_test(suite, item.run, item.metric, worse, reason)
    suite.set("tests", str(len(suite)))
    suite.set("failures", str(failures))
    ElementTree.indent(suite)
    try:
        ElementTree.ElementTree(suite).write(path, "utf-8", xml_declaration=True)
    except OSError as error:
        raise DatasetError(f"{path} cannot be written: {error.strerror}.") from error


def add_test(suite: ElementTree.Element, group: str, name: str, failed: bool, reason: str) -> bool:
    """Add one test to the suite; returns whether it failed."""
    case = ElementTree.SubElement(suite, "testcase", classname=clean(group), name=name)
    if failed:
        ElementTree.SubElement(case, "failure", message=reason).text = reason
    else:
        ElementTree.SubElement(case, "system-out").text = reason
    return failed
