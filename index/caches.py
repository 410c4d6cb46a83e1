"""The two engines of a library, kept level with its store.

A cache knows the version of the store it stands for. Level means the same version; one that lags
takes in what changed since, one that the store does not know is made anew. There is this one way
only: after a commit of our own, after another process's, after a crash, after damage.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic

import numpy as np

from index.database import SharedLock, WriterLock
from index.errors import LibraryBusyError, LibraryNotFoundError, StorageError
from index.store import Store
from index.tables import Changes, describe_damaged_vectors
from index.vectors import HEADER_NAME, FaissVectors, load_vectors, save_vectors
from index.words import DamagedWordsError, WordIndex

WORDS_NAME = "words"
RETRY_SECONDS = 1.0

log = logging.getLogger(__name__)


class VectorCache:
    """The FAISS index of a library, in memory, and its file."""

    def __init__(self, store: Store, owner: str) -> None:
        """Loads nothing yet."""
        self._store = store
        self._owner = owner
        self._saved: int | None = None
        self.engine: FaissVectors | None = None
        self.version: int | None = None

    def is_level(self, version: int) -> bool:
        """Whether it stands for ``version`` of the store."""
        return self.version == version

    def is_unsaved(self) -> bool:
        """Whether the file is not what is in memory."""
        return self.engine is not None and self.version != self._saved

    def catch_up(self) -> None:
        """Brings the index level with the store, from the file when that helps."""
        try:
            self._take_in_changes()
        except BaseException:
            # Half of a change must not be taken for the whole.
            self.engine = self.version = self._saved = None
            raise

    def _take_in_changes(self) -> None:
        """Takes in what changed, or everything."""
        dimension = self._store.dimension()
        if self.version is None or (self.engine and self.engine.dimension != dimension):
            loaded = load_vectors(self._store.folder, self._owner, dimension) if dimension else None
            self.engine, self.version = loaded or (None, None)
            self._saved = self.version
        changes = None if self.version is None else self._store.changes_since(self.version)
        if changes is None:
            self.engine = None
            changes = self._store.everything()
        if self.engine is None and dimension:
            self.engine = FaissVectors(dimension)
        if self.engine is not None:
            self.engine.remove(changes.removed)
            for rows, vectors in self._store.vectors(changes.added, dimension):
                if not np.isfinite(vectors).all():
                    raise describe_damaged_vectors(self._store.folder)
                self.engine.add(rows, vectors)
        self.version = changes.version

    def save(self) -> None:
        """Keeps the index in its file, when it has changed; one that cannot be kept is no loss."""
        if self.engine is None or self.version is None or not self.is_unsaved():
            return
        try:
            save_vectors(self.engine, self._store.folder, self._owner, self.version)
            self._saved = self.version
        except OSError as error:
            log.warning("The vector cache could not be saved (%s); it is made anew.", error)

    def drop(self) -> None:
        """Forgets what is in memory and the file, so that the next use starts from the store."""
        self.engine = self.version = self._saved = None
        (self._store.folder / HEADER_NAME).unlink(missing_ok=True)


class WordCache:
    """The word index of a library on disk, or in memory where the disk cannot have it."""

    def __init__(self, store: Store, owner: str, lock: WriterLock) -> None:
        """Loads nothing yet."""
        self._store = store
        self._owner = owner
        self._lock = lock
        self._folder: Path = store.folder / WORDS_NAME
        self._tried = -RETRY_SECONDS
        self._in_memory = False
        self.engine: WordIndex | None = None

    def is_level(self, version: int) -> bool:
        """Whether it stands for ``version``, or is about to: the writer at work will see to it."""
        if self.engine is None:
            return False
        return self.engine.counter == version or monotonic() - self._tried < RETRY_SECONDS

    def catch_up(self, *, locked: bool) -> None:
        """Brings the index level with the store.

        Args:
            locked: whether the caller holds the right to write. Otherwise another writer may be
                about to do the same, and an index that lags is used until it has.
        """
        self._tried = -RETRY_SECONDS
        try:
            if self._open_level():
                return
            if locked or self._in_memory:
                self._take_in_changes()
            else:
                with self._lock.held(0):
                    self._take_in_changes()
        except LibraryBusyError:
            self._tried = monotonic()
            if self.engine is None:
                self._build_in_memory()
        except (StorageError, DamagedWordsError) as error:
            log.info("The word index is kept in memory: %s", error)
            self._build_in_memory()

    def drop(self) -> None:
        """Starts the index anew, empty; the caller holds the right to write."""
        self.engine = WordIndex.create(self._folder, self._owner)
        self._in_memory = False

    def _open_level(self) -> bool:
        """Whether the index, opened or read again if need be, stands for the store's version."""
        try:
            if self.engine is None and self._folder.exists():
                self.engine = WordIndex.open(self._folder, self._owner)
            elif self.engine is not None and self.engine.counter != self._store.version():
                self.engine.refresh()
        except (DamagedWordsError, StorageError) as error:
            log.info("The word index is made anew: %s", error)
            self.engine = None
        return self.engine is not None and self.engine.counter == self._store.version()

    def _take_in_changes(self) -> None:
        """Takes in what changed, with the right to write held."""
        if self._open_level():
            return
        changes = None
        if self.engine is not None:
            changes = self._store.changes_since(self.engine.counter)
        if self.engine is None or changes is None:
            folder = None if self._in_memory else self._folder
            self.engine = WordIndex.create(folder, self._owner)
            changes = self._store.everything()
        self._apply(self.engine, changes)

    def _build_in_memory(self) -> None:
        """An index of everything that leaves the disk alone."""
        self.engine = WordIndex.create(None, self._owner)
        self._in_memory = True
        self._apply(self.engine, self._store.everything())

    def _apply(self, engine: WordIndex, changes: Changes) -> None:
        """Takes the changes into ``engine``."""
        engine.remove(changes.removed.tolist())
        for rows, texts in self._store.inputs(changes.added):
            engine.add(rows, texts)
        engine.commit(changes.version)


