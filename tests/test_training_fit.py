"""What is fitted to the reader's numbers does at run time what it was fitted for."""

import math
import random
from collections.abc import Sequence

import numpy as np
import pytest

from index import Article, Hit, Passage
from index.encoding.encoders import HashingEncoder, Vectors
from qa.reader.calibration import CONFIDENCE, Fitted, rank_with_reader
from qa.reader.model import Reading
from training.fit import (
    fit_confidence,
    fit_ranking,
    fit_threshold,
)
from training.judging import NULL_SHARES, Chosen, measure_error, weigh_nulls
from training.sources import Question
from training.trials import Trial, cut_hits, says_answer

NOTHING = {"weights": {}, "bias": 0.0}
REST = {"choice": NOTHING, "threshold": 0.5, "data": "made by hand"}


def make_trial(draw: random.Random, number: int, *, answered: bool) -> Trial:
    """Five passages; the reader is sure of one that the retrieval has third, or of none."""
    hits, readings = [], []
    for row in range(5):
        article = Article(f"{number}-{row}", "", "It was on Monday.")
        passage = Passage(row, article.id, 0, len(article.text), article.text)
        hits.append(Hit(passage, article, 0.9 - 0.1 * row, row + 1))
        sure = draw.gauss(3.0 if answered and row == 2 else -3.0, 1.0)
        readings.append(Reading(10, 16, "Monday", sure, 0.0, sure, sure))
    holds = tuple(answered and row == 2 for row in range(5))
    return Trial("When was it?", tuple(hits), tuple(readings), holds, (), "", "searched")


def test_fitted_ranks_put_first_what_holds_the_answer() -> None:
    draw = random.Random(1)
    trials = [make_trial(draw, number, answered=number % 2 == 0) for number in range(40)]
    fitted = Fitted.from_config({"fit": {**fit_ranking(trials), **REST, "confidence": NOTHING}})
    for trial in trials:
        ranked = rank_with_reader(trial.question, trial.hits, trial.readings, fitted)
        if any(trial.holds):
            assert ranked[0][0].article.id == trial.hits[2].article.id


@pytest.mark.parametrize("chance", [0.183, 0.317])
def test_the_threshold_is_where_withholding_is_best(chance: float) -> None:
    fit = {
        "ranking": NOTHING,
        "offset": 0.0,
        "confidence": {"weights": {"log_odds": 1.0}, "bias": 0.0},
    }
    fitted = Fitted.from_config({"fit": {**fit, **REST}})
    right = Chosen({"log_odds": 0.5}, True, 1.0, True, "", "")
    wrong = Chosen({"log_odds": math.log(chance / (1 - chance))}, False, 0.0, False, "", "")
    found = fit_threshold([right, wrong] * 50, fitted)
    assert chance < found < chance + 0.01


def make_chosen(draw: random.Random, *, answerable: bool) -> Chosen:
    """A chosen answer whose span score tells, with noise, whether it is right."""
    right = answerable and draw.random() < 0.8
    features = dict.fromkeys(CONFIDENCE, 0.0) | {"span": draw.gauss(2.0 if right else -1.0, 1.5)}
    return Chosen(features, right, float(right), answerable, "", "")


def test_confidence_is_that_of_collections_with_few_nulls_and_many() -> None:
    draw = random.Random(2)
    chosen = [make_chosen(draw, answerable=number % 3 == 0) for number in range(900)]
    weights = weigh_nulls([item.answerable for item in chosen])
    share = sum(NULL_SHARES) / len(NULL_SHARES)
    assert weights.sum() == pytest.approx(1)
    assert weights[[not item.answerable for item in chosen]].sum() == pytest.approx(share)
    fit = fit_confidence(chosen)
    assert all(weight >= 0 for weight in fit["weights"].values())
    sure = [
        1 / (1 + math.exp(-fit["bias"] - fit["weights"]["span"] * item.features["span"]))
        for item in chosen
    ]
    assert weights @ sure == pytest.approx(weights @ [item.right for item in chosen], abs=0.01)
    assert weights @ sure == pytest.approx(0.8 * (1 - share), abs=0.05)


def test_calibration_error_is_that_of_the_weighed_answers() -> None:
    sure, unsure = (
        (0.95, Chosen({}, True, 1.0, True, "", "")),
        (0.55, Chosen({}, False, 0, True, "", "")),
    )
    assert measure_error([sure, unsure], np.array([0.5, 0.5])) == pytest.approx(0.3)
    assert measure_error([sure, unsure], np.array([1.0, 0.0])) == pytest.approx(0.05)


def test_questions_without_a_null_all_count_the_same() -> None:
    assert weigh_nulls([True, True]).tolist() == [0.5, 0.5]


class CountingEncoder(HashingEncoder):
    """A stand-in whose vectors count words of the question that stand in a text."""

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        return np.eye(3, dtype=np.float32)[:1]

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return np.array([[0.1 * text.count("harbour"), 0, 1] for text in texts], np.float32)


def test_what_answers_is_cut_out_of_the_hits_of_its_article_only() -> None:
    rest = " ".join(f"The ferry of line {number} sails every day at noon." for number in range(4))
    context = f"{rest} The harbour was opened in 1921 by the mayor."
    question = Question(
        "When was the harbour opened?", context, ((context.index("1921"), "1921"),), "", ""
    )
    own, other = (
        Hit(
            Passage(row, name, 0, len(text), text),
            Article(name, "", text),
            score,
            row,
            {"dense": 0.1},
        )
        for row, name, text, score in (
            (1, "own", context, 0.4),
            (2, "other", "It was built in 1921, too.", 0.3),
        )
    )
    assert says_answer(own, question)
    assert says_answer(other, question)
    first, second = cut_hits([own, other], {1}, question, CountingEncoder())
    assert first is other
    assert not says_answer(second, question)
    assert second.passage.text.strip() == rest
    assert second.article.text[second.passage.start : second.passage.end].strip() == rest
    assert second.signals["dense"] == 0.0
    assert second.score == pytest.approx(0.4 * math.exp(-15 * 0.1))
