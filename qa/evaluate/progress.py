"""Who is told how an evaluation goes on."""

from typing import Protocol

from index.types import Progress


class Watcher(Protocol):
    """Who is told how far an evaluation has come."""

    def begin(self, stage: str, total: int, done: int = 0) -> None:
        """A stage begins: ``total`` questions, ``done`` of them from before."""

    def advance(self) -> None:
        """A question of the stage is done."""

    def index(self, progress: Progress) -> None:
        """Articles are being indexed."""


class Silence:
    """A watcher that tells nobody."""

    def begin(self, stage: str, total: int, done: int = 0) -> None:
        """Say nothing."""

    def advance(self) -> None:
        """Say nothing."""

    def index(self, progress: Progress) -> None:
        """Say nothing."""
