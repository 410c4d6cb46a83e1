"""What exact search finds, and what was measured of an engine that may miss some of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from index.storage.tables import Ids, Vectors

TARGET = 0.98
DEPTH = 100
NEAR = 2e-6
"""Products that differ by no more are equally good."""

Check = Callable[[], None]
Watch = Callable[[Ids, Vectors], None]
Search = Callable[[Vectors, int], tuple[Ids, Vectors]]


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

    def __init__(self, questions: Vectors, batches: Iterable[tuple[Ids, Vectors]] = ()) -> None:
        """Has seen the batches; ``questions`` is (q, dim) float32."""
        self.questions = questions
        self.products = np.full((len(questions), DEPTH), -np.inf, np.float32)
        self.seen = 0
        for ids, vectors in batches:
            self.take_in(ids, vectors)

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
        floor = self.products[row, wanted - 1] - NEAR
        return float((found[:wanted] >= floor).sum()) / wanted if wanted else 1.0


def measure(search: Search, truth: Truth) -> tuple[list[float], list[float], list[float]]:
    """Each question's recall at 10, at 100, and the seconds of its search."""
    at_10, at_100, seconds = [], [], []
    for row, question in enumerate(truth.questions):
        begun = perf_counter()
        _, products = search(question, DEPTH)
        seconds.append(perf_counter() - begun)
        at_10.append(truth.recall(row, products, 10))
        at_100.append(truth.recall(row, products, DEPTH))
    return at_10, at_100, seconds
