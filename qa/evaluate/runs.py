"""Runs on disk: everything needed to repeat an evaluation and to look inside it.

A run is a folder with ``run.json`` (what was run, on what, and the figures) and ``results.jsonl``
(a line a question, appended as it is answered), or one JSON file with both.
"""

import json
import math
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from index.errors import DatasetError
from qa.evaluate.data.files import open_bytes, read_records
from qa.evaluate.data.problems import Problems
from qa.evaluate.data.records import Case, GoldSpan, Result
from qa.evaluate.data.squad import parse_json, write_predictions
from qa.evaluate.data.trec import HIGHEST_GRADE, LOWEST_GRADE, write_run
from qa.evaluate.scoring.metrics import Scores, score_results, summarize_results
from qa.evaluate.scoring.speed import summarize_speed

FORMAT = 1
OFFSETS = ("start", "end", "evidence_start", "evidence_end")
HEADER, RESULTS = "run.json", "results.jsonl"


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


def result_to_dict(result: Result) -> dict[str, Any]:
    """The result as one JSON object, gold included."""
    return {
        "case": {**asdict(result.case), "relevant": dict(result.case.relevant)},
        "answer": dict(result.answer),
        "ranking": result.ranking,
        "evidence_rank": result.evidence_rank,
        "exact_quotes": result.exact_quotes,
        "dangling": result.dangling,
    }


def result_from_dict(record: Mapping[str, Any]) -> Result:
    """The result that `result_to_dict` made.

    Raises:
        KeyError, TypeError, ValueError: the object is something else.
    """
    case, answer = dict(record["case"]), dict(record["answer"])
    relevant = {str(name): int(grade) for name, grade in dict(case["relevant"]).items()}
    if any(not LOWEST_GRADE <= grade <= HIGHEST_GRADE for grade in relevant.values()):
        raise ValueError("a grade is out of range")
    spans = tuple(GoldSpan(**span) for span in case["spans"])
    whole = [getattr(span, name) for span in spans for name in OFFSETS]
    check_types(str, *(case[name] for name in ("id", "question", "date", "kind", "article")))
    check_types(str, answer["status"], answer["text"], *case["answers"], *answer.get("notes", ()))
    check_types(str, *(text for span in spans for text in (span.article, span.text)))
    check_types(str, answer["date"] or "")
    check_types(bool, case["answerable"])
    for citation in answer["citations"]:
        check_types(str, citation["article"], citation["quote"])
        whole += [citation[name] for name in ("number", "start", "end")]
        if citation["answer"]:
            whole += [citation["answer"][name] for name in ("start", "end")]
    for passage in answer["passages"]:
        check_types(str, passage["article"], passage["text"])
        whole += [passage["start"], passage["end"]]
    counts = {name: record[name] for name in ("evidence_rank", "exact_quotes", "dangling")}
    check_types(int, *whole, *counts.values(), case["line"])
    numbers = [answer["confidence"], *answer["timings_ms"].values()]
    numbers += [passage["score"] for passage in answer["passages"]]
    ranking = tuple((str(name), float(score)) for name, score in record["ranking"])
    if not all(math.isfinite(number) for number in (*numbers, *(score for _, score in ranking))):
        raise ValueError("a number is not finite")
    if not 0 <= answer["confidence"] <= 1:
        raise ValueError("the confidence is not in [0, 1]")
    case |= {"relevant": relevant, "spans": spans, "answers": tuple(case["answers"])}
    case["after"] = tuple(case.get("after", ()))
    check_types(str, *case["after"])
    return Result(case=Case(**case), answer=answer, ranking=ranking, **counts)


def check_types(kind: type, *values: object) -> None:
    """Go on when every value is of this type.

    Raises:
        TypeError: one is not.
    """
    for value in values:
        if type(value) is not kind:
            raise TypeError(f"{value!r} is no {kind.__name__}")


def read_results(path: Path, *, torn: bool = False) -> list[Result]:
    """The results of a ``results.jsonl``; with ``torn``, a last line cut short is cut off.

    Raises:
        DatasetError: every line that is not a result.
    """
    if torn:
        cut_torn_line(path)
    problems = Problems()
    results: list[Result] = []
    for line, record in read_records(path, problems):
        try:
            results.append(result_from_dict(record))
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            problems.add(path, line, f"is not the result of a question ({error!r}).")
    problems.raise_any()
    return results


def cut_torn_line(path: Path) -> None:
    """Cut off what follows the last line end: a write that was killed half way."""
    with path.open("r+b") as stream:
        data = stream.read()
        whole = data.rfind(b"\n") + 1
        if whole < len(data):
            stream.truncate(whole)


def header_to_dict(run: Run) -> dict[str, Any]:
    """Everything of a run but its results."""
    return {
        "format": FORMAT,
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
            results = [result_to_dict(result) for result in run.results]
            write_json(temporary, {**header_to_dict(run), "results": results})
            temporary.replace(path)
            return
        if path.exists() and not is_run(path):
            raise DatasetError(f"{path} is there and is no run; give --save another name.")
        temporary.mkdir()
        write_json(temporary / HEADER, header_to_dict(run))
        with (temporary / RESULTS).open("w", encoding="utf-8") as stream:
            stream.writelines(encode_line(result_to_dict(result)) for result in run.results)
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


def encode_line(record: Mapping[str, Any]) -> str:
    """The record as one line of JSON."""
    return json.dumps(record, ensure_ascii=False, allow_nan=False) + "\n"


def write_json(path: Path, record: Mapping[str, Any]) -> None:
    """Write the record as JSON."""
    path.write_text(
        json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False) + "\n", "utf-8"
    )


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
    with open_bytes(header_path) as stream:
        header = parse_json(header_path, stream.read())
    if not isinstance(header, dict) or not isinstance(header.get("about"), dict):
        raise DatasetError(f"{header_path} is no run of Dateline; make one with --save.")
    if header.get("format") != FORMAT:
        raise DatasetError(
            f"{header_path} has format {header.get('format')!r}, not {FORMAT}; evaluate again."
        )
    dataset = header["about"].get("dataset")
    if not isinstance(dataset, dict) or "digest" not in dataset:
        raise DatasetError(f"{header_path} does not say on what data it ran; evaluate again.")
    if path.is_dir():
        results = read_results(path / RESULTS) if (path / RESULTS).is_file() else []
    else:
        try:
            results = [result_from_dict(record) for record in header.get("results", [])]
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise DatasetError(f"{path} has a result that is none ({error!r}).") from error
    if not results:
        raise DatasetError(f"The run {path} has no result: it never happened; evaluate again.")
    speed, notes = header.get("speed", {}), header.get("notes", [])
    if not isinstance(speed, dict) or not isinstance(notes, list):
        raise DatasetError(f"{header_path} has no readable speed or notes; evaluate again.")
    run = make_run(str(header.get("name")), header["about"], results, 0.0, notes)
    return replace(run, about=header["about"], speed=speed)


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
