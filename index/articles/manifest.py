"""A manifest: metadata beside the files, as CSV or JSONL.

Its columns are ``file_location,title,published,source,language``; only the first is needed, others
are ignored. What a row gives replaces what was found in the file; an empty cell replaces nothing.
For a ``.jsonl`` file of many articles a row gives date, source and language of all, not the title.
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from index.articles.bounds import MOST_COLUMNS, MOST_MANIFEST_MB, MOST_RECORD, MOST_ROWS
from index.articles.decoding import decode_text, plain_name, storable_text
from index.articles.files import is_folder, location_of, read_bytes, resolve_path
from index.errors import ArticleError, ManifestError
from index.extensions import find_format
from index.text.written_dates import parse_iso_date, parse_written_date
from index.types import Article, PublicationDate, SkippedFile

_COLUMNS = ("file_location", "title", "published", "source", "language")
_HEADER = ",".join(_COLUMNS)
_MOST_PROBLEMS = 100


@dataclass(frozen=True, slots=True)
class ManifestRow:
    """One row: where its file should be, and what it says of it."""

    line: int
    file_location: str
    title: str = ""
    published: PublicationDate | None = None
    source: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The rows of a manifest, by the file each one names."""

    path: Path
    rows: dict[Path, ManifestRow]
    missing: tuple[SkippedFile, ...] = ()

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that the rows name and that exist, in the manifest's order."""
        return tuple(self.rows)

    def describe(self, article: Article, file: Path) -> Article:
        """``article`` with what the row of its ``file`` says, if it has one."""
        row = self.rows.get(file)
        if row is None:
            return article
        kind = find_format(file)
        retitled = bool(row.title) and not (kind and kind.read_many)
        return replace(
            article,
            title=row.title if retitled else article.title,
            published=row.published or article.published,
            source=row.source or article.source,
            language=row.language or article.language,
            # What was guessed about a title is void once the manifest gives it.
            notes=tuple(n for n in article.notes if not (retitled and n.startswith("The title"))),
        )


def read_manifest(path: Path, added: Sequence[Path] = ()) -> Manifest:
    """The manifest at ``path``; its rows are relative to its folder or to what is ``added``.

    Rows that name a file which does not exist are kept apart in ``missing``.

    Raises:
        ManifestError: the file cannot be read or used; every bad line is listed.
    """
    text = _read_text(path)
    problems: list[str] = []
    if path.suffix.lower() in (".jsonl", ".ndjson"):
        table = list(_read_jsonl(text, problems))
    else:
        table = list(_read_csv(text, path, problems))
    folders = (item if is_folder(item) else item.parent for item in added)
    bases = [resolve_path(path).parent, *folders]
    rows: dict[Path, ManifestRow] = {}
    missing: list[SkippedFile] = []
    for line, cells in table:
        row = _read_row(line, cells, problems)
        if row is None:
            continue
        file = _find_file(row.file_location, bases)
        if file is None:
            missing.append(
                SkippedFile(
                    f"{location_of(path)}:{line}",
                    f"Line {line} of the manifest {path.name} names {row.file_location}, "
                    "which does not exist; correct the path or remove the line.",
                )
            )
        elif file in rows:
            problems.append(
                f"line {line} names {row.file_location} again, after line {rows[file].line}"
            )
        else:
            rows[file] = row
    if problems:
        more = len(problems) - _MOST_PROBLEMS
        told = [*problems[:_MOST_PROBLEMS], *([f"and so on, {more:,} more"] if more > 0 else [])]
        raise ManifestError(f"The manifest {path} cannot be used: {'; '.join(told)}.")
    return Manifest(path, rows, tuple(missing))


def _read_text(path: Path) -> str:
    """The manifest's text."""
    try:
        text, _ = decode_text(read_bytes(path, MOST_MANIFEST_MB), str(path))
    except ArticleError as error:
        raise ManifestError(f"The manifest cannot be read: {error}") from error
    if max(text.count("\n"), text.count("\r")) > MOST_ROWS:
        raise ManifestError(
            f"The manifest {path} has more than {MOST_ROWS:,} lines; split it and add each part."
        )
    if not text.strip():
        raise ManifestError(
            f"The manifest {path} is empty; its first line should be the header {_HEADER}."
        )
    return text


def _read_csv(text: str, path: Path, problems: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV manifest with their line numbers; comma, semicolon or tab apart."""
    first = re.split(r"[\r\n]", text.lstrip(), maxsplit=1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: list[str] | None = None
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if header is None:
                header = [cell.strip().lower() for cell in cells]
                _check_header(header, path)
            elif len(cells) > len(header):
                problems.append(
                    f"line {reader.line_num} has {len(cells)} cells for {len(header)} columns "
                    "(quote a title that has a comma)"
                )
            else:
                yield reader.line_num, dict(zip(header, map(str.strip, cells), strict=False))
    except csv.Error as error:
        problems.append(f"line {reader.line_num} is not CSV ({error})")


def _check_header(header: list[str], path: Path) -> None:
    """Refuse a CSV manifest whose first line is no header."""
    if len(header) > MOST_COLUMNS:
        raise ManifestError(
            f"The manifest {path} has {len(header):,} columns; leave out those that are none of "
            f"{_HEADER}."
        )
    if "file_location" not in header:
        raise ManifestError(
            f"The manifest {path} has no column file_location; its first line should be the "
            f"header {_HEADER}, but is {','.join(header)[:100]!r}."
        )
    repeated = sorted({name for name in header if name and header.count(name) > 1})
    if repeated:
        raise ManifestError(f"The manifest {path} has the column {', '.join(repeated)} twice.")


def _read_jsonl(text: str, problems: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a JSONL manifest with their line numbers."""
    for number, line in enumerate(re.split(r"\r?\n", text), start=1):
        if not line.strip():
            continue
        if len(line) > MOST_RECORD:
            problems.append(f"line {number} is longer than {MOST_RECORD:,} characters")
            continue
        try:
            record = json.loads(line)
        except (json.JSONDecodeError, RecursionError) as error:
            problems.append(f"line {number} is not JSON ({error})")
            continue
        except ValueError:
            problems.append(f"line {number} has a number of too many digits")
            continue
        if not isinstance(record, dict):
            problems.append(f"line {number} is not a JSON object")
            continue
        yield (
            number,
            {key: str(value).strip() for key, value in record.items() if value is not None},
        )


def _read_row(line: int, cells: dict[str, str], problems: list[str]) -> ManifestRow | None:
    """One row, or ``None`` with what is wrong added to ``problems``."""
    cells = {key: storable_text(value) for key, value in cells.items()}
    location = cells.get("file_location", "")
    if not location:
        problems.append(f"line {line} has no file_location")
        return None
    written = cells.get("published", "")
    read = parse_iso_date(written) or parse_written_date(written)
    if written and (read is None or "/" in written and read[1] == "year"):
        problems.append(
            f"line {line} has the date {written!r}, which cannot be read; write 2008-09-17, "
            "2008-09 or 2008"
        )
        return None
    note = f"line {line} of the manifest"
    published = PublicationDate(*read, "manifest", note) if read else None
    return ManifestRow(
        line,
        location,
        plain_name(cells.get("title", "")),
        published,
        plain_name(cells.get("source", "")),
        plain_name(cells.get("language", "")),
    )


def _find_file(location: str, bases: Sequence[Path]) -> Path | None:
    """The existing file that a row names, resolved; ``None`` when there is none."""
    for base in bases:
        try:
            file = (base / Path(location.replace("\\", "/")).expanduser()).resolve()
            if file.is_file():
                return file
        except (OSError, ValueError, RuntimeError):
            continue
    return None
