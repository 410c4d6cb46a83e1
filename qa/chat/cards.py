"""The cards of the sources pane: one for a cited passage, one for a passage that was only found."""

from collections.abc import Iterable, Sequence

from index import Article, Hit, Passage
from qa.chat.display import render_provenance
from qa.chat.marks import Run
from qa.chat.passages import (
    describe_place,
    place_citation,
    place_hit,
    render_paragraphs,
)
from qa.chat.quotes import quote_forms
from qa.chat.texts import say
from qa.chat.why import render_signals
from qa.output.safe_text import escape_text, shorten_text
from qa.types import Citation


def render_citation(
    citation: Citation, turn: int, hit: Hit | None, copies: Sequence[Citation | Hit] = ()
) -> str:
    """The card of a cited passage: its sentence marked, the answering words stronger.

    ``copies`` are passages of reprints of its article, folded under it.
    """
    runs = [Run(citation.start, citation.end, "mark", 'class="dl-quote"', depth=1)]
    if citation.span:
        span = citation.span
        runs.append(Run(span.start, span.end, "strong", 'class="dl-span"', depth=2))
    number, view = citation.number, describe_place(place_citation(citation))
    title = f"dl-title-{turn}-{number}"
    return (
        f'<article class="dl-card dl-cited" id="dl-source-{turn}-{number}" data-card="{number}" '
        f'tabindex="-1" aria-labelledby="{title}">'
        + render_head(citation.article, citation.start, number_button(number), title)
        + render_passage(citation.article, citation.passage, runs)
        + f'<div class="dl-actions">{open_button(citation.article, view)}'
        + f"{render_copy(citation)}{around_button(view)}</div>"
        + render_copies(copies, turn)
        + render_signals(hit)
        + "</article>"
    )


def render_hit(hit: Hit, turn: int, copies: Sequence[Citation | Hit] = (), note: str = "") -> str:
    """The card of a passage that was found but is not cited; ``note`` is said beside its title."""
    view = describe_place(place_hit(hit))
    identity = f"dl-hit-{turn}-{hit.rank}"
    tag = f'<p class="dl-tag">{note}</p>' if note else ""
    return (
        f'<article class="dl-card" tabindex="-1" aria-labelledby="{identity}">'
        + render_head(hit.article, hit.passage.start, "", identity)
        + tag
        + render_passage(hit.article, hit.passage, ())
        + f'<div class="dl-actions">{open_button(hit.article, view)}{around_button(view)}</div>'
        + render_copies(copies, turn)
        + render_signals(hit)
        + "</article>"
    )


def render_copies(copies: Sequence[Citation | Hit], turn: int) -> str:
    """The reprints of a card's article, folded; each opens where its own passage stands."""
    if not copies:
        return ""
    rows = "".join(render_copy_row(item, turn) for item in copies)
    return (
        f'<details class="dl-copies"><summary>{say("pane.copies", count=len(copies))}</summary>'
        f"<ul>{rows}</ul></details>"
    )


def render_copy_row(item: Citation | Hit, turn: int) -> str:
    """One reprint: its number when it is cited, its title and facts, and the way to it."""
    place, badge = "", ""
    if isinstance(item, Citation):
        view = describe_place(place_citation(item))
        place = f' id="dl-source-{turn}-{item.number}" data-card="{item.number}" tabindex="-1"'
        badge = number_button(item.number)
    else:
        view = describe_place(place_hit(item))
    title = escape_text(item.article.title or item.article.id)
    return (
        f'<li class="dl-reprint"{place}>{badge}<div>'
        f'<button type="button" class="dl-link" dir="auto" data-open="{view}" '
        f'aria-label="{say("card.open.long", title=title)}">{title}</button>'
        f"{render_provenance(item.article)}</div></li>"
    )


def number_button(number: int) -> str:
    """The card's number, which leads back to where the answer cites it."""
    label = say("card.back", number=number)
    return (
        f'<button type="button" class="dl-number" data-back="{number}" '
        f'aria-label="{label}" title="{label}">{number}</button>'
    )


def render_head(article: Article, start: int, badge: str, identity: str) -> str:
    """Number, title, source, date with how it is known, and the page of a PDF."""
    number = article.page_at(start)
    page = [say("card.page", number=number)] if number else []
    page += [
        note for note in article.notes if note in (say("history.removed"), say("history.changed"))
    ]
    return (
        f'<header class="dl-card-head">{badge}<div><h3 id="{identity}" dir="auto">'
        f"{escape_text(article.title or article.id)}</h3>{render_provenance(article, *page)}"
        "</div></header>"
    )


def render_passage(article: Article, passage: Passage, runs: Iterable[Run]) -> str:
    """The passage's text in the article's paragraphs, with its runs set off."""
    shown = render_paragraphs(article, passage.start, passage.end, runs)
    return f'<blockquote class="dl-passage">{shown}</blockquote>'


def open_button(article: Article, view: str) -> str:
    """The button that opens the whole article at this passage."""
    title = escape_text(shorten_text(article.title or article.id, 80))
    return (
        f'<button type="button" class="dl-open" data-open="{view}" '
        f'aria-label="{say("card.open.long", title=title)}">{say("card.open")}</button>'
    )


def around_button(view: str) -> str:
    """The button that shows what stands before and after this passage."""
    return (
        f'<button type="button" class="dl-around" data-around="{view}" aria-expanded="false">'
        f"{say('card.around')}</button>"
    )


def render_copy(citation: Citation) -> str:
    """The menu that copies the quote with its citation in three forms."""
    buttons = "".join(
        f'<button type="button" data-copy="{escape_text(text)}">{say(f"copy.{name}")}</button>'
        for name, text in quote_forms(citation.article, citation.quote, citation.start).items()
    )
    return (
        f'<details class="dl-copy"><summary>{say("copy.quote")}</summary>'
        f'<div class="dl-menu">{buttons}</div></details>'
    )
