"""Measure how fast each stage is and write ``benchmarks/results/speed.json``, ``.md`` and ``.svg``.

    python -m benchmarks.speed [--only samples|news …] [--articles N] [--questions N]

``samples`` are the five articles of ``seeds/``; ``news`` are the first N of a corpus of web news in
``--data``, ``$DATELINE_DATA`` or ``../shared/data``, which is no part of the project. Every figure
is given as wall time (p50, p95) and as processor time, which other work on the machine moves less.

``one by one`` stores each window before the next is read, as a library without the pipeline would;
both ways take turns, each in a process of its own, so that the peak memory is its own.
"""

import argparse
import json
import lzma
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.speed_tables import draw_stages, render_speed
from index import Library
from index.adding import is_full, make_inputs, split_articles
from index.articles.reading import read_articles
from index.encoding.encoders import MiniLMEncoder, default_encoder
from index.pipeline import Pipeline, Window
from index.settings import Settings
from qa import Assistant
from qa.answering.cache import AnswerCache
from qa.evaluate.provenance import describe_machine, find_revision, list_versions
from qa.evaluate.scoring.speed import find_percentile, measure_peak_memory

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
SETS = ("samples", "news")
WAYS = ("pipeline", "one by one")
SYSTEMS = ("hybrid", "hybrid+reader")
SAMPLE_QUESTION = "When did Russia recognize South Ossetia?"


class OneByOne(Pipeline):
    """Stores each window before the next one is read."""

    def submit(self, window: Window) -> None:
        """Hands over a window and waits until it is stored."""
        super().submit(window)
        self.drain()


class Clock:
    """Wall and processor milliseconds of what is done again and again, by name."""

    def __init__(self) -> None:
        self.wall: dict[str, list[float]] = {}
        self.processor: dict[str, float] = {}

    def time(self, stage: str, items: int = 1) -> "Lap":
        """A context whose time is booked under ``stage``, divided by ``items``."""
        return Lap(self, stage, items)

    def summarize(self, unit: str) -> dict[str, dict[str, Any]]:
        """Each stage's figures, in milliseconds a ``unit``."""
        return {
            stage: {
                "unit": unit,
                "p50": round(find_percentile(values, 50), 3),
                "p95": round(find_percentile(values, 95), 3),
                "processor": round(self.processor[stage] / len(values), 3),
                "measured": len(values),
            }
            for stage, values in self.wall.items()
        }


class Lap:
    """One timed block."""

    def __init__(self, clock: Clock, stage: str, items: int) -> None:
        self._clock, self._stage, self._items = clock, stage, max(items, 1)

    def __enter__(self) -> None:
        self._wall, self._processor = time.perf_counter(), time.process_time()

    def __exit__(self, *_: object) -> None:
        wall = (time.perf_counter() - self._wall) * 1000 / self._items
        processor = (time.process_time() - self._processor) * 1000 / self._items
        self._clock.wall.setdefault(self._stage, []).append(wall)
        known = self._clock.processor.get(self._stage, 0.0)
        self._clock.processor[self._stage] = known + processor


def main() -> int:
    """Measure what was asked for and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=find_data())
    parser.add_argument("--only", nargs="*", choices=SETS, default=SETS)
    parser.add_argument("--articles", type=int, default=10_000, help="articles of news")
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=2, help="of each way of adding")
    parser.add_argument("--cold", type=int, default=5, help="runs of each command from nothing")
    parser.add_argument("--add", nargs=3, metavar=("WAY", "FROM", "TO"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.add:
        way, source, target = arguments.add
        print(json.dumps(add_articles(way, Path(source), Path(target))))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        for name in arguments.only:
            place = Path(folder) / name
            place.mkdir()
            prepared = prepare(name, arguments.data, place, arguments.articles, arguments.questions)
            if prepared is None:
                print(f"{name}: no corpus in {arguments.data}", file=sys.stderr)
                continue
            source, questions = prepared
            print(f"{name}: measuring", flush=True)
            write_results(name, measure(source, questions, place, arguments.rounds, arguments.cold))
    return 0


def find_data() -> Path:
    """The folder of the data sets, whether or not it is there."""
    named = os.environ.get("DATELINE_DATA")
    return Path(named) if named else ROOT.parent / "shared" / "data"


def prepare(
    name: str, data: Path, place: Path, articles: int, questions: int
) -> tuple[Path, list[str]] | None:
    """Where the articles are and the questions; ``None`` when the set is not there."""
    if name == "samples":
        file = data.parent / "seeds_questions.dev.jsonl"
        asked = [row["question"] for row in read_lines(file)] if file.is_file() else []
        return ROOT / "seeds", (asked or [SAMPLE_QUESTION])[:questions]
    folder = data / "news_corpus"
    if not (folder / "corpus.jsonl.xz").is_file():
        return None
    corpus = place / "corpus.jsonl"
    with lzma.open(folder / "corpus.jsonl.xz", "rt", encoding="utf-8") as stream:
        corpus.write_text("".join(islice(stream, articles)), "utf-8")
    with lzma.open(folder / "queries.jsonl.xz", "rt", encoding="utf-8") as stream:
        return corpus, [json.loads(line)["text"] for line in islice(stream, questions)]


def read_lines(file: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSONL file."""
    with file.open(encoding="utf-8") as stream:
        yield from map(json.loads, stream)


