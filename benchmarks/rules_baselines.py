"""The trivial ways that the rules are compared with."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from index import Article, PublicationDate
from index.text.written_dates import find_written_dates
from qa.agreement import Statement
from qa.agreement.names import normalise_words
from qa.dates.edtf import has_year


@dataclass(frozen=True)
class Found:
    """A stretch that a baseline takes for something."""

    start: int
    end: int
    text: str
    iso: str


def dates_written_whole(text: str, published: str | None) -> list[Found]:
    """Days, months and years in figures or month names; nothing is counted from anywhere."""
    return [
        Found(item.start, item.end, text[item.start : item.end], item.iso)
        for item in find_written_dates(text)
    ]


def dates_by_dateparser(text: str, published: str | None) -> list[Found]:
    """What ``dateparser.search`` finds, as precise as dateparser says that it is."""
    from dateparser.date import DateDataParser
    from dateparser.search import search_dates

    settings: dict[str, object] = {"PREFER_DATES_FROM": "past"}
    if published and re.fullmatch(r"\d{4}-\d\d-\d\d", published):
        settings["RELATIVE_BASE"] = datetime.fromisoformat(published)
    parser = DateDataParser(languages=["en"], settings=settings)
    found, cursor = [], 0
    for words, _ in search_dates(text, languages=["en"], settings=settings) or ():
        start = text.find(words, cursor)
        read = parser.get_date_data(words)
        if start < 0 or not read.date_obj:
            continue
        cursor = start + len(words)
        length = {"year": 4, "month": 7}.get(read.period, 10)
        iso = read.date_obj.date().isoformat()[:length]
        found.append(Found(start, cursor, words, iso))
    return found


def year_nearest(
    published: PublicationDate | None, text: str, others: Sequence[Article]
) -> PublicationDate | None:
    """The year of the first date with one: in the article, else in another."""
    if published is None or has_year(published.iso):
        return published
    for told in (text, *(other.text for other in others)):
        match = re.search(r"\b(?:19|20)\d\d\b", told)
        if match:
            return replace(published, iso=f"{match[0]}{published.iso[1:]}", precision="day")
    return published


def boilerplate_by_trafilatura(data: bytes) -> str:
    """The main text of a page, as trafilatura finds it."""
    import trafilatura

    return trafilatura.extract(data, include_comments=False) or ""


_BLOCKS = frozenset(
    "p div h1 h2 h3 h4 h5 h6 li ul ol br tr table section article figure figcaption blockquote pre "
    "dt dd hr header footer nav aside main form button option".split()
)


def page_as_text(html: str | bytes) -> str:
    """A page as a browser saves it as text: a line for each block."""
    from lxml import html as lxml_html

    root = lxml_html.fromstring(html)
    parts: list[str] = []

    def walk(node: lxml_html.HtmlElement) -> None:
        if isinstance(node.tag, str) and node.tag not in ("script", "style", "head", "noscript"):
            block = node.tag in _BLOCKS
            parts.append("\n" if block else "")
            parts.append(" ".join((node.text or "").split()) + " " if node.text else "")
            for child in node:
                walk(child)
            parts.append("\n" if block else "")
        if node.tail:
            parts.append(" " + " ".join(node.tail.split()) + " ")

    walk(root)
    lines = ("".join(parts)).split("\n")
    return "\n".join(" ".join(line.split()) for line in lines if line.strip())


def label_by_words(question: str, statements: Sequence[Statement]) -> str:
    """Equal words are the same answer, others differ, and nothing conflicts."""
    one, other = (normalise_words(item.answer) for item in statements)
    return "same" if one == other else "differ"


def same_by_words(one: str, other: str) -> bool:
    """Whether two names have equal words."""
    return normalise_words(one) == normalise_words(other)


def same_by_last_word(one: str, other: str) -> bool:
    """Whether two names end in the same word."""
    mine, theirs = normalise_words(one), normalise_words(other)
    return bool(mine and theirs) and mine[-1] == theirs[-1]
