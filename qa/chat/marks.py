"""Runs of a text that are set off: from offsets to HTML, cut before anything is escaped."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from index import Article
from qa.output.safe_text import escape_text

MARKDOWN_NAME = re.compile(r"\.(md|markdown)$", re.IGNORECASE)
# What CommonMark and its tables spend on looks: what is left without it is the text.
MARKUP = re.compile(
    r"""
    ^[ \t]{0,3}(?:\#{1,6}(?=\s) | >+ | [-*+](?=\s) | ```.*)   # headings, quotes, lists, fences
    | ^[ \t]{0,3}(?:[-*_=][ \t]*){3,}$                        # rules and underlined headings
    | ^\|?[ \t]*:?-{2,}[-:|\t ]*$ | \|                       # tables
    | \*{1,3}+(?=\S) | (?<=\S)\*{1,3} | \b_{1,3}+(?=\S) | (?<=\S)_{1,3}\b | `+   # emphasis, code
    | !?\[(?=[^\]\n]*\]\() | \]\([^)\n]*\)                    # links and pictures
    | </?[A-Za-z][^>\n]*> | <!--.*?-->                        # HTML
    """,
    re.MULTILINE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Run:
    """A half-open run of a text in an element: ``<tag attributes>…</tag>``.

    ``attributes`` is HTML made by this package, never text of an article; ``anchor`` is more of it
    that only the run's first piece gets. Where runs cross, the one with the higher ``depth`` is the
    inner one.
    """

    start: int
    end: int
    tag: str
    attributes: str = ""
    anchor: str = ""
    depth: int = 0


def mark_runs(text: str, start: int, end: int, runs: Iterable[Run]) -> str:
    """``text[start:end]`` as HTML with every run around its part of it.

    Runs that cross are cut where they do, so that the elements always nest.
    """
    clipped = [run for run in runs if run.start < end and run.end > start and run.start < run.end]
    if not clipped:
        return escape_text(text[start:end])
    edges = {start, end}
    for run in clipped:
        edges.update(edge for edge in (run.start, run.end) if start < edge < end)
    ordered = sorted(edges)
    pieces: list[str] = []
    opened: list[Run] = []
    for left, right in zip(ordered, ordered[1:], strict=False):
        wanted = sorted(
            (run for run in clipped if run.start <= left and run.end >= right),
            key=lambda run: run.depth,
        )
        kept = 0
        while kept < min(len(opened), len(wanted)) and opened[kept] is wanted[kept]:
            kept += 1
        pieces.extend(f"</{run.tag}>" for run in reversed(opened[kept:]))
        pieces.extend(open_tag(run, first=run.start >= left) for run in wanted[kept:])
        opened = wanted
        pieces.append(escape_text(text[left:right]))
    pieces.extend(f"</{run.tag}>" for run in reversed(opened))
    return "".join(pieces)


def open_tag(run: Run, *, first: bool) -> str:
    """The start tag of a piece of a run."""
    attributes = [run.attributes, run.anchor if first else ""]
    return f"<{' '.join([run.tag, *filter(None, attributes)])}>"


def markup_runs(article: Article, start: int, end: int) -> list[Run]:
    """The marks of Markdown in ``article.text[start:end]`` as quiet runs; none in other formats."""
    if not MARKDOWN_NAME.search(article.id):
        return []
    found = MARKUP.finditer(article.text, start, end)
    return [Run(*mark.span(), "span", 'class="dl-markup"', depth=3) for mark in found]
