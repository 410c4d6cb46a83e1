"""Agreement: the same value in other words is one answer, contradictions are shown."""

import math
from collections.abc import Sequence
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from evaluation import read_examples
from hypothesis import given
from hypothesis import strategies as st
from statements import HOW_MANY, WHEN, group

from qa.agreement import Group, Statement, group_answers, is_single_valued
from qa.agreement.grouping import MIN_SIMILARITY
from qa.agreement.meaning import Meaning, can_mean_the_same
from qa.agreement.names import same_phrase
from qa.agreement.quantities import exclude_each_other, read_quantity, same_quantity
from qa.evaluate.dates import score_groups

DATA = Path(__file__).parent / "data"
WHO = "Who is the leader of the region?"


@pytest.mark.parametrize(
    ("question", "same"),
    [
        (HOW_MANY, ["about 7,600", "7,600", "7,600 troops", "seven thousand six hundred"]),
        (HOW_MANY, ["7.6 thousand", "7,600"]),
        (HOW_MANY, ["more than 7,500", "7,600"]),
        (HOW_MANY, ["a dozen", "12"]),
        ("How much did it cost?", ["$5 million", "5 million dollars", "US$5m"]),
        ("What share voted?", ["25%", "25 per cent", "a quarter"]),
        ("How long did it last?", ["six months", "half a year"]),
        ("How far is it?", ["5 km", "five kilometres", "5,000 metres"]),
        (WHEN, ["26 August 2008", "August 26, 2008", "2008-08-26"]),
        (WHO, ["Kokoity", "Eduard Kokoity", "President Eduard Kokoity"]),
        (WHO, ["Mikheil Saakashvili", "Mikhail Saakashvili"]),
        ("Which alliance is it?", ["NATO", "the North Atlantic Treaty Organization"]),
        ("Which country is it?", ["the United States", "U.S.", "USA"]),
        ("Which two signed?", ["Kokoity and Bagapsh", "Sergei Bagapsh and Eduard Kokoity"]),
        ("What is used?", ["the Russian rouble", "Russian ruble"]),
    ],
)
def test_the_same_value_in_other_words_is_one_group(question, same):
    assert group(question, *same) == [same]


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        (HOW_MANY, "7,600", "7,500"),
        (HOW_MANY, "26", "26%"),
        ("How much did it cost?", "$5 million", "€5 million"),
        (WHEN, "26 August 2008", "27 August 2008"),
        (WHEN, "August 2008", "September 2008"),
        (WHO, "Jan Novak", "Peter Novak"),
        ("Which country is it?", "Sudan", "South Sudan"),
        ("Which country is it?", "Austria", "Australia"),
        ("Which country is it?", "North Korea", "South Korea"),
        ("Which country is it?", "Niger", "Nigeria"),
        ("What was the verdict?", "guilty", "not guilty"),
        ("Did it pass?", "yes", "no"),
        (WHO, "Kim Jong Il", "Kim Jong Un"),
        (WHO, "George W. Bush", "George H.W. Bush"),
        ("Which plane was it?", "Air Force One", "Air Force Two"),
        ("Where was he born?", "Paris, France", "Paris, Texas"),
        ("What was the growth?", "0.5 percent", "-0.5 percent"),
        ("What was the temperature?", "5 degrees", "minus 5 degrees"),
        ("How many people did it kill?", "one person", "none"),
        ("How many people did it kill?", "one", "no one"),
    ],
)
def test_different_values_are_not_grouped(question, one, other):
    assert group(question, one, other) == [[one], [other]]


def test_likeness_is_not_passed_on():
    assert group(WHEN, "August 2008", "26 August 2008", "27 August 2008") == [
        ["August 2008"],
        ["26 August 2008"],
        ["27 August 2008"],
    ]
    assert group(HOW_MANY, "7,500", "about 7,550", "7,600") == [
        ["7,500"],
        ["about 7,550"],
        ["7,600"],
    ]


def test_the_order_of_the_statements_does_not_change_the_groups():
    answers = ["August 2008", "26 August 2008", "Aug. 26, 2008", "27 August 2008"]
    expected = {frozenset(answers[:1]), frozenset(answers[1:3]), frozenset(answers[3:])}
    for order in permutations(answers):
        assert {frozenset(found) for found in group(WHEN, *order)} == expected


