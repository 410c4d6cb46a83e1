"""Conversations that the browser keeps: a turn as data, and turns made anew from such data.

The browser holds what ``record_turn`` gave it, as text. Reopening checks that data like any input
from outside and makes the messages anew: no HTML is kept. A quote whose article is gone, or has
other words there now, is still shown as it was quoted, with a mark that says so.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from index import Article, ArticleNotFoundError, Hit, Library, Passage, PublicationDate
from index.errors import QuestionError
from qa.chat.texts import say
from qa.dates import read_precision
from qa.output.export import write_conversation
from qa.output.records import ShapeError, check_shape
from qa.output.render import answer_to_dict
from qa.output.shapes import AnswerJson, CitationJson, ConversationJson, PassageJson, TurnJson
from qa.types import Answer, AnswerDate, AnswerGroup, Citation, FollowUp, Span

NEAREST_KEPT = 3
"""Passages beside the cited ones that a kept turn has."""
MOST_TURNS, LONGEST_TEXT = 200, 100_000
FORMATS = {".md": "text/markdown", ".html": "text/html", ".json": "application/json"}


@dataclass(frozen=True, slots=True)
class RestoredTurn:
    """An answer made anew from data; ``gone`` are the ids of its articles that are not there."""

    answer: Answer
    asked: str
    gone: tuple[str, ...] = ()


def record_turn(answer: Answer) -> TurnJson:
    """What a browser keeps of an answer: the JSON of ``dateline ask``, with fewer passages."""
    record = answer_to_dict(answer)
    cited = [(item["article"], item["start"], item["end"]) for item in record["citations"]]
    kept: list[PassageJson] = []
    others = 0
    for passage in record["passages"]:
        near = any(
            passage["article"] == article and passage["start"] <= start and end <= passage["end"]
            for article, start, end in cited
        )
        others += not near
        if near or others <= NEAREST_KEPT:
            kept.append(passage)
    record["passages"] = kept
    return {"asked": datetime.now(UTC).isoformat(timespec="milliseconds"), "answer": record}


def parse_conversation(payload: object) -> ConversationJson:
    """A conversation that a browser sent, checked.

    Raises:
        QuestionError: it is no conversation that this version of Dateline kept.
    """
    try:
        conversation = check_shape(ConversationJson, payload)
    except ShapeError as error:
        raise QuestionError(say("history.unreadable")) from error
    texts = [
        text
        for turn in conversation["turns"]
        for citation in turn["answer"]["citations"]
        for text in (citation["quote"], citation["title"], turn["answer"]["text"])
    ]
    if len(conversation["turns"]) > MOST_TURNS or any(len(text) > LONGEST_TEXT for text in texts):
        raise QuestionError(say("history.unreadable"))
    return conversation


def restore_turns(conversation: ConversationJson, library: Library) -> list[RestoredTurn]:
    """The answers of a kept conversation, as far as the library still has what they quote."""
    return [restore_turn(turn, library) for turn in conversation["turns"]]


def restore_turn(turn: TurnJson, library: Library) -> RestoredTurn:
    """One answer made anew; the confidence, the date and the words are those of then."""
    record = turn["answer"]
    named = (item["article"] for item in (*record["citations"], *record["passages"]))
    found = find_articles(named, library)
    citations = []
    gone = []
    for item in record["citations"]:
        citation, there = restore_citation(item, record, found)
        citations.append(citation)
        if not there:
            gone.append(item["article"])
    date = None
    if record["date"]:
        precision = record["date_precision"] or ""
        date = AnswerDate(record["date"], precision, record["date_note"] or "")
    status = record["status"] if citations else "not_found"
    answer = Answer(
        question=record["question"],
        status=status,
        text=record["text"],
        confidence=min(1.0, max(0.0, record["confidence"])),
        date=date if citations else None,
        citations=tuple(citations),
        groups=restore_groups(record, len(citations)),
        hits=restore_hits(record, found),
        timings={},
        notes=tuple(record["notes"]),
        followup=restore_followup(record),
    )
    return RestoredTurn(answer, turn["asked"], tuple(dict.fromkeys(gone)))


def find_articles(names: Iterable[str], library: Library) -> dict[str, Article]:
    """The articles of these ids that the library still has, by id."""
    found = {}
    for name in set(names):
        with suppress(ArticleNotFoundError):
            found[name] = library.article(name)
    return found


def restore_citation(
    item: CitationJson, record: AnswerJson, found: dict[str, Article]
) -> tuple[Citation, bool]:
    """The citation, and whether its article still says so there.

    Where it does not, the quote stands in an article of its own that holds nothing else.
    """
    start, end, quote = item["start"], item["end"], item["quote"]
    article = found.get(item["article"])
    answer = item["answer"]
    if article and quote and 0 <= start < end and article.text[start:end] == quote:
        passage = next(
            (
                Passage(0, article.id, part["start"], part["end"], part["text"])
                for part in record["passages"]
                if part["article"] == article.id
                and 0 <= part["start"] <= start
                and end <= part["end"]
                and article.text[part["start"] : part["end"]] == part["text"]
            ),
            Passage(0, article.id, start, end, quote),
        )
        span = (
            make_span(article.text, answer["start"], answer["end"], start, end) if answer else None
        )
        return Citation(item["number"], article, passage, quote, start, end, span), True
    text = quote or " "
    note = say("history.changed") if article else say("history.removed")
    ghost = Article(
        item["article"], item["title"], text, item["source"], make_date(item), notes=(note,)
    )
    passage = Passage(0, ghost.id, 0, len(text), text)
    span = (
        make_span(text, answer["start"] - start, answer["end"] - start, 0, len(text))
        if answer
        else None
    )
    return Citation(item["number"], ghost, passage, text, 0, len(text), span), False


def make_span(text: str, first: int, last: int, start: int, end: int) -> Span | None:
    """The answering words, ``None`` when they are not inside the quote."""
    if not start <= first < last <= end:
        return None
    return Span(first, last, text[first:last], 0.0)


def make_date(item: CitationJson) -> PublicationDate | None:
    """When the quoted article was published, as it was known then."""
    iso = item["published"]
    precision = read_precision(iso) if iso else None
    if not iso or precision not in ("day", "month", "year", "month-day"):
        return None
    return PublicationDate(iso, precision, "metadata", say("history.as_quoted"))


def restore_groups(record: AnswerJson, citations: int) -> tuple[AnswerGroup, ...]:
    """The groups of agreeing citations; none when they name what is not there."""
    groups = tuple(record["groups"])
    numbers = {item["number"] for item in record["citations"]}
    sound = all(
        set(group.citations) <= numbers
        and all(0 <= place < len(groups) for place in group.conflicts_with)
        for group in groups
    )
    return groups if sound and citations else ()


def restore_hits(record: AnswerJson, found: dict[str, Article]) -> tuple[Hit, ...]:
    """The passages that are still in the library, in their order."""
    hits: list[Hit] = []
    for item in record["passages"]:
        article = found.get(item["article"])
        start, end = item["start"], item["end"]
        if article and 0 <= start < end and article.text[start:end] == item["text"]:
            passage = Passage(0, article.id, start, end, item["text"])
            hits.append(Hit(passage, article, item["score"], len(hits) + 1, item["signals"]))
    return tuple(hits)


def restore_followup(record: AnswerJson) -> FollowUp | None:
    """How the question was understood then."""
    followup = record["followup"]
    if not followup:
        return None
    quotes = tuple(item["quote"] for item in record["citations"])
    carried, answered = tuple(followup["carried"]), tuple(followup["answered"])
    return FollowUp(record["question"], followup["query"], carried, answered, quotes)


def note_gone(turn: RestoredTurn) -> Answer:
    """The answer with a sentence on the sources that are not what they were."""
    if not turn.gone:
        return turn.answer
    numbers = [f"[{item.number}]" for item in turn.answer.citations if item.article.id in turn.gone]
    note = say("history.gone", numbers=", ".join(numbers))
    return replace(turn.answer, notes=(note, *turn.answer.notes))


def export_conversation(payload: object, library: Library | None) -> dict[str, Any]:
    """A kept conversation as a file: its ``text``, ``type`` and ``suffix``.

    Raises:
        QuestionError: the conversation or the format is none.
    """
    fields = payload if isinstance(payload, dict) else {}
    suffix = str(fields.get("format"))
    if suffix not in FORMATS:
        raise QuestionError(say("history.unreadable"))
    conversation = parse_conversation(fields.get("conversation"))
    removed = find_removed(conversation["turns"], library) if library else frozenset()
    text = write_conversation(conversation, suffix, removed)
    return {"text": text, "type": f"{FORMATS[suffix]};charset=utf-8", "suffix": suffix}


def find_removed(turns: Sequence[TurnJson], library: Library) -> frozenset[str]:
    """The ids of cited articles that the library does not have any more."""
    cited = {item["article"] for turn in turns for item in turn["answer"]["citations"]}
    there = {item.id for item in library.articles()}
    return frozenset(cited - there)
