"""Trials over an archive of news: the stories that training never saw, in one library.

Half of a newsroom's hard questions are near misses, which no set of questions with answers has:
here a third of the questions are such, written by hand, with what misleads standing in the library.
"""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from index import Article, Library
from index.settings import Settings
from qa.reader.model import Reader
from qa.reader.picker import title_before
from training.sources import normalise
from training.stories import Story, StoryQuestion
from training.trials import READ, SEED, WITHOUT_SHARE, Gold, Trial, judge

KIND = "news"

UNFIT = ("yes_no", "list")
"""Kinds of question whose answer is no single span."""


def make_archive_trials(stories: Sequence[Story], work: Path, reader: Reader) -> Iterator[Trial]:
    """Every question in one of its wordings, in the whole archive and without what answers it.

    Left out are those whose answer is told by several articles together: where a value stands that
    held once, the passage that states it is no wrong reading.
    """
    draw = random.Random(f"{SEED} {KIND}")
    with open_archive(stories, work / f"library_{KIND}") as library:
        for story in stories:
            for question in story.questions:
                if question.kind not in UNFIT and not question.stale:
                    wording = draw.choice(question.wordings)
                    without = draw.random() < WITHOUT_SHARE
                    yield from ask_archive(library, reader, story, question, wording, without)


def open_archive(stories: Sequence[Story], folder: Path) -> Library:
    """The library of all the stories' articles; made once."""
    made = folder.is_dir()
    library = Library.open(folder, settings=Settings(), create=True)
    if not made:
        library.add(list_articles(stories))
    return library


def list_articles(stories: Sequence[Story]) -> list[Article]:
    """The articles of all stories."""
    return [
        Article(name_article(story, name), story.titles[name], text)
        for story in stories
        for name, text in story.articles.items()
    ]


def name_article(story: Story, name: str) -> str:
    """The id of a story's article in the library."""
    return f"{story.name} {name}"


def ask_archive(
    library: Library,
    reader: Reader,
    story: Story,
    question: StoryQuestion,
    wording: str,
    without: bool,
) -> Iterator[Trial]:
    """The trial of a question, and that of the passages that say nothing of its answer."""
    hits = library.search(wording, READ)
    texts = [hit.passage.text for hit in hits]
    readings = reader.read(wording, texts, [title_before(hit) for hit in hits])
    answers = [
        Gold(
            name_article(story, place.article),
            place.start,
            story.articles[place.article][place.start : place.end],
        )
        for place in question.answers
    ]
    yield judge(wording, hits, readings, answers, KIND, "searched")
    said = {f" {normalise(gold.text)} " for gold in answers}
    silent = [
        (hit, reading)
        for hit, reading in zip(hits, readings, strict=True)
        if not any(text in f" {normalise(hit.passage.text)} " for text in said)
    ]
    if answers and without and len(silent) > 3:
        left, read = zip(*silent, strict=True)
        yield judge(wording, left, read, (), KIND, "searched")
