"""What every vector engine does, and what they share."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]
Vectors = NDArray[np.float32]
Source = Callable[[Ids], Iterable[tuple[Ids, Vectors]]]
"""Gives the stored vectors of those of the ids that are there, in batches, ids ascending."""

TIE_MARGIN = 16
DECIMALS = 6
"""Products are rounded to so many, since their last bits depend on the order of adding up."""


class VectorEngine(Protocol):
    """What the library needs of a vector index."""

    @property
    def kind(self) -> str:
        """What it is, for a person."""

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""

    def __len__(self) -> int:
        """How many vectors there are."""

    def ids(self) -> Ids:
        """The ids of all vectors, ascending."""

    def add(self, ids: Sequence[int] | Ids, vectors: Vectors) -> None:
        """Takes in (n, dim) float32 unit rows under new ids."""

    def remove(self, ids: Sequence[int] | Ids) -> int:
        """Forgets the ids that are there; says how many those were."""

    def search(self, vector: Vectors, k: int, allowed: Ids | None = None) -> tuple[Ids, Vectors]:
        """The best ``k`` ids and inner products, best first, equal ones by their id.

        There are ``k`` whenever ``k`` of the allowed ids are there.
        """

    def score(self, vector: Vectors, ids: Ids) -> tuple[Ids, Vectors]:
        """Those of the ids that are there, with the inner products that a search would give."""

    def fetch(self, ids: Sequence[int] | Ids) -> Vectors:
        """The vectors of ids that are there, (n, dim) float32."""

    def agrees(self, ids: Ids, vectors: Vectors) -> bool:
        """Whether what it holds of ids that are there is these vectors, as exactly as it can be."""


def import_faiss() -> Any:  # noqa: ANN401 - its own types leave out what its Python layer adds
    """The module ``faiss``, loaded when it is first needed."""
    return import_module("faiss")


@contextmanager
def using_threads(count: int) -> Iterator[None]:
    """A block in which FAISS uses ``count`` threads when this one calls it."""
    faiss = import_faiss()
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(count)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)


def check_vectors(rows: Ids, vectors: Vectors, dimension: int) -> None:
    """Refuses shapes that do not fit and numbers that are not finite.

    Raises:
        ValueError: for either.
    """
    if vectors.shape != (len(rows), dimension):
        raise ValueError(f"{len(rows)} ids of dimension {dimension} do not fit {vectors.shape}")
    if not np.isfinite(vectors).all():
        raise ValueError("a vector holds numbers that are not finite")


def round_halves(vectors: Vectors) -> Vectors:
    """The vectors as the store keeps them: FAISS's own rounding may differ in the last bit."""
    return vectors.astype(np.float16).astype(np.float32)


def sort_best(rows: Ids, products: Vectors, k: int) -> tuple[Ids, Vectors]:
    """The best ``k`` ids with their products rounded, equal ones by their id."""
    products = np.round(products, DECIMALS)
    order = np.lexsort((rows, -products))[:k]
    return rows[order], products[order]
