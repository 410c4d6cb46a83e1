"""Runs on disk: everything needed to repeat an evaluation and to look inside it.

A run is a folder with ``run.json`` (what was run, on what, and the figures) and ``results.jsonl``
(a line a question, appended as it is answered), or one JSON file with both.
"""

import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, NotRequired

from index.errors import DatasetError
from qa.evaluate.data.files import open_bytes, read_lines
from qa.evaluate.data.problems import Problems
from qa.evaluate.data.records import Result
from qa.evaluate.data.squad import write_predictions
from qa.evaluate.data.trec import write_run
from qa.evaluate.scoring.metrics import Scores, score_results, summarize_results
from qa.evaluate.scoring.speed import summarize_speed
from qa.output.records import ShapeError, check_shape, read_json, write_json
from qa.output.shapes import JsonObject

HEADER, RESULTS = "run.json", "results.jsonl"


class RunJson(JsonObject):
    """What ``run.json`` holds, and in one file the results too."""

    format: Literal[1]
    name: str
    about: dict[str, Any]
    metrics: NotRequired[dict[str, float]]
    speed: NotRequired[dict[str, float]]
    notes: NotRequired[list[str]]
    scores: NotRequired[Scores]
    results: NotRequired[list[Result]]


class DatasetJson(JsonObject):
    """What a run must say of its data: runs of the same digest can be compared."""

    digest: str


class AboutJson(JsonObject):
    """What a run must say of itself."""

    dataset: DatasetJson


@dataclass(frozen=True, slots=True)
class Run:
    """One system on one data set.

    ``about`` holds what repeats it: ``system``, ``dataset`` (name, path, digest, split, mode,
    limit, seed), ``settings``, ``encoder``, ``library``, ``versions``, ``machine``, ``git`` and
    ``started``.
    ``metrics`` are the same whenever the same settings run again; ``speed`` is not.
    """

    name: str
    about: Mapping[str, Any]
    results: tuple[Result, ...]
    scores: Scores
    metrics: Mapping[str, float]
    speed: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def dataset(self) -> Mapping[str, Any]:
        """What was asked: name, path, digest and the choice of questions."""
        data = self.about["dataset"]
        assert isinstance(data, Mapping)  # noqa: S101 - read_run checks it
        return data


def make_run(
    name: str,
    about: Mapping[str, Any],
    results: Sequence[Result],
    seconds: float,
    notes: Sequence[str] = (),
) -> Run:
    """The run of these results, scored.

    Raises:
        DatasetError: there is not one result: a run that never happened has no figures.
    """
    if not results:
        raise DatasetError(f"The run {name!r} has no result; evaluate at least one question.")
    scores = score_results(results)
    return Run(
        name=name,
        about={**about, "seconds": round(seconds, 3)},
        results=tuple(results),
        scores=scores,
        metrics=summarize_results(results, scores),
        speed=summarize_speed(results, seconds),
        notes=tuple(notes),
    )


def read_results(path: Path, *, torn: bool = False) -> list[Result]:
    """The results of a ``results.jsonl``; with ``torn``, a last line cut short is cut off.

    Raises:
        DatasetError: every line that is not a result.
    """
    if torn:
        cut_torn_line(path)
    problems = Problems()
    results: list[Result] = []
    for line, text in read_lines(path, problems):
        try:
            results.append(read_json(Result, text))
        except ShapeError as error:
            problems.add(path, line, f"is not the result of a question: {error}.")
    problems.raise_any()
    return results


def cut_torn_line(path: Path) -> None:
    """Cut off what follows the last line end: a write that was killed half way."""
    with path.open("r+b") as stream:
        data = stream.read()
        whole = data.rfind(b"\n") + 1
        if whole < len(data):
            stream.truncate(whole)


def header_to_dict(run: Run) -> RunJson:
    """Everything of a run but its results."""
    return {
        "format": 1,
        "name": run.name,
        "about": dict(run.about),
        "metrics": dict(run.metrics),
        "speed": dict(run.speed),
        "notes": list(run.notes),
        "scores": run.scores,
    }


