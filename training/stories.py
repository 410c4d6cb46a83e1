"""Items from invented news stories that were written for this: ``training/stories.jsonl``.

A story is six articles that look back at one another, and questions in two wordings each. Of every
question it is known where its answer stands, where a value stands that held once or was corrected
(``stale``: no item is made of it, for the reader sees one passage and the answer is told by all),
and what a hurried reader takes for the answer and is none (``near``): the deputy, the namesake, the
other day, what was planned or denied.
"""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.items import BREAK, STOP, Item
from training.sources import normalise
from training.windows import cut_windows

PATH = Path(__file__).with_name("stories.jsonl")

DEVELOPMENT_EVERY = 6
"""One story of so many is kept from training, for choosing and for the fit."""

TITLED_SHARE = 0.5
"""How many of the windows have their article's title before them."""

NEAR, NEAR_UNANSWERED = 2, 3
"""The most windows of near misses for a question with an answer, and for one without."""


@dataclass(frozen=True, slots=True)
class Place:
    """Characters ``start``:``end`` of an article, in the sentence ``begins``:``ends``."""

    article: str
    start: int
    end: int
    begins: int
    ends: int


@dataclass(frozen=True, slots=True)
class StoryQuestion:
    """A question in its wordings; without ``answers`` the story doesn't tell it."""

    wordings: tuple[str, ...]
    kind: str
    answers: tuple[Place, ...]
    stale: tuple[Place, ...]
    near: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """Articles by id, each its title, an empty line and its text; days as ``2023-05-14``."""

    name: str
    articles: dict[str, str]
    titles: dict[str, str]
    days: dict[str, str]
    questions: tuple[StoryQuestion, ...]


def read_stories(path: Path = PATH) -> list[Story]:
    """The stories of a file, one a line."""
    return [read_story(json.loads(line)) for line in path.read_text("utf-8").splitlines()]


def read_story(row: dict[str, Any]) -> Story:
    """A story with the places of what is said of its questions."""
    articles = {a["id"]: f"{a['title']}{BREAK}{a['text']}" for a in row["articles"]}

    def find(places: list[dict[str, str]]) -> tuple[Place, ...]:
        found = []
        for place in places:
            begins = articles[place["article"]].index(place["in"])
            said = place.get("text", place["in"])
            start = begins + place["in"].index(said)
            ends = begins + len(place["in"])
            found.append(Place(place["article"], start, start + len(said), begins, ends))
        return tuple(found)

    return Story(
        row["story"],
        articles,
        {a["id"]: a["title"] for a in row["articles"]},
        {a["id"]: a["date"] for a in row["articles"]},
        tuple(
            StoryQuestion(
                (q["q"], q["alt"]),
                q["kind"],
                find(q.get("answers", [])),
                find(q.get("stale", [])),
                find(q.get("near", [])),
            )
            for q in row["questions"]
        ),
    )


def split_stories(stories: Sequence[Story]) -> tuple[list[Story], list[Story]]:
    """The stories to train on, and those kept for development."""
    kept = set(range(DEVELOPMENT_EVERY - 1, len(stories), DEVELOPMENT_EVERY))
    return (
        [story for row, story in enumerate(stories) if row not in kept],
        [story for row, story in enumerate(stories) if row in kept],
    )


def make_story_groups(
    stories: Sequence[Story], lengths: Sequence[int], draw: random.Random
) -> Iterator[list[Item]]:
    """A group for every wording of every question, over windows of about one of ``lengths``."""
    for story in stories:
        for question in story.questions:
            for wording in question.wordings:
                group = make_story_group(story, question, wording, draw.choice(lengths), draw)
                if group:
                    yield group


@dataclass(frozen=True, slots=True)
class StoryWindow:
    """A window of one of the articles, with its title and an empty line before it, or without.

    ``title`` is how many characters these have.
    """

    article: str
    start: int
    end: int
    title: int

    def holds(self, place: Place) -> bool:
        """Whether a place stands whole in the window, with its sentence."""
        return place.article == self.article and (
            self.start <= place.begins and place.ends <= self.end or place.ends <= self.title
        )

    def touches(self, place: Place) -> bool:
        """Whether any of a place's sentence stands in the window."""
        return place.article == self.article and (
            (self.start < place.ends and place.begins < self.end) or place.begins < self.title
        )

    def find(self, place: Place) -> tuple[int, int]:
        """Where a place that it holds stands in its text."""
        before = self.title + len(STOP) - len(BREAK) if self.title else 0
        moved = 0 if place.ends <= self.title else before - self.start
        return place.start + moved, place.end + moved


def make_story_group(
    story: Story, question: StoryQuestion, wording: str, words: int, draw: random.Random
) -> list[Item]:
    """Where it is answered, where it is nearly, and a window that only shares its words."""
    windows = list(cut_story(story, words, draw))
    draw.shuffle(windows)
    answered: list[Item] = []
    near: list[Item] = []
    hard: list[str] = []
    said = {normalise(story.articles[p.article][p.start : p.end]) for p in question.answers}
    for window in windows:
        whole = story.articles[window.article]
        title = f"{story.titles[window.article]}{STOP}" if window.title else ""
        text = title + whole[window.start : window.end]
        places = [place for place in question.answers if window.holds(place)]
        if places:
            start, end = window.find(places[0])
            if question.kind == "yes_no":
                answered.append(Item(wording, text, 0, 0, "relevant"))
            else:
                answered.append(Item(wording, text, start, end, "span"))
        elif any(window.touches(place) for place in (*question.answers, *question.stale)):
            continue
        elif any(window.holds(place) for place in question.near):
            near.append(Item(wording, text, 0, 0, "unanswerable"))
        elif not any(f" {answer} " in f" {normalise(text)} " for answer in said):
            hard.append(text)
    asked = set(normalise(wording).split())
    hard.sort(key=lambda text: -len(asked & set(normalise(text).split())))
    group = answered[:1]
    if len(answered) > 1 and answered[1].kind == "span":
        second = answered[1]
        group.append(Item(wording, second.passage, second.start, second.end, "restated"))
    group += near[: NEAR if question.answers else NEAR_UNANSWERED]
    return group + [Item(wording, text, 0, 0, "hard") for text in hard[: 1 + (not near)]]


def cut_story(story: Story, words: int, draw: random.Random) -> Iterator[StoryWindow]:
    """All articles in windows, some with the title."""
    for name, text in story.articles.items():
        begin = len(story.titles[name]) + len(BREAK)
        for window in cut_windows(text[begin:], words):
            title = begin if draw.random() < TITLED_SHARE else 0
            yield StoryWindow(name, begin + window.start, begin + window.end, title)
