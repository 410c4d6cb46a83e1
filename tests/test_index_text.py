"""What any part knows of language: names of CLDR, stems, stop words and numbers."""

import json

from index.text.calendar import FOREIGN_MONTHS, LANGUAGE_NAMES, MONTH_NUMBER, spell_months
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
