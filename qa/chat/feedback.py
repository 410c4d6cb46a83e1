"""Judging answers in the page: what the script needs to know of an answer, and what it may ask."""

from dataclasses import asdict
from pathlib import Path

from qa.chat.actions import Payload, Reply, answering
from qa.chat.judgements import Judgement, Kept, find_kept, keep_judgement
from qa.chat.libraries import Libraries
from qa.chat.passages import place_citation
from qa.chat.texts import Say
from qa.output.records import write_json
from qa.output.safe_text import escape_text
from qa.types import Answer


class Feedback:
    """What a page may say of an answer; it names its library with every request."""

    def __init__(self, libraries: Libraries) -> None:
        self.libraries = libraries

    @answering
    def judge(self, payload: Payload, say: Say) -> Reply:
        """Keep what was said of an answer as a case; gives what is kept now, and says so."""
        judgement = Judgement.parse(payload)
        library = self.libraries.named_in(payload).library
        kept = keep_judgement(library, judgement)
        said = "withdrawn" if judgement.verdict == "withdrawn" else f"saved_{judgement.verdict}"
        if judgement.verdict == "passage" and not kept.verdict:
            said = "withdrawn"
        return {"kept": asdict(kept), "message": say(f"feedback.{said}")}


def attach_feedback(html: str, answer: Answer, library: Path) -> str:
    """An answer's HTML whose first element says what there is to judge, for the page's script."""
    judged = describe_answer(answer, find_kept(library, answer.question))
    return html.replace(" ", f' data-judge="{escape_text(write_json(judged))}" ', 1)


def describe_answer(answer: Answer, kept: Kept) -> dict[str, object]:
    """The question, where its answer stands, and what the library keeps on it already."""
    return {
        "question": answer.question,
        "answered": answer.status == "answered",
        "text": answer.text,
        "place": place_citation(answer.citations[0]) if answer.citations else None,
        "date": answer.date.iso if answer.date else "",
        "kept": kept,
    }
