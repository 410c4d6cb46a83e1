"""Articles on their way in: told apart, split, encoded and stored, a window at a time.

A window is some hundred thousand characters of articles: what is in memory at once, what is encoded
together (sorted by length, so that short passages are not padded to long ones) and what one
transaction stores. Stopping loses the window at most.
"""

import hashlib
import re
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, field, replace
from time import perf_counter

import numpy as np

from index.encoders import Encoder
from index.inputs import passage_input
from index.passages import split_article
from index.settings import Settings
from index.store import Store
from index.tables import StoredArticle, Vectors, Write
from index.types import AddReport, Article, Progress, SkippedFile

WINDOW_CHARACTERS = 600_000
WINDOW_ARTICLES = 512
ENCODING_STEP = 256

Report = Callable[[Progress], None]
Commit = Callable[[Sequence[Write]], None]


@dataclass(slots=True)
class Tally:
    """What has become of the articles so far."""

    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    duplicates: list[tuple[str, str]] = field(default_factory=list)
    skipped: list[SkippedFile] = field(default_factory=list)
    places: list[tuple[str, str]] = field(default_factory=list)
    passages: int = 0
    seen: int = 0


@dataclass(slots=True)
class Window:
    """The articles that will be stored together, and what tells others from them."""

    articles: list[tuple[Article, StoredArticle | None]] = field(default_factory=list)
    remarks: list[Write] = field(default_factory=list)
    characters: int = 0
    keys: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)
    digests: dict[str, str] = field(default_factory=dict)

    @property
    def is_full(self) -> bool:
        """Whether it is time to store it."""
        count = len(self.articles) + len(self.remarks)
        return self.characters >= WINDOW_CHARACTERS or count >= WINDOW_ARTICLES


class Adding:
    """One run of ``Library.add``: takes articles in and hands windows of writes to ``commit``."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        encoder: Callable[[], Encoder],
        commit: Commit,
        *,
        progress: Report | None = None,
        keep_duplicates: bool = False,
        total: int | None = None,
    ) -> None:
        """``encoder`` is asked for when there is something to encode, and not before."""
        self._store = store
        self._settings = settings
        self._encoder = encoder
        self._commit = commit
        self._progress = progress
        self._keep_duplicates = keep_duplicates
        self._total = total
        self._tally = Tally()
        self._window = Window()
        self._numbers: dict[str, int] = {}
        self._withheld: dict[str, list[tuple[Article, str]]] = {}

    def run(self, items: Iterable[Article | SkippedFile]) -> AddReport:
        """Takes in every item; gives what became of each."""
        begun = perf_counter()
        for item in items:
            if isinstance(item, SkippedFile):
                self._tally.skipped.append(item)
            else:
                self._take_in(item)
            self._tally.seen += 1
            self._tell(item.location)
            if self._window.is_full:
                self._store_window()
        self._store_window()
        tally = self._tally
        return AddReport(
            added=tuple(tally.added),
            updated=tuple(tally.updated),
            unchanged=tuple(tally.unchanged),
            duplicates=tuple(tally.duplicates),
            skipped=tuple(tally.skipped),
            passages=tally.passages,
            seconds=perf_counter() - begun,
            places=tuple(tally.places),
        )

    def _take_in(self, article: Article) -> None:
        """Decides what an article is: new, a new version, unchanged or a duplicate.

        A file that has become a copy of another one stays an article of its own, since the other
        may be about to change too. For the same reason a duplicate is remembered, without its text:
        it becomes an article should its original change in this run, as when files are rotated.
        """
        try:
            digest = hashlib.sha256(article.text.encode()).hexdigest()
        except UnicodeEncodeError:
            reason = f"{article.id} holds half of a surrogate pair, which is no text; save it anew."
            self._tally.skipped.append(SkippedFile(article.location or article.id, reason))
            return
        article = replace(article, digest=digest)
        key = article.location or f"id:{article.id}"
        if key in self._window.keys:
            self._store_window()
        stored = self._store.find(article)
        if stored is not None:
            self._take_in_again(replace(article, id=stored.id), stored)
            return
        original = None if self._keep_duplicates else self._find_original(digest)
        if original is not None:
            self._tally.duplicates.append((article.id, original))
            self._withheld.setdefault(digest, []).append((replace(article, text=""), original))
            return
        article = replace(article, id=self._make_distinct(article.id))
        self._tally.added.append(article.id)
        self._tally.places.append((article.location, article.id))
        self._await_storing(article, key, None)

    def _take_in_again(self, article: Article, stored: StoredArticle) -> None:
        """Decides what an article from a known location is: unchanged, or a new version."""
        before = self._store.articles([stored.row])[stored.row]
        self._tally.places.append((article.location, article.id))
        if before == article:
            self._tally.unchanged.append(article.id)
            return
        self._tally.updated.append(article.id)
        key = article.location or f"id:{article.id}"
        if (before.text, before.title) == (article.text, article.title):
            self._window.remarks.append(Write(article, row=stored.row))
            self._window.keys.add(key)
        else:
            self._await_storing(article, key, stored)
            if before.text != article.text:
                self._release_duplicates(before)

    def _release_duplicates(self, before: Article) -> None:
        """Decides anew on this run's duplicates of ``before``, whose text is being replaced."""
        for duplicate, original in self._withheld.pop(before.digest, []):
            self._tally.duplicates.remove((duplicate.id, original))
            self._take_in(replace(duplicate, text=before.text))

    def _await_storing(self, article: Article, key: str, stored: StoredArticle | None) -> None:
        """Puts an article into the window."""
        window = self._window
        window.articles.append((article, stored))
        window.characters += len(article.text)
        window.keys.add(key)
        window.ids.add(article.id)
        window.digests.setdefault(article.digest, article.id)

    def _find_original(self, digest: str) -> str | None:
        """The id of the article, stored or in the window, that has this text already."""
        stored = self._store.find_digest(digest)
        if stored is not None and stored.id in self._window.ids:
            # The text stored is about to be replaced and may then be nowhere.
            self._store_window()
            stored = self._store.find_digest(digest)
        return stored.id if stored else self._window.digests.get(digest)

    def _make_distinct(self, article_id: str) -> str:
        """The id, or with a number before its suffix when another article has it."""
        candidate, number = article_id, self._numbers.get(article_id, 1)
        while candidate in self._window.ids or self._store.find_id(candidate):
            number += 1
            candidate = re.sub(r"(\.\w{1,5})?$", rf" ({number})\1", article_id, count=1)
        # Thousands of files may have one name; none tries again what was taken before.
        self._numbers[article_id] = number
        return candidate

    def _store_window(self) -> None:
        """Splits, encodes and stores what the window holds, and starts the next one."""
        window, self._window = self._window, Window()
        if not window.articles and not window.remarks:
            return
        writes = split_and_encode(
            [article for article, _ in window.articles],
            [stored.row if stored else None for _, stored in window.articles],
            self._settings,
            self._encoder,
            lambda count: self._tell(window.articles[-1][0].location, count),
        )
        self._commit([*window.remarks, *writes])
        self._tally.passages += sum(len(write.spans) for write in writes)
        self._tell(writes[-1].article.location if writes else "")

    def _tell(self, current: str, passages: int = 0) -> None:
        """Reports how far things are."""
        if self._progress:
            done = self._tally.passages + passages
            self._progress(Progress(self._tally.seen, done, self._total, current))


