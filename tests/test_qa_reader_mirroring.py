"""A question spelled as each passage spells it."""

import pytest

from qa.agreement.quantities import find_quantities
from qa.reader.mirroring import initials_of, mirror_question


@pytest.mark.parametrize(
    ("question", "passage", "mirrored"),
    [
        ("Where is Soren Odegard?", "Søren Ødegård left.", "Where is Søren Ødegård?"),
        ("Who is Juergen Gross?", "Jürgen Groß paid.", "Who is Jürgen Groß?"),
        ("who is isil yildiz", "Işıl Yıldız spoke.", "who is Işıl Yıldız"),
        ("Who is Jürgen Groß?", "Jurgen Gross paid.", "Who is Jurgen Gross?"),
        ("Who got 1250000 crowns?", "Velo got 1,250,000 crowns.", "Who got 1,250,000 crowns?"),
        ("Who got 1.25 million?", "Velo got 1,250,000 there.", "Who got 1,250,000?"),
        ("Who paid £560k?", "He paid £560,000 for it.", "Who paid £560,000?"),
        ("What did the WHO say?", "The World Health Organization said no.",
         "What did the World Health Organization say?"),
        ("What did the World Health Organization say?", "The WHO said no.",
         "What did the WHO say?"),
    ],
)  # fmt: skip
def test_words_numbers_and_names_stand_as_in_the_passage(
    question: str, passage: str, mirrored: str
) -> None:
    assert mirror_question(question, passage) == mirrored


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("Where is Soren Odegard?", "Søren Ødegård and Soren Odegard left."),
        ("Who got 1250 crowns?", "Velo got 1251 crowns and 1250 euros of 12,500."),
        ("Who has 12 boats?", "Twelve boats are theirs."),
        ("What did the WHO say?", "The Water Office said no, and WHO knows why."),
        ("", "Søren"),
        ("Who?", ""),
    ],
)
def test_what_stands_there_or_means_something_else_stays(question: str, passage: str) -> None:
    assert mirror_question(question, passage) == question


def test_quantities_are_found_with_their_places() -> None:
    text = "Of 3.4 million crowns, minus $20 went to 7 mills; 980\u00a0500 stayed."
    found = [(text[start:end], quantity.value) for start, end, quantity in find_quantities(text)]
    assert found == [
        ("3.4 million", 3.4e6),
        ("minus $20", -20),
        ("7", 7),
        ("980\u00a0500", 980500),
    ]


def test_initials_leave_out_small_words() -> None:
    assert initials_of("Ministry of Foreign Affairs") == "MFA"
