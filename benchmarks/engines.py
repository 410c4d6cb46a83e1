# ruff: noqa: ANN401 - FAISS's own types leave out what its Python layer adds
"""Compare vector engines on real passages; write ``benchmarks/results/engines.json`` and ``.md``.

    python -m benchmarks.news_vectors --folder DIR     # encodes the corpus once, in pieces
    python -m benchmarks.engines --folder DIR [--sizes 40000 200000] [--only NAME …]

Sizes beyond what is encoded are reached by vectors drawn around real ones. Every engine gets as
many clusters searched (or as long a list of candidates) as reach recall@10 ≥ .98 on one half of the
questions, and is measured on the other half. Candidates of coded vectors are ranked anew by the
half-precision vectors. The engines with clusters share theirs. One search at a time, on one thread.
"""

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from math import ceil
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks.filling import draw_around
from benchmarks.news_vectors import load_vectors
from index.vectors.engine import Vectors, import_faiss, using_threads
from index.vectors.ivf.training import SAMPLE, count_lists, find_centroids
from index.vectors.tuning import DEPTH, Truth
from qa.evaluate.provenance import describe_machine

RESULTS = Path(__file__).resolve().parent / "results"
TARGET = 0.98
QUESTIONS = 400
CODE_SAMPLE = 10_000
"""Vectors that codes are fitted to; the clusters have a sample of their own."""


@dataclass(frozen=True)
class Engine:
    """A way to search: how its index is made, and how many candidates are ranked anew."""

    name: str
    widening: float
    make: Callable[[Any, Any, int], Any]
    parameter: str = "nprobe"


def make_exact(faiss: Any, coarse: Any, dimension: int) -> Any:
    """Every vector, in 16 bits."""
    kind = faiss.ScalarQuantizer.QT_fp16
    return faiss.IndexScalarQuantizer(dimension, kind, faiss.METRIC_INNER_PRODUCT)


def make_clusters(faiss: Any, coarse: Any, dimension: int) -> Any:
    """Clusters of 8-bit codes, as Dateline has them."""
    kind = faiss.ScalarQuantizer.QT_8bit_uniform
    made = faiss.IndexIVFScalarQuantizer(
        coarse, dimension, coarse.ntotal, kind, faiss.METRIC_INNER_PRODUCT, False
    )
    made.sq.rangestat_arg = 0.1
    return made


def make_product(faiss: Any, coarse: Any, dimension: int) -> Any:
    """Clusters of 4-bit product codes in fast-scan layout, four numbers a code."""
    parts = dimension // 4
    return faiss.IndexIVFPQFastScan(
        coarse, dimension, coarse.ntotal, parts, 4, faiss.METRIC_INNER_PRODUCT
    )


def make_rabitq(faiss: Any, coarse: Any, dimension: int) -> Any:
    """Clusters of RaBitQ codes (Gao and Long 2024), a bit a number."""
    return faiss.IndexIVFRaBitQ(coarse, dimension, coarse.ntotal, faiss.METRIC_INNER_PRODUCT)


def make_graph(faiss: Any, coarse: Any, dimension: int) -> Any:
    """A graph of neighbours (Malkov and Yashunin 2018) over 8-bit codes."""
    kind = faiss.ScalarQuantizer.QT_8bit
    made = faiss.IndexHNSWSQ(dimension, kind, 32, faiss.METRIC_INNER_PRODUCT)
    made.hnsw.efConstruction = 80
    return made


ENGINES = (
    Engine("exact, 16-bit", 1.0, make_exact, ""),
    Engine("IVF-SQ8", 1.2, make_clusters),
    Engine("HNSW-SQ8", 1.2, make_graph, "efSearch"),
    Engine("IVF-RaBitQ", 5.0, make_rabitq),
    Engine("IVF-PQ fast-scan", 5.0, make_product),
)


@dataclass(frozen=True)
class Measured:
    """One line of the table."""

    engine: str
    passages: int
    real: int
    parameter: str
    value: int
    of: int
    recall_10: float
    recall_100: float
    p50_ms: float
    p95_ms: float
    build_s: float
    bytes_each: float


