"""The library in the page: add files by drag and drop, find, read and remove articles."""

import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index import AddReport, Article, ArticleSummary, DatelineError, Library, SkippedFile
from qa.chat.display import count_things, describe_date, describe_origin, escape_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from gradio import Blocks
    from gradio.components import Component

logger = logging.getLogger(__name__)

ROWS_SHOWN = 200
PLACE = "uploaded:"
"""Stands before the name of an uploaded file as its location: a file of the same name that is
uploaded again is a new version of it."""
LISTING_JS = """
element.addEventListener('click', (event) => {
  const button = event.target.closest('[data-remove]');
  if (button) trigger('discard', { article: button.dataset.remove });
});
"""


class Shelf:
    """What the Library tab does; holds nothing of a user."""

    def __init__(self, library: Library) -> None:
        self.library = library

    def list_articles(self, words: str = "") -> str:
        """The articles that have every word in title, source or name, newest first, as HTML."""
        wanted = words.casefold().split()
        every = self.library.articles()[::-1]
        found = [item for item in every if matches(item, wanted)]
        return render_listing(found, len(every))

    def add_files(self, files: Sequence[str | Path]) -> Iterator[str]:
        """Add uploaded files one by one; gives what became of each so far, as HTML."""
        results: list[tuple[str, str, bool]] = []
        for number, file in enumerate(map(Path, files), start=1):
            yield render_results(results, f"Adding {number} of {len(files)}: {file.name}…")
            try:
                report = self.add_file(file)
                results.extend(describe_report(file.name, report))
            except DatelineError as error:
                results.append((file.name, str(error), False))
            except Exception:
                logger.exception("%s could not be added.", file.name)
                results.append(
                    (file.name, "Dateline failed on it through a fault of its own", False)
                )
            finally:
                file.unlink(missing_ok=True)
        yield render_results(results, "")

    def add_file(self, file: Path) -> AddReport:
        """Add what one uploaded file holds; its temporary place is not kept."""
        from index.articles import read_articles

        def place(item: Article | SkippedFile) -> Article | SkippedFile:
            location = item.location.replace(str(file), PLACE + file.name)
            if isinstance(item, Article):
                return replace(item, location=location)
            reason = item.reason.replace(str(file), file.name)
            return replace(item, location=location, reason=reason)

        limit = self.library.settings.max_file_mb
        return self.library.add(place(item) for item in read_articles([file], max_file_mb=limit))

    def remove(self, article_id: str) -> tuple[Article | None, str]:
        """Remove an article; gives it, for putting it back, and what happened as HTML."""
        try:
            article = self.library.article(article_id)
            self.library.remove([article_id])
        except DatelineError as error:
            return None, render_results([], str(error))
        return article, render_results([], f"Removed: {article.title or article.id}")

    def put_back(self, article: Article | None) -> str:
        """Add an article that was removed; gives what happened as HTML."""
        if article is None:
            return ""
        try:
            self.library.add([article])
        except DatelineError as error:
            return render_results([], str(error))
        return render_results([], f"Put back: {article.title or article.id}")


def matches(item: ArticleSummary, words: Sequence[str]) -> bool:
    """Whether an article has every word somewhere in its title, source or name."""
    text = f"{item.title} {item.source} {item.id}".casefold()
    return all(word in text for word in words)


def describe_report(name: str, report: AddReport) -> list[tuple[str, str, bool]]:
    """What became of one file: name, words and whether it is in the library now."""
    lines = []
    passages = count_things(report.passages, "passage")
    if len(report.added) > 1:
        many = count_things(len(report.added), "article")
        lines.append((name, f"{many} added, {passages}", True))
    elif report.added:
        lines.append((name, f"added, {passages}", True))
    if report.updated:
        lines.append((name, f"new version of {', '.join(report.updated)}", True))
    if report.unchanged:
        lines.append((name, "already in the library, unchanged", True))
    lines += [
        (new, f"the same text as {old}, not added twice", True) for new, old in report.duplicates
    ]
    lines += [(name, item.reason.replace(PLACE, ""), False) for item in report.skipped]
    return lines or [(name, "nothing in it that could be added", False)]


def render_results(results: Sequence[tuple[str, str, bool]], status: str) -> str:
    """A line for each file, then what is being done."""
    rows = "".join(
        f'<li class="{"dl-done" if done else "dl-failed"}"><strong dir="auto">{escape_text(name)}'
        f"</strong> {escape_text(words)}</li>"
        for name, words, done in results
    )
    listed = f"<ul>{rows}</ul>" if rows else ""
    said = f"<p>{escape_text(status)}</p>" if status else ""
    return f'<div class="dl-results" role="status">{listed}{said}</div>'


