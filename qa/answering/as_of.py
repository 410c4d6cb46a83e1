"""Questions that say themselves which articles may answer: "as of 2010"."""

import re
from dataclasses import replace

from index import Filters
from qa.dates import resolve_as_of, spell_date

ABOUT_SOURCES = re.compile(r"\bas (?:of|at)\b|\b(?:published|dated|written)\b", re.IGNORECASE)


def restrict_by_question(question: str, filters: Filters) -> tuple[str, Filters, str]:
    """The question without such a phrase, the filters with it, and a note that says so.

    Only a phrase that is about the sources counts: "before 2015" alone may tell of the matter, and
    is left in the question. A date that the caller filters by wins over the question's.
    """
    if not ABOUT_SOURCES.search(question):
        return question, filters, ""
    rest, asked = resolve_as_of(question)
    if asked.is_empty or filters.published_after or filters.published_before:
        return question, filters, ""
    restricted = replace(
        filters, published_after=asked.published_after, published_before=asked.published_before
    )
    return rest, restricted, f"Only articles {describe_dates(asked)} were used."


def describe_dates(filters: Filters) -> str:
    """The filter's dates in words, such as ``published up to 2010``."""
    after, before = filters.published_after, filters.published_before
    if after and before and after == before:
        return f"published in {spell_date(after)}"
    parts = [
        f"from {spell_date(after)}" if after else "",
        f"up to {spell_date(before)}" if before else "",
    ]
    return "published " + " ".join(part for part in parts if part)
