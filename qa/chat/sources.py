"""The sources of one answer: cards by what they say, reprints folded, then what else was found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index import Hit
from qa.agreement import fold_copies
from qa.chat.cards import render_citation, render_hit
from qa.chat.texts import say
from qa.output.safe_text import escape_text, shorten_text
from qa.types import Answer, AnswerGroup, Citation

NEAREST_SHOWN = 5
READING_SHOWN = 3
Place = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Folded:
    """A passage to show, with those of its article's reprints."""

    first: Citation | Hit
    copies: tuple[Citation | Hit, ...] = ()


def render_sources(answer: Answer, turn: int) -> str:
    """The sources pane for one answer; ``turn`` ties its cards to the answer's citations."""
    cited = {place_of(item) for item in answer.citations}
    others = [hit for hit in answer.hits if place_of(hit) not in cited]
    if answer.status == "answered" and answer.citations:
        body = render_cited(answer, others, turn)
    elif others:
        body = pane_heading(turn, say("pane.nearest"), "pane.near_to", answer.question)
        emphasis = f"<strong>{say('pane.not')}</strong>"
        body += f'<p class="dl-pane-note">{say("pane.not_answering", **{"not": emphasis})}</p>'
        for item in fold([], others)[:NEAREST_SHOWN]:
            body += render_folded(item, turn, {}, say("card.not_answering"))
    else:
        body = pane_heading(turn, say("pane.none"), "pane.for", answer.question)
        body += f'<p class="dl-pane-note">{say("pane.nothing_near")}</p>'
    return (
        f'<section class="dl-pane" data-turn="{turn}" aria-labelledby="dl-pane-{turn}">'
        f"{body}</section>"
    )


def render_reading(hits: Sequence[Hit], question: str, turn: int) -> str:
    """What the search found, while it is being read: the first passages, none of them marked."""
    heading = pane_heading(turn, say("pane.reading"), "pane.for", question)
    cards = "".join(render_hit(hit, turn) for hit in hits[:READING_SHOWN])
    return (
        f'<section class="dl-pane dl-reading" aria-busy="true" aria-labelledby="dl-pane-{turn}">'
        f"{heading}{cards}</section>"
    )


def render_cited(answer: Answer, others: Sequence[Hit], turn: int) -> str:
    """The cited passages by what they say, then those found beside them."""
    hits = {place_of(hit): hit for hit in answer.hits}
    cited = order_by_group(answer)
    folded = fold(cited, others)
    count = say("pane.cited", count=len(answer.citations))
    parts = [pane_heading(turn, count, "pane.for", answer.question)]
    more = []
    group: AnswerGroup | None = None
    shown: list[AnswerGroup | None] = []
    for item in folded:
        if isinstance(item.first, Hit):
            more.append(item)
            continue
        group = group_of(item.first, answer.groups)
        if is_divided(answer) and group not in shown:
            shown.append(group)
            parts.append(render_side_heading(group, first=len(shown) == 1))
        parts.append(render_folded(item, turn, hits))
    if more:
        parts.append(
            f'<details class="dl-more"><summary>{say("pane.more", count=len(more))}</summary>'
        )
        parts.extend(render_folded(item, turn, hits) for item in more)
        parts.append("</details>")
    return "".join(parts)


def order_by_group(answer: Answer) -> list[Citation]:
    """The citations, those that say the same together; in their own order where all agree."""
    if not is_divided(answer):
        return list(answer.citations)
    numbers = [number for group in answer.groups for number in group.citations]
    places = {number: place for place, number in enumerate(numbers)}
    return sorted(answer.citations, key=lambda item: places.get(item.number, len(places)))


def is_divided(answer: Answer) -> bool:
    """Whether the sources are worth setting apart by what they say: they contradict each other.

    A date that was joined from parts is one answer, whatever each part says.
    """
    return bool(answer.groups and answer.groups[0].conflicts_with) and not answer.date


def group_of(citation: Citation, groups: Iterable[AnswerGroup]) -> AnswerGroup | None:
    """The group that a citation is in."""
    return next((group for group in groups if citation.number in group.citations), None)


def render_side_heading(group: AnswerGroup | None, *, first: bool) -> str:
    """What stands over the cards of one side: how many articles say what."""
    conflict = f'<p class="dl-aside">{say("pane.conflict")}</p>' if first else ""
    if group is None:
        return f'{conflict}<h3 class="dl-side">{say("pane.others")}</h3>'
    later = f' <span class="dl-later">{say("answer.later")}</span>' if group.later else ""
    value = f'<strong dir="auto">{escape_text(group.value)}</strong>'
    said = say("pane.side", count=group.independent)
    return f'{conflict}<h3 class="dl-side">{said} {value}{later}</h3>'


def fold(citations: Sequence[Citation], others: Sequence[Hit]) -> list[Folded]:
    """What to show, in order: reprints of an article's story under the first card of it.

    Every citation is kept. Another passage of an article that has a card keeps a card of its own;
    of a reprint that nothing cites, only its best passage is kept.
    """
    items: list[Citation | Hit] = [*citations, *others]
    folded: list[tuple[int, Folded]] = []
    for group in fold_copies([item.article for item in items]):
        first = items[group[0]]
        copies: list[Citation | Hit] = []
        for place in group[1:]:
            item = items[place]
            if item.article.id == first.article.id:
                folded.append((place, Folded(item)))
            elif isinstance(item, Citation) or not any(
                item.article.id == copy.article.id for copy in copies
            ):
                copies.append(item)
        folded.append((group[0], Folded(first, tuple(copies))))
    return [item for _, item in sorted(folded, key=lambda entry: entry[0])]


def render_folded(item: Folded, turn: int, hits: dict[Place, Hit], note: str = "") -> str:
    """The card of a passage with the reprints under it."""
    if isinstance(item.first, Citation):
        return render_citation(item.first, turn, hits.get(place_of(item.first)), item.copies)
    return render_hit(item.first, turn, item.copies, note)


def place_of(item: Citation | Hit) -> Place:
    """Which passage it is."""
    return item.passage.article_id, item.passage.start


def pane_heading(turn: int, heading: str, rest: str, question: str) -> str:
    """The heading of the pane and, in the text ``rest``, what was asked."""
    asked = say(rest, question=f"<bdi>{escape_text(shorten_text(question, 90))}</bdi>")
    return (
        f'<header class="dl-pane-head"><h2 id="dl-pane-{turn}" tabindex="-1">{heading}</h2>'
        f"<p>{asked}</p></header>"
    )
