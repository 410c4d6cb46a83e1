"""How two rankings become one.

Both retrievers score every candidate: what one of them found alone is looked up in the other
(``complete_scores``), since a passage that is missing from a list is not a passage without worth.
A BM25 score becomes a share of the most that any passage could get for the question, so that it
says how much of what was asked is in the passage; a cosine is such a share already. The two are
added with a weight. What was tried and measured is in ``docs/decisions.md``.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]
Scores = NDArray[np.float32]

WORDS_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Candidates:
    """What the retrievers found for one question, each candidate scored by both.

    ``ids`` is ``(n,) int64``, ascending; ``dense`` and ``bm25`` are ``(n,) float32`` beside it:
    cosine, and BM25 with 0 for a passage that shares no word. ``ceiling`` is the BM25 score that
    no passage can exceed (``WordIndex.ceiling``).
    """

    question: str
    ids: Ids
    dense: Scores
    bm25: Scores
    ceiling: float


def fuse(candidates: Candidates) -> tuple[Ids, Scores]:
    """The candidates' ids and fused scores, best first, equal scores in the order of the ids."""
    words = candidates.bm25 / np.float32(max(candidates.ceiling, 1e-6))
    scores = (1 - WORDS_SHARE) * candidates.dense + WORDS_SHARE * words
    order = np.lexsort((candidates.ids, -scores))
    return candidates.ids[order], scores[order].astype(np.float32)


def complete_scores(
    union: Ids, ids: Ids, scores: Scores, search: Callable[[Ids], tuple[Ids, Scores]]
) -> Scores:
    """The scores of one retriever for all of ``union``, 0 where it has none to give.

    Args:
        union: the ids of both retrievers, ascending.
        ids: what this retriever found, any order.
        scores: beside ``ids``.
        search: the retriever restricted to the ids that it is given, ascending.
    """
    complete = np.zeros(len(union), np.float32)
    complete[np.searchsorted(union, ids)] = scores
    missing = np.setdiff1d(union, ids)
    if len(missing):
        found, found_scores = search(missing)
        complete[np.searchsorted(union, found)] = found_scores
    return complete
