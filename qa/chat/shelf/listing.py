"""What the Library tab asks to see of a library's articles."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, cast, get_args

from index import ArticleSummary
from qa.chat.filters import wording_errors
from qa.requests import ListingRequest, Order, parse_date

PAGE = 100


def parse_listing(payload: dict[str, Any]) -> ListingRequest:
    """The request that the page sent.

    Raises:
        QuestionError: a date that is none.
    """
    order, first = payload.get("order"), payload.get("first")
    with wording_errors():
        return ListingRequest(
            tuple(str(payload.get("words") or "").casefold().split()),
            str(payload.get("source") or ""),
            str(payload.get("language") or ""),
            parse_date("published_after", payload.get("after")),
            parse_date("published_before", payload.get("before")),
            cast(Order, order) if order in get_args(Order) else "added",
            payload.get("descending") is not False,
            first if isinstance(first, int) and first > 0 else 0,
        )


def count_values(articles: Sequence[ArticleSummary], name: str) -> list[tuple[str, int]]:
    """The values of ``source`` or ``language`` with how many articles have each, most first."""
    counted = Counter(str(getattr(item, name)) for item in articles if getattr(item, name))
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0].casefold()))
