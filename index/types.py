"""The records of the index: what an article, a passage and a hit are.

All offsets are in code points of ``Article.text``, half open: ``text[start:end]``.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Precision = Literal["day", "month", "year", "month-day"]
DateOrigin = Literal["metadata", "dateline", "byline", "url", "file", "manifest", "inferred"]
SystemName = Literal["dense", "bm25", "hybrid", "rrf", "sum"]


@dataclass(frozen=True, slots=True)
class PublicationDate:
    """When an article was published and how that is known."""

    iso: str
    """`2008-09-17`, `2008-09`, `2008`, or `--02-27` (ISO 8601:1988) when the year is not known."""
    precision: Precision
    origin: DateOrigin
    note: str = ""
    """How it was found, for a person: `dateline "MOSCOW, February 27 (RIA Novosti)"`."""


@dataclass(frozen=True, slots=True)
class Article:
    """One article: canonical text and what was found about it.

    ``id`` is the path relative to what was added, or the corpus id of a JSONL record.
    ``text`` is canonical; for a ``.txt`` file it is the file's own text, so offsets are offsets
    into the file. ``location`` is where it came from (absolute path, ``path#record-id`` for JSONL;
    ``id:…`` where it came from no file and another article has the id that was asked for): the
    same location with another ``digest`` is a new version of the article.
    ``digest`` is the SHA-256 of ``text`` in UTF-8, in hexadecimal.
    ``pages`` holds the start offset of each page (PDF only), else is empty.
    ``notes`` are sentences on what was guessed while reading (an encoding, a title).
    """

    id: str
    title: str
    text: str
    source: str = ""
    published: PublicationDate | None = None
    language: str = ""
    digest: str = ""
    location: str = ""
    pages: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()

    def page_at(self, offset: int) -> int | None:
        """The page, from 1, on which the character at ``offset`` stands; ``None`` without pages."""
        return max(1, bisect_right(self.pages, offset)) if self.pages else None


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file or record that did not become an article, and why, in one sentence."""

    location: str
    reason: str
    failed: bool = True
    """False when it is no fault of the file: a format that Dateline does not read."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one article: ``article.text[start:end] == text``.

    ``id`` is the row in the store and in FAISS, 0 before it is stored.
    """

    id: int
    article_id: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A ranked passage: ``score`` is higher for better, ``rank`` starts at 1.

    ``signals`` holds each retriever's own score under its name: ``dense`` (cosine), ``bm25``.
    """

    passage: Passage
    article: Article
    score: float
    rank: int
    signals: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles may be searched; empty fields admit all.

    ``published_after`` and ``published_before`` are ISO dates or prefixes of one (``2008-09``),
    both inclusive; an article without a (full) date is left out when either is given.
    ``sources``, ``languages`` and ``articles`` (ids) are alternatives, compared without case.
    """

    published_after: str = ""
    published_before: str = ""
    sources: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether every article may be searched."""
        return self == Filters()

    @property
    def is_backwards(self) -> bool:
        """Whether the period of publication ends before it begins, so that no article is of it."""
        first, last = self.published_after, self.published_before
        return bool(first and last) and first[: len(last)] > last


@dataclass(frozen=True, slots=True)
class AddReport:
    """What became of everything that was to be added; ids of articles, in order.

    ``places`` gives the location and the id of each article that was added, updated or unchanged,
    ``uncertain`` the id of each whose encoding is uncertain and what it may be.
    """

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    duplicates: tuple[tuple[str, str], ...] = ()
    skipped: tuple[SkippedFile, ...] = ()
    passages: int = 0
    seconds: float = 0.0
    places: tuple[tuple[str, str], ...] = ()
    uncertain: tuple[tuple[str, str], ...] = ()

    @property
    def failed(self) -> tuple[SkippedFile, ...]:
        """The skipped files that are errors."""
        return tuple(item for item in self.skipped if item.failed)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an ``add`` or ``rebuild`` has come.

    ``articles`` counts everything dealt with, also what was unchanged or skipped; ``total`` is how
    many there will be, ``None`` when nobody knows. ``current`` is the location being worked on.
    """

    articles: int
    passages: int
    total: int | None = None
    current: str = ""


@dataclass(frozen=True, slots=True)
class ArticleSummary:
    """A line of the library's table of contents."""

    id: str
    title: str
    source: str
    published: PublicationDate | None
    language: str
    characters: int
    passages: int
    """How many it has."""
    added_at: str
    """When it was added, an ISO time in UTC."""


@dataclass(frozen=True, slots=True)
class LibraryInfo:
    """What a library holds and how it was made; sizes in bytes."""

    path: Path
    format: int
    articles: int
    passages: int
    characters: int
    encoder: str
    """What made the vectors; empty until something was encoded."""
    dimension: int
    passage_rule: str
    vectors: str
    """The engine that searches them."""
    words: str
    """The engine that searches words."""
    database_bytes: int
    cache_bytes: int
    change_counter: int
    """Grows with every change, whoever made it."""
    created_at: str
    read_only: bool
