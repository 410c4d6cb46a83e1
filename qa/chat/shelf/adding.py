"""Files that were uploaded → articles of a library, in a thread, with what became of each file.

The files of one job are added together, as ``dateline add`` does: lines that several articles of
one source share are then known for boilerplate. Jobs for one library wait for each other.
"""

import logging
import threading
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from index import DatelineError, Library
from index.errors import LibraryBusyError
from index.types import Progress
from qa.uploads import FileResult, Reading, Uploaded

logger = logging.getLogger(__package__)

BUSY_TRIES = 12
KEPT_JOBS = 200


@dataclass(slots=True)
class AddingJob:
    """Files being added to one library; ``results`` are complete when ``done``."""

    number: int
    files: tuple[Uploaded, ...]
    current: str = ""
    seen: int = 0
    waiting: bool = True
    done: bool = False
    results: tuple[FileResult, ...] = ()


@dataclass(slots=True)
class AddingQueue:
    """The adding jobs of one server, by number; finished ones are remembered for a while."""

    jobs: dict[int, AddingJob] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _turns: defaultdict[str, threading.Lock] = field(
        default_factory=lambda: defaultdict(threading.Lock)
    )
    _last: int = 0

    def start(self, library: Library, files: Sequence[Uploaded]) -> AddingJob:
        """Begin to add files, which are deleted afterwards, to a library."""
        with self._lock:
            self._last += 1
            job = AddingJob(self._last, tuple(files))
            self.jobs[job.number] = job
            for number in [item for item, old in self.jobs.items() if old.done][:-KEPT_JOBS]:
                del self.jobs[number]
            turn = self._turns[str(library.path)]
        threading.Thread(target=self._run, args=(job, library, turn), daemon=True).start()
        return job

    def _run(self, job: AddingJob, library: Library, turn: threading.Lock) -> None:
        try:
            with turn:
                job.waiting = False
                job.results = tuple(add_files(library, job))
        except DatelineError as error:
            every = range(len(job.files))
            job.results = tuple(FileResult(place, "failed", 0, str(error)) for place in every)
        except Exception:
            logger.exception("Files could not be added.")
            job.results = tuple(FileResult(place, "failed") for place in range(len(job.files)))
        finally:
            for file in job.files:
                file.path.unlink(missing_ok=True)
            job.done = True


def add_files(library: Library, job: AddingJob) -> list[FileResult]:
    """Add a job's files together; gives a line or more for each, in their order.

    Raises:
        DatelineError: the library cannot be changed.
    """
    reading = Reading(job.files, library.settings.max_file_mb)

    def note(progress: Progress) -> None:
        job.seen, job.current = progress.articles, reading.current

    for left in reversed(range(BUSY_TRIES)):
        try:
            return reading.describe(library.add(reading.items(), progress=note))
        except LibraryBusyError:
            # Each try has waited for a while, and has taken nothing in.
            if not left:
                raise
    raise AssertionError("unreachable")
