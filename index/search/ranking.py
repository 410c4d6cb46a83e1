"""From a question to ranked passages: both engines asked, their lists fused, the hits read."""

import logging
import re
from collections.abc import Callable, Iterable, Iterator, MutableMapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import TypeVar

import numpy as np

from index.cores import Companion
from index.errors import QuestionError
from index.recent import Recent
from index.search.caches import Caches
from index.search.fusion import FUSIONS, Candidates, Scores, complete_scores
from index.storage.store import Store
from index.storage.tables import Ids, Place, Vectors
from index.types import Article, Filters, Hit, Passage

log = logging.getLogger(__package__)

CACHED_ARTICLES = 512
LONGEST_CACHED = 1_000_000
CACHED_FILTERS = 8
WORTH_SHARING = 20_000
"""Passages from which the engines work side by side; with fewer, handing over costs as much."""

ISO_PREFIX = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")

Timings = MutableMapping[str, float]
Search = Callable[[int, Ids | None], tuple[Ids, Scores]]
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class RankedRow:
    """A passage row with its score and each retriever's own."""

    row: int
    score: float
    signals: dict[str, float]


class Ranker:
    """Ranks the passages of one library; safe in several threads."""

    def __init__(self, store: Store, caches: Caches, candidates: int) -> None:
        """``candidates`` is how many passages each retriever gives to fusion."""
        self._store = store
        self._caches = caches
        self._candidates = candidates
        self._companion = Companion()
        self._articles: Recent[tuple[int, int], Article] = Recent(CACHED_ARTICLES)
        self._allowed: Recent[tuple[Filters, int], Ids] = Recent(CACHED_FILTERS)

    def close(self) -> None:
        """Ends the thread that searches beside the asker's own."""
        self._companion.close()

    def rank(
        self,
        query: str,
        vector: Vectors | None,
        k: int,
        *,
        system: str,
        filters: Filters,
        timings: Timings,
    ) -> list[Hit]:
        """The ``k`` best passages, best first; ``vector`` is needed unless ``system`` is bm25."""
        check_filters(filters)
        hits: list[Hit] = []
        # Another process may remove an article between the ranking and the reading of its text.
        for _ in range(3):
            rows = self._rank_rows(query, vector, k, system, filters, timings)
            with timed(timings, "load"):
                hits = self.read_hits(rows)
            if len(hits) == len(rows):
                break
        log.debug("%s found %d passages for %r", system, len(hits), query)
        return hits

    def _rank_rows(
        self,
        query: str,
        vector: Vectors | None,
        k: int,
        system: str,
        filters: Filters,
        timings: Timings,
    ) -> list[RankedRow]:
        """The best rows, equal scores in the order of the rows."""
        depth = max(k, self._candidates)
        with self._caches.reading(vectors=system != "bm25", words=system != "dense") as version:
            allowed = None if filters.is_empty else self._find_allowed(filters, version)
            search_vectors, search_words = self._bind_searches(query, vector)

            def find_dense() -> tuple[Ids, Scores]:
                with timed(timings, "dense"):
                    return search_vectors(depth, allowed)

            def find_words() -> tuple[Ids, Scores]:
                with timed(timings, "words"):
                    return search_words(depth, allowed)

            signals: dict[str, tuple[Ids, Scores]] = {}
            if system in FUSIONS:
                signals["dense"], signals["bm25"] = self._run_both(find_dense, find_words)
            else:
                signals[system] = find_words() if system == "bm25" else find_dense()
            with timed(timings, "fuse"):
                if system in FUSIONS:
                    candidates = self._complete(query, vector, signals, search_words)
                    signals["dense"] = candidates.ids, candidates.dense
                    signals["bm25"] = candidates.ids, candidates.bm25
                    ids, scores = FUSIONS[system](candidates)
                else:
                    ids, scores = signals[system]
        values = {
            name: dict(zip(found.tolist(), numbers.tolist(), strict=True))
            for name, (found, numbers) in signals.items()
        }
        return [
            RankedRow(row, score, {name: by_row[row] for name, by_row in values.items()})
            for row, score in zip(ids[:k].tolist(), scores[:k].tolist(), strict=True)
        ]

    def _bind_searches(self, query: str, vector: Vectors | None) -> tuple[Search, Search]:
        """Both engines as functions of how many and among which; one that is not there is empty."""
        vectors, words = self._caches.vectors.engine, self._caches.words.engine

        def search_vectors(k: int, allowed: Ids | None) -> tuple[Ids, Scores]:
            if vectors is None or vector is None:
                return np.empty(0, np.int64), np.empty(0, np.float32)
            with self._caches.vectors.telling_faults():
                return vectors.search(vector, k, allowed)

        def search_words(k: int, allowed: Ids | None) -> tuple[Ids, Scores]:
            if words is None:
                return np.empty(0, np.int64), np.empty(0, np.float32)
            return words.search(query, k, allowed)

        return search_vectors, search_words

    def _complete(
        self,
        query: str,
        vector: Vectors | None,
        signals: dict[str, tuple[Ids, Scores]],
        search_words: Search,
    ) -> Candidates:
        """What either engine found, each passage scored by both."""
        vectors, words = self._caches.vectors.engine, self._caches.words.engine

        def score_vectors(ids: Ids) -> tuple[Ids, Scores]:
            if vectors is None or vector is None:
                return np.empty(0, np.int64), np.empty(0, np.float32)
            with self._caches.vectors.telling_faults():
                return vectors.score(vector, ids)

        union = np.union1d(signals["dense"][0], signals["bm25"][0])
        dense, bm25 = self._run_both(
            lambda: complete_scores(union, *signals["dense"], score_vectors),
            lambda: complete_scores(
                union, *signals["bm25"], lambda ids: search_words(len(ids), ids)
            ),
        )
        ceiling = 0.0 if words is None else words.ceiling(query)
        name = self._store.encoder_name()
        return Candidates(query, union, dense, bm25, ceiling, name)

    def _run_both(
        self, dense: Callable[[], Found], words: Callable[[], Found]
    ) -> tuple[Found, Found]:
        """What both give, side by side in two threads when the library is large enough."""
        engine = self._caches.words.engine
        if engine is None or len(engine) < WORTH_SHARING:
            return dense(), words()
        return self._companion.run_both(dense, words)

    def read_hits(self, rows: Sequence[RankedRow]) -> list[Hit]:
        """The hits at the rows that are there, with their passages and articles."""
        places = self._store.places([item.row for item in rows])
        articles = self._read_articles(places.values())
        hits: list[Hit] = []
        for item in rows:
            place = places.get(item.row)
            article = articles.get(place.article) if place else None
            if place is None or article is None:
                continue
            text = article.text[place.start : place.end]
            passage = Passage(item.row, article.id, place.start, place.end, text)
            hits.append(Hit(passage, article, item.score, len(hits) + 1, item.signals))
        return hits

    def _read_articles(self, places: Iterable[Place]) -> dict[int, Article]:
        """The articles of the places by their rows, in the version that the places are of."""
        wanted = {place.article: place.version for place in places}
        kept = ((row, self._articles.get((row, version))) for row, version in wanted.items())
        articles = {row: article for row, article in kept if article}
        missing = {row: version for row, version in wanted.items() if row not in articles}
        for row, (version, article) in self._store.versioned_articles(missing).items():
            if version != missing[row]:
                continue
            articles[row] = article
            if len(article.text) <= LONGEST_CACHED:
                self._articles.put((row, version), article)
        return articles

    def _find_allowed(self, filters: Filters, version: int) -> Ids:
        """The rows that the filters admit, kept for the next questions with the same ones."""
        key = (filters, version)
        rows = self._allowed.get(key)
        if rows is None:
            rows = self._store.rows_within(filters)
            self._allowed.put(key, rows)
        return rows


def check_filters(filters: Filters) -> None:
    """Refuses dates that are no ISO dates, and a period that ends before it begins.

    Raises:
        QuestionError: a date that cannot be compared, or a period that no article can be of.
    """
    for name in ("published_after", "published_before"):
        value = getattr(filters, name)
        if value and not ISO_PREFIX.fullmatch(value):
            raise QuestionError(
                f"The filter {name} is {value!r}, but must be a date such as 2008-09-17, "
                "2008-09 or 2008."
            )
    if filters.is_backwards:
        raise QuestionError(
            f"No article can be published from {filters.published_after} to "
            f"{filters.published_before}: the range ends before it begins; swap the two dates."
        )


@contextmanager
def timed(timings: Timings, stage: str) -> Iterator[None]:
    """Adds the milliseconds that the block takes to its stage."""
    begun = perf_counter()
    try:
        yield
    finally:
        timings[stage] = timings.get(stage, 0.0) + (perf_counter() - begun) * 1000
