"""Runs → one report in a file."""

from collections.abc import Sequence
from pathlib import Path

from qa.evaluate.compare import Comparison
from qa.evaluate.gate import Verdict
from qa.evaluate.runs import Run


def write_report(
    path: Path, runs: Sequence[Run], comparison: Comparison | None, verdicts: Sequence[Verdict]
) -> None:
    """Write."""
