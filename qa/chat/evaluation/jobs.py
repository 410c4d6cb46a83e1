"""Evaluations that a page starts: one at a time, in a thread of its own, by ``run_evaluation``."""

import logging
import threading
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from index.errors import DatasetError, DatelineError
from index.storage.private import make_private_folder
from qa.chat.evaluation.polling import EvaluationStopped, PolledWatcher, Standing
from qa.chat.evaluation.saved import choose_name
from qa.evaluate.runner import EvaluationOptions, run_evaluation
from qa.evaluate.runs import save_runs

logger = logging.getLogger(__package__)

State = Literal["idle", "running", "stopping", "done", "stopped", "failed"]


@dataclass(frozen=True, slots=True)
class JobState:
    """What there is to say of the evaluation that runs, or ran last.

    ``run`` is the name of the saved run once it is done, ``reason`` why it failed (empty for a
    fault of ours). ``number`` tells it from others; ``library`` is the one that it was asked for.
    """

    number: int = 0
    state: State = "idle"
    library: str = ""
    standing: Standing = Standing()
    run: str = ""
    reason: str = ""


class Evaluator:
    """Runs evaluations for the pages of one server, one at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._watcher = PolledWatcher()
        self._state = JobState()
        self._options: tuple[EvaluationOptions, Path] | None = None
        self._thread: threading.Thread | None = None

    @property
    def state(self) -> JobState:
        """How the evaluation that runs, or ran last, stands."""
        with self._lock:
            return replace(self._state, standing=self._watcher.standing)

    def start(self, options: EvaluationOptions, folder: Path, library: str) -> JobState:
        """Begin an evaluation whose runs are saved in ``folder``.

        Raises:
            DatasetError: one is running already.
        """
        with self._lock:
            if self._state.state in ("running", "stopping"):
                raise DatasetError(
                    "Another evaluation is running; wait until it is done, or cancel it."
                )
            self._watcher = PolledWatcher(len(options.systems))
            self._state = JobState(self._state.number + 1, "running", library)
            self._options = (options, folder)
            self._thread = threading.Thread(
                target=self._run, args=(options, folder, self._watcher), daemon=True
            )
            self._thread.start()
        return self.state

    def resume(self) -> JobState:
        """Go on with the evaluation that was stopped or failed.

        Raises:
            DatasetError: there is none, or another one is running.
        """
        with self._lock:
            known, library = self._options, self._state.library
        if known is None:
            raise DatasetError("There is no evaluation to go on with; start one.")
        return self.start(replace(known[0], resume=True), known[1], library)

    def stop(self) -> JobState:
        """End the evaluation after the question that is being asked; what is done is kept."""
        with self._lock:
            if self._state.state == "running":
                self._state = replace(self._state, state="stopping")
                self._watcher.stop()
        return self.state

    def wait(self) -> None:
        """Return when no evaluation is running."""
        if self._thread is not None:
            self._thread.join()

    def _run(self, options: EvaluationOptions, folder: Path, watcher: PolledWatcher) -> None:
        started = datetime.now()
        try:
            runs = run_evaluation(options, watcher)
            name = choose_name(folder, str(runs[0].dataset.get("name", "")), started)
            with suppress(OSError):  # saving says what is wrong with it
                make_private_folder(folder)
            save_runs(runs, folder / name)
        except EvaluationStopped:
            self._end("stopped")
        except DatelineError as error:
            self._end("failed", reason=str(error))
        except Exception:
            logger.exception("The evaluation failed.")
            self._end("failed")
        else:
            self._end("done", run=name)

    def _end(self, state: State, *, run: str = "", reason: str = "") -> None:
        with self._lock:
            self._state = replace(self._state, state=state, run=run, reason=reason)
