# ruff: noqa: ANN401 - arrays mapped from files have no type of their own
"""Both vector engines over more vectors than any library here has."""

import os
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks.measuring import Clock, Question, read_memory, say_where
from index.vectors.engine import Ids, Source, using_threads, write_index
from index.vectors.flat import FaissVectors
from index.vectors.ivf.inverted import IVFVectors
from index.vectors.ivf.parts import map_base
from index.vectors.ivf.training import train_clusters
from index.vectors.tuning import DEPTH, TARGET, Truth

BATCH = 20_000


def measure_alone(
    vectors: Any, questions: Sequence[Question], work: Path, asked: int = DEPTH
) -> list[dict[str, Any]]:
    """Both engines over vectors that no library has; half of the questions tune the clusters."""
    store = work / "alone.npy"
    np.save(store, vectors)
    count, dimension = vectors.shape
    del vectors
    mapped = np.load(store, mmap_mode="r")
    source = read_mapped(mapped)
    rows = np.arange(count, dtype=np.int64)
    tuning, judging = (Truth(np.array([v for _, v in questions[part::2]])) for part in (0, 1))
    clock, before = Clock(), read_memory()
    exact = FaissVectors(dimension)
    begun = perf_counter()
    for ids, part in source(rows):
        exact.add(ids, part)
    exact_s = perf_counter() - begun
    exact_mb = read_memory()["anonymous"] - before["anonymous"]
    for ids, part in source(rows):
        tuning.take_in(ids, part)
        judging.take_in(ids, part)
    begun = perf_counter()
    with using_threads(os.cpu_count() or 1):
        trained = train_clusters(rows, source, dimension)
    file = work / "alone.faiss"
    write_index(trained, file)
    lists = int(trained.nlist)
    del trained
    clusters = IVFVectors(map_base(file, dimension, lists, count), source)
    clusters.tune(tuning, TARGET)
    clusters_s = perf_counter() - begun
    shares: dict[str, list[float]] = {"exact": [], "clusters": []}
    for row, question in enumerate(judging.questions):
        for name, engine in (("exact", exact), ("clusters", clusters)):
            search = engine.search
            _, products = clock.time(name, lambda: search(question, asked))  # noqa: B023
            shares[name].append(judging.recall(row, products, 10))
    record = {
        "passages": count,
        "exact_build_s": round(exact_s, 1),
        "exact_mb": round(exact_mb),
        "clusters_build_s": round(clusters_s, 1),
        "clusters_file_bytes": file.stat().st_size,
        "lists": lists,
        "probes": clusters.nprobe,
        "times": clock.summarize(),
        "recall_10": {name: round(float(np.mean(values)), 4) for name, values in shares.items()},
        **say_where(),
    }
    file.unlink()
    store.unlink()
    return [record]


def read_mapped(mapped: Any) -> Source:
    """The rows of a mapped array as what engines read stored vectors from."""

    def read(rows: Ids) -> Any:
        for start in range(0, len(rows), BATCH):
            ids = rows[start : start + BATCH]
            yield ids, np.asarray(mapped[ids], np.float32)

    return read
