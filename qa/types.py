"""The records of question answering: spans, citations, answers.

All offsets are in code points of ``Article.text``, half open: ``text[start:end]``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from index import Article, Filters, Hit, Passage

Status = Literal["answered", "not_found"]
Origin = Literal["question", "answer", "source"]


@dataclass(frozen=True, slots=True)
class Span:
    """A run of an article's text with the score that the reader gave it (higher is better)."""

    start: int
    end: int
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote of an article that supports the answer, checked when it is made.

    ``quote`` is the evidence sentence: ``article.text[start:end] == quote``.
    ``span``, when given, is the answering words inside the quote, in article coordinates.

    Raises:
        ValueError: the quote or the span is not the article's text at those offsets.
    """

    number: int
    article: Article
    passage: Passage
    quote: str
    start: int
    end: int
    span: Span | None = None

    def __post_init__(self) -> None:
        """Refuse a quote that is not the article's own text."""
        if self.article.text[self.start : self.end] != self.quote or not self.quote:
            raise ValueError(f"citation {self.number} does not quote {self.article.id} exactly")
        span = self.span
        if span and (
            self.article.text[span.start : span.end] != span.text
            or not self.start <= span.start < span.end <= self.end
        ):
            raise ValueError(f"citation {self.number}: the span is not inside its quote")


@dataclass(frozen=True, slots=True)
class AnswerDate:
    """The date that answers a when-question: EDTF, its precision and how it was come by."""

    iso: str
    precision: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class AnswerGroup:
    """Citations that give the same answer."""

    value: str
    """The answer that they give."""
    citations: tuple[int, ...]
    """Their numbers."""
    independent: int
    """How many of their articles are no copies of each other."""
    conflicts_with: tuple[int, ...] = ()
    """Indices of the groups that cannot be true when this one is."""
    later: bool = False
    """Whether its newest source is newer than those of the groups it conflicts with."""


@dataclass(frozen=True, slots=True)
class Carried:
    """Words of the question asked that the person did not type."""

    text: str
    origin: Origin
    """The question before, its answer, or the sentence that it cited."""
    instead: str = ""
    """The word that they stand for, such as `it`; empty when they were added."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """How a question was understood from the turns before it.

    ``question`` is as typed, ``query`` is what is asked. ``carried`` can be taken away one by
    one. ``answered`` and ``quotes`` are what was answered before, which "who else" does not want
    again; they are empty for other questions.
    """

    question: str
    query: str
    carried: tuple[Carried, ...]
    answered: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TracedPassage:
    """A passage that was retrieved, by its place: what each engine and the reader gave it.

    ``rank`` and ``score`` are the final ones and ``retrieved`` is the rank that it had before it
    was read. ``reading`` is empty for a passage that was not read.
    """

    article: str
    start: int
    end: int
    rank: int
    score: float
    retrieved: int
    passage: int
    signals: Mapping[str, float]
    reading: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TracedCandidate:
    """A sentence that might have answered, by its place, with its answering words if it has any.

    ``rank`` is its passage's and ``text`` are the words that would answer. ``score`` is what it
    was ranked by, and ``why`` is what each thing that speaks for it added when the answers were
    weighed. ``dropped_by`` names the rule that left it out, and ``cited`` is the number of the
    citation that quotes it; empty and 0 for none.
    """

    article: str
    rank: int
    start: int
    end: int
    score: float
    text: str
    span: Span | None = None
    why: Mapping[str, float] = field(default_factory=dict)
    dropped_by: str = ""
    cited: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked and how it was understood.

    ``typed`` is as typed, ``question`` the one that was answered (another one for a follow-up),
    ``searched`` what was looked for, among the articles that ``filters`` admit. ``wanted`` is how
    many hits the answer carries; ``min_confidence`` is below 0 where the reader's own threshold
    holds. ``notes`` say how the question was read, and ``nothing`` is what is said when the answer
    is withheld.
    """

    typed: str
    question: str
    searched: str
    system: str
    wanted: int
    min_confidence: float
    filters: Filters = Filters()
    notes: tuple[str, ...] = ()
    nothing: str = ""
    followup: FollowUp | None = None


TRACE_VERSION = 1


@dataclass(frozen=True, slots=True)
class Trace:
    """What was decided on the way to an answer, and why, stage by stage.

    It holds places of texts in place of texts, and all that is needed to put the answer together
    again (``qa.answering.tracing.replay_trace``). ``articles`` has the digest of each article by
    its id; ``passages`` are in their final order, ``candidates`` best first, those that a rule left
    out last. ``alone`` is the confidence in the best candidate before articles that agree
    supported each other.
    """

    asked: Asked
    articles: Mapping[str, str]
    passages: tuple[TracedPassage, ...]
    reader: str
    candidates: tuple[TracedCandidate, ...]
    alone: float
    confidence: float
    threshold: float
    version: int = TRACE_VERSION


@dataclass(frozen=True, slots=True)
class Answer:
    """What Dateline says to a question.

    ``hits`` are the ranked passages, best first, whatever the status; on ``not_found`` there are
    no citations and ``text`` says so. ``confidence`` is in [0, 1]. ``timings`` are milliseconds
    by stage (``encode``, ``search``, ``read``, ``total``). ``followup`` says how the question was
    understood when it needed the turns before it, and ``trace`` why the answer is this one.
    """

    question: str
    status: Status
    text: str
    confidence: float
    date: AnswerDate | None = None
    citations: tuple[Citation, ...] = ()
    groups: tuple[AnswerGroup, ...] = ()
    hits: tuple[Hit, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    followup: FollowUp | None = None
    trace: Trace | None = None
