"""The tables of a library's database, and single rows in and out of them.

Everything here works inside a transaction that the store has begun.
"""

import json
import secrets
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import (
    LibraryMismatchError,
    LibraryNotFoundError,
    NotALibraryError,
    StorageError,
)
from index.types import Article, PublicationDate

Ids = NDArray[np.int64]
Vectors = NDArray[np.float32]

DATABASE_NAME = "library.db"
APPLICATION_ID = 0x444C4E45
FORMAT = 1
VERSION_BITS = 20
KEPT_CHANGES = 10_000
STORED_VECTOR = np.dtype("<f2")

SCHEMA = f"""
CREATE TABLE manifest (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE articles (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    location TEXT NOT NULL,
    digest TEXT NOT NULL,
    title TEXT NOT NULL,
    source TEXT NOT NULL,
    language TEXT NOT NULL,
    published TEXT NOT NULL,
    precision TEXT NOT NULL,
    origin TEXT NOT NULL,
    date_note TEXT NOT NULL,
    pages TEXT NOT NULL,
    notes TEXT NOT NULL,
    added_at TEXT NOT NULL,
    version INTEGER NOT NULL,
    characters INTEGER NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE INDEX articles_by_location ON articles (location);
CREATE INDEX articles_by_digest ON articles (digest);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    article INTEGER NOT NULL REFERENCES articles (row),
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL
) STRICT;
CREATE INDEX passages_by_article ON passages (article);
CREATE TABLE vectors (
    row INTEGER PRIMARY KEY REFERENCES passages (row),
    vector BLOB NOT NULL
) STRICT;
CREATE TABLE changes (
    version INTEGER PRIMARY KEY,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    removed BLOB NOT NULL
) STRICT;
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {FORMAT};
"""

ARTICLE_COLUMNS = (
    "a.id, a.title, a.text, a.source, a.published, a.precision, a.origin, a.date_note, "
    "a.language, a.digest, a.location, a.pages, a.notes"
)


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """Where an article is in the store, and what tells whether another one is the same."""

    row: int
    id: str
    digest: str


@dataclass(frozen=True, slots=True)
class Write:
    """An article to store with its passages, new or in place of the article at ``row``.

    ``spans`` are the passages' offsets and ``vectors`` their (n, dim) float32 unit rows. Without
    vectors the passages stay as they are and only what is said about the article changes.
    """

    article: Article
    spans: Sequence[tuple[int, int]] = ()
    vectors: Vectors | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """What happened to passages up to ``version``: rows that are there now, and rows that went."""

    version: int
    added: Ids
    removed: Ids


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passage is: its offsets, and the article's row and version."""

    row: int
    start: int
    end: int
    article: int
    version: int


def is_blank(connection: sqlite3.Connection) -> bool:
    """Whether the database holds nothing yet: its making was begun at most."""
    return not connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]


def check_format(connection: sqlite3.Connection, folder: Path) -> None:
    """Refuses a database that is not a library of a format that we know."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    if application != APPLICATION_ID:
        raise NotALibraryError(
            f"{folder / DATABASE_NAME} is a database of some other program; choose another folder."
        )
    if found > FORMAT:
        raise LibraryMismatchError(
            f"The library at {folder} has format {found} and this Dateline knows formats up to "
            f"{FORMAT}; install a newer Dateline."
        )


def describe_missing(folder: Path) -> LibraryNotFoundError:
    """The error that says there is no library in ``folder``."""
    return LibraryNotFoundError(
        f"There is no library at {folder}; make one with `dateline add PATH… --library {folder}`."
    )


def describe_damaged_vectors(folder: Path) -> StorageError:
    """The error that says vectors in the store cannot be used."""
    return StorageError(
        f"The library at {folder} has damaged vectors; `dateline verify` shows which, and "
        "`dateline rebuild --encode` makes them anew."
    )


def create_tables(connection: sqlite3.Connection) -> None:
    """Makes the tables of a new, empty library."""
    for statement in SCHEMA.split(";"):
        connection.execute(statement)
    write_manifest(connection, {"library_id": secrets.token_hex(16), "created_at": now()})
    connection.execute("INSERT INTO changes VALUES (?, 1, 0, x'')", [new_version(-1)])


def log_change(
    connection: sqlite3.Connection, version: int, first: int, removed: Sequence[int]
) -> None:
    """Records that ``version`` made the passages from ``first`` on and removed some others."""
    blob = np.array(removed, "<i8").tobytes()
    connection.execute(
        "INSERT INTO changes VALUES (?, ?, ?, ?)", (version, first, last_passage(connection), blob)
    )
    oldest = (version >> VERSION_BITS) - KEPT_CHANGES
    connection.execute("DELETE FROM changes WHERE version < ?", [oldest << VERSION_BITS])


def now() -> str:
    """The time as ISO text in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def new_version(version: int) -> int:
    """The version of the change after ``version``."""
    return ((version >> VERSION_BITS) + 1 << VERSION_BITS) | secrets.randbits(VERSION_BITS)


