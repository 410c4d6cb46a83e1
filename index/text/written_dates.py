"""Calendar dates as news pages write them → ISO dates, in eleven languages.

Only what is written is read: a date without a year stays without one, an impossible day is no date,
and ``03/04/2020`` is no more than a year, for nobody can tell which of its numbers is the month. Of
two-digit years only that of ``2/15/18`` is read, which leaves no other order. Relative dates ("last
month") are not covered here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from index.text.calendar import spell_months
from index.types import Precision

_MONTH_NUMBER = spell_months()
_TAILS: dict[str, list[str]] = {}
for _name in sorted(_MONTH_NUMBER, key=len, reverse=True):
    _TAILS.setdefault(_name[0], []).append(_name[1:])
# Behind their first letters: six hundred names tried one by one are slow at every word.
MONTH = "(?:" + "|".join(f"{first}(?:{'|'.join(_TAILS[first])})" for first in _TAILS) + r")\b\.?"
YEAR = r"(?:1[6-9]|20)\d\d"
# A year is a number of its own, or runs into a time of day: "March 23, 20232:14 PM".
_YEAR_END = r"(?:(?=\d\d?:\d\d)|(?![\d:]))"
_DAY = r"(?:[12]\d|3[01]|0?[1-9])"
_WEEKDAY = (
    r"(?:\b(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs?)?|Fri|Sat(?:ur)?|Sun)(?:day)?\b\.?,?\s+"
    r"|\b(?:MON|TUES|WEDNES|THURS|FRI|SATUR|SUN)DAY,?\s+)?"
)
# Arabic often names a month twice: "9 سبتمبر/أيلول 2023".
_SECOND_NAME = "(?:\\s?/\\s?[\u0620-\u065f]+(?: [\u0620-\u065f]+)?)?"
_DAY_FIRST = (
    rf"(?<![\d.,:/-]){_DAY}(?:st|nd|rd|th|\.|º|er)?\s+(?:(?:de|of)\s+)?{MONTH}{_SECOND_NAME}"
    rf"(?:(?:\s+de|,)?\s+{YEAR}{_YEAR_END}(?:\s*г(?:ода|\.)?)?)?"
)
_MONTH_FIRST = rf"{MONTH}\s+{_DAY}(?:st|nd|rd|th)?(?![\d:.]\d|\d)(?:,?\s+{YEAR}{_YEAR_END})?"
_NUMERIC = (
    rf"(?<![\d.,:/-])(?:{YEAR}(?P<iso_mark>[-/.])\d\d?(?P=iso_mark)\d\d?"
    r"(?:T\d\d:?\d\d(?::?\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?(?!\d)"
    rf"|\d\d?(?P<mark>[./-])\d\d?(?P=mark){YEAR}(?!\d|\.\d)"
    # With a month, a day that is no month, and two digits only one reading is left.
    r"|(?P<short>(?:0?[1-9]|1[0-2])/(?:1[3-9]|2\d|3[01])/\d\d)(?![\d/]|\.\d))"
)
_EAST_ASIAN = rf"{YEAR}\s?[年년]\s?\d\d?\s?[月월]\s?\d\d?\s?[日일]"
_MONTH_ONLY = rf"\b{MONTH},?\s+(?:de\s+)?{YEAR}(?![\d:])"
# A date as it is embedded in larger patterns: a named month with a day, and perhaps a year.
NAMED_DATE = rf"(?:{_WEEKDAY}(?:{_DAY_FIRST}|\b{_MONTH_FIRST}))"
_ANY_DATE = re.compile(
    rf"(?P<numeric>{_NUMERIC})|(?P<asian>{_EAST_ASIAN})|(?P<day_first>{_DAY_FIRST})"
    rf"|(?P<month_first>\b{_MONTH_FIRST})|(?P<month_only>{_MONTH_ONLY})"
)
_MONTH_NAME = re.compile(MONTH)
_YEAR_NUMBER = re.compile(rf"(?<!\d){YEAR}(?!\d)")
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date in a text: ``text[start:end]`` says ``iso``, as precisely as ``precision``."""

    start: int
    end: int
    iso: str
    precision: Precision


def find_written_dates(text: str) -> Iterator[WrittenDate]:
    """The calendar dates in ``text``, in order; impossible ones (31 February) are left out."""
    # Most lines have no digit; looking for one first makes a page three times as fast to search.
    if _NUMBER.search(text) is None:
        return
    for match in _ANY_DATE.finditer(text):
        read = _read_match(match)
        if read is not None:
            yield WrittenDate(match.start(), match.end(), *read)


def parse_written_date(text: str) -> tuple[str, Precision] | None:
    """``(iso, precision)`` of the first possible date in ``text``; ``None`` without one."""
    for found in find_written_dates(text):
        return found.iso, found.precision
    return None


def parse_iso_date(text: str) -> tuple[str, Precision] | None:
    """``(iso, precision)`` of an ISO date, its prefix, a date and time, or ``--MM-DD``."""
    value = text.strip()
    if re.fullmatch(YEAR, value):
        return value, "year"
    month = re.fullmatch(rf"({YEAR})-(\d\d)", value)
    if month:
        return (value, "month") if 1 <= int(month[2]) <= 12 else None
    partial = re.fullmatch(r"--(\d\d)-(\d\d)", value)
    if partial:
        return _day(None, int(partial[1]), int(partial[2]))
    full = re.fullmatch(rf"({YEAR})-(\d\d)-(\d\d)(?:[T ]\d\d:?\d\d.*)?", value)
    if full:
        return _day(int(full[1]), int(full[2]), int(full[3]))
    return None


def _read_match(match: re.Match[str]) -> tuple[str, Precision] | None:
    """What one match of ``_ANY_DATE`` says; ``None`` when no calendar has that day."""
    written = match[0]
    numbers = [int(number) for number in _NUMBER.findall(written)]
    if match["asian"] or match["iso_mark"]:
        return _day(*numbers[:3])
    if match["short"]:
        month, day, year = numbers
        century = 2000 if 2000 + year <= datetime.now(UTC).year + 1 else 1900
        return _day(century + year, month, day)
    if match["numeric"]:
        first, second, year = numbers[:3]
        if match["mark"] == "." or first > 12 or first == second:
            return _day(year, second, first)
        return _day(year, first, second) if second > 12 else (str(year), "year")
    name = _MONTH_NAME.search(written)
    if name is None:
        return None
    month = _MONTH_NUMBER[name[0].rstrip(".")]
    found_year = _YEAR_NUMBER.search(written)
    year_number = int(found_year[0]) if found_year else None
    if match["month_only"]:
        return f"{year_number}-{month:02}", "month"
    return _day(year_number, month, numbers[0])


def _day(year: int | None, month: int, day: int) -> tuple[str, Precision] | None:
    """The day in ISO form, without a year as ``--MM-DD``; ``None`` when it does not exist."""
    try:
        # 2000 is a leap year: 29 February without a year is possible.
        when = date(year if year is not None else 2000, month, day)
    except ValueError:
        return None
    if year is None:
        return f"--{when:%m-%d}", "month-day"
    return when.isoformat(), "day"
