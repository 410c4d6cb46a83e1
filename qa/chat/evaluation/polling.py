"""Progress of an evaluation for somebody who asks now and then, and a way to stop it."""

import threading
import time
from dataclasses import dataclass, replace
from typing import Literal

from index.types import Progress
from qa.evaluate.progress import Watcher

Work = Literal["preparing", "indexing", "asking"]
SPEED_KNOWN_AFTER = 2
"""Questions that must be done before the time left is guessed."""


class EvaluationStopped(Exception):  # noqa: N818 - nothing went wrong
    """Somebody stopped the evaluation; what is done is kept for ``resume``."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an evaluation has come.

    ``done`` of ``total`` questions (or articles, while ``work`` is ``indexing``) of ``system``,
    which is number ``place`` of ``systems``. ``seconds_left`` is a guess from the speed so far,
    ``None`` until there is one.
    """

    work: Work = "preparing"
    system: str = ""
    place: int = 0
    systems: int = 1
    done: int = 0
    total: int = 0
    seconds_left: float | None = None


class PolledWatcher(Watcher):
    """Keeps where an evaluation of so many systems stands; any thread may look or stop it."""

    def __init__(self, systems: int = 1) -> None:
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._standing = Standing(systems=max(1, systems))
        self._before = 0
        self._begun = time.monotonic()

    def stop(self) -> None:
        """End the evaluation after the question that is being asked."""
        self._stop.set()

    @property
    def standing(self) -> Standing:
        """Where things stand now."""
        with self._lock:
            return self._standing

    def begin(self, stage: str, total: int, done: int = 0) -> None:
        """A system begins: ``total`` questions, ``done`` of them from before."""
        with self._lock:
            known = self._standing
            self._before, self._begun = done, time.monotonic()
            self._standing = Standing(
                "asking", stage, known.place + 1, known.systems, done, total, None
            )
        self._check()

    def advance(self) -> None:
        """A question of the system is done."""
        with self._lock:
            known = self._standing
            done = known.done + 1
            self._standing = replace(known, done=done, seconds_left=self._guess(done, known))
        self._check()

    def index(self, progress: Progress) -> None:
        """Articles are being indexed."""
        with self._lock:
            known = self._standing
            self._standing = Standing(
                "indexing", "", known.place, known.systems, progress.articles, progress.total or 0
            )
        self._check()

    def _guess(self, done: int, known: Standing) -> float | None:
        """The seconds that the questions left should take at the speed so far."""
        fresh = done - self._before
        if fresh < SPEED_KNOWN_AFTER:
            return None
        left = known.total - done + (known.systems - known.place) * known.total
        return left * (time.monotonic() - self._begun) / fresh

    def _check(self) -> None:
        if self._stop.is_set():
            raise EvaluationStopped