def save_run(run: Run, path: Path) -> None:
    """Save the run as one JSON file when ``path`` ends in ``.json``, else as a folder.

    A run that is there is replaced in one step.

    Raises:
        DatasetError: the path is something else than a run, or cannot be written.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".json":
            write_file(temporary, {**header_to_dict(run), "results": list(run.results)})
            temporary.replace(path)
            return
        if path.exists() and not is_run(path):
            raise DatasetError(f"{path} is there and is no run; give --save another name.")
        temporary.mkdir()
        write_file(temporary / HEADER, header_to_dict(run))
        with (temporary / RESULTS).open("w", encoding="utf-8") as stream:
            stream.writelines(write_json(item, allow_nan=False) + "\n" for item in run.results)
        if path.exists():
            shutil.rmtree(path)
        temporary.replace(path)
    except OSError as error:
        raise DatasetError(f"The run {path} cannot be saved: {error.strerror}.") from error


def is_run(path: Path) -> bool:
    """Whether a folder is a run, holds runs, or is empty: what `save_run` may replace."""
    return path.is_dir() and all(
        item.name in (HEADER, RESULTS) or (item.is_dir() and (item / HEADER).is_file())
        for item in path.iterdir()
    )


def save_runs(runs: Sequence[Run], path: Path) -> None:
    """Save one run at ``path``, or several in the folder ``path``, each under its name.

    Raises:
        DatasetError: the path cannot be used.
    """
    if len(runs) == 1:
        save_run(runs[0], path)
        return
    if path.suffix == ".json":
        raise DatasetError(f"{path} can hold one run; give a folder for {len(runs)} systems.")
    if path.exists() and not is_run(path):
        raise DatasetError(f"{path} is there and is no run; give --save another name.")
    for run in runs:
        save_run(run, path / run.name.replace("/", "_"))


def write_file(path: Path, record: RunJson) -> None:
    """Write the record as JSON."""
    path.write_text(write_json(record, indent=1, allow_nan=False) + "\n", "utf-8")


def load_runs(paths: Iterable[Path]) -> list[Run]:
    """The runs at the paths, in order; a folder of runs gives all, the first begun first.

    Raises:
        DatasetError: a path is no run, or a run that never happened.
    """
    runs: list[Run] = []
    for path in paths:
        inner = sorted(path.glob(f"*/{HEADER}")) if path.is_dir() else []
        if inner and not (path / HEADER).is_file():
            found = [load_run(item.parent) for item in inner]
            runs += sorted(found, key=lambda run: str(run.about.get("started", "")))
        else:
            runs.append(load_run(path))
    return runs


def load_run(path: Path) -> Run:
    """The run at ``path``, a folder or one JSON file; its figures are checked, not trusted.

    Raises:
        DatasetError: it is no run, is damaged, of another format, or never happened.
    """
    header_path = path / HEADER if path.is_dir() else path
    if not header_path.is_file():
        raise DatasetError(
            f"There is no run at {path}; make one with dateline eval … --save {path}."
        )
    header = read_header(header_path)
    results: Sequence[Result] = header.get("results", [])
    if path.is_dir():
        results = read_results(path / RESULTS) if (path / RESULTS).is_file() else []
    if not results:
        raise DatasetError(f"The run {path} has no result: it never happened; evaluate again.")
    run = make_run(header["name"], header["about"], results, 0.0, header.get("notes", []))
    return replace(run, about=header["about"], speed=header.get("speed", {}))


def read_header(path: Path) -> RunJson:
    """What ``run.json``, or the one file of a run, holds.

    Raises:
        DatasetError: it is no run, is damaged or of another format.
    """
    try:
        with open_bytes(path) as stream:
            header = read_json(RunJson, stream.read())
        check_shape(AboutJson, header["about"])
    except ShapeError as error:
        raise DatasetError(
            f"{path} is not a saved run of `dateline eval`: {error}; evaluate again with --save."
        ) from error
    return header


def export_run(run: Run, path: Path) -> None:
    """Write the run's articles as a TREC run file.

    Raises:
        DatasetError: the file cannot be written.
    """
    write_run(path, {result.case.id: result.ranking for result in run.results}, run.name)


def export_predictions(run: Run, path: Path) -> Path:
    """Write the run's answers as SQuAD predictions; returns the no-answer file beside them.

    Raises:
        DatasetError: a file cannot be written.
    """
    return write_predictions(
        path,
        {result.case.id: result.prediction for result in run.results},
        {result.case.id: 1 - result.confidence for result in run.results},
    )


def run_to_dict(run: Run) -> dict[str, Any]:
    """The JSON of ``dateline eval --json``: ``metrics``, ``questions``, ``speed`` and ``about``."""
    return {
        "metrics": dict(run.metrics),
        "questions": [
            {
                "id": result.case.id,
                **result.answer,
                "answerable": result.case.answerable,
                "evidence_rank": result.evidence_rank,
                "scores": run.scores[result.case.id],
            }
            for result in run.results
        ],
        "speed": dict(run.speed),
        "about": dict(run.about),
        "notes": list(run.notes),
    }


def runs_to_dict(runs: Sequence[Run]) -> dict[str, Any]:
    """One run as `run_to_dict`; of several, the first one's and all under ``systems``."""
    if len(runs) == 1:
        return run_to_dict(runs[0])
    return {**run_to_dict(runs[0]), "systems": {run.name: run_to_dict(run) for run in runs}}
