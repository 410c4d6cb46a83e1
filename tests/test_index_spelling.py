"""Words that no passage has, read as the nearest one that some passage has."""

from pathlib import Path

import pytest
from libraries import SETTINGS

from index import Article, Library
from index.encoding.encoders import list_familiar_words
from index.words.engine import WordIndex
from index.words.spelling import find_nearest
from index.words.terms import find_written, fold_letters
from qa.assistant import Assistant

KNOWN = dict.fromkeys("gaddafi tchaikovsky lindqvist brandt marsh start niger".split(), 1)


@pytest.mark.parametrize(
    ("word", "nearest"),
    [
        ("qadhafi", "gaddafi"),
        ("chaikovskii", "tchaikovsky"),
        ("lidnqvist", "lindqvist"),
        ("lindquisstt", None),
        ("starz", None),
        ("brnadt", "brandt"),
        ("mars", None),
        ("kestrel", None),
        ("1234567", None),
        ("", None),
    ],
)
def test_the_nearest_word(word: str, nearest: str | None) -> None:
    assert find_nearest(word, KNOWN) == nearest


def test_of_equally_near_words_the_most_frequent_is_taken() -> None:
    assert find_nearest("marshx", {"marsha": 2, "marsho": 9}) == "marsho"


def test_familiar_words_stay_as_they_are() -> None:
    words = WordIndex.create(None)
    words.add([1], ["Brandt was reelected by Lindqvist"])
    words.commit(1)
    familiar = list_familiar_words()
    assert words.respell("Who elected Lidnqvist and Brandt?", familiar) == {
        "lidnqvist": "lindqvist"
    }
    assert words.respell("", familiar) == {}


def test_only_names_are_heard_as_one_another(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library", settings=SETTINGS, create=True) as library:
        library.add([Article("a.txt", "Quarry", "The foreman of the quarry is Jon Mayerhof.")])
        assert library.respell("How many firemen came?") == {}
        assert library.respell("Who is Jon Meierhof?") == {"meierhof": "Mayerhof"}
        assert library.respell("Who is the fforeman?") == {"fforeman": "foreman"}


def test_letters_are_folded_and_found_as_written() -> None:
    assert fold_letters("Søren Groß") == "soren gross"
    assert find_written("odegard", "Of Søren Ødegård’s boats") == "Ødegård"
    assert find_written("odegard", "nothing") == ""


def test_an_answer_says_what_was_read_as_what(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library", settings=SETTINGS, create=True) as library:
        library.add([Article("a.txt", "Letters", "A letter by Muammar Gaddafi was sold in Tarn.")])
        assert library.respell("Where was the letter by Qadhafi sold?") == {"qadhafi": "Gaddafi"}
        answer = Assistant(library).ask("Where was the letter by Qadhafi sold?")
        assert "Read “Qadhafi” as “Gaddafi”, as your articles write it." in answer.notes
        assert answer.question == "Where was the letter by Qadhafi sold?"
        assert not Assistant(library).ask("Where was the letter by Gaddafi sold?").notes
