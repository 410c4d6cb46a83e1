"""Passages that correct, deny or confirm what they say, and questions typed in haste."""

import random

import pytest

from training.corrupt import Pair
from training.encode import LABELS
from training.restate import (
    DONE,
    OTHER_OFFICES,
    UNDONE,
    change_office,
    correct,
    find_other,
    find_sentence,
    negate_sentence,
    report,
    shorten_names,
    slip,
    type_hastily,
    undo,
)
from training.wordnet import WORDNET, WordNet

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


@pytest.mark.parametrize("undone", [True, False])
def test_what_is_called_off_is_said_after_its_sentence(undone: bool) -> None:
    made = undo(YEAR, random.Random(3), undone=undone)
    assert made is not None
    assert made.answer == "1962"
    after = made.passage.split("after eleven years. ")[1]
    assert after.startswith(UNDONE if undone else DONE)
    assert after.endswith("never saw it.")


def test_the_verb_that_is_asked_about_is_negated() -> None:
    plain = negate_sentence(PERSON, random.Random(1), asked=False)
    assert plain is None  # "Who planned" has no auxiliary to negate
    asked = pair("Who was it planned by?", "Henri Laval")
    denied = negate_sentence(asked, random.Random(1), asked=False)
    assert denied is not None
    assert denied.question == asked.question
    assert "was not planned" in denied.passage or "was never planned" in denied.passage
    both = negate_sentence(asked, random.Random(1), asked=True)
    assert both is not None
    assert both.question == "Who was not it planned by?"
    assert both.answer == "Henri Laval"


def test_another_verb_is_left_alone() -> None:
    assert (
        negate_sentence(pair("What is on the Tarn?", "The dam"), random.Random(1), asked=False)
        is None
    )


def test_another_office_stands_in_the_passage_alone_or_in_the_question_too() -> None:
    asked = pair("Which minister never saw it?", "Henri Laval")
    other = change_office(asked, {"minister"}, random.Random(5), asked=False)
    assert other is not None
    assert other.question == asked.question
    assert any(f"Prime {office} minister" in other.passage for office in OTHER_OFFICES)
    same = change_office(asked, {"minister"}, random.Random(5), asked=True)
    assert same is not None
    assert same.answer == "Henri Laval"
    assert any(f"Which {office} minister" in same.question for office in OTHER_OFFICES)
    assert change_office(YEAR, {"minister"}, random.Random(5), asked=False) is None


def test_offices_are_kinds_of_leaders() -> None:
    if not WORDNET.is_dir():
        pytest.skip("needs Debian's wordnet-base")
    offices = WordNet().kinds_of("leader", "official", "officer")
    assert {"mayor", "minister", "captain"} <= offices
    assert not {"plant", "have", "child"} & offices
