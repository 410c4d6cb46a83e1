"""SQuAD v1.1 and v2.0 JSON: paragraphs with questions, and predictions on them."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from index.articles.decoding import storable_text
from index.errors import DatasetError
from qa.evaluate.data.corpora import make_document
from qa.evaluate.data.files import digest_files, open_bytes
from qa.evaluate.data.problems import Problems
from qa.evaluate.data.records import Case, Corpus, Dataset, GoldSpan, Mode, question_kind


def read_squad(path: Path, mode: Mode) -> Dataset:
    """The file as a data set: `read` gives each question its paragraph, `open` none.

    Paragraphs are articles with the ids ``<article>.<paragraph>``, counted from 0.

    Raises:
        DatasetError: the file is not SQuAD's JSON, or every question or answer that is wrong.
    """
    with open_bytes(path) as stream:
        raw = stream.read()
    document = parse_json(path, raw)
    data = document.get("data") if isinstance(document, dict) else None
    if not isinstance(data, list):
        raise DatasetError(f"{path}: there is no list 'data', so this is not SQuAD's JSON.")
    reader = SquadReader(path, raw)
    for number, article in enumerate(data):
        reader.read_article(number, article)
    reader.problems.raise_any()
    if not reader.cases:
        raise DatasetError(f"{path}: there is no question in it; add some.")
    paragraphs = tuple(reader.paragraphs)
    location = path.resolve()
    digest = digest_files([path], "squad", mode)
    return Dataset(
        name=path.stem,
        path=path,
        kind="squad",
        cases=tuple(reader.cases),
        corpus=Corpus(
            digest=digest_files([path], "squad"),
            articles=lambda: (
                make_document(item, f"{location}#{item['_id']}") for item in paragraphs
            ),
            whole=True,
            ids=frozenset(item["_id"] for item in paragraphs),
            place=str(location),
        ),
        digest=digest,
        mode=mode,
    )


def parse_json(path: Path, raw: bytes) -> Any:  # noqa: ANN401 - whatever the file holds
    """The JSON value of a file.

    Raises:
        DatasetError: it is not valid JSON, with the line.
    """
    try:
        return json.loads(raw)
    except json.JSONDecodeError as error:
        raise DatasetError(f"{path}:{error.lineno}: is not valid JSON: {error.msg}.") from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise DatasetError(f"{path}: is not valid JSON in UTF-8; convert it.") from error


class SquadReader:
    """Collects the paragraphs and questions of one file, and everything wrong with them."""

    def __init__(self, path: Path, raw: bytes) -> None:
        self.path = path
        self.raw = raw
        self.problems = Problems()
        self.paragraphs: list[dict[str, str]] = []
        self.cases: list[Case] = []
        self.seen: set[str] = set()

    def refuse(self, name: str, words: str) -> None:
        """Note what is wrong with a question, at the line where its id stands."""
        at = max(self.raw.find(json.dumps(name).encode()), 0)
        line = self.raw.count(b"\n", 0, at) + 1
        self.problems.add(self.path, line, f"question {name}{words}")

    def read_article(self, number: int, article: object) -> None:
        """Take in one entry of ``data``."""
        paragraphs = article.get("paragraphs") if isinstance(article, dict) else None
        if not isinstance(article, dict) or not isinstance(paragraphs, list):
            self.problems.add(self.path, 0, f"data[{number}] has no list 'paragraphs'.")
            return
        title = str(article.get("title") or "").replace("_", " ").strip()
        for index, paragraph in enumerate(paragraphs):
            context = paragraph.get("context") if isinstance(paragraph, dict) else None
            place = f"data[{number}].paragraphs[{index}]"
            if not isinstance(paragraph, dict) or not isinstance(context, str) or not context:
                self.problems.add(self.path, 0, f"{place} has no 'context'.")
                continue
            name = f"{number}.{index}"
            self.add_article(name, title, context)
            questions = paragraph.get("qas")
            if not isinstance(questions, list):
                self.problems.add(self.path, 0, f"{place} has no list 'qas'.")
                continue
            for question in questions:
                self.read_question(name, context, question, place)

    def add_article(self, name: str, title: str, context: str) -> None:
        """Take in one paragraph; a title that only repeats its beginning is none."""
        title = "" if context.startswith(title) else title
        self.paragraphs.append({"_id": name, "title": title, "text": context})
        if storable_text(context) != context or not context.strip():
            self.problems.add(self.path, 0, f"paragraph {name} cannot be stored as it is; mend it.")

    def read_question(self, article: str, context: str, question: object, place: str) -> None:
        """Take in one question with its answers."""
        if not isinstance(question, dict) or not isinstance(question.get("id"), str | int):
            self.problems.add(self.path, 0, f"{place} has a question without 'id'.")
            return
        name = str(question["id"])
        text, answers = question.get("question"), question.get("answers", [])
        if not isinstance(text, str) or not text.strip():
            self.refuse(name, ": it has no words.")
            return
        if storable_text(name + text) != name + text:
            self.problems.add(self.path, 0, f"{place} has a question that cannot be stored.")
            return
        if name in self.seen:
            self.refuse(name, " is there twice.")
            return
        self.seen.add(name)
        if not isinstance(answers, list):
            self.refuse(name, ": 'answers' is no list.")
            return
        spans = tuple(self.read_spans(name, article, context, answers))
        impossible = bool(question.get("is_impossible"))
        if impossible and answers:
            self.refuse(name, " is impossible but has answers.")
        self.cases.append(
            Case(
                id=name,
                question=text,
                answerable=bool(answers),
                relevant={article: 1} if answers else {},
                spans=spans,
                answers=tuple(dict.fromkeys(span.text for span in spans)),
                kind=question_kind(text),
                article=article,
            )
        )

    def read_spans(
        self, name: str, article: str, context: str, answers: list[object]
    ) -> Iterator[GoldSpan]:
        """The answers as gold; those whose words are not at their offset are problems."""
        for answer in dict.fromkeys(json.dumps(item) for item in answers):
            record = json.loads(answer)
            text = record.get("text") if isinstance(record, dict) else None
            start = record.get("answer_start") if isinstance(record, dict) else None
            if not isinstance(text, str) or not isinstance(start, int) or not text:
                self.refuse(name, ": an answer lacks 'text' or 'answer_start'.")
                continue
            end = start + len(text)
            if start < 0 or context[start:end] != text:
                found = context[max(start, 0) : end]
                self.refuse(
                    name, f": the context has {found!r} at {start}, not the answer {text!r}."
                )
                continue
            yield GoldSpan(article, start, end, text, start, end)


def write_predictions(
    path: Path, predictions: Mapping[str, str], no_answer: Mapping[str, float]
) -> Path:
    """Write predictions for the SQuAD v2.0 script, and beside them its no-answer file.

    Returns:
        The path of the no-answer probabilities: ``--na-prob-file`` of the script.

    Raises:
        DatasetError: a file cannot be written.
    """
    beside = path.with_name(f"{path.stem}.no_answer_probability.json")
    try:
        for file, values in ((path, predictions), (beside, no_answer)):
            file.write_text(json.dumps(values, ensure_ascii=False, indent=1) + "\n", "utf-8")
    except OSError as error:
        raise DatasetError(
            f"The predictions {path} cannot be written: {error.strerror}."
        ) from error
    return beside


def read_predictions(
    path: Path, ids: frozenset[str], problems: Problems
) -> tuple[dict[str, str], dict[str, float]]:
    """The predictions of a file and the no-answer probabilities beside it, 0 where none are."""
    with open_bytes(path) as stream:
        predictions = parse_json(path, stream.read())
    beside = path.with_name(f"{path.stem}.no_answer_probability.json")
    chances: Any = {}
    if beside.is_file():
        chances = parse_json(beside, beside.read_bytes())
    if not isinstance(predictions, dict) or not isinstance(chances, dict):
        problems.add(path, 0, "is not one JSON object of question ids and answers.")
        return {}, {}
    for name, text in predictions.items():
        if not isinstance(text, str):
            problems.add(path, 0, f"the prediction for {name!r} is {text!r}, not a string.")
        if name not in ids:
            problems.add(path, 0, f"question {name!r} is not one of the data's questions.")
    for name, chance in chances.items():
        number = isinstance(chance, int | float) and not isinstance(chance, bool)
        if not number or not 0 <= chance <= 1:
            problems.add(beside, 0, f"the probability for {name!r} is {chance!r}, not in [0, 1].")
    return predictions, chances
