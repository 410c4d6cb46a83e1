"""Dates with a precision as EDTF strings, and what can be said of two of them.

The level of EDTF (ISO 8601-2:2019, https://www.loc.gov/standards/datetime/) that news needs:
``2014-03-05``, ``2014-03``, ``2014``, ``199X``, ``18XX``, seasons (``2014-21`` is spring), and
intervals of these (``2014-03-03/2014-03-09``). What has no year is in the truncated form of
ISO 8601:1988: ``--02-27`` is a 27 February, ``--02`` a February, ``--08-07/--08-12`` an interval.
"""

import re
from calendar import monthrange
from datetime import date
from typing import Literal, NamedTuple

DatePrecision = Literal[
    "day", "month", "season", "year", "decade", "century", "interval", "month-day", "yearless-month"
]

_FORM = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?"
    r"|(?P<decade>\d{3})X|(?P<century>\d\d)XX"
    r"|--(?P<lone_month>\d\d)(?:-(?P<lone_day>\d\d))?"
)
_SEASONS = {21: (3, 5), 22: (6, 8), 23: (9, 11), 24: (12, 2)}
# A leap year, so that 29 February is a month-day like any other.
_ANY_YEAR = 2000


class Bounds(NamedTuple):
    """The first and the last day of a date that has a year."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days there are from the first to the last."""
        return (self.last - self.first).days + 1

    def holds(self, other: "Bounds") -> bool:
        """Whether every day of the other is a day of this one."""
        return self.first <= other.first and other.last <= self.last


class MonthDays(NamedTuple):
    """The first and the last (month, day) of a date that has no year."""

    first: tuple[int, int]
    last: tuple[int, int]

    def in_year(self, year: int) -> Bounds | None:
        """The days that it is in that year; ``None`` for 29 February of a common year."""
        try:
            last_day = min(self.last[1], monthrange(year, self.last[0])[1])
            return Bounds(date(year, *self.first), date(year, self.last[0], last_day))
        except ValueError:
            return None


def day_iso(year: int, month: int, day: int) -> str | None:
    """The day as ISO, ``None`` when there is no such day."""
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def month_day_iso(month: int, day: int) -> str | None:
    """The day of a year that is not known, ``None`` when no year has it."""
    return f"--{month:02}-{day:02}" if day_iso(_ANY_YEAR, month, day) else None


def interval_iso(first: date, last: date) -> str:
    """From the first to the last day, as one day where they are the same."""
    return first.isoformat() if first == last else f"{first.isoformat()}/{last.isoformat()}"


def read_bounds(iso: str) -> Bounds | None:
    """The first and last day of a date with a year; ``None`` without a year or if malformed.

    Summers are those of the north, June to August, and a winter begins in December of its year.
    """
    first, slash, last = iso.partition("/")
    if slash:
        begin, end = read_bounds(first), read_bounds(last)
        return Bounds(begin.first, end.last) if begin and end and begin.first <= end.last else None
    match = _FORM.fullmatch(iso)
    if not match:
        return None
    try:
        return _bounds_of_form(match)
    except ValueError:
        return None


def _bounds_of_form(match: re.Match[str]) -> Bounds | None:
    """The bounds of one form of EDTF; ``ValueError`` for a day that does not exist."""
    if match["decade"]:
        start = int(match["decade"]) * 10
        return Bounds(date(start, 1, 1), date(start + 9, 12, 31))
    if match["century"]:
        start = int(match["century"]) * 100
        return Bounds(date(start, 1, 1), date(start + 99, 12, 31))
    if not match["year"]:
        return None
    year, month = int(match["year"]), int(match["month"] or 0)
    if match["day"]:
        day = date(year, month, int(match["day"]))
        return Bounds(day, day)
    if month in _SEASONS:
        begin, end = _SEASONS[month]
        last_year = year + (end < begin)
        return Bounds(date(year, begin, 1), date(last_year, end, monthrange(last_year, end)[1]))
    if match["month"]:
        return Bounds(date(year, month, 1), date(year, month, monthrange(year, month)[1]))
    return Bounds(date(year, 1, 1), date(year, 12, 31))


