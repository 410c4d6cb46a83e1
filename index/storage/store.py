"""The truth about a library: articles, passages and vectors in one SQLite file.

A passage is kept as offsets alone; its text is the article's. Passage rows are never used twice, so
a row names one text and one vector for ever, in every engine. Every change gets a version: a number
that grows, made of the change counter and some random bits, so that a cache can tell not only that
it lags but also that it belongs to a library that went another way.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np

from index.errors import LibraryNotFoundError
from index.inputs import passage_input
from index.storage.database import BUSY_SECONDS, Database
from index.storage.tables import (
    ARTICLE_COLUMNS,
    DATABASE_NAME,
    STORED_VECTOR,
    Changes,
    Ids,
    Place,
    StoredArticle,
    Vectors,
    Write,
    check_format,
    create_tables,
    current_version,
    delete_passages,
    describe_damaged_vectors,
    describe_missing,
    is_blank,
    last_passage,
    log_change,
    new_version,
    read_article,
    read_date,
    write_article,
    write_manifest,
    write_passages,
)
from index.types import Article, ArticleSummary, Filters, Passage

ASKED_ID = "id:"
"""Begins the location of an article without one: the rest is the id that was asked for."""

BATCH = 4096
"""Rows that one query reads at most, which bounds the memory of a pass over everything."""


class Store:
    """The store of one library; every method is one transaction and safe in any thread."""

    def __init__(self, folder: Path, *, busy_seconds: float = BUSY_SECONDS) -> None:
        """Use ``open`` or ``create``, which look at what is there first."""
        self.folder = folder
        self.database = Database(folder / DATABASE_NAME, busy_seconds=busy_seconds)

    @classmethod
    def create(cls, folder: Path, *, busy_seconds: float = BUSY_SECONDS) -> "Store":
        """The store in ``folder``, made there when there is none; the folder must exist.

        Raises:
            StorageError: the folder cannot be written.
            NotALibraryError: the database there is something else.
            LibraryMismatchError: it is of a newer format.
        """
        with suppress(LibraryNotFoundError):
            # Looked at first, since opening for writing would change what is not ours.
            return cls.open(folder, busy_seconds=busy_seconds)
        store = cls(folder, busy_seconds=busy_seconds)
        with store.database.writing() as connection:
            if is_blank(connection):
                create_tables(connection)
            check_format(connection, folder)
        return store

    @classmethod
    def open(cls, folder: Path, *, busy_seconds: float = BUSY_SECONDS) -> "Store":
        """The store that is in ``folder``.

        Raises:
            LibraryNotFoundError: there is none, or one whose making was cut short.
            NotALibraryError: the database there is something else.
            LibraryMismatchError: it is of a newer format.
            StorageError: it cannot be read.
        """
        store = cls(folder, busy_seconds=busy_seconds)
        if not store.database.file.exists():
            raise describe_missing(folder)
        try:
            with store.database.reading() as connection:
                if is_blank(connection):
                    raise describe_missing(folder)
                check_format(connection, folder)
        except BaseException:
            store.close()
            raise
        return store

    def close(self) -> None:
        """Closes the connections; SQLite then folds its log into the main file."""
        self.database.close()

    def version(self) -> int:
        """The version of the last change."""
        with self.database.reading() as connection:
            return current_version(connection)

    def manifest(self) -> dict[str, Any]:
        """Every value of the manifest by its key."""
        with self.database.reading() as connection:
            return {
                key: json.loads(value)
                for key, value in connection.execute("SELECT key, value FROM manifest")
            }

    def set_manifest(self, values: dict[str, Any]) -> None:
        """Keeps small JSON values under their keys; ``None`` forgets one."""
        with self.database.writing() as connection:
            write_manifest(connection, values)

    def encoder_name(self) -> str:
        """The name of the encoder whose vectors it holds; empty while it holds none."""
        return str(self.manifest().get("encoder", {}).get("description", "")).partition(" (")[0]

    def dimension(self) -> int:
        """How many numbers a vector has; 0 until something was encoded."""
        return int(self.manifest().get("encoder", {}).get("dimension", 0))

    def commit(
        self,
        writes: Iterable[Write] = (),
        removals: Sequence[int] = (),
        manifest: dict[str, Any] | None = None,
    ) -> int:
        """Stores ``writes`` and removes the articles at the rows ``removals``, all or nothing.

        Returns:
            The new version.
        """
        with self.database.writing() as connection:
            version = new_version(current_version(connection))
            removed: list[int] = []
            first = last_passage(connection) + 1
            for row in removals:
                removed += delete_passages(connection, row)
                connection.execute("DELETE FROM articles WHERE row = ?", [row])
            for write in writes:
                if write.row is not None and write.vectors is not None:
                    removed += delete_passages(connection, write.row)
                row = write_article(connection, write, version)
                write_passages(connection, write, row)
            if manifest:
                write_manifest(connection, manifest)
            log_change(connection, version, first, removed)
        if removed:
            self.database.checkpoint()
        return version

    def changes_since(self, version: int) -> Changes | None:
        """What happened to passages after ``version``; ``None`` when this store never had it."""
        with self.database.reading() as connection:
            known = connection.execute("SELECT 1 FROM changes WHERE version = ?", [version])
            if known.fetchone() is None:
                return None
            log = connection.execute(
                "SELECT first, last, removed FROM changes WHERE version > ? ORDER BY version",
                [version],
            ).fetchall()
            added = [
                row
                for first, last, _ in log
                for (row,) in connection.execute(
                    "SELECT row FROM passages WHERE row BETWEEN ? AND ?", (first, last)
                )
            ]
            removed = [np.frombuffer(blob, "<i8") for _, _, blob in log]
            return Changes(
                current_version(connection),
                np.array(added, np.int64),
                np.concatenate([np.empty(0, np.int64), *removed]),
            )

    def everything(self) -> Changes:
        """All passages, as the change that an empty cache needs."""
        with self.database.reading() as connection:
            rows = [row for (row,) in connection.execute("SELECT row FROM passages ORDER BY row")]
            version = current_version(connection)
            return Changes(version, np.array(rows, np.int64), np.empty(0, np.int64))

    def find(self, article: Article) -> StoredArticle | None:
        """The stored article that ``article`` is a version of: the one from the same location.

        An article without a location is known by its id: by the one that was asked for, which is
        kept as the location ``id:…`` when another article had it, or by the one that it has.
        """
        if article.location:
            return self._find("location = ?", article.location)
        return self._find("location = ?", f"{ASKED_ID}{article.id}") or self._find(
            "id = ? AND (location = '' OR location GLOB ?)", article.id, f"{ASKED_ID}*"
        )

    def find_digest(self, digest: str) -> StoredArticle | None:
        """The stored article that has this digest, the oldest one when there are several."""
        return self._find("digest = ?", digest)

    def find_id(self, article_id: str) -> StoredArticle | None:
        """The stored article that has this id."""
        return self._find("id = ?", article_id)

    def _find(self, condition: str, *values: object) -> StoredArticle | None:
        """The first stored article for which the condition holds."""
        with self.database.reading() as connection:
            row = connection.execute(
                f"SELECT row, id, digest FROM articles WHERE {condition} ORDER BY row LIMIT 1",
                values,
            ).fetchone()
            return StoredArticle(*row) if row else None

    def near_ids(self, article_id: str, limit: int) -> list[str]:
        """At most ``limit`` ids: first those that begin and end most as ``article_id`` does."""
        if not article_id:
            return []
        size = len(article_id)
        lengths = sorted({size * eighth // 8 for eighth in range(1, 9)} - {0})
        heads = [f"(substr(id, 1, {length}) = substr(:id, 1, {length}))" for length in lengths]
        tails = [f"(substr(id, -{length}) = substr(:id, -{length}))" for length in lengths]
        likeness = " + ".join([*heads, *tails])
        with self.database.reading() as connection:
            found = connection.execute(
                f"SELECT id FROM articles ORDER BY {likeness} DESC, abs(length(id) - :size) "
                "LIMIT :limit",
                {"id": article_id, "size": size, "limit": limit},
            )
            return [name for (name,) in found]

    def locations_with_dots(self) -> dict[str, str]:
        """The locations that hold ``..``, each with its article's id."""
        with self.database.reading() as connection:
            return dict(
                connection.execute("SELECT location, id FROM articles WHERE instr(location, '..')")
            )

    def article_ids(self) -> list[str]:
        """The ids of all articles, in the order in which they came."""
        with self.database.reading() as connection:
            return [name for (name,) in connection.execute("SELECT id FROM articles ORDER BY row")]

    def articles(self, rows: Iterable[int]) -> dict[int, Article]:
        """The articles at the rows that are there."""
        return {row: article for row, (_, article) in self.versioned_articles(rows).items()}

    def versioned_articles(self, rows: Iterable[int]) -> dict[int, tuple[int, Article]]:
        """The articles at the rows that are there, each with the version of its last change."""
        wanted = list(rows)
        if not wanted:
            return {}
        with self.database.reading() as connection:
            found = connection.execute(
                f"SELECT a.row, a.version, {ARTICLE_COLUMNS} FROM articles a "
                "WHERE a.row IN (SELECT value FROM json_each(?))",
                [json.dumps(wanted)],
            )
            return {row: (version, read_article(columns)) for row, version, *columns in found}

    def summaries(self) -> list[ArticleSummary]:
        """A line for each article, in the order in which they came."""
        with self.database.reading() as connection:
            counts = dict(
                connection.execute("SELECT article, count(*) FROM passages GROUP BY article")
            )
            return [
                ArticleSummary(
                    id=name,
                    title=title,
                    source=source,
                    published=read_date(*date),
                    language=language,
                    characters=characters,
                    passages=counts.get(row, 0),
                    added_at=added_at,
                )
                for row, name, title, source, language, characters, added_at, *date in (
                    connection.execute(
                        "SELECT row, id, title, source, language, characters, added_at, "
                        "published, precision, origin, date_note FROM articles ORDER BY row"
                    )
                )
            ]

    def passages(self, article_row: int) -> list[Passage]:
        """The passages of the article at the row, in the order of the text."""
        article = self.articles([article_row]).get(article_row)
        if article is None:
            return []
        with self.database.reading() as connection:
            spans = connection.execute(
                'SELECT row, start, "end" FROM passages WHERE article = ? ORDER BY start, row',
                [article_row],
            ).fetchall()
        return [
            Passage(row, article.id, start, end, article.text[start:end])
            for row, start, end in spans
        ]

    def places(self, rows: Iterable[int]) -> dict[int, Place]:
        """Where the passages at the rows are; rows that are gone are left out."""
        with self.database.reading() as connection:
            found = connection.execute(
                'SELECT p.row, p.start, p."end", p.article, a.version FROM passages p '
                "JOIN articles a ON a.row = p.article "
                "WHERE p.row IN (SELECT value FROM json_each(?))",
                [json.dumps([int(row) for row in rows])],
            )
            return {columns[0]: Place(*columns) for columns in found}

    def rows_within(self, filters: Filters) -> Ids:
        """The rows of the passages that ``filters`` admit, ascending."""
        conditions, values = [], []
        if filters.published_after:
            conditions.append("published >= ?")
            values.append(filters.published_after)
        if filters.published_before:
            conditions.append("substr(published, 1, ?) <= ?")
            values += [str(len(filters.published_before)), filters.published_before]
        if conditions:
            conditions.append("precision = 'day'")
        for column in ("source", "language", "article"):
            wanted = getattr(filters, f"{column}s")
            if wanted:
                name = "id" if column == "article" else column
                conditions.append(f"casefold({name}) IN (SELECT value FROM json_each(?))")
                values.append(json.dumps([item.casefold() for item in wanted]))
        where = " AND ".join(conditions) or "TRUE"
        with self.database.reading() as connection:
            rows = connection.execute(
                "SELECT row FROM passages WHERE article IN "
                f"(SELECT row FROM articles WHERE {where}) ORDER BY row",
                values,
            ).fetchall()
        return np.array(rows, np.int64).reshape(-1)

    def vectors(self, rows: Ids, dimension: int) -> Iterator[tuple[Ids, Vectors]]:
        """The vectors of the passages at ``rows`` that are there, in batches of bounded size."""
        for start in range(0, len(rows), BATCH):
            with self.database.reading() as connection:
                found = connection.execute(
                    "SELECT row, vector FROM vectors "
                    "WHERE row IN (SELECT value FROM json_each(?)) ORDER BY row",
                    [json.dumps(rows[start : start + BATCH].tolist())],
                ).fetchall()
            ids = np.array([row for row, _ in found], np.int64)
            size = dimension * STORED_VECTOR.itemsize
            if any(len(blob) != size for _, blob in found):
                raise describe_damaged_vectors(self.folder)
            halves = np.frombuffer(b"".join(blob for _, blob in found), STORED_VECTOR)
            yield ids, halves.reshape(len(ids), dimension).astype(np.float32)

    def inputs(self, rows: Ids) -> Iterator[tuple[list[int], list[str]]]:
        """Rows and what the engines are given of the passages there, in bounded batches."""
        words = int(self.manifest().get("passages", {}).get("words", 0))
        for start in range(0, len(rows), BATCH):
            found: dict[int, str] = {}
            places = self.places(rows[start : start + BATCH].tolist()).values()
            for article_row, group in groupby(
                sorted(places, key=attrgetter("article")), attrgetter("article")
            ):
                article = self.articles([article_row]).get(article_row)
                if article is None:
                    continue
                for place in group:
                    text = article.text[place.start : place.end]
                    found[place.row] = passage_input(article.title, text, passage_words=words)
            ordered = sorted(found)
            yield ordered, [found[row] for row in ordered]

    def totals(self) -> tuple[int, int, int]:
        """How many articles, passages and characters there are."""
        with self.database.reading() as connection:
            articles, characters = connection.execute(
                "SELECT count(*), coalesce(sum(characters), 0) FROM articles"
            ).fetchone()
            (passages,) = connection.execute("SELECT count(*) FROM passages").fetchone()
            return articles, passages, characters

    def damages(self) -> list[str]:
        """What SQLite itself finds wrong with the file; empty when it is sound."""
        with self.database.reading() as connection:
            lines = [str(line) for (line,) in connection.execute("PRAGMA integrity_check")]
            strays = connection.execute("PRAGMA foreign_key_check").fetchall()
        return [f"SQLite: {line}." for line in lines if line != "ok"] + [
            f"A row of {table} refers to a row that is gone." for table, *_ in strays
        ]
