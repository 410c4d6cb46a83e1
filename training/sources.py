"""Training questions read from SQuAD JSON and its kin, with development sets split off.

Development questions are held out by article (or by context, where a set names no articles), so
no development passage is ever trained on. Questions and contexts that also occur in the
evaluation sets are left out altogether.
"""

import csv
import json
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

HELD_OUT_ARTICLES = {
    "squad_train_du": 5,
    "squadshifts_new_wiki": 5,
    "timeqa_train": 30,
    "nq_oracle": 400,
    "qamr_dev": 25,
    "subjqa_train": 250,
    "squadshifts_amazon": 20,
    "squadshifts_reddit": 120,
    "fairytaleqa_train": 10,
    "policyqa_dev": 2,
}
"""How many articles of a set become development data."""

SEED = 20080917


@dataclass(frozen=True, slots=True)
class Question:
    """One question on one context; ``answers`` are (start, text), empty when unanswerable.

    ``article`` groups contexts of one article (the context itself where none is named).
    """

    text: str
    context: str
    answers: tuple[tuple[int, str], ...]
    source: str
    article: str

    @property
    def title(self) -> str:
        """The title of the article, as it would be printed."""
        return self.article.replace("_", " ")


def read_questions(folder: Path) -> list[Question]:
    """Every question of every SQuAD JSON in ``folder`` whose answers are where they should be.

    A question that stands twice on the same context (the SQuAD parts overlap) is kept once.
    """
    questions = []
    seen = set()
    for path in sorted(folder.glob("*.json")):
        for question in read_squad(path):
            key = (normalise(question.text), normalise(question.context)[:300])
            if key not in seen:
                seen.add(key)
                questions.append(question)
    return questions


def read_squad(path: Path) -> Iterator[Question]:
    """The questions of one SQuAD JSON; answers that are not in the context are dropped."""
    named_by_context = ("squad_train_mrqa", "squad_train_subset", "squadshifts_reddit", "subjqa")
    for number, article in enumerate(json.loads(path.read_text("utf-8"))["data"]):
        title = str(article.get("title") or number)
        for paragraph in article["paragraphs"]:
            context = paragraph["context"]
            name = title
            if path.stem.startswith("qamr"):
                name = ":".join(title.split(":")[:3])
            elif path.stem.startswith(named_by_context):
                name = normalise(context)[:200]
            for item in paragraph["qas"]:
                given = [(a["answer_start"], a["text"]) for a in item["answers"]]
                answers = tuple((s, t) for s, t in given if t and context[s : s + len(t)] == t)
                if given and not answers:
                    continue
                yield Question(
                    " ".join(item["question"].split()), context, answers, path.stem, name
                )


def read_sentence_pairs(path: Path) -> list[tuple[str, str]]:
    """(question, sentence that answers it) pairs of a ReQA JSONL file."""
    rows = (json.loads(line) for line in path.read_text("utf-8").splitlines())
    return [(row["question"], row["answer_sentence"]) for row in rows]


def read_judged_sentences(folder: Path) -> list[tuple[str, list[tuple[str, bool]]]]:
    """Per question of a BEIR folder: its judged texts and whether each is relevant."""
    texts = {row["_id"]: row["text"] for row in read_jsonl(folder / "corpus.jsonl")}
    asked = {row["_id"]: row["text"] for row in read_jsonl(folder / "queries.jsonl")}
    judged: dict[str, list[tuple[str, bool]]] = {}
    with (folder / "qrels" / "test.tsv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            pair = (texts[row["corpus-id"]], int(row["score"]) > 0)
            judged.setdefault(row["query-id"], []).append(pair)
    return [(asked[key], pairs) for key, pairs in judged.items()]


def read_jsonl(path: Path) -> Iterator[dict[str, str]]:
    """The objects of a JSONL file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def normalise(text: str) -> str:
    """``text`` in lower case, letters and digits only, for comparing."""
    return " ".join(re.findall(r"\w+", text.lower()))


def read_evaluation_texts(folder: Path) -> tuple[set[str], set[str]]:
    """Normalised questions and starts of contexts of every evaluation set beside ``train``."""
    questions: set[str] = set()
    contexts: set[str] = set()
    for path in folder.glob("*/**/queries.jsonl"):
        if "train" not in path.parts:
            questions.update(normalise(row["text"]) for row in read_jsonl(path))
    for path in folder.glob("*/**/corpus.jsonl"):
        if "train" not in path.parts:
            contexts.update(normalise(row["text"])[:150] for row in read_jsonl(path))
    for path in (*folder.glob("squad/dev-*.json"), *folder.glob("newsqa/*.squad.json")):
        for question in read_squad(path):
            questions.add(normalise(question.text))
            contexts.add(normalise(question.context)[:150])
    return questions, contexts


def leave_out_evaluation(questions: Iterable[Question], folder: Path) -> list[Question]:
    """``questions`` without those asked, or whose context stands, in an evaluation set."""
    asked, contexts = read_evaluation_texts(folder)
    return [
        q
        for q in questions
        if normalise(q.text) not in asked and normalise(q.context)[:150] not in contexts
    ]


def split_development(questions: list[Question]) -> tuple[list[Question], list[Question]]:
    """(training, development) questions that share no article, context or question text."""
    chosen = random.Random(SEED)
    held: set[tuple[str, str]] = set()
    for source, count in HELD_OUT_ARTICLES.items():
        names = sorted({q.article for q in questions if q.source == source})
        held.update((source, name) for name in chosen.sample(names, min(count, len(names))))
    development = [q for q in questions if (q.source, q.article) in held]
    contexts = {normalise(q.context)[:200] for q in development}
    asked = {normalise(q.text) for q in development}
    training = [
        q
        for q in questions
        if (q.source, q.article) not in held
        and normalise(q.context)[:200] not in contexts
        and normalise(q.text) not in asked
    ]
    return training, development