def split_and_encode(
    articles: Sequence[Article],
    rows: Sequence[int | None],
    settings: Settings,
    encoder: Callable[[], Encoder],
    encoded: Callable[[int], None] = lambda _: None,
) -> list[Write]:
    """The articles with their passages and vectors, ready to be stored.

    Args:
        articles: articles that are stored together.
        rows: where each is stored already, or ``None``.
        settings: how to split.
        encoder: gives the encoder; asked for when there is a passage.
        encoded: told now and then how many passages are encoded.
    """
    words = settings.passage_words
    repeated = find_repeated_by_source(articles) if words else {}
    splits = [
        split_article(
            article,
            words=words,
            overlap_sentences=settings.overlap_sentences,
            repeated=repeated.get(article.source, ()),
        )
        for article in articles
    ]
    texts = [
        passage_input(article.title, passage.text, passage_words=words)
        for article, passages in zip(articles, splits, strict=True)
        for passage in passages
    ]
    vectors = encode_texts(texts, encoder, encoded)
    writes, first = [], 0
    for article, row, passages in zip(articles, rows, splits, strict=True):
        last = first + len(passages)
        spans = [(passage.start, passage.end) for passage in passages]
        writes.append(Write(article, spans, vectors[first:last], row))
        first = last
    return writes


def find_repeated_by_source(articles: Sequence[Article]) -> dict[str, Container[int]]:
    """The lines that several articles of one source share, for each source that is known.

    Only articles that are stored together are compared.
    """
    from index.furniture import find_repeated_lines

    texts: dict[str, list[str]] = {}
    for article in articles:
        if article.source:
            texts.setdefault(article.source, []).append(article.text)
    return {source: find_repeated_lines(group) for source, group in texts.items()}


def encode_texts(
    texts: Sequence[str], encoder: Callable[[], Encoder], encoded: Callable[[int], None]
) -> Vectors:
    """The texts' vectors in their order, encoded from the longest to the shortest."""
    if not texts:
        return np.empty((0, 0), np.float32)
    loaded = encoder()
    vectors = np.empty((len(texts), loaded.dimension), np.float32)
    order = sorted(range(len(texts)), key=lambda number: -len(texts[number]))
    for start in range(0, len(order), ENCODING_STEP):
        chosen = order[start : start + ENCODING_STEP]
        vectors[chosen] = loaded.encode_passages([texts[number] for number in chosen])
        encoded(start + len(chosen))
    return vectors
