"""What every vector engine does, and what they share; a new one: ``docs/extending.md``."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from index.vectors.tuning import Check, Truth, Tuning, Watch

Ids = NDArray[np.int64]
Vectors = NDArray[np.float32]
Source = Callable[[Ids], Iterable[tuple[Ids, Vectors]]]
"""Gives the stored vectors of those of the ids that are there, in batches, ids ascending."""

VECTORS_NAME = "vectors.faiss"
"""The file of an engine, whatever it is, and how the names of others begin."""

TIE_MARGIN = 16
DECIMALS = 6
"""Products are rounded to so many, since their last bits depend on the order of adding up."""


@dataclass(frozen=True, slots=True)
class Header:
    """What is said about a saved index; it is used only when all of it is true.

    ``owner`` is the library's own id and ``version`` the store's at the time. ``part`` is what the
    engine says beside; in the file it stands under the engine's name.
    """

    owner: str
    version: int
    dimension: int
    count: int
    sha256: str
    format: int
    engine: str
    part: dict[str, Any]

    @property
    def files(self) -> set[str]:
        """The names of the files that it speaks of: what in the part begins as they do."""
        texts = (value for value in self.part.values() if isinstance(value, str))
        return {text for text in texts if text.startswith(VECTORS_NAME)} or {VECTORS_NAME}


class VectorEngine(ABC):
    """What the library needs of a vector index.

    Most begin empty, made for a dimension. One with ``trained_from`` is made by ``train``.
    """

    name: ClassVar[str]
    """What the table, the settings and the header of its files call it."""
    kind: ClassVar[str]
    """What it is, for a person."""
    trained_from: ClassVar[int] = 0
    """With fewer passages it is not trained, and search is exact; 0 for one that begins empty."""
    file: Path | None = None
    """What its training wrote."""
    dimension: int

    def __init__(self, dimension: int) -> None:
        """Empty, for vectors of ``dimension`` numbers."""
        self.dimension = dimension

    @abstractmethod
    def __len__(self) -> int:
        """How many vectors there are."""

    @abstractmethod
    def ids(self) -> Ids:
        """The ids of all vectors, ascending: ``(n,) int64``."""

    @abstractmethod
    def add(self, ids: Sequence[int] | Ids, vectors: Vectors) -> None:
        """Takes in (n, dim) float32 unit rows, which are halves, under new ids.

        Raises:
            ValueError: shapes that do not fit, numbers that are not finite, or an id that is
                there already.
        """

    @abstractmethod
    def remove(self, ids: Sequence[int] | Ids) -> int:
        """Forgets the ids that are there; says how many those were."""

    @abstractmethod
    def search(self, vector: Vectors, k: int, allowed: Ids | None = None) -> tuple[Ids, Vectors]:
        """The best ``k`` ids and inner products with ``vector``, best first, equal ones by id.

        There are ``k`` whenever ``k`` of the ``allowed`` ids, which are ascending, are there.
        """

    @abstractmethod
    def fetch(self, ids: Sequence[int] | Ids) -> Vectors:
        """The vectors of ids that are there, (n, dim) float32.

        Raises:
            KeyError: an id is not there.
        """

    def score(self, vector: Vectors, ids: Ids) -> tuple[Ids, Vectors]:
        """Those of the ids that are there, with the inner products that a search would give."""
        try:
            vectors = self.fetch(ids)
        except KeyError:
            ids = ids[np.isin(ids, self.ids())]
            vectors = self.fetch(ids)
        return ids, np.round(vectors @ np.asarray(vector, np.float32), DECIMALS)

    def agrees(self, ids: Ids, vectors: Vectors) -> bool:
        """Whether what it holds of ids that are there is these vectors, as exactly as it can be."""
        return np.array_equal(self.fetch(ids), vectors)

    @abstractmethod
    def save(self, file: Path, version: int) -> dict[str, Any]:
        """Writes itself as ``file``; gives what ``load`` needs beside it, to stand in the header.

        One of several files writes those that are new beside ``file``, under names that begin with
        ``VECTORS_NAME`` and eight hexadecimal digits; it gives the names, and a ``sha256``.
        """

    @classmethod
    @abstractmethod
    def load(cls, file: Path, header: Header, source: Source) -> Self | None:
        """The engine that was saved; ``None`` when its files are not what the header says.

        The bytes of ``file`` are as they were written; files of other names are its own to check.
        """

    def erase_removed(self) -> None:  # noqa: B027 - most have nothing to do
        """Wipes what is removed from files that ``save`` left; the new header is in place."""

    @classmethod
    def describe(cls, reason: str, part: dict[str, Any], tuning: Tuning | None) -> str:
        """How vectors are searched and why; ``part`` is its own of the header."""
        return f"{cls.kind}: {reason}"

    @classmethod
    def train(
        cls, rows: Ids, source: Source, dimension: int, folder: Path, check: Check, watch: Watch
    ) -> Self:
        """One trained with the vectors at ``rows``, which it holds; its ``file`` is in ``folder``.

        ``check`` is called now and then, and what it raises stops the training; ``watch`` is shown
        every vector once.
        """
        raise NotImplementedError(f"{cls.name} is not trained")

    def is_worn(self) -> bool:
        """Whether it must be trained anew."""
        return False

    def tune(self, truth: Truth, target: float, check: Check = lambda: None) -> Tuning | None:
        """Searches as little as reaches the recall ``target``; what was chosen and measured."""
        return None

    def use_tuning(self, tuning: Tuning) -> None:  # noqa: B027 - likewise
        """Searches as it was tuned to, if it was this one."""


def import_faiss() -> Any:  # noqa: ANN401 - its own types leave out what its Python layer adds
    """The module ``faiss``, loaded when it is first needed."""
    return import_module("faiss")


def write_index(faiss_index: Any, file: Path) -> None:  # noqa: ANN401 - a faiss.Index
    """Writes an index of FAISS's as its file.

    Raises:
        OSError: the disk is full or failing.
    """
    try:
        import_faiss().write_index(faiss_index, str(file))
    except RuntimeError as error:
        raise OSError(None, f"FAISS could not write {file.name}") from error


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


def check_vectors(ids: Sequence[int] | Ids, vectors: Vectors, engine: VectorEngine) -> Ids:
    """The ids as an array, which with the vectors is fit to be added to an engine.

    Raises:
        ValueError: shapes that do not fit, numbers that are not finite, or an id that comes twice.
    """
    rows = np.asarray(ids, np.int64).reshape(-1)
    if vectors.shape != (len(rows), engine.dimension):
        fit = f"{len(rows)} ids of dimension {engine.dimension}"
        raise ValueError(f"{fit} do not fit {vectors.shape}")
    if not np.isfinite(vectors).all():
        raise ValueError("a vector holds numbers that are not finite")
    if len(np.unique(rows)) < len(rows):
        raise ValueError("an id is there already")
    return rows


def round_halves(vectors: Vectors) -> Vectors:
    """The vectors as the store keeps them: FAISS's own rounding may differ in the last bit."""
    return vectors.astype(np.float16).astype(np.float32)


def sort_best(rows: Ids, products: Vectors, k: int) -> tuple[Ids, Vectors]:
    """The best ``k`` ids with their products rounded, equal ones by their id."""
    products = np.round(products, DECIMALS)
    order = np.lexsort((rows, -products))[:k]
    return rows[order], products[order]