def test_groups_that_exclude_each_other_are_flagged_and_the_newer_is_marked():
    groups = group_answers(
        HOW_MANY,
        [
            Statement("There are 7,600.", "7,600", "a.txt", "2008-09-17"),
            Statement("There are 3,800.", "3,800", "b.txt", "2010-01-02"),
        ],
    )
    assert [found.conflicts_with for found in groups] == [(1,), (0,)]
    assert [found.later for found in groups] == [False, True]


def test_a_less_precise_date_is_no_contradiction():
    groups = group_answers(
        WHEN,
        [
            Statement("On 26 August 2008.", "26 August 2008", "a"),
            Statement("On 27 August 2008.", "27 August 2008", "b"),
            Statement("In August 2008.", "August 2008", "c"),
        ],
    )
    assert [found.conflicts_with for found in groups] == [(1,), (0,), ()]


def test_a_question_with_many_answers_has_no_contradictions():
    groups = group_answers(
        "Which countries recognized it?",
        [Statement("Nicaragua did.", "Nicaragua", "a"), Statement("Nauru did.", "Nauru", "b")],
    )
    assert [found.conflicts_with for found in groups] == [(), ()]


def test_a_relative_date_is_read_in_its_sentence():
    groups = group_answers(
        WHEN,
        [
            Statement("The war ended last month.", "last month", "a", "2008-09-17"),
            Statement("It ended in August 2008.", "August 2008", "b", "2014-01-01"),
        ],
    )
    assert [(found.statements, found.iso) for found in groups] == [((0, 1), "2008-08")]


def test_meaning_is_asked_when_it_is_given():
    statements = [
        Statement("They call it a farce.", "a farce", "a"),
        Statement("They call it a masquerade.", "a masquerade", "b"),
    ]
    assert len(group_answers("What do they call it?", statements)) == 2
    assert len(group_answers("What do they call it?", statements, lambda *_: 0.9)) == 1


def test_answers_in_other_words_are_one_and_contrary_ones_are_not_compared():
    asked: list[list[str]] = []

    def encode(texts: Sequence[str]) -> np.ndarray:
        asked.append(list(texts))
        return np.tile(np.array([[0.6, 0.8]], np.float32), (len(texts), 1))

    answers = ["lack of rain", "a drought", "lower taxes", "higher taxes", "because of rain",
               "because of wind"]  # fmt: skip
    meaning = Meaning(answers, encode)
    assert meaning("a drought", "lack of rain") == pytest.approx(1.0)
    assert meaning("lower taxes", "higher taxes") == 0
    assert meaning("because of rain", "because of wind") == 0
    assert len(asked) == 1
    for one, other in [("guilty", "not guilty"), ("a rise in prices", "a fall in prices")]:
        assert not can_mean_the_same(one, other)
        assert not same_phrase(one, other)


@pytest.mark.model
def test_paraphrases_written_for_it_are_found_and_little_else():
    from index.encoding.encoders import default_encoder

    encode = default_encoder().encode_passages
    pairs = read_examples("answer_paraphrases.jsonl")
    found = [
        item
        for item in pairs
        if Meaning([item["one"], item["other"]], encode)(item["one"], item["other"])
        >= MIN_SIMILARITY
    ]
    assert sum(item["same"] for item in found) >= 14
    assert sum(not item["same"] for item in found) <= 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("raising interest rates", "lowering interest rates"),
        ("because of rain", "because of wind"),
        ("the mayor", "the deputy mayor"),
    ],
)
def test_answers_that_differ_in_one_word_are_two(one: str, other: str) -> None:
    assert not same_phrase(one, other)


def test_an_answer_with_more_words_is_the_same_one() -> None:
    assert same_phrase("the flood sirens", "the sirens")
    assert same_phrase("a lack of money", "the lack of money for repairs")


@pytest.mark.parametrize(
    ("question", "single"),
    [
        ("When did the war begin?", True),
        ("How many people died?", True),
        ("Who is the leader?", True),
        ("Which country followed?", True),
        ("Where was it held?", True),
        ("Which countries followed?", False),
        ("Which two leaders signed?", False),
        ("Why did it close?", False),
        ("What did the diplomat say?", False),
    ],
)
def test_questions_with_one_answer(question, single):
    assert is_single_valued(question) is single


