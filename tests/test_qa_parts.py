"""A question that asks two things gets both answers."""

from pathlib import Path

import pytest

from index import Article, Library
from index.settings import Settings
from qa.answering.parts import split_question
from qa.assistant import Assistant

STORY = (
    "The lighthouse of Tarn was sold on Tuesday, 2 March 2021. The brewer Bettina Grauff bought "
    "it. She will turn it into an inn."
)


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "When was the mill sold and who bought it?",
            ("When was the mill sold?", "who bought it?"),
        ),
        ("Who bought the mill, and when?", ("Who bought the mill?", "when bought the mill?")),
        ("who and when bought it", ("who bought it", "when bought it")),
        ("Did he resign and why?", ("Did he resign?", "why did he resign?")),
        ("Which company and which minister signed?", None),
        ("What did Marsh and Brandt say?", None),
        ("Who won?", None),
        ("", None),
    ],
)
def test_two_questions_are_told_from_one(question: str, parts: tuple[str, str] | None) -> None:
    assert split_question(question) == parts


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder: Path = tmp_path_factory.mktemp("parts") / "library"
    with Library.open(folder, settings=Settings(), create=True) as library:
        library.add([Article("a.txt", "Tarn", STORY)])
    return Assistant(Library.open(folder))


@pytest.mark.model
def test_both_parts_are_answered_with_the_citations_of_each(assistant: Assistant) -> None:
    question = "When was the lighthouse of Tarn sold and who bought it?"
    answer = assistant.ask(question)
    assert answer.question == question
    assert answer.date is not None
    assert answer.date.iso == "2021-03-02"
    assert "Bettina Grauff" in answer.text
    assert [citation.number for citation in answer.citations] == [1, 2]
    assert {number for group in answer.groups for number in group.citations} <= {1, 2}
    assert len({hit.rank for hit in answer.hits}) == len(answer.hits)


@pytest.mark.model
def test_a_part_that_nothing_answers_is_named(assistant: Assistant) -> None:
    answer = assistant.ask("Who bought the lighthouse of Tarn and how many votes did Marsh win?")
    assert answer.status == "answered"
    assert any("how many votes did Marsh win?" in note for note in answer.notes)
