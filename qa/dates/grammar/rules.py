"""What a rule of the grammar is, and the words that many rules share."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from index.text.calendar import MONTH_NUMBER, MONTHS, WEEKDAYS
from index.text.numbers import NUMBER
from qa.dates.edtf import has_year, narrow_date, read_bounds
from qa.dates.grammar.reference import Reference
from qa.dates.grammar.tense import find_sentence, is_ahead, is_ahead_by_lead


class Reading(NamedTuple):
    """A date that a rule read; -1 for a start or end means that of the rule's match."""

    iso: str
    note: str
    start: int = -1
    end: int = -1
    absolute: bool = False


@dataclass
class Context:
    """The text that is read, from when it speaks, and what was read in it so far.

    ``read_text`` reads a piece of text by every rule.
    """

    text: str
    reference: Reference
    read_text: Callable[[str, Reference], Sequence[Reading]]
    readings: list[Reading] = field(default_factory=list)

    @cached_property
    def lowered(self) -> str:
        """The text in lower case, to look for words in; offsets may differ from the text's."""
        return self.text.lower()

    def is_ahead(self, match: re.Match[str]) -> bool:
        """Whether the sentence tells of the match as still to come."""
        return is_ahead(self.text, match.start(), match.end())

    def is_surely_ahead(self, match: re.Match[str]) -> bool:
        """Whether the words before the match say so."""
        return is_ahead_by_lead(self.text, match.start(), match.end())

    def find_anchor(self, start: int) -> str | None:
        """The date told last before ``start``, for "three days later"."""
        if self.readings and start - self.readings[-1].end <= 300:
            return self.readings[-1].iso
        return None

    def find_told_year(self, start: int) -> int | None:
        """The year that the sentence gave before ``start``: "in 1968, ...; on May 13 ..."."""
        if not self.readings:
            return None
        first, _ = find_sentence(self.text, start, start)
        for reading in reversed(self.readings):
            if reading.start < first:
                return None
            bounds = read_bounds(reading.iso)
            if reading.absolute and bounds and bounds.first.year == bounds.last.year:
                return bounds.first.year
        return None


Readings = Sequence[Reading]


@dataclass(frozen=True, slots=True)
class Rule:
    """A shape of time expressions and how it is resolved.

    ``triggers`` are the kinds of words around which the pattern is tried.
    ``resolve`` gives the dates of a match; none when the match is known to be no date, which
    keeps others from reading a part of it; ``None`` when others may try.
    """

    name: str
    triggers: tuple[str, ...]
    pattern: re.Pattern[str]
    resolve: Callable[[re.Match[str], Context], Readings | None]


def spell_forms(names: Sequence[str], lower: Sequence[str] = ()) -> str:
    """A regular expression for the names in title and upper case, and some in lower case."""
    forms = {form for name in names for form in (name.capitalize(), name.upper())} | set(lower)
    return "|".join(sorted(forms, key=lambda form: (-len(form), form)))


