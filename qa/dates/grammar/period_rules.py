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


def _quarter(year: int, number: int) -> str:
    return f"{year:04}-{3 * number - 2:02}/{year:04}-{3 * number:02}"


def _read_quarter(match: re.Match[str], context: Context) -> Readings | None:
    """As in "Q3 2012", "the first quarter of 2015", "the second half of last year"."""
    year_text = match["year"] or match["year2"]
    if year_text and year_text.endswith("the year"):
        year: int | None = context.reference.year or None
    else:
        year = read_said_year(year_text, context, match.start())
    half = bool(match["half"]) or (match["unit"] or "") == "half"
    digit = match["quarter"] or match["half"]
    number = int(digit) if digit else _count(match)
    if number == -1:
        number = 2 if half else 4
    if year is None:
        return _read_recent_quarter(match, context, number) if not half else ()
    if half:
        first = 1 if number == 1 else 7
        iso = f"{year:04}-{first:02}/{year:04}-{first + 5:02}"
    else:
        iso = _quarter(year, number)
    written = bool(year_text and year_text[:4].isdecimal())
    return (Reading(iso, "by months of the calendar year", absolute=written),)


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
    return (Reading(_quarter(year, number), "the quarter nearest to publication"),)


def _read_season(match: re.Match[str], context: Context) -> Readings | None:
    """As in "summer of 2010", "last winter", "spring next year", "the winter of 2013-14"."""
    number = SEASON_NUMBER[match["season"].lower()]
    if match["rel"]:
        ahead = context.is_ahead(match)
        year = _find_season(match["rel"].lower().split()[-1], number, context.reference, ahead)
    elif match["short"]:
        latest = context.reference.year or 2020
        year = latest // 100 * 100 + int(match["short"])
        year -= 100 * (year > latest)
    else:
        year = read_said_year(match["year"], context, match.start())
    if not year:
        return None if match["season"].lower() in ("fall", "spring") else ()
    written = bool(match["year"] and match["year"][:4].isdecimal())
    return (Reading(f"{year:04}-{number}", "a season of the north", absolute=written),)


def _find_season(rel: str, number: int, reference: Reference, ahead: bool) -> int | None:
    """The year in which the last, this or the next such season began."""
    if not reference.year or not reference.month:
        return None
    now = (reference.year, reference.month)
    begin = {21: 3, 22: 6, 23: 9, 24: 12}[number]
    years = range(reference.year - 2, reference.year + 3)
    spans = [(year, _months(year, begin), _months(year, begin + 2)) for year in years]
    if rel in ("next", "coming"):
        return next(year for year, first, _ in spans if first > now)
    if rel == "this":
        running = [year for year, first, last in spans if first <= now <= last]
        if running:
            return running[0]
        # In spring "this winter" is the one that has just ended, unless it is said to come.
        return reference.year - (number == 24 and reference.month <= 6 and not ahead)
    return [year for year, _, last in spans if last < now][-1]


def _months(year: int, month: int) -> tuple[int, int]:
    return year + (month - 1) // 12, (month - 1) % 12 + 1


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
            rf"(?P<year>{SAID_YEAR}|(?:of\s)?the\syear\b)|(?P<year2>\b)(?!\sof\s(?:the|a|his|play)\b))"
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