def current_version(connection: sqlite3.Connection) -> int:
    """The version of the last change."""
    return int(connection.execute("SELECT max(version) FROM changes").fetchone()[0])


def last_passage(connection: sqlite3.Connection) -> int:
    """The highest passage row that was ever used."""
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'passages'").fetchone()
    return int(row[0]) if row else 0


def write_manifest(connection: sqlite3.Connection, values: dict[str, Any]) -> None:
    """Keeps each value under its key; ``None`` forgets it."""
    for key, value in values.items():
        connection.execute("DELETE FROM manifest WHERE key = ?", [key])
        if value is not None:
            connection.execute("INSERT INTO manifest VALUES (?, ?)", (key, json.dumps(value)))


def delete_passages(connection: sqlite3.Connection, article_row: int) -> list[int]:
    """Removes the passages and vectors of the article at the row; gives their rows."""
    rows = [
        row
        for (row,) in connection.execute(
            "SELECT row FROM passages WHERE article = ? ORDER BY row", [article_row]
        )
    ]
    connection.execute(
        "DELETE FROM vectors WHERE row IN (SELECT value FROM json_each(?))", [json.dumps(rows)]
    )
    connection.execute("DELETE FROM passages WHERE article = ?", [article_row])
    return rows


def write_article(connection: sqlite3.Connection, write: Write, version: int) -> int:
    """Stores the article of ``write`` without its passages; gives its row."""
    article = write.article
    date = article.published
    values = {
        "id": article.id,
        "location": article.location,
        "digest": article.digest,
        "title": article.title,
        "source": article.source,
        "language": article.language,
        "published": date.iso if date else "",
        "precision": date.precision if date else "",
        "origin": date.origin if date else "",
        "date_note": date.note if date else "",
        "pages": json.dumps(article.pages),
        "notes": json.dumps(article.notes),
        "version": version,
        "characters": len(article.text),
        "text": article.text,
    }
    if write.row is not None:
        settings = ", ".join(f"{name} = :{name}" for name in values)
        connection.execute(
            f"UPDATE articles SET {settings} WHERE row = :row", {**values, "row": write.row}
        )
        return write.row
    values["added_at"] = now()
    names = ", ".join(values)
    marks = ", ".join(f":{name}" for name in values)
    cursor = connection.execute(f"INSERT INTO articles ({names}) VALUES ({marks})", values)
    return int(cursor.lastrowid or 0)


def write_passages(connection: sqlite3.Connection, write: Write, article_row: int) -> None:
    """Stores the passages of ``write`` with their vectors."""
    if write.vectors is None:
        return
    first = last_passage(connection) + 1
    rows = range(first, first + len(write.spans))
    connection.executemany(
        "INSERT INTO passages VALUES (?, ?, ?, ?)",
        [(row, article_row, *span) for row, span in zip(rows, write.spans, strict=True)],
    )
    halves = write.vectors.astype(STORED_VECTOR)
    connection.executemany(
        "INSERT INTO vectors VALUES (?, ?)",
        [(row, half.tobytes()) for row, half in zip(rows, halves, strict=True)],
    )


def read_article(columns: Sequence[Any]) -> Article:
    """The article in a row of ``ARTICLE_COLUMNS``."""
    name, title, text, source, *date, language, digest, location, pages, notes = columns
    return Article(
        id=name,
        title=title,
        text=text,
        source=source,
        published=read_date(*date),
        language=language,
        digest=digest,
        location=location,
        pages=tuple(json.loads(pages)),
        notes=tuple(json.loads(notes)),
    )


def read_date(iso: str, precision: Any, origin: Any, note: str) -> PublicationDate | None:  # noqa: ANN401
    """The publication date in those columns; ``None`` when the article has none."""
    return PublicationDate(iso, precision, origin, note) if iso else None
