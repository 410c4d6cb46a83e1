"""Picks answers with the reader: the span, the sentence around it, and how sure it is."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from index import Hit
from index.pages.datelines import find_dateline
from index.text.calendar import WEEKDAYS
from index.text.sentences import split_sentences
from qa.agreement import Statement, group_answers
from qa.dates import find_dates, is_when_question
from qa.reader.calibration import (
    Fitted,
    answer_confidence,
    choice_features,
    confidence_features,
    identify,
    rank_with_reader,
    reading_features,
    relative_scores,
)
from qa.reader.currency import prefer_current
from qa.reader.evidence import (
    Evidence,
    Findings,
    content_words,
    matter_words,
    place_of,
    shared_part,
)
from qa.reader.mirroring import mirror_question
from qa.reader.model import Option, Reader, Reading
from qa.reader.protocol import Calibration, Terms
from qa.types import Span

CHOSEN_FROM = 8
"""Passages, in their final order, whose possible answers are weighed sentence by sentence."""

FIRST_READ = 5
"""Passages that are read before the rest."""

SURE = 0.85
"""The confidence of an answer from them with which the rest is not read any more."""

LITTLE = 0.15
"""The share of the retrieval's softmax under which what is left unread is not read either.

Of 2,136 searches with development questions 844 end after the first passages; 8 of them choose
another answer by it, and nDCG@10 of all falls by .004 (docs/decisions.md).
"""

TAIL = 0.05
"""The share of that softmax that the last passages have together that are not read in any case.

Those that go on read 16.2 in place of 20, for .003 of nDCG@10.
"""

TELLING = 0.5
"""The share of a when-question's words, names aside, that the sentence of its date should say."""

WEEKDAY_WORDS = content_words(" ".join(WEEKDAYS))

WEIGHTY = 0.1
"""The share of the best answer's score that another needs to be compared with it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible answer: its hit, its sentence in the passage's offsets, and what speaks for it."""

    hit: Hit
    option: Option
    start: int
    end: int
    features: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Picked:
    """The possible answers of the passages that were read.

    ``hits`` are all hits in their final order, ``order`` the candidates' rows, best first, and
    ``confidence`` how sure the best one is, 0 without any.
    """

    hits: tuple[Hit, ...]
    candidates: tuple[Candidate, ...]
    order: tuple[int, ...]
    confidence: float


class ReaderPicker:
    """A ``Picker``: re-ranks the hits by reading them and finds the answering words."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._fitted = fitted = Fitted.from_config(reader.config)
        self.calibration = Calibration(identify(reader.config), fitted.threshold, fitted.data)

    def find(self, question: str, hits: Sequence[Hit], terms: Terms) -> Findings:
        """The answers of the best passages, best first, and the hits in their final order."""
        fitted = self._fitted
        threshold = fitted.threshold if terms.threshold is None else terms.threshold
        sure = max(terms.sure, SURE, threshold)
        read = hits[: terms.most]
        texts = [hit.passage.text for hit in read]
        asked = [mirror_question(question, text) for text in texts]
        titles = [title_before(hit) for hit in read]
        first = slice(FIRST_READ)
        readings = self._reader.read(asked[first], texts[first], titles[first])
        picked = pick(question, hits, readings, fitted)
        if len(read) > FIRST_READ and not is_enough(question, picked, read, sure):
            rest = slice(FIRST_READ, count_worthy(question, read, sure))
            readings += self._reader.read(asked[rest], texts[rest], titles[rest])
            picked = pick(question, hits, readings, fitted)
        seen = {
            place_of(hit): reading_features(reading)
            for hit, reading in zip(read, readings, strict=False)
        }
        findings = Findings((), picked.hits, 0.0, threshold, readings=seen)
        if not picked.candidates:
            return findings
        evidence, chances = score_evidence(question, picked, fitted)
        supported, confidence = corroborate(question, evidence, chances, picked.confidence)
        return replace(
            findings,
            evidence=tuple(prefer_current(question, supported)),
            confidence=confidence,
            alone=picked.confidence,
            dropped=tuple(list_barred(picked, fitted)),
        )


def title_before(hit: Hit) -> str:
    """The title of a hit's article, empty where the passage begins with it."""
    title = hit.article.title
    return "" if hit.passage.text.lstrip("# ").startswith(title) else title


def is_enough(question: str, picked: Picked, hits: Sequence[Hit], sure: float) -> bool:
    """Whether the rest of ``hits`` need not be read, once the first are.

    It need not where the answer is sure, and where the retrieval hardly believes in the rest.
    """
    if reads_all(question, sure):
        return False
    total = sum(hit.score for hit in hits)
    unread = sum(hit.score for hit in hits[FIRST_READ:])
    return picked.confidence >= sure or unread < LITTLE * total


