"""The JSON objects that Dateline gives: what ``--json`` prints and the API and MCP tools return.

A record that is written as it is stands in them itself. ``render`` makes the others, mypy checks
that it makes exactly these, and the API's OpenAPI document is made of them all, with the sentences
that stand under each field. All offsets are in code points of the article's text, half open:
``text[start:end]``.
"""

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from index.types import ArticleSummary, PublicationDate, SkippedFile
from qa.dates import TimelineEntry
from qa.output.records import as_shape
from qa.types import AnswerGroup, Carried, Trace

as_shape(Carried)  # it stands at two places of an answer, so that neither's config holds for it


@as_shape
class JsonObject(TypedDict):
    """An object with fields of its own."""


class SpanJson(JsonObject):
    """Words of an article: ``text`` is the article's text from ``start`` to ``end``."""

    start: int
    end: int
    text: str


class CitationJson(JsonObject):
    """A sentence that supports the answer, quoted exactly."""

    number: int
    """What the answer calls it, from 1."""
    article: str
    """The id of the article that is quoted."""
    title: str
    source: str
    """Who published it, empty when that is not known."""
    published: str | None
    """`2008-09-17`, `2008-09`, `2008`, `--02-27` when the year is not known, or null."""
    quote: str
    """The sentence; the article's text from `start` to `end`, always."""
    start: int
    end: int
    page: NotRequired[int | None]
    """Of a PDF the page, from 1, on which the quote begins; else null."""
    answer: SpanJson | None
    """The words inside the quote that answer, in the same coordinates; null without a reader."""


class PassageJson(JsonObject):
    """A passage that was found, best first."""

    article: str
    """The id of its article."""
    title: str
    start: int
    end: int
    text: str
    """The passage; the article's text from `start` to `end`."""
    score: float
    """Higher is better; comparable within one reply only."""
    rank: int
    """From 1."""
    signals: dict[str, float]
    """What each retriever said of it: `dense` is a cosine, `bm25` a BM25 score."""


class FollowUpJson(JsonObject):
    """How a question was understood from the turns before it."""

    query: str
    """The question that was asked of the library."""
    carried: list[Carried]
    answered: list[str]
    """The answers given before, which a question for others leaves out."""


class AnswerJson(JsonObject):
    """The answer to a question, what it stands on and what was found."""

    question: str
    status: Literal["answered", "not_found"]
    """`not_found`: nothing in the library answers; then there are no citations."""
    text: str
    """The answer, or a sentence that says that there is none."""
    confidence: float
    """How likely the answer is right, from 0 to 1."""
    date: str | None
    """The date that answers a question for one, as EDTF."""
    date_precision: str | None
    date_note: str | None
    """Which article gave which part of the date."""
    citations: list[CitationJson]
    groups: list[AnswerGroup]
    passages: list[PassageJson]
    """The nearest passages, whatever the status."""
    notes: list[str]
    """Sentences on how the question was read and on sources that differ."""
    timings_ms: dict[str, float]
    followup: FollowUpJson | None
    """Null when the question stands alone."""
    trace: NotRequired[Trace]
    """How the answer came about, stage by stage; only where it is asked for."""


class TurnJson(JsonObject):
    """A question of a conversation with its answer."""

    asked: str
    """When, as an ISO time; empty when that is not known."""
    answer: AnswerJson


class ConversationJson(JsonObject):
    """A conversation, as it is kept and exported."""

    title: str
    turns: list[TurnJson]


class SearchJson(JsonObject):
    """The passages that match a query best."""

    query: str
    passages: list[PassageJson]


class TimelineJson(JsonObject):
    """Dated sentences about a question, earliest first, those without a year last."""

    question: str
    entries: list[TimelineEntry]


class ArticlePageJson(JsonObject):
    """A page of the library's table of contents."""

    articles: list[ArticleSummary]
    total: int
    """How many articles pass the filters, on all pages."""
    offset: int
    limit: int


class ArticleJson(JsonObject):
    """An article: its text and what was found about it."""

    article: str
    """Its id."""
    title: str
    source: str
    published: PublicationDate | None
    language: str
    location: str
    """Where it was read from."""
    digest: str
    """The SHA-256 of its text."""
    pages: list[int]
    """Where each page begins, for a PDF."""
    notes: list[str]
    """What was guessed while it was read."""
    text: str
    passages: NotRequired[list[SpanJson]]


class DuplicateJson(JsonObject):
    """An article whose text is stored already, under another id."""

    article: str
    same_as: str


class UncertainJson(JsonObject):
    """An article whose encoding is uncertain, and what it may be."""

    article: str
    note: str


class ReportJson(JsonObject):
    """What became of everything that was to be added; ids of articles."""

    added: list[str]
    updated: list[str]
    unchanged: list[str]
    duplicates: list[DuplicateJson]
    skipped: list[SkippedFile]
    uncertain: list[UncertainJson]
    passages: int
    """How many passages were stored."""
    seconds: float


class RemovedJson(JsonObject):
    """The ids of the articles that were removed."""

    removed: list[str]


class HealthJson(JsonObject):
    """The server can answer."""

    status: Literal["ok"]
    version: str
    articles: int


class ErrorJson(JsonObject):
    """Why a request was not done."""

    error: str
    """One sentence: what was wrong, and what to do."""
