"""Search by clusters: only the vectors of the clusters nearest to the question are compared.

An inverted file (Jégou, Douze and Schmid 2011) of vectors in one byte a number finds candidates;
they are ranked by the very vectors of the store, of which only theirs are read. There are two
parts: the base, trained once and mapped from its file, and the fresh one in memory, with the same
clusters, which takes in what came since. What was removed is struck from the map of what is there,
and no candidate that is not on the map, or not in the store, is ever an answer.

Not covered: a base that grows in place. When the library has doubled, a new one is trained.
"""

import secrets
from collections.abc import Sequence
from math import ceil, sqrt
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from index.storage.tables import now
from index.vectors.engine import (
    DECIMALS,
    TIE_MARGIN,
    VECTORS_NAME,
    Header,
    Ids,
    Source,
    VectorEngine,
    Vectors,
    check_vectors,
    import_faiss,
    round_halves,
    sort_best,
    write_index,
)
from index.vectors.files import sync
from index.vectors.ivf.parts import (
    Clusters,
    erase_codes,
    make_empty_like,
    map_base,
    read_ids,
    read_parts,
    write_parts,
)
from index.vectors.ivf.training import train_clusters
from index.vectors.tuning import Check, Truth, Tuning, Watch, measure

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

GROWTH = 2.0
"""Clusters are trained anew when there are so many times the passages they were trained with."""

LOST_SHARE = 0.25
"""They are also trained anew when this share of what they were trained with was removed."""