def reads_all(question: str, sure: float) -> bool:
    """Whether all passages are read in any case.

    They are for a when-question, since dates of several articles are joined, and where no answer is
    sure enough (``sure`` is 1).
    """
    return sure >= 1 or is_when_question(question)


def count_worthy(question: str, hits: Sequence[Hit], sure: float) -> int:
    """How many of the first ``hits`` to read where more than ``FIRST_READ`` are.

    All but the last ones, whose softmax share of the retrieval is next to nothing.
    """
    count = len(hits)
    if reads_all(question, sure):
        return count
    left = TAIL * sum(hit.score for hit in hits)
    while count > FIRST_READ and (left := left - hits[count - 1].score) > 0:
        count -= 1
    return count


def pick(question: str, hits: Sequence[Hit], readings: Sequence[Reading], fitted: Fitted) -> Picked:
    """What the readings of the first hits answer, before articles support each other."""
    ranked = rank_with_reader(question, hits, readings, fitted)
    final = tuple(hit for hit, _ in ranked)
    candidates = find_candidates(question, ranked)
    if not candidates:
        return Picked(final, (), (), 0.0)
    order, scores = choose(question, candidates, fitted)
    best = candidates[order[0]]
    features = confidence_features(final, best.hit, best.features, scores)
    return Picked(final, tuple(candidates), tuple(order), answer_confidence(features, fitted))


def corroborate(
    question: str, evidence: Sequence[Evidence], chances: Sequence[float], confidence: float
) -> tuple[list[Evidence], float]:
    """The evidence, best first, and the confidence, after articles that agree support each other.

    The chances of being right are taken as independent, an article's best one for each value; those
    of articles that say the same combine as 1 - (1 - p)(1 - q). What one article says alone, or
    copies of one story say, keeps its own. Answers of one kind only are compared.
    """
    rows = [row for row, item in enumerate(evidence) if item.score >= WEIGHTY * evidence[0].score]
    weighty = [evidence[row] for row in rows]
    statements = [
        Statement(
            item.quote,
            item.span.text if item.span else "",
            item.hit.article.id,
            item.hit.article.published.iso if item.hit.article.published else None,
        )
        for item in weighty
    ]
    best, chance = evidence[0], confidence
    for group in group_answers(question, statements, conflicts=False):
        if group.independent < 2:
            continue
        by_article: dict[str, float] = {}
        for index in group.statements:
            by_article.setdefault(weighty[index].hit.article.id, chances[rows[index]])
        together = 1 - math.prod(1 - each for each in by_article.values())
        if together > chance:
            best, chance = weighty[group.statements[0]], together
    return [best, *(item for item in evidence if item is not best)], chance


def find_candidates(question: str, ranked: Sequence[tuple[Hit, Reading | None]]) -> list[Candidate]:
    """The possible answers of the first passages that were read, with what speaks for each.

    Args:
        question: as asked.
        ranked: hits in their final order with their readings.
    """
    read = [(hit, reading) for hit, reading in ranked if reading and reading.text]
    relative = relative_scores([hit.score for hit, _ in read])
    matter = matter_words(question)
    found = []
    for (hit, reading), rank in zip(read[:CHOSEN_FROM], relative, strict=False):
        said: dict[tuple[int, int], frozenset[str]] = {}
        for option in reading.options:
            place = surround(hit, option)
            if place not in said:
                said[place] = content_words(hit.passage.text[slice(*place)])
            told = shared_part(matter, said[place])
            features = choice_features(rank, reading, option, told)
            found.append(Candidate(hit, option, *place, features))
    return found


def surround(hit: Hit, option: Option) -> tuple[int, int]:
    """Where the sentences that hold an answer begin and end, in the passage's offsets."""
    touched = [
        (start, end)
        for start, end in split_passage(hit.passage.text, hit.article.language)
        if start < option.end and end > option.start
    ]
    start = min([option.start, *(start for start, _ in touched)])
    end = max([option.end, *(end for _, end in touched)])
    return start, end


@lru_cache(maxsize=64)
def split_passage(text: str, language: str) -> tuple[tuple[int, int], ...]:
    """The sentences of a passage; the same few are split for every possible answer in them."""
    return tuple(split_sentences(text, language))


def choose(
    question: str, candidates: Sequence[Candidate], fitted: Fitted
) -> tuple[list[int], list[float]]:
    """The candidates' rows, best first, and the scores of the different answers, beside the rows.

    The best one of the passage that is ranked first goes before all. To a when-question, dates
    whose sentence says at least half of what happened, names aside, drive out all others where the
    best is one of them, or where its sentence says nothing of it: most passages of news hold
    several dates.
    """
    scores = [fitted.choice(item.features) for item in candidates]
    order = sorted(range(len(candidates)), key=lambda row: (-scores[row], row))
    lead = min(order, key=lambda row: candidates[row].hit.rank)
    order = [lead, *(row for row in order if row != lead)]
    if is_when_question(question):
        order = leave_out_datelines(candidates, order)
        telling = [row for row in order if tells_when(candidates[row])]
        silent = not candidates[order[0]].features["sentence_matter"]
        if telling and (silent or telling[0] == order[0]):
            order = telling
    return order, distinct_choices([(candidates[row].option.text, scores[row]) for row in order])


