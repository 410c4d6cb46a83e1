"""Rules for what lies between a day and a year: weeks of a month, quarters, halves, seasons."""

import re
from calendar import monthrange
from datetime import date, timedelta

from index.text.calendar import WEEKDAYS, read_month
from index.text.numbers import read_ordinal
from qa.dates.edtf import day_iso, interval_iso, read_bounds
from qa.dates.grammar.reference import Reference, find_nth_weekday
from qa.dates.grammar.rules import (
    DAY,
    MONTH,
    SAID_YEAR,
    WEEKDAY,
    YEAR,
    Context,
    Reading,
    Readings,
    Rule,
    read_said_year,
    read_short_year,
)
from qa.dates.grammar.words import SEASON_NUMBER

_NTH = r"(?P<nth>(?i:first|second|third|fourth|fifth|last|final))"
_BUSINESS = re.compile(
    r"profit|earning|revenue|sales|gdp|econom|growth|income|results|loss|share|inflation|percent|"
    r"per cent|quarterly|analyst|export|import|output|deliver|shipment|invest",
    re.IGNORECASE,
)


def _find_month(match: re.Match[str], context: Context) -> tuple[int, int] | None:
    """Year and month of a match with a month and perhaps a year."""
    month = read_month(match["month"])
    if match["year"]:
        year = read_said_year(match["year"], context, match.start())
        return (year, month) if year else None
    iso = context.reference.month_of_year(month, ahead=context.is_ahead(match))
    return (int(iso[:4]), month) if iso and not iso.startswith("--") else None


def _count(match: re.Match[str]) -> int:
    """1 to 5, or -1 for the last."""
    word = match["nth"].lower()
    return -1 if word in ("last", "final") else read_ordinal(word) or 1


def _read_nth(match: re.Match[str], context: Context) -> Readings:
    """As in "the first Tuesday of November 2012", "the last week of November".

    A week is seven days from the 1st, 8th, 15th or 22nd, or up to the end.
    """
    found = _find_month(match, context)
    if not found:
        return ()
    (year, month), unit, number = found, match["unit"].lower(), _count(match)
    last_day = monthrange(year, month)[1]
    if unit in WEEKDAYS:
        iso = find_nth_weekday(year, month, WEEKDAYS.index(unit), number)
        return (Reading(iso, "counted in the calendar"),) if iso else ()
    if unit == "half":
        first, last = (1, 15) if number == 1 else (16, last_day)
    else:
        last = last_day if number == -1 else min(7 * number, last_day)
        first = last_day - 6 if number == -1 else 7 * number - 6
    iso = interval_iso(date(year, month, first), date(year, month, last))
    return (Reading(iso, f"days {first} to {last} of the month"),)


def _read_week_of(match: re.Match[str], context: Context) -> Readings:
    """As in "the week of December 10", "the week ending March 9"."""
    month = read_month(match["month"] or match["month2"])
    day = read_ordinal(match["day"] or match["day2"]) or 0
    if match["year"]:
        year = read_said_year(match["year"], context, match.start())
        iso = day_iso(year, month, day) if year else None
    else:
        iso = context.reference.day_of_year(month, day, ahead=context.is_ahead(match))
    bounds = read_bounds(iso) if iso else None
    if not bounds:
        return ()
    start = {
        "of": bounds.first - timedelta(days=bounds.first.weekday()),
        "ending": bounds.first - timedelta(days=6),
        "to": bounds.first - timedelta(days=6),
    }.get(match["how"], bounds.first)
    return (Reading(interval_iso(start, start + timedelta(days=6)), "seven days"),)


def _read_quarter(match: re.Match[str], context: Context) -> Readings:
    """As in "Q3 2012", "the first quarter of 2015", "the second half of last year"."""
    text, half = match["year"] or "", bool(match["half"] or match["unit"] == "half")
    digit = match["quarter"] or match["half"]
    number = int(digit) if digit else _count(match)
    if number == -1:
        number = 2 if half else 4
    if text.endswith("the year"):
        year: int | None = context.reference.year or None
    else:
        year = read_said_year(text, context, match.start())
    if year is None:
        return () if half else _read_recent_quarter(match, context, number)
    first, months = (6 * number - 5, 6) if half else (3 * number - 2, 3)
    iso = f"{year:04}-{first:02}/{year:04}-{first + months - 1:02}"
    return (Reading(iso, "by months of the calendar year", absolute=text[:4].isdecimal()),)