def measure(
    source: Path, questions: list[str], place: Path, rounds: int, cold: int
) -> dict[str, Any]:
    """All figures of one set of articles."""
    adding = [run_adding(way, source, place / "library") for _ in range(rounds) for way in WAYS]
    with Library.open(place / "library") as library:
        asking = {system: measure_asking(library, questions, system) for system in SYSTEMS}
        searching = measure_searching(library, questions)
        size = {"articles": len(library), "passages": library.info().passages}
    return {
        **size,
        "questions": len(questions),
        "adding": adding,
        "stages": measure_stages(source, place / "stages"),
        "searching": searching,
        "asking": asking,
        "cold": measure_cold(place / "library", cold),
        "machine": {**describe_machine(), "load": [round(value, 1) for value in os.getloadavg()]},
        "versions": list_versions(),
        "git": find_revision(),
    }


def run_adding(way: str, source: Path, target: Path) -> dict[str, Any]:
    """What a process of its own says of adding everything; the library is made anew."""
    for file in sorted(target.rglob("*"), reverse=True) if target.exists() else ():
        file.rmdir() if file.is_dir() else file.unlink()
    command = [sys.executable, __file__, "--add", way, str(source), str(target)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


def add_articles(way: str, source: Path, target: Path) -> dict[str, Any]:
    """Adds all articles and says how fast that was."""
    from index import adding

    if way == "one by one":
        vars(adding)["Pipeline"] = OneByOne
    with Library.open(target, create=True) as library:
        for count in (1, 200):
            library.encoder.encode_passages(["warm"] * count)
        wall, processor = time.perf_counter(), time.process_time()
        report = library.add_paths([source])
        wall, processor = time.perf_counter() - wall, time.process_time() - processor
    return {
        "way": way,
        "articles": len(report.added),
        "passages": report.passages,
        "seconds": round(wall, 2),
        "processor_seconds": round(processor, 2),
        "articles_per_second": round(len(report.added) / wall, 2),
        "passages_per_second": round(report.passages / wall, 1),
        "peak_mb": round(measure_peak_memory()),
    }


def measure_stages(source: Path, target: Path, most: int = 300) -> dict[str, Any]:
    """Read, split, tokenise, encode and write, one after the other, on the first articles."""
    articles, passages, vectors = Clock(), Clock(), default_encoder()
    settings = Settings()
    with Library.open(target, encoder=vectors, create=True) as library:
        for window in fill_windows(islice(read_timed(source, articles), most)):
            found = [article for article, _ in window.articles]
            with articles.time("split", len(found)):
                window.splits = split_articles(found, settings)
            texts = make_inputs(found, window.splits, settings)
            with passages.time("tokenise", len(texts)):
                vectors._tokenizer.encode_batch(texts)
            encoded = encode_timed(vectors, texts, passages)
            with passages.time("write", len(texts)):
                library._commit(window.make_writes(encoded))
    return {**articles.summarize("article"), **passages.summarize("passage")}


def read_timed(source: Path, clock: Clock) -> Iterator[Any]:
    """The articles, each with the time that it took to read."""
    items = iter(read_articles([source]))
    while True:
        with clock.time("read"):
            item = next(items, None)
        if item is None:
            return
        yield item


def fill_windows(items: Iterable[Any]) -> Iterator[Window]:
    """The articles in windows as they are stored."""
    window = Window()
    for item in items:
        if hasattr(item, "text"):
            window.articles.append((item, None))
            window.characters += len(item.text)
        if is_full(window):
            yield window
            window = Window()
    if window.articles:
        yield window


def encode_timed(encoder: MiniLMEncoder, texts: list[str], clock: Clock) -> Any:  # noqa: ANN401
    """The texts' vectors; encoding includes tokenising, as it does when articles are added."""
    encoder.encode_passages(texts[:200])
    with clock.time("encode", len(texts)):
        return encoder.encode_passages(texts)


def measure_searching(library: Library, questions: list[str]) -> dict[str, Any]:
    """Each stage of a search that reads nothing."""
    library.search("warm up")
    stages: dict[str, list[float]] = {}
    clock = Clock()
    for question in questions:
        timings: dict[str, float] = {}
        with clock.time("total"):
            library.search(question, timings=timings)
        for stage, value in timings.items():
            stages.setdefault(stage, []).append(value)
    return summarize_stages(stages) | clock.summarize("question")


def measure_asking(library: Library, questions: list[str], system: str) -> dict[str, Any]:
    """Each stage of an answer, and how long one from the cache takes."""
    assistant = Assistant(library, cache=AnswerCache(most_answers=len(questions) + 1))
    assistant.ask("Is everything warm?", system=system)
    stages: dict[str, list[float]] = {}
    clock = Clock()
    # Asked again at once: the cache keeps no more answers than fit into some megabytes.
    for question in questions:
        for name in ("", "again: "):
            with clock.time(f"{name}total"):
                answer = assistant.ask(question, system=system)
            for stage, value in answer.timings.items():
                stages.setdefault(name + stage, []).append(value)
    return summarize_stages(stages) | clock.summarize("question")


def summarize_stages(stages: dict[str, list[float]]) -> dict[str, Any]:
    """p50 and p95 of each stage, in milliseconds a question."""
    return {
        stage: {
            "p50": round(find_percentile(values, 50), 2),
            "p95": round(find_percentile(values, 95), 2),
            "measured": len(values),
        }
        for stage, values in stages.items()
    }


def measure_cold(library: Path, times: int) -> dict[str, Any]:
    """Whole runs of the command in new processes: wall and processor seconds and peak memory."""
    commands = {
        "dateline --help": ["--help"],
        "dateline ask": ["ask", SAMPLE_QUESTION, "-l", str(library)],
        "dateline ask --system hybrid+reader": [
            "ask",
            SAMPLE_QUESTION,
            "-l",
            str(library),
            "--system",
            "hybrid+reader",
        ],
    }
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in commands}
    for _ in range(times):
        for name, words in commands.items():
            runs[name].append(run_cold(words))
    return {
        name: {key: round(find_percentile([run[key] for run in found], 50), 3) for key in found[0]}
        | {"measured": len(found)}
        for name, found in runs.items()
    }