def score_evidence(
    question: str, picked: Picked, fitted: Fitted
) -> tuple[list[Evidence], list[float]]:
    """The candidates as evidence, in order, and beside each its chance of being right.

    The best answer of another article has at most the confidence of the best of all: what it has
    beside its own article's answers only. Its score is that as if the search had found no other
    article either, so that sources that differ can stand side by side. The other answers of an
    article have less by what they are chosen less for.
    """
    candidates, order = picked.candidates, picked.order
    first = candidates[order[0]].hit.article.id
    evidence: dict[int, tuple[Evidence, float]] = {}
    for article in dict.fromkeys(candidates[row].hit.article.id for row in order):
        rows = [row for row in order if candidates[row].hit.article.id == article]
        best = candidates[rows[0]]
        choices = [fitted.choice(candidates[row].features) for row in rows]
        chance = alone = picked.confidence
        if article != first:
            texts = [candidates[row].option.text for row in rows]
            distinct = distinct_choices(list(zip(texts, choices, strict=True)))
            own = [hit for hit in picked.hits if hit.article.id == article]
            chance, alone = (
                min(picked.confidence, answer_confidence(told, fitted))
                for told in (
                    confidence_features(among, best.hit, best.features, distinct)
                    for among in (picked.hits, own)
                )
            )
        for row, choice in zip(rows, choices, strict=True):
            less = math.exp(choice - choices[0])
            item = make_evidence(candidates[row], alone * less, fitted)
            evidence[row] = item, chance * less
    return [evidence[row][0] for row in order], [evidence[row][1] for row in order]


def leave_out_datelines(candidates: Sequence[Candidate], order: Sequence[int]) -> list[int]:
    """The rows without those that answer with a dateline's day beside another date.

    The day on which an article was written stands in the sentence of what it tells. A weekday is a
    date there, also where no year says of which week.
    """
    barred = [row for row in order if in_dateline(candidates[row])]
    sentences = {(id(candidates[row].hit), candidates[row].start) for row in barred}
    dated = {
        sentence
        for row in order
        if (sentence := (id(candidates[row].hit), candidates[row].start)) in sentences
        and row not in barred
        and (is_date(candidates[row]) or content_words(candidates[row].option.text) & WEEKDAY_WORDS)
    }
    return [
        row
        for row in order
        if row not in barred or (id(candidates[row].hit), candidates[row].start) not in dated
    ]


def in_dateline(candidate: Candidate) -> bool:
    """Whether its answer stands in the dateline of its article."""
    dateline = find_dateline(candidate.hit.article.text)
    at = candidate.hit.passage.start + candidate.option.start
    return dateline is not None and dateline.start <= at < dateline.end


def tells_when(candidate: Candidate) -> bool:
    """Whether its sentence says at least half of what is asked, and its answer is a date there."""
    return candidate.features["sentence_matter"] >= TELLING and is_date(candidate)


def is_date(candidate: Candidate) -> bool:
    """Whether its answer holds a date, read in its sentence."""
    start, end = (at - candidate.start for at in (candidate.option.start, candidate.option.end))
    sentence = candidate.hit.passage.text[candidate.start : candidate.end]
    published = candidate.hit.article.published
    found = find_dates(sentence, published.iso if published else None)
    return any(date.start < end and date.end > start for date in found)


def distinct_choices(answers: Sequence[tuple[str, float]]) -> list[float]:
    """The scores of the different answers, in their order: the same words count once."""
    best: dict[frozenset[str], float] = {}
    for text, score in answers:
        best.setdefault(content_words(text) or frozenset((text,)), score)
    return list(best.values())


def make_evidence(candidate: Candidate, score: float, fitted: Fitted) -> Evidence:
    """The candidate's sentences with the answer inside, in the article's offsets."""
    at, option = candidate.hit.passage.start, candidate.option
    span = Span(at + option.start, at + option.end, option.text, candidate.features["span"])
    why = fitted.choice.weigh(candidate.features)
    return Evidence(candidate.hit, at + candidate.start, at + candidate.end, score, span, why)


def list_barred(picked: Picked, fitted: Fitted) -> list[Evidence]:
    """The candidates that were left out of the order, each with the rule that did it."""
    rows = sorted(set(range(len(picked.candidates))).difference(picked.order))
    barred = [picked.candidates[row] for row in rows]
    rules = ["dateline" if in_dateline(item) else "undated" for item in barred]
    return [
        replace(make_evidence(item, 0.0, fitted), dropped_by=rule)
        for item, rule in zip(barred, rules, strict=True)
    ]