def read_month_days(iso: str) -> MonthDays | None:
    """The month and day of a date without a year; ``None`` for every other."""
    first, slash, last = iso.partition("/")
    if slash:
        begin, end = read_month_days(first), read_month_days(last)
        return MonthDays(begin.first, end.last) if begin and end and begin < end else None
    match = _FORM.fullmatch(iso)
    if not match or not match["lone_month"]:
        return None
    month = int(match["lone_month"])
    if not 1 <= month <= 12:
        return None
    if match["lone_day"]:
        day = int(match["lone_day"])
        return MonthDays((month, day), (month, day)) if month_day_iso(month, day) else None
    return MonthDays((month, 1), (month, monthrange(_ANY_YEAR, month)[1]))


def is_date(iso: str) -> bool:
    """Whether the string is one of the forms above and the day exists."""
    return read_bounds(iso) is not None or read_month_days(iso) is not None


def read_precision(iso: str) -> DatePrecision:
    """How precise the date is; an interval of one day or more is an ``interval``."""
    if "/" in iso:
        return "interval"
    if iso.startswith("--"):
        return "month-day" if len(iso) == 7 else "yearless-month"
    if iso.endswith("XX"):
        return "century"
    if iso.endswith("X"):
        return "decade"
    if len(iso) == 7:
        return "season" if int(iso[5:]) in _SEASONS else "month"
    return "day" if len(iso) == 10 else "year"


def has_year(iso: str) -> bool:
    """Whether the date says its year."""
    return not iso.startswith("--")


def join_dates(one: str, other: str) -> str | None:
    """The date that is both: the more precise, completed by the other; ``None`` if none is.

    One has to hold the other: a week that reaches into a month is not joined with it. A day
    without a year takes the year of the other only when just one year of it is possible.
    """
    if one == other:
        return one if is_date(one) else None
    days, other_days = read_month_days(one), read_month_days(other)
    if days and other_days:
        narrow, wide = sorted((days, other_days), key=lambda item: item.first != item.last)
        inside = wide.first <= narrow.first and narrow.last <= wide.last
        return (one if narrow is days else other) if inside else None
    if days or other_days:
        lone, dated = (one, other) if days else (other, one)
        return _complete(lone, dated)
    bounds, other_bounds = read_bounds(one), read_bounds(other)
    if not bounds or not other_bounds:
        return None
    if bounds.holds(other_bounds):
        return other if bounds != other_bounds else min(one, other, key=len)
    return one if other_bounds.holds(bounds) else None


def _complete(lone: str, dated: str) -> str | None:
    """The date without a year in the one year that the dated one leaves; ``None`` if not one."""
    days, bounds = read_month_days(lone), read_bounds(dated)
    if not days or not bounds:
        return None
    if bounds.last.year - bounds.first.year > 1:
        return None
    found: set[str] = set()
    for year in range(bounds.first.year, bounds.last.year + 1):
        in_year = days.in_year(year)
        if not in_year:
            continue
        if bounds.holds(in_year):
            found.add("/".join(f"{year:04}{part[1:]}" for part in lone.split("/")))
        elif in_year.holds(bounds):
            found.add(dated)
    return found.pop() if len(found) == 1 else None


def are_compatible(one: str, other: str) -> bool:
    """Whether one date can be a less precise way to say the other: "2008" and "26 August"."""
    if join_dates(one, other):
        return True
    days = read_month_days(one) or read_month_days(other)
    bounds = read_bounds(one) or read_bounds(other)
    # A day of no year fits a decade or a century, though it cannot be completed from it.
    return bool(days and bounds and bounds.last.year - bounds.first.year > 1)


def narrow_date(iso: str, part: str) -> str:
    """The ``early``, ``mid`` or ``late`` part of a month, year, decade or century.

    By thirds: days 1-10, 11-20 and 21 to the end; four months each; years 0-3, 4-6 and 7-9;
    years 0-33, 34-66 and 67-99. Of other dates there is no part: they are given back.
    """
    place = ("early", "mid", "late").index(part)
    precision = read_precision(iso)
    if precision in ("month", "yearless-month"):
        month = int(iso[-2:])
        year = int(iso[:4]) if precision == "month" else _ANY_YEAR
        first, last = ((1, 10), (11, 20), (21, monthrange(year, month)[1]))[place]
        return f"{iso}-{first:02}/{iso}-{last:02}"
    if precision == "year":
        return f"{iso}-{4 * place + 1:02}/{iso}-{4 * place + 4:02}"
    if precision == "decade":
        first, last = ((0, 3), (4, 6), (7, 9))[place]
        return f"{iso[:3]}{first}/{iso[:3]}{last}"
    if precision == "century":
        first, last = ((0, 33), (34, 66), (67, 99))[place]
        return f"{iso[:2]}{first:02}/{iso[:2]}{last:02}"
    return iso
