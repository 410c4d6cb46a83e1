"""What the reader's numbers are worth: ranks, the choice of the answer, and how sure it is.

Every weight was fitted on development questions held out of the training data (``training.fit``)
and is kept in the reader's ``config.json``; nothing here was set by hand.
"""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from index import Hit
from index.errors import ReaderError
from index.search.fusion import is_search
from index.text.stopwords import AUXILIARIES, QUESTION_WORDS
from qa.reader.model import Option, Reading

ASKING = (QUESTION_WORDS | AUXILIARIES | {"name", "list"}) - {"be", "been", "may", "might", "must"}

EVIDENCE = ("span", "answerable", "relevance")
"""What a reading says of its passage."""

RANKING = ("retrieval", "relevance", "answers")
"""What ranks a passage that was read."""

CHOICE = ("rank", "span", "sentence_matter")
"""What a possible answer is chosen by."""

CONFIDENCE = ("retrieval", *EVIDENCE, "margin")
"""What says how likely the chosen answer is right."""

CLIP = 12.0
"""Logits beyond this say no more; it keeps one wild passage from outweighing all retrieval."""


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
class Fitted:
    """The fitted weights of one reader.

    ``ranking`` gives a passage's rank score, ``offset`` shifts the log odds in it that the passage
    answers; ``choice`` scores a possible answer against the others; ``confidence`` gives the log
    odds that the chosen answer is right; ``threshold`` is the confidence under which to withhold;
    ``data`` says what they were fitted on.
    """

    ranking: Linear
    offset: float
    choice: Linear
    confidence: Linear
    threshold: float
    data: str

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
                for name in ("ranking", "choice", "confidence")
            }
            return cls(
                **parts,
                offset=float(fit["offset"]),
                threshold=float(fit["threshold"]),
                data=str(fit["data"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ReaderError(
                f"The reader's configuration has no usable fitted weights ({error!r}); "
                "reinstall Dateline."
            ) from error


def identify(config: Mapping[str, Any]) -> str:
    """What tells a calibration from another: a SHA-256 of the weights' and of what was fitted."""
    parts = json.dumps([config["sha256"], config["fit"]], sort_keys=True)
    return hashlib.sha256(parts.encode()).hexdigest()


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

    A passage's rank score is the log of its softmax share in the retrieval, its relevance and the
    odds that it answers, weighed; its new score is a softmax share again, of these. That it answers
    only ever adds: where no passage does, retrieval and relevance rank. What neither asks nor
    searches (a claim) is ranked by the retrieval. Hits beyond the readings keep their places after
    the others.
    """
    relative = relative_scores([hit.score for hit in hits])
    ranks = fitted.ranking if asks_or_searches(question) else Linear({"retrieval": 1.0})
    scored: list[tuple[bool, float, int]] = []
    for number, log_share in enumerate(relative):
        if number < len(readings):
            features = ranking_features(log_share, readings[number], fitted.offset)
            scored.append((False, ranks(features), number))
        else:
            scored.append((True, log_share, number))
    scored.sort(key=lambda item: (item[0], -item[1], item[2]))
    lowest = min(score for unread, score, _ in scored if not unread) if readings else 0.0
    scores = [score if not unread else min(score, lowest) for unread, score, _ in scored]
    weights = [math.exp(score - scores[0]) for score in scores]
    total = sum(weights)
    ranked = []
    for rank, (unread, score, number) in enumerate(scored, start=1):
        hit = hits[number]
        signals = {**hit.signals, "retrieval": hit.score}
        if not unread:
            signals["reader"] = score - ranks.weights["retrieval"] * relative[number]
        share = weights[rank - 1] / total
        reading = None if unread else readings[number]
        ranked.append((replace(hit, score=share, rank=rank, signals=signals), reading))
    return ranked


def ranking_features(log_share: float, reading: Reading, offset: float) -> dict[str, float]:
    """What ranks a passage: its retrieval score relative to the best, and its reading."""
    seen = reading_features(reading)
    return {
        "retrieval": log_share,
        "relevance": seen["relevance"],
        "answers": softplus(seen["answerable"] + offset),
    }


def asks_or_searches(text: str) -> bool:
    """Whether the text is a question or what is typed into a search box, and no statement."""
    return is_question(text) or is_search(text)


def is_question(text: str) -> bool:
    """Whether the text asks: a question mark, or a word that asks among its first three."""
    return "?" in text or not ASKING.isdisjoint(text.lower().split()[:3])


def choice_features(
    rank: float, reading: Reading, option: Option, matter: float
) -> dict[str, float]:
    """What a possible answer is chosen by.

    Args:
        rank: the log of its passage's final score relative to the best one's.
        reading: what the reader found in its passage.
        option: the answer.
        matter: the share of the question's content words in the answer's sentence, those that are
            no names: what is asked, not of whom.
    """
    return {
        "rank": rank,
        **reading_features(reading),
        "span": clip(option.score - reading.no_answer_score),
        "sentence_matter": matter,
    }


def confidence_features(
    hits: Sequence[Hit],
    hit: Hit,
    features: Mapping[str, float],
    choices: Sequence[float],
) -> dict[str, float]:
    """What the confidence in the chosen answer is computed from.

    Args:
        hits: those that the answer is looked for among.
        hit: the passage of the chosen answer.
        features: what it was chosen by.
        choices: the choice scores of the different answers, the chosen one's first.
    """
    margin = choices[0] - max(choices[1:], default=-math.inf)
    best = max(item.signals["retrieval"] for item in hits)
    return {
        **features,
        "retrieval": relative_scores([best, hit.signals["retrieval"]])[1],
        "margin": clip(margin, CLIP / 4),
    }


def answer_confidence(features: Mapping[str, float], fitted: Fitted) -> float:
    """The probability that the chosen answer is right, in [0, 1]."""
    return odds_to_chance(fitted.confidence(features))


def odds_to_chance(log_odds: float) -> float:
    """The probability in [0, 1] that log odds stand for."""
    return 1 / (1 + math.exp(-clip(log_odds, 30.0)))


def softplus(value: float) -> float:
    """``log(1 + exp(value))``, without overflow."""
    return max(value, 0.0) + math.log1p(math.exp(-abs(value)))


def clip(value: float, limit: float = CLIP) -> float:
    """``value`` within ±``limit``."""
    return max(-limit, min(limit, value))
