"""A library: articles in, ranked passages out.

The store is the truth and the two engines are caches of it; ``Library`` is the only one who joins
them. Opening one loads no model and no engine: an encoder is loaded when something must be encoded,
an engine when something is searched or changed.
"""

from collections.abc import Callable, Iterable, Sequence, Sized
from pathlib import Path
from types import TracebackType
from typing import Any, Self, get_args

from index.adding import Adding, encode_anew
from index.admission import LOCK_NAME, adopt_encoder, describe_making, open_store
from index.describing import describe_library, find_article
from index.encoding.encoders import Encoder
from index.errors import SettingsError
from index.library_encoder import LibraryEncoder
from index.search.caches import Caches
from index.search.ranking import Ranker, Timings, timed
from index.search.respelling import respell
from index.settings import Settings
from index.storage.database import BUSY_SECONDS, WriterLock
from index.storage.store import Store
from index.storage.tables import VERSION_BITS, Vectors, Write
from index.types import (
    AddReport,
    Article,
    ArticleSummary,
    Filters,
    Hit,
    LibraryInfo,
    Passage,
    Progress,
    SkippedFile,
    SystemName,
)
from index.vectors.choose import choose_engine, load_engine
from index.vectors.tuning import TARGET, Tuning
from index.verifying import find_problems


