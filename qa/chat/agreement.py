"""What the sources say together: agreement, both sides of a conflict, how a date is known."""

import re

from qa.answering.consensus import describe_conflict
from qa.chat.display import describe_date
from qa.chat.texts import say, say_known
from qa.dates import spell_date
from qa.output.safe_text import escape_text
from qa.types import Answer, AnswerGroup

WORD_JOINER = "\u2060"
"""Keeps the comma after a citation on its line."""
PART = re.compile(r"(?:, )?the (day and month|month|year) from “([^”]*)” in ")
PARTS = {
    "day and month": "date.part.day_month",
    "month": "date.part.month",
    "year": "date.part.year",
}
TOLD_BY_ITSELF = ("", "as written")


def citation_button(number: int, turn: int) -> str:
    """``[1]``: shows the card of source 1."""
    return (
        f'<button type="button" class="dl-cite" data-cite="{number}" data-turn="{turn}" '
        f'aria-label="{say("answer.cite", number=number)}">[{number}]</button>'
    )


def render_agreement(answer: Answer, turn: int) -> str:
    """How many independent articles agree, and every side where they do not; no verdict."""
    if not answer.groups:
        return ""
    first = answer.groups[0]
    others = [
        group
        for place, group in enumerate(answer.groups[1:], start=1)
        if place not in first.conflicts_with
    ]
    parts = []
    if first.conflicts_with:
        sides = [first, *(answer.groups[place] for place in first.conflicts_with)]
        listed = "".join(render_side(answer, group, turn) for group in sides)
        parts.append(
            f'<div class="dl-sides"><p class="dl-aside">{say("answer.differ")}</p>'
            f"<ul>{listed}</ul></div>"
        )
    elif first.independent > 1 and not answer.date:
        parts.append(aside(say("answer.alike", count=first.independent)))
    # A date that was joined from parts says already what each article gives of it.
    if others and not answer.date:
        listed = "; ".join(escape_text(item.value) + cite(item, turn) for item in others)
        parts.append(aside(say("answer.also", values=listed)))
    return "".join(parts)


def render_side(answer: Answer, group: AnswerGroup, turn: int) -> str:
    """One side: what it says, where, in how many articles, and whether it is the later one."""
    days = [
        citation.article.published.iso
        for citation in answer.citations
        if citation.number in group.citations
        and citation.article.published
        and citation.article.published.precision == "day"
    ]
    facts = [say("count.articles", count=group.independent)]
    if days:
        facts.append(say("answer.published", date=describe_date(max(days))))
    later = f' <span class="dl-later">{say("answer.later")}</span>' if group.later else ""
    return (
        f'<li dir="auto"><strong>{escape_text(group.value)}</strong>{cite(group, turn)} '
        f'<span class="dl-how">{escape_text(", ".join(facts))}</span>{later}</li>'
    )


def render_date_note(answer: Answer, turn: int) -> str:
    """How the answer's date was come by, its articles as citations; empty when it needs no word."""
    if not answer.date:
        return ""
    date, note = answer.date, answer.date.note
    if note in (*TOLD_BY_ITSELF, answer.text, date.iso, spell_date(date.iso)):
        return ""
    parts = read_parts(answer)
    if parts:
        told = f"{WORD_JOINER}, ".join(
            say("date.part", part=say(PARTS[part]), text=escape_text(text), cite=button)
            for part, text, button in (
                (part, text, citation_button(number, turn)) for part, text, number in parts
            )
        )
        return aside(f"{escape_text(describe_date(date.iso))}: {told}.")
    rest = note
    pieces = []
    for citation in answer.citations:
        before, name, after = rest.partition(citation.article.id)
        if name:
            pieces.append(
                escape_text(before.removesuffix(" ")) + citation_button(citation.number, turn)
            )
            rest = WORD_JOINER + after
    return aside("".join([*pieces, escape_text(rest.rstrip("."))]) + ".")


def read_parts(answer: Answer) -> list[tuple[str, str, int]]:
    """Which part of the date which words of which citation gave; none when a note says more."""
    note = answer.date.note if answer.date else ""
    rest = note.partition(": ")[2]
    found = []
    for citation in answer.citations:
        match = PART.match(rest)
        if not match or not rest.startswith(citation.article.id, match.end()):
            break
        found.append((match.group(1), match.group(2), citation.number))
        rest = rest[match.end() + len(citation.article.id) :]
    return [] if rest else found


def render_notes(answer: Answer) -> str:
    """What else the person should know about this answer; a conflict is shown by its sides."""
    told = describe_conflict(answer.groups)
    return "".join(aside(escape_text(say_known(note))) for note in answer.notes if note != told)


def cite(group: AnswerGroup, turn: int) -> str:
    """The citations of a group."""
    return "".join(citation_button(number, turn) for number in group.citations)


def aside(html: str) -> str:
    """A quiet line under the answer; ``html`` is HTML."""
    return f'<p class="dl-aside" dir="auto">{html}</p>'
