"""An engine trained beside a library at work, and moved to when it is ready.

The engine in use answers until the new one is built from the store, level with it and measured
against exact search; then one takes the other's place. A crash at any point leaves the old files or
the new ones. Nothing but the store is needed to try again.
"""

import logging
import os
import shutil
import threading
from collections.abc import Callable
from contextlib import suppress

import numpy as np

from index.errors import LibraryError
from index.storage.store import Store
from index.storage.tables import Changes, describe_damaged_vectors
from index.vectors import VectorEngine
from index.vectors.choose import choose_training, load_engine
from index.vectors.engine import using_threads
from index.vectors.feeding import (
    Encode,
    apply_changes,
    draw_questions,
    keep_tuning,
    make_source,
    read_tuning,
)
from index.vectors.tuning import TARGET, Truth

SPARE_BYTES = 64 << 20
PATIENCE = 1.1
"""After a failure, how many times the passages there must be before it is tried again."""

log = logging.getLogger(__package__)


class Stopped(Exception):
    """The training was told to stop."""


class Training:
    """Trains an engine for one library in a thread of its own, when one is needed."""

    def __init__(
        self,
        store: Store,
        setting: str,
        current: Callable[[], VectorEngine | None],
        move_to: Callable[[VectorEngine, int], None],
    ) -> None:
        """Trains nothing yet.

        Args:
            store: the library's store.
            setting: ``auto`` or the name of an engine.
            current: gives the engine in use.
            move_to: makes an engine that stands for a version of the store the one in use.
        """
        self._store = store
        self._setting = setting
        self._current = current
        self._move_to = move_to
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._stop = threading.Event()
        self._failed_at = 0
        self.encode: Encode | None = None

    @property
    def running(self) -> bool:
        """Whether an engine is being trained."""
        return self._thread is not None and self._thread.is_alive()

    def consider(self) -> None:
        """Starts the training when it is needed and not under way."""
        engine = self._current()
        name = choose_training(engine, self._setting)
        if not name or self._store.database.read_only:
            return
        with self._starting:
            if self.running or len(engine or ()) < self._failed_at * PATIENCE:
                return
            self._stop.clear()
            self._thread = threading.Thread(target=self._run, args=[name], name=name, daemon=False)
            self._thread.start()

    def finish(self, *, wait: bool) -> None:
        """Returns when no training is under way; without ``wait`` one that is is given up."""
        thread = self._thread
        if thread is None:
            return
        if not wait:
            self._stop.set()
        try:
            thread.join()
        except BaseException:
            self._stop.set()
            thread.join()
            raise

    def _run(self, name: str) -> None:
        """Trains the engine ``name``; whatever goes wrong, the one in use stays."""
        try:
            with using_threads(max(1, (os.cpu_count() or 1) // 2)):
                self._train(name)
            self._failed_at = 0
        except Stopped:
            log.info("The training of %s was stopped; it is done another time.", name)
        except Exception as error:
            engine = self._current()
            self._failed_at = len(engine) if engine is not None else 0
            log.warning("No %s could be trained (%s); the search goes on as before.", name, error)

    def _check(self) -> None:
        """Raises when the training shall stop."""
        if self._stop.is_set():
            raise Stopped

    def _train(self, name: str) -> None:
        """Trains an engine with everything in the store, measures it and moves to it."""
        dimension = self._store.dimension()
        source = make_source(self._store, dimension)
        everything = self._store.everything()
        rows, folder = everything.added, self._store.folder
        self._make_sure_of_room(len(rows) * (dimension + 16))
        truth = self._draw_truth(dimension)
        train = load_engine(name).train
        engine = train(rows, source, dimension, folder, self._check, truth.take_in)
        try:
            if len(engine) != len(rows):
                raise describe_damaged_vectors(folder)
            if len(truth.questions):
                known = read_tuning(self._store.manifest())
                target = known.target if known else TARGET
                tuning = engine.tune(truth, target, self._check)
                self._check()
                # A library that is busy does without, until it is tuned again.
                with suppress(LibraryError):
                    keep_tuning(self._store, tuning)
            version = self._catch_up(engine, everything)
            self._check()
        except BaseException:
            if engine.file is not None:
                engine.file.unlink(missing_ok=True)
            raise
        self._move_to(engine, version)

    def _draw_truth(self, dimension: int) -> Truth:
        """The questions that the engine is measured with; none when nothing can encode."""
        if self.encode is None:
            return Truth(np.empty((0, dimension), np.float32))
        return Truth(draw_questions(self._store, self.encode))

    def _make_sure_of_room(self, needed: int) -> None:
        """Refuses to begin what the disk has no room for."""
        free = shutil.disk_usage(self._store.folder).free
        if free < needed + SPARE_BYTES:
            raise OSError(f"they take {needed >> 20} MB on the disk and {free >> 20} MB are free")

    def _catch_up(self, engine: VectorEngine, since: Changes) -> int:
        """Brings the engine near the store while others go on; gives the version it stands for."""
        version = since.version
        while True:
            self._check()
            changes = self._store.changes_since(version)
            if changes is None:
                raise OSError("the library was replaced meanwhile")
            apply_changes(engine, changes, self._store)
            if version == changes.version:
                return version
            version = changes.version
