"""Lists are given whole, and whether something is so is answered by the sentence."""

import pytest

from index import Article, Hit, Passage
from qa.agreement import Statement, asks_whether, group_answers
from qa.answering.composing import say_answer
from qa.answering.listing import asks_for_several, list_items, say_items
from qa.reader.evidence import Evidence
from qa.types import Span

TEXT = (
    "Viktor Salo and Ada Brenn were arrested on Wednesday. A third person, Milo Dass, was arrested "
    "at the border. The Stag weighs 1.9 kilograms and was dug up in 1934 by a shepherd from Vosca. "
    "It had stood in the museum since then, in a case of its own, and many came to see it every "
    "year. Mateu Brull found it."
)
ARTICLE = Article("stag.txt", "Stag", TEXT)
HIT = Hit(Passage(7, "stag.txt", 0, len(TEXT), TEXT), ARTICLE, 0.9, 1, {})


def told(words: str, odds: float, hit: Hit = HIT) -> Evidence:
    """Evidence that these words answer, in their sentence."""
    at = TEXT.index(words)
    start = TEXT.rfind(". ", 0, at) + 2 if ". " in TEXT[:at] else 0
    end = TEXT.index(". ", at + len(words)) + 1 if ". " in TEXT[at:] else len(TEXT)
    return Evidence(hit, start, end, 0.9 + odds / 100, Span(at, at + len(words), words, odds))


BEST = told("Viktor Salo and Ada Brenn", 5.4)
NEXT = told("Milo Dass", 1.5)
FAR = told("Mateu Brull", 4.0)
WEAK = told("Wednesday", -4.0)
ECHO = told("arrested", 4.0)


@pytest.mark.parametrize(
    "question",
    ["Which people were arrested?", "which 3 thieves were caught", "Who were the thieves?",
     "Which young thieves were caught?", "Name the people arrested.",
     "What three conditions were set?", "List the victims"],
)  # fmt: skip
def test_several_are_asked_for(question: str) -> None:
    assert asks_for_several(question)


@pytest.mark.parametrize(
    "question",
    ["Which town was it?", "Who was arrested?", "What does Norrgard pay?", "What is this?",
     "Which company owns the mill?", "name of the thief", "When were they arrested?",
     "Which bus goes there?", ""],
)  # fmt: skip
def test_one_is_asked_for(question: str) -> None:
    assert not asks_for_several(question)


def test_items_beside_the_best_answer_with_it_in_the_order_of_the_text() -> None:
    items = list_items("Who were the people arrested?", [NEXT, BEST, FAR, WEAK, ECHO])
    assert [item.span.text for item in items if item.span] == [
        "Viktor Salo and Ada Brenn",
        "Milo Dass",
    ]
    assert say_items(items) == "Viktor Salo and Ada Brenn; Milo Dass"
    assert {item.score for item in items} == {NEXT.score}


def test_another_passage_and_another_question_add_no_items() -> None:
    elsewhere = Hit(Passage(8, "stag.txt", 0, len(TEXT), TEXT), ARTICLE, 0.5, 2, {})
    items = list_items("Who were arrested?", [BEST, told("Milo Dass", 1.5, elsewhere)])
    assert items == (BEST,)
    assert list_items("Who was arrested?", [BEST, NEXT]) == (BEST,)


def test_yes_or_no_is_left_to_the_sentence() -> None:
    assert asks_whether("Was Milo Dass arrested?")
    assert say_answer("Was Milo Dass arrested?", [NEXT]).startswith("A third person, Milo Dass,")
    assert say_answer("Was it Milo Dass or Ada Brenn?", [NEXT]) == "Milo Dass"
    assert say_answer("Who was arrested?", [NEXT]) == "Milo Dass"


def test_other_words_than_yes_and_no_are_on_no_side() -> None:
    statements = [
        Statement("He was acquitted.", "acquitted", "a"),
        Statement("He was sentenced.", "sentenced", "b"),
    ]
    assert not any(g.conflicts_with for g in group_answers("Was he convicted?", statements))
    verdicts = [Statement("Yes.", "Yes", "a"), Statement("No, it was not.", "No", "b")]
    assert all(g.conflicts_with for g in group_answers("Was he convicted?", verdicts))
