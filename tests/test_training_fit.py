"""What is fitted to the reader's numbers does at run time what it was fitted for."""

import math
import random

import pytest

from index import Article, Hit, Passage
from qa.calibration import Fitted, rank_with_reader, reading_features
from qa.reader import Reading
from training.fit import Chosen, Trial, fit_ranking, fit_threshold

NOTHING = {"weights": {}, "bias": 0.0}
REST = {"longest": 25, "choice": NOTHING, "threshold": 0.5, "unsaid": 1.0, "data": "made by hand"}


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
    return Trial("When was it?", tuple(hits), tuple(readings), holds, (), "", given=False)


def test_fitted_ranks_put_first_what_holds_the_answer_and_doubt_what_none_does() -> None:
    draw = random.Random(1)
    trials = [make_trial(draw, number, answered=number % 2 == 0) for number in range(40)]
    fitted = Fitted.from_config({"fit": {**fit_ranking(trials), **REST, "confidence": NOTHING}})
    for trial in trials:
        best = max(fitted.evidence(reading_features(reading)) for reading in trial.readings)
        assert (fitted.held({"evidence": best}) > 0) is any(trial.holds)
        ranked = rank_with_reader(trial.question, trial.hits, trial.readings, fitted)
        if any(trial.holds):
            assert ranked[0][0].article.id == trial.hits[2].article.id


@pytest.mark.parametrize("chance", [0.183, 0.317])
def test_of_thresholds_as_good_the_lowest_is_taken(chance: float) -> None:
    parts = ("span", "answerable", "relevance")
    fit = {
        "evidence": {"scales": dict.fromkeys(parts, 1.0), "offsets": dict.fromkeys(parts, 0.0)},
        "held": NOTHING,
        "boost": 1.0,
        "confidence": {"weights": {"log_odds": 1.0}, "bias": 0.0},
    }
    fitted = Fitted.from_config({"fit": {**fit, **REST}})
    right = Chosen({"log_odds": 0.5}, True, 1.0, True, False)
    wrong = Chosen({"log_odds": math.log(chance / (1 - chance))}, False, 0.0, False, False)
    found = fit_threshold([right, wrong] * 50, fitted)
    assert chance < found < chance + 0.01
