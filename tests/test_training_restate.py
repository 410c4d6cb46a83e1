"""Passages that correct, deny or confirm what they say, and questions typed in haste."""

import random

import pytest

from training.corrupt import Pair
from training.encode import LABELS
from training.restate import (
    correct,
    find_other,
    find_sentence,
    report,
    shorten_names,
    slip,
    type_hastily,
)

PASSAGE = (
    "The dam stands on the Tarn. Work on it ended in 1962 after eleven years. It was planned by "
    "Henri Laval, an engineer from Albi. Prime minister Henri Laval never saw it."
)
NAMES = ["Gustave Morel", "Anna Petit", "Lyon"]


def pair(question: str, answer: str) -> Pair:
    start = PASSAGE.index(answer)
    return Pair(question, PASSAGE, start, start + len(answer))


YEAR = pair("When did work on the dam end?", "1962")
PERSON = pair("Who planned the dam?", "Henri Laval")


@pytest.mark.parametrize("asked", [YEAR, PERSON])
def test_corrected_passages_hold_the_answer_that_is_marked(asked: Pair) -> None:
    seen = set()
    for seed in range(300):
        made = correct(asked, NAMES, random.Random(seed))
        if made is None:
            continue
        assert asked.answer in made.passage
        old_asked = made.question != asked.question and made.answer != asked.answer
        assert made.answer == asked.answer or old_asked or "first" in made.question
        assert made.passage != asked.passage
        seen.add(made.passage)
    assert len(seen) > 20


def test_asked_for_the_first_report_the_old_value_answers() -> None:
    for seed in range(400):
        made = correct(YEAR, NAMES, random.Random(seed))
        if made and ("first" in made.question or "riginally" in made.question):
            sentence = find_sentence(made)
            assert sentence is not None
            assert made.passage[slice(*sentence)] == "Work on it ended in 1962 after eleven years."
            break
    else:
        pytest.fail("no question asks for what was first reported")


def test_a_wrong_value_is_of_the_same_kind() -> None:
    draw = random.Random(1)
    assert find_other(YEAR, NAMES, draw).isdecimal()
    assert find_other(PERSON, NAMES, draw).istitle()
    assert find_other(pair("How long?", "after eleven years"), NAMES, draw) == ""


def test_denied_sentences_are_denied_whole_and_confirmed_ones_still_answer() -> None:
    denied = report(YEAR, random.Random(2), denied=True)
    confirmed = report(YEAR, random.Random(2), denied=False)
    assert denied is not None
    assert confirmed is not None
    assert "1962" in denied.passage
    assert confirmed.answer == "1962"
    assert len(denied.passage) > len(PASSAGE)
    assert LABELS["restated"][1] == 1


def test_sentences_that_quote_are_not_reported() -> None:
    text = "“We ended in 1962,” said Laval of the work."
    start = text.index("1962")
    assert report(Pair("When?", text, start, start + 4), random.Random(0), denied=True) is None


def test_full_names_become_short_around_the_answer_only() -> None:
    asked = pair("What was Henri Laval by trade?", "an engineer")
    made = next(m for seed in range(9) if (m := shorten_names(asked, random.Random(seed))))
    assert made.answer == "an engineer"
    assert "Henri" not in made.passage
    assert shorten_names(PERSON, random.Random(1)) is None


def test_hasty_questions_keep_most_letters() -> None:
    draw = random.Random(4)
    typed = {type_hastily("Who is the engineer who planned the dam?", draw) for _ in range(30)}
    assert any(text.lower().startswith(("who's", "whos")) for text in typed)
    assert any(not text.endswith("?") for text in typed)
    for text in typed:
        assert abs(len(text) - len("Who is the engineer who planned the dam?")) <= 4
    assert slip("a dam", draw) == "a dam"
