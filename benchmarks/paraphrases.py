"""The same question said otherwise: does it get the same answer, and the right one?

    python -m benchmarks.paraphrases [--model FOLDER] [--out FILE]

Asks the questions of the stories that the reader was not trained on (``training/stories.jsonl``,
every sixth), each in its two wordings, of one library of all their articles. Counted are: answers
that are right (they share half of the words with a right one, F1 of SQuAD, or for yes or no the
first citation stands over the place that settles it; for a question that nothing answers, a
withheld one), answers to what nothing answers, answers withheld wrongly, and pairs of wordings
that agree: both withheld, or half of the words shared. The fit of the confidence saw these
questions; their answers were not used otherwise.
"""

import argparse
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from index.settings import Settings
from qa.assistant import Assistant
from qa.evaluate.scoring.answers import score_answer
from qa.reader import model
from qa.types import Answer
from training.archive import name_article, open_archive
from training.stories import Story, StoryQuestion, read_stories, split_stories

SHARED = 0.5
"""The F1 over words from which two answers are the same."""


@dataclass
class Counts:
    """What was counted of a kind of question."""

    asked: int = 0
    right: int = 0
    withheld: int = 0
    pairs: int = 0
    agreed: int = 0
    both: int = 0


@dataclass
class Table:
    """The counts by kind."""

    kinds: dict[str, Counts] = field(default_factory=lambda: defaultdict(Counts))

    def add(self, story: Story, question: StoryQuestion, answers: Sequence[Answer]) -> None:
        """Count what was answered to the wordings of a question."""
        rights = [is_right(story, question, answer) for answer in answers]
        texts = [answer.text if is_answered(answer) else "" for answer in answers]
        names = (question.kind, "answered" if question.answers else "unanswered", "all")
        for counts in (self.kinds[name] for name in names):
            counts.asked += len(answers)
            counts.right += sum(rights)
            counts.withheld += texts.count("")
            counts.pairs += 1
            counts.both += all(rights)
            counts.agreed += is_same(texts)

    def write(self) -> str:
        """The table in Markdown."""
        head = "| kind | asked | right | withheld | pairs that agree | pairs both right |\n"
        rows = [
            f"| {name} | {c.asked} | {c.right} | {c.withheld} "
            f"| {c.agreed} of {c.pairs} | {c.both} |"
            for name, c in sorted(self.kinds.items(), key=lambda row: (row[1].asked, row[0]))
        ]
        return "\n".join([head + "|---|---|---|---|---|---|", *rows])


def is_same(texts: Sequence[str]) -> bool:
    """Whether two answers are one; the empty one is none."""
    first, second = texts
    if not first or not second:
        return first == second
    return score_answer([first], second)[1] >= SHARED


def is_answered(answer: Answer) -> bool:
    """Whether it was not withheld."""
    return answer.status == "answered"


def is_right(story: Story, question: StoryQuestion, answer: Answer) -> bool:
    """Whether a question's answer is the story's, or withheld where it has none."""
    if not is_answered(answer) or not question.answers:
        return is_answered(answer) == bool(question.answers)
    if question.kind == "yes_no":
        first = answer.citations[0]
        return any(
            first.article.id == name_article(story, place.article)
            and first.start < place.end
            and first.end > place.start
            for place in question.answers
        )
    golds = [story.articles[p.article][p.start : p.end] for p in question.answers]
    return score_answer(golds, answer.text)[1] >= SHARED


def main() -> None:
    """Ask, count, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, help="folder of another reader's weights")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    if options.model:
        setattr(model, "MODEL_PATH", options.model)  # noqa: B010 (its own default)
    _, stories = split_stories(read_stories())
    table = Table()
    with tempfile.TemporaryDirectory() as folder:
        library = open_archive(stories, Path(folder) / "library")
        with library:
            assistant = Assistant(library, settings=Settings())
            for story in stories:
                for question in story.questions:
                    answers = [assistant.ask(wording) for wording in question.wordings]
                    table.add(story, question, answers)
    text = f"{len(stories)} stories.\n\n{table.write()}\n"
    print(text)
    if options.out:
        options.out.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
