"""What a reader of an answer says of it → a case of the library, with exact offsets.

    right     the answer as it stands is right: its citation is the gold (not reviewed)
    wrong     it is not, and nobody knows the right one yet: an open case, left out of evaluations
    nothing   nothing in the articles answers the question (reviewed)
    passage   this passage answers it (reviewed); several passages are alternatives
    withdrawn what was said is taken back

The page says which text it showed, by digest and offsets; the words are taken from the library.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from annotated_types import Len

from index import Article, DatelineError, Library
from index.errors import DatasetError, QuestionError
from qa.chat.passages import Place
from qa.evaluate.data.casefile import CaseFile, Record
from qa.evaluate.data.cases import CASES_NAME, DATE
from qa.output.records import ShapeError, check_shape
from qa.requests import check_question

Verdict = Literal["right", "wrong", "nothing", "passage", "withdrawn", "note"]
NOTE_LENGTH = 2_000
TEXT_LENGTH = 200
QUESTION_LENGTH = 10_000


@dataclass(frozen=True, slots=True)
class Judgement:
    """One thing that was said of the answer to a question."""

    question: Annotated[str, Len(max_length=QUESTION_LENGTH)]
    verdict: Verdict
    answered: bool = True
    place: Place | None = None
    text: str = ""
    date: str = ""
    note: str = ""

    @classmethod
    def parse(cls, payload: object) -> "Judgement":
        """The judgement that a page sent.

        Raises:
            QuestionError: it cannot be understood.
        """
        try:
            sent = check_shape(cls, payload)
        except ShapeError as error:
            raise QuestionError(
                f"The judgement cannot be used, since {error}; ask again and judge that answer."
            ) from error
        return replace(
            sent,
            question=check_question(sent.question),
            text=" ".join(sent.text.split()),
            date=sent.date if DATE.match(sent.date) else "",
            note=sent.note.strip()[:NOTE_LENGTH],
        )


@dataclass(frozen=True, slots=True)
class Kept:
    """What the library keeps on a question: the verdict, and the evidence that counts as right."""

    verdict: str = ""
    reviewed: bool = False
    note: str = ""
    evidence: tuple[tuple[str, Any, Any], ...] = ()


def cases_of(library: Path) -> CaseFile:
    """The cases that are kept in a library's folder."""
    return CaseFile(library / CASES_NAME)


def find_kept(library: Path, question: str) -> Kept:
    """What the library keeps on a question; nothing when it has no case, or none can be read."""
    wanted = " ".join(question.split())
    try:
        known = cases_of(library).list_cases()
    except DatelineError:
        return Kept()
    found = next((item for item in known if " ".join(item.question.split()) == wanted), None)
    return describe_kept(found.record) if found else Kept()


def describe_kept(record: Mapping[str, Any]) -> Kept:
    """What a case says, for the page."""
    answers = record.get("answers")
    evidence = []
    for item in answers if isinstance(answers, list) else ():
        if isinstance(item, dict):
            start = item.get("evidence_start", item.get("start"))
            end = item.get("evidence_end", item.get("end"))
            evidence.append((str(item.get("article")), start, end))
    verdict = str(record.get("verdict", ""))
    return Kept(
        verdict,
        record.get("reviewed") is not False,
        str(record.get("note", "")),
        tuple(evidence) if verdict in ("passage", "right") else (),
    )


def keep_judgement(library: Library, judgement: Judgement) -> Kept:
    """Keep what was said as the case of its question; gives what the library keeps on it now.

    Raises:
        QuestionError: a passage is needed, or the article has changed since the answer.
        ArticleNotFoundError: the article is not there any more.
        DatasetError: the cases cannot be read or written.
    """
    gold = find_gold(library, judgement.place) if judgement.place else None
    if gold is None and (
        judgement.verdict == "passage" or (judgement.verdict == "right" and judgement.answered)
    ):
        raise QuestionError("The judgement does not say which passage it is about; ask again.")
    cases = cases_of(library.path)
    if judgement.verdict == "withdrawn":
        withdraw(cases, judgement.question)
        return Kept()
    changed: list[Record] = []

    def change(record: Record) -> Record:
        changed.append(apply_judgement(record, judgement, gold))
        return changed[-1]

    cases.put(judgement.question, change)
    return describe_kept(changed[-1])


def find_gold(library: Library, place: Place) -> Record:
    """The gold answer at a place, its words taken from the library.

    Raises:
        QuestionError: the article has changed since it was shown.
        ArticleNotFoundError: it is not there any more.
    """
    article: Article = library.article(place.article)
    if article.digest != place.digest or place.evidence[1] > len(article.text):
        raise QuestionError(
            f"{article.title or article.id} has changed since the answer; ask again and judge "
            "what is cited then."
        )
    first, last = place.evidence
    start, end = place.span or place.evidence
    if not first <= start < end <= last:
        start, end = first, last
    return {
        "article": article.id,
        "start": start,
        "end": end,
        "text": article.text[start:end],
        "evidence_start": first,
        "evidence_end": last,
    }


def apply_judgement(record: Record, judgement: Judgement, gold: Record | None) -> Record:
    """The record of a case after a judgement; what was reviewed is not overruled by a thumb."""
    changed = {**record, "saved": datetime.now(UTC).isoformat(timespec="seconds")}
    if judgement.note or judgement.verdict == "note":
        changed["note"] = judgement.note
    is_new = "answers" not in record
    if judgement.verdict == "note":
        return changed | ({"answers": [], "open": True, "reviewed": False} if is_new else {})
    settled = not is_new and record.get("reviewed") is not False
    changed["verdict"] = judgement.verdict
    changed.setdefault("accept", [])
    if judgement.verdict == "nothing":
        changed |= {"answers": [], "accept": [], "reviewed": True}
        drop(changed, "open", "date")
    elif judgement.verdict == "passage" and gold:
        changed["answers"] = toggle_gold(record.get("answers", []), gold)
        changed["reviewed"] = True
        drop(changed, "open")
        if not changed["answers"]:
            changed |= {"open": True, "reviewed": False}
            drop(changed, "verdict", "date")
    elif judgement.verdict == "right" and not settled:
        changed |= {"answers": [], "accept": [], "reviewed": False}
        drop(changed, "open", "date")
        if gold and judgement.answered:
            changed["answers"] = [gold]
            # A date that was put together stands nowhere word for word.
            if 0 < len(judgement.text) <= TEXT_LENGTH and judgement.text not in gold["text"]:
                changed["accept"] = [judgement.text]
            if judgement.date:
                changed["date"] = judgement.date
    elif judgement.verdict == "wrong" and not settled:
        changed |= {"answers": [], "open": True, "reviewed": False}
        drop(changed, "date")
    return changed


def toggle_gold(answers: list[Record], gold: Record) -> list[Record]:
    """The answers with this one, or without it when its evidence was among them."""

    def same(item: Record) -> bool:
        return all(item.get(name) == gold[name] for name in ("article", "evidence_start"))

    others = [item for item in answers if not same(item)]
    return others if len(others) < len(answers) else [*answers, gold]


def drop(record: Record, *names: str) -> None:
    """Take fields out of a record, where they are there."""
    for name in names:
        record.pop(name, None)


def withdraw(cases: CaseFile, question: str) -> None:
    """Take back what was said: the case goes, unless it was not made by a judgement."""
    wanted = " ".join(question.split())
    for item in cases.list_cases():
        if " ".join(item.question.split()) == wanted and "verdict" in item.record:
            try:
                cases.change(item.id, lambda record: None)
            except DatasetError:
                return
