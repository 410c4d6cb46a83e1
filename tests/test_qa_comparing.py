"""Questions that compare: what is asked of each side, and what their values give."""

from pathlib import Path

import pytest

from index import Article, Library
from index.settings import Settings
from qa.answering.comparing import Comparison, compare, read_comparison
from qa.assistant import Assistant
from qa.types import Answer, AnswerDate


@pytest.mark.parametrize(
    ("question", "form", "sign", "one", "two"),
    [
        (
            "did Tarn or Pinar Alto lose more houses",
            "which",
            1,
            "How many houses did Tarn lose?",
            "How many houses did Pinar Alto lose?",
        ),
        (
            "Whose sentence was shorter, Marsh's or Ann Brandt's?",
            "which",
            -1,
            "How long was Marsh's sentence?",
            "How long was Ann Brandt's sentence?",
        ),
        (
            "Was the fare higher in February or in March?",
            "which",
            1,
            "How high was the fare in February?",
            "How high was the fare in March?",
        ),
        (
            "Did fewer people die in the fire or in the flood?",
            "which",
            -1,
            "How many people did die in the fire?",
            "How many people did die in the flood?",
        ),
        (
            "Is the mayor older than her deputy?",
            "whether",
            1,
            "How old is the mayor?",
            "How old is her deputy?",
        ),
        (
            "Which opened earlier, the port or the airport?",
            "which",
            -1,
            "When the port opened?",
            "When the airport opened?",
        ),
        (
            "Did the strike take place before the sale?",
            "whether",
            -1,
            "When was the strike?",
            "When was the sale?",
        ),
        (
            "How many more votes did Marsh get than Brandt?",
            "difference",
            1,
            "How many votes did Marsh get?",
            "How many votes did Brandt get?",
        ),
        (
            "How many days passed between the theft and the find?",
            "difference",
            1,
            "When was the theft?",
            "When was the find?",
        ),
    ],
)
def test_each_side_is_asked_alone(question: str, form: str, sign: int, one: str, two: str) -> None:
    found = read_comparison(question)
    assert found
    assert (found.form, found.sign, found.questions) == (form, sign, (one, two))


@pytest.mark.parametrize(
    "question",
    [
        "Who was the first or second president?",
        "How many people were hurt or killed?",
        "Was it raining or snowing last night?",
        "When did more people come?",
        "Which is the older bridge?",
        "",
    ],
)
def test_other_questions_compare_nothing(question: str) -> None:
    assert read_comparison(question) is None


def tell(text: str, iso: str = "") -> Answer:
    return Answer("", "answered", text, 0.9, date=AnswerDate(iso, "day") if iso else None)


def ask(form: str, sign: int, one: Answer, two: Answer) -> str:
    comparison = Comparison(("Tarn's", "Holm"), ("", ""), form, sign)  # type: ignore[arg-type]
    return compare(comparison, [one, two])


def test_both_values_are_said_the_winner_first() -> None:
    assert ask("which", 1, tell("39"), tell("148 houses")) == "Holm: 148 houses (Tarn: 39)"
    assert ask("which", -1, tell("39"), tell("148 houses")) == "Tarn: 39 (Holm: 148 houses)"
    days = tell("3 May", "2021-05-03"), tell("in 2019", "2019")
    assert ask("which", -1, *days) == "Holm: in 2019 (Tarn: 3 May)"


def test_yes_and_no_come_with_what_they_rest_on() -> None:
    assert ask("whether", 1, tell("51"), tell("48")) == "Yes (Tarn: 51; Holm: 48)"
    assert ask("whether", -1, tell("51"), tell("48")) == "No (Tarn: 51; Holm: 48)"


def test_differences_are_of_counts_and_of_days() -> None:
    assert ask("difference", 1, tell("1,250"), tell("250")) == "1,000 (Tarn: 1,250; Holm: 250)"
    days = tell("Tuesday", "2021-03-02"), tell("1 March", "2021-03-01")
    assert ask("difference", 1, *days) == "1 day (Tarn: Tuesday; Holm: 1 March)"


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (tell("many"), tell("12")),
        (tell("12"), tell("12")),
        (tell("3 years"), tell("12 euros")),
        (tell("May", "2021-05"), tell("2021", "2021")),
        (tell("12"), Answer("", "not_found", "", 0.1)),
    ],
)
def test_what_cannot_be_compared_is_not(one: Answer, two: Answer) -> None:
    assert ask("which", 1, one, two) == ""


STORY = (
    "The fire burned down 148 houses in Vosca. In Pinar Alto the fire burned down 39 houses. "
    "The people of both villages have gone home."
)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder: Path = tmp_path_factory.mktemp("comparing") / "library"
    with Library.open(folder, settings=Settings(), create=True) as library:
        library.add([Article("a.txt", "Fire", STORY)])
    return Assistant(Library.open(folder))


@pytest.mark.model
def test_both_sides_are_quoted(assistant: Assistant) -> None:
    answer = assistant.ask("Did more houses burn in Vosca or in Pinar Alto?")
    assert answer.text.startswith("Vosca: 148")
    assert "Pinar Alto: 39" in answer.text
    spans = [citation.span.text for citation in answer.citations if citation.span]
    assert [int(span.split()[0]) for span in spans] == [148, 39]


@pytest.mark.model
def test_with_one_side_untold_the_answer_is_withheld(assistant: Assistant) -> None:
    answer = assistant.ask("Did more houses burn in Vosca or in Ledbrook?")
    assert answer.status == "not_found"
    assert any("Ledbrook" in note for note in answer.notes)
