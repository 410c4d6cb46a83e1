"""Items and trials from stories whose answers, outdated values and near misses are marked."""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from index import Library
from index.settings import Settings
from qa.reader.model import Reading
from training import archive
from training.archive import ask_archive, name_article
from training.items import Item
from training.stories import (
    Story,
    make_story_group,
    make_story_groups,
    read_stories,
    read_story,
    split_stories,
)

ROW: dict[str, Any] = {
    "story": "harbour",
    "articles": [
        {
            "id": "a1",
            "title": "Nine hurt at Port Sill",
            "date": "2021-04-02",
            "source": "Sill Herald",
            "text": "Nine people were hurt when a crane fell at Port Sill. Its driver is missing.",
        },
        {
            "id": "a2",
            "title": "Correction",
            "date": "2021-04-05",
            "source": "Sill Herald",
            "text": "Eleven people were hurt at Port Sill. The port's deputy head is Ivo Lang.",
        },
        {
            "id": "a3",
            "title": "Port head goes",
            "date": "2021-06-01",
            "source": "Sill Herald",
            "text": "Mara Holt, who headed the port, has resigned. Rain is expected.",
        },
    ],
    "questions": [
        {
            "q": "How many people were hurt at Port Sill?",
            "alt": "injured crane port sill",
            "kind": "correction",
            "answers": [{"article": "a2", "text": "Eleven", "in": "Eleven people were hurt"}],
            "stale": [{"article": "a1", "in": "Nine people were hurt"}],
        },
        {
            "q": "Who headed the port?",
            "alt": "boss of the port before june",
            "kind": "who",
            "answers": [{"article": "a3", "text": "Mara Holt", "in": "Mara Holt, who headed"}],
            "near": [{"article": "a2", "in": "deputy head is Ivo Lang"}],
        },
        {
            "q": "Who drove the crane?",
            "alt": "name of crane driver",
            "kind": "unanswerable",
            "answers": [],
            "near": [{"article": "a1", "in": "Its driver is missing."}],
        },
        {
            "q": "Did the head of the port step down?",
            "alt": "has holt quit",
            "kind": "yes_no",
            "answers": [{"article": "a3", "text": "has resigned", "in": "has resigned"}],
        },
    ],
}
STORY = read_story(ROW)


def make(number: int) -> list[Item]:
    question = STORY.questions[number]
    return make_story_group(STORY, question, question.wordings[0], 200, random.Random(3))


def test_what_answers_is_marked_in_its_window() -> None:
    (span, near, *_) = make(1)
    assert (span.kind, span.passage[span.start : span.end]) == ("span", "Mara Holt")
    assert near.kind == "unanswerable"
    assert "Ivo Lang" in near.passage


def test_no_item_is_made_of_a_value_that_held_once() -> None:
    items = make(0)
    assert [item.passage[item.start : item.end] for item in items if item.kind == "span"] == [
        "Eleven"
    ]
    assert not any("Nine people" in item.passage for item in items)


def test_of_a_question_without_answer_every_item_is_one_without() -> None:
    items = make(2)
    assert {item.kind for item in items} <= {"unanswerable", "hard"}
    assert "driver is missing" in items[0].passage


def test_yes_or_no_has_no_span() -> None:
    assert make(3)[0].kind == "relevant"


def test_both_wordings_are_asked() -> None:
    groups = list(make_story_groups([STORY], [200], random.Random(1)))
    assert [group[0].question for group in groups] == [
        wording for question in STORY.questions for wording in question.wordings
    ]


def test_the_stories_that_are_shipped_read_and_are_split() -> None:
    stories = read_stories()
    training, development = split_stories(stories)
    assert len({story.name for story in stories}) == len(stories)
    assert len(training) + len(development) == len(stories)
    assert not {s.name for s in training} & {s.name for s in development}
    without = [q for s in stories for q in s.questions if not q.answers]
    asked = sum(len(story.questions) for story in stories)
    assert 0.2 < len(without) / asked < 0.5
    for story in stories:
        for question in story.questions:
            for place in (*question.answers, *question.stale, *question.near):
                text = story.articles[place.article]
                assert place.begins <= place.start < place.end <= place.ends <= len(text)


class FirstWords:
    """A reader that answers with the first word of every passage."""

    def read(self, question: str, passages: Sequence[str], titles: Sequence[str]) -> list[Reading]:
        return [Reading(0, text.index(" "), text.split()[0], 1, 0, 0, 0) for text in passages]


def test_an_archive_is_asked_with_and_without_what_answers(tmp_path: Path) -> None:
    settings = Settings(encoder="test")
    with Library.open(tmp_path / "library", settings=settings, create=True) as library:
        library.add(archive.list_articles([STORY, rename(STORY, "other")]))
        asked = STORY.questions[1]
        reader: Any = FirstWords()
        found = list(ask_archive(library, reader, STORY, asked, asked.wordings[0], True))
    with_answer, without = found
    held = [
        hit.article.id
        for hit, holds in zip(with_answer.hits, with_answer.holds, strict=True)
        if holds
    ]
    assert held == [name_article(STORY, "a3")]
    assert not without.answerable
    assert not any("Mara Holt" in hit.passage.text for hit in without.hits)


def rename(story: Story, name: str) -> Story:
    """A story of another name that shares words with this one."""
    other = {
        key: f"{title}\n\nThe port and its head, {row}: {words}."
        for row, ((key, title), words) in enumerate(
            zip(
                story.titles.items(),
                ("gulls are back", "a crane was painted", "no ships came"),
                strict=True,
            )
        )
    }
    return Story(name, other, story.titles, story.days, ())