class Caches:
    """Both engines with the lock that keeps searches and changes apart."""

    def __init__(self, store: Store, owner: str, lock: WriterLock) -> None:
        """Loads nothing yet."""
        self._store = store
        self._writer_lock = lock
        self._lock = SharedLock()
        self.vectors = VectorCache(store, owner)
        self.words = WordCache(store, owner, lock)

    @contextmanager
    def reading(self, *, vectors: bool, words: bool) -> Iterator[int]:
        """Holds the engines that are named still and level; gives the store's version.

        Not to be nested in one thread.
        """
        for last in (False, False, True):
            with self._lock.shared():
                version = self._store.version()
                level = (not vectors or self.vectors.is_level(version)) and (
                    not words or self.words.is_level(version)
                )
                # A writer that never rests must not keep us from answering.
                if level or last and self._are_loaded(vectors=vectors, words=words):
                    yield version
                    return
            with self._lock.exclusive():
                self._catch_up(vectors=vectors, words=words, locked=False)
        raise AssertionError("the caches are loaded after they were caught up")

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Keeps searches out while the store changes inside; the engines follow before they go on.

        The caller holds the right to write.
        """
        with self._lock.exclusive():
            yield
            self._catch_up(vectors=True, words=True, locked=True)

    def rebuild(self) -> None:
        """Makes both engines anew from the store; the caller holds the right to write."""
        with self._lock.exclusive():
            self.vectors.drop()
            self.words.drop()
            self._catch_up(vectors=True, words=True, locked=True)
            self.vectors.save()

    def save(self, *, locked: bool) -> None:
        """Keeps the vectors in their file, unless another writer is at work or the disk refuses."""
        with self._lock.shared():
            if locked:
                self.vectors.save()
            elif self.vectors.is_unsaved():
                lost = (LibraryBusyError, LibraryNotFoundError, StorageError)
                with suppress(*lost), self._writer_lock.held(0):
                    self.vectors.save()

    def _are_loaded(self, *, vectors: bool, words: bool) -> bool:
        """Whether the engines that are named can be used at all."""
        return (not vectors or self.vectors.version is not None) and (
            not words or self.words.engine is not None
        )

    def _catch_up(self, *, vectors: bool, words: bool, locked: bool) -> None:
        """Brings the engines that are named level."""
        if vectors and not self.vectors.is_level(self._store.version()):
            self.vectors.catch_up()
        if words:
            self.words.catch_up(locked=locked)
