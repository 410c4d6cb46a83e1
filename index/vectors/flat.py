"""Exact search: every vector is compared with the question.

A vector takes two bytes a number, the very halves that the store keeps, so a search here is exact
over what is stored.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np

from index.vectors.engine import (
    TIE_MARGIN,
    Header,
    Ids,
    Source,
    VectorEngine,
    Vectors,
    check_vectors,
    import_faiss,
    round_halves,
    sort_best,
    using_threads,
    write_index,
)


class FaissVectors(VectorEngine):
    """Exact search by inner product over half-precision vectors."""

    name = "exact"
    kind = "exact, 16-bit (FAISS)"

    def __init__(self, dimension: int) -> None:
        """Empty, for vectors of ``dimension`` numbers."""
        super().__init__(dimension)
        faiss = import_faiss()
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
        """Takes in (n, dim) float32 unit rows under new ids."""
        rows = check_vectors(ids, vectors, self)
        if not len(rows):
            return
        # Rows of a store only grow, so most often a glance at the highest one is enough.
        if rows.min() <= self._highest and np.isin(rows, self.ids()).any():
            raise ValueError("an id is there already")
        self._highest = max(self._highest, int(rows.max()))
        self._faiss_index.add_with_ids(round_halves(vectors), rows)

    def remove(self, ids: Sequence[int] | Ids) -> int:
        """Forgets the ids that are there; says how many those were."""
        rows = np.asarray(ids, np.int64).reshape(-1)
        return int(self._faiss_index.remove_ids(rows)) if len(rows) and len(self) else 0

    def search(self, vector: Vectors, k: int, allowed: Ids | None = None) -> tuple[Ids, Vectors]:
        """The best ``k`` ids and inner products, best first, equal ones by their id."""
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
        # One question is one thread's work; others would only be woken to wait for it.
        with using_threads(1):
            scores, ids = self._faiss_index.search(
                np.asarray(vector, np.float32).reshape(1, -1),
                min(wanted + TIE_MARGIN, count),
                params=parameters,
            )
        found = ids[0] >= 0
        return sort_best(ids[0][found], scores[0][found], wanted)

    def fetch(self, ids: Sequence[int] | Ids) -> Vectors:
        """The vectors of ids that are there, (n, dim) float32."""
        rows = np.asarray(ids, np.int64).reshape(-1)
        if not len(rows):
            return np.empty((0, self.dimension), np.float32)
        try:
            vectors: Vectors = self._faiss_index.reconstruct_batch(rows)
        except RuntimeError as error:
            raise KeyError(f"an id of {rows[:5].tolist()}… is not there") from error
        return vectors

    def save(self, file: Path, version: int) -> dict[str, Any]:
        """Writes the index as a FAISS file.

        Raises:
            OSError: the disk is full or failing.
        """
        write_index(self._faiss_index, file)
        return {}

    @classmethod
    def load(cls, file: Path, header: Header, source: Source) -> Self | None:
        """The index in a FAISS file whose bytes are known to be good; ``None`` if it is not ours.

        What the file may make FAISS allocate is bounded by what it should hold.
        """
        dimension, count = header.dimension, header.count
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
