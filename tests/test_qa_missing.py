"""What a withheld answer says was not found."""

from index import Article, Hit, Passage
from qa.answering.composing import say_missing

TEXT = "Daniel Okafor refused to resign on Monday."


def make_hit(text: str, rank: int, title: str = "") -> Hit:
    article = Article(f"{rank}.txt", title, text)
    return Hit(Passage(rank, article.id, 0, len(text), text), article, 1 / rank, rank)


def test_words_that_no_passage_has_are_named() -> None:
    hits = [make_hit(TEXT, 1), make_hit("The zoo is closed.", 2)]
    assert say_missing("When was Okafor knighted at the zoo?", hits) == [
        "No passage that was found has “knighted”."
    ]


def test_where_every_word_is_somewhere_the_nearest_passage_is_told() -> None:
    hits = [make_hit(TEXT, 1, "No"), make_hit("The zoo is closed.", 2)]
    assert say_missing("Did Okafor resign at the zoo?", hits) == [
        "The nearest passage, of “No”, lacks “zoo”."
    ]
    assert say_missing("Why did Okafor resign?", hits) == []
    assert say_missing("Why?", []) == []


def test_words_that_say_nothing_are_not_missed() -> None:
    hits = [make_hit(TEXT, 1, "No")]
    assert say_missing("Who mediated between Okafor and the zoo during Monday?", hits) == [
        "No passage that was found has “mediated”, “zoo”."
    ]
