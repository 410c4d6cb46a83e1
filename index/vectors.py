"""Passage vectors in FAISS: exact search by inner product, and the file that keeps them.

Engines see ids and arrays, never text. A vector takes two bytes a number, the very halves that the
store keeps, so a search here is exact over what is stored. The file is a cache: it is used only
when its header says that every byte is as it was written, since FAISS trusts what it reads.

Not covered: approximate engines for very large libraries; they would be further classes with the
methods of ``VectorEngine``.
"""

import hashlib
import json
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]
Vectors = NDArray[np.float32]

VECTORS_NAME = "vectors.faiss"
HEADER_NAME = "vectors.json"
HEADER_FORMAT = 1
TIE_MARGIN = 16
DECIMALS = 6
"""Products are rounded to so many, since their last bits depend on the order of adding up."""

HIGHEST_DIMENSION = 65_536


class VectorEngine(Protocol):
    """What the library needs of a vector index."""

    @property
    def kind(self) -> str:
        """What it is, for a person."""

    def __len__(self) -> int:
        """How many vectors there are."""

    def ids(self) -> Ids:
        """The ids of all vectors, ascending."""

    def add(self, ids: Sequence[int] | Ids, vectors: Vectors) -> None:
        """Takes in (n, dim) float32 unit rows under new ids."""

    def remove(self, ids: Sequence[int] | Ids) -> int:
        """Forgets the ids that are there; says how many those were."""

    def search(self, vector: Vectors, k: int, allowed: Ids | None = None) -> tuple[Ids, Vectors]:
        """The best ``k`` ids and inner products, best first, equal ones by their id."""

    def score(self, vector: Vectors, ids: Ids) -> tuple[Ids, Vectors]:
        """Those of the ids that are there, with the inner products that a search would give."""

    def fetch(self, ids: Sequence[int] | Ids) -> Vectors:
        """The vectors of ids that are there, (n, dim) float32."""


def import_faiss() -> Any:  # noqa: ANN401 - its own types leave out what its Python layer adds
    """The module ``faiss``, loaded when it is first needed."""
    return import_module("faiss")


class FaissVectors:
    """Exact search by inner product over half-precision vectors."""

    kind = "exact, 16-bit (FAISS)"

    def __init__(self, dimension: int) -> None:
        """Empty, for vectors of ``dimension`` numbers."""
        faiss = import_faiss()
        self.dimension = dimension
        kind = faiss.ScalarQuantizer.QT_fp16
        halves = faiss.IndexScalarQuantizer(dimension, kind, faiss.METRIC_INNER_PRODUCT)
        self._faiss_index = faiss.IndexIDMap2(halves)
        self._highest = -1

    def __len__(self) -> int:
        """How many vectors there are."""
        return int(self._faiss_index.ntotal)

    def ids(self) -> Ids:
        """The ids of all vectors, ascending: ``(n,) int64``."""
        faiss = import_faiss()
        return np.sort(faiss.vector_to_array(self._faiss_index.id_map))

    def add(self, ids: Sequence[int] | Ids, vectors: Vectors) -> None:
        """Takes in (n, dim) float32 unit rows under new ids.

        Raises:
            ValueError: shapes that do not fit, numbers that are not finite, or an id that is
                there already.
        """
        rows = np.asarray(ids, np.int64).reshape(-1)
        if vectors.shape != (len(rows), self.dimension):
            raise ValueError(
                f"{len(rows)} ids of dimension {self.dimension} do not fit {vectors.shape}"
            )
        if not np.isfinite(vectors).all():
            raise ValueError("a vector holds numbers that are not finite")
        if not len(rows):
            return
        # Rows of a store only grow, so most often a glance at the highest one is enough.
        known = rows.min() <= self._highest and np.isin(rows, self.ids()).any()
        if known or len(np.unique(rows)) < len(rows):
            raise ValueError("an id is there already")
        self._highest = max(self._highest, int(rows.max()))
        # Rounded as the store rounds, since FAISS's own rounding may differ in the last bit.
        halves = vectors.astype(np.float16).astype(np.float32)
        self._faiss_index.add_with_ids(halves, rows)

    def remove(self, ids: Sequence[int] | Ids) -> int:
        """Forgets the ids that are there; says how many those were."""
        rows = np.asarray(ids, np.int64).reshape(-1)
        return int(self._faiss_index.remove_ids(rows)) if len(rows) and len(self) else 0

    def search(self, vector: Vectors, k: int, allowed: Ids | None = None) -> tuple[Ids, Vectors]:
        """The best ``k`` ids and inner products, best first, equal ones by their id.

        Args:
            vector: (dim,) float32.
            k: how many, at most; fewer when there are not so many.
            allowed: ids to choose from, ascending; all when left out.
        """
        faiss = import_faiss()
        count = len(self) if allowed is None else min(len(self), len(allowed))
        wanted = min(k, count)
        if wanted <= 0:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        parameters = None
        if allowed is not None:
            members = np.zeros(int(allowed[-1]) + 1, np.bool_)
            members[allowed] = True
            selector = faiss.IDSelectorBitmap(np.packbits(members, bitorder="little"))
            parameters = faiss.SearchParameters(sel=selector)
        # A few more than asked for, so that which of several equal ones comes is no accident.
        scores, ids = self._faiss_index.search(
            np.asarray(vector, np.float32).reshape(1, -1),
            min(wanted + TIE_MARGIN, count),
            params=parameters,
        )
        found = ids[0] >= 0
        rows, products = ids[0][found], np.round(scores[0][found], DECIMALS)
        order = np.lexsort((rows, -products))[:wanted]
        return rows[order], products[order]

    def score(self, vector: Vectors, ids: Ids) -> tuple[Ids, Vectors]:
        """Those of the ids that are there, with the inner products that a search would give."""
        try:
            vectors = self.fetch(ids)
        except KeyError:
            ids = ids[np.isin(ids, self.ids())]
            vectors = self.fetch(ids)
        return ids, np.round(vectors @ np.asarray(vector, np.float32), DECIMALS)

    def fetch(self, ids: Sequence[int] | Ids) -> Vectors:
        """The vectors of ids that are there, (n, dim) float32.

        Raises:
            KeyError: an id is not there.
        """
        rows = np.asarray(ids, np.int64).reshape(-1)
        if not len(rows):
            return np.empty((0, self.dimension), np.float32)
        try:
            vectors: Vectors = self._faiss_index.reconstruct_batch(rows)
        except RuntimeError as error:
            raise KeyError(f"an id of {rows[:5].tolist()}… is not there") from error
        return vectors

    def write(self, file: Path) -> None:
        """Writes the index as a FAISS file.

        Raises:
            OSError: the disk is full or failing.
        """
        faiss = import_faiss()
        try:
            faiss.write_index(self._faiss_index, str(file))
        except RuntimeError as error:
            raise OSError(None, f"FAISS could not write {file.name}") from error

    @classmethod
    def read(cls, file: Path, dimension: int, count: int) -> "FaissVectors | None":
        """The index in a FAISS file whose bytes are known to be good; ``None`` if it is not ours.

        What the file may make FAISS allocate is bounded by what it should hold.
        """
        faiss = import_faiss()
        engine = cls(dimension)
        faiss.set_deserialization_vector_byte_limit(max(1 << 20, 4 * dimension * (count + 1)))
        try:
            loaded = faiss.read_index(str(file))
        except (RuntimeError, MemoryError):
            return None
        if not isinstance(loaded, faiss.IndexIDMap2):
            return None
        halves = faiss.downcast_index(loaded.index)
        ours = (
            isinstance(halves, faiss.IndexScalarQuantizer)
            and halves.sq.qtype == faiss.ScalarQuantizer.QT_fp16
            and loaded.metric_type == halves.metric_type == faiss.METRIC_INNER_PRODUCT
            and loaded.d == halves.d == dimension
            and loaded.ntotal == halves.ntotal == loaded.id_map.size() == count
            and halves.codes.size() == count * dimension * 2
        )
        if not ours:
            return None
        engine._faiss_index = loaded
        engine._highest = max(engine.ids().tolist(), default=-1)
        return engine