def test_the_projects_own_groups_are_found():
    scores = score_groups(read_examples("answer_groups.jsonl"))
    assert scores.metrics["cases"] >= 40
    assert scores.metrics["group_f1"] >= 0.95, scores.wrong
    assert scores.metrics["conflicts_exact"] >= 0.95
    assert scores.metrics["independent_exact"] >= 0.95


ANSWERS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["7,600", "about 8,000", "5 km", "August", "26 August 2008", "NATO", "", "%", "$"]
    ),
)


@given(
    st.sampled_from([HOW_MANY, WHEN, WHO, "", "Why?"]),
    st.lists(st.tuples(ANSWERS, st.sampled_from(["a", "b", ""])), max_size=6),
)
def test_every_statement_is_in_one_group(question, drawn):
    statements = [Statement(f"It is {answer}.", answer, source) for answer, source in drawn]
    groups: list[Group] = group_answers(question, statements)
    assert sorted(index for found in groups for index in found.statements) == list(
        range(len(drawn))
    )
    assert all(1 <= found.independent <= len(found.statements) for found in groups)
    for place, found in enumerate(groups):
        assert all(place in groups[other].conflicts_with for other in found.conflicts_with)


NUMBER_PIECES = st.sampled_from(
    "1 7,600 2.5 one two hundred thousand million and a half in of % $ € km m about more than "
    "nearly to - -5 minus dozen quarter 000 0 twice 99999999999999999999 ² ٣".split()
)


@given(st.one_of(st.text(max_size=60), st.lists(NUMBER_PIECES, max_size=12).map(" ".join)))
def test_any_text_has_a_finite_number_or_none(text):
    quantity = read_quantity(text)
    if quantity is None:
        return
    assert math.isfinite(quantity.low) and math.isfinite(quantity.high)
    assert quantity.low <= quantity.high
    assert same_quantity(quantity, quantity)
    assert not exclude_each_other(quantity, quantity)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("-0.5 percent", -0.5, -0.5),
        ("\u22125", -5, -5),
        ("minus five", -5, -5),
        ("-5 to 3", -5, 3),
        ("5-7", 5, 7),
        ("Kh-22", 22, 22),
        ("none", 0, 0),
        ("No people", 0, 0),
        ("no more than 5", 5, 5),
    ],
)
def test_numbers_below_zero_and_none_of_all(text, low, high):
    quantity = read_quantity(text)
    assert quantity is not None
    assert (quantity.low, quantity.high) == (low, high)


@pytest.mark.parametrize(
    "text", ["stone", "the phone", "often", "written", "weighty", "no comment"]
)
def test_numbers_inside_of_words_are_none(text):
    assert read_quantity(text) is None


@given(st.lists(NUMBER_PIECES, max_size=4), st.lists(NUMBER_PIECES, max_size=4))
def test_whether_numbers_agree_does_not_depend_on_their_order(some, others):
    one, other = read_quantity(" ".join(some)), read_quantity(" ".join(others))
    if one and other:
        assert same_quantity(one, other) == same_quantity(other, one)
        assert exclude_each_other(one, other) == exclude_each_other(other, one)


@given(st.text(max_size=40), st.text(max_size=40))
def test_whether_phrases_agree_does_not_depend_on_their_order(one, other):
    assert same_phrase(one, other) == same_phrase(other, one)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Georgian forces", "Russian forces", False),
        ("South Ossetian leader Eduard Kokoity", "Eduard Kokoity", True),
        ("US Secretary of State John Kerry", "John Kerry", True),
        ("World War I", "World War II", False),
        ("Virginia", "West Virginia", False),
        ("the Democratic Party", "Democrats", True),
        ("in Moscow, Russia", "Moscow", True),
        ("Kim Jong Il", "Kim Jong Un", False),
        ("Kim Jong Un", "North Korean leader Kim Jong Un", True),
        ("New York City", "the City of New York", True),
        ("Paris, France", "Paris, the capital of France", True),
        ("Tbilisi, Georgia", "Tbilisi, the Republic of Georgia", True),
    ],
)
def test_names_in_the_ways_news_writes_them(one, other, same):
    assert same_phrase(one, other) is same
