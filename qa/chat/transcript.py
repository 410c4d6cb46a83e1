"""The conversation: what was asked and what Dateline says to it, as HTML messages."""

import re

from qa.chat.display import count_things, describe_date, escape_text
from qa.chat.marks import Run, mark_runs
from qa.render import confidence_in_words
from qa.types import Answer, Citation

CITATION_MARK = re.compile(r"\s?\[(\d{1,3})\]")


def render_question(question: str) -> str:
    """The question as the person typed it."""
    return f'<div class="dl-question" dir="auto" tabindex="-1">{escape_text(question)}</div>'


def render_stage(stage: str) -> str:
    """What Dateline is doing while the answer is on its way."""
    return f'<p class="dl-stage">{escape_text(stage)}</p>'


def render_error(message: str) -> str:
    """One sentence on what went wrong and what to do."""
    return f'<p class="dl-error" role="alert">{escape_text(message)}</p>'


def render_answer(answer: Answer, turn: int) -> str:
    """The answer with its citations, date and confidence; calm words when there is none."""
    if answer.status == "not_found":
        return render_not_found(answer, turn)
    parts = [
        f'<div class="dl-answer" data-turn="{turn}">',
        render_text(answer, turn),
        render_evidence(answer),
        render_agreement(answer, turn),
        render_facts(answer),
        render_notes(answer),
        "</div>",
    ]
    return "".join(parts)


def render_not_found(answer: Answer, turn: int) -> str:
    """That nothing in the library answers, and where the nearest passages are."""
    nearest = ""
    if answer.hits:
        nearest = (
            f'<p class="dl-aside">The <button type="button" class="dl-link" data-pane="{turn}">'
            "nearest passages</button> are shown as sources; they do not answer it.</p>"
        )
    return (
        f'<div class="dl-answer dl-not-found" data-turn="{turn}">'
        f'<p class="dl-text">{escape_text(answer.text)}</p>{nearest}{render_notes(answer)}</div>'
    )


def render_text(answer: Answer, turn: int) -> str:
    """The answer's text: numbered citations where it has them, else after it; its span set off."""
    known = {citation.number for citation in answer.citations}
    text = answer.text
    marks = [m for m in CITATION_MARK.finditer(text) if int(m.group(1)) in known]
    runs = find_spans(text, answer.citations)
    pieces = []
    position = 0
    for match in marks:
        pieces.append(mark_runs(text, position, match.start(), runs))
        pieces.append(citation_button(int(match.group(1)), turn))
        position = match.end()
    pieces.append(mark_runs(text, position, len(text), runs))
    written = {int(match.group(1)) for match in marks}
    rest = [item.number for item in answer.citations if item.number not in written]
    pieces.extend(citation_button(number, turn) for number in rest)
    return f'<p class="dl-text" dir="auto">{"".join(pieces)}</p>'


def find_spans(text: str, citations: tuple[Citation, ...]) -> list[Run]:
    """The answering words of the first citation, where the answer's text repeats them as a part."""
    for citation in citations:
        if citation.span and citation.span.text != text:
            start = text.find(citation.span.text)
            if start >= 0:
                return [Run(start, start + len(citation.span.text), "strong")]
    return []


def citation_button(number: int, turn: int) -> str:
    """``[1]``: shows the card of source 1."""
    return (
        f'<button type="button" class="dl-cite" data-cite="{number}" data-turn="{turn}" '
        f'aria-label="Show source {number}">[{number}]</button>'
    )


def render_evidence(answer: Answer) -> str:
    """The sentence that the answer stands on, unless the answer is that sentence already."""
    if not answer.citations:
        return ""
    first = answer.citations[0]
    shown = " ".join(CITATION_MARK.sub("", answer.text).split())
    if " ".join(first.quote.split()) in shown:
        return ""
    runs = []
    if first.span:
        runs.append(Run(first.span.start, first.span.end, "strong"))
    quote = mark_runs(first.article.text, first.start, first.end, runs)
    return f'<blockquote class="dl-evidence" dir="auto">{quote}</blockquote>'


def render_agreement(answer: Answer, turn: int) -> str:
    """How many independent articles agree, and which other answers the library gives."""
    if not answer.groups:
        return ""
    first, *others = answer.groups
    lines = []
    if first.independent > 1:
        lines.append(f"Said alike by {first.independent} independent articles.")
    if others:
        listed = "; ".join(
            escape_text(group.value)
            + "".join(citation_button(number, turn) for number in group.citations)
            for group in others
        )
        lines.append(f"Your articles also say: {listed}")
    return "".join(f'<p class="dl-aside" dir="auto">{line}</p>' for line in lines)


def render_facts(answer: Answer) -> str:
    """The answer's date, how sure Dateline is and how long it took."""
    word = confidence_in_words(answer.confidence)
    percent = round(answer.confidence * 100)
    meaning = (
        f"{percent} of 100: how sure Dateline is that the marked sentence answers the question. "
        "Read the source before you rely on it."
    )
    facts = []
    if answer.date and (date := describe_date(answer.date.iso)) != answer.text:
        note = answer.date.note if answer.date.note not in (date, answer.date.iso) else ""
        how = f' <span class="dl-how">{escape_text(note)}</span>' if note else ""
        facts.append(f"<li>{escape_text(date)}{how}</li>")
    facts.append(
        f'<li class="dl-confidence" data-level="{word}"><details>'
        f'<summary title="{meaning}">{word.capitalize()}</summary><p>{meaning}</p></details></li>'
    )
    sources = len({citation.article.id for citation in answer.citations})
    facts.append(f"<li>{count_things(sources, 'article')} cited</li>")
    if total := answer.timings.get("total"):
        facts.append(f"<li>{total / 1000:.2f} s</li>")
    return f'<ul class="dl-answer-facts">{"".join(facts)}</ul>'


def render_notes(answer: Answer) -> str:
    """What else the person should know about this answer."""
    return "".join(f'<p class="dl-aside">{escape_text(note)}</p>' for note in answer.notes)
