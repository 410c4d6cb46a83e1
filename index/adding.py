"""Articles on their way in: told apart, split, encoded and stored, a window at a time.

A window is some hundred thousand characters of articles: what is encoded together (sorted by
length, so that short passages are not padded to long ones) and what one transaction stores. Windows
are encoded and stored while the next is read (``index.pipeline``); an article that has to do with
one of those waits until it is stored, so what is decided never depends on how far they are.
Stopping loses the windows that are not encoded yet.
"""

import hashlib
import logging
import re
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from time import perf_counter

import numpy as np

from index.articles.decoding import UNSURE_ENCODING, storable_text
from index.articles.files import location_of
from index.encoding.encoders import Encoder
from index.inputs import passage_input
from index.passages import split_article
from index.pipeline import Commit, Pipeline, Window
from index.settings import Settings
from index.storage.store import ASKED_ID, Store
from index.storage.tables import StoredArticle, Vectors, Write
from index.types import AddReport, Article, Passage, Progress, SkippedFile

log = logging.getLogger(__package__)

WINDOW_CHARACTERS = 600_000
WINDOW_ARTICLES = 512
ENCODING_STEP = 512
"""Passages between two reports; one that ends leaves a core idle for a moment."""

REBUILD_ARTICLES = 64

Report = Callable[[Progress], None]


