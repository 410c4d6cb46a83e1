"""Text of an article as paragraphs of HTML, and what the page needs to open the article there."""

import json
from collections.abc import Iterable

from index import Article
from qa.chat.marks import Run, mark_runs, markup_runs
from qa.chat.paragraphs import split_paragraphs
from qa.output.safe_text import escape_text


def render_paragraphs(article: Article, start: int, end: int, runs: Iterable[Run] = ()) -> str:
    """``article.text[start:end]`` in paragraphs, with its runs set off and markup made quiet."""
    shown = [*runs, *markup_runs(article, start, end)]
    return "".join(
        f'<p dir="auto">{mark_runs(article.text, left, right, shown)}</p>'
        for left, right in split_paragraphs(article.text, start, end)
    )


def page_number(article: Article, offset: int) -> int:
    """The page, from 1, on which the character at ``offset`` stands."""
    return max(1, sum(start <= offset for start in article.pages))


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