class Library:
    """One library folder, open; any number of threads may use it.

    >>> with Library.open(Path("library"), create=True) as library:
    ...     library.add_paths([Path("seeds")])
    ...     hits = library.search("When did Russia recognize South Ossetia?")
    """

    def __init__(
        self,
        store: Store,
        settings: Settings,
        encoder: Encoder | None = None,
        busy_seconds: float = BUSY_SECONDS,
    ) -> None:
        """Use ``Library.open``, which checks that all of it belongs together."""
        self.path = store.folder
        self.settings = settings
        self._store = store
        self._encoding = LibraryEncoder(store, settings, encoder)
        self._lock = WriterLock(store.folder / LOCK_NAME, busy_seconds=busy_seconds)
        self._caches = Caches(store, store.manifest()["library_id"], self._lock, settings.vectors)
        self._caches.training.encode = self._encoding.encode_sentences
        self._ranker = Ranker(store, self._caches, settings.candidates)

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        settings: Settings | None = None,
        encoder: Encoder | None = None,
        create: bool = False,
        check: bool = True,
        busy_seconds: float = BUSY_SECONDS,
    ) -> Self:
        """The library in the folder ``path``.

        Args:
            path: the folder.
            settings: what to use; when left out, what the library was made with. The encoder
                ``default`` is the one that it was made with too.
            encoder: used in place of the one that the settings name.
            create: make an empty library when there is none.
            check: refuse a library made with another encoder or passage rule now; otherwise it is
                refused when something is added or searched, and ``rebuild(encode=True)`` mends it.
            busy_seconds: how long to wait for another writer.

        Raises:
            LibraryNotFoundError: there is none, and ``create`` is false.
            NotALibraryError: there is something else.
            LibraryMismatchError: it was made with another encoder, passage rule or newer format.
            StorageError: it cannot be read or made.
        """
        store = open_store(path, create=create, busy_seconds=busy_seconds)
        try:
            chosen = adopt_encoder(settings, store.manifest())
            library = cls(store, chosen, encoder, busy_seconds)
            if check:
                library._encoding.refuse_mismatch()
        except BaseException:
            store.close()
            raise
        return library

    def close(self, *, wait: bool = True) -> None:
        """Closes the library; its folder can then be copied as it is.

        Without ``wait``, clusters in training are given up, and trained another time.
        """
        self._ranker.close()
        self._caches.close(wait=wait)
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close(wait=error is None)

    @property
    def encoder(self) -> Encoder:
        """The encoder, loaded on first use.

        Raises:
            LibraryMismatchError: the library was made with another one.
            EncoderError: it cannot be loaded.
        """
        return self._encoding.load()

    @property
    def change_counter(self) -> int:
        """A number that grows with every change, whoever made it."""
        return self._store.version() >> VERSION_BITS

    @property
    def state(self) -> str:
        """A text that is another one after every change of articles or values, whoever made it."""
        return f"{self._store.version()} {self._store.manifest()}"

    # --- putting articles in and out ---

    def add(
        self,
        articles: Iterable[Article | SkippedFile],
        *,
        progress: Callable[[Progress], None] | None = None,
        keep_duplicates: bool = False,
        total: int | None = None,
    ) -> AddReport:
        """Takes the articles in, in bounded memory; gives what became of each.

        An article from a known location is a new version of that one (without a location, one of
        the same id is). A text that is stored already is not stored again, unless
        ``keep_duplicates``. What was stored when this is stopped stays stored. ``total`` is about
        how many there are, for ``progress``.

        Raises:
            LibraryMismatchError: the library was made with another encoder or passage rule.
            LibraryBusyError: another process is writing.
            StorageError: the disk is full, read-only or failing.
            EncoderError: the encoder cannot be loaded.
        """
        with self._lock.held():
            self._encoding.refuse_mismatch()
            adding = Adding(
                self._store,
                self.settings,
                self._encoding.load,
                self._commit,
                progress=progress,
                keep_duplicates=keep_duplicates,
                total=len(articles) if isinstance(articles, Sized) else total,
            )
            try:
                return adding.run(articles)
            finally:
                self._caches.save(locked=True)

    def add_paths(
        self,
        paths: Sequence[Path],
        *,
        manifest: Path | None = None,
        encoding: str = "",
        progress: Callable[[Progress], None] | None = None,
    ) -> AddReport:
        """Takes in the files and folders; as ``add``. ``encoding`` is that of files of text.

        Raises:
            ArticleError, ManifestError: the encoding or the manifest cannot be used.
        """
        from index.articles.reading import count_articles, read_articles

        limit = self.settings.max_file_mb
        articles = read_articles(paths, manifest=manifest, max_file_mb=limit, encoding=encoding)
        total = (count_articles(paths) or None) if progress else None
        return self.add(articles, progress=progress, total=total)

    def remove(self, ids: Iterable[str]) -> list[str]:
        """Removes the articles from the store and every engine; gives their ids.

        Raises:
            ArticleNotFoundError: one of them is not there; then none is removed.
            LibraryBusyError: another process is writing.
            StorageError: the disk is full, read-only or failing.
        """
        with self._lock.held():
            found = [find_article(self._store, name) for name in dict.fromkeys(ids)]
            if found:
                self._commit((), [item.row for item in found])
                self._caches.save(locked=True)
            return [item.id for item in found]

    def rebuild(
        self, *, encode: bool = False, progress: Callable[[Progress], None] | None = None
    ) -> None:
        """Makes both engines anew from the store; with ``encode``, passages and vectors before.

        Encoding anew is one transaction: until it is done, searches see the library as it was.

        Raises:
            LibraryMismatchError: without ``encode``, the library was made otherwise.
            LibraryBusyError: another process is writing.
            StorageError: the disk is full, read-only or failing.
        """
        with self._lock.held():
            if encode:
                encoder = self._encoding.load(check=False)
                making = describe_making(self.settings, encoder)
                anew = encode_anew(self._store, self.settings, lambda: encoder, progress)
                self._store.commit(anew, manifest=making)
            self._caches.rebuild()

    @property
    def is_training(self) -> bool:
        """Whether clusters for a large library are being trained; ``close`` waits for them."""
        return self._caches.training.running

    def start_training(self) -> None:
        """Begins to train clusters beside everything else, if a library of this size needs them."""
        passages = self._store.totals()[1]
        if load_engine(choose_engine(passages, self.settings.vectors).engine).trained_from:
            with self._caches.reading(vectors=True, words=False):
                pass
            self._caches.training.consider()

    def tune(self, recall: float = TARGET) -> Tuning | None:
        """Picks how much a search by clusters looks at, from what exact search finds here.

        Clusters that are needed and not there are trained first.

        ``recall`` is the share of exact search's first 10 that shall be found; gives what was
        chosen and measured, ``None`` when every passage is compared anyway.

        Raises:
            SettingsError: ``recall`` is no share above 0.
            LibraryMismatchError: the library was made with another encoder.
            LibraryBusyError: another process is writing.
            StorageError: the library cannot be written.
        """
        if not 0 < recall <= 1:
            raise SettingsError(f"recall is {recall}, but must be above 0 and at most 1.")
        self._encoding.load()
        self.start_training()
        self._caches.train()
        return self._caches.tune(self._encoding.encode_sentences, recall)

    # --- asking ---

    def prepare(self) -> None:
        """Begins to load the encoder in a thread, so that the first question waits for less.

        What goes wrong there is told to whoever needs the encoder.
        """
        self._encoding.prepare()

    def search(
        self,
        query: str,
        k: int = 10,
        *,
        system: str = "hybrid",
        filters: Filters = Filters(),  # noqa: B008 - frozen
        timings: Timings | None = None,
    ) -> list[Hit]:
        """The ``k`` best passages for the question, best first; fewer when there are not so many.

        Args:
            query: any text; without a word in it nothing is found.
            k: how many hits, at most.
            system: ``dense``, ``bm25`` or a fusion: ``hybrid``, ``rrf``, ``sum``.
            filters: which articles may be among them.
            timings: milliseconds by stage are added here.

        Raises:
            QuestionError: a filter that cannot be used.
            SettingsError: a system that there is not.
            LibraryMismatchError: the library was made with another encoder.
        """
        timings = {} if timings is None else timings
        vector = None
        if system != "bm25" and query.strip() and self._store.dimension():
            with timed(timings, "encode"):
                vector = self.encode_question(query)
        return self.rank(query, vector, k, system=system, filters=filters, timings=timings)

    def encode_question(self, query: str) -> Vectors:
        """The question's vector, (dim,) float32; one asked lately is not encoded again.

        Raises:
            LibraryMismatchError: the library was made with another encoder.
            EncoderError: the encoder cannot be loaded.
        """
        return self._encoding.encode_question(query)

    def rank(
        self,
        query: str,
        vector: Vectors | None,
        k: int = 10,
        *,
        system: str = "hybrid",
        filters: Filters = Filters(),  # noqa: B008 - frozen
        timings: Timings | None = None,
    ) -> list[Hit]:
        """As ``search``, for a question whose vector is known (``None`` leaves dense out)."""
        if system not in get_args(SystemName):
            known = ", ".join(get_args(SystemName))
            raise SettingsError(f"system is {system!r}; choose one of {known}.")
        if k < 1 or not query.strip():
            return []
        timings = {} if timings is None else timings
        return self._ranker.rank(query, vector, k, system=system, filters=filters, timings=timings)

    def respell(self, query: str) -> dict[str, str]:
        """Words of the query, in lower case, that no passage has → the nearest one, as written."""
        return respell(query, self._caches, self._ranker)

    def __len__(self) -> int:
        """How many articles it holds."""
        return self._store.totals()[0]

    def __bool__(self) -> bool:
        """A library is one, also while it is empty."""
        return True

    def articles(self) -> list[ArticleSummary]:
        """A line for each article, in the order in which they came."""
        return self._store.summaries()

    def article(self, article_id: str) -> Article:
        """The article with this id.

        Raises:
            ArticleNotFoundError: there is none; the message names ids that look like it.
        """
        row = find_article(self._store, article_id).row
        found = self._store.articles([row]).get(row)
        return self.article(article_id) if found is None else found

    def passages(self, article_id: str) -> list[Passage]:
        """The passages of the article with this id, in the order of its text.

        Raises:
            ArticleNotFoundError: there is none.
        """
        return self._store.passages(find_article(self._store, article_id).row)

    def verify(self) -> list[str]:
        """What is wrong with the library, a sentence each; empty when all is well."""
        return find_problems(self._store, self._caches)

    def info(self) -> LibraryInfo:
        """What the library holds and how it was made."""
        return describe_library(self._store, self.settings.vectors)

    def get_value(self, key: str) -> Any:  # noqa: ANN401 - any JSON value
        """A small JSON value kept under ``key``; ``None`` when there is none."""
        return self._store.manifest().get(f"value:{key}")

    def set_value(self, key: str, value: Any) -> None:  # noqa: ANN401 - any JSON value
        """Keeps a small JSON value in the library; ``None`` forgets it."""
        self._store.set_manifest({f"value:{key}": value})

    def _commit(self, writes: Sequence[Write], removals: Sequence[int] = ()) -> None:
        """One transaction, then both engines; the right to write is held."""
        making = None
        if writes:
            encoder = self._encoding.loaded if any(write.spans for write in writes) else None
            making = describe_making(self.settings, encoder)
        with self._caches.changing():
            self._store.commit(writes, removals, making)