def render_listing(found: Sequence[ArticleSummary], total: int) -> str:
    """The articles with their facts and what can be done with them."""
    if not total:
        return '<p class="dl-count">The library is empty. Drop files above to add them.</p>'
    count = count_things(total, "article")
    if len(found) < total:
        count = f"{len(found):,} of {count}"
    more = ""
    if len(found) > ROWS_SHOWN:
        more = f'<p class="dl-count">The first {ROWS_SHOWN} are shown; search to see others.</p>'
    rows = "".join(render_row(item) for item in found[:ROWS_SHOWN])
    return f'<p class="dl-count" role="status">{count}</p><ul class="dl-list">{rows}</ul>{more}'


def render_row(item: ArticleSummary) -> str:
    """One article of the list."""
    name = escape_text(item.title or item.id)
    facts = [item.source]
    if item.published:
        facts.append(f"{describe_date(item.published.iso)}, {describe_origin(item.published)}")
    facts += [count_things(item.passages, "passage"), item.id]
    shown = "".join(f"<span>{escape_text(fact)}</span>" for fact in facts if fact)
    view = {"article": item.id, "digest": "", "number": 0, "passage": [0, 0], "quote": None}
    opens = escape_text(json.dumps({**view, "plain": True}))
    return (
        f'<li><div><h3 dir="auto">{name}</h3><p class="dl-facts">{shown}</p></div>'
        f'<div class="dl-actions"><button type="button" class="dl-open" data-open="{opens}" '
        f'aria-label="Read: {name}">Read</button>'
        f'<button type="button" class="dl-open" data-remove="{escape_text(item.id)}" '
        f'aria-label="Remove: {name}">Remove</button></div></li>'
    )


def build_shelf(
    page: "Blocks",
    elsewhere: "Sequence[Component]",
    library: Library,
    refresh: "Callable[[], tuple[Any, ...]]",
) -> None:
    """The Library tab, inside the page that is being built.

    ``refresh`` gives the updates of ``elsewhere``, the components of other tabs that show the
    library as it has become.
    """
    import gradio as gr

    from index.articles import SUFFIXES

    shelf = Shelf(library)

    def add(files: list[str] | None, words: str) -> Iterator[tuple[Any, ...]]:
        for results in shelf.add_files(files or []):
            yield results, *[gr.skip()] * (4 + len(elsewhere))
        yield results, None, shelf.list_articles(words), None, gr.Button(visible=False), *refresh()

    def remove(words: str, event: gr.EventData) -> tuple[Any, ...]:
        article, results = shelf.remove(str(event.article))
        undo = gr.Button(visible=article is not None)
        return results, shelf.list_articles(words), article, undo, *refresh()

    def put_back(article: Article | None, words: str) -> tuple[Any, ...]:
        results = shelf.put_back(article)
        return results, shelf.list_articles(words), None, gr.Button(visible=False), *refresh()

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    removed = gr.State(None)
    with gr.Column(elem_id="dl-shelf"):
        files = gr.File(
            label="Add articles: drop files here, or choose them",
            file_count="multiple",
            file_types=list(SUFFIXES),
            height=150,
            elem_id="dl-drop",
        )
        with gr.Row(elem_id="dl-happened"):
            results = gr.HTML("", elem_id="dl-results")
            undo = gr.Button("Undo", size="sm", visible=False, scale=0, elem_id="dl-undo")
        words = gr.Textbox(
            label="Find an article",
            placeholder="Words of the title, source or file name",
            container=False,
            elem_id="dl-find",
        )
        listing = gr.HTML(
            shelf.list_articles(), elem_id="dl-listing", js_on_load=LISTING_JS, padding=False
        )
    after = [listing, removed, undo, *elsewhere]
    files.upload(add, [files, words], [results, files, *after], concurrency_id="shelf", **quiet)
    listing.discard(remove, [words], [results, *after], concurrency_id="shelf", **quiet)
    undo.click(put_back, [removed, words], [results, *after], concurrency_id="shelf", **quiet)
    words.change(
        shelf.list_articles, [words], [listing], trigger_mode="always_last", queue=False, **quiet
    )
    # The list as it is when the page opens, not as it was when the server started.
    page.load(lambda: shelf.list_articles(), None, [listing], queue=False, **quiet)
