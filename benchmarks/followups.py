"""How follow-ups are understood: on conversations, and on questions that stand alone.

    python benchmarks/followups.py [--only SET …] [--questions FILE …] [--out FILE]

For each file of conversations of ``tests/data``: how many follow-ups were taken for one, how many
independent questions were changed all the same, and whether the first citation is the gold's when
the question is asked as typed, with the last question in brackets after it (the trivial baseline),
as understood, and as a person wrote it out. ``--questions`` takes SQuAD JSON or BEIR query files:
each question is put after another at random (seed 0), and the share that is changed is an upper
bound of false changes, since some of them do point elsewhere.
"""

import argparse
import json
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index import Library
from index.settings import Settings
from qa import Assistant
from qa.followups import PastTurn, remember_turn, resolve_question
from qa.types import Answer

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "tests" / "data"
SETS = {
    "followups_dev": DATA / "followups_articles.jsonl",
    "followups_test": DATA / "followups_articles.jsonl",
    "followups_samples": ROOT / "seeds",
    "followups_blind": DATA / "followups_blind_articles.jsonl",
}
HEAD = (
    "| set | follow-ups found | independent changed | first citation: as typed "
    "| with the last question in brackets | as understood | as a person wrote it |\n"
    "|---|---|---|---|---|---|---|"
)


@dataclass
class Counts:
    """What was counted over a set."""

    followups: int = 0
    found: int = 0
    independent: int = 0
    changed: int = 0
    answerable: int = 0
    typed: int = 0
    joined: int = 0
    understood: int = 0
    written: int = 0

    def row(self, name: str) -> str:
        """A line of the table."""
        return (
            f"| {name} | {self.found} of {self.followups} | {self.changed} of {self.independent} "
            f"| {self.typed} of {self.answerable} | {self.joined} | {self.understood} "
            f"| {self.written} |"
        )


def main() -> None:
    """Print the tables, and write them where asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--system", default="hybrid")
    parser.add_argument("--only", choices=SETS, nargs="*", default=list(SETS))
    parser.add_argument("--out", type=Path)
    parser.add_argument("--questions", type=Path, nargs="*", default=[])
    options = parser.parse_args()
    lines = [f"`--system {options.system}`", "", HEAD]
    for name in options.only:
        articles = SETS[name]
        lines.append(measure_set(name, articles, options.system).row(name))
        print(lines[-1], flush=True)
    for path in options.questions:
        changed, total = count_changed(path)
        lines += ["", f"{path.parent.name}/{path.name}: {changed} of {total} questions changed."]
        print(lines[-1], flush=True)
    if options.out:
        options.out.write_text("\n".join(lines) + "\n", "utf-8")


def measure_set(name: str, articles: Path, system: str) -> Counts:
    """The counts of one file of conversations, asked of its articles."""
    counts = Counts()
    rows = [json.loads(line) for line in (DATA / f"{name}.jsonl").read_text("utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(library=Path(folder) / "library", system=system)
        with Library.open(settings.library, settings=settings, create=True) as library:
            library.add_paths([articles])
            assistant = Assistant(library, settings=settings)
            for row in rows:
                count_row(assistant, row, counts)
    return counts


def count_row(assistant: Assistant, row: dict[str, Any], counts: Counts) -> None:
    """Ask one question after those before it, and alone, and as a person wrote it out."""
    past: list[PastTurn] = []
    for question in row["after"]:
        past.append(remember_turn(assistant.ask(question, after=past, min_confidence=0)))
    answer = assistant.ask(row["question"], after=past, min_confidence=0)
    if row["type"] == "independent":
        counts.independent += 1
        counts.changed += answer.followup is not None
        return
    counts.followups += 1
    counts.found += answer.followup is not None
    if not row["answers"]:
        return
    counts.answerable += 1
    counts.understood += cites_gold(answer, row)
    counts.typed += cites_gold(assistant.ask(row["question"], min_confidence=0), row)
    joined = f"{row['question']} ({row['after'][-1]})"
    counts.joined += cites_gold(assistant.ask(joined, min_confidence=0), row)
    counts.written += cites_gold(assistant.ask(row["standalone"], min_confidence=0), row)


def cites_gold(answer: Answer, row: dict[str, Any]) -> bool:
    """Whether the first citation overlaps gold evidence."""
    if not answer.citations:
        return False
    first = answer.citations[0]
    return any(
        gold["article"] == first.article.id
        and first.start < gold["evidence_end"]
        and gold["evidence_start"] < first.end
        for gold in row["answers"]
    )


def count_changed(path: Path) -> tuple[int, int]:
    """How many questions of a file are changed after another at random, and how many there are."""
    questions = list(read_questions(path))
    random.Random(0).shuffle(questions)
    pairs: Sequence[tuple[str, str]] = list(zip(questions, questions[1:], strict=False))
    changed = sum(
        resolve_question(after, [PastTurn(before)]) is not None for before, after in pairs
    )
    return changed, len(pairs)


def read_questions(path: Path) -> Iterator[str]:
    """The questions of a SQuAD file or of BEIR queries."""
    if path.suffix == ".jsonl":
        for line in path.read_text("utf-8").splitlines():
            yield json.loads(line)["text"]
        return
    for article in json.loads(path.read_text("utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            yield from (item["question"] for item in paragraph["qas"])


if __name__ == "__main__":
    main()
