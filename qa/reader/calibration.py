"""What the reader's numbers are worth: ranks, the choice of the answer, and how sure it is.

Every weight was fitted on development questions held out of the training data (``training.fit``)
and is kept in the reader's ``config.json``; nothing here was set by hand.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from index import Hit
from index.errors import ReaderError
from index.text.stopwords import AUXILIARIES, QUESTION_WORDS
from qa.reader.evidence import content_words, covered_share
from qa.reader.model import Option, Reading

ASKING = (QUESTION_WORDS | AUXILIARIES | {"name", "list"}) - {"be", "been", "may", "might", "must"}

EVIDENCE = ("span", "answerable", "relevance")
"""What a reading says of its passage."""

CLIP = 12.0
"""Logits beyond this say no more; it keeps one wild passage from outweighing all retrieval."""

NAME_OR_NUMBER = re.compile(r"(?<!^)\b(?:[A-Z][\w’'-]+|\d[\d.,]*\d|\d)\b")

YEAR = re.compile(r"\b(?:1\d{3}|20\d{2})\b")


@dataclass(frozen=True, slots=True)
class Linear:
    """A weighted sum of named features with a constant."""

    weights: Mapping[str, float]
    bias: float = 0.0

    def __call__(self, features: Mapping[str, float]) -> float:
        """The sum for these features."""
        return self.bias + sum(self.weigh(features).values())

    def weigh(self, features: Mapping[str, float]) -> dict[str, float]:
        """What each feature adds to the sum."""
        return {name: weight * features[name] for name, weight in self.weights.items()}


@dataclass(frozen=True, slots=True)
class Conjunction:
    """Log odds that all of several things hold: a soft minimum of scaled and shifted features."""

    scales: Mapping[str, float]
    offsets: Mapping[str, float]

    def __call__(self, features: Mapping[str, float]) -> float:
        """``-log(sum(exp(-(scale * feature + offset))))``."""
        parts = [
            -(scale * features[name] + self.offsets[name]) for name, scale in self.scales.items()
        ]
        most = max(parts)
        return -most - math.log(sum(math.exp(part - most) for part in parts))


@dataclass(frozen=True, slots=True)
class Fitted:
    """The fitted weights of one reader.

    ``evidence`` tells from a reading how surely its passage answers; ``held`` gives, from the
    best passage's evidence, the log odds that any passage answers, and ``boost`` is what evidence
    then adds to a passage's rank score; ``choice`` scores a possible answer against the others;
    ``confidence`` gives the log odds that the chosen answer is right;
    ``threshold`` is the confidence under which to withhold; ``unsaid`` is what confidence is
    multiplied by where no year of the question is said; ``longest`` is the most words that a
    question of the training had, but for one in a thousand; ``data`` says what they were fitted on.
    """

    evidence: Conjunction
    held: Linear
    boost: float
    choice: Linear
    confidence: Linear
    threshold: float
    unsaid: float
    longest: int
    data: str

    def taught(self, question: str) -> bool:
        """Whether the training had questions as long as this one."""
        return len(question.split()) <= self.longest

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> "Fitted":
        """The weights of a reader's configuration.

        Raises:
            ReaderError: they are missing or malformed.
        """
        try:
            fit = config["fit"]
            parts = {
                name: Linear(
                    {key: float(value) for key, value in fit[name]["weights"].items()},
                    float(fit[name]["bias"]),
                )
                for name in ("held", "choice", "confidence")
            }
            evidence = Conjunction(
                {name: float(fit["evidence"]["scales"][name]) for name in EVIDENCE},
                {name: float(fit["evidence"]["offsets"][name]) for name in EVIDENCE},
            )
            return cls(
                **parts,
                evidence=evidence,
                boost=float(fit["boost"]),
                threshold=float(fit["threshold"]),
                unsaid=float(fit["unsaid"]),
                longest=int(fit["longest"]),
                data=str(fit["data"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ReaderError(
                f"The reader's configuration has no usable fitted weights ({error!r}); "
                "reinstall Dateline."
            ) from error


def reading_features(reading: Reading) -> dict[str, float]:
    """What a reading says of its passage: three log odds, clipped."""
    return {
        "span": clip(reading.span_score - reading.no_answer_score),
        "answerable": clip(reading.answerable),
        "relevance": clip(reading.relevance),
    }


def relative_scores(scores: Sequence[float]) -> list[float]:
    """The logarithm of each score's ratio to the best: 0 for it, ``-CLIP`` for one of no worth.

    The scores of fusion are softmax shares, so these are log odds against the best passage, on
    the scale that a reading's are on.
    """
    best = max(scores, default=0.0)
    if best <= 0:
        return [0.0 for _ in scores]
    least = best * math.exp(-CLIP)
    return [math.log(max(score, least) / best) for score in scores]


def rank_with_reader(
    question: str, hits: Sequence[Hit], readings: Sequence[Reading], fitted: Fitted
) -> list[tuple[Hit, Reading | None]]:
    """The hits in their final order, each with its reading, scores and ranks set anew.

    To the log of a passage's softmax share in the retrieval the reader's evidence that it answers
    adds: the more, the surer it is that any of the passages does. Its score is a
    softmax share again, of these sums. Evidence only ever adds: where the reader finds no
    answer at all, the retrieval's order nearly stays. It stays altogether for what the reader was
    never taught: what is not a question (a claim, key words), and a question longer than any of the
    training. Hits beyond the readings keep their places after the others.
    """
    evidence = [fitted.evidence(reading_features(reading)) for reading in readings]
    boost = 0.0
    if evidence and is_question(question) and fitted.taught(question):
        boost = fitted.boost * odds_to_chance(fitted.held({"evidence": max(evidence)}))
    scored: list[tuple[float, int, float, Reading | None]] = []
    for number, relative in enumerate(relative_scores([hit.score for hit in hits])):
        reading = readings[number] if number < len(readings) else None
        added = boost * softplus(evidence[number]) if reading else 0.0
        scored.append((relative + added, number, added, reading))
    scored.sort(key=lambda item: (-item[0], item[1]))
    weights = [math.exp(score - scored[0][0]) for score, *_ in scored]
    total = sum(weights)
    ranked = []
    for rank, (_, number, added, reading) in enumerate(scored, start=1):
        hit = hits[number]
        signals = {**hit.signals, "retrieval": hit.score}
        if reading:
            signals["reader"] = added
        share = weights[rank - 1] / total
        ranked.append((replace(hit, score=share, rank=rank, signals=signals), reading))
    return ranked


def is_question(text: str) -> bool:
    """Whether the text asks: a question mark, or a word that asks among its first three."""
    return "?" in text or not ASKING.isdisjoint(text.lower().split()[:3])


def choice_features(
    retrieval: float, reading: Reading, option: Option, words: float, matter: float
) -> dict[str, float]:
    """What a possible answer is chosen by.

    Args:
        retrieval: the log of its passage's retrieval score relative to the best one's.
        reading: what the reader found in its passage.
        option: the answer.
        words: the share of the question's content words in the answer's sentence.
        matter: the same of those that are no names: what is asked, not of whom.
    """
    return {
        "retrieval": retrieval,
        **reading_features(reading),
        "span": clip(option.score - reading.no_answer_score),
        "sentence_words": words,
        "sentence_matter": matter,
    }


def confidence_features(
    question: str, hit: Hit, features: Mapping[str, float], text: str, choices: Sequence[float]
) -> dict[str, float]:
    """What the confidence in the chosen answer is computed from.

    Args:
        question: as asked.
        hit: the passage of the chosen answer.
        features: what it was chosen by.
        text: the chosen answer.
        choices: the choice scores of the different answers, best first.
    """
    said = f"{hit.article.title} {hit.passage.text}"
    names = {name.lower() for name in NAME_OR_NUMBER.findall(question)}
    held = sum(name in said.lower() for name in names)
    margin = choices[0] - choices[1] if len(choices) > 1 else CLIP / 4
    return {
        **features,
        "margin": min(margin, CLIP / 4),
        "coverage": covered_share(content_words(question), said),
        "names": held / len(names) if names else 1.0,
        "dense": hit.signals.get("dense", 0.0),
        "long": min(len(text.split()), 20) / 20,
        "years": float(says_years(question, hit)),
    }


def says_years(question: str, hit: Hit) -> bool:
    """Whether the hit's article says a year that the question names, or is of that year.

    True for a question without one.
    """
    article = hit.article
    said = (article.title, article.text, article.published.iso if article.published else "")
    years = set(YEAR.findall(question))
    return not years or any(year in text for year in years for text in said)


def answer_confidence(features: Mapping[str, float], fitted: Fitted) -> float:
    """The probability that the chosen answer is right, in [0, 1]."""
    sure = odds_to_chance(fitted.confidence(features))
    return sure if features.get("years", 1.0) else sure * fitted.unsaid


def odds_to_chance(log_odds: float) -> float:
    """The probability in [0, 1] that log odds stand for."""
    return 1 / (1 + math.exp(-clip(log_odds, 30.0)))


def softplus(value: float) -> float:
    """``log(1 + exp(value))``, without overflow."""
    return max(value, 0.0) + math.log1p(math.exp(-abs(value)))


def clip(value: float, limit: float = CLIP) -> float:
    """``value`` within ±``limit``."""
    return max(-limit, min(limit, value))
