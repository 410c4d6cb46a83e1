"""Rules for dates in numbers: "2008-09-17", "17/09/2008", "27/02/14"; scores and versions are none.

Which number is the day is told by the numbers themselves (17 is no month), by another date of the
text in the same form, or by its language; English is written both ways, so there "03/04/2013"
stays open. A year of two digits needs a publication date to belong to.
"""

import re
from typing import Literal

from qa.dates.edtf import day_iso
from qa.dates.grammar.rules import YEAR, Context, Reading, Readings, Rule, read_short_year

Order = Literal["day first", "month first"]

_ANY = re.compile(
    rf"(?<![\d./-])(\d\d?)(?P<mark>[./-])(\d\d?)(?P=mark)(?:{YEAR}|\d\d)(?![\d/-]|\.\d)"
)
_ENGLISH = re.compile(r"\b(?:the|and|of|to|was|on|is|for)\b", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]{3}")


def _find_order(text: str) -> Order | None:
    """Which number of the text's dates is the day, where something tells."""
    orders: set[Order] = set()
    for match in _ANY.finditer(text):
        first, second = int(match[1]), int(match[3])
        if 12 < first <= 31 and second <= 12:
            orders.add("day first")
        if 12 < second <= 31 and first <= 12:
            orders.add("month first")
    if len(orders) == 1:
        return orders.pop()
    foreign = not _ENGLISH.search(text) and len(_LETTERS.findall(text)) >= 3
    return "day first" if foreign and not orders else None


def _read_iso(match: re.Match[str], context: Context) -> Readings:
    """As in "2008-09-17" and "2008/09/17"."""
    iso = day_iso(int(match["year"]), int(match["month"]), int(match["day"]))
    return (Reading(iso, "as written", absolute=True),) if iso else ()


def _read_numeric(match: re.Match[str], context: Context) -> Readings:
    """As in "17/09/2008" and "27/02/14"; none when day and month could be either way round."""
    first, second, year = int(match["first"]), int(match["second"]), int(match["year"])
    order = _find_order(context.text)
    if len(match["year"]) == 2:
        # In English a number with two points is a version or a section.
        if not context.reference.year or (match["mark"] == "." and order != "day first"):
            return ()
        year = read_short_year(match["year"], context)
    if first > 12 or first == second or match["mark"] == ".":
        order = "day first"
    elif second > 12:
        order = "month first"
    if order is None:
        return ()
    month, day = (second, first) if order == "day first" else (first, second)
    iso = day_iso(year, month, day)
    return (Reading(iso, "as written", absolute=True),) if iso else ()


RULES = (
    Rule(
        "iso",
        ("year",),
        re.compile(
            rf"(?<![\d./-])(?P<year>{YEAR})(?P<mark>[-/.])(?P<month>\d\d?)(?P=mark)(?P<day>\d\d?)(?!\d|[-.]\d)"
        ),
        _read_iso,
    ),
    Rule(
        "numeric",
        ("year", "short numeric"),
        re.compile(
            r"(?<![\w./:$€£#+-])(?P<first>\d\d?)(?P<mark>[./-])(?P<second>\d\d?)(?P=mark)"
            rf"(?P<year>{YEAR}|(?<!-)\d\d)(?![\w/%-]|[.,:]\d)"
        ),
        _read_numeric,
    ),
)
