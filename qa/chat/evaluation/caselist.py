"""The cases of a library as the Evaluate tab shows and changes them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from index import ArticleNotFoundError, Library
from index.errors import DatasetError
from qa.chat.judgements import drop
from qa.evaluate.data.casefile import CaseFile, Record
from qa.evaluate.data.cases import DATE, read_case
from qa.evaluate.data.problems import Problems


def edit_case(library: Library, cases: CaseFile, case_id: str, fields: Mapping[str, Any]) -> None:
    """Change a case as its form says: question, date, other right answers, words of the gold, note.

    A case that was looked over in the form counts as reviewed.

    Raises:
        DatasetError: a field cannot be used.
    """

    def change(record: Record) -> Record:
        changed = {**record, "reviewed": True}
        question = str(fields.get("question") or "").strip()
        if not question:
            raise DatasetError("The question is empty; type one, or delete the case.")
        changed["question"] = question
        changed["accept"] = read_lines(fields.get("accept"))
        date = str(fields.get("date") or "").strip()
        if date and not DATE.match(date):
            raise DatasetError(f"{date[:40]!r} is not a date; write 2008, 2008-09 or 2008-09-17.")
        changed["date"] = date
        changed["note"] = str(fields.get("note") or "").strip()
        for name in ("date", "note"):
            if not changed[name]:
                drop(changed, name)
        if "words" in fields and changed.get("answers"):
            words = fields["words"] if isinstance(fields["words"], list) else []
            changed["answers"] = [
                place_words(library, answer, str(text))
                for answer, text in zip(changed["answers"], words, strict=False)
                if str(text).strip()
            ]
        if fields.get("nothing") is True:
            changed |= {"answers": [], "accept": []}
            drop(changed, "open", "date")
        elif not changed.get("answers"):
            changed |= {"answers": [], "open": True, "reviewed": False}
        check_record(cases.path, changed)
        return changed

    cases.change(case_id, change)


def place_words(library: Library, answer: Record, text: str) -> Record:
    """A gold answer whose answering words are ``text``, which must stand in its evidence.

    Raises:
        DatasetError: they do not, or the article is not there any more.
    """
    if text == answer.get("text"):
        return answer
    first = int(answer.get("evidence_start") or answer["start"])
    last = int(answer.get("evidence_end") or answer["end"])
    try:
        evidence = library.article(str(answer["article"])).text[first:last]
    except ArticleNotFoundError as error:
        raise DatasetError(f"{error} The case cannot be changed without its article.") from error
    wanted = text.strip()
    start = evidence.find(wanted)
    if start < 0:
        raise DatasetError(
            f"{wanted[:80]!r} does not stand in the passage; copy the words from it exactly."
        )
    return {
        **answer,
        "start": first + start,
        "end": first + start + len(wanted),
        "text": wanted,
        "evidence_start": first,
        "evidence_end": last,
    }


def review_case(cases: CaseFile, case_id: str, *, reviewed: bool) -> None:
    """Say that a case was looked over, or that it was not.

    Raises:
        DatasetError: there is no such case, or its right answer is not known.
    """

    def change(record: Record) -> Record:
        if reviewed and record.get("open") is True:
            raise DatasetError(
                "The right answer of this case is not known yet; edit the case, or judge the "
                "passage that answers its question."
            )
        return {**record, "reviewed": reviewed}

    cases.change(case_id, change)


def delete_case(cases: CaseFile, case_id: str) -> Record:
    """Take a case out of the file; gives its record, for putting it back.

    Raises:
        DatasetError: there is no such case.
    """
    removed: list[Record] = []

    def change(record: Record) -> None:
        removed.append(record)

    cases.change(case_id, change)
    return removed[0]


def restore_case(cases: CaseFile, record: Record) -> None:
    """Put a case back that was taken out."""
    cases.put(str(record.get("question", "")), lambda _: record)


def check_record(path: Path, record: Record) -> None:
    """Go on when ``dateline eval`` would read the record.

    Raises:
        DatasetError: what is wrong with it.
    """
    problems = Problems()
    if record.get("open") is not True:
        read_case(path, 0, record, problems)
    if problems.found:
        raise DatasetError(problems.found[0].removeprefix(f"{path}: "))


def read_lines(value: object) -> list[str]:
    """The lines of a field that say something, each once."""
    lines = (line.strip() for line in str(value or "").splitlines())
    return list(dict.fromkeys(line for line in lines if line))


def quote_answer(library: Library, answer: Record) -> tuple[str, str, str] | None:
    """The evidence before, at and after the answering words; ``None`` when it is not there."""
    try:
        text = library.article(str(answer["article"])).text
    except (ArticleNotFoundError, KeyError):
        return None
    start, end = int(answer["start"]), int(answer["end"])
    first = int(answer.get("evidence_start", start))
    last = int(answer.get("evidence_end", end))
    if text[start:end] != answer.get("text"):
        return None
    return text[first:start], text[start:end], text[end:last]