def run_cold(words: list[str]) -> dict[str, float]:
    """One run of the command, measured by a process between, whose only child it is."""
    code = (
        "import json, resource, subprocess, sys, time\n"
        "begun = time.perf_counter()\n"
        "command = 'from qa.serving.command import run; run()'\n"
        "subprocess.run([sys.executable, '-c', command, *sys.argv[1:]],"
        " stdout=subprocess.DEVNULL)\n"
        "wall = time.perf_counter() - begun\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(json.dumps({'seconds': wall, 'processor_seconds': used.ru_utime + used.ru_stime,"
        " 'peak_mb': used.ru_maxrss / 1024}))\n"
    )
    command = [sys.executable, "-c", code, *words]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    return dict(json.loads(done.stdout))


def write_results(name: str, record: dict[str, Any]) -> None:
    """Put one set's figures among the others and write the files."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    path = RESULTS / "speed.json"
    known = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    known[name] = record
    known = {key: known[key] for key in SETS if key in known}
    path.write_text(json.dumps(known, indent=1) + "\n", "utf-8")
    (RESULTS / "speed.md").write_text(render_speed(known), "utf-8")
    (RESULTS / "speed.svg").write_text(draw_stages(known), "utf-8")


if __name__ == "__main__":
    sys.exit(main())
