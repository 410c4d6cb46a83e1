"""Clusters trained beside a library at work, and moved to when they are ready.

The engine in use answers until the new one is built from the store, level with it and measured
against exact search; then one takes the other's place. A crash at any point leaves the old files or
the new ones. Nothing but the store is needed to try again.
"""

import logging
import os
import secrets
import shutil
import threading
from collections.abc import Callable
from contextlib import suppress

import numpy as np

from index.errors import LibraryError
from index.storage.store import Store
from index.storage.tables import Changes, describe_damaged_vectors
from index.vectors import VECTORS_NAME, IVFVectors, Source, VectorEngine
from index.vectors.choose import needs_training
from index.vectors.engine import using_threads
from index.vectors.feeding import apply_changes, make_source
from index.vectors.files import map_base, sync
from index.vectors.ivf.training import train_clusters, write_base
from index.vectors.ivf.tuning import (
    TARGET,
    Encode,
    Truth,
    Tuning,
    draw_questions,
    keep_tuning,
    read_tuning,
    tune_probes,
)

SPARE_BYTES = 64 << 20
PATIENCE = 1.1
"""After a failure, how many times the passages there must be before it is tried again."""

log = logging.getLogger(__package__)


class Stopped(Exception):
    """The training was told to stop."""


class ClusterTraining:
    """Trains clusters for one library in a thread of its own, when they are needed."""

    def __init__(
        self,
        store: Store,
        setting: str,
        current: Callable[[], VectorEngine | None],
        move_to: Callable[[IVFVectors, int], None],
    ) -> None:
        """Trains nothing yet.

        Args:
            store: the library's store.
            setting: ``auto``, ``exact`` or ``clusters``.
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
        """Whether clusters are being trained."""
        return self._thread is not None and self._thread.is_alive()

    def consider(self) -> None:
        """Starts the training when it is needed and not under way."""
        engine = self._current()
        if not needs_training(engine, self._setting) or self._store.database.read_only:
            return
        with self._starting:
            if self.running or len(engine or ()) < self._failed_at * PATIENCE:
                return
            self._stop.clear()
            self._thread = threading.Thread(target=self._run, name="clusters", daemon=False)
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

    def _run(self) -> None:
        """Trains; whatever goes wrong, the engine in use stays."""
        try:
            with using_threads(max(1, (os.cpu_count() or 1) // 2)):
                self._train()
            self._failed_at = 0
        except Stopped:
            log.info("The training of clusters was stopped; it is done another time.")
        except Exception as error:
            engine = self._current()
            self._failed_at = len(engine) if engine is not None else 0
            log.warning("No clusters could be trained (%s); the search goes on as before.", error)

    def _check(self) -> None:
        """Raises when the training shall stop."""
        if self._stop.is_set():
            raise Stopped

    def _train(self) -> None:
        """Trains clusters of everything in the store, measures them and moves to them."""
        dimension = self._store.dimension()
        source = make_source(self._store, dimension)
        everything = self._store.everything()
        self._make_sure_of_room(len(everything.added) * (dimension + 16))
        truth = self._draw_truth(dimension)
        base = train_clusters(
            everything.added, source, dimension, check=self._check, watch=truth.take_in
        )
        if base.ntotal != len(everything.added):
            raise describe_damaged_vectors(self._store.folder)
        engine = self._put_in_file(base, source)
        try:
            if len(truth.questions):
                known = read_tuning(self._store.manifest())
                target = known.target if known else TARGET
                tuning = tune_probes(engine, truth, target, self._check)
                self._check()
                self._keep(tuning)
            version = self._catch_up(engine, everything)
            self._check()
        except BaseException:
            if engine.file is not None:
                engine.file.unlink(missing_ok=True)
            raise
        self._move_to(engine, version)

    def _draw_truth(self, dimension: int) -> Truth:
        """The questions that the clusters are measured with; none when nothing can encode."""
        if self.encode is None:
            return Truth(np.empty((0, dimension), np.float32))
        return Truth(draw_questions(self._store, self.encode))

    def _make_sure_of_room(self, needed: int) -> None:
        """Refuses to begin what the disk has no room for."""
        free = shutil.disk_usage(self._store.folder).free
        if free < needed + SPARE_BYTES:
            raise OSError(f"they take {needed >> 20} MB on the disk and {free >> 20} MB are free")

    def _put_in_file(self, base: object, source: Source) -> IVFVectors:
        """The engine of a trained index, mapped from its new file."""
        name = secrets.token_hex(4)
        file = self._store.folder / f"{VECTORS_NAME}.{name}"
        lists, count, dimension = base.nlist, base.ntotal, base.d  # type: ignore[attr-defined]
        try:
            write_base(base, file)
            sync(file)
            mapped = map_base(file, dimension, lists, count)
        except BaseException:
            file.unlink(missing_ok=True)
            raise
        if mapped is None:
            file.unlink(missing_ok=True)
            raise OSError(f"{file.name} was not written as it should be")
        engine = IVFVectors(mapped, source, name=name)
        engine.file = file
        return engine

    def _keep(self, tuning: Tuning) -> None:
        """Keeps what was chosen; a library that is busy does without, until it is tuned again."""
        with suppress(LibraryError):
            keep_tuning(self._store, tuning)

    def _catch_up(self, engine: IVFVectors, since: Changes) -> int:
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
