"""Every date that a text tells, with its offsets and its EDTF form."""

from dataclasses import dataclass
from functools import lru_cache

from qa.dates.edtf import DatePrecision, is_date, read_precision
from qa.dates.grammar import (
    anchor_rules,
    calendar_rules,
    feast_rules,
    foreign_rules,
    month_rules,
    numeric_rules,
    period_rules,
    relative_rules,
    weekday_rules,
    year_rules,
)
from qa.dates.grammar.reference import Reference
from qa.dates.grammar.rules import Context, Reading
from qa.dates.grammar.triggers import find_windows

_RULES = (
    *numeric_rules.RULES,
    *calendar_rules.RULES,
    *month_rules.RULES,
    *feast_rules.RULES,
    *period_rules.RULES,
    *year_rules.RULES,
    *relative_rules.RULES,
    *anchor_rules.RULES,
    *weekday_rules.RULES,
    *foreign_rules.RULES,
)


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """A time expression: ``text`` is what stands at ``[start:end]``, ``iso`` the EDTF date.

    ``note`` is how it was resolved, in a few words for a person.
    """

    start: int
    end: int
    text: str
    iso: str
    precision: DatePrecision
    note: str = ""


def find_dates(text: str, published: str | None) -> list[TimeSpan]:
    """The dates that the text tells, in its order, none overlapping another.

    ``published`` is the ISO date of the article, whole or less precise, also ``--02-27``. What
    cannot be resolved without it ("yesterday") is left out when it is not known, and a month and
    day without a year keep none. Durations ("six months") and habits ("every Sunday") are no
    dates. Offsets are in code points of ``text``.
    """
    return list(_find_dates(text, published))


# One question asks for the dates of its passages more than once: to read, to join, to group.
@lru_cache(maxsize=128)
def _find_dates(text: str, published: str | None) -> tuple[TimeSpan, ...]:
    return tuple(
        TimeSpan(
            start=reading.start,
            end=reading.end,
            text=text[reading.start : reading.end],
            iso=reading.iso,
            precision=read_precision(reading.iso),
            note=reading.note,
        )
        for reading in read_text(text, Reference.read(published))
    )


def read_text(text: str, reference: Reference) -> list[Reading]:
    """What the rules read in the text, earliest and longest match first, each with its offsets."""
    context = Context(text, reference, read_text)
    windows = find_windows(text)
    matches = [
        (match.start(), -match.end(), place, match)
        for place, rule in enumerate(_RULES)
        for trigger in rule.triggers
        if trigger in windows
        for first, last in windows[trigger]
        for match in rule.pattern.finditer(text, first, last)
    ]
    matches.sort(key=lambda item: item[:3])
    cursor = 0
    for start, negative_end, place, match in matches:
        if start < cursor:
            continue
        readings = _RULES[place].resolve(match, context)
        if readings is None:
            continue
        cursor = -negative_end
        for reading in readings:
            if not is_date(reading.iso):
                continue
            first = reading.start if reading.start >= 0 else start
            last = reading.end if reading.end >= 0 else -negative_end
            context.readings.append(reading._replace(start=first, end=last))
            cursor = max(cursor, last)
    return context.readings
