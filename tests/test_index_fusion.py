"""Fusion: the better retriever of a question leads, and no candidate is scored by one alone."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.encoding.bge import BGE_NAME
from index.search.fusion import (
    CONTRASTS,
    FUSIONS,
    LONG_MIXTURE,
    QUESTION_MIXTURE,
    SEARCH_MIXTURE,
    Candidates,
    Mixture,
    choose_mixture,
    complete_scores,
    fuse,
    softmax_share,
)

unit = st.floats(-1, 1, width=32)


def candidates(dense, bm25, ceiling=20.0, question="Who won?"):
    return Candidates(
        question,
        np.arange(1, len(dense) + 1, dtype=np.int64),
        np.array(dense, np.float32),
        np.array(bm25, np.float32),
        ceiling,
    )


def test_a_passage_that_both_put_first_is_first():
    ids, _ = fuse(candidates([0.4, 0.7, 0.5], [3, 12, 4]))
    assert ids.tolist() == [2, 3, 1]


def test_words_decide_where_meaning_sees_no_difference():
    ids, _ = fuse(candidates([0.50, 0.51, 0.50], [16, 2, 1]))
    assert ids[0] == 1


def test_meaning_decides_where_no_passage_has_the_telling_words():
    ids, _ = fuse(candidates([0.45, 0.75, 0.40], [3, 2, 2.5], ceiling=30))
    assert ids[0] == 2


def test_without_a_common_word_the_order_is_that_of_meaning():
    dense = [0.1, 0.5, 0.3, -0.2]
    ids, _ = fuse(candidates(dense, [0, 0, 0, 0], ceiling=0.0))
    assert ids.tolist() == [2, 3, 1, 4]


def test_without_vectors_the_order_is_that_of_words():
    ids, _ = fuse(candidates([0, 0, 0], [1, 9, 4]))
    assert ids.tolist() == [2, 3, 1]


def test_equal_candidates_come_in_the_order_of_their_ids():
    ids, _ = fuse(candidates([0.5] * 4, [3] * 4))
    assert ids.tolist() == [1, 2, 3, 4]


def test_no_candidates_give_an_empty_ranking():
    ids, scores = fuse(candidates([], []))
    assert (len(ids), len(scores)) == (0, 0)


@given(st.lists(st.tuples(unit, st.floats(0, 20, width=32)), min_size=1, max_size=30))
def test_every_candidate_is_ranked_once_with_shares_of_one(pairs):
    given_ones = candidates([dense for dense, _ in pairs], [bm25 for _, bm25 in pairs])
    ids, scores = fuse(given_ones)
    assert sorted(ids.tolist()) == given_ones.ids.tolist()
    assert (np.diff(scores) <= 0).all()
    assert float(scores.sum()) == pytest.approx(1, abs=1e-4)


@given(
    st.lists(st.tuples(unit, st.floats(0, 20, width=32)), min_size=2, max_size=20),
    st.floats(0.01, 0.5),
    st.sampled_from(["dense", "bm25"]),
)
def test_a_higher_score_of_either_retriever_never_lowers_the_rank(pairs, step, which):
    dense, bm25 = [list(column) for column in zip(*pairs, strict=True)]
    before = fuse(candidates(dense, bm25))[0].tolist().index(1)
    if which == "dense":
        dense[0] += step
    else:
        bm25[0] += 20 * step
    after = fuse(candidates(dense, bm25))[0].tolist().index(1)
    assert after <= before


def test_a_passage_at_least_as_good_by_both_is_never_behind():
    rng = np.random.default_rng(0)
    for _ in range(50):
        dense, bm25 = rng.uniform(0, 1, 20), rng.uniform(0, 20, 20)
        ids, _ = fuse(candidates(dense, bm25))
        place = {row: rank for rank, row in enumerate(ids.tolist())}
        for a in range(20):
            for b in range(20):
                if dense[a] > dense[b] and bm25[a] > bm25[b]:
                    assert place[a + 1] < place[b + 1]


def test_the_scale_of_bm25_does_not_matter():
    dense, bm25 = [0.4, 0.5, 0.45], [12.0, 3.0, 8.0]
    small = fuse(candidates(dense, bm25, ceiling=20))
    large = fuse(candidates(dense, [9 * value for value in bm25], ceiling=180))
    assert small[0].tolist() == large[0].tolist()
    assert small[1] == pytest.approx(large[1], rel=1e-5)


@pytest.mark.parametrize(
    ("question", "mixture"),
    [
        ("who got the first nobel prize in physics", SEARCH_MIXTURE),
        ("When did Russia recognize South Ossetia?", QUESTION_MIXTURE),
        ("when did russia recognize south ossetia?", QUESTION_MIXTURE),
        ("KENNEDY ADMINISTRATION PRESSURE ON SAIGON .", QUESTION_MIXTURE),
        ("когда россия признала южную осетию", QUESTION_MIXTURE),
        ("東京の知事", QUESTION_MIXTURE),
        ("", QUESTION_MIXTURE),
        (
            "Which treaty signed by the foreign ministers in Geneva ended the war over the border "
            "province, and how many refugees returned home afterwards?",
            LONG_MIXTURE,
        ),
        ("2008", QUESTION_MIXTURE),
    ],
)
def test_the_form_of_a_question_chooses_its_mixture(question, mixture):
    assert choose_mixture(question) is mixture


def test_a_mixture_can_be_given():
    given_ones = candidates([0.9, 0.1], [1, 15])
    assert fuse(given_ones, Mixture(by_meaning=1, by_words=0))[0].tolist() == [1, 2]
    assert fuse(given_ones, Mixture(by_meaning=0, by_words=1))[0].tolist() == [2, 1]


def test_beliefs_are_safe_for_large_values():
    shares = softmax_share(np.array([1e6, 1e6, 0.0]))
    assert shares.tolist() == [0.5, 0.5, 0.0]


def test_missing_scores_are_asked_for_and_unknown_ones_are_zero():
    asked = []

    def search(ids):
        asked.append(ids.tolist())
        return np.array([5]), np.array([0.25], np.float32)

    union = np.array([2, 3, 5, 8])
    scores = complete_scores(union, np.array([8, 2]), np.array([0.9, 0.4], np.float32), search)
    assert asked == [[3, 5]]
    assert scores.tolist() == pytest.approx([0.4, 0, 0.25, 0.9])


def test_nothing_is_asked_for_when_nothing_is_missing():
    def search(ids):
        raise AssertionError(ids)

    scores = complete_scores(np.array([1, 2]), np.array([2, 1]), np.ones(2, np.float32), search)
    assert scores.tolist() == [1, 1]


def test_the_plain_fusions_rank_as_they_are_defined() -> None:
    candidates = Candidates(
        "who won?",
        np.array([3, 5, 9], np.int64),
        np.array([0.9, 0.8, 0.1], np.float32),
        np.array([1.0, 8.0, 4.0], np.float32),
        10.0,
    )
    ids, scores = FUSIONS["rrf"](candidates)
    assert ids.tolist() == [5, 3, 9]
    np.testing.assert_allclose(scores, [1 / 62 + 1 / 61, 1 / 61 + 1 / 63, 1 / 63 + 1 / 62])
    ids, scores = FUSIONS["sum"](candidates)
    assert ids.tolist() == [5, 3, 9]
    np.testing.assert_allclose(scores, [0.9, 0.5125, 0.3])


def test_cosines_that_lie_close_are_spread_as_the_default_encoders_are() -> None:
    close = candidates(dense=[0.60, 0.64, 0.62], bm25=[0.0, 0.0, 0.0])
    spread = replace(close, dense=close.dense * np.float32(CONTRASTS[BGE_NAME]))
    mine = fuse(replace(close, encoder=BGE_NAME))
    assert mine[0].tolist() == fuse(spread)[0].tolist()
    np.testing.assert_allclose(mine[1], fuse(spread)[1], rtol=1e-4)
    assert mine[1][0] > fuse(close)[1][0]
