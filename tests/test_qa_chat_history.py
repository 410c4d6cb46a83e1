"""Kept conversations: answers made anew from data that a browser sent, whatever is in it."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from index import Library
from index.errors import QuestionError
from index.settings import Settings
from qa import Assistant
from qa.chat.history import export_conversation, parse_conversation, record_turn, restore_turns
from qa.followups import remember_turn

QUESTION = "When did the harbour bridge reopen?"


@pytest.fixture
def library(tmp_path: Path, articles: Path) -> Iterator[Library]:
    settings = Settings(library=tmp_path / "kept", encoder="test")
    with Library.open(settings.library, settings=settings, create=True) as opened:
        opened.add_paths([articles])
        yield opened


@pytest.fixture
def kept(library: Library) -> dict[str, Any]:
    assistant = Assistant(library)
    first = assistant.ask(QUESTION)
    second = assistant.ask("Why?", after=[remember_turn(first)])
    turns = [record_turn(answer) for answer in (first, second)]
    return {"title": QUESTION, "turns": turns}


def test_an_answer_comes_back_as_it_was(library: Library, kept: dict[str, Any]) -> None:
    first, second = restore_turns(parse_conversation(kept), library)
    assert (
        record_turn(first.answer)["answer"]["citations"] == kept["turns"][0]["answer"]["citations"]
    )
    assert first.gone == second.gone == ()
    assert second.answer.followup is not None
    assert second.answer.followup.query.startswith("Why? (")
    assert remember_turn(second.answer).question == "Why?"


def test_sources_that_are_gone_or_changed_are_quoted_as_then(
    library: Library, kept: dict[str, Any]
) -> None:
    quote = kept["turns"][0]["answer"]["citations"][0]["quote"]
    moved = copy.deepcopy(kept)
    moved["turns"][0]["answer"]["citations"][0]["start"] += 3
    changed = restore_turns(parse_conversation(moved), library)[0]
    assert changed.answer.citations[0].article.notes == ("source changed since",)
    library.remove(["harbour.txt"])
    removed = restore_turns(parse_conversation(kept), library)[0]
    assert removed.gone == ("harbour.txt",)
    citation = removed.answer.citations[0]
    assert citation.quote == quote
    assert citation.article.notes == ("source removed",)
    export = export_conversation({"conversation": kept, "format": ".md"}, library)
    assert "source removed" in export["text"]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["turns"], "none"),
        (["turns", 0, "answer", "citations", 0, "quote"], 7),
        (["turns", 0, "answer", "status"], "sure"),
        (["turns", 0, "answer", "citations", 0, "quote"], "x" * 200_000),
    ],
)
def test_what_is_no_conversation_is_refused(
    kept: dict[str, Any], path: list[Any], value: object
) -> None:
    place: Any = kept
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    with pytest.raises(QuestionError, match="cannot be read"):
        parse_conversation(kept)


def test_offsets_and_dates_that_make_no_sense_harm_nothing(
    library: Library, kept: dict[str, Any]
) -> None:
    answer = kept["turns"][0]["answer"]
    answer["citations"][0] |= {"start": -5, "end": 10**12, "published": "not a date", "quote": ""}
    answer["citations"][0]["answer"] = {"start": 9, "end": 2, "text": "?"}
    answer["groups"] = [
        {"value": "", "citations": [99], "independent": 1, "conflicts_with": [7], "later": True}
    ]
    answer["passages"][0] |= {"start": -1, "end": 4}
    turn = restore_turns(parse_conversation(kept), library)[0]
    assert turn.gone == ("harbour.txt",)
    assert turn.answer.groups == ()
