"""Who is told how an evaluation goes on."""

from index.types import Progress


class Watcher:
    """Who is told how far an evaluation has come; this one tells nobody."""

    def begin(self, stage: str, total: int, done: int = 0) -> None:
        """A stage begins: ``total`` questions, ``done`` of them from before."""

    def advance(self) -> None:
        """A question of the stage is done."""

    def index(self, progress: Progress) -> None:
        """Articles are being indexed."""
