"""The sources of one answer: a card for every cited passage, then those found beside it."""

import json
from collections.abc import Sequence

from index import Article, Hit, Passage
from qa.chat.display import (
    count_things,
    escape_text,
    render_provenance,
    shorten_text,
)
from qa.chat.marks import Run, mark_runs
from qa.chat.paragraphs import split_paragraphs
from qa.chat.quotes import quote_forms
from qa.types import Answer, Citation

NEAREST_SHOWN = 5
SIGNAL_NAMES = {
    "dense": "meaning",
    "bm25": "words",
    "reader": "reader",
}


def render_sources(answer: Answer, turn: int) -> str:
    """The sources pane for one answer; ``turn`` ties its cards to the answer's citations."""
    cited = {(item.passage.article_id, item.passage.start) for item in answer.citations}
    others = [
        hit for hit in answer.hits if (hit.passage.article_id, hit.passage.start) not in cited
    ]
    signals = {(hit.passage.article_id, hit.passage.start): hit for hit in answer.hits}
    question = escape_text(shorten_text(answer.question, 90))
    parts = [f'<section class="dl-pane" data-turn="{turn}" aria-labelledby="dl-pane-{turn}">']
    if answer.status == "answered" and answer.citations:
        heading = count_things(len(answer.citations), "cited passage")
        parts.append(pane_heading(turn, heading, f"for “{question}”"))
        parts.extend(
            render_citation(
                item, turn, signals.get((item.passage.article_id, item.passage.start)), answer
            )
            for item in answer.citations
        )
        if others:
            parts.append(
                f'<details class="dl-more"><summary>{count_things(len(others), "more passage")} '
                "found, not cited</summary>"
            )
            parts.extend(render_hit(hit, turn) for hit in others)
            parts.append("</details>")
    elif others:
        parts.append(pane_heading(turn, "Nearest passages", f"to “{question}”"))
        parts.append(
            '<p class="dl-pane-note">These come closest, but they do <strong>not answer</strong> '
            "the question.</p>"
        )
        parts.extend(render_hit(hit, turn) for hit in others[:NEAREST_SHOWN])
    else:
        parts.append(pane_heading(turn, "No passages", f"for “{question}”"))
        parts.append('<p class="dl-pane-note">Nothing in the library comes near.</p>')
    parts.append("</section>")
    return "".join(parts)


def pane_heading(turn: int, heading: str, rest: str) -> str:
    """The heading of the pane; ``rest`` is HTML."""
    return (
        f'<header class="dl-pane-head"><h2 id="dl-pane-{turn}" tabindex="-1">{heading}</h2>'
        f'<p dir="auto">{rest}</p></header>'
    )


def render_citation(citation: Citation, turn: int, hit: Hit | None, answer: Answer) -> str:
    """The card of a cited passage: its sentence marked, the answering words stronger."""
    passage = citation.passage
    runs = [Run(citation.start, citation.end, "mark", 'class="dl-quote"', depth=1)]
    if citation.span:
        span = citation.span
        runs.append(Run(span.start, span.end, "strong", 'class="dl-span"', depth=2))
    number = citation.number
    label = f"Back to where the answer cites source {number}"
    badge = (
        f'<button type="button" class="dl-number" data-back="{number}" '
        f'aria-label="{label}" title="{label}">{number}</button>'
    )
    view = describe_view(
        citation.article,
        (passage.start, passage.end),
        number=number,
        quote=(citation.start, citation.end),
        span=(citation.span.start, citation.span.end) if citation.span else None,
    )
    return (
        f'<article class="dl-card dl-cited" id="dl-source-{turn}-{number}" data-card="{number}" '
        f'tabindex="-1" aria-labelledby="dl-title-{turn}-{number}">'
        + render_head(citation.article, passage, badge, f"dl-title-{turn}-{number}")
        + render_passage(citation.article, passage, runs)
        + '<div class="dl-actions">'
        + open_button(citation.article, view)
        + render_copy(citation)
        + around_button(view)
        + "</div>"
        + render_signals(hit, answer)
        + "</article>"
    )


