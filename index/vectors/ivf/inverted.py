"""Search by clusters: only the vectors of the clusters nearest to the question are compared.

An inverted file (Jégou, Douze and Schmid 2011) of vectors in one byte a number finds candidates;
they are ranked by the very vectors of the store, of which only theirs are read. There are two
parts: the base, trained once and mapped from its file, and the fresh one in memory, with the same
clusters, which takes in what came since. What was removed is struck from the map of what is there,
and no candidate that is not on the map, or not in the store, is ever an answer.

Not covered: a base that grows in place. When the library has doubled, a new one is trained.
"""

from collections.abc import Sequence
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.vectors.engine import (
    DECIMALS,
    TIE_MARGIN,
    Ids,
    Source,
    Vectors,
    check_vectors,
    import_faiss,
    round_halves,
    sort_best,
)

FEW = 500
"""Up to so many allowed ids, all are compared by their stored vectors."""

WIDENING = 1.2
"""Candidates ranked by the store's vectors for each one wanted; a byte a number misplaces few."""

TUNED_DEPTH = 100
"""The number of results up to which the tuned number of clusters is searched."""

UNTUNED_SHARE = 0.2
"""The share of the clusters that is searched before anything was measured."""

CLOSE_ENOUGH = 0.98
"""The cosine that a vector in one byte a number has to the stored one, at least."""


