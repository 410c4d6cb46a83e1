"""Our own ``questions.jsonl``: questions with gold spans in articles, dates, and unanswerables."""

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from index.errors import DatasetError
from qa.dates.edtf import is_date
from qa.evaluate.data.files import digest_files, read_records, text_field
from qa.evaluate.data.problems import Problems
from qa.evaluate.data.records import Case, Corpus, Dataset, GoldSpan, question_kind
from qa.requests import holds_words
from qa.types import Answer

DATE = re.compile(r"(\d{4}(-\d{2}(-\d{2})?)?|--\d{2}-\d{2})\Z")
CASES_NAME = "questions.jsonl"
"""The file in a library's folder that keeps the library's own cases."""
SPAN_FIELDS = ("start", "end", "evidence_start", "evidence_end")


def read_questions(path: Path, corpus: Corpus, *, reviewed_only: bool = False) -> Dataset:
    """The file as a data set over ``corpus``.

    Questions whose right answer is not known yet (``"open": true``) are left out and counted in a
    note; with ``reviewed_only`` so are those with ``"reviewed": false``.

    Raises:
        DatasetError: every line that is not a case, or a file without any.
    """
    problems = Problems()
    cases: dict[str, Case] = {}
    left_out = {"right answer is not known yet": 0, "case is not reviewed yet": 0}
    unreviewed = 0
    for line, record in read_records(path, problems):
        if record.get("open") is True:
            left_out["right answer is not known yet"] += 1
            continue
        if record.get("reviewed") is False:
            unreviewed += 1
            if reviewed_only:
                left_out["case is not reviewed yet"] += 1
                continue
        case = read_case(path, line, record, problems)
        if case is None:
            continue
        if case.id in cases:
            problems.add(
                path, line, f"question {case.id!r} is there already, at line {cases[case.id].line}."
            )
        cases.setdefault(case.id, case)
    problems.raise_any()
    notes = [
        f"{count:,} of the questions left out, since the {reason}."
        for reason, count in left_out.items()
        if count
    ]
    if not cases:
        raise DatasetError(
            " ".join([f"{path}: there is no question in it to ask; add some.", *notes])
        )
    if unreviewed and not reviewed_only:
        notes.append(f"{unreviewed:,} of the questions have not been reviewed yet.")
    inside = path.name == CASES_NAME and corpus.library and path.parent == corpus.library
    words = ("reviewed",) if reviewed_only else ()
    return Dataset(
        name=path.parent.resolve().name if inside else path.stem,
        path=path,
        kind="questions",
        cases=tuple(cases.values()),
        corpus=corpus,
        digest=digest_files([path], "questions", corpus.digest, *words),
        notes=tuple(notes),
    )


def read_case(path: Path, line: int, record: dict[str, Any], problems: Problems) -> Case | None:
    """One record as a case; ``None`` when something is wrong with it."""
    before = len(problems.found)
    name = text_field(record, "id", path, line, problems)
    question = text_field(record, "question", path, line, problems)
    if question is not None and not holds_words(question):
        problems.add(path, line, "the question is empty: there is no letter and no digit in it.")
    answers, accept = record.get("answers"), record.get("accept", [])
    if not isinstance(answers, list):
        problems.add(path, line, "'answers' must be a list; empty when nothing answers it.")
        answers = []
    if not isinstance(accept, list) or not all(isinstance(item, str) for item in accept):
        problems.add(path, line, "'accept' must be a list of strings.")
        accept = []
    after = record.get("after", [])
    if not isinstance(after, list) or not all(isinstance(q, str) and holds_words(q) for q in after):
        problems.add(path, line, "'after' must be a list of the questions asked before.")
        after = []
    date = record.get("date", "")
    if not isinstance(date, str) or (date and not (DATE.match(date) and is_date(date))):
        problems.add(path, line, f"date {date!r} is no ISO date nor the start of one.")
    spans = [read_span(path, line, answer, problems) for answer in answers]
    kept = tuple(span for span in spans if span is not None)
    if len(problems.found) > before or name is None or question is None:
        return None
    return Case(
        id=name,
        question=question,
        answerable=bool(kept),
        relevant=dict.fromkeys((span.article for span in kept), 1),
        spans=kept,
        answers=tuple(dict.fromkeys([span.text for span in kept] + accept)) if kept else (),
        date=str(date) if kept else "",
        kind=str(record.get("type") or question_kind(question)),
        line=line,
        after=tuple(after),
    )


