"""Rules for weekdays: "on Wednesday", "last Monday", "Tuesday next week"; not "Sunday papers"."""

import re
from datetime import timedelta

from index.text.calendar import WEEKDAYS
from index.text.stopwords import is_stop_word
from qa.dates.edtf import read_bounds
from qa.dates.grammar.reference import shift_day
from qa.dates.grammar.relative_rules import RELATION, SHIFT
from qa.dates.grammar.rules import (
    WEEKDAY,
    Context,
    Reading,
    Readings,
    Rule,
    word_after,
    word_before,
)

_NAMED_BEFORE = frozenset("Black Good Ash Bloody Super Fat Cyber Shrove Holy".split())
_NAMED_AFTER = frozenset("Times Telegraph Mirror Express Post Night Nights".split())
_GENERIC_BEFORE = frozenset("a every each any one some regular typical alternate".split())
_GENERIC_AFTER = frozenset("papers newspapers school schools edition".split())


def _read_weekday(match: re.Match[str], context: Context) -> Readings | None:
    """As in "on Wednesday", "late Friday", "last Monday", "Tuesday of next week"."""
    text, reference = context.text, context.reference
    lead, following = word_before(text, match.start()), word_after(text, match.end())
    rel = (match["rel"] or "").lower().split()
    if match["weekday"].islower() and not rel and lead.lower() not in ("on", "by", "until", "late"):
        return ()
    if not rel and _is_name(text, match, lead, following):
        return ()
    weekday = WEEKDAYS.index(match["weekday"].lower())
    if match["week"]:
        rel_week = match["week"].lower().split()
        weeks = SHIFT.get(rel_week[-2], 0)
        week = read_bounds(reference.week(weeks) or "")
        iso = (week.first + timedelta(days=weekday)).isoformat() if week else None
        note = f"{match['weekday']} of that week"
    else:
        iso, note = _find_weekday(match, context, weekday, rel[-1] if rel else "")
    return (Reading(iso, note),) if iso else ()


def _is_name(text: str, match: re.Match[str], lead: str, following: str) -> bool:
    """Whether the weekday is part of a name or means no day in particular."""
    if text[match.end() : match.end() + 1] == "s" or lead in _NAMED_BEFORE:
        return True
    if following in _NAMED_AFTER or following.lower() in _GENERIC_AFTER:
        return True
    if lead.lower() in _GENERIC_BEFORE:
        # "in a Monday statement" is that Monday's, "on a Monday" and "a Monday morning" are not.
        named = following.islower() and not match["time"] and not is_stop_word(following)
        return not (lead.lower() == "a" and named)
    if lead.lower() == "the" and following[:1].isupper() and not match["time"]:
        return True
    after = text[match.end() : match.end() + 24]
    before = text[max(0, match.start() - 24) : match.start()]
    spans = r"(?:\s?[-\u2013]\s?|\s(?:to|through|until)\s)"
    return bool(
        re.match(rf"{spans}{WEEKDAY}|\sthe\s13th", after)
        or re.search(rf"{WEEKDAY}{spans}$", before)
    ) and not re.search(r"\bfrom\s(?:\w+\s(?:to|until)\s)?$", before)


def _find_weekday(
    match: re.Match[str], context: Context, weekday: int, rel: str
) -> tuple[str | None, str]:
    reference = context.reference
    today = reference.date
    if not today:
        return None, ""
    name = match["weekday"]
    if rel in ("last", "past", "previous"):
        gap = (today.weekday() - weekday - 1) % 7 + 1
        return shift_day(today, -gap), f"the {name} before publication"
    if rel == "next":
        monday = 7 - today.weekday()
        return shift_day(today, monday + weekday), f"{name} of the week after publication"
    ahead = context.is_ahead(match)
    if rel in ("coming", "following"):
        return reference.weekday(weekday, ahead=True), f"the {name} after publication"
    if rel == "this":
        gap = weekday - today.weekday()
        if gap < 0 and ahead:
            gap += 7
        return shift_day(today, gap), f"{name} of the week of publication"
    side = "at or after" if ahead else "at or before"
    return reference.weekday(weekday, ahead=ahead), f"the nearest {name} {side} publication"


RULES = (
    Rule(
        "weekday",
        ("weekday",),
        re.compile(
            rf"\b(?:(?P<rel>{RELATION})\s)?(?:(?i:late|early|mid)[\s-](?:on\s)?)?(?P<weekday>{WEEKDAY})"
            r"(?P<time>\s(?:late\s)?(?:morning|afternoon|evening|night|noon|midnight|lunchtime))?"
            r"(?:,?\s(?:of\s)?(?P<week>(?:last|next|this)\sweek))?"
        ),
        _read_weekday,
    ),
)
