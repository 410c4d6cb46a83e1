"""Differences, chance, blame and gates; p-values are checked against counting by hand."""

from dataclasses import replace

import pytest
from evaluation import make_case, make_citation, make_result, make_small_run
from hypothesis import given
from hypothesis import strategies as st

from index.errors import DatasetError
from qa.evaluate.compare import compare_runs
from qa.evaluate.gate import judge_run, parse_gate
from qa.evaluate.observe import observe_ranking
from qa.evaluate.scoring.blame import blame_stage, compare_results
from qa.evaluate.scoring.significance import bound_mean, correct_holm, find_detectable, find_p_value


def test_the_p_value_counts_sign_patterns():
    # of the 8 patterns of 1, 2, 3 only +++ and --- reach the sum 6
    assert find_p_value([1, 2, 3, 0, 0]) == pytest.approx(2 / 8)


def test_no_difference_is_chance():
    assert find_p_value([0.0, 0.0]) == 1
    assert find_p_value([1.0, -1.0]) == 1


def test_a_sampled_p_value_is_never_zero_and_is_repeatable():
    first = find_p_value([1.0] * 60, seed=3, trials=999)
    assert first == find_p_value([1.0] * 60, seed=3, trials=999) == 1 / 1000


def test_a_sampled_p_value_is_near_the_exact_one():
    differences = [1.0] * 12 + [-1.0] * 4
    # two-sided binomial: 2 · P(at least 12 of 16 heads)
    assert find_p_value(differences) == pytest.approx(2 * 2517 / 65536, abs=0.01)


def test_the_interval_holds_the_mean_and_narrows_with_questions():
    low, high = bound_mean([0.0, 1.0] * 10)
    closer = bound_mean([0.0, 1.0] * 200)
    assert low < 0.5 < high
    assert closer[1] - closer[0] < (high - low) / 2
    assert bound_mean([0.3, 0.3]) == (0.3, 0.3)


def test_holm_multiplies_the_smallest_most():
    assert correct_holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_holm_never_lowers_and_keeps_the_order(values):
    corrected = correct_holm(values)
    assert all(0 <= value <= fixed <= 1 for value, fixed in zip(values, corrected, strict=True))
    pairs = sorted(zip(values, corrected, strict=True))
    assert [fixed for _, fixed in pairs] == sorted(corrected)


def test_the_detectable_difference_shrinks_with_the_root_of_the_questions():
    few = find_detectable([1.0, -1.0] * 50)
    many = find_detectable([1.0, -1.0] * 200)
    assert few and many
    assert few == pytest.approx(2.8016 * 1.005038 / 10, rel=1e-3)
    assert few / many == pytest.approx(2, rel=0.01)


CASES = [make_case(f"q{number}", "Nicaragua") for number in range(4)]
RIGHT = make_citation("a", 0, 60, words=(12, 15))


def give(case, *, right=True, rank=1, score=1.0):
    """An answered result, right or wrong."""
    citations = [RIGHT] if right else [make_citation("b", 0, 9)]
    text = "it" if right else "no"
    ranking = [("a", score)] if rank == 1 else [("b", score)]
    return make_result(case, text, citations=citations, ranking=ranking, evidence_rank=rank)


def test_a_comparison_says_what_is_better_and_on_how_many():
    baseline = make_small_run("old", [give(case, right=False) for case in CASES])
    run = make_small_run("new", [give(case, right=place > 0) for place, case in enumerate(CASES)])
    comparison = compare_runs([baseline, run], ["right"])
    (found,) = comparison.differences
    assert (found.baseline, found.value, found.delta) == (0, 0.75, 0.75)
    assert (found.wins, found.ties, found.losses) == (3, 1, 0)
    assert found.p == found.p_holm == pytest.approx(2 / 8)
    assert found.low <= 0.75 <= found.high


def test_less_of_what_should_be_low_is_a_win():
    baseline = make_small_run("old", [make_result(case) for case in CASES])
    run = make_small_run("new", [give(case) for case in CASES])
    (found,) = compare_runs([baseline, run], ["wrongly_withheld"]).differences
    assert (found.delta, found.wins) == (-1, 4)


def test_questions_missing_from_a_run_count_as_zero_and_are_listed():
    baseline = make_small_run("old", [give(case) for case in CASES])
    run = make_small_run("new", [give(case) for case in CASES[:3]])
    comparison = compare_runs([baseline, run], ["right"])
    assert comparison.missing == {"old": (), "new": ("q3",)}
    assert comparison.differences[0].value == pytest.approx(3 / 4)
    assert comparison.changes["new"][3].stage == "missing"


def test_a_question_missing_from_a_run_is_no_success_where_less_is_better():
    baseline = make_small_run("old", [make_result(case) for case in CASES])
    run = make_small_run("new", [give(case) for case in CASES[:3]])
    (found,) = compare_runs([baseline, run], ["wrongly_withheld"]).differences
    assert (found.value, found.wins, found.losses) == (0.25, 3, 0)


def test_what_one_run_does_not_measure_is_not_compared():
    answers = make_small_run("ours", [give(case) for case in CASES])
    ranked = [observe_ranking(replace(case, spans=()), [("a", 1.0)]) for case in CASES]
    comparison = compare_runs([answers, make_small_run("theirs", ranked)])
    compared = {difference.metric for difference in comparison.differences}
    assert "nDCG@10" in compared
    assert not compared & {"right", "exact", "f1", "first_citation", "wrongly_withheld"}