def read_span(path: Path, line: int, answer: object, problems: Problems) -> GoldSpan | None:
    """One gold answer; ``None`` (a problem) when its fields cannot be used."""
    if not isinstance(answer, dict):
        problems.add(path, line, f"an answer is {answer!r}, not an object.")
        return None
    article, text = answer.get("article"), answer.get("text")
    if not isinstance(article, str) or not isinstance(text, str) or not text:
        problems.add(path, line, "an answer lacks 'article' or 'text'.")
        return None
    offsets: list[int] = []
    for name, other in zip(SPAN_FIELDS, ("", "", "start", "end"), strict=True):
        value = answer.get(name, answer.get(other))
        if not isinstance(value, int) or isinstance(value, bool):
            problems.add(path, line, f"{name!r} of the answer {text!r} is {value!r}, no offset.")
            return None
        offsets.append(value)
    start, end, evidence_start, evidence_end = offsets
    if not 0 <= evidence_start <= start < end <= evidence_end:
        problems.add(
            path,
            line,
            f"the answer {text!r} at {start}–{end} is not inside its evidence at "
            f"{evidence_start}–{evidence_end}.",
        )
        return None
    return GoldSpan(article, start, end, text, evidence_start, evidence_end)


def check_spans(dataset: Dataset, find_text: Callable[[str], str | None]) -> None:
    """Go on when every gold answer is its article's text at its offsets.

    Args:
        dataset: the questions.
        find_text: the canonical text of an article by id, ``None`` when there is no such article.

    Raises:
        DatasetError: every answer that names an unknown article or other words.
    """
    problems = Problems()
    texts: dict[str, str | None] = {}
    for case in dataset.cases:
        for span in case.spans:
            if span.article not in texts:
                texts[span.article] = find_text(span.article)
            text = texts[span.article]
            if text is None:
                problems.add(
                    dataset.path, case.line, f"article {span.article!r} is not among the articles."
                )
            elif text[span.start : span.end] != span.text:
                problems.add(
                    dataset.path,
                    case.line,
                    f"{span.article} has {text[span.start : span.end]!r} at {span.start}, "
                    f"not the answer {span.text!r}.",
                )
            elif span.evidence_end > len(text):
                problems.add(
                    dataset.path,
                    case.line,
                    f"the evidence ends at {span.evidence_end}, after the {len(text)} characters "
                    f"of {span.article}.",
                )
    problems.raise_any()


def append_case(path: Path, answer: Answer) -> str:
    """Append an answer to a ``questions.jsonl`` file as a case to be kept right; returns its id.

    The gold is the first citation (its span, else its whole quote): look it over before it is
    trusted. An answer that was withheld becomes an unanswerable question.

    Raises:
        DatasetError: the question is in the file already, or the file cannot be read or written.
    """
    chosen = answer.citations[:1]
    name = hashlib.sha256(answer.question.encode()).hexdigest()[:12]
    record: dict[str, Any] = {"id": name, "question": answer.question, "answers": []}
    for item in chosen:
        words = item.span
        record["answers"].append(
            {
                "article": item.article.id,
                "start": words.start if words else item.start,
                "end": words.end if words else item.end,
                "text": words.text if words else item.quote,
                "evidence_start": item.start,
                "evidence_end": item.end,
            }
        )
    record["accept"] = []
    if answer.date and DATE.match(answer.date.iso) and chosen:
        record["date"] = answer.date.iso
    append_record(path, record)
    return name


def append_record(path: Path, record: dict[str, Any]) -> None:
    """Append one record to a file of cases, on a line of its own.

    Raises:
        DatasetError: the file has a case of that id or cannot be read or written.
    """
    problems = Problems()
    for line, other in read_records(path, problems) if path.exists() else ():
        if other.get("id") == record["id"]:
            raise DatasetError(
                f"{path}:{line}: the question is saved there already; edit that line."
            )
    problems.raise_any()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b") as stream:
            size = stream.seek(0, 2)
            stream.seek(max(size - 1, 0))
            if size and stream.read(1) != b"\n":
                stream.write(b"\n")
            stream.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
    except OSError as error:
        raise DatasetError(f"The case cannot be written to {path}: {error.strerror}.") from error
