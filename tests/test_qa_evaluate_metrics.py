"""Rankings, citations, abstention and dates; every expected figure is computed by hand."""

import math

import pytest
from evaluation import make_case, make_citation, make_result
from hypothesis import given
from hypothesis import strategies as st

from qa.evaluate.data.trec import make_strict
from qa.evaluate.scoring.abstention import (
    bin_confidence,
    measure_area,
    measure_auroc,
    measure_calibration,
    trace_risk,
)
from qa.evaluate.scoring.metrics import (
    count_dangling,
    is_right,
    match_date,
    score_result,
    score_results,
    summarize_results,
)
from qa.evaluate.scoring.ranking import score_rankings
from qa.evaluate.scoring.speed import find_percentile, summarize_speed
from qa.output.shapes import CitationJson


def test_ndcg_is_trec_eval_s_with_the_grade_as_gain():
    ranking = [("b", 3.0), ("x", 2.0), ("a", 1.0)]
    scores = score_rankings({"q": ranking}, {"q": {"a": 3, "b": 1, "c": 2}})["q"]
    gained = 1 + 3 / math.log2(4)
    ideal = 3 + 2 / math.log2(3) + 1 / math.log2(4)
    assert scores["nDCG@10"] == pytest.approx(gained / ideal)


def test_the_other_ranking_measures_are_those_of_the_field():
    ranking = [("x", 4.0), ("a", 3.0), ("y", 2.0), ("b", 1.0)]
    scores = score_rankings({"q": ranking}, {"q": {"a": 1, "b": 1, "c": 1, "x": 0}})["q"]
    assert scores["RR@10"] == pytest.approx(1 / 2)
    assert scores["R@10"] == scores["R@100"] == pytest.approx(2 / 3)
    assert (scores["Success@1"], scores["Success@3"]) == (0, 1)
    assert scores["P@5"] == pytest.approx(2 / 5)
    assert scores["AP"] == pytest.approx((1 / 2 + 2 / 4) / 3)
    assert scores["Judged@10"] == pytest.approx(3 / 4)


def test_grades_below_zero_and_any_id_are_safe():
    for _ in range(50):
        scores = score_rankings(
            {"q": [("a\ud800", 1.0), ("b", 0.5)]}, {"q": {"a\ud800": -5, "b": 1}}
        )
    assert scores["q"]["RR@10"] == pytest.approx(1 / 2)
    assert scores["q"]["Judged@10"] == 1


def test_a_judged_question_without_a_ranking_scores_zero():
    scores = score_rankings({"q1": [("a", 1.0)]}, {"q1": {"a": 1}, "q2": {"a": 1}})
    assert (scores["q1"]["nDCG@10"], scores["q2"]["nDCG@10"]) == (1, 0)


@given(st.lists(st.floats(-1e30, 1e30), max_size=30))
def test_strict_scores_fall_in_single_precision(scores):
    import numpy as np

    strict = make_strict([(str(place), score) for place, score in enumerate(scores)])
    singles = [np.float32(f"{score:.9g}") for _, score in strict]
    assert all(after < before for before, after in zip(singles, singles[1:], strict=False))
    assert [name for name, _ in strict] == [str(place) for place in range(len(scores))]


def test_equal_scores_keep_our_order_under_trec_eval():
    ranking = make_strict([("a", 1.0), ("z", 1.0)])
    assert score_rankings({"q": ranking}, {"q": {"a": 1}})["q"]["Success@1"] == 1


def test_right_is_by_overlap_of_the_answering_words():
    case = make_case("q", "Nicaragua")
    inside = make_result(case, "it", citations=[make_citation("a", 0, 60, words=(15, 18))])
    beside = make_result(case, "it", citations=[make_citation("a", 0, 60, words=(25, 30))])
    quoted = make_result(case, "it", citations=[make_citation("a", 19, 60)])
    elsewhere = make_result(case, "it", citations=[make_citation("b", 10, 20)])
    assert [is_right(result) for result in (inside, beside, quoted, elsewhere)] == [
        True,
        False,
        True,
        False,
    ]


def test_right_words_are_right_wherever_they_were_found():
    case = make_case("q", "Nicaragua")
    assert is_right(make_result(case, "nicaragua.", citations=[make_citation("b", 0, 9)]))


def test_withholding_is_right_when_nothing_answers():
    assert is_right(make_result(make_case("q")))
    assert not is_right(make_result(make_case("q"), "Paris"))
    assert not is_right(make_result(make_case("q", "Paris")))


def test_without_spans_the_cited_article_counts():
    case = make_case("q", relevant={"d1": 1, "d2": 0})
    assert is_right(make_result(case, "x", citations=[make_citation("d1", 0, 3)]))
    assert not is_right(make_result(case, "x", citations=[make_citation("d2", 0, 3)]))


