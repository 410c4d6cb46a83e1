"""Rules for days by month name, alone and as intervals: "7-12 August 2008"."""

import re
from datetime import date

from index.text.calendar import WEEKDAYS, read_month
from index.text.numbers import ORDINAL, read_ordinal
from qa.dates.edtf import day_iso, has_year, month_day_iso, read_bounds
from qa.dates.grammar.rules import (
    ANY_MONTH,
    ANY_WEEKDAY,
    COUNTED,
    DAY,
    MONTH,
    MORE_DAYS,
    SAID_YEAR,
    TO,
    YEAR,
    Context,
    Reading,
    Readings,
    Rule,
    read_said_year,
    read_short_year,
    word_before,
)

MonthDay = tuple[int, int]

# So many days before it, a day is told as coming, even as past: the page was updated.
_SOON = 21


def resolve_day(
    context: Context, match: re.Match[str], month: int, day: int, weekday: str | None = None
) -> Reading | None:
    """The day without a year in the year that fits: the sentence's, else around publication."""
    lone, reference = month_day_iso(month, day), context.reference
    told = context.find_told_year(match.start())
    if lone and told and told != reference.year:
        iso = day_iso(told, month, day)
        if iso and (not weekday or _is_on(iso, weekday)):
            return Reading(iso, f"{told} is the year that the sentence gives before")
    ahead = context.is_ahead(match)
    iso, other = (reference.day_of_year(month, day, ahead=side) for side in (ahead, not ahead))
    if not iso:
        return None
    if not has_year(iso):
        return Reading(iso, "the year is not known")
    if weekday and other and _is_on(other, weekday) and not _is_on(iso, weekday):
        return Reading(other, f"the year in which it is a {weekday}")
    soon = reference.shift_days(_SOON)
    if soon and other and not ahead and iso < other <= soon:
        return Reading(other, "days after publication, and nearly a year since the last")
    return Reading(iso, f"the nearest {'at or after' if ahead else 'at or before'} publication")


def _is_on(iso: str, weekday: str) -> bool:
    day: str = WEEKDAYS[date.fromisoformat(iso).weekday()]
    return day.startswith(weekday[:3].lower())


def _read_day(match: re.Match[str], context: Context) -> Readings | None:
    """As in "17 September 2008", "Sunday, February 17", "the third of March last year"."""
    name, day = match["month"].rstrip("."), read_ordinal(match["day"]) or 0
    written = bool(match["short"] or (match["year"] or "")[:4].isdecimal())
    if name in _OTHER_WORDS and not written:
        return None
    month = read_month(name)
    year: int | None = None
    if match["short"]:
        year, note = read_short_year(match["short"], context), "the latest year that ends so"
    elif match["year"]:
        year = read_said_year(match["year"], context, match.start())
        note = "as written" if written else f'"{match["year"]}" from the publication'
    else:
        reading = resolve_day(context, match, month, day, match["weekday"])
        return (reading,) if reading else ()
    iso = _make_day(year, month, day)
    return (Reading(iso, note, absolute=written),) if iso else ()


def _read_days(match: re.Match[str], context: Context) -> Readings | None:
    """As in "7-12 August 2008", "from 28 December to 2 January", "March 3 and 4"."""
    first = read_month(match["month1"] or match["month2"]), read_ordinal(match["day1"]) or 0
    last = read_month(match["month2"] or match["month1"]), read_ordinal(match["day2"]) or 0
    lead = word_before(context.text, match.start()).lower()
    points = match["link"].strip() in ("and", "or", "&", "/") and lead not in ("between", "both")
    if not (match["month1"] and match["month2"]):
        if first >= last:
            return None
        points = points and last[1] > first[1] + match["more"].count(" ") + 1
    over = first > last
    year = read_said_year(match["year"], context, match.start())
    first_year = int(match["year1"]) if match["year1"] else None
    written = bool(year or first_year)
    if year is None:
        year = first_year + over if first_year else _find_year(match, context, first, last)
    first_year = first_year or (year - over if year else None)
    begin, end = _make_day(first_year, *first), _make_day(year, *last)
    if not begin or not end:
        return ()
    note = "as written" if written else "in the year nearest to publication"
    if points:
        return (
            Reading(begin, note, match.start(), match.start("link"), written),
            Reading(end, note, match.end("link"), match.end(), written),
        )
    return (Reading(f"{begin}/{end}", note, absolute=written),)


