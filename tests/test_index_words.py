"""The word index: BM25 over passage words."""

import unicodedata

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from word_texts import TEXTS, first

from index.words.engine import WordIndex
from index.words.terms import drop_marks, query_pairs, query_terms, spell_words


@pytest.fixture
def words():
    made = WordIndex.create(None)
    made.add(list(TEXTS), list(TEXTS.values()))
    made.commit(1)
    return made


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("When did Russia recognise South Ossetia?", 11),
        ("recognizing independence", 11),
        ("president of Georgia", 12),
        ("How much aid did the US send?", 13),
        ("7600 tons", 13),
        ("26 tons of aid", 13),
        ("Zurich shares", 14),
        ("ZÜRICH SHARES", 14),
        ("Что сказал министр в Москве?", 15),
        ("независимость", 15),
        ("東京都の計画", 16),
        ("الانتخابات", 17),
        ("Wirtschaft in Munchen", 18),
    ],
)
def test_a_passage_is_found_by_its_words_however_they_are_written(words, query, expected):
    assert first(words, query) == expected


def test_scores_are_those_of_okapi_bm25():
    words = WordIndex.create(None)
    words.add([1, 2, 3], ["grain harvest", "grain grain ship", "port"])
    words.commit(1)
    ids, scores = words.search("grain", 3)
    # idf = ln(1 + (3 - 2 + .5) / (2 + .5)), lengths 2 and 3 of 2 on average, k1 = 1.2, b = .75
    idf, k1, b = np.log(1 + 1.5 / 2.5), 1.2, 0.75
    expected = {
        1: idf * 1 * (k1 + 1) / (1 + k1 * (1 - b + b * 2 / 2)),
        2: idf * 2 * (k1 + 1) / (2 + k1 * (1 - b + b * 3 / 2)),
    }
    assert dict(zip(ids.tolist(), scores.tolist(), strict=True)) == pytest.approx(
        expected, abs=2e-3
    )


def test_no_score_exceeds_the_ceiling_and_unknown_words_raise_it(words):
    query = "independence of South Ossetia"
    _, scores = words.search(query, 5)
    assert 0 < scores[0] <= words.ceiling(query) < words.ceiling(query + " Timbuktu")
    assert words.ceiling("") == 0


def test_arrays_have_the_promised_types_and_best_comes_first(words):
    ids, scores = words.search("independence of South Ossetia in Georgia", 10)
    assert (ids.dtype, scores.dtype) == (np.int64, np.float32)
    assert (np.diff(scores) <= 0).all()
    assert len(ids) == len(set(ids.tolist())) == len(scores)


def test_equal_passages_come_in_the_order_of_their_ids_even_past_the_margin():
    words = WordIndex.create(None)
    numbers = list(range(200, 0, -1))
    words.add(numbers, ["flood warning"] * len(numbers))
    words.commit(1)
    ids, _ = words.search("flood", 5)
    assert ids.tolist() == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("size", [1, 40, 900, 1001, 2400])
def test_a_restricted_search_equals_the_full_one_cut_to_the_same_passages(size):
    rng = np.random.default_rng(0)
    texts = [" ".join(rng.choice(["a1", "b2", "c3", "d4", "e5", "f6"], 6)) for _ in range(2500)]
    words = WordIndex.create(None)
    words.add(range(2500), texts)
    words.commit(1)
    allowed = np.sort(rng.choice(2500, size, replace=False)).astype(np.int64)
    ids, scores = words.search("a1 f6", 20, allowed)
    every, all_scores = words.search("a1 f6", 2500)
    kept = np.isin(every, allowed)
    assert ids.tolist() == every[kept][:20].tolist()
    assert scores.tolist() == pytest.approx(all_scores[kept][:20].tolist())


def test_nothing_is_found_among_no_allowed_passages(words):
    assert first(words, "Russia", np.empty(0, np.int64)) is None


@pytest.mark.parametrize(
    "query",
    ["", "   ", "?!", '"', "AND OR NOT", "id:11", "text:(", "a^2 [* TO *]", "\x00", "\ud800"],
)
def test_any_text_is_a_query_and_none_is_syntax(words, query):
    ids, _ = words.search(query, 3)
    assert len(ids) <= 3


@given(st.text(max_size=60))
@example("0\U00013441")  # a word to tantivy, and none to Python
@settings(max_examples=60, deadline=None)
def test_a_passage_is_found_by_its_own_text_or_has_no_terms(text):
    words = WordIndex.create(None)
    words.add([7], [text])
    words.commit(1)
    assert first(words, text) == (7 if query_terms(text) else None)


def test_a_query_of_stop_words_alone_keeps_them():
    words = WordIndex.create(None)
    words.add([1, 2], ["to be or not to be", "a harvest"])
    words.commit(1)
    assert query_terms("who is it") == ["who", "is", "it"]
    assert first(words, "to be or to be") == 1


def test_words_side_by_side_in_the_question_count_more_where_they_are_so_in_the_passage():
    words = WordIndex.create(None)
    texts = ["bank of the south", "of the south bank"]
    words.add([1, 2], texts)
    words.commit(1)
    assert first(words, "the south bank") == 2
    assert first(words, "south of the bank") == 1
    assert query_pairs("the South Ossetia war of Georgia") == {
        ("south", "ossetia"),
        ("ossetia", "war"),
    }


def test_question_words_are_left_out_and_abbreviations_kept():
    assert query_terms("When did the WHO meet?") == ["who", "meet"]
    assert "who" not in query_terms("WHO MET THE MINISTER")
    assert query_terms("Who met the minister in May?") == ["met", "minist", "may"]


def test_a_very_long_question_is_searched_by_its_rarest_words(words):
    filler = " ".join(f"word{i}" for i in range(1500))
    assert first(words, f"{filler} Saakashvili {filler}"[:10_000] + " Saakashvili") == 12


def test_spelling_joins_what_belongs_together():
    assert spell_words("U.S. forces") == "US forces"
    assert spell_words("Georgia’s 1,234,567 on the 3rd") == "Georgia 1234567 on the 3"
    assert spell_words("東京都").split() == ["東京", "京都"]


@given(
    st.text()
    | st.text("abcé\u0301\u0302\u05b0\u0640\u064b\u064e\u0652\u093f\u0940\u0e34\u3099 سلامकिद")
)
def test_marks_are_dropped_one_by_one_in_every_script_but_those_of_india(text):
    expected = "".join(
        c for c in text if unicodedata.category(c) != "Mn" or "\u0900" <= c < "\u0e00"
    )
    assert drop_marks(text) == expected


def test_adding_an_id_again_replaces_what_it_stood_for(words):
    words.add([11], ["A new harvest record."])
    words.commit(2)
    assert (len(words), words.counter) == (len(TEXTS), 2)
    assert first(words, "Abkhazia") is None
    assert first(words, "harvest") == 11


def test_removed_passages_are_gone_and_unknown_ids_ignored(words):
    words.remove([11, 999])
    words.commit(2)
    assert 11 not in words.ids().tolist()
    assert first(words, "Abkhazia") is None


def test_nothing_is_seen_before_commit(words):
    words.add([99], ["volcano"])
    assert first(words, "volcano") is None
    words.commit(2)
    assert first(words, "volcano") == 99


def test_clear_forgets_everything_and_takes_in_anew(words):
    words.clear()
    words.add([5], ["volcano"])
    words.commit(3)
    assert words.ids().tolist() == [5]


def test_texts_and_ids_must_be_as_many(words):
    with pytest.raises(ValueError, match="zip"):
        words.add([1, 2], ["one"])
