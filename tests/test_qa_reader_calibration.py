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
    is_question,
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


def test_evidence_is_little_more_than_its_weakest_part() -> None:
    both = FITTED.evidence({"span": 6.0, "answerable": 6.0, "relevance": 0.0})
    one = FITTED.evidence({"span": 6.0, "answerable": -6.0, "relevance": 0.0})
    assert one == pytest.approx(-3.0, abs=0.01)
    assert both == pytest.approx(3.0 - math.log(2), abs=0.01)


def test_the_reader_says_less_where_none_of_the_passages_answers() -> None:
    doubtful = [replace(NONE, span_score=3.0, answerable=a) for a in (-6.0, -4.0, -6.0)]
    sure = [*doubtful[:2], find("few roads", TEXTS[2])]
    added = [
        {hit.article.id: hit.signals["reader"] for hit, _ in found}["2.txt"]
        for found in (
            rank_with_reader(QUESTION, make_hits(), doubtful, FITTED),
            rank_with_reader(QUESTION, make_hits(), sure, FITTED),
        )
    ]
    assert 0 < added[0] < added[1] / 2


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
        ("definition of a sigmet", False),
        ("Damp cellars make mushrooms grow.", False),
    ],
)
def test_questions_are_told_from_claims_and_key_words(text: str, asks: bool) -> None:
    assert is_question(text) is asks


def test_the_score_of_retrieval_stays_among_the_signals() -> None:
    ranked = rank_with_reader(QUESTION, make_hits(), [NONE, NONE], FITTED)
    assert [hit.signals["retrieval"] for hit, _ in ranked] == [0.8, 0.7, 0.4]
    assert "reader" not in ranked[-1][0].signals


def test_unread_hits_stay_behind_in_their_order() -> None:
    ranked = rank_with_reader(QUESTION, make_hits(), [NONE], FITTED)
    assert [hit.article.id for hit, _ in ranked] == ["1.txt", "2.txt", "3.txt"]
    assert ranked[-1][1] is None


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
        Fitted.from_config({"fit": {**FIT, "boost": "much"}})


def test_a_question_longer_than_any_of_the_training_keeps_the_order() -> None:
    readings = [NONE, find("August 26, 2008", TEXTS[1]), NONE]
    short = "When did Russia recognize South Ossetia?"
    long = f"When did Russia, {'as many say, ' * 8} recognize South Ossetia?"
    hits = make_hits((0.8, 0.79, 0.4))
    assert rank_with_reader(short, hits, readings, FITTED)[0][0].article.id == "2.txt"
    assert rank_with_reader(long, hits, readings, FITTED)[0][0].article.id == "1.txt"
