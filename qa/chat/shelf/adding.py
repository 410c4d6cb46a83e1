"""Files that were uploaded → articles of a library, in a thread, with what became of each file.

The files of one job are added together, as ``dateline add`` does: lines that several articles of
one source share are then known for page furniture. Jobs for one library wait for each other.
"""

import logging
import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from index import AddReport, Article, DatelineError, Library, SkippedFile
from index.errors import LibraryBusyError
from index.types import Progress
from qa.chat.uploads import Uploaded

logger = logging.getLogger(__name__)

PLACE = "uploaded:"
"""Stands before the name of an uploaded file as its location: a file of the same name that is
uploaded again is a new version of it."""
BUSY_TRIES = 12
KEPT_JOBS = 200

Outcome = Literal["added", "updated", "unchanged", "duplicate", "refused", "failed"]


@dataclass(frozen=True, slots=True)
class FileResult:
    """What became of the file at a place of the job: how many articles, or the one or the reason.

    ``failed`` without a reason is a fault of ours, which the log describes.
    """

    place: int
    outcome: Outcome
    articles: int = 0
    detail: str = ""

    @property
    def is_good(self) -> bool:
        """Whether what is in the file is in the library now."""
        return self.outcome in ("added", "updated", "unchanged", "duplicate")


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


class Reading:
    """The articles of uploaded files, under the names that the files had where they came from."""

    def __init__(self, files: Sequence[Uploaded], max_file_mb: int) -> None:
        self._files = files
        self._limit = max_file_mb
        self._owner: dict[str, int] = {}
        self._ids: dict[int, list[str]] = defaultdict(list)
        self.current = ""

    def items(self) -> Iterator[Article | SkippedFile]:
        """What ``Library.add`` takes in."""
        from index.articles.reading import read_articles

        for number, file in enumerate(self._files):
            self.current = file.name
            for item in read_articles([file.path], max_file_mb=self._limit):
                yield self._rename(item, number, file)

    def _rename(
        self, item: Article | SkippedFile, number: int, file: Uploaded
    ) -> Article | SkippedFile:
        location = item.location.replace(str(file.path), PLACE + file.name)
        self._owner.setdefault(location, number)
        if isinstance(item, SkippedFile):
            reason = item.reason.replace(str(file.path), file.name)
            return replace(
                item, location=location, reason=reason.replace(file.path.name, file.name)
            )
        name = file.name if item.id == file.path.name else item.id
        self._ids[number].append(name)
        return replace(item, id=name, location=location)

    def describe(self, report: AddReport) -> list[FileResult]:
        """What became of each file, in order."""
        lines: dict[int, list[FileResult]] = defaultdict(list)
        counts: dict[int, dict[Outcome, list[str]]] = defaultdict(lambda: defaultdict(list))
        added, updated = set(report.added), set(report.updated)
        for location, name in report.places:
            outcome: Outcome = (
                "added" if name in added else "updated" if name in updated else "unchanged"
            )
            counts[self._owner.get(location, 0)][outcome].append(name)
        for number, outcomes in counts.items():
            for outcome, names in outcomes.items():
                detail = names[0] if len(names) == 1 else ""
                lines[number].append(FileResult(number, outcome, len(names), detail))
        twins: dict[int, list[str]] = defaultdict(list)
        for name, original in report.duplicates:
            owners = (number for number, ids in self._ids.items() if name in ids)
            twins[next(owners, 0)].append(original)
        for number, originals in twins.items():
            lines[number].append(FileResult(number, "duplicate", len(originals), originals[0]))
        for item in report.skipped:
            number = self._owner.get(item.location, 0)
            lines[number].append(FileResult(number, "refused", 0, item.reason))
        return [
            line
            for number in range(len(self._files))
            for line in lines[number] or [FileResult(number, "refused")]
        ]
