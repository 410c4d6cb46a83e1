"""Answers are scored as the SQuAD v2.0 script scores them; every figure here is from hand."""

import pytest

from qa.evaluate.scoring.answers import (
    find_best_threshold,
    normalize_answer,
    score_answer,
    score_exact,
    score_f1,
    summarize_answers,
)


def test_case_punctuation_articles_and_space_do_not_matter():
    assert normalize_answer("  The U.S.  Army, an\tally ") == "us army ally"


def test_an_article_inside_a_word_stays():
    assert normalize_answer("Athens") == "athens"


def test_exact_match_is_after_normalisation():
    assert score_exact("The Ilham Aliyev", "ilham aliyev.") == 1
    assert score_exact("August 26", "26 August") == 0


def test_f1_counts_shared_words_as_often_as_both_have_them():
    # gold: 3 words, given: 4 words, shared: "new", "new" → p = 2/4, r = 2/3, f1 = 4/7
    assert score_f1("new new york", "new old new town") == pytest.approx(4 / 7)


def test_f1_without_shared_words_is_zero():
    assert score_f1("Nicaragua", "Venezuela") == 0


def test_an_empty_side_is_right_only_when_both_are_empty():
    assert score_f1("", "the") == 1  # nothing is left of "the"
    assert score_f1("", "army") == 0
    assert score_f1("army", "") == 0


def test_the_best_of_several_right_answers_counts():
    assert score_answer(["26 August", "August 26, 2008"], "August 26") == (0, 1)
    assert score_answer(["2008-08-26", "August 2008"], "August 2008") == (1, 1)


def test_gold_of_articles_alone_means_no_answer():
    assert score_answer(["the"], "") == (1, 1)


def test_unanswerable_questions_are_right_when_nothing_is_said():
    assert score_answer([], "") == (1, 1)
    assert score_answer([], "Paris") == (0, 0)


GOLDS = {"h1": ["red car"], "h2": ["blue"], "n1": [], "n2": []}
GIVEN = {"h1": "red", "h2": "blue", "n1": "green", "n2": ""}
# f1 by hand: h1 p=1, r=1/2 → 2/3; h2 1; n1 0; n2 1
CHANCES = {"h1": 0.2, "h2": 0.1, "n1": 0.6, "n2": 0.9}


def test_the_summary_has_the_script_s_figures():
    figures = summarize_answers(GOLDS, GIVEN, CHANCES)

    assert figures["exact"] == pytest.approx(50)
    assert figures["f1"] == pytest.approx(100 * (2 / 3 + 1 + 0 + 1) / 4)
    assert figures["HasAns_exact"] == pytest.approx(50)
    assert figures["HasAns_f1"] == pytest.approx(100 * (2 / 3 + 1) / 2)
    assert figures["NoAns_exact"] == figures["NoAns_f1"] == pytest.approx(50)
    assert (figures["total"], figures["HasAns_total"], figures["NoAns_total"]) == (4, 2, 2)


def test_the_best_threshold_withholds_what_is_wrong():
    # From 2 (withhold all): h2 at .1 → 3, h1 at .2 → 3.67, n1 at .6 → 2.67, n2 at .9 → 2.67
    figures = summarize_answers(GOLDS, GIVEN, CHANCES)

    assert figures["best_f1"] == pytest.approx(100 * (2 + 1 + 2 / 3) / 4)
    assert figures["best_f1_thresh"] == pytest.approx(0.2)
    assert figures["best_exact"] == pytest.approx(75)
    assert figures["best_exact_thresh"] == pytest.approx(0.1)


def test_withholding_everything_can_be_best():
    best, threshold = find_best_threshold(
        {"h": "x", "n": "y"}, {"h": 0.0, "n": 0.0}, {"h": 0.5, "n": 0.1}, {"h": True, "n": False}
    )
    assert (best, threshold) == (50, 0)


def test_a_question_without_a_prediction_counts_as_withheld():
    figures = summarize_answers({"h": ["x"], "n": []}, {}, {})
    assert (figures["HasAns_f1"], figures["NoAns_f1"]) == (0, 100)


def test_sets_without_unanswerable_questions_have_no_such_figure():
    assert "NoAns_f1" not in summarize_answers({"h": ["x"]}, {"h": "x"}, {})