def main() -> None:
    """Measure what was asked for and write the tables; other lines are kept."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--sizes", type=int, nargs="+", default=[40_000, 200_000])
    parser.add_argument("--only", nargs="*", choices=[item.name for item in ENGINES])
    arguments = parser.parse_args()
    questions = np.load(arguments.folder / "questions.npy")
    drawn = np.random.default_rng(5).permutation(len(questions))[: 2 * QUESTIONS]
    for size in arguments.sizes:
        real = load_vectors(arguments.folder, size)
        halves = draw_around(real, size)
        choosing = find_truth(questions[drawn[:QUESTIONS]], halves)
        judging = find_truth(questions[drawn[QUESTIONS:]], halves)
        coarse = train_coarse(halves)
        for engine in ENGINES:
            if arguments.only and engine.name not in arguments.only:
                continue
            line = measure(engine, halves, len(real), coarse, choosing, judging)
            write_results(line)
            print(line, flush=True)


def find_truth(questions: Vectors, halves: Any) -> Truth:
    """What exact search finds."""
    truth = Truth(questions)
    for start in range(0, len(halves), 20_000):
        part = halves[start : start + 20_000].astype(np.float32)
        truth.take_in(np.arange(start, start + len(part)), part)
    return truth


def train_coarse(halves: Any) -> tuple[Vectors, float]:
    """The centroids of the clusters, and the seconds that they took."""
    begun = perf_counter()
    lists = count_lists(len(halves))
    size = min(len(halves), SAMPLE * lists)
    rows = np.sort(np.random.default_rng(7).choice(len(halves), size, replace=False))
    centroids = find_centroids(halves[rows].astype(np.float32), lists, lambda: None)
    return centroids, perf_counter() - begun


def measure(
    engine: Engine,
    halves: Any,
    real: int,
    coarse: tuple[Vectors, float],
    choosing: Truth,
    judging: Truth,
) -> Measured:
    """Builds an engine, finds its cheapest setting that reaches the target, and measures that."""
    faiss = import_faiss()
    centroids, seconds = coarse
    quantizer = faiss.IndexFlatIP(halves.shape[1])
    quantizer.add(centroids)
    begun = perf_counter()
    made = engine.make(faiss, quantizer, halves.shape[1])
    sample = np.random.default_rng(8).choice(
        len(halves), min(len(halves), CODE_SAMPLE), replace=False
    )
    made.train(halves[np.sort(sample)].astype(np.float32))
    for start in range(0, len(halves), 20_000):
        made.add(halves[start : start + 20_000].astype(np.float32))
    build = perf_counter() - begun + (seconds if engine.parameter == "nprobe" else 0)
    size = len(faiss.serialize_index(made)) / len(halves)
    highest = {"nprobe": len(centroids), "efSearch": 2048, "": 1}[engine.parameter]
    low, high = 0, highest
    while high - low > max(1, high // 32):
        middle = (low + high) // 2
        if ask(engine, made, halves, choosing, middle)[0] >= TARGET:
            high = middle
        else:
            low = middle
    recall_10, recall_100, times = ask(engine, made, halves, judging, high)
    return Measured(
        engine.name,
        len(halves),
        real,
        engine.parameter,
        high,
        highest,
        round(recall_10, 4),
        round(recall_100, 4),
        round(float(np.median(times)) * 1000, 2),
        round(float(np.quantile(times, 0.95)) * 1000, 2),
        round(build, 1),
        round(size, 1),
    )


def ask(
    engine: Engine, made: Any, halves: Any, truth: Truth, value: int
) -> tuple[float, float, list[float]]:
    """Recall at 10 and at 100 with a setting, and the seconds of each search."""
    faiss = import_faiss()
    makers = {"nprobe": faiss.SearchParametersIVF, "efSearch": faiss.SearchParametersHNSW}
    make = makers.get(engine.parameter)
    parameters = make(**{engine.parameter: value}) if make else None
    depth = ceil(DEPTH * engine.widening) + 16
    at_10, at_100, seconds = [], [], []
    with using_threads(1):
        for row, question in enumerate(truth.questions):
            begun = perf_counter()
            _, ids = made.search(question[None], depth, params=parameters)
            rows = ids[0][ids[0] >= 0]
            products = np.sort(halves[rows].astype(np.float32) @ question)[::-1][:DEPTH]
            seconds.append(perf_counter() - begun)
            at_10.append(truth.recall(row, products, 10))
            at_100.append(truth.recall(row, products, DEPTH))
    return float(np.mean(at_10)), float(np.mean(at_100)), seconds


def write_results(line: Measured) -> None:
    """Puts a line into the results, in place of an earlier one of its kind."""
    file = RESULTS / "engines.json"
    kept = json.loads(file.read_text("utf-8")) if file.exists() else {"lines": []}
    key = (line.engine, line.passages)
    lines = [item for item in kept["lines"] if (item["engine"], item["passages"]) != key]
    lines.append(asdict(line) | {"machine": describe_machine()})
    order = [item.name for item in ENGINES]
    lines.sort(key=lambda item: (item["passages"], order.index(item["engine"])))
    file.write_text(json.dumps({"lines": lines}, indent=1) + "\n", "utf-8")
    (RESULTS / "engines.md").write_text(draw_table(lines), "utf-8")


def draw_table(lines: list[dict[str, Any]]) -> str:
    """The lines as a Markdown table."""
    rows = [
        "# Vector engines",
        "",
        "By `python -m benchmarks.engines`; how is said there. Times are of one search for 100 on",
        "one thread, candidates ranked anew, on a machine that was doing other work beside.",
        "",
        "| passages (real) | engine | searched | recall@10 | recall@100 | p50 ms | p95 ms "
        "| build s | bytes each |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for item in lines:
        searched = f"{item['parameter']} {item['value']}" if item["parameter"] else "all"
        if item["parameter"] == "nprobe":
            searched += f" of {item['of']}"
        rows.append(
            f"| {item['passages']:,} ({item['real']:,}) | {item['engine']} | {searched} "
            f"| {item['recall_10']:.3f} | {item['recall_100']:.3f} | {item['p50_ms']:.2f} "
            f"| {item['p95_ms']:.2f} | {item['build_s']:.0f} | {item['bytes_each']:.0f} |"
        )
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    main()
