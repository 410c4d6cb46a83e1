"""What any part knows of language: names of CLDR, stems, stop words and numbers."""

import json

import pytest

from index.text.calendar import FOREIGN_MONTHS, LANGUAGE_NAMES, MONTH_NUMBER, spell_months
from index.text.numbers import read_number, read_ordinal
from index.text.stems import same_word
from index.text.stopwords import is_stop_word
from index.text.verbs import PAST_FORMS
from training.names import PATH, make_names


def test_the_names_are_those_that_babel_has_of_cldr():
    assert json.loads(PATH.read_text("utf-8")) == make_names(), "run python -m training.names"


def test_months_are_known_by_all_their_names():
    assert FOREIGN_MONTHS["январе"] == FOREIGN_MONTHS["jänner"] == FOREIGN_MONTHS["stycznia"] == 1
    assert MONTH_NUMBER["sept"] == 9
    assert "georgian" in LANGUAGE_NAMES and "ქართული" in LANGUAGE_NAMES


def test_what_is_another_word_in_lower_case_is_a_month_only_with_a_capital():
    spelled = spell_months()
    assert spelled["May"] == spelled["MAY"] == spelled["mai"] == 5
    assert "may" not in spelled
    assert "march" not in spelled


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("recognize", "recognition", True),
        ("meet", "met", True),
        ("took", "taken", True),
        ("died", "death", True),
        ("met", "made", False),
        ("warm", "warn", False),
    ],
)
def test_forms_of_a_word_are_known_by_their_beginning_or_as_irregular_verbs(one, other, same):
    assert same_word(one, other) is same_word(other, one) is same


def test_past_forms_are_those_after_the_base_and_the_only_form_of_some_verbs():
    assert {"met", "stolen", "hit"} <= PAST_FORMS
    assert "steal" not in PAST_FORMS


def test_words_that_say_nothing_are_known_in_english_and_russian():
    assert is_stop_word("the")
    assert is_stop_word("который")
    assert not is_stop_word("not")
    assert not is_stop_word("may")


def test_numbers_and_ordinals_are_read_as_they_are_spelled():
    assert [read_number(text) for text in ("a", "twenty-five", "Ninety nine", "12", "many")] == [
        1, 25, 99, 12, None,
    ]  # fmt: skip
    assert [read_ordinal(text) for text in ("3rd", "twenty-first", "26", "some")] == [
        3, 21, 26, None,
    ]  # fmt: skip