def test_citation_precision_and_recall_against_gold_evidence():
    case = make_case("q", "Nicaragua")
    citations = [make_citation("a", 35, 50), make_citation("a", 40, 50, number=2)]
    scores = score_result(make_result(case, "x", citations=citations, evidence_rank=2))
    assert scores["citation_precision"] == pytest.approx(1 / 2)
    assert scores["citation_recall"] == 1
    assert scores["first_citation"] == 1
    assert (scores["evidence@1"], scores["evidence@3"]) == (0, 1)


def test_a_withheld_answer_has_no_citation_precision_and_recalls_nothing():
    scores = score_result(make_result(make_case("q", "Nicaragua")))
    assert "citation_precision" not in scores
    assert scores["citation_recall"] == 0
    assert scores["wrongly_withheld"] == 1


def test_dangling_references_are_counted_and_quoted_brackets_are_not():
    citations: list[CitationJson] = [{**make_citation("a", 0, 5), "quote": "as [7] says"}]
    assert count_dangling("Both agree [1], as [7] says, but [2] does not.", citations) == 1


@pytest.mark.parametrize(
    ("gold", "given_date", "right"),
    [
        ("2008-08-26", "2008-08-26", True),
        ("2013-12", "2013-12-05", True),
        ("2013-12", "2013-12", True),
        ("2008-08-26", "2008-08", False),
        ("2013-1", "2013-12", False),
        ("2008", "2008~", True),
        ("2008", "2008/2010", False),
        ("2008-02/2008-03", "2008-02/2008-03", True),
        ("2008-08-26", "", False),
    ],
)
def test_dates_are_exact_at_the_precision_asked(gold, given_date, right):
    assert match_date(gold, given_date) is right


def test_risk_rises_as_less_sure_answers_are_given():
    points = trace_risk([(0.9, True), (0.8, False), (0.7, True)], total=4)
    assert [coverage for coverage, _ in points] == pytest.approx([0.25, 0.5, 0.75])
    assert [risk for _, risk in points] == pytest.approx([0, 1 / 2, 1 / 3])
    assert measure_area(points) == pytest.approx((0 + 1 / 2 + 1 / 3) / 3)


def test_answers_of_one_confidence_share_their_risk():
    forwards = trace_risk([(0.5, True), (0.5, False)], total=2)
    backwards = trace_risk([(0.5, False), (0.5, True)], total=2)
    assert forwards == backwards == [(0.5, 0.5), (1.0, 0.5)]


def test_auroc_is_the_chance_that_right_is_surer_than_wrong():
    # pairs: .9>.8 yes, .9>.4 yes, .4>.8 no, .4=.4 half → 2.5 of 4
    outcomes = [(0.9, True), (0.4, True), (0.8, False), (0.4, False)]
    assert measure_auroc(outcomes) == pytest.approx(2.5 / 4)


def test_auroc_needs_right_and_wrong():
    assert measure_auroc([(0.9, True)]) is None


def test_calibration_error_is_the_weighted_gap_of_the_bins():
    # bin .9–1: two answers, mean .95, accuracy 1/2; bin .2–.3: one, .25, 0
    outcomes = [(0.9, True), (1.0, False), (0.25, False)]
    assert measure_calibration(outcomes) == pytest.approx((2 * 0.45 + 0.25) / 3)
    assert [item.count for item in bin_confidence(outcomes)] == [1, 2]


def test_a_run_s_figures_are_means_over_the_questions_that_have_them():
    results = [
        make_result(
            make_case("q1", "Nicaragua"), "Nicaragua", ranking=[("a", 1.0)], confidence=0.9
        ),
        make_result(make_case("q2", "Sochi"), "Moscow", ranking=[("b", 1.0)], confidence=0.6),
        make_result(make_case("q3"), confidence=0.1),
        make_result(make_case("q4"), "Minsk", confidence=0.3),
    ]
    metrics = summarize_results(results, score_results(results))
    assert metrics["right"] == pytest.approx(2 / 4)
    assert metrics["nDCG@10"] == pytest.approx(1 / 2)
    assert metrics["withheld_unanswerable"] == pytest.approx(1 / 2)
    assert metrics["wrongly_withheld"] == 0
    assert metrics["exact"] == pytest.approx(50)
    assert metrics["auroc_answerable"] == 1
    assert metrics["auroc"] == 1
    assert metrics["answered"] == pytest.approx(3 / 4)
    assert metrics["dangling"] == 0


def test_percentiles_are_interpolated():
    assert find_percentile([1, 2, 3, 4], 50) == 2.5
    assert find_percentile([10], 99) == 10


def test_speed_has_every_stage_and_memory():
    speed = summarize_speed([make_result(make_case("q"), total=20.0)], seconds=0.5)
    assert speed["total_p50"] == speed["total_p99"] == 20
    assert speed["questions_per_second"] == 2
    assert speed["peak_memory_mb"] > 1
