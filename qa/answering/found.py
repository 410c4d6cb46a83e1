"""A question between its search and its answer, and the time that each stage took."""

import time
from dataclasses import dataclass, field, replace

from index import Filters, Hit
from index.encoding.encoders import Vectors
from index.settings import Settings
from qa.answering.request import Request
from qa.types import Answer, FollowUp


@dataclass(slots=True)
class Stopwatch:
    """Milliseconds by stage, in the order that they were lapped."""

    started: float = field(default_factory=time.perf_counter)
    lapped: float = field(default_factory=time.perf_counter)
    stages: dict[str, float] = field(default_factory=dict)

    def lap(self, stage: str) -> None:
        """Book the time since the last lap under ``stage``."""
        now = time.perf_counter()
        self.stages[stage] = self.stages.get(stage, 0.0) + (now - self.lapped) * 1000
        self.lapped = now

    def finish(self) -> dict[str, float]:
        """Every stage and the ``total``, rounded to microseconds."""
        total = (time.perf_counter() - self.started) * 1000
        return {name: round(value, 3) for name, value in (*self.stages.items(), ("total", total))}


@dataclass(frozen=True, slots=True)
class Found:
    """What the search found for a question, before anything of it is read.

    ``question`` is the one to answer and ``searched`` what was looked for; ``followup`` says how
    they came from what was typed, and ``filters`` which articles were searched. ``known`` is the
    answer when it was given lately; then nothing was searched.
    """

    request: Request
    question: str
    searched: str
    vector: Vectors | None
    hits: tuple[Hit, ...]
    clock: Stopwatch
    notes: tuple[str, ...] = ()
    followup: FollowUp | None = None
    filters: Filters = Filters()
    known: Answer | None = None

    @classmethod
    def again(cls, request: Request, answer: Answer, clock: Stopwatch) -> "Found":
        """What is found for a question whose answer is known, with the time that this took."""
        clock.lap("recall")
        known = replace(answer, timings=clock.finish())
        return cls(request, request.question, "", None, (), clock, known=known)

    @property
    def all_filtered(self) -> bool:
        """Whether the filters left no article; vectors find something in any."""
        return not self.filters.is_empty and not self.hits and self.settings.retrieval != "bm25"

    @property
    def settings(self) -> Settings:
        """The settings with the system that was asked for."""
        return self.request.settings

    @property
    def sure(self) -> float:
        """The confidence with which passages may be left unread; 1 where some answers won't do."""
        others = self.followup is not None and bool(self.followup.answered or self.followup.quotes)
        return 1.0 if others else self.request.min_confidence
