"""The main path: a question, the passages that match, the sentences that answer, the answer."""

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from index import Article, Filters, Hit, Library, QuestionError, ReaderError
from index.passages import split_article
from index.search.fusion import QUESTION_MIXTURE, softmax_share
from index.settings import Settings
from qa.answering.as_of import (
    drop_other_times,
    rank_by_event,
    read_event,
    restrict_by_question,
)
from qa.answering.cache import AnswerCache, AnswerKey
from qa.answering.consensus import describe_conflict, group_citations
from qa.answering.excluding import drop_answered
from qa.answering.found import Found, Stopwatch
from qa.answering.when import date_answer
from qa.dates import TimelineEntry, is_when_question, make_timeline
from qa.followups import PastTurn, resolve_question
from qa.reader.evidence import (
    Evidence,
    Findings,
    Picker,
    SentencePicker,
    asks_nothing,
    holds_words,
    is_small_talk,
)
from qa.types import Answer, Citation, FollowUp

NOTHING_FOUND = "Nothing in your articles answers this."
NOTHING_MATCHES = "No article in your library passes the filters; widen them, then ask again."
NO_ARTICLES = "Your library has no articles yet; add some, then ask again."

BEST_SENTENCE = "The reader cannot be used, so this is the best-matching sentence."

MOST_CITATIONS = 5
CITED_MARGIN = 0.15
"""How far below the best evidence's score a citation may be."""


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

    def ask(
        self,
        question: str,
        *,
        passages: int | None = None,
        system: str | None = None,
        filters: Filters | None = None,
        min_confidence: float | None = None,
        after: Sequence[PastTurn] = (),
        without: Collection[str] = (),
    ) -> Answer:
        """The answer to a question, with citations and the ranked passages.

        One that was given lately is given again while nothing in the library has changed; its
        ``timings`` are those of this time.

        Args:
            question: in plain words; surrounding white space is dropped.
            passages: how many hits the answer carries.
            system: one of ``index.settings.SYSTEMS``; None for the settings' choice.
            filters: which articles may be used.
            min_confidence: withhold the answer below this; None for the settings' choice.
            after: the turns before, the last one last; a question that needs them is understood
                from them, and ``followup`` of the answer says how.
            without: words not to be carried over from them.

        Raises:
            QuestionError: the question is empty, or the filters' dates can be of no article.
            SettingsError: there is no such system.
        """
        clock = Stopwatch()
        key = self._make_key(question, passages, system, filters, min_confidence, after, without)
        return self._recall(key, clock) or self.answer(self._find(key, clock))

    def find(
        self,
        question: str,
        *,
        passages: int | None = None,
        system: str | None = None,
        filters: Filters | None = None,
        min_confidence: float | None = None,
        after: Sequence[PastTurn] = (),
        without: Collection[str] = (),
    ) -> Found:
        """The first half of ``ask``, with its arguments and errors: the passages that match."""
        clock = Stopwatch()
        key = self._make_key(question, passages, system, filters, min_confidence, after, without)
        return self._find(key, clock)

    def _make_key(
        self,
        question: str,
        passages: int | None,
        system: str | None,
        filters: Filters | None,
        min_confidence: float | None,
        after: Sequence[PastTurn],
        without: Collection[str],
    ) -> AnswerKey:
        """Everything that the answer depends on, checked and with what was left to the settings."""
        return AnswerKey(
            self.library.state,
            self.settings if system is None else replace(self.settings, system=system),
            check_question(question),
            passages or self.settings.passages,
            filters or Filters(),
            self.settings.min_confidence if min_confidence is None else min_confidence,
            tuple(after),
            frozenset(without),
        )

    def _recall(self, key: AnswerKey, clock: Stopwatch) -> Answer | None:
        """The answer to the same when it was asked lately, with the time that this took."""
        known = self._cache.get(key)
        if known is None:
            return None
        clock.lap("recall")
        return replace(known, timings=clock.finish())

    def _find(self, key: AnswerKey, clock: Stopwatch) -> Found:
        """The passages that match what the key asks."""
        typed, wanted, chosen = key.question, key.wanted, key.settings
        after = () if is_small_talk(typed) else key.after
        followup = resolve_question(typed, after, without=key.without, with_answer=chosen.reads)
        question = followup.query if followup else typed
        asked, allowed, restriction = restrict_by_question(question, key.filters)
        event = read_event(asked, self.library, chosen, allowed)
        count = max(wanted, self.settings.read_passages)
        hits: list[Hit] = []
        if event and event.is_dated:
            hits = rank_by_event(asked, event, self.library, count, chosen, allowed)
            asked = event.phrase.rest if hits else asked
        vector = self.library.encode_question(asked)
        clock.lap("encode")
        hits = hits or self.library.rank(
            asked, vector, count, system=chosen.retrieval, filters=allowed
        )
        clock.lap("search")
        return Found(
            question,
            asked,
            vector,
            tuple(hits),
            key,
            tuple(note for note in (restriction, event.note if event else "") if note),
            clock,
            followup,
            event,
            filtered=not allowed.is_empty,
        )

    def answer(self, found: Found) -> Answer:
        """The second half of ``ask``: the passages are read, and what they say is put together."""
        known = self._recall(found.key, found.clock)
        if known is not None:
            return known
        picker, failures = self._picker(found.settings, found.sure)
        notes = (*found.notes, *failures)
        if asks_nothing(found.asked):
            findings = Findings((), found.hits, 0.0, 0.0)
        else:
            findings = picker.find(found.asked, found.vector, found.hits)
        if found.event:
            findings = drop_other_times(findings, found.event)
        if found.followup:
            findings = drop_answered(findings, found.followup)
            notes = (*notes, *note_answered(found.followup))
        found.clock.lap("read")
        answer = self._compose(
            found.question,
            findings,
            found.key.wanted,
            found.key.min_confidence,
            found.clock,
            notes,
            NOTHING_MATCHES if found.all_filtered else NOTHING_FOUND,
        )
        if found.followup is not None:
            answer = replace(answer, question=found.key.question, followup=found.followup)
        if not failures:
            self._cache.put(found.key, answer)
        return answer

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
        question = check_question(question)
        encoder = self.library.encoder
        vector = encoder.encode_questions([question])[0]
        clock.lap("encode")
        parts = split_article(
            article,
            words=self.settings.passage_words,
            overlap_sentences=self.settings.overlap_sentences,
        )
        cosines = encoder.encode_passages([part.text for part in parts]) @ vector
        scores = softmax_share(QUESTION_MIXTURE.meaning_sharpness * cosines.astype(np.float64))
        order = sorted(range(len(parts)), key=lambda row: (-float(cosines[row]), row))
        hits = [
            Hit(parts[row], article, float(scores[row]), rank, {"dense": float(cosines[row])})
            for rank, row in enumerate(order, start=1)
        ]
        clock.lap("search")
        picker, notes = self._picker(self.settings)
        findings = picker.find(question, vector, hits)
        clock.lap("read")
        threshold = self.settings.min_confidence if min_confidence is None else min_confidence
        return self._compose(question, findings, len(hits), threshold, clock, notes)

    def _picker(self, settings: Settings, sure: float = 0.0) -> tuple[Picker, tuple[str, ...]]:
        """The reader where the system has one, and what to note when it cannot be loaded.

        ``sure`` is the confidence without which all passages are read.
        """
        notes: tuple[str, ...] = ()
        if settings.reads:
            from qa.reader.picker import ReaderPicker, library_threshold
            from qa.reader.shared import shared_reader

            try:
                reader = shared_reader(settings.threads)
                threshold = library_threshold(self.library, reader)
                best_sentence = SentencePicker(self.library.encoder)
                picker = ReaderPicker(
                    reader,
                    settings.read_passages,
                    threshold=threshold,
                    otherwise=best_sentence,
                    sure=sure,
                )
                return picker, ()
            except ReaderError as error:
                notes = (f"{BEST_SENTENCE} {error}",)
        return SentencePicker(self.library.encoder), notes

    def _compose(
        self,
        question: str,
        findings: Findings,
        wanted: int,
        min_confidence: float,
        clock: Stopwatch,
        notes: tuple[str, ...],
        nothing: str = NOTHING_FOUND,
    ) -> Answer:
        """The answer to what was found, withheld when the confidence is under the threshold."""
        threshold = findings.threshold if min_confidence < 0 else min_confidence
        hits = findings.hits[:wanted]
        if not findings.evidence or findings.confidence < threshold:
            text = nothing if findings.hits or len(self.library) else NO_ARTICLES
            return Answer(
                question,
                "not_found",
                text,
                findings.confidence,
                hits=hits,
                timings=clock.finish(),
                notes=notes,
            )
        dated = None
        if is_when_question(question):
            dated = date_answer(question, findings.evidence, findings.hits)
            clock.lap("dates")
        citations = make_citations((*(dated.evidence if dated else ()), *findings.evidence))
        groups = group_citations(
            question, citations, lambda texts: self.library.encoder.encode_passages(texts)
        )
        conflict = describe_conflict(groups)
        clock.lap("agreement")
        first = citations[0]
        text = first.span.text if first.span else first.quote
        return Answer(
            question,
            "answered",
            dated.text if dated else text,
            findings.confidence,
            date=dated.date if dated else None,
            citations=citations,
            groups=groups,
            hits=hits,
            notes=(*notes, conflict) if conflict else notes,
            timings=clock.finish(),
        )


def note_answered(followup: FollowUp) -> tuple[str, ...]:
    """What was answered before, when a question asks for others."""
    if not followup.answered:
        return ()
    return (f"Answered before, and left out here: {', '.join(followup.answered)}.",)


def check_question(question: str) -> str:
    """The question without surrounding white space.

    Raises:
        QuestionError: there is no letter and no digit in it.
    """
    text = question.strip()
    if not holds_words(text):
        raise QuestionError("The question is empty; type what you want to know.")
    return text


def make_citations(evidence: Sequence[Evidence]) -> tuple[Citation, ...]:
    """Numbered citations of the best evidence, no sentence quoted twice."""
    kept: list[Evidence] = []
    for item in evidence:
        close = item.score >= evidence[0].score - CITED_MARGIN
        fresh = all(
            item.hit.article.id != other.hit.article.id
            or item.end <= other.start
            or other.end <= item.start
            for other in kept
        )
        if close and fresh and len(kept) < MOST_CITATIONS:
            kept.append(item)
    return tuple(
        Citation(
            number, item.hit.article, item.hit.passage, item.quote, item.start, item.end, item.span
        )
        for number, item in enumerate(kept, start=1)
    )
