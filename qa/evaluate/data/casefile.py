"""A file of cases that people change: put in, looked through, corrected, taken out.

Every change reads the file, replaces it in one step and leaves alone what it is not about: other
fields, other lines, lines that are no cases. Two windows or commands may do so at once.
"""

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.errors import DatasetError
from index.storage.database import WriterLock
from qa.evaluate.data.cases import read_case
from qa.evaluate.data.problems import Problems

Record = dict[str, Any]
WAIT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class KeptCase:
    """One line of the file: its record, and what is wrong with it in words (empty: nothing)."""

    record: Mapping[str, Any]
    problem: str = ""

    @property
    def id(self) -> str:
        """The case's id."""
        return str(self.record.get("id", ""))

    @property
    def question(self) -> str:
        """The case's question."""
        return str(self.record.get("question", ""))

    @property
    def reviewed(self) -> bool:
        """Whether a person has looked the case over; cases written by hand count as such."""
        return self.record.get("reviewed") is not False

    @property
    def is_open(self) -> bool:
        """Whether the right answer is not known yet, so that the case cannot be asked."""
        return self.record.get("open") is True


def name_case(question: str) -> str:
    """The id of the case of a question: the same however often and with what spaces it is asked."""
    return hashlib.sha256(" ".join(question.split()).encode()).hexdigest()[:12]


class CaseFile:
    """The cases in one ``questions.jsonl``; the file need not be there yet."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = WriterLock(path.with_name(f"{path.name}.lock"), busy_seconds=WAIT_SECONDS)

    def list_cases(self) -> list[KeptCase]:
        """Every case of the file in order, those that cannot be used with what is wrong.

        Raises:
            DatasetError: the file cannot be read.
        """
        kept = []
        for number, line in enumerate(self._read(), start=1):
            record = parse_record(line)
            if record is None:
                if line.strip():
                    kept.append(KeptCase({}, f"Line {number} is no JSON object."))
                continue
            problems = Problems()
            if record.get("open") is not True:
                read_case(self.path, number, record, problems)
            found = "; ".join(problem.split(": ", 1)[-1] for problem in problems.found)
            kept.append(KeptCase(record, found))
        return kept

    def find(self, case_id: str) -> Mapping[str, Any] | None:
        """The record of this id, ``None`` when there is none."""
        records = map(parse_record, self._read())
        return next((item for item in records if item and item.get("id") == case_id), None)

    def put(self, question: str, change: Callable[[Record], Record]) -> tuple[str, bool]:
        """Add a question's case, or change the one there is; gives its id and whether it is new.

        ``change`` gets the record as it is, for a new case ``id`` and ``question`` alone, and gives
        what it shall be; the id stays.

        Raises:
            DatasetError: the file cannot be read or written.
        """
        wanted = " ".join(question.split())

        def is_wanted(record: Record) -> bool:
            return " ".join(str(record.get("question", "")).split()) == wanted

        return self._rewrite(is_wanted, change, {"question": question.strip()})

    def change(self, case_id: str, change: Callable[[Record], Record | None]) -> None:
        """Change the case of this id, or take it out when ``change`` gives ``None``.

        Raises:
            DatasetError: there is no such case, or the file cannot be read or written.
        """
        self._rewrite(lambda record: record.get("id") == case_id, change, None)

    def _rewrite(
        self,
        is_wanted: Callable[[Record], bool],
        change: Callable[[Record], Record | None],
        new: Record | None,
    ) -> tuple[str, bool]:
        with self._held():
            lines = self._read()
            for place, line in enumerate(lines):
                record = parse_record(line)
                if record is not None and is_wanted(record):
                    changed = change(dict(record))
                    kept = [] if changed is None else [encode_record(changed)]
                    self._write([*lines[:place], *kept, *lines[place + 1 :]])
                    return str(record.get("id", "")), False
            if new is None:
                raise DatasetError(
                    "This case is not there any more; it was deleted in another window."
                )
            taken = {str(item.get("id")) for item in map(parse_record, lines) if item}
            name = name_case(str(new["question"]))
            while name in taken:
                name += "+"
            made = change({"id": name, **new})
            if made is not None:
                self._write([*lines, encode_record(made)])
            return name, True

    def _held(self) -> AbstractContextManager[None]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._describe(error, "written") from error
        return self._lock.held()

    def _read(self) -> list[str]:
        """The file's lines without their ends; none when there is no file."""
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise self._describe(error, "read") from error
        try:
            lines = data.decode("utf-8-sig").replace("\r\n", "\n").split("\n")
        except UnicodeDecodeError as error:
            raise DatasetError(
                f"{self.path} is not UTF-8 at byte {error.start}; save it as UTF-8."
            ) from error
        return lines if lines[-1] else lines[:-1]

    def _write(self, lines: list[str]) -> None:
        """Replace the file by these lines, in one step."""
        part = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        try:
            with part.open("w", encoding="utf-8", newline="\n") as stream:
                stream.writelines(f"{line}\n" for line in lines)
                stream.flush()
                os.fsync(stream.fileno())
            part.replace(self.path)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise self._describe(error, "written") from error

    def _describe(self, error: OSError, what: str) -> DatasetError:
        return DatasetError(f"The cases in {self.path} cannot be {what}: {error.strerror}.")


def parse_record(line: str) -> Record | None:
    """The JSON object on a line, ``None`` when it is something else."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def encode_record(record: Mapping[str, Any]) -> str:
    """The record on one line; half a surrogate pair, which no file can hold, becomes ``?``."""
    return json.dumps(record, ensure_ascii=False).encode("utf-8", "replace").decode()
