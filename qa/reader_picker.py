"""Picks answers with the reader: the span, the sentence around it, and how sure it is."""

import math
from collections.abc import Sequence
from functools import lru_cache

from index import Hit
from index.encoders import Vectors
from index.sentences import split_sentences
from qa.calibration import (
    Fitted,
    answer_confidence,
    confidence_features,
    rank_with_reader,
    relative_scores,
    score_choice,
)
from qa.evidence import Evidence, Findings, content_words
from qa.reader import Reader, Reading
from qa.types import Span


class ReaderPicker:
    """A ``qa.evidence.Picker``: re-ranks the hits by reading them and finds the answering words.

    Args:
        reader: the reader.
        read_passages: how many of the best hits are read.
    """

    def __init__(self, reader: Reader, read_passages: int = 20) -> None:
        self._reader = reader
        self._fitted = Fitted.from_config(reader.config)
        self._read_passages = read_passages

    def find(self, question: str, vector: Vectors, hits: Sequence[Hit]) -> Findings:
        """The answers of the best passages, best first, and the hits in their final order."""
        readings = self._reader.read(
            question, [hit.passage.text for hit in hits[: self._read_passages]]
        )
        ranked = rank_with_reader(question, hits, readings, self._fitted)
        final = tuple(hit for hit, _ in ranked)
        found = [(hit, reading) for hit, reading in ranked if reading and reading.text]
        if not found:
            return Findings((), final, 0.0, self._fitted.threshold)
        choices = self._score(found)
        order = sorted(range(len(found)), key=lambda row: (-choices[row], row))
        best_hit, best_reading = found[order[0]]
        different = distinct_choices([(found[row][1].text, choices[row]) for row in order])
        confidence = answer_confidence(
            confidence_features(question, best_hit, best_reading, different), self._fitted
        )
        top = choices[order[0]]
        evidence = tuple(
            make_evidence(*found[row], confidence * math.exp(choices[row] - top)) for row in order
        )
        return Findings(evidence, final, confidence, self._fitted.threshold)

    def _score(self, found: Sequence[tuple[Hit, Reading]]) -> list[float]:
        relative = relative_scores([hit.signals["retrieval"] for hit, _ in found])
        return [
            score_choice(score, reading, self._fitted)
            for score, (_, reading) in zip(relative, found, strict=True)
        ]


def distinct_choices(answers: Sequence[tuple[str, float]]) -> list[float]:
    """The scores of the different answers, best first: the same words count once."""
    best: dict[frozenset[str], float] = {}
    for text, score in answers:
        best.setdefault(content_words(text) or frozenset((text,)), score)
    return list(best.values())


def make_evidence(hit: Hit, reading: Reading, score: float) -> Evidence:
    """The sentences that hold the reading's answer, with the answer inside, in the article."""
    at = hit.passage.start
    touched = [
        (start, end)
        for start, end in split_sentences(hit.passage.text, hit.article.language)
        if start < reading.end and end > reading.start
    ]
    start = min([reading.start, *(s for s, _ in touched)])
    end = max([reading.end, *(e for _, e in touched)])
    span = Span(
        at + reading.start,
        at + reading.end,
        reading.text,
        reading.span_score - reading.no_answer_score,
    )
    return Evidence(hit, at + start, at + end, score, span)


@lru_cache(maxsize=2)
def shared_reader(threads: int) -> Reader:
    """The shipped reader, loaded once for all who use as many threads.

    Raises:
        ReaderError: its files cannot be used.
    """
    return Reader.load(threads=threads)
