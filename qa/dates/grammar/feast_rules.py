"""Rules for days named without their month: "Christmas Day", "9/11", "on the 26th"."""

import re

from index.text.numbers import read_ordinal
from qa.dates.edtf import day_iso, read_bounds
from qa.dates.grammar.reference import Reference, find_nth_weekday
from qa.dates.grammar.rules import (
    SAID_YEAR,
    Context,
    Reading,
    Readings,
    Rule,
    read_said_year,
    word_after,
    word_before,
)
from qa.dates.grammar.words import FEASTS, MOVING_FEASTS


def _read_feast(match: re.Match[str], context: Context) -> Readings | None:
    """As in "Christmas Day", "New Year's Eve 2013", "before Christmas", "last Thanksgiving"."""
    name = re.sub(r"\s", " ", match["feast"].lower().replace("’", "'"))
    rel = (match["rel"] or "").lower().strip()
    if _is_quoted(match):
        return ()
    if name in ("christmas", "thanksgiving", "halloween") and not rel and not match["year"]:
        # "Christmas trees" and "the Christmas market" tell no day.
        lead = word_before(context.text, match.start()).lower()
        following = word_after(context.text, match.end())
        if lead not in ("at", "before", "after", "since", "by", "until", "over", "on"):
            return ()
        if following and following not in ("and", "but", "in", "when", "the"):
            return ()
    year = read_said_year(match["year"], context, match.start())
    if year is None and match["year"]:
        return ()
    ahead = rel in ("next", "this") or (not rel and context.is_ahead(match))
    iso = _place_feast(name, year, context.reference, ahead=ahead)
    return (Reading(iso, f"the day of {name.title()}"),) if iso else ()


def _is_quoted(match: re.Match[str]) -> bool:
    """Whether the words stand in quotation marks of their own: the title of a film or a song."""
    text = match.string
    before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 2]
    return before in tuple("\"'“‘«") and bool(re.match(r"[,.]?[\"'”’»]", after))


def _place_feast(name: str, year: int | None, reference: Reference, *, ahead: bool) -> str | None:
    """The day of the feast in the year, or the nearest one around the publication."""
    if name in FEASTS:
        month, day = FEASTS[name]
        return day_iso(year, month, day) if year else reference.day_of_year(month, day, ahead=ahead)
    month, weekday, which = MOVING_FEASTS[name]
    if year:
        return find_nth_weekday(year, month, weekday, which)
    today = reference.date
    if not today:
        return None
    days = [
        find_nth_weekday(today.year + shift, month, weekday, which) or "" for shift in (-1, 0, 1)
    ]
    now = today.isoformat()
    return min(day for day in days if day >= now) if ahead else max(d for d in days if d <= now)


def _read_september_11(match: re.Match[str], context: Context) -> Readings:
    """As in "9/11"."""
    return (Reading("2001-09-11", "the attacks of 11 September 2001", absolute=True),)


def _read_day_of_month(match: re.Match[str], context: Context) -> Readings | None:
    """As in "on the 26th", in the month told before or else around publication."""
    day, reference = read_ordinal(match["day"]), context.reference
    if not day or not reference.date:
        return ()
    if match["rel"]:
        shift = {"last": -1, "this": 0, "next": 1}[match["rel"]]
        month = reference.shift_months(shift)
    else:
        anchor = context.find_anchor(match.start())
        bounds = read_bounds(anchor) if anchor else None
        if bounds and bounds.days <= 31 and bounds.first.month == bounds.last.month:
            month = bounds.first.isoformat()[:7]
        else:
            month = reference.shift_months(0 if day <= reference.day else -1)
    iso = day_iso(int(month[:4]), int(month[5:]), day) if month else None
    return (Reading(iso, f"day {day} of {month}"),) if iso else ()


_FEAST_NAMES = "|".join(
    re.escape(name).replace(r"\ ", r"\s").replace("'", "['’]")
    for name in sorted((*FEASTS, *MOVING_FEASTS), key=len, reverse=True)
)


RULES = (
    Rule(
        "feast",
        ("feast",),
        re.compile(
            rf"\b(?P<rel>(?i:last|this|next)\s)?(?P<feast>(?i:{_FEAST_NAMES}))\b(?:,?\s(?P<year>{SAID_YEAR}))?"
        ),
        _read_feast,
    ),
    Rule("9/11", ("9/11",), re.compile(r"(?<![\d/])9/11(?![\d/])"), _read_september_11),
    Rule(
        "day number",
        ("ordinal",),
        re.compile(
            r"\b[Oo]n\sthe\s(?P<day>\d\d?(?:st|nd|rd|th))"
            r"(?:\sof\s(?P<rel>last|this|next)\smonth|(?=[,.;]))"
        ),
        _read_day_of_month,
    ),
)
