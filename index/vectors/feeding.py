"""From the store to an engine: what it reads vectors from, and what changed since a version."""

from functools import partial

import numpy as np

from index.storage.store import Store
from index.storage.tables import Changes, describe_damaged_vectors
from index.vectors.engine import Source, VectorEngine


def make_source(store: Store, dimension: int) -> Source:
    """The store's vectors as what engines read them from."""
    return partial(store.vectors, dimension=dimension)


def apply_changes(engine: VectorEngine, changes: Changes, store: Store) -> None:
    """Takes changes of the store into an engine.

    Raises:
        StorageError: a vector of the store is damaged.
    """
    engine.remove(changes.removed)
    for rows, vectors in store.vectors(changes.added, engine.dimension):
        if not np.isfinite(vectors).all():
            raise describe_damaged_vectors(store.folder)
        engine.add(rows, vectors)
