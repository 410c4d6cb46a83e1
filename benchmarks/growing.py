"""Libraries of growing sizes for ``scale.py``, each the one before it and more passages.

A library grows in ``WORK/growing``; when it has reached a size, it is copied to ``WORK/SIZE`` and
what that took is kept in ``WORK/SIZE.json``. Stopping is fine: calling again goes on.
"""

import json
import shutil
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from time import monotonic, perf_counter, process_time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.filling import PER_ARTICLE, PER_COMMIT, make_writes
from benchmarks.news_vectors import read_passages
from index import Library
from index.search.caches import WORDS_NAME
from index.settings import Settings
from index.vectors import HEADER_NAME, VECTORS_NAME
from index.vectors.files import read_header

SEED = 17


def gather_texts(folder: Path, data: Path, count: int) -> list[str]:
    """The first ``count`` passages of the corpus; fewer when it has no more, or is not there.

    They are kept in ``texts.jsonl`` of the folder, since splitting takes longer than reading them.
    """
    file = folder / "texts.jsonl"
    kept = read_lines(file, count) if file.exists() else []
    if len(kept) < count and (data / "news_corpus").is_dir():
        draft = file.with_suffix(".draft")
        with draft.open("w", encoding="utf-8") as stream:
            for text in islice(read_passages(data), count):
                stream.write(json.dumps(text) + "\n")
        draft.replace(file)
        kept = read_lines(file, count)
    return kept


def read_lines(file: Path, count: int) -> list[str]:
    """The first ``count`` texts of a file with one JSON string a line."""
    with file.open(encoding="utf-8") as stream:
        return [json.loads(line) for line in islice(stream, count)]


def take_texts(real: Sequence[str], first: int, last: int) -> list[str]:
    """The passages ``first`` to ``last``: the real ones, and beyond them mixtures of two real ones.

    A mixture takes each word from the one or the other, so words stay as frequent as they are.
    What it lacks are words that no earlier passage has, of which real ones go on bringing some.
    """
    texts = list(real[first:last])
    for number in range(max(first, len(real)), last):
        random = np.random.default_rng((SEED, number))
        one, other = (real[place].split(" ") for place in random.integers(0, len(real), 2))
        other = other * (len(one) // len(other) + 1)
        coins = random.integers(0, 2, len(one))
        pairs = zip(coins, one, other, strict=False)
        texts.append(" ".join(first if coin else second for coin, first, second in pairs))
    return texts


def grow_library(
    work: Path,
    sizes: Sequence[int],
    texts: Sequence[str],
    vectors: NDArray[np.floating],
    settings: Settings,
    seconds: float = float("inf"),
) -> bool:
    """Grows a library through the sizes, ascending; false when the seconds were not enough.

    Everything but splitting and encoding is as ``dateline add`` does it: stored, indexed by words
    and by vectors, clusters trained. Times are of that alone.
    """
    until = monotonic() + seconds
    folder, log = work / "growing", work / "growing.json"
    took = {"wall": 0.0, "processor": 0.0}
    if log.exists():
        took = json.loads(log.read_text("utf-8"))
    for size in sizes:
        if (work / f"{size}.json").exists():
            continue
        if not grow_to(size, folder, log, texts, vectors, settings, took, until):
            return False
        shutil.rmtree(work / str(size), ignore_errors=True)
        shutil.copytree(folder, work / str(size))
        record = describe_library(work / str(size), settings) | {
            "build_s": round(took["wall"], 1),
            "build_processor_s": round(took["processor"], 1),
            "real_texts": min(size, len(texts)),
        }
        (work / f"{size}.json").write_text(json.dumps(record, indent=1) + "\n", "utf-8")
    return True


def grow_to(
    size: int,
    folder: Path,
    log: Path,
    texts: Sequence[str],
    vectors: NDArray[np.floating],
    settings: Settings,
    took: dict[str, float],
    until: float,
) -> bool:
    """Adds passages until there are ``size``; false when time was up before."""
    with Library.open(folder, settings=settings, create=True) as library:
        _ = library.encoder
        done = library.info().passages
        while done < size and monotonic() < until:
            last = min(done + PER_COMMIT, size)
            part = vectors[done:last]
            writes = list(make_writes(take_texts(texts, done, last), part, done, PER_ARTICLE))
            wall, processor = perf_counter(), process_time()
            # What `Library.add` does with a window of articles, once they are encoded.
            with library._lock.held():
                library._commit(writes)
            book(took, wall, processor)
            done = last
        wall, processor = perf_counter(), process_time()
    # Closing waits for the clusters that are in training.
    book(took, wall, processor)
    log.write_text(json.dumps(took) + "\n", "utf-8")
    return done == size


def book(took: dict[str, float], wall: float, processor: float) -> None:
    """Adds the seconds since the two readings of the clocks."""
    took["wall"] += perf_counter() - wall
    took["processor"] += process_time() - processor


def describe_library(folder: Path, settings: Settings) -> dict[str, Any]:
    """How many passages a library has, its engine in words, and its bytes on disk by part."""
    with Library.open(folder, settings=settings) as library:
        found = library.info()
    return {
        "passages": found.passages,
        "articles": found.articles,
        "characters": found.characters,
        "vectors": found.vectors,
        "bytes": count_bytes(folder),
    }


def count_bytes(folder: Path) -> dict[str, int]:
    """The bytes of a library's files: database, vectors, words, and vectors no longer used.

    The file of clusters that newer ones have replaced stays for an hour at least.
    """
    header = read_header(folder / HEADER_NAME)
    used = {HEADER_NAME, *(header.files if header else ())}
    counted = {"database": 0, "vectors": 0, "words": 0, "replaced": 0}
    for file in folder.rglob("*"):
        if not file.is_file():
            continue
        if WORDS_NAME in file.relative_to(folder).parts:
            part = "words"
        elif file.name in used:
            part = "vectors"
        else:
            part = "replaced" if file.name.startswith(VECTORS_NAME) else "database"
        counted[part] += file.stat().st_size
    return counted
