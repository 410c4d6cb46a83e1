"""The records of evaluation: a case with its gold, a data set, and what a system made of a case."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal, NotRequired

from annotated_types import Interval

from index.types import Article, SkippedFile
from qa.output.shapes import CitationJson, FollowUpJson, JsonObject, PassageJson
from qa.types import AnswerGroup

DataKind = Literal["beir", "trec", "squad", "questions"]
Mode = Literal["open", "read"]

LOWEST_GRADE, HIGHEST_GRADE = -10, 100
Grade = Annotated[int, Interval(ge=LOWEST_GRADE, le=HIGHEST_GRADE)]
QUESTION_WORDS = ("how many", "how much", "who", "when", "where", "which", "why", "how", "what")


@dataclass(frozen=True, slots=True)
class GoldSpan:
    """Words of an article that answer a question, and the sentence that they stand in.

    Without evidence of its own, the evidence is the answering words themselves.
    """

    article: str
    start: int
    end: int
    text: str
    evidence_start: int
    evidence_end: int

    def overlaps_words(self, article: str, start: int, end: int) -> bool:
        """Whether a run of ``article`` shares a character with the answering words."""
        return article == self.article and start < self.end and self.start < end

    def overlaps_evidence(self, article: str, start: int, end: int) -> bool:
        """Whether a run of ``article`` shares a character with the evidence."""
        return article == self.article and start < self.evidence_end and self.evidence_start < end


@dataclass(frozen=True, slots=True)
class Case:
    """A question and everything that is known about its right answer.

    ``relevant`` is the grade of each judged article (0 and below: not relevant). ``spans`` are
    alternatives, as are ``answers``. ``date`` is an ISO date or a prefix of one: its length says
    how precisely it was asked. ``article`` is the paragraph that `read` mode gives. ``line`` is
    where the case stands in its file. ``after`` are the questions of the conversation before it.
    """

    id: str
    question: str
    answerable: bool
    relevant: Mapping[str, Grade] = field(default_factory=dict)
    spans: tuple[GoldSpan, ...] = ()
    answers: tuple[str, ...] = ()
    date: str = ""
    kind: str = "other"
    article: str = ""
    line: int = 0
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Corpus:
    """What is to be searched: articles to index, or a library that is there already.

    ``digest`` stands for the content; ``whole`` keeps every article as one passage, as the
    field's benchmarks do. ``ids`` are the known article ids, ``None`` until they are indexed.
    ``place`` is the path that they are read from.
    """

    digest: str
    articles: Callable[[], Iterator[Article | SkippedFile]] | None = None
    library: Path | None = None
    whole: bool = False
    ids: frozenset[str] | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Dataset:
    """Questions with gold and the articles that they are asked of.

    ``digest`` stands for questions, gold and articles together: two runs are of the same data
    when it is equal. ``notes`` say what was decided while reading; ``named`` is where an article
    is first judged, for articles that can be checked only when the library is open.
    """

    name: str
    path: Path
    kind: DataKind
    cases: tuple[Case, ...]
    corpus: Corpus
    digest: str
    split: str = ""
    mode: Mode = "open"
    notes: tuple[str, ...] = ()
    named: Mapping[str, tuple[Path, int]] = field(default_factory=dict)


class Observed(JsonObject):
    """The object that ``dateline ask --json`` prints, as far as another system's answer has it.

    ``only`` is what alone was measured: ``ranking``, ``answer`` or ``reading``; empty or not there
    for everything. A TREC run has no answers, SQuAD predictions no citations, and reading no
    retrieval.
    """

    question: NotRequired[str]
    status: Literal["answered", "not_found", "ranked", "error"]
    text: str
    confidence: Annotated[float, Interval(ge=0, le=1)]
    date: str | None
    date_precision: NotRequired[str | None]
    date_note: NotRequired[str | None]
    citations: list[CitationJson]
    groups: NotRequired[list[AnswerGroup]]
    passages: list[PassageJson]
    notes: NotRequired[list[str]]
    timings_ms: dict[str, float]
    followup: NotRequired[FollowUpJson | None]
    only: NotRequired[str]


@dataclass(frozen=True, slots=True)
class Result:
    """What one system made of one case.

    ``answer`` has the first passages alone.
    ``ranking`` is every retrieved article, best first, with strictly falling scores.
    ``evidence_rank`` is the rank of the first passage that overlaps gold evidence (or, without
    spans, belongs to a relevant article), 0 when none was retrieved. ``exact_quotes`` and
    ``dangling`` count the citations that the library's own text confirms, and the references to
    nothing.
    """

    case: Case
    answer: Observed
    ranking: tuple[tuple[str, float], ...]
    evidence_rank: int
    exact_quotes: int
    dangling: int

    @property
    def only(self) -> str:
        """What alone was measured, as `Observed` says; empty for everything."""
        return self.answer.get("only", "")

    @property
    def status(self) -> str:
        """``answered``, ``not_found``, or ``error`` when the question could not be asked."""
        return self.answer["status"]

    @property
    def prediction(self) -> str:
        """The answer as the SQuAD script wants it: empty when it was withheld."""
        return self.answer["text"] if self.status == "answered" else ""

    @property
    def confidence(self) -> float:
        """How sure the system was, in [0, 1]."""
        return self.answer["confidence"]


def question_kind(question: str) -> str:
    """The question word that says what is asked for, or ``other``.

    English alone; the earliest question word of the sentence wins.
    """
    words = f" {' '.join(question.lower().replace('?', ' ').split())} "
    found = [(words.find(f" {word} "), word) for word in QUESTION_WORDS if f" {word} " in words]
    return min(found, key=lambda item: (item[0], -len(item[1])))[1] if found else "other"
