"""Which articles of a library a list shows, and in which order."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast, get_args

from index import ArticleSummary
from qa.chat.filters import parse_date

Order = Literal["added", "title", "date", "source"]
PAGE = 100


@dataclass(frozen=True, slots=True)
class ListingRequest:
    """What a page wants to see of a library's articles; ``first`` is the place of the first row.

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

    @classmethod
    def parse(cls, payload: dict[str, Any]) -> "ListingRequest":
        """The request that the page sent.

        Raises:
            QuestionError: a date that is none.
        """
        order, first = payload.get("order"), payload.get("first")
        return cls(
            tuple(str(payload.get("words") or "").casefold().split()),
            str(payload.get("source") or ""),
            str(payload.get("language") or ""),
            parse_date("filters.after", payload.get("after")),
            parse_date("filters.before", payload.get("before")),
            cast(Order, order) if order in get_args(Order) else "added",
            payload.get("descending") is not False,
            first if isinstance(first, int) and first > 0 else 0,
        )


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


def count_values(articles: Sequence[ArticleSummary], name: str) -> list[tuple[str, int]]:
    """The values of ``source`` or ``language`` with how many articles have each, most first."""
    counted = Counter(str(getattr(item, name)) for item in articles if getattr(item, name))
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0].casefold()))
