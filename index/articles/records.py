"""JSONL files → articles, a record a line: the BEIR corpus form and ``{"id", "contents"}``."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from index.articles.decoding import storable_text
from index.articles.documents import Document, make_article, metadata_date
from index.articles.files import MEGABYTE, check_file, describe_failure, location_of, printable_name
from index.errors import ArticleError
from index.types import Article, SkippedFile

# A file of another shape than a corpus would else report every one of its lines.
_MOST_BAD_LINES = 100


def article_from_record(record: Mapping[str, Any], location: str) -> Article:
    """The article in a record: ``{"_id", "title", "text", "metadata"}`` or ``{"id", "contents"}``.

    ``published`` (or ``date``), ``source``, ``url`` and ``language`` are taken from the record or
    its ``metadata``. A record with a title and no text is an article of that title. ``location``
    is where the record is, such as ``/data/corpus.jsonl#d1``.

    Raises:
        ArticleError: it has no id or no text, or one of a wrong type.
    """
    identifier = _read_id(record)
    title = _read_string(record, "title")
    text = _read_string(record, "text" if "text" in record else "contents")
    if not text.strip():
        text = title
    if not text.strip():
        raise ArticleError("it has no text: neither text nor contents says anything.")
    stored = storable_text(text)
    details = record.get("metadata")
    merged = {**record, **(details if isinstance(details, Mapping) else {})}

    def detail(*names: str) -> str:
        values = (merged.get(name) for name in names)
        said = next((value for value in values if isinstance(value, str | int) and value), "")
        return storable_text(str(said)).strip()

    document = Document(
        stored,
        title=storable_text(" ".join(title.split())),
        source=detail("source"),
        url=detail("url"),
        language=detail("language"),
        published=metadata_date(detail("published", "date"), "record"),
        notes=() if stored == text else ("Characters that cannot be stored were replaced.",),
    )
    return make_article(document, article_id=identifier, location=location)


def _read_id(record: Mapping[str, Any]) -> str:
    """The id of a record, of which a number will do.

    Raises:
        ArticleError: it has none.
    """
    identifier = record.get("_id", record.get("id"))
    if isinstance(identifier, bool) or not isinstance(identifier, str | int) or identifier == "":
        raise ArticleError("it has no _id or id that is a string or a number.")
    return storable_text(str(identifier))


def _read_string(record: Mapping[str, Any], name: str) -> str:
    """The string under ``name``; empty when there is none.

    Raises:
        ArticleError: it is of another type.
    """
    value = record.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ArticleError(f"its {name} is of type {type(value).__name__}, not a string.")
    return value


def read_records(file: Path, max_file_mb: int) -> Iterator[Article | SkippedFile]:
    """The records of a JSONL file, a line at a time; a bad line is skipped with its number.

    A line, not the file, may have up to ``max_file_mb`` million bytes, and no more than 16: corpora
    are large.
    """
    from index.articles.bounds import MOST_RECORD

    longest = min(max_file_mb * MEGABYTE, MOST_RECORD)
    location, name = location_of(file), printable_name(file)
    first_lines: dict[str, int] = {}
    bad = 0
    filled = False
    try:
        check_file(file)
        for number, line in _lines(file, longest):
            if line is not None and not line.strip():
                continue
            filled = True
            try:
                if line is None:
                    raise ArticleError(f"it is longer than {longest // MEGABYTE} MB")
                article = _read_line(line, location)
                if first_lines.setdefault(article.id, number) != number:
                    first = first_lines[article.id]
                    raise ArticleError(f"line {first} has the id {article.id!r} already")
            except ArticleError as error:
                bad += 1
                if bad <= _MOST_BAD_LINES:
                    reason = f"Line {number} of {name} cannot be added: {str(error).rstrip('.')}."
                    yield SkippedFile(f"{location}#line {number}", reason)
            else:
                yield article
    except ArticleError as error:
        yield SkippedFile(location, str(error))
        return
    except OSError as error:
        yield SkippedFile(location, describe_failure(file, error))
        return
    if bad > _MOST_BAD_LINES:
        more = bad - _MOST_BAD_LINES
        yield SkippedFile(location, f"{more} more lines of {name} cannot be added either.")
    if not filled:
        yield SkippedFile(location, f"{name} is empty; there is nothing to add.")


def count_lines(file: Path) -> int:
    """How many lines a file has; 0 when it cannot be read."""
    try:
        check_file(file)
        with file.open("rb") as stream:
            blocks = iter(lambda: stream.read(MEGABYTE), b"")
            last, total = b"", 0
            for block in blocks:
                total += block.count(b"\n")
                last = block
    except (ArticleError, OSError):
        return 0
    return total + (not last.endswith(b"\n") if last else 0)


def _lines(file: Path, limit: int) -> Iterator[tuple[int, bytes | None]]:
    """The numbered lines of a file; ``None`` for one longer than ``limit`` bytes."""
    with file.open("rb") as stream:
        number = 0
        while line := stream.readline(limit + 1):
            number += 1
            if number == 1:
                line = line.removeprefix(b"\xef\xbb\xbf")
            if len(line) <= limit or line.endswith(b"\n"):
                yield number, line
                continue
            while line and not line.endswith(b"\n"):
                line = stream.readline(MEGABYTE)
            yield number, None


def _read_line(line: bytes, location: str) -> Article:
    """The article on one line.

    Raises:
        ArticleError: it is no JSON object or no article.
    """
    record = _parse_record(line)
    return article_from_record(record, f"{location}#{_read_id(record)}")


def _parse_record(line: bytes) -> dict[str, Any]:
    """The JSON object on a line.

    Raises:
        ArticleError: it is no UTF-8, no JSON or no object.
    """
    try:
        record = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ArticleError(f"it is not UTF-8 (byte {error.start + 1})") from error
    except json.JSONDecodeError as error:
        raise ArticleError(f"it is not valid JSON ({error.msg} at column {error.colno})") from error
    except (RecursionError, ValueError) as error:
        raise ArticleError(f"it is not usable JSON ({type(error).__name__})") from error
    if not isinstance(record, dict):
        raise ArticleError("it is not a JSON object")
    return record
