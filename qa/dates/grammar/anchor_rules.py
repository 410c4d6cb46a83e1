"""Rules for what is counted from a date that the text tells: "three days later", "that year"."""

import re
from datetime import timedelta

from index.text.numbers import read_number
from qa.dates.edtf import (
    has_year,
    interval_iso,
    read_bounds,
    read_month_days,
    read_precision,
)
from qa.dates.grammar.reference import Reference, shift_day, year_iso
from qa.dates.grammar.rules import (
    NUMBER_WORD,
    Context,
    Reading,
    Readings,
    Rule,
    word_after,
    word_before,
)


def _read_later(match: re.Match[str], context: Context) -> Readings | None:
    """As in "three days later", "a year earlier", "two weeks after 5 March", "the day before"."""
    count = 1 if match["count"].lower() == "the" else read_number(match["count"])
    side, unit = match["side"].lower(), match["unit"].lower()
    plural = match.end("unit") < len(context.text) and context.text[match.end("unit")] == "s"
    if not count or (match["count"].lower() == "the" and plural):
        return ()
    backward = side in ("earlier", "before", "previously")
    signed = -count if backward else count
    following = word_after(context.text, match.end()).lower()
    if side in ("before", "after", "following") and following:
        return _read_offset(match, context, unit, signed)
    if following == "than":
        return ()
    anchor = context.find_anchor(match.start())
    iso = shift_anchor(anchor, unit, signed) if anchor else None
    return (Reading(iso, f"counted from {anchor}"),) if iso else ()


_AHEAD_OF = re.compile(r"[^.;:!?()\n]{0,60}")


def _read_offset(match: re.Match[str], context: Context, unit: str, count: int) -> Readings | None:
    """The date so far from one told right after: "a day after the February 21 meeting"."""
    clause = _AHEAD_OF.match(context.text, match.end())
    # "before" stays in front: it is what makes "Christmas" a day.
    piece = match["side"] + (clause[0] if clause else "")
    lead = len(match["side"])
    inner = context.read_text(piece, context.reference)
    for reading in inner[:1]:
        between = piece[lead : reading.start].strip().lower()
        if len(between.split()) > 5 or "," in between:
            return ()
        iso = shift_anchor(reading.iso, unit, count)
        if not iso:
            return ()
        whole = not between and not re.match(r"\s(?:the|a)\b", piece[lead:])
        end = match.end() + reading.end - lead if whole else match.end()
        return (Reading(iso, f"counted from {reading.iso}", match.start(), end),)
    return ()


def shift_anchor(anchor: str, unit: str, count: int) -> str | None:
    """The date so many units from another; ``None`` when that one is less precise than the unit."""
    precision = read_precision(anchor)
    days = {"day": 1, "week": 7, "fortnight": 14}.get(unit)
    if days:
        return _shift_anchor_days(anchor, days * count)
    bounds = read_bounds(anchor)
    if unit == "month":
        if precision == "yearless-month" or precision == "month-day":
            return f"--{(int(anchor[2:4]) - 1 + count) % 12 + 1:02}"
        if not bounds or bounds.days > 31:
            return None
        reference = Reference(bounds.first.year, bounds.first.month)
        return reference.shift_months(count)
    years = count * {"year": 1, "decade": 10, "century": 100}[unit]
    if not bounds or bounds.first.year != bounds.last.year:
        return None
    shifted = year_iso(bounds.first.year + years)
    if not shifted:
        return None
    if count < 0 and precision in ("month", "interval") and unit == "year":
        return re.sub(r"\d{4}(?=-)", shifted, anchor)
    return shifted


def _shift_anchor_days(anchor: str, days: int) -> str | None:
    month_days = read_month_days(anchor)
    if month_days:
        if month_days.first != month_days.last:
            return None
        return Reference(0, *month_days.first).shift_days(days)
    bounds = read_bounds(anchor)
    if not bounds or bounds.days > 14:
        return None
    return shift_day(bounds.last if days > 0 else bounds.first, days)


def find_same_unit(anchor: str, unit: str) -> str | None:
    """The day, week, month or year in which a date lies."""
    month_days = read_month_days(anchor)
    if month_days:
        if unit == "day":
            return anchor if month_days.first == month_days.last else None
        return f"--{month_days.first[0]:02}" if unit == "month" else None
    bounds = read_bounds(anchor)
    if not bounds:
        return None
    first, last = bounds
    if unit == "day":
        return anchor if first == last else None
    if unit == "week":
        monday = first - timedelta(days=first.weekday())
        inside = last <= monday + timedelta(days=6)
        return interval_iso(monday, monday + timedelta(days=6)) if inside else None
    if unit == "month":
        return first.isoformat()[:7] if first.isoformat()[:7] == last.isoformat()[:7] else None
    if unit == "year":
        return first.isoformat()[:4] if first.year == last.year else None
    return None


def _read_same(match: re.Match[str], context: Context) -> Readings | None:
    """As in "the same day", "that year", "the following month", "the previous year"."""
    unit = match["unit"].lower()
    unit = "day" if unit in ("morning", "evening", "night", "afternoon") else unit
    lead = word_before(context.text, match.start()).lower()
    rel = match["rel"].lower().split()[-1]
    if rel in ("next", "following") and lead in ("over", "within", "for", "during"):
        return ()
    anchor = context.find_anchor(match.start())
    if not anchor:
        return ()
    if rel in ("same", "that"):
        iso = find_same_unit(anchor, unit)
    elif unit == "week":
        iso = find_same_unit(anchor, "week")
        shift = 7 if rel in ("next", "following") else -7
        bounds = read_bounds(iso) if iso else None
        move = timedelta(days=shift)
        iso = interval_iso(bounds.first + move, bounds.last + move) if bounds else None
    elif unit == "weekend":
        iso = None
    else:
        iso = shift_anchor(anchor, unit, 1 if rel in ("next", "following") else -1)
        iso = find_same_unit(iso, unit) if iso and has_year(iso) else iso
    return (Reading(iso, f"counted from {anchor}"),) if iso else ()


RULES = (
    Rule(
        "later",
        ("unit",),
        re.compile(
            rf"\b(?P<count>(?i:{NUMBER_WORD}|an?|one|the))\s"
            r"(?P<unit>day|week|fortnight|month|year|decade)s?\s"
            r"(?P<side>later|earlier|before|after|afterwards?|previously|following)\b"
        ),
        _read_later,
    ),
    Rule(
        "same",
        ("unit",),
        re.compile(
            r"\b(?P<rel>(?i:the\s(?:very\s)?(?:same|following|next|previous|preceding)|that(?:\ssame)?))\s"
            r"(?P<unit>day|week|month|year|morning|evening|night|afternoon|weekend)\b(?!-|['’]s\stime)"
        ),
        _read_same,
    ),
)
