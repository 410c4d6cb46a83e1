"""The conversation: what was asked and what Dateline says to it, as HTML messages."""

import re

from index import Filters
from qa.chat.agreement import (
    citation_button,
    render_agreement,
    render_date_note,
    render_notes,
)
from qa.chat.display import describe_date
from qa.chat.marks import Run, mark_runs, markup_runs
from qa.chat.texts import say, say_known
from qa.chat.timeline import render_disclosure
from qa.chat.why import render_steps
from qa.dates import spell_date
from qa.output.render import confidence_in_words
from qa.output.safe_text import escape_text
from qa.types import Answer, Citation

CITATION_MARK = re.compile(r"\s?\[(\d{1,3})\]")
EVERY_ARTICLE = Filters()


def render_question(question: str) -> str:
    """The question as the person typed it."""
    return f'<div class="dl-question" dir="auto" tabindex="-1">{escape_text(question)}</div>'


def render_stage(stage: str) -> str:
    """What Dateline is doing while the answer is on its way."""
    return f'<p class="dl-stage">{escape_text(stage)}</p>'


def render_error(message: str) -> str:
    """One sentence on what went wrong and what to do."""
    return f'<p class="dl-error" role="alert">{escape_text(say_known(message))}</p>'


def render_answer(answer: Answer, turn: int, filters: Filters = EVERY_ARTICLE) -> str:
    """The answer with its citations, date and confidence; calm words when there is none.

    ``filters`` are those that it was asked with; its timeline keeps to them.
    """
    if answer.status == "not_found":
        return render_not_found(answer, turn, filters)
    parts = [
        f'<div class="dl-answer" data-turn="{turn}">',
        render_text(answer, turn),
        render_evidence(answer),
        render_date_note(answer, turn),
        render_agreement(answer, turn),
        render_notes(answer),
        render_facts(answer, turn),
        render_disclosure(answer.question, filters),
        render_steps(answer),
        "</div>",
    ]
    return "".join(parts)


def render_not_found(answer: Answer, turn: int, filters: Filters) -> str:
    """That nothing in the library answers, and where the nearest passages are."""
    nearest = ""
    if answer.hits:
        link = (
            f'<button type="button" class="dl-link" data-pane="{turn}">'
            f"{say('answer.nearest_link')}</button>"
        )
        nearest = f'<p class="dl-aside">{say("answer.nearest", nearest=link)}</p>'
    return (
        f'<div class="dl-answer dl-not-found" data-turn="{turn}">'
        f'<p class="dl-text">{escape_text(say_known(answer.text))}</p>{nearest}'
        f"{render_notes(answer)}{render_disclosure(answer.question, filters)}"
        f"{render_steps(answer)}</div>"
    )


def render_text(answer: Answer, turn: int) -> str:
    """The answer's text: numbered citations where it has them, else after it; its span set off."""
    known = {citation.number for citation in answer.citations}
    text = show_text(answer)
    marks = [m for m in CITATION_MARK.finditer(text) if int(m.group(1)) in known]
    runs = [] if answer.date else find_spans(text, answer.citations)
    pieces = []
    position = 0
    for match in marks:
        pieces.append(mark_runs(text, position, match.start(), runs))
        pieces.append(citation_button(int(match.group(1)), turn))
        position = match.end()
    pieces.append(mark_runs(text, position, len(text), runs))
    first = answer.citations[0] if answer.citations else None
    if first and first.span and first.span.text == text:
        span, article = first.span, first.article
        quiet = markup_runs(article, span.start, span.end)
        pieces = [mark_runs(article.text, span.start, span.end, quiet)]
    written = {int(match.group(1)) for match in marks}
    rest = [item.number for item in answer.citations if item.number not in written]
    pieces.extend(citation_button(number, turn) for number in rest)
    return f'<p class="dl-text" dir="auto">{"".join(pieces)}</p>'


def show_text(answer: Answer) -> str:
    """The answer's text; a date that it consists of in the page's language."""
    if answer.date and answer.text == spell_date(answer.date.iso):
        told = describe_date(answer.date.iso)
        return told[:1].upper() + told[1:]
    return answer.text


def find_spans(text: str, citations: tuple[Citation, ...]) -> list[Run]:
    """The answering words of the first citation, where the answer's text repeats them as a part."""
    for citation in citations:
        if citation.span and citation.span.text != text:
            start = text.find(citation.span.text)
            if start >= 0:
                return [Run(start, start + len(citation.span.text), "strong")]
    return []


def render_evidence(answer: Answer) -> str:
    """The sentence that the answer stands on, unless the answer is that sentence already."""
    if not answer.citations:
        return ""
    first = answer.citations[0]
    shown = " ".join(CITATION_MARK.sub("", answer.text).split())
    if " ".join(first.quote.split()) in shown:
        return ""
    runs = markup_runs(first.article, first.start, first.end)
    if first.span:
        runs.append(Run(first.span.start, first.span.end, "strong"))
    quote = mark_runs(first.article.text, first.start, first.end, runs)
    return f'<blockquote class="dl-evidence" dir="auto">{quote}</blockquote>'


def render_facts(answer: Answer, turn: int) -> str:
    """The answer's date, how sure Dateline is, the way to the sources and how long it took."""
    facts = []
    if (
        answer.date
        and (date := describe_date(answer.date.iso)).lower() != show_text(answer).lower()
    ):
        facts.append(f"<li>{escape_text(date)}</li>")
    facts.append(f"<li>{render_confidence(answer.confidence, turn)}</li>")
    sources = len({citation.article.id for citation in answer.citations})
    facts.append(
        f'<li><button type="button" class="dl-link" data-pane="{turn}">'
        f"{say('answer.cited', count=sources)}</button></li>"
    )
    if total := answer.timings.get("total"):
        facts.append(f"<li>{say('answer.seconds', seconds=show_seconds(total))}</li>")
    return f'<ul class="dl-answer-facts">{"".join(facts)}</ul>'


def show_seconds(milliseconds: float) -> str:
    """Seconds with two decimals, as the language writes them."""
    return f"{milliseconds / 1000:.2f}".replace(".", say("number.decimal"))


def render_confidence(confidence: float, turn: int) -> str:
    """How sure Dateline is, in words and as a number, with what that means on asking."""
    level = confidence_in_words(confidence).replace(" ", "_")
    percent = min(99, max(1, round(confidence * 100)))
    said = say("confidence.number", word=say(f"confidence.{level}"), percent=percent)
    tip = f"dl-sure-{turn}"
    return (
        f'<span class="dl-confidence dl-tipped" data-level="{level}">'
        f'<button type="button" aria-describedby="{tip}">{said}</button>'
        f'<span class="dl-tip" role="tooltip" id="{tip}">'
        f"{say('confidence.meaning', percent=percent)}</span></span>"
    )
