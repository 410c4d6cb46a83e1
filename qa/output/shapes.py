"""The JSON objects that Dateline gives: what ``--json`` prints and the API and MCP tools return.

``render`` makes them, mypy checks that it makes exactly these, and the API's OpenAPI document is
made of them with the sentences that stand under each field. All offsets are in code points of the
article's text, half open: ``text[start:end]``.
"""

from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict


class SpanJson(TypedDict):
    """Words of an article: ``text`` is the article's text from ``start`` to ``end``."""

    start: int
    end: int
    text: str


class CitationJson(TypedDict):
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
    answer: SpanJson | None
    """The words inside the quote that answer, in the same coordinates; null without a reader."""


class GroupJson(TypedDict):
    """Citations that give the same answer."""

    value: str
    """The answer that they give."""
    citations: list[int]
    """Their numbers."""
    independent: int
    """How many of their articles are no copies of each other."""
    conflicts_with: list[int]
    """Indices of the groups that cannot be true when this one is."""
    later: bool
    """Whether its newest source is newer than those of the groups it conflicts with."""


class PassageJson(TypedDict):
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


class CarriedJson(TypedDict):
    """Words of the question asked that the person did not type."""

    text: str
    origin: Literal["question", "answer", "source"]
    """The question before, its answer, or the sentence that it cited."""
    instead: str
    """The word that they stand for, such as `it`; empty when they were added."""


class FollowUpJson(TypedDict):
    """How a question was understood from the turns before it."""

    query: str
    """The question that was asked of the library."""
    carried: list[CarriedJson]
    answered: list[str]
    """The answers given before, which a question for others leaves out."""


class AnswerJson(TypedDict):
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
    groups: list[GroupJson]
    passages: list[PassageJson]
    """The nearest passages, whatever the status."""
    notes: list[str]
    """Sentences on how the question was read and on sources that differ."""
    timings_ms: dict[str, float]
    followup: FollowUpJson | None
    """Null when the question stands alone."""
    trace: NotRequired[dict[str, Any]]
    """How the answer came about, stage by stage; only where it is asked for."""


class TurnJson(TypedDict):
    """A question of a conversation with its answer."""

    asked: str
    """When, as an ISO time; empty when that is not known."""
    answer: AnswerJson


class ConversationJson(TypedDict):
    """A conversation, as it is kept and exported."""

    title: str
    turns: list[TurnJson]


class SearchJson(TypedDict):
    """The passages that match a query best."""

    query: str
    passages: list[PassageJson]


class EntryJson(TypedDict):
    """A sentence that tells what happened when."""

    iso: str
    """The date, as EDTF."""
    precision: str
    article: str
    """The id of its article."""
    passage: int
    start: int
    end: int
    text: str
    """The sentence; the article's text from `start` to `end`."""
    expression: str
    """The words of the sentence that tell the date."""
    note: str
    """How the date was resolved, when it had to be."""
    reprints: list[str]
    """The ids of other articles that have the sentence too."""


class TimelineJson(TypedDict):
    """Dated sentences about a question, earliest first, those without a year last."""

    question: str
    entries: list[EntryJson]


class PublishedJson(TypedDict):
    """When an article was published and how that is known."""

    iso: str
    """`2008-09-17`, `2008-09`, `2008`, or `--02-27` when the year is not known."""
    precision: str
    """`day`, `month`, `year` or `month-day`."""
    origin: str
    """`metadata`, `dateline`, `byline`, `url`, `manifest` or `inferred`."""
    note: str


class SummaryJson(TypedDict):
    """A line of the library's table of contents."""

    id: str
    title: str
    source: str
    published: PublishedJson | None
    language: str
    characters: int
    passages: int
    """How many it has."""
    added_at: str
    """When it was added, an ISO time in UTC."""


class ArticlesJson(TypedDict):
    """Articles of the library."""

    articles: list[SummaryJson]


class ArticlePageJson(ArticlesJson):
    """A page of the library's table of contents."""

    total: int
    """How many articles pass the filters, on all pages."""
    offset: int
    limit: int


class ArticlePassageJson(TypedDict):
    """A passage of an article: whole sentences of its text, without boilerplate."""

    start: int
    end: int
    text: str


class ArticleJson(TypedDict):
    """An article: its text and what was found about it."""

    article: str
    """Its id."""
    title: str
    source: str
    published: PublishedJson | None
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
    passages: NotRequired[list[ArticlePassageJson]]


class DuplicateJson(TypedDict):
    """An article whose text is stored already, under another id."""

    article: str
    same_as: str


class SkippedJson(TypedDict):
    """A file or record that did not become an article, and why."""

    location: str
    reason: str
    failed: bool
    """False when it is no fault of the file: a format that Dateline does not read."""


class ReportJson(TypedDict):
    """What became of everything that was to be added; ids of articles."""

    added: list[str]
    updated: list[str]
    unchanged: list[str]
    duplicates: list[DuplicateJson]
    skipped: list[SkippedJson]
    passages: int
    """How many passages were stored."""
    seconds: float


class RemovedJson(TypedDict):
    """The ids of the articles that were removed."""

    removed: list[str]


class InfoJson(TypedDict):
    """What a library holds and how it was made; sizes in bytes."""

    path: str
    format: int
    articles: int
    passages: int
    characters: int
    encoder: str
    dimension: int
    passage_rule: str
    vectors: str
    words: str
    database_bytes: int
    cache_bytes: int
    change_counter: int
    """Grows with every change, whoever made it."""
    created_at: str
    read_only: bool


class HealthJson(TypedDict):
    """The server can answer."""

    status: Literal["ok"]
    version: str
    articles: int


class ErrorJson(TypedDict):
    """Why a request was not done."""

    error: str
    """One sentence: what was wrong, and what to do."""