def _read_recent_quarter(match: re.Match[str], context: Context, number: int) -> Readings:
    """As in "third-quarter profit": the last such quarter that was over at publication."""
    reference = context.reference
    near = context.text[max(0, match.start() - 100) : match.end() + 100]
    if not reference.year or not reference.month or not _BUSINESS.search(near):
        return ()
    if context.is_ahead(match):
        year = reference.year + (3 * number < reference.month)
    else:
        year = reference.year - (3 * number >= reference.month)
    iso = f"{year:04}-{3 * number - 2:02}/{year:04}-{3 * number:02}"
    return (Reading(iso, "the quarter nearest to publication"),)


def _read_season(match: re.Match[str], context: Context) -> Readings:
    """As in "summer of 2010", "last winter", "spring next year", "the winter of 2013-14"."""
    number = SEASON_NUMBER[match["season"].lower()]
    if match["rel"]:
        ahead = context.is_ahead(match)
        year = _find_season(match["rel"].lower().split()[-1], number, context.reference, ahead)
    elif match["short"]:
        year = read_short_year(match["short"], context)
    else:
        year = read_said_year(match["year"], context, match.start())
    if not year:
        return ()
    written = bool(match["year"] and match["year"][:4].isdecimal())
    return (Reading(f"{year:04}-{number}", "a season of the north", absolute=written),)


def _find_season(rel: str, number: int, reference: Reference, ahead: bool) -> int | None:
    """The year in which the last, this or the next such season began."""
    if not reference.year or not reference.month:
        return None
    months = 12 * reference.year + reference.month - 3 * (number - 20)
    year, since = divmod(months, 12)
    if rel in ("next", "coming"):
        return year + 1
    if rel == "this":
        # In spring "this winter" is the one that has just ended, unless it is said to come.
        ended = number == 24 and reference.month <= 6 and not ahead
        return year if since < 3 else reference.year - ended
    return (months - 3) // 12


RULES = (
    Rule(
        "nth",
        ("weekday", "unit"),
        re.compile(
            rf"\b{_NTH}\s(?P<unit>{WEEKDAY}|week|half)\s(?:of|in)\s(?P<month>{MONTH})"
            rf"(?!\s\d\d?\b)(?:(?:,|\sof)?\s(?P<year>{SAID_YEAR}))?"
        ),
        _read_nth,
    ),
    Rule(
        "week of",
        ("unit",),
        re.compile(
            rf"\b[Ww]eek\s(?P<how>of|beginning|starting|ending|from|to)\s(?:on\s)?(?:{WEEKDAY},?\s)?"
            rf"(?:(?P<month>{MONTH})\s(?P<day>{DAY})|(?P<day2>{DAY})\s(?P<month2>{MONTH}))"
            rf"(?:,?\s(?P<year>{YEAR}))?"
        ),
        _read_week_of,
    ),
    Rule(
        "quarter",
        ("quarter",),
        re.compile(
            rf"\b(?:Q(?P<quarter>[1-4])|H(?P<half>[12])|{_NTH}[\s-](?P<unit>quarter|half))\b"
            rf"(?:,?\s(?:(?:of|in)\s)?(?:fiscal\s(?:year\s)?)?"
            rf"(?P<year>{SAID_YEAR}|(?:of\s)?the\syear\b)|\b(?!\sof\s(?:the|a|his)\b))"
        ),
        _read_quarter,
    ),
    Rule(
        "season",
        ("season",),
        re.compile(
            r"\b(?:(?P<rel>(?i:last|this|next|past|coming|this\spast))\s)?"
            r"(?:(?:early|late|mid)[\s-])?(?P<season>(?i:spring|summer|autumn|fall|winter))\b"
            r"(?(rel)(?!\s(?:Olympic|Games|Paralympic))|"
            rf"(?:,?\s(?:of\s|in\s)?(?:the\s)?(?:(?P<year>{SAID_YEAR})|['’‘](?P<short>\d\d)))"
            r"(?:[-/\u2013]\d\d(?:\d\d)?)?)"
        ),
        _read_season,
    ),
)
