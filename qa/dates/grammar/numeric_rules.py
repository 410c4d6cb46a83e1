"""Rules for dates in numbers: "2008-09-17", "17/09/2008", "27/02/14"; scores and versions are none.

Which number is the day is told by the numbers themselves (17 is no month), by another date of the
text in the same form, or by its language; English is written both ways, so there "03/04/2013"
stays open. A year of two digits needs a publication date to belong to.
"""

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from qa.dates.edtf import day_iso
from qa.dates.grammar.rules import YEAR, Context, Reading, Readings, Rule, word_before

Order = Literal["day first", "month first"]

_ANY = re.compile(
    rf"(?<![\d./-])(\d\d?)(?P<mark>[./-])(\d\d?)(?P=mark)(?:{YEAR}|\d\d)(?![\d/-]|\.\d)"
)
_ENGLISH = re.compile(r"\b(?:the|and|of|to|was|on|is|for)\b", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]{3}")
_NO_DATE_BEFORE = frozenset(
    "version versions v ver release build python windows android ios chapter section verse part "
    "ratio score scored odds size model ip firmware update patch ubuntu psalm".split()
)
_DIALLED = re.compile(r"[+(]\d+\)?\s$")
# A year of two digits is near the publication or well before it, never far ahead.
_AHEAD = timedelta(days=730)


@lru_cache(maxsize=16)
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
    """As in "17/09/2008" and "17.09.2008"; none when day and month could be either way round."""
    first, second, year = int(match["first"]), int(match["second"]), int(match["year"])
    if match["mark"] == "." or first > 12 or first == second:
        iso = day_iso(year, second, first)
    elif second > 12:
        iso = day_iso(year, first, second)
    else:
        return _read_either(year, first, second, context)
    return (Reading(iso, "as written", absolute=True),) if iso else ()


def _read_either(year: int, first: int, second: int, context: Context) -> Readings:
    """The day when something else in the text tells which number it is."""
    order = _find_order(context.text)
    if order is None:
        return ()
    month, day = (second, first) if order == "day first" else (first, second)
    iso = day_iso(year, month, day)
    note = f"the {order}, as in the rest of the text"
    return (Reading(iso, note, absolute=True),) if iso else ()


def _read_short(match: re.Match[str], context: Context) -> Readings:
    """As in "27/02/14" and "02.03.08"; the year is the latest such near the publication."""
    today = context.reference.date
    lead = word_before(context.text, match.start()).lower().rstrip(".")
    dialled = _DIALLED.search(context.text[max(0, match.start() - 8) : match.start()])
    if today is None or lead in _NO_DATE_BEFORE or dialled:
        return ()
    first, second = int(match["first"]), int(match["second"])
    order = _find_order(context.text)
    if match["mark"] == "." and order != "day first":
        # In English a number with two points is a version or a section.
        return ()
    if first <= 12 and second <= 12 and first != second and order is None:
        return ()
    day, month = (first, second) if second <= 12 and order != "month first" else (second, first)
    year = today.year // 100 * 100 + int(match["year"])
    iso = day_iso(year, month, day)
    if iso and date.fromisoformat(iso) > today + _AHEAD:
        iso = day_iso(year - 100, month, day)
    if not iso or _read_year_first(match, today) not in (None, iso):
        return ()
    return (Reading(iso, "the latest year that ends so"),)


def _read_year_first(match: re.Match[str], today: date) -> str | None:
    """The date near the publication that the number is when the year stands in front."""
    year = today.year // 100 * 100 + int(match["first"])
    iso = day_iso(year, int(match["second"]), int(match["year"]))
    return iso if iso and abs(date.fromisoformat(iso) - today) <= _AHEAD else None


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
        ("year",),
        re.compile(
            r"(?<![\d./-])(?P<first>\d\d?)(?P<mark>[./-])(?P<second>\d\d?)(?P=mark)"
            rf"(?P<year>{YEAR})(?![\d/-]|\.\d)"
        ),
        _read_numeric,
    ),
    Rule(
        "short numeric",
        ("short numeric",),
        re.compile(
            r"(?<![\w./:$€£#+-])(?P<first>\d\d?)(?P<mark>[./])(?P<second>\d\d?)(?P=mark)"
            r"(?P<year>\d\d)(?![\w/%-]|[.,:]\d)"
        ),
        _read_short,
    ),
)
