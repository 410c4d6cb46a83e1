"""Articles and vectors for measuring libraries of a wanted size, without encoding."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from index import Article
from index.storage.tables import Write

PER_ARTICLE = 10
PER_COMMIT = 5_000


def make_writes(
    texts: list[str], vectors: NDArray[np.floating], first: int, per_article: int
) -> Iterator[Write]:
    """Articles of the passages, numbered from ``first`` on, ready to be stored."""
    for at in range(0, len(texts), per_article):
        group = texts[at : at + per_article]
        spans, position = [], 0
        for text in group:
            spans.append((position, position + len(text)))
            position += len(text) + 2
        name = f"passages-{first + at:08d}"
        article = Article(name, "", "\n\n".join(group), digest=name, location=name)
        yield Write(article, spans, vectors[at : at + len(group)].astype(np.float32))


def draw_around(
    vectors: NDArray[np.float16], count: int, *, seed: int = 3, spread: float = 0.6
) -> NDArray[np.float16]:
    """``count`` unit rows: the given ones first, then others drawn around them.

    A drawn one is a real one moved by ``spread`` of the difference of two others, so that it strays
    in the directions in which real ones differ.
    """
    random = np.random.default_rng(seed)
    drawn = [vectors[:count]]
    missing = count - len(drawn[0])
    while missing > 0:
        size = min(missing, 50_000)
        base, one, other = (
            vectors[random.integers(0, len(vectors), size)].astype(np.float32) for _ in range(3)
        )
        apart = one - other
        apart /= np.maximum(np.linalg.norm(apart, axis=1, keepdims=True), 1e-6)
        moved = base + spread * apart
        moved /= np.linalg.norm(moved, axis=1, keepdims=True)
        drawn.append(moved.astype(np.float16))
        missing -= size
    return np.concatenate(drawn)
