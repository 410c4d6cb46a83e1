"""Whether everything in a library is as it should be, from the store to both engines."""

import hashlib
from collections.abc import Iterator

import numpy as np

from index.errors import StorageError
from index.search.caches import Caches
from index.storage.store import Store
from index.storage.tables import Ids

UNIT_TOLERANCE = 0.01


def find_problems(store: Store, caches: Caches) -> list[str]:
    """What is wrong, a sentence each; empty when all is well. Nothing is changed or encoded."""
    problems = store.damages()
    try:
        problems += find_article_problems(store)
        problems += find_vector_problems(store)
        problems += find_cache_problems(store, caches)
    except StorageError as error:
        problems.append(str(error))
    return problems


def find_article_problems(store: Store) -> Iterator[str]:
    """Articles whose text is not the one that was stored, and passages outside their text."""
    for name in store.article_ids():
        found = store.find_id(name)
        article = store.articles([found.row]).get(found.row) if found else None
        if found is None or article is None:
            continue
        if hashlib.sha256(article.text.encode()).hexdigest() != article.digest:
            yield f"The text of {name} is not the one that was added: its digest differs."
        for passage in store.passages(found.row):
            if not 0 <= passage.start < passage.end <= len(article.text):
                yield f"Passage {passage.id} of {name} is outside its text."


def find_vector_problems(store: Store) -> Iterator[str]:
    """Passages without a vector, and vectors that are damaged."""
    rows = store.everything().added
    dimension = store.dimension()
    seen = 0
    for ids, vectors in store.vectors(rows, dimension):
        seen += len(ids)
        norms = np.linalg.norm(vectors, axis=1)
        for row in ids[~(np.abs(norms - 1) <= UNIT_TOLERANCE)]:
            yield f"The vector of passage {row} is damaged: it is not of unit length."
    if seen != len(rows):
        yield f"{len(rows) - seen} of {len(rows)} passages have no vector."


def find_cache_problems(store: Store, caches: Caches) -> Iterator[str]:
    """Engines that hold other passages than the store, or other vectors."""
    with caches.reading(vectors=True, words=True):
        rows = store.everything().added
        if caches.words.engine is not None:
            yield from compare_rows("word index", caches.words.engine.ids(), rows)
        engine = caches.vectors.engine
        with caches.vectors.telling_faults():
            held = np.empty(0, np.int64) if engine is None else engine.ids()
            yield from compare_rows("vector index", held, rows)
            batches = store.vectors(np.intersect1d(held, rows), store.dimension())
            if engine is not None and not all(engine.agrees(*batch) for batch in batches):
                yield "The vector index holds other vectors than the store; run `dateline rebuild`."


def compare_rows(name: str, held: Ids, rows: Ids) -> Iterator[str]:
    """What an engine holds too much or too little."""
    missing, strays = np.setdiff1d(rows, held), np.setdiff1d(held, rows)
    if len(missing):
        yield f"The {name} lacks {len(missing)} passages; run `dateline rebuild`."
    if len(strays):
        yield f"The {name} holds {len(strays)} passages that were removed; run `dateline rebuild`."