def _find_year(
    match: re.Match[str], context: Context, first: MonthDay, last: MonthDay
) -> int | None:
    """The year of the last day where none is told: that of today if it lies between."""
    today = context.reference.date
    if today and first <= (today.month, today.day) <= last:
        return today.year
    weekday = match["weekday"]
    reading = resolve_day(context, match, *(first if weekday else last), weekday)
    bounds = read_bounds(reading.iso) if reading else None
    return bounds.first.year + bool(weekday and first > last) if bounds else None


def _make_day(year: int | None, month: int, day: int) -> str | None:
    return day_iso(year, month, day) if year else month_day_iso(month, day)


_OTHER_WORDS = ("may", "march", "august", "mar", "jan", "sep", "dec", "jun", "apr", "oct", "nov")
_NO_NUMBER_BEFORE = r"(?<![\w.,:/$€£-])"
_NOT_COUNTED = rf"(?![%°]|[.,:]\d|\s{COUNTED})"
_YEAR_TAIL = rf"(?:,?\s(?:of\s|in\s)?(?P<year>{SAID_YEAR})(?![%]|[:,]\d|\s{COUNTED}))"
_ANY_YEAR_TAIL = (
    rf"(?:(?:,?\s(?:of\s|in\s)?|\s?,|-)(?P<year>{SAID_YEAR})(?![%]|[:,]\d|\s{COUNTED})"
    r"|,?\s['’](?P<short>\d\d)(?!\w))?"
)
_WEEKDAY_LEAD = (
    rf"(?:(?P<weekday>{ANY_WEEKDAY})(?:\s(?:morning|afternoon|evening|night))?,?\s(?:the\s)?)?"
)
_WORD_DAY = rf"(?P<day>{DAY}|(?i:{'|'.join(sorted(ORDINAL, key=len, reverse=True))})\b)"
_FIRST_WEEKDAY = rf"(?:(?P<weekday>{ANY_WEEKDAY}),?\s)?"
# After the last of two days no word but these: "March 3 and 4 men" tells one day.
_AFTER_DAYS = "in|at|of|on|as|and|or|to|by|with|for|when|were|was|but|this|last|next"

RULES = (
    Rule(
        "day of month",
        ("month",),
        re.compile(
            rf"{_NO_NUMBER_BEFORE}{_WEEKDAY_LEAD}(?:the\s)?{_WORD_DAY}(?:\s(?:of\s)?|-)"
            rf"(?P<month>{ANY_MONTH}){_ANY_YEAR_TAIL}"
        ),
        _read_day,
    ),
    Rule(
        "month day",
        ("month",),
        re.compile(
            rf"\b{_WEEKDAY_LEAD}(?P<month>{ANY_MONTH})\s(?:the\s)?{_WORD_DAY}"
            rf"{_NOT_COUNTED}{_ANY_YEAR_TAIL}"
        ),
        _read_day,
    ),
    Rule(
        "days of month",
        ("month",),
        re.compile(
            rf"{_NO_NUMBER_BEFORE}{_FIRST_WEEKDAY}(?:the\s)?(?P<day1>{DAY}){MORE_DAYS}"
            rf"(?:\s(?:of\s)?(?P<month1>{MONTH})(?:,?\s(?P<year1>{YEAR}))?)?"
            rf"{TO}(?:{ANY_WEEKDAY},?\s)?(?:the\s)?(?P<day2>{DAY})\s(?:of\s)?(?P<month2>{MONTH})"
            rf"{_YEAR_TAIL}?"
        ),
        _read_days,
    ),
    Rule(
        "month days",
        ("month",),
        re.compile(
            rf"\b{_FIRST_WEEKDAY}(?P<month1>{MONTH})\s(?P<day1>{DAY}){MORE_DAYS}"
            rf"(?:,?\s(?P<year1>{YEAR}),?)?"
            rf",?{TO}(?:{ANY_WEEKDAY},?\s)?(?:(?P<month2>{MONTH})\s)?(?P<day2>{DAY})"
            rf"(?:(?<=[-\u2013]\d)|(?<=[-\u2013]\d\d)|(?!\s(?!(?:{_AFTER_DAYS})\b|{YEAR})[a-z]))"
            rf"{_NOT_COUNTED}{_YEAR_TAIL}?"
        ),
        _read_days,
    ),
)
