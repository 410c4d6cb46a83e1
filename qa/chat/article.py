"""The whole article as the reader opens it: cited sentences marked, boilerplate greyed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from index import Article, Passage
from qa.chat.display import render_provenance
from qa.chat.marks import Run, mark_runs, markup_runs
from qa.chat.paragraphs import split_paragraphs
from qa.chat.passages import Place, render_paragraphs
from qa.chat.texts import say
from qa.output.safe_text import escape_text

WINDOW = 200_000


@dataclass(frozen=True, slots=True)
class ViewRequest:
    """Which article to open, what is cited of it and which of those to show first.

    ``digest`` is that of the text which the offsets belong to.
    """

    article: str
    digest: str = ""
    cited: tuple[Place, ...] = ()
    focus: int = 0


def render_article(
    article: Article, passages: Sequence[Passage], request: ViewRequest
) -> dict[str, Any]:
    """The article view as the page wants it: ``head`` and ``body`` in HTML."""
    changed = bool(request.digest) and request.digest != article.digest
    cited = () if changed else request.cited
    start, end = choose_window(article.text, request.focus)
    body = render_body(article, passages, cited, start, end)
    notes = []
    if changed:
        notes.append(say("view.changed"))
    if end - start < len(article.text):
        notes.append(say("view.long", shown=end - start, total=len(article.text)))
    if "dl-boilerplate" in body:
        notes.append(say("view.boilerplate"))
    notes_html = "".join(f'<p class="dl-view-note">{escape_text(note)}</p>' for note in notes)
    return {"head": render_view_head(article), "body": notes_html + body}


def render_neighbours(
    article: Article, passages: Sequence[Passage], request: ViewRequest
) -> dict[str, str]:
    """What stands before and after the request's first passage, boilerplate left out."""
    if not request.cited or (request.digest and request.digest != article.digest):
        return {"before": "", "after": "", "note": say("around.changed")}
    start, end = request.cited[0].passage
    earlier = [item for item in passages if item.start < start]
    later = [item for item in passages if item.end > end]
    before = after = ""
    if earlier:
        previous = max(earlier, key=lambda item: item.start)
        before = render_paragraphs(article, previous.start, min(previous.end, start))
    if later:
        following = min(later, key=lambda item: item.end)
        after = render_paragraphs(article, max(following.start, end), following.end)
    note = "" if before or after else say("around.alone")
    return {"before": before, "after": after, "note": note}


def choose_window(text: str, focus: int) -> tuple[int, int]:
    """The part of a very long text to show: around ``focus``, from line to line where it can."""
    if len(text) <= WINDOW:
        return 0, len(text)
    start = max(0, min(focus, len(text)) - WINDOW // 2)
    end = min(len(text), start + WINDOW)
    start = max(0, end - WINDOW)
    line_start = text.find("\n", start, start + WINDOW // 10)
    line_end = text.rfind("\n", end - WINDOW // 10, end)
    return (
        line_start + 1 if start and line_start >= 0 else start,
        line_end if end < len(text) and line_end >= 0 else end,
    )


def render_view_head(article: Article) -> str:
    """Title, source, date and file name above the article."""
    title = escape_text(article.title or article.id)
    return f'<h2 id="dl-view-title" tabindex="-1" dir="auto">{title}</h2>' + render_provenance(
        article, article.id
    )


def render_body(
    article: Article, passages: Sequence[Passage], cited: Iterable[Place], start: int, end: int
) -> str:
    """``article.text[start:end]`` in paragraphs, with marks, grey boilerplate and page numbers."""
    text = article.text
    runs = [
        Run(item.passage[0], min(item.passage[1], len(text)), "span", 'class="dl-cited-passage"')
        for item in cited
    ]
    runs += [quote_run(item) for item in cited if item.quote]
    runs += [Run(*item.span, "strong", 'class="dl-span"', depth=2) for item in cited if item.span]
    runs += markup_runs(article, start, end)
    covered = merge_intervals([(item.start, item.end) for item in passages])
    pages = list(article.pages)
    blocks: list[str] = []
    for left, right in split_paragraphs(text, start, end):
        while pages and pages[0] <= left:
            pages.pop(0)
            number = article.page_at(left)
            if len(article.pages) > 1:
                blocks.append(f'<p class="dl-page">{say("view.page", number=number)}</p>')
        inside = [item for item in covered if item[0] < right and item[1] > left]
        if inside or not covered:
            boilerplate = [
                Run(a, b, "span", 'class="dl-boilerplate"', depth=-1)
                for a, b in gaps(inside, left, right)
                if covered and text[a:b].strip()
            ]
            shown = mark_runs(text, left, right, [*runs, *boilerplate])
            blocks.append(f'<p dir="auto">{shown}</p>')
        else:
            shown = mark_runs(text, left, right, runs)
            blocks.append(f'<p dir="auto" class="dl-boilerplate">{shown}</p>')
    return f'<div class="dl-body">{"".join(blocks)}</div>'


def quote_run(item: Place) -> Run:
    """The mark of a cited sentence; its first piece is a stop for next and previous."""
    start, end = item.evidence
    return Run(
        start, end, "mark", 'class="dl-quote"', f'data-stop="{item.number}" tabindex="-1"', depth=1
    )


def merge_intervals(intervals: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The union of intervals, in order."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(intervals):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def gaps(covered: Iterable[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    """What of ``start`` to ``end`` no interval covers."""
    found = []
    position = start
    for left, right in covered:
        if left > position:
            found.append((position, left))
        position = max(position, right)
    if position < end:
        found.append((position, end))
    return found