_SHORT = tuple(name for name in MONTH_NUMBER if name not in MONTHS)
# "may", "march" and "august" are other words when they are in lower case.
_LOWER = tuple(name for name in MONTHS if name not in ("may", "march", "august"))
FULL_MONTH = f"(?:{spell_forms(MONTHS, _LOWER)})\\b"
MONTH = f"(?:(?:{spell_forms(MONTHS, _LOWER)})\\b|(?:{spell_forms(_SHORT)})\\b\\.?)"
WEEKDAY = f"(?:{spell_forms(WEEKDAYS, WEEKDAYS)})\\b"
_SHORT_WEEKDAY = spell_forms(("mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat"))
ANY_WEEKDAY = rf"(?:{WEEKDAY}|(?:{_SHORT_WEEKDAY}|Sun|SUN)\b\.?)"
# Beside a day and a year, every name is a month's, in lower case too.
ANY_MONTH = f"(?:(?:{spell_forms(MONTHS, MONTHS)})\\b|(?:{spell_forms(_SHORT, _SHORT)})\\b\\.?)"
DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th|ST|ND|RD|TH)?(?![\dA-Za-z])"
YEAR = r"(?:1\d|20|21)\d\d(?!\d)"
DASH = r"\s?[-\u2013\u2014]\s?"
# What links the two ends of an interval, or two dates.
# Days told one by one before the last: "3, 4 and 5 March".
MORE_DAYS = r"(?P<more>(?:,\s\d\d?(?!\d)){0,4}),?"
TO = rf"(?P<link>{DASH}|\s(?:to|until|till|through|thru|and|or|&)\s|/)"
# A year as it is written or as it is counted from the article's.
SAID_YEAR = rf"(?:{YEAR}|(?:last|this|next|that|the\ssame|the\sfollowing|the\sprevious)\syear)"
PART = (
    r"(?P<part>(?:(?i:early|mid|late)(?:\s?-\s?|\s(?:part\sof\s|in\s)?)|(?i:end)-|"
    r"(?i:middle|end|beginning|start|close|turn)\sof\s)(?:the\s)?)"
)
NUMBER_WORD = (
    r"(?:\d{1,3}|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
    r"(?:[-\s](?:one|two|three|four|five|six|seven|eight|nine))?|"
    + "|".join(sorted((word for word in NUMBER if word != "zero"), key=len, reverse=True))
    + ")"
)
# After a number these say that it counts or measures.
COUNTED = (
    r"(?:people|persons|men|women|children|troops|soldiers|civilians|homes|houses|families|jobs|"
    r"euros?|dollars?|pounds?|roubles?|rubles?|yen|yuan|miles?|met(?:er|re)s?|feet|foot|km|kms|"
    r"kilomet(?:er|re)s?|mph|hours?|hrs|minutes?|seconds?|days|weeks|months|years?|votes?|seats?|"
    r"points?|tons?|tonnes?|kg|kilos?|grams?|litres?|liters?|barrels|acres|hectares|degrees|cc|"
    r"million|billion|thousand|hundred|percent|per\scent|pc|cents|pages|words|calories|"
    r"members|students|pupils|workers|employees|staff|police|cases|deaths|victims|"
    r"countries|companies|schools|villages|gmt|utc|local|others|more|other|cattle|sheep|fish|"
    r"horsepower|hp|watts|volts|mhz|rpm|inhabitants|residents|copies|items|units|shares)\b"
)


def part_name(text: str) -> str:
    """``early``, ``mid`` or ``late`` for the words that say so."""
    word = re.split(r"[\s-]", text.strip().lower())[0]
    if word in ("early", "beginning", "start", "turn"):
        return "early"
    return "mid" if word in ("mid", "middle") else "late"


def read_part(match: re.Match[str], iso: str) -> tuple[str, str]:
    """The part of the date that the match asks for, and how it was understood."""
    if not match["part"]:
        return iso, ""
    narrowed = narrow_date(iso, part_name(match["part"]))
    if narrowed == iso:
        return iso, ""
    return narrowed, f'"{match["part"].strip(" -")}" is taken for about a third of it'


def read_said_year(text: str | None, context: Context, start: int) -> int | None:
    """The year that ``SAID_YEAR`` matched, ``None`` where it cannot be told."""
    if not text:
        return None
    if text[:4].isdecimal():
        return int(text[:4])
    word = text.split()[-2]
    if word in ("last", "this", "next"):
        iso = context.reference.shift_years({"last": -1, "this": 0, "next": 1}[word])
        return int(iso) if iso else None
    anchor = context.find_anchor(start)
    bounds = read_bounds(anchor) if anchor and has_year(anchor) else None
    if not bounds or bounds.first.year != bounds.last.year:
        return None
    return bounds.first.year + {"following": 1, "previous": -1}.get(word, 0)


def read_short_year(text: str, context: Context) -> int:
    """The latest year that ends in these two digits and is not after the publication's next."""
    latest = (context.reference.year or 2020) + 1
    year = latest // 100 * 100 + int(text)
    return year - 100 * (year > latest)


def word_before(text: str, start: int) -> str:
    """The last word before ``start`` as it is written, empty when a sentence ends between."""
    match = _WORD_BEFORE.search(text, max(0, start - 30), start)
    return match[1] if match else ""


def word_after(text: str, end: int) -> str:
    """The next word after ``end`` as it is written, empty when other signs come between."""
    match = _WORD_AFTER.match(text, end)
    return match[1] if match else ""


_WORD_BEFORE = re.compile(r"([\w'’.&-]+)[\s(“\"‘]*$")
_WORD_AFTER = re.compile(r"\s+([\w'’&-]+)")
