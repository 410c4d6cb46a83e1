"""How many clusters a search looks into: as few as reach the recall that is asked for.

It is measured on the library itself. The questions are sentences of its own passages, encoded as
questions are: on 30,000 passages of news they needed as many clusters as real questions did (91 and
94 of 512 for recall .98), where stored vectors with noise needed 25. What they should find is what
exact search over the store's vectors finds.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from math import sqrt
from time import perf_counter
from typing import Any

import numpy as np

from index.storage.store import Store
from index.storage.tables import now
from index.text.sentences import split_sentences
from index.vectors.engine import DECIMALS, Ids, Vectors
from index.vectors.ivf.inverted import IVFVectors
from index.vectors.ivf.training import Check

TARGET = 0.98
QUESTIONS = 400
SEED = 11
DEPTH = 100
FEWEST_WORDS = 5
MANIFEST_KEY = "vectors"

Encode = Callable[[Sequence[str]], Vectors]


@dataclass(frozen=True, slots=True)
class Tuning:
    """What was chosen for the trained clusters ``name``, and what was measured with it.

    ``recall_10`` and ``recall_100`` are shares of what exact search finds in the first 10 and 100.
    ``p50_ms`` and ``p95_ms`` are of a search for 100, alone on the machine as it was.
    """

    name: str
    lists: int
    probes: int
    target: float
    recall_10: float
    recall_100: float
    questions: int
    passages: int
    p50_ms: float
    p95_ms: float
    measured_at: str

    def describe(self) -> str:
        """What was measured, for a person."""
        return (
            f"recall@10 {self.recall_10:.3f} (wanted: {self.target:g}), "
            f"recall@100 {self.recall_100:.3f}, median {self.p50_ms:.1f} ms, "
            f"on {self.questions} of its own sentences among {self.passages:,} passages"
        )


class Truth:
    """What exact search finds for some questions, taken in batch by batch."""

    def __init__(self, questions: Vectors) -> None:
        """Has seen nothing yet; ``questions`` is (q, dim) float32."""
        self.questions = questions
        self.products = np.full((len(questions), DEPTH), -np.inf, np.float32)
        self.seen = 0

    def take_in(self, ids: Ids, vectors: Vectors) -> None:
        """Takes in the products with (n, dim) vectors."""
        self.seen += len(ids)
        products = np.concatenate([self.products, self.questions @ vectors.T], axis=1)
        self.products = -np.sort(-products, axis=1)[:, :DEPTH]

    def recall(self, row: int, found: Vectors, depth: int) -> float:
        """The share of question ``row``'s best ``depth`` that is among the products ``found``.

        Passages that are equally near are equally good.
        """
        wanted = min(depth, self.seen)
        floor = self.products[row, wanted - 1] - 10.0**-DECIMALS * 2
        return float((found[:wanted] >= floor).sum()) / wanted if wanted else 1.0


def draw_questions(store: Store, encode: Encode, count: int = QUESTIONS) -> Vectors:
    """The vectors of sentences of the library's passages; the same library gives the same ones."""
    random = np.random.default_rng(SEED)
    rows = store.everything().added
    chosen = np.sort(random.choice(rows, min(count, len(rows)), replace=False))
    sentences: list[str] = []
    for _, texts in store.inputs(chosen):
        for text in texts:
            # What is given to the encoder begins with the title, which is no sentence of its own.
            body = text.partition("\n")[2] or text
            spans = [body[start:end] for start, end in split_sentences(body)]
            told = [span for span in spans if len(span.split()) >= FEWEST_WORDS] or [body]
            sentences.append(told[int(random.integers(len(told)))])
    return encode(sentences)


def tune_probes(
    engine: IVFVectors, truth: Truth, target: float, check: Check = lambda: None
) -> Tuning:
    """Sets the fewest clusters with which the engine reaches ``target``, and measures it.

    It is reached when the mean is above it by its standard error, since other questions than these
    will be asked. All clusters are searched when that is not enough. What ``check`` raises, called
    now and then, stops it.
    """
    low, high = 0, engine.lists
    while high - low > max(1, high // 32):
        middle = (low + high) // 2
        engine.nprobe = middle
        check()
        at_10, _, _ = measure(engine, truth)
        if np.mean(at_10) - np.std(at_10) / sqrt(max(len(at_10), 1)) >= target:
            high = middle
        else:
            low = middle
    engine.nprobe = high
    check()
    at_10, at_100, seconds = measure(engine, truth)
    return Tuning(
        name=engine.name,
        lists=engine.lists,
        probes=engine.nprobe,
        target=target,
        recall_10=round(float(np.mean(at_10)), 4),
        recall_100=round(float(np.mean(at_100)), 4),
        questions=len(truth.questions),
        passages=len(engine),
        p50_ms=round(float(np.median(seconds)) * 1000, 3),
        p95_ms=round(float(np.quantile(seconds, 0.95)) * 1000, 3),
        measured_at=now(),
    )


def measure(engine: IVFVectors, truth: Truth) -> tuple[list[float], list[float], list[float]]:
    """Each question's recall at 10, at 100, and the seconds of its search."""
    at_10, at_100, seconds = [], [], []
    for row, question in enumerate(truth.questions):
        begun = perf_counter()
        _, products = engine.search(question, DEPTH)
        seconds.append(perf_counter() - begun)
        at_10.append(truth.recall(row, products, 10))
        at_100.append(truth.recall(row, products, DEPTH))
    return at_10, at_100, seconds


def measure_truth(questions: Vectors, batches: Iterable[tuple[Ids, Vectors]]) -> Truth:
    """What exact search over all the batches finds."""
    truth = Truth(questions)
    for ids, vectors in batches:
        truth.take_in(ids, vectors)
    return truth


def keep_tuning(store: Store, tuning: Tuning) -> None:
    """Keeps what was chosen in the library's manifest.

    Raises:
        LibraryError: the library cannot be written.
    """
    store.set_manifest({MANIFEST_KEY: asdict(tuning)})


def read_tuning(manifest: dict[str, Any], name: str = "") -> Tuning | None:
    """What was chosen for the trained clusters ``name``, or lately for any when it is left out."""
    values = manifest.get(MANIFEST_KEY)
    if not isinstance(values, dict) or set(values) != {item.name for item in fields(Tuning)}:
        return None
    tuning = Tuning(**values)
    return tuning if name in ("", tuning.name) else None
