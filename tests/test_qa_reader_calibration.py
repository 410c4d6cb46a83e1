"""Ranking with the reader, and what its numbers are worth; with readings made by hand."""

import math
from dataclasses import replace

import pytest
from readings import FIT, FITTED, NONE, QUESTION, TEXTS, find, make_hits

from index import ReaderError
from qa.reader.calibration import (
    CLIP,
    Fitted,
    Linear,
    answer_confidence,
    asks_or_searches,
    rank_with_reader,
    relative_scores,
    softplus,
)


def test_scores_are_log_odds_against_the_best() -> None:
    assert relative_scores([0.8, 0.2, 0.0]) == pytest.approx([0.0, -math.log(4), -CLIP])
    assert relative_scores([0.08, 0.02, 0.0]) == pytest.approx(relative_scores([0.8, 0.2, 0.0]))
    assert relative_scores([]) == []
    assert relative_scores([0.0, 0.0]) == [0.0, 0.0]


def test_a_passage_that_answers_goes_first() -> None:
    ranked = rank_with_reader(
        QUESTION, make_hits(), [NONE, find("August 26, 2008", TEXTS[1]), NONE], FITTED
    )
    assert [hit.article.id for hit, _ in ranked] == ["2.txt", "1.txt", "3.txt"]
    assert [hit.rank for hit, _ in ranked] == [1, 2, 3]
    scores = [hit.score for hit, _ in ranked]
    assert scores == sorted(scores, reverse=True)
    assert sum(scores) == pytest.approx(1)


def test_where_nothing_answers_the_retrieval_keeps_its_order() -> None:
    wild = [replace(NONE, answerable=a) for a in (-12.0, -7.0, -6.0)]
    ranked = rank_with_reader(QUESTION, make_hits(), wild, FITTED)
    assert [hit.article.id for hit, _ in ranked] == ["1.txt", "2.txt", "3.txt"]


def test_a_passage_that_is_to_the_point_goes_before_one_that_is_not() -> None:
    relevant = [NONE, replace(NONE, relevance=6.0), NONE]
    ranked = rank_with_reader(QUESTION, make_hits(), relevant, FITTED)
    assert [hit.article.id for hit, _ in ranked] == ["2.txt", "1.txt", "3.txt"]
    first, second, _ = (hit.signals["reader"] for hit, _ in ranked)
    assert first - second == pytest.approx(0.1 * 10.0)


def test_what_is_no_question_keeps_the_order_of_retrieval() -> None:
    readings = [NONE, find("August 26, 2008", TEXTS[1]), NONE]
    claim = "Russia recognized South Ossetia in 2008."
    ranked = rank_with_reader(claim, make_hits(), readings, FITTED)
    assert [hit.article.id for hit, _ in ranked] == ["1.txt", "2.txt", "3.txt"]


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("When did the war end?", True),
        ("In what year did the war end", True),
        ("who owns the majority of the us debt", True),
        ("Two countries recognized Abkhazia?", True),
        ("definition of a sigmet", True),
        ("sigmet", True),
        ("Damp cellars make mushrooms grow.", False),
    ],
)
def test_questions_and_searches_are_told_from_claims(text: str, asks: bool) -> None:
    assert asks_or_searches(text) is asks


def test_the_score_of_retrieval_stays_among_the_signals() -> None:
    ranked = rank_with_reader(QUESTION, make_hits(), [NONE, NONE], FITTED)
    assert [hit.signals["retrieval"] for hit, _ in ranked] == [0.8, 0.7, 0.4]
    assert "reader" not in ranked[-1][0].signals


def test_unread_hits_stay_behind_in_their_order() -> None:
    hopeless = replace(NONE, relevance=-12.0)
    ranked = rank_with_reader(QUESTION, make_hits(), [hopeless], FITTED)
    assert [hit.article.id for hit, _ in ranked] == ["1.txt", "2.txt", "3.txt"]
    assert ranked[-1][1] is None
    scores = [hit.score for hit, _ in ranked]
    assert scores == sorted(scores, reverse=True)


def test_confidence_is_a_probability() -> None:
    assert answer_confidence({"span": 0.0}, FITTED) == 0.5
    assert 0 < answer_confidence({"span": -1e9}, FITTED) < answer_confidence({"span": 1}, FITTED)


def test_softplus_does_not_overflow() -> None:
    assert softplus(1000.0) == 1000.0
    assert softplus(-1000.0) == 0.0
    assert softplus(0.0) == pytest.approx(math.log(2))


def test_a_linear_model_is_its_weighted_sum() -> None:
    assert Linear({"a": 2.0, "b": -1.0}, 0.5)({"a": 1.0, "b": 3.0, "c": 9.0}) == -0.5


def test_a_configuration_without_weights_is_refused() -> None:
    with pytest.raises(ReaderError, match="no usable fitted weights"):
        Fitted.from_config({})
    with pytest.raises(ReaderError, match="no usable fitted weights"):
        Fitted.from_config({"fit": {**FIT, "offset": "much"}})
