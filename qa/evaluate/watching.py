"""Progress of an evaluation on a terminal: how much is done, how fast, how long still."""

import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

from index.types import Progress
from qa.evaluate.progress import Watcher

if TYPE_CHECKING:
    from rich.progress import TaskID

SHOWN_AFTER = 2.0


class TerminalWatcher(Watcher):
    """Draws a bar on standard error once work takes over two seconds, and only on a terminal.

    ``stage``, ``done`` and ``total`` say where things stood, for the sentence after Ctrl-C.
    """

    def __init__(self) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        from qa.output.terminal import make_console

        console = make_console(stderr=True)
        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task: TaskID | None = None
        self._opened = self._started = time.monotonic()
        self._before = 0
        self.stage, self.done, self.total = "", 0, 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def begin(self, stage: str, total: int, done: int = 0) -> None:
        """A stage begins: ``total`` questions, ``done`` of them from before."""
        self.stage, self.done, self.total, self._before = stage, done, total, done
        self._start_task(f"asking {stage}", total)
        self._draw("questions")

    def advance(self) -> None:
        """A question of the stage is done."""
        self.done += 1
        self._draw("questions")

    def index(self, progress: Progress) -> None:
        """Articles are being indexed."""
        if self.stage != "indexing":
            self.stage, self._before = "indexing", 0
            self._start_task("indexing", progress.total)
        self.done, self.total = progress.articles, progress.total or 0
        self._draw("articles")

    def _start_task(self, description: str, total: int | None) -> None:
        """Replace the bar that is shown."""
        if self._task is not None:
            self._bar.remove_task(self._task)
        self._task = self._bar.add_task(description, total=total, rate="", visible=True)
        self._started = time.monotonic()

    def _draw(self, unit: str) -> None:
        """Show how far things are."""
        now = time.monotonic()
        if self._task is None or now - self._opened < SHOWN_AFTER:
            return
        self._bar.start()
        rate = (self.done - self._before) / max(now - self._started, 1e-6)
        self._bar.update(self._task, completed=self.done, rate=f"{rate:.1f} {unit}/s")
