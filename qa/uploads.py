"""Files that were sent to the server → articles, under the names they had where they came from."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Literal

from index import AddReport, Article, SkippedFile
from index.articles.files import storable_name
from qa.output.safe_text import clean_text

NAME_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file that was received: where it lies, and what it is called where it came from."""

    path: Path
    name: str


def clean_name(name: str) -> str:
    """A relative path that leads nowhere else and is fit to be shown: no ``..``, no controls."""
    parts = (part.strip() for part in clean_text(name).replace("\\", "/").split("/"))
    kept = [part for part in parts if part not in ("", ".", "..")]
    joined = "/".join(" ".join(part.split()) for part in kept)
    if len(joined) > NAME_LENGTH:
        path = PurePosixPath(joined)
        joined = path.stem[: NAME_LENGTH - 12] + path.suffix[:12]
    return storable_name(joined) or "file"


PLACE = "uploaded:"
"""Stands before the name of an uploaded file as its location: a file of the same name that is
uploaded again is a new version of it."""


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


class Reading:
    """The articles of uploaded files, under the names that the files had where they came from."""

    def __init__(self, files: Sequence[Uploaded], max_file_mb: int, encoding: str = "") -> None:
        self._files = files
        self._encoding = encoding
        self._limit = max_file_mb
        self._owner: dict[str, int] = {}
        self._ids: dict[int, list[str]] = defaultdict(list)
        self.current = ""

    def items(self) -> Iterator[Article | SkippedFile]:
        """What ``Library.add`` takes in."""
        from index.articles.reading import read_articles

        for number, file in enumerate(self._files):
            self.current = file.name
            for item in read_articles(
                [file.path], max_file_mb=self._limit, encoding=self._encoding
            ):
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