@dataclass(frozen=True, slots=True)
class Header:
    """What is said about a saved index; it is used only when all of it is true.

    ``owner`` is the library's own id and ``version`` the store's at the time.
    """

    owner: str
    version: int
    dimension: int
    count: int
    sha256: str
    format: int = HEADER_FORMAT


def save_vectors(engine: FaissVectors, folder: Path, owner: str, version: int) -> None:
    """Writes the index and its header; a crash leaves the old pair or one that is not believed.

    Raises:
        OSError: the disk is full, read-only or failing; the old file is kept where possible.
    """
    draft = folder / f"{VECTORS_NAME}.draft"
    header_draft = folder / f"{HEADER_NAME}.draft"
    try:
        engine.write(draft)
        sync(draft)
        header = Header(owner, version, engine.dimension, len(engine), hash_file(draft))
        header_draft.write_text(json.dumps(asdict(header)), "utf-8")
        sync(header_draft)
        draft.replace(folder / VECTORS_NAME)
        header_draft.replace(folder / HEADER_NAME)
        sync(folder)
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
            header_draft.unlink(missing_ok=True)


def load_vectors(folder: Path, owner: str, dimension: int) -> tuple[FaissVectors, int] | None:
    """The saved index and its version; ``None`` when there is none that can be believed."""
    header = read_header(folder / HEADER_NAME)
    file = folder / VECTORS_NAME
    if header is None or (header.owner, header.dimension) != (owner, dimension):
        return None
    try:
        if hash_file(file) != header.sha256:
            return None
    except OSError:
        return None
    engine = FaissVectors.read(file, dimension, header.count)
    return None if engine is None else (engine, header.version)


def read_header(file: Path) -> Header | None:
    """The header in a file; ``None`` when it is missing, damaged or of another format."""
    try:
        values: Any = json.loads(file.read_text("utf-8"))
        header = Header(**values)
    except (OSError, ValueError, TypeError):
        return None
    numbers = (header.version, header.dimension, header.count, header.format)
    texts = (header.owner, header.sha256)
    sound = (
        all(type(number) is int and number >= 0 for number in numbers)
        and all(isinstance(text, str) for text in texts)
        and header.format == HEADER_FORMAT
        and 0 < header.dimension <= HIGHEST_DIMENSION
    )
    return header if sound else None


def hash_file(file: Path) -> str:
    """The SHA-256 of the file's bytes, in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sync(path: Path) -> None:
    """Waits until the file or folder is on the disk; where folders cannot be, it does nothing."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except PermissionError:
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
