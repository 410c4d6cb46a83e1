"""Text of an article as paragraphs of HTML, and what the page needs to open the article there."""

from collections.abc import Iterable
from dataclasses import dataclass

from index import Article, Hit
from qa.chat.marks import Run, mark_runs, markup_runs
from qa.chat.paragraphs import split_paragraphs
from qa.output.records import write_json
from qa.output.safe_text import escape_text
from qa.types import Citation

Offsets = tuple[int, int]


def render_paragraphs(article: Article, start: int, end: int, runs: Iterable[Run] = ()) -> str:
    """``article.text[start:end]`` in paragraphs, with its runs set off and markup made quiet."""
    shown = [*runs, *markup_runs(article, start, end)]
    return "".join(
        f'<p dir="auto">{mark_runs(article.text, left, right, shown)}</p>'
        for left, right in split_paragraphs(article.text, start, end)
    )


@dataclass(frozen=True, slots=True)
class Place:
    """A passage as the page shows it, and what is cited of it: its sentence and its words.

    ``digest`` is that of the text which the offsets belong to.
    """

    passage: Offsets
    quote: Offsets | None = None
    span: Offsets | None = None
    number: int = 0
    article: str = ""
    digest: str = ""

    def __post_init__(self) -> None:
        """Refuse offsets that are out of order."""
        given = filter(None, (self.passage, self.quote, self.span))
        if not all(0 <= start < end for start, end in given):
            raise ValueError("must have its offsets in order")

    @property
    def evidence(self) -> Offsets:
        """The cited sentence, else the passage."""
        return self.quote or self.passage


def place_citation(citation: Citation) -> Place:
    """Where a citation stands."""
    article, passage, span = citation.article, citation.passage, citation.span
    return Place(
        (passage.start, passage.end),
        (citation.start, citation.end),
        (span.start, span.end) if span else None,
        citation.number,
        article.id,
        article.digest,
    )


def place_hit(hit: Hit) -> Place:
    """Where a passage that was found stands."""
    article, passage = hit.article, hit.passage
    return Place((passage.start, passage.end), article=article.id, digest=article.digest)


def describe_place(place: Place) -> str:
    """What the article view needs to know of a place, as JSON fit for an attribute."""
    return escape_text(write_json(place))