@dataclass(slots=True)
class Tally:
    """What has become of the articles so far."""

    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    duplicates: list[tuple[str, str]] = field(default_factory=list)
    skipped: list[SkippedFile] = field(default_factory=list)
    places: list[tuple[str, str]] = field(default_factory=list)
    uncertain: list[tuple[str, str]] = field(default_factory=list)
    passages: int = 0
    seen: int = 0


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
        self._progress = progress
        self._keep_duplicates = keep_duplicates
        self._total = total
        self._tally = Tally()
        self._window = Window()
        self._current = ""
        self._done = 0
        self._pipeline = Pipeline(
            lambda texts, encoded: encode_texts(texts, encoder, encoded), commit, self._tell
        )
        self._numbers: dict[str, int] = {}
        self._withheld: dict[str, list[tuple[Article, str]]] = {}

    def run(self, items: Iterable[Article | SkippedFile]) -> AddReport:
        """Takes in every item; gives what became of each."""
        begun = perf_counter()
        with self._pipeline:
            for item in items:
                self._current = storable_text(item.location)
                if isinstance(item, SkippedFile):
                    self._tally.skipped.append(item)
                else:
                    self._take_in(item)
                self._tally.seen += 1
                if is_full(self._window):
                    self._send_window()
                self._tell()
            self._send_window()
            self._pipeline.drain()
        self._tell()
        tally = self._tally
        counts = (tally.added, tally.updated, tally.unchanged, tally.duplicates, tally.skipped)
        log.info(
            "%d added, %d updated, %d unchanged, %d duplicates, %d skipped",
            *(len(items) for items in counts),
        )
        return AddReport(
            added=tuple(tally.added),
            updated=tuple(tally.updated),
            unchanged=tuple(tally.unchanged),
            duplicates=tuple(tally.duplicates),
            skipped=tuple(tally.skipped),
            passages=tally.passages,
            seconds=perf_counter() - begun,
            places=tuple(tally.places),
            uncertain=tuple(tally.uncertain),
        )

    def _take_in(self, article: Article) -> None:
        """Decides what an article is: new, a new version, unchanged or a duplicate.

        A file that has become a copy of another one stays an article of its own, since the other
        may be about to change too. For the same reason a duplicate is remembered, without its text:
        it becomes an article should its original change in this run, as when files are rotated.
        """
        article = make_storable(article)
        try:
            digest = hashlib.sha256(article.text.encode()).hexdigest()
        except UnicodeEncodeError:
            reason = f"{article.id} holds half of a surrogate pair, which is no text; save it anew."
            self._tally.skipped.append(SkippedFile(article.location or article.id, reason))
            return
        article = replace(article, digest=digest)
        keys = keys_of(article)
        if keys & self._window.keys:
            self._send_window()
        if any(keys & item.keys or article.id in item.ids for item in self._pipeline.under_way()):
            self._pipeline.drain()
        stored = self._store.find(article) or self._find_with_dots(article.location)
        if stored is not None:
            self._take_in_again(replace(article, id=stored.id), stored)
            return
        original = None if self._keep_duplicates else self._find_original(digest)
        if original is not None:
            self._tally.duplicates.append((article.id, original))
            self._withheld.setdefault(digest, []).append((replace(article, text=""), original))
            return
        asked = article.id
        article = replace(article, id=self._make_distinct(asked))
        if not article.location and article.id != asked:
            # Else its next version, which asks for the same id, would be another new article.
            article = replace(article, location=f"{ASKED_ID}{asked}")
        self._tally.added.append(article.id)
        self._note_uncertain(article)
        self._tally.places.append((article.location, article.id))
        self._await_storing(article, None)

    def _take_in_again(self, article: Article, stored: StoredArticle) -> None:
        """Decides what an article from a known location is: unchanged, or a new version."""
        before = self._store.articles([stored.row])[stored.row]
        article = replace(article, location=article.location or before.location)
        self._tally.places.append((article.location, article.id))
        if before == article:
            self._tally.unchanged.append(article.id)
            return
        self._tally.updated.append(article.id)
        self._note_uncertain(article)
        if (before.text, before.title) == (article.text, article.title):
            self._window.remarks.append(Write(article, row=stored.row))
            self._window.keys |= keys_of(article)
        else:
            self._await_storing(article, stored)
            if before.text != article.text:
                self._release_duplicates(before)

    def _note_uncertain(self, article: Article) -> None:
        """Keeps what an article's notes say of an encoding that a person had better check."""
        doubts = (note for note in article.notes if note.startswith(UNSURE_ENCODING))
        self._tally.uncertain += [(article.id, note) for note in doubts]

    def _release_duplicates(self, before: Article) -> None:
        """Decides anew on this run's duplicates of ``before``, whose text is being replaced."""
        for duplicate, original in self._withheld.pop(before.digest, []):
            self._tally.duplicates.remove((duplicate.id, original))
            self._take_in(replace(duplicate, text=before.text))

    def _await_storing(self, article: Article, stored: StoredArticle | None) -> None:
        """Puts an article into the window."""
        window = self._window
        window.articles.append((article, stored.row if stored else None))
        window.characters += len(article.text)
        window.keys |= keys_of(article)
        window.ids.add(article.id)
        window.digests.setdefault(article.digest, article.id)

    def _find_with_dots(self, location: str) -> StoredArticle | None:
        """The stored article of a location that was kept with ``..``, as they once were."""
        article_id = self._locations_with_dots.get(location)
        return self._store.find_id(article_id) if article_id is not None else None

    @cached_property
    def _locations_with_dots(self) -> dict[str, str]:
        """The ids of the articles whose locations hold ``..``, by their locations without it."""
        return {
            location_of(Path(location)): article_id
            for location, article_id in self._store.locations_with_dots().items()
            if ".." in Path(location).parts
        }

    def _find_original(self, digest: str) -> str | None:
        """The id of the article, stored or in the window, that has this text already."""
        if any(digest in window.digests for window in self._pipeline.under_way()):
            self._pipeline.drain()
        # Listed before the store is asked: what is stored meanwhile must not be taken for settled.
        unsettled = (self._window, *self._pipeline.under_way())
        stored = self._store.find_digest(digest)
        if stored is not None and any(stored.id in window.ids for window in unsettled):
            # The text stored is about to be replaced and may then be nowhere.
            if stored.id in self._window.ids:
                self._send_window()
            self._pipeline.drain()
            stored = self._store.find_digest(digest)
        return stored.id if stored else self._window.digests.get(digest)

    def _make_distinct(self, article_id: str) -> str:
        """The id, or with a number before its suffix when another article has it."""
        candidate, number = article_id, self._numbers.get(article_id, 1)
        while self._is_taken(candidate):
            number += 1
            candidate = re.sub(r"(\.\w{1,5})?$", rf" ({number})\1", article_id, count=1)
        # Thousands of files may have one name; none tries again what was taken before.
        self._numbers[article_id] = number
        return candidate

    def _is_taken(self, article_id: str) -> bool:
        """Whether an article has this id, on its way or stored."""
        unsettled = (self._window, *self._pipeline.under_way())
        return (
            any(article_id in window.ids for window in unsettled)
            or self._store.find_id(article_id) is not None
        )

    def _send_window(self) -> None:
        """Splits what the window holds, sends it to be encoded and stored, and starts the next."""
        window = self._window
        if not window.size:
            return
        articles = [article for article, _ in window.articles]
        window.splits = split_articles(articles, self._settings)
        window.texts = make_inputs(articles, window.splits, self._settings)
        self._pipeline.submit(window)
        self._tally.passages += len(window.texts)
        self._window = Window()

    def _tell(self) -> None:
        """Reports how far things are: what is not encoded yet is not counted."""
        if self._progress is None:
            return
        articles, passages = self._pipeline.count_waiting()
        # A duplicate that becomes an article after all was counted before.
        self._done = max(self._done, self._tally.seen - self._window.size - articles)
        done = self._tally.passages - passages
        self._progress(Progress(self._done, done, self._total, self._current))