class IVFVectors(VectorEngine):
    """Search by inner product in trained clusters, exact in its scores, not in what it misses."""

    name = "clusters"
    kind = "clusters, 8-bit (FAISS IVF-SQ8)"
    trained_from = 1_000

    def __init__(
        self,
        base: Any,  # noqa: ANN401 - faiss.IndexIVFScalarQuantizer
        source: Source,
        file: Path | None = None,
        fresh: Any = None,  # noqa: ANN401 - likewise
        present: NDArray[np.bool_] | None = None,
    ) -> None:
        """The engine around a trained index.

        Args:
            base: the trained index with its vectors.
            source: the store's vectors.
            file: the base's, if it is in one; the end of its name tells it from any other.
            fresh: what came after the base; empty when left out.
            present: which ids are there, by id; those of the base when left out.
        """
        self.base = base
        self.fresh = make_empty_like(base) if fresh is None else fresh
        self.file = file
        self.removed: Ids = np.empty(0, np.int64)
        """What was removed since it was last erased from the base's file."""
        self.dimension = int(base.d)
        self.lists = int(base.nlist)
        self.nprobe = ceil(self.lists * UNTUNED_SHARE)
        self._source = source
        self._present = mark(read_ids(base)) if present is None else present
        self._count = int(self._present.sum())
        self._selector: Any = None
        self._places: tuple[Ids, Ids] | None = None

    def __len__(self) -> int:
        """How many vectors there are."""
        return self._count

    @property
    def stamp(self) -> str:
        """What tells this base from any other."""
        return self.file.suffix[1:] if self.file else ""

    @property
    def trained(self) -> int:
        """How many vectors the base was trained with."""
        return int(self.base.ntotal)

    def ids(self) -> Ids:
        """The ids of all vectors, ascending: ``(n,) int64``."""
        return np.flatnonzero(self._present).astype(np.int64)

    def add(self, ids: Sequence[int] | Ids, vectors: Vectors) -> None:
        """Takes in (n, dim) float32 unit rows under new ids."""
        rows = check_vectors(ids, vectors, self)
        if not len(rows):
            return
        if self._holds(rows).any():
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
        """The stored vectors of ids that are there, (n, dim) float32."""
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

    @classmethod
    def train(
        cls, rows: Ids, source: Source, dimension: int, folder: Path, check: Check, watch: Watch
    ) -> Self:
        """The engine of clusters trained with the vectors at ``rows``, mapped from its new file."""
        base = train_clusters(rows, source, dimension, check=check, watch=watch)
        file = folder / f"{VECTORS_NAME}.{secrets.token_hex(4)}"
        try:
            write_index(base, file)
            sync(file)
            mapped = map_base(file, dimension, base.nlist, base.ntotal)
            if mapped is None:
                raise OSError(f"{file.name} was not written as it should be")
        except BaseException:
            file.unlink(missing_ok=True)
            raise
        return cls(mapped, source, file)

    def is_worn(self) -> bool:
        """Whether there are many more, or many fewer, than the clusters were trained with."""
        lost = self.trained + int(self.fresh.ntotal) - len(self)
        return len(self) > GROWTH * self.trained or lost > LOST_SHARE * self.trained

    def tune(self, truth: Truth, target: float, check: Check = lambda: None) -> Tuning:
        """Sets the fewest clusters with which ``target`` is reached, and measures it.

        It is reached when the mean is above it by its standard error, since other questions than
        these will be asked. All clusters are searched when that is not enough.
        """
        low, high = 0, self.lists
        while high - low > max(1, high // 32):
            self.nprobe = (low + high) // 2
            check()
            at_10, _, _ = measure(self.search, truth)
            if np.mean(at_10) - np.std(at_10) / sqrt(max(len(at_10), 1)) >= target:
                high = self.nprobe
            else:
                low = self.nprobe
        self.nprobe = high
        check()
        at_10, at_100, seconds = measure(self.search, truth)
        return Tuning(
            name=self.stamp,
            lists=self.lists,
            probes=high,
            target=target,
            recall_10=round(float(np.mean(at_10)), 4),
            recall_100=round(float(np.mean(at_100)), 4),
            questions=len(truth.questions),
            passages=len(self),
            p50_ms=round(float(np.median(seconds)) * 1000, 3),
            p95_ms=round(float(np.quantile(seconds, 0.95)) * 1000, 3),
            measured_at=now(),
        )

    def use_tuning(self, tuning: Tuning) -> None:
        """Searches as many clusters as it was tuned to, if these are the clusters."""
        if (tuning.name, tuning.lists) == (self.stamp, self.lists):
            self.nprobe = min(tuning.probes, self.lists)

    @classmethod
    def describe(cls, reason: str, part: dict[str, Any], tuning: Tuning | None) -> str:
        """How many clusters there are and are searched, why, and what was measured."""
        clusters = Clusters.read(part)
        lists = clusters.lists if clusters else 0
        if clusters and tuning and clusters.base == f"{VECTORS_NAME}.{tuning.name}":
            searched, measured = f"{tuning.probes:,}", tuning.describe()
        else:
            searched, measured = "a fifth", "not measured yet, see `dateline tune`"
        return f"{cls.kind}, {lists:,} clusters, {searched} searched: {reason}; {measured}"

    def save(self, file: Path, version: int) -> dict[str, Any]:
        """Writes what came since the training, and which ids are there.

        Raises:
            OSError: the base is not in a file of the folder, or the disk is full or failing.
        """
        if self.file is None or self.file.parent != file.parent or not self.file.exists():
            raise OSError(None, "the trained clusters are not in a file of the library")
        return write_parts(self.file, self.base, self.fresh, self._present, version)

    @classmethod
    def load(cls, file: Path, header: Header, source: Source) -> Self | None:
        """The engine of clusters that was saved; ``None`` when its files are not that."""
        parts = read_parts(file.parent, header)
        if parts is None:
            return None
        base, *others = parts
        return cls(base, source, *others)

    def erase_removed(self) -> None:
        """Overwrites the codes of what is removed in the file of the base."""
        if self.file is not None and len(self.removed):
            erase_codes(self.base, self.file, self.removed)
            self.removed = np.empty(0, np.int64)

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


def mark(ids: Ids) -> NDArray[np.bool_]:
    """A map of ids: true at each of them."""
    marked = np.zeros(int(ids.max(initial=0)) + 1, np.bool_)
    marked[ids] = True
    return marked