def test_two_runs_of_one_name_are_told_apart():
    runs = [make_small_run("x", [give(CASES[0])]) for _ in range(2)]
    assert compare_runs(runs).labels == ("x #1", "x #2")


def test_runs_of_different_data_are_refused():
    runs = [make_small_run(name, [give(CASES[0])], digest=name) for name in ("one", "two")]
    with pytest.raises(DatasetError, match=r"different data.*one\.json.*two\.json"):
        compare_runs(runs)


def test_one_run_or_an_unknown_metric_cannot_be_compared():
    run = make_small_run("x", [give(CASES[0])])
    with pytest.raises(DatasetError, match="needs two runs"):
        compare_runs([run])
    with pytest.raises(DatasetError, match="No run has the metric nonsense"):
        compare_runs([run, run], ["nonsense"])


def test_a_run_that_never_happened_is_refused():
    with pytest.raises(DatasetError, match="has no result"):
        make_small_run("x", [])


@pytest.mark.parametrize(
    ("result", "stage"),
    [
        (give(CASES[0]), "right"),
        (give(CASES[0], right=False, rank=0), "not retrieved"),
        (give(CASES[0], right=False, rank=11), "not ranked up"),
        (give(CASES[0], right=False, rank=10), "read wrongly"),
        (make_result(CASES[0], evidence_rank=2), "wrongly withheld"),
        (make_result(CASES[0], evidence_rank=0), "not retrieved"),
        (make_result(CASES[0], only="reading"), "wrongly withheld"),
        (make_result(make_case("u"), "Minsk"), "answered without evidence"),
        (make_result(make_case("u")), "right"),
        (make_result(CASES[0], "no", status="error"), "could not be asked"),
        (make_result(CASES[0], status="ranked", only="ranking", evidence_rank=3), "right"),
        (make_result(CASES[0], status="ranked", only="ranking"), "not retrieved"),
        (None, "missing"),
    ],
)
def test_the_stage_to_blame(result, stage):
    assert blame_stage(result) == stage


def test_a_change_says_what_moved():
    change = compare_results(give(CASES[0], rank=3), make_result(CASES[0], evidence_rank=3))
    assert not change.rank_moved
    assert change.answer_changed
    assert change.citation_changed
    assert change.abstention_changed
    assert (change.baseline_stage, change.stage) == ("right", "wrongly withheld")
    assert not compare_results(give(CASES[0]), give(CASES[0])).is_change


BASE = make_small_run("old", [give(case) for case in CASES])
WORSE = make_small_run("new", [give(case, rank=place) for place, case in enumerate(CASES)])


def failed(expression, run=WORSE, baseline=BASE):
    """Whether the expression fails the run."""
    return judge_run(run, [expression], baseline)[0].failed


def test_a_number_with_a_sign_is_the_difference_from_the_baseline():
    assert WORSE.metrics["nDCG@10"] == 0.25
    assert failed("nDCG@10 < -0.02")
    assert not failed("nDCG@10 < -0.75")
    assert failed("nDCG@10 <= -0.75")
    assert failed("nDCG@10 < -50%")
    assert not failed("nDCG@10 < -80 %".replace(" %", "%"))


def test_a_number_without_a_sign_is_the_value():
    assert failed("nDCG@10 < 0.3", baseline=None)
    assert not failed("dangling > 0", baseline=None)
    assert failed("total_p95 >= 10", baseline=None)


def test_questions_missing_from_the_run_count_in_a_difference_from_the_baseline():
    few = make_small_run("few", [give(CASES[0])])
    assert few.metrics["nDCG@10"] == 1
    (verdict,) = judge_run(few, ["nDCG@10 < -0.02"], BASE)
    assert verdict.failed
    assert verdict.reason == "nDCG@10 is 0.2500, -0.7500 from 1.0000"


def test_all_parts_must_hold():
    assert not failed("nDCG@10 < 0.3 and dangling > 0")
    assert failed("nDCG@10 < 0.3 and dangling == 0")


def test_a_verdict_gives_the_figures():
    (verdict,) = judge_run(WORSE, ["nDCG@10 < -0.02"], BASE)
    assert verdict.reason == "nDCG@10 is 0.2500, -0.7500 from 1.0000"


@pytest.mark.parametrize(
    "expression",
    ["", "nDCG@10", "nDCG@10 < ", "< 3", "a < b", "__import__('os').x > 0", "a < 1 or b < 1",
     "a < 1 and", "a = 1", "a < 5%", "a < 1e999x", "a < nan"],
)  # fmt: skip
def test_what_is_no_condition_is_refused(expression):
    with pytest.raises(DatasetError, match="--fail-if"):
        parse_gate(expression)


def test_a_difference_needs_a_baseline_and_a_known_metric():
    with pytest.raises(DatasetError, match="give --baseline"):
        failed("nDCG@10 < -0.02", baseline=None)
    with pytest.raises(DatasetError, match="no metric 'nonsense'"):
        failed("nonsense > 1")


def test_a_percentage_of_nothing_is_refused():
    nothing = replace(BASE, metrics={**BASE.metrics, "dangling": 0.0})
    with pytest.raises(DatasetError, match="is 0 in the baseline"):
        failed("dangling > +5%", baseline=nothing)