def render_hit(hit: Hit, turn: int) -> str:
    """The card of a passage that was found but is not cited."""
    view = describe_view(hit.article, (hit.passage.start, hit.passage.end))
    identity = f"dl-hit-{turn}-{hit.rank}"
    return (
        f'<article class="dl-card" aria-labelledby="{identity}">'
        + render_head(hit.article, hit.passage, "", identity)
        + render_passage(hit.article, hit.passage, ())
        + f'<div class="dl-actions">{open_button(hit.article, view)}{around_button(view)}</div>'
        + render_signals(hit, None)
        + "</article>"
    )


def render_head(article: Article, passage: Passage, badge: str, identity: str) -> str:
    """Number, title, source, date with how it is known, and the page of a PDF."""
    page = [f"page {page_number(article, passage.start)}"] if article.pages else []
    return (
        f'<header class="dl-card-head">{badge}<div><h3 id="{identity}" dir="auto">'
        f"{escape_text(article.title or article.id)}</h3>{render_provenance(article, *page)}"
        "</div></header>"
    )


def page_number(article: Article, offset: int) -> int:
    """The page, from 1, on which the character at ``offset`` stands."""
    return max(1, sum(start <= offset for start in article.pages))


def render_passage(article: Article, passage: Passage, runs: Sequence[Run]) -> str:
    """The passage's text in the article's paragraphs, with its runs set off."""
    shown = "".join(
        f'<p dir="auto">{mark_runs(article.text, start, end, runs)}</p>'
        for start, end in split_paragraphs(article.text, passage.start, passage.end)
    )
    return f'<blockquote class="dl-passage">{shown}</blockquote>'


def open_button(article: Article, view: str) -> str:
    """The button that opens the whole article at this passage."""
    title = escape_text(shorten_text(article.title or article.id, 80))
    return (
        f'<button type="button" class="dl-open" data-open="{view}" '
        f'aria-label="Read the whole article: {title}">Read the article</button>'
    )


def around_button(view: str) -> str:
    """The button that shows what stands before and after this passage."""
    return (
        f'<button type="button" class="dl-around" data-around="{view}" aria-expanded="false">'
        "Show what is around it</button>"
    )


def describe_view(
    article: Article,
    passage: tuple[int, int],
    *,
    number: int = 0,
    quote: tuple[int, int] | None = None,
    span: tuple[int, int] | None = None,
) -> str:
    """What the article view needs to know of a source, as JSON fit for an attribute."""
    view = {
        "article": article.id,
        "digest": article.digest,
        "number": number,
        "passage": passage,
        "quote": quote,
        "span": span,
    }
    return escape_text(json.dumps(view))


def render_copy(citation: Citation) -> str:
    """The menu that copies the quote with its citation in three forms."""
    buttons = "".join(
        f'<button type="button" data-copy="{escape_text(text)}">{name}</button>'
        for name, text in quote_forms(citation.article, citation.quote).items()
    )
    return (
        '<details class="dl-copy"><summary>Copy quote</summary>'
        f'<div class="dl-menu">{buttons}</div></details>'
    )


def render_signals(hit: Hit | None, answer: Answer | None) -> str:
    """Why this passage was found: its rank and each retriever's own score."""
    if hit is None:
        return ""
    rows = [("Rank among all passages", str(hit.rank)), ("Score", f"{hit.score:.3f}")]
    rows += [
        (f"By {SIGNAL_NAMES.get(name, name)}", f"{value:.3f}")
        for name, value in hit.signals.items()
    ]
    if answer is not None:
        rows += [
            (f"Time to {escape_text(stage)}", f"{value:.0f} ms")
            for stage, value in answer.timings.items()
        ]
    cells = "".join(
        f"<div><dt>{escape_text(name)}</dt><dd>{value}</dd></div>" for name, value in rows
    )
    return f'<details class="dl-why"><summary>Why this passage</summary><dl>{cells}</dl></details>'
