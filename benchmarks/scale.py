# ruff: noqa: ANN401 - arguments of argparse have no types of their own
"""Measure libraries of growing sizes; write ``scale.json``, ``.md`` and ``.svg`` in ``results/``.

    python -m benchmarks.scale --folder DIR --work DIR [--sizes 1000 10000 …] [--alone 1000000]

``--folder`` holds passages and vectors of ``benchmarks.news_vectors`` (5,000 are encoded when it is
empty) and ``--work`` the libraries (2 GB for 300,000 passages); both are kept, so that stopping
loses little. ``--seconds`` stops the growing after about that long, to go on when called again.

Passages are real as far as the corpus or ``--texts`` goes, then mixtures of two real ones
(``growing.py``); vectors are real as far as they are encoded, then drawn around real ones
(``filling.py``). All libraries are open at once and each question goes to every size and engine in
turn, so whatever else the machine does, it does to all of them. Opening cold is in a process of its
own, after the system was asked to forget the files. ``--alone`` measures the two vector engines
without a library, vectors in a mapped file.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks.filling import draw_around
from benchmarks.growing import gather_texts, grow_library
from benchmarks.measuring import Clock, Question, forget, read_memory, say_where
from benchmarks.news_vectors import PIECE, load_vectors, prepare
from benchmarks.quality import find_data
from benchmarks.scale_alone import measure_alone
from benchmarks.scale_tables import draw_plot, render_tables
from index import Library
from index.encoding.encoders import default_encoder
from index.settings import Settings
from index.vectors import VectorEngine
from index.vectors.feeding import draw_questions, make_source
from index.vectors.flat import FaissVectors
from index.vectors.ivf.inverted import IVFVectors
from index.vectors.ivf.training import train_clusters
from index.vectors.tuning import DEPTH, TARGET, Truth
from index.words.engine import WordIndex
from qa import Assistant

RESULTS = Path(__file__).resolve().parent / "results"
SIZES = (1_000, 10_000, 40_000, 100_000, 300_000)
FEWEST_CLUSTERED = 10_000
"""Passages from which on clusters are measured beside exact search."""

ASKED = {"ask": "hybrid", "read": "hybrid+reader"}
"""The systems that answer in full, by the names of their times."""

RANKED_COLD = 50
"""Questions after which the memory of a new process is looked at."""

ENCODED = 500
SEED = 5


@dataclass
class Opened:
    """A library with both ways to search its vectors, whichever of them is its own."""

    library: Library
    assistant: Assistant
    engines: dict[str, VectorEngine]
    words: WordIndex
    truth: Truth
    own: str
    tuned: dict[str, Any]


def main() -> None:
    """Grow, open and ask what was asked for, and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=find_data())
    parser.add_argument("--sizes", type=int, nargs="*", default=list(SIZES))
    parser.add_argument("--texts", type=int, default=SIZES[-1], help="real passages to split")
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--asks", type=int, default=30, help="questions answered in full")
    parser.add_argument("--rounds", type=int, default=3, help="cold openings of each size")
    parser.add_argument("--alone", type=int, nargs="*", default=[])
    parser.add_argument("--seconds", type=float, default=float("inf"), help="for the growing")
    parser.add_argument("--cold", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    questions = read_questions(arguments.folder, arguments.data, arguments.questions)
    if arguments.cold:
        print(json.dumps(open_cold(arguments.cold, questions)))
        return
    sizes = sorted(arguments.sizes)
    if sizes and not grow(arguments, sizes):
        print("Not all libraries have grown yet; call again to go on.", file=sys.stderr)
        sys.exit(1)
    if sizes:
        write_results("encoding", [measure_encoding(arguments.folder, arguments.data)])
        write_results("libraries", measure_libraries(arguments, sizes, questions))
    for count in arguments.alone:
        vectors = draw_around(load_vectors(arguments.folder, count), count)
        write_results("alone", measure_alone(vectors, questions, arguments.work))


def read_questions(folder: Path, data: Path, count: int) -> list[Question]:
    """The questions with their vectors, the same for every size."""
    if not (folder / "questions.npy").exists():
        if not (data / "news_corpus").is_dir():
            sys.exit(
                f"There are no vectors in {folder} and no news_corpus in {data} to make them of; "
                "name the folder that has it with --data."
            )
        prepare(folder, data, PIECE)
    texts = json.loads((folder / "questions.json").read_text("utf-8"))
    vectors = np.load(folder / "questions.npy")
    drawn = np.random.default_rng(SEED).permutation(len(texts))[:count]
    return [(texts[place], vectors[place]) for place in drawn]


def grow(arguments: Any, sizes: Sequence[int]) -> bool:
    """Makes the libraries that are not there yet; false when the seconds were not enough."""
    if all((arguments.work / f"{size}.json").exists() for size in sizes):
        return True
    texts = gather_texts(arguments.folder, arguments.data, min(arguments.texts, sizes[-1]))
    vectors = draw_around(load_vectors(arguments.folder, sizes[-1]), sizes[-1])
    return grow_library(arguments.work, sizes, texts, vectors, Settings(), arguments.seconds)


def measure_encoding(folder: Path, data: Path, count: int = ENCODED) -> dict[str, Any]:
    """How long the first passages take to encode."""
    texts, clock = gather_texts(folder, data, count), Clock()
    encoder = default_encoder()
    encoder.encode_passages(texts[:8])
    clock.time("encode", lambda: encoder.encode_passages(texts))
    return {
        "passages": len(texts),
        "wall_s": round(clock.wall["encode"][0] / 1000, 2),
        "processor_s": round(clock.processor["encode"][0] / 1000, 2),
        "encoder": encoder.fingerprint.name,
    }


def measure_libraries(
    arguments: Any, sizes: Sequence[int], questions: Sequence[Question]
) -> list[dict[str, Any]]:
    """A record for each size."""
    encoded = len(list(arguments.folder.glob("[0-9][0-9][0-9][0-9].npy"))) * PIECE
    folders = {size: arguments.work / str(size) for size in sizes}
    cold = {size: measure_cold(arguments, folders[size]) for size in sizes}
    opened = {size: open_both(folders[size], Settings(), questions) for size in sizes}
    asked = ask_all(opened, questions, arguments.asks)
    return [
        json.loads((arguments.work / f"{size}.json").read_text("utf-8"))
        | {"real_vectors": min(size, encoded), "cold": cold[size], **asked[size]}
        | {"engine": opened[size].own, "tuned": opened[size].tuned, **say_where()}
        for size in sizes
    ]


def measure_cold(arguments: Any, folder: Path) -> dict[str, float]:
    """Medians over a few new processes that open the library."""
    command = [sys.executable, "-m", "benchmarks.scale", "--cold", str(folder)]
    command += ["--folder", str(arguments.folder), "--work", str(arguments.work)]
    command += ["--questions", str(arguments.questions)]
    runs = []
    for _ in range(arguments.rounds):
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        runs.append(json.loads(done.stdout))
    return {key: round(float(np.median([run[key] for run in runs])), 2) for key in runs[0]}


def open_cold(
    folder: Path, questions: Sequence[Question], settings: Settings | None = None
) -> dict[str, float]:
    """Milliseconds to open a library and its engines and to search first, and the memory taken.

    Memory is what is resident beyond the process before opening, in MB; ``anonymous`` of it is
    what no file stands behind.
    """
    for file in folder.rglob("*"):
        if file.is_file():
            forget(file)
    before, clock = read_memory(), Clock()
    library = clock.time("open", lambda: Library.open(folder, settings=settings or Settings()))
    with library:
        clock.time("engines", lambda: load_engines(library))
        text, vector = questions[0]
        clock.time("first", lambda: library.rank(text, vector))
        opened = read_memory()
        for text, vector in questions[:RANKED_COLD]:
            library.rank(text, vector)
        used = read_memory()
        Assistant(library).ask(questions[0][0])
        asked = read_memory()
    times = {f"{name}_ms": values[0] for name, values in clock.wall.items()}
    times |= {f"{name}_processor_ms": values[0] for name, values in clock.processor.items()}
    memory = {"opened": opened, "searched": used, "asked": asked}
    return times | {
        f"{name}_{kind}_mb": taken[kind] - before[kind]
        for name, taken in memory.items()
        for kind in ("resident", "anonymous")
    }


def load_engines(library: Library) -> tuple[VectorEngine, WordIndex]:
    """Both engines of a library, level with its store."""
    with library._caches.reading(vectors=True, words=True):
        vectors, words = library._caches.vectors.engine, library._caches.words.engine
    assert vectors is not None and words is not None
    return vectors, words


def open_both(folder: Path, settings: Settings, questions: Sequence[Question]) -> Opened:
    """The library, open, with the engine that it has not built beside it in memory."""
    library = Library.open(folder, settings=settings)
    own, words = load_engines(library)
    store = library._store
    source = make_source(store, own.dimension)
    truth = Truth(np.array([vector for _, vector in questions]))
    sentences = Truth(draw_questions(store, library.encoder.encode_questions))
    exact = FaissVectors(own.dimension)
    for ids, vectors in source(own.ids()):
        truth.take_in(ids, vectors)
        sentences.take_in(ids, vectors)
        exact.add(ids, vectors)
    engines: dict[str, VectorEngine] = {"exact": exact}
    clusters = own if isinstance(own, IVFVectors) else None
    tuned: dict[str, Any] = {}
    if clusters is None and len(own) >= FEWEST_CLUSTERED:
        begun = perf_counter()
        clusters = IVFVectors(train_clusters(own.ids(), source, own.dimension), source)
        clusters.tune(sentences, TARGET)
        tuned["trained_s"] = round(perf_counter() - begun, 1)
    if clusters is not None:
        engines["clusters"] = clusters
        tuned |= {"lists": clusters.lists, "probes": clusters.nprobe, "trained": clusters.trained}
    name = "clusters" if own is clusters else "exact"
    return Opened(library, Assistant(library), engines, words, truth, name, tuned)


def ask_all(
    opened: dict[int, Opened],
    questions: Sequence[Question],
    asks: int,
    systems: Mapping[str, str] = ASKED,
) -> dict[int, dict[str, Any]]:
    """Times and recall by size, each question asked of every size and engine in turn."""
    clocks = {size: Clock() for size in opened}
    recall: dict[int, dict[str, list[float]]] = {size: {} for size in opened}
    for item in opened.values():
        for system in systems.values():
            item.assistant.ask("Is everything warm?", system=system)
        item.library.rank(*questions[0])
    for row, (text, vector) in enumerate(questions):
        for size, item in opened.items():
            clock = clocks[size]
            for name, engine in item.engines.items():
                search = engine.search
                _, products = clock.time(name, lambda: search(vector, DEPTH))  # noqa: B023
                found = recall[size].setdefault(name, [])
                found.append(item.truth.recall(row, products, 10))
            clock.time("bm25", lambda: item.words.search(text, DEPTH))  # noqa: B023
            clock.time("hybrid", lambda: item.library.rank(text, vector))  # noqa: B023
            for name, system in systems.items() if row < asks else ():
                clock.time(name, lambda: item.assistant.ask(text, system=system))  # noqa: B023
    return {
        size: {
            "times": clocks[size].summarize(),
            "recall_10": {
                name: round(float(np.mean(shares)), 4) for name, shares in recall[size].items()
            },
        }
        for size in opened
    }


def write_results(kind: str, records: Sequence[dict[str, Any]], folder: Path = RESULTS) -> None:
    """Puts records into the results, each in place of an earlier one of its size."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "scale.json"
    known = json.loads(file.read_text("utf-8")) if file.exists() else {}
    lines = {item["passages"]: item for item in (*known.get(kind, []), *records)}
    known[kind] = [lines[size] for size in sorted(lines)]
    file.write_text(json.dumps(known, indent=1) + "\n", "utf-8")
    (folder / "scale.md").write_text(render_tables(known), "utf-8")
    (folder / "scale.svg").write_text(draw_plot(known), "utf-8")


if __name__ == "__main__":
    main()
