"""Between the store and an engine: vectors, changes, questions to measure with, and the tuning."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, fields
from functools import partial
from typing import Any

import numpy as np

from index.storage.store import Store
from index.storage.tables import Changes, describe_damaged_vectors
from index.text.sentences import split_sentences
from index.vectors.engine import Source, VectorEngine, Vectors
from index.vectors.tuning import Tuning

QUESTIONS = 400
SEED = 11
FEWEST_WORDS = 5
MANIFEST_KEY = "vectors"

Encode = Callable[[Sequence[str]], Vectors]


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


def keep_tuning(store: Store, tuning: Tuning | None) -> None:
    """Keeps what was chosen, if anything was, in the library's manifest.

    Raises:
        LibraryError: the library cannot be written.
    """
    if tuning is not None:
        store.set_manifest({MANIFEST_KEY: asdict(tuning)})


def read_tuning(manifest: dict[str, Any]) -> Tuning | None:
    """What was chosen lately, for any trained clusters."""
    values = manifest.get(MANIFEST_KEY)
    if not isinstance(values, dict) or set(values) != {item.name for item in fields(Tuning)}:
        return None
    return Tuning(**values)
