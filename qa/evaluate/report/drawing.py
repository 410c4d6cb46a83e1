"""Figures of runs on a terminal; rich draws, nothing here decides."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qa.evaluate.compare import Comparison
from qa.evaluate.gate import Verdict
from qa.evaluate.report.summary import (
    format_value,
    list_differences,
    list_leading_rows,
    list_metrics,
    word_blame,
)
from qa.evaluate.runs import Run
from qa.output.terminal import clean

if TYPE_CHECKING:
    from rich.console import Console, JustifyMethod
    from rich.table import Table


def draw_summary(console: "Console", runs: Sequence[Run]) -> None:
    """The few figures that matter for this kind of data, in words, and the usual time."""
    name, count = str(runs[0].dataset.get("name")), len(runs[0].results)
    console.print(f"{clean(name)}: {count:,} question{'s'[: count != 1]}", style="bold")
    table = make_table(runs)
    for row in list_leading_rows(runs):
        table.add_row(*row)
    if any("total_p50" in run.speed for run in runs):
        times = (run.speed.get("total_p50") for run in runs)
        table.add_row("usual time", *("–" if time is None else f"{time:.0f} ms" for time in times))
    console.print(table)


def make_table(runs: Sequence[Run]) -> "Table":
    """An empty table: a column for what is measured, then one a run."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column("")
    for run in runs:
        table.add_column(clean(run.name), justify="right")
    return table


def draw_metrics(console: "Console", runs: Sequence[Run]) -> None:
    """A line a metric, a column a run, then speed and notes."""
    console.print("\nEvery figure:", style="bold")
    table = make_table(runs)
    for name in list_metrics(runs):
        table.add_row(name, *(format_value(name, run.metrics.get(name)) for run in runs))
    for name in ("total_p50", "total_p95", "questions_per_second", "peak_memory_mb"):
        if any(name in run.speed for run in runs):
            table.add_row(name, *(format_value(name, run.speed.get(name)) for run in runs))
    console.print(table)
    for note in dict.fromkeys(note for run in runs for note in run.notes):
        console.print(clean(note), style="dim")


def draw_comparison(console: "Console", comparison: Comparison) -> None:
    """A line a difference, then what is to blame and which questions are missing."""
    from rich.table import Table

    console.print()
    console.print(f"Against {clean(comparison.labels[0])}:", style="bold")
    table = Table(box=None, pad_edge=False)
    for heading in ("", "metric", "difference", "95 %", "p", "can show", "+/=/−"):
        side: JustifyMethod = "left" if heading in ("", "metric") else "right"
        table.add_column(heading, justify=side, no_wrap=bool(heading), overflow="fold")
    for run, *cells in list_differences(comparison):
        table.add_row(clean(run), *cells)
    console.print(table)
    console.print(
        "p: paired randomisation test, corrected by Holm. can show: what this many questions show "
        "four times out of five.",
        style="dim",
    )
    for label, words in word_blame(comparison):
        console.print(f"{clean(label)}: {words}", style="dim")
    for label, names in comparison.missing.items():
        if names:
            console.print(
                f"{clean(label)} lacks {len(names):,} questions, which score 0: "
                f"{clean(', '.join(names))}",
                style="red",
            )


def draw_verdicts(console: "Console", verdicts: Sequence[Verdict]) -> None:
    """What became of each ``--fail-if``."""
    for verdict in verdicts:
        word, style = ("FAIL", "bold red") if verdict.failed else ("ok", "green")
        console.print(
            f"{word}  {clean(verdict.run)}: {verdict.expression} ({verdict.reason})", style=style
        )