class IVFVectors:
    """Search by inner product in trained clusters, exact in its scores, not in what it misses."""

    kind = "clusters, 8-bit (FAISS IVF-SQ8)"

    def __init__(
        self,
        base: Any,  # noqa: ANN401 - faiss.IndexIVFScalarQuantizer
        source: Source,
        *,
        name: str,
        probes: int = 0,
        fresh: Any = None,  # noqa: ANN401 - likewise
        present: NDArray[np.bool_] | None = None,
    ) -> None:
        """The engine around a trained index.

        Args:
            base: the trained index with its vectors.
            source: the store's vectors.
            name: what tells this base from any other; part of its file's name.
            probes: how many clusters a search looks into; a fifth of them when left out.
            fresh: what came after the base; empty when left out.
            present: which ids are there, by id; those of the base when left out.
        """
        self.base = base
        self.fresh = make_empty_like(base) if fresh is None else fresh
        self.name = name
        self.file: Path | None = None
        self.removed: Ids = np.empty(0, np.int64)
        """What was removed since it was last erased from the base's file."""
        self.dimension = int(base.d)
        self.lists = int(base.nlist)
        self.nprobe = probes or ceil(self.lists * UNTUNED_SHARE)
        self._source = source
        self._present = mark(read_ids(base)) if present is None else present
        self._count = int(self._present.sum())
        self._selector: Any = None
        self._places: tuple[Ids, Ids] | None = None

    def __len__(self) -> int:
        """How many vectors there are."""
        return self._count

    @property
    def trained(self) -> int:
        """How many vectors the base was trained with."""
        return int(self.base.ntotal)

    @property
    def present(self) -> NDArray[np.bool_]:
        """Which ids are there, by id."""
        return self._present

    def ids(self) -> Ids:
        """The ids of all vectors, ascending: ``(n,) int64``."""
        return np.flatnonzero(self._present).astype(np.int64)

    def add(self, ids: Sequence[int] | Ids, vectors: Vectors) -> None:
        """Takes in (n, dim) float32 unit rows under new ids.

        Raises:
            ValueError: shapes that do not fit, numbers that are not finite, or an id that is
                there already.
        """
        rows = np.asarray(ids, np.int64).reshape(-1)
        check_vectors(rows, vectors, self.dimension)
        if not len(rows):
            return
        if self._holds(rows).any() or len(np.unique(rows)) < len(rows):
            raise ValueError("an id is there already")
        self.fresh.add_with_ids(round_halves(vectors), rows)
        if rows.max() >= len(self._present):
            longer = np.zeros(int(rows.max()) * 5 // 4 + 1, np.bool_)
            longer[: len(self._present)] = self._present
            self._present = longer
        self._present[rows] = True
        self._count += len(rows)
        self._selector = self._places = None

    def remove(self, ids: Sequence[int] | Ids) -> int:
        """Forgets the ids that are there; says how many those were."""
        rows = np.unique(np.asarray(ids, np.int64).reshape(-1))
        rows = rows[self._holds(rows)]
        if len(rows):
            self.fresh.remove_ids(rows)
            self._present[rows] = False
            self._count -= len(rows)
            self.removed = np.concatenate([self.removed, rows])
            self._selector = self._places = None
        return len(rows)

    def search(self, vector: Vectors, k: int, allowed: Ids | None = None) -> tuple[Ids, Vectors]:
        """The best ``k`` ids and inner products that were found, best first, equal ones by id.

        There are ``k`` whenever ``k`` of the allowed ids are there: the fewer are allowed, the more
        clusters are searched, and few of them are all compared.

        Args:
            vector: (dim,) float32.
            k: how many, at most; fewer when there are not so many.
            allowed: ids to choose from, ascending; all when left out.
        """
        rows = None if allowed is None else allowed[self._holds(allowed)]
        count = len(self) if rows is None else len(rows)
        wanted = min(k, count)
        if wanted <= 0:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        if count <= FEW:
            rows = self.ids() if rows is None else rows
        else:
            selector = self._select(rows)
            rows = self._find_candidates(vector, wanted, count, selector)
        found, products = self._compare(vector, rows)
        return sort_best(found, products, wanted)

    def score(self, vector: Vectors, ids: Ids) -> tuple[Ids, Vectors]:
        """Those of the ids that are there, with the inner products that a search would give."""
        found, products = self._compare(vector, ids[self._holds(ids)])
        return found, np.round(products, DECIMALS)

    def fetch(self, ids: Sequence[int] | Ids) -> Vectors:
        """The stored vectors of ids that are there, (n, dim) float32.

        Raises:
            KeyError: an id is not there.
        """
        rows = np.asarray(ids, np.int64).reshape(-1)
        found, vectors = self._read(rows)
        if not self._holds(rows).all() or not np.isin(rows, found).all():
            raise KeyError(f"an id of {rows[:5].tolist()}… is not there")
        return vectors[np.searchsorted(found, rows)]

    def agrees(self, ids: Ids, vectors: Vectors) -> bool:
        """Whether what was indexed under the ids is these vectors, as near as a byte can tell."""
        decoded = self._decode(ids)
        if decoded is None:
            return False
        products = np.einsum("ij,ij->i", decoded, vectors)
        lengths = np.linalg.norm(decoded, axis=1) * np.linalg.norm(vectors, axis=1)
        return bool((products >= CLOSE_ENOUGH * lengths).all())

    def _holds(self, ids: Ids) -> NDArray[np.bool_]:
        """Which of the ids are there."""
        known = (ids >= 0) & (ids < len(self._present))
        known[known] = self._present[ids[known]]
        return known

    def _select(self, rows: Ids | None) -> Any:  # noqa: ANN401 - faiss.IDSelector or None
        """What tells FAISS which ids to look at; ``None`` when it is all that was ever indexed."""
        faiss = import_faiss()
        if rows is not None:
            return faiss.IDSelectorBitmap(np.packbits(mark(rows), bitorder="little"))
        if self._count == self.trained + int(self.fresh.ntotal):
            return None
        if self._selector is None:
            packed = np.packbits(self._present, bitorder="little")
            self._selector = faiss.IDSelectorBitmap(packed)
        return self._selector

    def _find_candidates(
        self,
        vector: Vectors,
        wanted: int,
        count: int,
        selector: Any,  # noqa: ANN401 - as above
    ) -> Ids:
        """Ids that hold the best ones, more than are wanted; ascending."""
        faiss = import_faiss()
        question = np.asarray(vector, np.float32).reshape(1, -1)
        depth = min(count, ceil(wanted * WIDENING) + TIE_MARGIN)
        indexed = self.trained + int(self.fresh.ntotal)
        # With fewer allowed, as many comparisons reach further; so they do for longer lists.
        probes = ceil(self.nprobe * indexed / count * max(1.0, wanted / TUNED_DEPTH))
        while True:
            probes = min(probes, self.lists)
            parameters = faiss.SearchParametersIVF(nprobe=probes, sel=selector)
            parts = [
                part.search(question, depth, params=parameters)
                for part in (self.base, self.fresh)
                if part.ntotal
            ]
            rows = np.concatenate([ids[0] for _, ids in parts])
            scores = np.concatenate([products[0] for products, _ in parts])
            kept = self._holds(rows)
            rows, scores = rows[kept], scores[kept]
            if len(rows) >= depth or probes == self.lists:
                best = np.argsort(-scores, kind="stable")[:depth]
                return np.unique(rows[best])
            probes *= 4

    def _compare(self, vector: Vectors, rows: Ids) -> tuple[Ids, Vectors]:
        """Those of the rows that the store has, ascending, with their inner products."""
        found, vectors = self._read(rows)
        return found, vectors @ np.asarray(vector, np.float32)

    def _read(self, rows: Ids) -> tuple[Ids, Vectors]:
        """Those of the rows that the store has, ascending, with their vectors."""
        batches = list(self._source(np.unique(rows)))
        if not batches:
            return np.empty(0, np.int64), np.empty((0, self.dimension), np.float32)
        return (
            np.concatenate([ids for ids, _ in batches]),
            np.concatenate([vectors for _, vectors in batches]),
        )

    def _decode(self, ids: Ids) -> Vectors | None:
        """What was indexed under the ids, (n, dim) float32; ``None`` when one is missing."""
        faiss = import_faiss()
        parts = (self.base, self.fresh)
        if self._places is None:
            known = [read_ids(part) for part in parts]
            order = np.argsort(np.concatenate(known), kind="stable")
            self._places = np.concatenate(known)[order], order
        known_ids, order = self._places
        at = np.searchsorted(known_ids, ids)
        if not np.array_equal(known_ids[at[at < len(known_ids)]], ids):
            return None
        vectors = np.empty((len(ids), self.dimension), np.float32)
        sizes = [[part.invlists.list_size(i) for i in range(self.lists)] for part in parts]
        ends = np.cumsum(np.concatenate(sizes))
        for number, place in enumerate(order[at].tolist()):
            run = int(np.searchsorted(ends, place, "right"))
            offset = place - (int(ends[run - 1]) if run else 0)
            target = faiss.swig_ptr(vectors[number])
            parts[run // self.lists].reconstruct_from_offset(run % self.lists, offset, target)
        return vectors


def make_empty_like(base: Any) -> Any:  # noqa: ANN401 - faiss.IndexIVFScalarQuantizer
    """An index without vectors that has the clusters and the scale of ``base``."""
    faiss = import_faiss()
    centroids = faiss.IndexFlatIP(base.d)
    centroids.add(base.quantizer.reconstruct_n(0, base.nlist))
    kind = faiss.ScalarQuantizer.QT_8bit_uniform
    empty = faiss.IndexIVFScalarQuantizer(
        centroids, base.d, base.nlist, kind, faiss.METRIC_INNER_PRODUCT, base.by_residual
    )
    empty.sq = base.sq
    empty.is_trained = True
    return empty


def read_ids(part: Any) -> Ids:  # noqa: ANN401 - faiss.IndexIVFScalarQuantizer
    """The ids in a part, in the order of its clusters."""
    faiss = import_faiss()
    lists = part.invlists
    found = [
        np.array(faiss.rev_swig_ptr(lists.get_ids(number), size))
        for number in range(part.nlist)
        if (size := lists.list_size(number))
    ]
    return np.concatenate([np.empty(0, np.int64), *found]).astype(np.int64)


def mark(ids: Ids) -> NDArray[np.bool_]:
    """A map of ids: true at each of them."""
    marked = np.zeros(int(ids.max(initial=0)) + 1, np.bool_)
    marked[ids] = True
    return marked
