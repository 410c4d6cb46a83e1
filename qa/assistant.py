"""The main path: a question, the passages that match, the sentences that answer, the answer."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Unpack

from index import Article, Filters, Library
from index.encoding.encoders import Vectors
from index.settings import Settings
from qa.answering.as_of import restrict_by_question
from qa.answering.cache import AnswerCache
from qa.answering.comparing import Comparison, compare, read_comparison
from qa.answering.composing import compose_answer
from qa.answering.finding import find_passages, match_article
from qa.answering.found import Found, Stopwatch
from qa.answering.parts import join_answers, split_question
from qa.answering.reading import describe_asked, read_passages
from qa.answering.request import Options, make_request
from qa.answering.tracing import restore_findings
from qa.dates import TimelineEntry, make_timeline
from qa.followups import remember_turn
from qa.output.story import tell_story, word_story
from qa.reader.evidence import place_of
from qa.requests import check_question
from qa.types import Answer, Trace

log = logging.getLogger(__package__)


class Assistant:
    """Answers questions from one library; safe to share between threads."""

    def __init__(
        self,
        library: Library,
        *,
        settings: Settings | None = None,
        cache: AnswerCache | None = None,
    ) -> None:
        """``cache`` keeps the answers given lately; one of its own unless given."""
        self.library = library
        self.settings = settings or library.settings
        self._cache = AnswerCache() if cache is None else cache

    def ask(self, question: str, **options: Unpack[Options]) -> Answer:
        """The answer to a question in plain words, with citations and the ranked passages.

        One that was given lately is given again while nothing in the library has changed; its
        ``timings`` are those of this time. ``qa.answering.request.Options`` says what the options
        are.

        Raises:
            QuestionError: the question is empty, or the filters' dates can be of no article.
            SettingsError: there is no such system.
        """
        return self.answer(self.find(question, **options))

    def find(self, question: str, **options: Unpack[Options]) -> Found:
        """The first half of ``ask``, with its arguments and errors: the passages that match."""
        clock = Stopwatch()
        request = make_request(question, self.library.state, self.settings, **options)
        known = self._cache.get(request)
        if known is not None:
            return Found.again(request, known, clock)
        return find_passages(request, self.library, clock)

    def answer(self, found: Found) -> Answer:
        """The second half of ``ask``: the passages are read, and what they say is put together."""
        if found.known is not None:
            return found.known
        answer, failures = self._read_parts(found)
        log_answer(answer)
        if not failures:
            self._cache.put(found.request, answer)
        return answer

    def replay(self, trace: Trace) -> Answer:
        """The answer put together again from its trace; nothing is searched or read anew.

        Raises:
            TraceError: the library has not the articles that the trace was made with.
        """
        ranks = {(item.article, item.start): item.retrieved for item in trace.passages}
        findings = restore_findings(trace, self.library)
        return compose_answer(trace.asked, findings, ranks, self._encode, Stopwatch())

    def timeline(
        self, question: str, *, passages: int = 50, filters: Filters | None = None
    ) -> list[TimelineEntry]:
        """The dated statements about a question among the best passages, earliest first.

        As in `ask`, "as of 2010" in the question restricts the articles.

        Raises:
            QuestionError: the question is empty.
        """
        asked, allowed, _ = restrict_by_question(check_question(question), filters or Filters())
        hits = self.library.search(asked, passages, system=self.settings.retrieval, filters=allowed)
        return make_timeline(asked, hits)

    def read(
        self, question: str, article: Article, *, min_confidence: float | None = None
    ) -> Answer:
        """The answer that one given article holds, wherever it is from; the library is not asked.

        Raises:
            QuestionError: the question is empty.
        """
        clock = Stopwatch()
        request = make_request(question, "", self.settings, min_confidence=min_confidence)
        vector, hits = match_article(request.question, article, self.library, self.settings, clock)
        request = replace(request, wanted=len(hits))
        found = Found(request, request.question, request.question, vector, hits, clock)
        return self._read(found)[0]

    def _read_parts(self, found: Found) -> tuple[Answer, tuple[str, ...]]:
        """As ``_read``; a question that asks two things is answered in both parts.

        The hits of the whole question are read where neither part is answered. One that compares
        two things is withheld when one of them is not told.
        """
        compared = read_comparison(found.question) if found.settings.reads else None
        if compared:
            return self._compare(found, compared)
        parts = split_question(found.question) if found.settings.reads else None
        if not parts:
            return self._read(found)
        answers: list[Answer] = []
        failures: tuple[str, ...] = ()
        for part in parts:
            after = (*found.request.after, *map(remember_turn, answers))
            request = replace(found.request, question=part, after=after)
            answer, failed = self._read(find_passages(request, self.library, Stopwatch()))
            answers.append(answer)
            failures += failed
        if all(answer.status != "answered" for answer in answers):
            return self._read(found)
        return join_answers(found.request.question, answers), failures

    def _compare(self, found: Found, compared: Comparison) -> tuple[Answer, tuple[str, ...]]:
        """The values of both sides, compared; as ``_read``."""
        sides = [replace(found.request, question=side) for side in compared.questions]
        read = [self._read(find_passages(side, self.library, Stopwatch())) for side in sides]
        answers = [answer for answer, _ in read]
        failures = tuple(failure for _, failed in read for failure in failed)
        said = compare(compared, answers)
        if said:
            whole = join_answers(found.request.question, answers)
            return replace(whole, text=said, date=None), failures
        held = replace(found, request=replace(found.request, min_confidence=1.0))
        answer, failed = self._read(held)
        notes = [
            f"“{side.question}” is answered by “{side.text}”."
            if side.status == "answered"
            else f"Nothing in your articles answers “{side.question}”."
            for side in answers
        ]
        return replace(answer, notes=(*answer.notes, *notes)), (*failures, *failed)

    def _read(self, found: Found) -> tuple[Answer, tuple[str, ...]]:
        """The answer that the passages give, and what failed on the way to it."""
        findings, failures = read_passages(found, self.library)
        asked = describe_asked(found, failures, is_empty=not len(self.library))
        ranks = {place_of(hit): hit.rank for hit in found.hits}
        return compose_answer(asked, findings, ranks, self._encode, found.clock), failures

    def _encode(self, texts: Sequence[str]) -> Vectors:
        """The vectors of sentences, (n, dim) float32; the encoder is loaded when it is needed."""
        return self.library.encoder.encode_passages(texts)


def log_answer(answer: Answer) -> None:
    """Notes how a question went; its words and those of articles at the level ``debug`` only."""
    total = answer.timings.get("total", 0.0)
    log.info("%s with %.2f in %.0f ms", answer.status, answer.confidence, total)
    if log.isEnabledFor(logging.DEBUG):
        log.debug("asked %r", answer.question)
        for line in word_story(tell_story(answer)):
            log.debug("%r", line)