def make_storable(article: Article) -> Article:
    """``article`` with all that is said about it fit to be stored; its text is as it was."""
    date = article.published
    if date is not None:
        date = replace(date, iso=storable_text(date.iso), note=storable_text(date.note))
    return replace(
        article,
        id=storable_text(article.id),
        title=storable_text(article.title),
        source=storable_text(article.source),
        published=date,
        language=storable_text(article.language),
        location=storable_text(article.location),
        notes=tuple(map(storable_text, article.notes)),
    )


def keys_of(article: Article) -> set[str]:
    """What another version of ``article`` may be known by: its location, else its ids."""
    if article.location and not article.location.startswith(ASKED_ID):
        return {article.location}
    return {article.location or f"{ASKED_ID}{article.id}", f"{ASKED_ID}{article.id}"}


def is_full(window: Window) -> bool:
    """Whether it is time to store a window."""
    return window.characters >= WINDOW_CHARACTERS or window.size >= WINDOW_ARTICLES


def split_and_encode(
    articles: Sequence[Article],
    rows: Sequence[int | None],
    settings: Settings,
    encoder: Callable[[], Encoder],
) -> list[Write]:
    """The articles with their passages and vectors, ready to be stored.

    Args:
        articles: articles that are stored together.
        rows: where each is stored already, or ``None``.
        settings: how to split.
        encoder: gives the encoder; asked for when there is a passage.
    """
    splits = split_articles(articles, settings)
    window = Window(list(zip(articles, rows, strict=True)), splits=splits)
    return window.make_writes(encode_texts(make_inputs(articles, splits, settings), encoder))


def split_articles(articles: Sequence[Article], settings: Settings) -> list[list[Passage]]:
    """The passages of each of several articles that are stored together."""
    words = settings.passage_words
    repeated = find_repeated_by_source(articles) if words else {}
    return [
        split_article(
            article,
            words=words,
            overlap_sentences=settings.overlap_sentences,
            repeated=repeated.get(article.source, ()),
        )
        for article in articles
    ]


def make_inputs(
    articles: Sequence[Article], splits: Sequence[Sequence[Passage]], settings: Settings
) -> list[str]:
    """What is encoded of every passage, in the order of the articles."""
    return [
        passage_input(article.title, passage.text, passage_words=settings.passage_words)
        for article, passages in zip(articles, splits, strict=True)
        for passage in passages
    ]


def find_repeated_by_source(articles: Sequence[Article]) -> dict[str, Container[int]]:
    """The lines that several articles of one source share, for each source that is known.

    Only articles that are stored together are compared.
    """
    from index.pages.boilerplate import find_repeated_lines

    texts: dict[str, list[str]] = {}
    for article in articles:
        if article.source:
            texts.setdefault(article.source, []).append(article.text)
    return {source: find_repeated_lines(group) for source, group in texts.items()}


def encode_texts(
    texts: Sequence[str],
    encoder: Callable[[], Encoder],
    encoded: Callable[[int], None] = lambda _: None,
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


def encode_anew(
    store: Store,
    settings: Settings,
    load_encoder: Callable[[], Encoder],
    progress: Callable[[Progress], None] | None,
) -> Iterator[Write]:
    """Every article of the store, split and encoded again, a window at a time."""
    ids, passages = store.article_ids(), 0
    for start in range(0, len(ids), REBUILD_ARTICLES):
        known = (store.find_id(name) for name in ids[start : start + REBUILD_ARTICLES])
        chosen = [item.row for item in known if item is not None]
        found = store.articles(chosen)
        writes = split_and_encode(list(found.values()), list(found), settings, load_encoder)
        passages += sum(len(write.spans) for write in writes)
        yield from writes
        if progress:
            done = start + len(chosen)
            progress(Progress(done, passages, len(ids), ids[done - 1]))
