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

from index.errors import DatelineError, LibraryBusyError, LibraryNotFoundError, StorageError
from index.storage.database import SharedLock, WriterLock
from index.storage.store import Store
from index.storage.tables import Changes
from index.vectors import HEADER_NAME, VectorEngine, load_vectors, save_vectors
from index.vectors.choose import (
    choose_beginning,
    choose_training,
    describe_fault,
    is_outgrown,
    load_engine,
)
from index.vectors.feeding import (
    Encode,
    apply_changes,
    draw_questions,
    keep_tuning,
    make_source,
    read_tuning,
)
from index.vectors.files import read_header
from index.vectors.growing import Training
from index.vectors.tuning import Truth, Tuning
from index.words.engine import WordIndex
from index.words.files import DamagedWordsError

WORDS_NAME = "words"
RETRY_SECONDS = 1.0

log = logging.getLogger(__package__)


class VectorCache:
    """The vector engine of a library and its files."""

    def __init__(self, store: Store, owner: str, setting: str = "auto") -> None:
        """Loads nothing yet; ``setting`` is ``auto`` or the name of an engine."""
        self._store = store
        self._owner = owner
        self._setting = setting
        self._saved: int | None = None
        self.engine: VectorEngine | None = None
        self.version: int | None = None

    @property
    def _name(self) -> str:
        """The engine in use, or what the settings ask for."""
        return self.engine.name if self.engine is not None else self._setting

    def is_level(self, version: int) -> bool:
        """Whether it stands for ``version`` of the store."""
        return self.version == version

    def is_unsaved(self) -> bool:
        """Whether the file is not what is in memory."""
        return self.engine is not None and self.version != self._saved

    def catch_up(self) -> None:
        """Brings the index level with the store, from the file when that helps."""
        try:
            with self.telling_faults():
                self._take_in_changes()
        except BaseException:
            # Half of a change must not be taken for the whole.
            self.engine = self.version = self._saved = None
            raise

    @contextmanager
    def telling_faults(self) -> Iterator[None]:
        """Turns whatever the engine raises inside into one sentence that names it.

        Raises:
            LibraryError: it raised something.
        """
        try:
            yield
        except DatelineError:
            raise
        except Exception as error:
            raise describe_fault(self._name, error) from error

    def _take_in_changes(self) -> None:
        """Takes in what changed, or everything."""
        dimension = self._store.dimension()
        if self.version is None or (self.engine is not None and self.engine.dimension != dimension):
            self._use(self._load(dimension))
        self._follow(dimension)
        if self._is_trained_elsewhere() and (loaded := self._load(dimension)):
            self._use(loaded)
            self._follow(dimension)
        engine = self.engine
        if engine is not None and is_outgrown(engine.name, len(engine), self._setting):
            self._use(None)
            self._follow(dimension)

    def _use(self, loaded: tuple[VectorEngine, int] | None) -> None:
        """Makes an engine that is as it was saved the one in use; ``None`` starts anew."""
        self.engine, self.version = loaded or (None, None)
        self._saved = self.version

    def _follow(self, dimension: int) -> None:
        """Brings the engine in use level with the store."""
        changes = None if self.version is None else self._store.changes_since(self.version)
        if changes is None:
            self.engine = None
            changes = self._store.everything()
        if self.engine is None and dimension:
            name = choose_beginning(len(changes.added), self._setting)
            self.engine = load_engine(name)(dimension)
        if self.engine is not None:
            apply_changes(self.engine, changes, self._store)
        self.version = changes.version

    def _load(self, dimension: int) -> tuple[VectorEngine, int] | None:
        """The engine that was saved, searching as it was tuned to, and its version."""
        header = read_header(self._store.folder / HEADER_NAME)
        if header is None or is_outgrown(header.engine, header.count, self._setting):
            return None
        source = make_source(self._store, dimension)
        loaded = load_vectors(self._store.folder, self._owner, dimension, source)
        tuning = read_tuning(self._store.manifest())
        if loaded is not None and tuning is not None:
            loaded[0].use_tuning(tuning)
        return loaded

    def _is_trained_elsewhere(self) -> bool:
        """Whether another process has saved what must be trained to replace the engine in use."""
        name = choose_training(self.engine, self._setting)
        header = read_header(self._store.folder / HEADER_NAME) if name else None
        if self.engine is None or header is None or header.engine != name:
            return False
        return self.engine.file is None or self.engine.file.name not in header.files

    def adopt(self, engine: VectorEngine, version: int) -> None:
        """Makes an engine that stands for ``version`` the one in use, level with the store."""
        changes = self._store.changes_since(version)
        if changes is None:
            # The library was replaced as a whole meanwhile; what is in use knows how to follow.
            return
        apply_changes(engine, changes, self._store)
        self.engine, self.version, self._saved = engine, changes.version, None

    def save(self) -> None:
        """Keeps the index in its file, when it has changed; one that cannot be kept is no loss."""
        if self.engine is None or self.version is None or not self.is_unsaved():
            return
        try:
            save_vectors(self.engine, self._store.folder, self._owner, self.version)
            self._saved = self.version
        except Exception as error:
            told = "The vectors of the engine %s could not be saved (%s); they are made anew."
            log.warning(told, self._name, error)

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
        self._refused = False
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
            if self._refused:
                self._take_in_changes(None)
            elif locked:
                self._take_over()
            else:
                with self._lock.held(0):
                    self._take_over()
        except LibraryBusyError:
            if self.engine is None or self.engine.in_memory:
                self._take_in_changes(None)
            else:
                self._tried = monotonic()
        except (StorageError, DamagedWordsError) as error:
            log.info("The word index is kept in memory: %s", error)
            self._refused = True
            self.engine = None
            self._take_in_changes(None)

    def drop(self) -> None:
        """Starts the index anew, empty; the caller holds the right to write."""
        self.engine = WordIndex.create(self._folder, self._owner)
        self._refused = False

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

    def _take_over(self) -> None:
        """Brings the index on disk level, with the right to write held; one in memory gives way."""
        if self.engine is not None and self.engine.in_memory:
            self.engine = None
        if not self._open_level():
            self._take_in_changes(self._folder)

    def _take_in_changes(self, folder: Path | None) -> None:
        """Takes in what changed; an index that must be made anew is made in ``folder``."""
        changes = None
        if self.engine is not None:
            changes = self._store.changes_since(self.engine.counter)
        if self.engine is None or changes is None:
            self.engine = WordIndex.create(folder, self._owner)
            changes = self._store.everything()
        self._apply(self.engine, changes)

    def _apply(self, engine: WordIndex, changes: Changes) -> None:
        """Takes the changes into ``engine``."""
        engine.remove(changes.removed.tolist())
        for rows, texts in self._store.inputs(changes.added):
            engine.add(rows, texts)
        engine.commit(changes.version)


