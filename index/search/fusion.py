"""How two rankings become one: a mixture of three opinions on which candidate answers.

Both retrievers score every candidate: what one of them found alone is looked up in the other
(``complete_scores``), since a passage that is missing from a list is not a passage without worth.
A BM25 score is brought to the scale of a cosine by the best score of the question, and partly by
the most that any passage could get (the theoretical bound of Bruch, Gai and Ingber, 2023), so that
a best passage with few of the words that were asked for counts less.

A softmax makes an opinion of each: by meaning, by words, and by the sum of both. Their mean is the
score. A retriever that is sure of one passage thus carries it, question by question, one that sees
many alike hardly counts, and the sum settles what is left. ``benchmarks/fusion.py`` repeats the
measurements behind the numbers; ``docs/decisions.md`` says what else was tried.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.encoding.bge import BGE_NAME
from index.words.terms import query_terms

Ids = NDArray[np.int64]
Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Candidates:
    """What the retrievers found for one question, each candidate scored by both.

    ``ids`` is ``(n,) int64``, ascending; ``dense`` and ``bm25`` are ``(n,) float32`` beside it:
    cosine, and BM25 with 0 for a passage that shares no word. ``ceiling`` is the BM25 score that
    no passage can exceed (``WordIndex.ceiling``). ``encoder`` is the name of what gave the cosines.
    """

    question: str
    ids: Ids
    dense: Scores
    bm25: Scores
    ceiling: float
    encoder: str = ""


@dataclass(frozen=True, slots=True)
class Mixture:
    """How much each opinion counts and how sharp it is.

    ``by_meaning`` and ``by_words`` are the shares of the retrievers' own opinions, the sum of both
    has the rest. In that sum ``words_weight`` of the words stand against one of the meaning. The
    sharpness of an opinion is what its scores are multiplied by before the softmax.
    """

    by_meaning: float = 0.2
    by_words: float = 0.3
    words_weight: float = 0.55
    meaning_sharpness: float = 15.0
    words_sharpness: float = 11.0
    sum_sharpness: float = 10.0


QUESTION_MIXTURE = Mixture()
# Who types a search has not seen the passage, so that its very words tell less.
SEARCH_MIXTURE = Mixture(by_meaning=0.35, by_words=0.15, words_weight=0.4)
# One vector blurs what a long question asks for; its words stay apart.
LONG_MIXTURE = Mixture(by_meaning=0.1, by_words=0.3, words_weight=0.8, words_sharpness=8.0)

CONTRASTS = {BGE_NAME: 1.75}
"""What an encoder's cosines are multiplied by to be as far apart as those of all-MiniLM-L6-v2.

The mean cosine of a training question with the passage that answers lies .410 above that with any
other passage for all-MiniLM-L6-v2, .232 for bge-small-en-v1.5 (120 questions, 500 passages).
"""

LONG_TERMS = 10
CEILING_SHARE = 0.25


def fuse(candidates: Candidates, mixture: Mixture | None = None) -> tuple[Ids, Scores]:
    """The candidates' ids and fused scores, best first, equal scores in the order of the ids.

    The scores of one question are shares of 1. They rank its candidates, and say nothing across
    questions. Without ``mixture`` the form of the question chooses one.
    """
    chosen = mixture or choose_mixture(candidates.question)
    meaning = CONTRASTS.get(candidates.encoder, 1.0) * candidates.dense.astype(np.float64)
    words = scale_words(candidates.bm25, candidates.ceiling)
    total = meaning + chosen.words_weight * words
    scores = (
        chosen.by_meaning * softmax_share(chosen.meaning_sharpness * meaning)
        + chosen.by_words * softmax_share(chosen.words_sharpness * words)
        + (1 - chosen.by_meaning - chosen.by_words) * softmax_share(chosen.sum_sharpness * total)
    )
    return sort_by(candidates, scores)


def fuse_ranks(candidates: Candidates) -> tuple[Ids, Scores]:
    """The candidates by reciprocal ranks, k = 60 (Cormack, Clarke and Büttcher 2009)."""
    scores = np.zeros(len(candidates.ids))
    for signal in (candidates.dense, candidates.bm25):
        ranks = np.empty(len(signal))
        ranks[np.lexsort((candidates.ids, -signal))] = np.arange(1, len(signal) + 1)
        scores += 1 / (60 + ranks)
    return sort_by(candidates, scores)


def fuse_sum(candidates: Candidates) -> tuple[Ids, Scores]:
    """The candidates by half the cosine and half BM25 over the question's best BM25."""
    best = max(float(candidates.bm25.max(initial=0)), 1e-6)
    return sort_by(candidates, 0.5 * candidates.dense + 0.5 * candidates.bm25 / best)


def sort_by(candidates: Candidates, scores: NDArray[np.floating]) -> tuple[Ids, Scores]:
    """The candidates' ids and scores, best first, equal scores in the order of the ids."""
    order = np.lexsort((candidates.ids, -scores))
    return candidates.ids[order], scores[order].astype(np.float32)


FUSIONS: dict[str, Callable[[Candidates], tuple[Ids, Scores]]] = {
    "hybrid": fuse,
    "rrf": fuse_ranks,
    "sum": fuse_sum,
}
"""The ways to fuse by the name of their system; two are there to be compared with."""


def choose_mixture(question: str) -> Mixture:
    """The mixture for a question, for a long one, or for what is typed into a search box."""
    if len(set(query_terms(question))) >= LONG_TERMS:
        return LONG_MIXTURE
    return SEARCH_MIXTURE if is_search(question) else QUESTION_MIXTURE


def is_search(question: str) -> bool:
    """Whether it is typed as into a search box: no capital letter, and no mark at its end.

    Scripts without capitals are taken for questions.
    """
    text = question.strip()
    return text.islower() and text.isascii() and not text.endswith(("?", ".", "!"))


def scale_words(bm25: Scores, ceiling: float) -> NDArray[np.float64]:
    """BM25 scores in [0, 1], 1 for a passage that has all a passage could have of the question."""
    best = float(bm25.max(initial=0.0))
    scale = best ** (1 - CEILING_SHARE) * max(ceiling, best) ** CEILING_SHARE
    return bm25.astype(np.float64) / (scale or 1.0)


def softmax_share(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The softmax of ``values``: positive and summing to 1, empty for nothing."""
    if not len(values):
        return values
    raised = np.exp(values - values.max())
    shares: NDArray[np.float64] = raised / raised.sum()
    return shares


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
