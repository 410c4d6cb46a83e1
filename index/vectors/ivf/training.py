"""How clusters are trained: k-means over a sample, then every vector into its cluster."""

from collections.abc import Callable
from math import log2, sqrt
from typing import Any

import numpy as np

from index.vectors.engine import Ids, Source, Vectors, import_faiss, round_halves
from index.vectors.tuning import Check

SAMPLE = 64
"""Vectors of the sample for each cluster; FAISS asks for 39 at least."""

MARGIN = 0.1
"""The share of a coordinate's range in the sample that its codes reach beyond it, at both ends."""

ROUNDS = 10
SEED = 7
BATCH = 16_384


def count_lists(count: int) -> int:
    """How many clusters ``count`` vectors are put into: the power of two about 4√count."""
    return 1 << max(2, round(log2(4 * sqrt(max(count, 1)))))


def train_clusters(
    rows: Ids,
    source: Source,
    dimension: int,
    *,
    check: Check = lambda: None,
    watch: Callable[[Ids, Vectors], None] = lambda ids, vectors: None,
) -> Any:  # noqa: ANN401 - faiss.IndexIVFScalarQuantizer
    """An inverted file of the vectors at ``rows``, in memory; the same rows give the same one.

    Args:
        rows: which vectors, ascending.
        source: gives them.
        dimension: how many numbers each has.
        check: called now and then; what it raises stops the training.
        watch: is shown every vector once, in the order of the rows.
    """
    faiss = import_faiss()
    lists = count_lists(len(rows))
    size = min(len(rows), SAMPLE * lists)
    chosen = np.sort(np.random.default_rng(SEED).choice(rows, size, replace=False))
    sample = np.concatenate([vectors for _, vectors in source(chosen)])
    centroids = find_centroids(sample, min(lists, len(sample)), check)
    coarse = faiss.IndexFlatIP(dimension)
    coarse.add(centroids)
    inverted = faiss.IndexIVFScalarQuantizer(
        coarse,
        dimension,
        len(centroids),
        faiss.ScalarQuantizer.QT_8bit_uniform,
        faiss.METRIC_INNER_PRODUCT,
        # Coded as they are and with room at both ends: what comes later may differ from the sample.
        False,
    )
    inverted.sq.rangestat_arg = MARGIN
    inverted.train(sample)
    del sample
    for start in range(0, len(rows), BATCH):
        check()
        for ids, vectors in source(rows[start : start + BATCH]):
            inverted.add_with_ids(round_halves(vectors), ids)
            watch(ids, vectors)
    return inverted


def find_centroids(sample: Vectors, lists: int, check: Check) -> Vectors:
    """The unit centroids of a spherical k-means over ``sample``; (lists, dim) float32."""
    faiss = import_faiss()
    centroids = None
    for round_number in range(ROUNDS):
        check()
        kmeans = faiss.Kmeans(
            sample.shape[1],
            lists,
            niter=1,
            spherical=True,
            seed=SEED + round_number,
            # Few vectors a cluster are as they are: a small library on demand, or many copies.
            min_points_per_centroid=1,
            max_points_per_centroid=len(sample),
        )
        kmeans.train(sample, init_centroids=centroids)
        centroids = kmeans.centroids
    return np.asarray(centroids, np.float32)
