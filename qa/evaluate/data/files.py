"""Reading the lines of evaluation files: JSON lines, tables, plain or compressed."""

import gzip
import hashlib
import io
import json
import lzma
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from index.articles.decoding import storable_text
from index.articles.files import check_file
from index.errors import ArticleError, DatasetError
from qa.evaluate.data.problems import Problems

SUFFIXES = ("", ".xz", ".gz")


def find_file(folder: Path, name: str) -> Path | None:
    """The file ``name`` of ``folder``, plain or compressed with xz or gzip; none if not there."""
    for suffix in SUFFIXES:
        if (folder / f"{name}{suffix}").is_file():
            return folder / f"{name}{suffix}"
    return None


def open_bytes(path: Path) -> IO[bytes]:
    """The file's bytes, decompressed where its name says that it is compressed.

    Raises:
        DatasetError: it cannot be opened.
    """
    try:
        check_file(path)
        if path.suffix == ".xz":
            return lzma.open(path, "rb")
        if path.suffix == ".gz":
            return io.BufferedReader(gzip.open(path, "rb"))
        return path.open("rb")
    except ArticleError as error:
        raise DatasetError(str(error)) from error
    except OSError as error:
        raise DatasetError(f"{path} cannot be read: {error.strerror}; check the path.") from error


def read_lines(path: Path, problems: Problems) -> Iterator[tuple[int, str]]:
    """Each line that is not blank with its number; those that are not UTF-8 are problems."""
    with open_bytes(path) as stream:
        try:
            for number, raw in enumerate(stream, start=1):
                try:
                    line = raw.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
                except UnicodeDecodeError as error:
                    problems.add(path, number, f"is not UTF-8 at byte {error.start}; convert it.")
                    continue
                if line.strip():
                    yield number, line
        except (OSError, EOFError, lzma.LZMAError) as error:
            problems.add(path, 0, f"cannot be read to its end ({error}); fetch it again.")


def read_records(path: Path, problems: Problems) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each JSON object of a JSON-lines file with its line number; the rest are problems."""
    for number, line in read_lines(path, problems):
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            reason = getattr(error, "msg", "nested too deeply")
            problems.add(path, number, f"is not valid JSON: {reason}.")
            continue
        if isinstance(record, dict):
            yield number, record
        else:
            problems.add(path, number, f"is {type(record).__name__}, not a JSON object.")


def text_field(
    record: dict[str, Any], name: str, path: Path, line: int, problems: Problems
) -> str | None:
    """The string ``name`` of a record, numbers as strings; ``None`` (a problem) if not there."""
    value = record.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str):
        if storable_text(value) != value:
            problems.add(path, line, f"{name!r} holds characters that cannot be stored.")
        return value
    what = "is missing" if name not in record else f"is {value!r}, not a string"
    problems.add(path, line, f"{name!r} {what}.")
    return None


def digest_files(paths: list[Path], *words: str) -> str:
    """A SHA-256 over the bytes of files and some words, in the order given.

    Raises:
        DatasetError: a file cannot be read.
    """
    total = hashlib.sha256()
    for word in words:
        total.update(word.encode() + b"\0")
    for path in paths:
        try:
            with path.open("rb") as stream:
                total.update(hashlib.file_digest(stream, "sha256").digest())
        except OSError as error:
            raise DatasetError(f"{path} cannot be read: {error.strerror}.") from error
    return total.hexdigest()
