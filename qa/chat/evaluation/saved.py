"""The evaluations that were started in the page: saved runs in a folder beside the library.

Each is what ``dateline eval --save`` writes, so that ``dateline compare`` reads it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from index.errors import DatasetError
from qa.evaluate.compare import compare_runs
from qa.evaluate.report.page import render_report
from qa.evaluate.report.summary import Figure, list_leading
from qa.evaluate.runs import HEADER, Run, load_runs, read_header

SHOWN = 60
NAME_LENGTH = 40


@dataclass(frozen=True, slots=True)
class SavedRun:
    """One line of the list: an evaluation of one system or of several on the same data."""

    name: str
    dataset: str
    digest: str
    started: str
    questions: int
    systems: tuple[str, ...]
    figures: tuple[tuple[Figure, ...], ...]


def find_folder(library: Path) -> Path:
    """Where the runs of a library are kept: beside it, under its name."""
    return library.with_name(f"{library.name}-runs")


def choose_name(folder: Path, dataset: str, started: datetime) -> str:
    """A name for a new run that says when and on what, and that no other run has."""
    what = re.sub(r"[^\w.-]+", "-", dataset)[:NAME_LENGTH].strip("-.") or "data"
    base = f"{started:%Y-%m-%d-%H%M%S}-{what}"
    name, number = base, 1
    while (folder / name).exists():
        number += 1
        name = f"{base}-{number}"
    return name


def list_saved(folder: Path) -> list[SavedRun]:
    """The runs in the folder, the newest first; what is no run, or is damaged, is left out."""
    if not folder.is_dir():
        return []
    names = sorted((item.name for item in folder.iterdir() if item.is_dir()), reverse=True)
    found = (read_saved(folder / name) for name in names)
    return [item for item in found if item is not None][:SHOWN]


def read_saved(path: Path) -> SavedRun | None:
    """What the list says of one run; ``None`` when it is none."""
    headers = [path] if (path / HEADER).is_file() else sorted(path.glob(f"*/{HEADER}"))
    runs = [head_run(item if item.is_file() else item / HEADER) for item in headers]
    known = sorted((run for run in runs if run), key=lambda run: str(run.about.get("started")))
    if not known:
        return None
    first = known[0]
    return SavedRun(
        name=path.name,
        dataset=str(first.dataset.get("name", "")),
        digest=str(first.dataset.get("digest", "")),
        started=str(first.about.get("started", "")),
        questions=int(first.metrics.get("questions", 0)),
        systems=tuple(run.name for run in known),
        figures=tuple(tuple(list_leading(run)) for run in known),
    )


def head_run(path: Path) -> Run | None:
    """A run without its results, as its header gives it; ``None`` when it gives none."""
    try:
        found = read_header(path)
        return Run(found["name"], found["about"], (), found["scores"], found["metrics"])
    except (DatasetError, KeyError):
        return None


def render_saved(folder: Path, names: Sequence[str]) -> str:
    """The report of saved runs, the oldest of several being the baseline, as ``eval --report``.

    Raises:
        DatasetError: a run is not there, or they are of different data.
    """
    runs = load_runs(find_run(folder, name) for name in sorted(names))
    comparison = compare_runs(runs) if len(runs) > 1 else None
    return render_report(runs, comparison, [])


def find_run(folder: Path, name: str) -> Path:
    """The folder of one saved run.

    Raises:
        DatasetError: there is none of that name.
    """
    path = folder / name
    if Path(name).name != name or name in ("", ".", "..") or not path.is_dir():
        raise DatasetError(f"There is no run {name[:80]!r} any more; choose another one.")
    return path