class Caches:
    """Both engines with the lock that keeps searches and changes apart."""

    def __init__(self, store: Store, owner: str, lock: WriterLock, setting: str = "auto") -> None:
        """Loads nothing yet; ``setting`` is how vectors are searched."""
        self._store = store
        self._writer_lock = lock
        self._lock = SharedLock()
        self._changed = False
        self.vectors = VectorCache(store, owner, setting)
        self.words = WordCache(store, owner, lock)
        self.training = Training(store, setting, lambda: self.vectors.engine, self._move_to)

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
        self._changed = True
        self.training.consider()

    def rebuild(self) -> None:
        """Makes both engines anew from the store; the caller holds the right to write."""
        with self._lock.exclusive():
            self.vectors.drop()
            self.words.drop()
            self._catch_up(vectors=True, words=True, locked=True)
        self.train()
        self.save(locked=True)

    def train(self) -> None:
        """Trains an engine now when one is needed, and returns when the search uses it."""
        self.training.consider()
        self.training.finish(wait=True)

    def tune(self, encode: Encode, target: float) -> Tuning | None:
        """Measures a trained engine and keeps what reaches ``target``; ``None`` without one.

        Raises:
            LibraryError: the library cannot be written.
        """
        with self.reading(vectors=True, words=False):
            engine = self.vectors.engine
            if engine is None or not engine.trained_from:
                return None
            questions = draw_questions(self._store, encode)
            with self.vectors.telling_faults():
                batches = self._store.vectors(engine.ids(), engine.dimension)
                tuning = engine.tune(Truth(questions, batches), target)
        keep_tuning(self._store, tuning)
        return tuning

    def close(self, *, wait: bool = True) -> None:
        """Keeps what was trained.

        Training that is under way is given up without ``wait``, or when this process did not make
        it necessary; the next change or start of one trains.
        """
        self.training.finish(wait=wait and self._changed)
        self.save(locked=False)

    def save(self, *, locked: bool) -> None:
        """Keeps the vectors in their file, unless another writer is at work or the disk refuses."""
        with self._lock.shared():
            if locked:
                self.vectors.save()
            elif self.vectors.is_unsaved():
                lost = (LibraryBusyError, LibraryNotFoundError, StorageError)
                with suppress(*lost), self._writer_lock.held(0):
                    self.vectors.save()

    def _move_to(self, engine: VectorEngine, version: int) -> None:
        """Lets the next search use a newly trained engine."""
        with self._lock.exclusive():
            self.vectors.adopt(engine, version)
        self.save(locked=False)

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
