"""What may be asked for, checked once for every front end: filters, and a list of articles.

A front end words its own errors: ``FilterError`` says what is wrong as data, and in English with
the names that a program uses.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from index import ArticleSummary, Filters, QuestionError

ISO_PREFIX = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
LONGEST_SHOWN = 40

Order = Literal["added", "title", "date", "source"]
DateField = Literal["published_after", "published_before"]


class FilterError(QuestionError):
    """A date that is none, or a range that ends before it begins.

    ``field`` names the date that is none and ``text`` is what stands there; without them ``first``
    and ``last`` are the dates of the range.
    """

    def __init__(
        self, *, field: DateField | None = None, text: str = "", first: str = "", last: str = ""
    ) -> None:
        self.field, self.text, self.first, self.last = field, text[:LONGEST_SHOWN], first, last
        super().__init__(self.describe())

    def describe(self, name: Callable[[str], str] = str) -> str:
        """The sentence, with the fields called as ``name`` says."""
        if self.field:
            return (
                f"{name(self.field)} is {self.text!r}, which is no date; write 2008, 2008-09 or "
                "2008-09-17."
            )
        return (
            f"{name('published_after')} {self.first} is later than {name('published_before')} "
            f"{self.last}; swap them."
        )


def holds_words(text: str) -> bool:
    """Whether there is a letter or a digit in it, so that something can be asked."""
    return any(character.isalnum() for character in text)


def check_question(question: str) -> str:
    """The question without surrounding white space.

    Raises:
        QuestionError: there is no letter and no digit in it.
    """
    text = question.strip()
    if not holds_words(text):
        raise QuestionError("The question is empty; type what you want to know.")
    return text


def parse_filters(
    after: str = "",
    before: str = "",
    sources: Sequence[str] | None = None,
    languages: Sequence[str] | None = None,
) -> Filters:
    """The filters that somebody gave; empty fields admit all.

    Raises:
        FilterError: a date that is none, or a range that ends before it begins.
    """
    first = parse_date("published_after", after)
    last = parse_date("published_before", before)
    filters = Filters(first, last, clean_names(sources), clean_names(languages))
    if filters.is_backwards:
        raise FilterError(first=first, last=last)
    return filters


def parse_date(field: DateField, value: object) -> str:
    """A date or a prefix of one, without the white space around it.

    Raises:
        FilterError: it is neither, or the calendar has no such day.
    """
    text = str(value or "").strip()
    try:
        if text and ISO_PREFIX.fullmatch(text):
            date.fromisoformat(text + "-01-01"[len(text) - 4 :])
        elif text:
            raise ValueError
    except ValueError as error:
        raise FilterError(field=field, text=text) from error
    return text


def clean_names(names: Sequence[str] | None) -> tuple[str, ...]:
    """The names that say something, each once, in order; one name may stand for a list of it."""
    listed = [names] if isinstance(names, str) else names or ()
    stripped = (str(name).strip() for name in listed)
    return tuple(dict.fromkeys(name for name in stripped if name))


@dataclass(frozen=True, slots=True)
class ListingRequest:
    """What somebody wants to see of a library's articles; ``first`` is the first row's place.

    ``after`` and ``before`` are ISO dates or prefixes of one, both inclusive; articles without a
    year are left out when either is given.
    """

    words: tuple[str, ...] = ()
    source: str = ""
    language: str = ""
    after: str = ""
    before: str = ""
    order: Order = "added"
    descending: bool = True
    first: int = 0


def select_articles(
    articles: Sequence[ArticleSummary], request: ListingRequest
) -> list[ArticleSummary]:
    """The articles that pass every filter, in order; where a key is unknown, last both ways."""
    numbered = [(place, item) for place, item in enumerate(articles) if passes(item, request)]
    keys: dict[Order, Callable[[tuple[int, ArticleSummary]], Any]] = {
        "added": lambda row: row[0],
        "title": lambda row: (row[1].title or row[1].id).casefold(),
        "date": lambda row: full_date(row[1]),
        "source": lambda row: row[1].source.casefold(),
    }
    key = keys[request.order]
    known = [row for row in numbered if key(row) != ""]
    unknown = [row for row in numbered if key(row) == ""]
    known.sort(key=key, reverse=request.descending)
    return [item for _, item in (*known, *unknown)]


def passes(item: ArticleSummary, request: ListingRequest) -> bool:
    """Whether an article has every word in title, source or name, and passes the other filters."""
    text = f"{item.title} {item.source} {item.id}".casefold()
    date = full_date(item)
    return (
        all(word in text for word in request.words)
        and request.source in ("", item.source)
        and request.language in ("", item.language)
        and (not request.after or (bool(date) and date >= request.after[: len(date)]))
        and (not request.before or (bool(date) and date[: len(request.before)] <= request.before))
    )


def full_date(item: ArticleSummary) -> str:
    """The article's date when its year is known, else nothing."""
    iso = item.published.iso if item.published else ""
    return "" if iso.startswith("--") else iso
