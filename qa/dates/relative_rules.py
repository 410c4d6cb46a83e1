"""Rules for what is counted from the publication or from a date told before: "two weeks ago"."""

import re
from calendar import monthrange
from datetime import date, timedelta

from qa.dates.edtf import (
    has_year,
    interval_iso,
    narrow_date,
    read_bounds,
    read_month_days,
    read_precision,
)
from qa.dates.reference import Reference, shift_day, year_iso
from qa.dates.rules import (
    NUMBER_WORD,
    PART,
    WEEKDAY,
    Context,
    Reading,
    Readings,
    Rule,
    part_name,
    word_after,
    word_before,
)
from qa.dates.words import WEEKDAYS, read_number

_SHIFT = {
    "last": -1, "past": -1, "previous": -1, "this": 0, "current": 0, "next": 1, "coming": 1,
    "following": 1,
}  # fmt: skip
_DAYS = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}
_NAMED_BEFORE = frozenset(
    "Black Good Ash Easter Palm Bloody Super Fat Cyber Shrove Holy Maundy Giving Red Blue "
    "Sheffield Ruby Freaky Casual Man Girl Manic Happy Whit Pancake Spy Any Given Stormy".split()
)
_NAMED_AFTER = frozenset(
    "Times Telegraph Mail Mirror Express Post Herald Mercury World People Sun Business Independent "
    "Magazine Tribune Club Group Review School Night Nights Football Live Addams Standard Age "
    "Star".split()
)
_GENERIC_AFTER = frozenset(
    "papers newspapers newspaper school schools brunch roast best supplement supplements league "
    "drivers driver nights mornings afternoons evenings lunches edition".split()
)
_AFTER_GENERIC = frozenset(
    "in and or at when of for to is was after before with by as the this that from "
    "during".split()
)
_GENERIC_BEFORE = frozenset(
    "a every each any most another alternate some per one many several few typical "
    "regular".split()
)


def shift_unit(reference: Reference, unit: str, count: int) -> str | None:
    """The week, month, year ... that is so many later than the one of the publication."""
    if unit == "weekend":
        return reference.weekend(count)
    if unit == "week":
        return reference.week(count)
    if unit == "month":
        return reference.shift_months(count)
    if unit == "quarter":
        return _shift_quarter(reference, count)
    if not reference.year:
        return None
    if unit == "decade":
        decade = reference.year // 10 + count
        return f"{decade:03}X" if 0 < decade < 1000 else None
    if unit == "century":
        century = reference.year // 100 + count
        return f"{century:02}XX" if 0 < century < 100 else None
    return reference.shift_years(count)


def _shift_quarter(reference: Reference, count: int) -> str | None:
    if not reference.year or not reference.month:
        return None
    years, quarter = divmod((reference.month - 1) // 3 + count, 4)
    year = year_iso(reference.year + years)
    return f"{year}-{3 * quarter + 1:02}/{year}-{3 * quarter + 3:02}" if year else None


def _read_day_word(match: re.Match[str], context: Context) -> Readings | None:
    """ "yesterday", "tonight", "tomorrow morning", "the day before yesterday"."""
    word = match["word"]
    if match["two"]:
        shift = -2 if match["two"].lower().startswith("the day before") else 2
    elif word:
        lead, following = word_before(context.text, match.start()), word_after(
            context.text, match.end()
        )
        if word[0].isupper() and lead[:1].isupper() or following.lower() in (
            "programme", "show", "program"
        ):
            return ()
        shift = _DAYS[word.lower()]
    else:
        shift = -1 if match["night"].lower().startswith("last") else 0
    iso = context.reference.shift_days(shift)
    return (Reading(iso, _counted(shift)),) if iso else ()


def _counted(days: int) -> str:
    if days == 0:
        return "the day of publication"
    return f"{abs(days)} day{'s' * (abs(days) > 1)} {'before' if days < 0 else 'after'} publication"


def _read_unit(match: re.Match[str], context: Context) -> Readings | None:
    """ "last month", "earlier this year", "early next week", "the end of the month"."""
    text, unit = context.text, match["unit"].lower()
    if text[match.end() : match.end() + 1] == "-" or word_after(text, match.end()) == "of":
        return None
    rel = match["rel"].lower().split()[-1]
    lead = "the" if match["the"] else word_before(text, match.start()).lower()
    if rel == "next" and lead == "the":
        return None
    if lead == "the" and rel in ("last", "past", "next", "coming") and unit != "weekend":
        if rel in ("last", "past") and unit == "century":
            pass
        elif rel == "coming" and lead != "over":
            pass
        else:
            return ()
    if lead in ("every", "each") or rel in ("past", "coming") and lead in ("over", "in", "for"):
        return ()
    if text[match.end() : match.end() + 1] == "-" or word_after(text, match.end()) == "of":
        return None
    if rel in ("previous", "following"):
        return None
    iso = shift_unit(context.reference, unit, _SHIFT[rel])
    if unit == "weekend":
        iso = _find_weekend(match, context, rel)
    if not iso:
        return ()
    note = f"the {unit} of publication" if rel == "this" else f'"{rel} {unit}" from publication'
    part = match["part"]
    if part and not part.lower().startswith(("earlier", "later")):
        if unit == "week":
            iso = context.reference.week_part(_SHIFT[rel], part_name(part)) or iso
        else:
            iso = narrow_date(iso, part_name(part))
        note += f', "{part.strip(" -")}" of it'
    return (Reading(iso, note),)


def _find_weekend(match: re.Match[str], context: Context, rel: str) -> str | None:
    reference = context.reference
    if not reference.date:
        return None
    weekday = reference.date.weekday()
    if rel in ("last", "past"):
        return reference.weekend(0 if rel == "past" and weekday == 6 else -1)
    if rel in ("next", "coming"):
        return reference.weekend(1 if rel == "next" else 0)
    if weekday >= 5:
        return reference.weekend(0)
    ahead = context.is_ahead(match)
    if match["rel"] and weekday > 0:
        return reference.weekend(0)
    return reference.weekend(0 if ahead else -1)


def _read_the_weekend(match: re.Match[str], context: Context) -> Readings:
    """ "over the weekend": the last one, or the one to come if the sentence says so."""
    iso = _find_weekend(match, context, "the")
    return (Reading(iso, "the weekend nearest to publication"),) if iso else ()


def _read_part_of_unit(match: re.Match[str], context: Context) -> Readings | None:
    """ "the end of the month", "earlier in the year", "later that year"."""
    unit = match["unit"].lower()
    anchor = context.find_anchor(match.start())
    iso = _same_unit(anchor, unit) if anchor else None
    at_issue = bool(iso and has_year(iso))
    if match["that"] and not iso:
        return ()
    if not at_issue or not match["that"]:
        own = shift_unit(context.reference, unit, 0)
        bounds = read_bounds(own) if own else None
        told = read_bounds(iso) if iso else None
        if not told or (bounds and bounds.first.year - told.first.year < 2 and not match["that"]):
            iso = own
    if not iso:
        return ()
    if match["part"] and not match["part"].lower().startswith(("earlier", "later")):
        if unit == "week":
            iso = context.reference.week_part(0, part_name(match["part"])) or iso
        elif unit == "day":
            return ()
        else:
            iso = narrow_date(iso, part_name(match["part"]))
    return (Reading(iso, f"in the {unit} that is told of"),)


def _read_ago(match: re.Match[str], context: Context) -> Readings:
    """ "two weeks ago", "a decade ago"; to the day for days and weeks, else to the unit."""
    count = read_number(match["count"])
    lead = context.lowered[max(0, match.start() - 12) : match.start()].rstrip()
    if not count or lead.endswith(("more than", "over", "less than", "at least", "up to", "under")):
        return ()
    return _shifted(context.reference, match["unit"].lower(), -count, "before publication")


def _read_hence(match: re.Match[str], context: Context) -> Readings | None:
    """ "in two weeks' time", "three days from now", "will open in two months"."""
    count = read_number(match["count"])
    if not count:
        return ()
    if not match["sure"] and not (match["in"] and context.is_ahead(match)):
        return None
    return _shifted(context.reference, match["unit"].lower(), count, "after publication")


def _shifted(reference: Reference, unit: str, count: int, side: str) -> Readings:
    days = {"day": 1, "week": 7, "fortnight": 14}.get(unit)
    if days:
        iso = reference.shift_days(days * count)
    elif unit == "month":
        iso = reference.shift_months(count)
    else:
        iso = reference.shift_years(count * {"year": 1, "decade": 10, "century": 100}[unit])
    return (Reading(iso, f"{abs(count)} {unit}{'s' * (abs(count) > 1)} {side}"),) if iso else ()


def _read_later(match: re.Match[str], context: Context) -> Readings | None:
    """ "three days later", "a year earlier", "two weeks after 5 March", "the day before"."""
    count = 1 if match["count"].lower() == "the" else read_number(match["count"])
    side, unit = match["side"].lower(), match["unit"].lower()
    if not count:
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


def _read_offset(
    match: re.Match[str], context: Context, unit: str, count: int
) -> Readings | None:
    """The date so far from one told right after: "a day after the February 21 meeting"."""
    from qa.dates.find import read_text

    clause = _AHEAD_OF.match(context.text, match.end())
    piece = clause[0] if clause else ""
    inner = read_text(piece, context.reference)
    for reading in inner[:1]:
        between = piece[: reading.start].strip().lower()
        if len(between.split()) > 5 or "," in between:
            return ()
        iso = shift_anchor(reading.iso, unit, count)
        if not iso:
            return ()
        whole = not between and not re.match(r"\s(?:the|a)\b", piece)
        end = match.end() + reading.end if whole else match.end()
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


def _same_unit(anchor: str, unit: str) -> str | None:
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
    """ "the same day", "that year", "the following month", "the previous year"."""
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
        iso = _same_unit(anchor, unit)
    elif unit == "week":
        iso = _same_unit(anchor, "week")
        shift = 7 if rel in ("next", "following") else -7
        bounds = read_bounds(iso) if iso else None
        move = timedelta(days=shift)
        iso = interval_iso(bounds.first + move, bounds.last + move) if bounds else None
    elif unit == "weekend":
        iso = None
    else:
        iso = shift_anchor(anchor, unit, 1 if rel in ("next", "following") else -1)
        iso = _same_unit(iso, unit) if iso and has_year(iso) else iso
    return (Reading(iso, f"counted from {anchor}"),) if iso else ()


def _read_weekday(match: re.Match[str], context: Context) -> Readings | None:
    """ "on Wednesday", "late Friday", "last Monday", "Tuesday of next week"."""
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
        weeks = _SHIFT.get(rel_week[-2], 0)
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
    if following in _NAMED_AFTER:
        return True
    if lead.lower() in _GENERIC_BEFORE:
        # "in a Monday statement" is that Monday's, "on a Monday" and "a Monday morning" are not.
        named = following.islower() and not match["time"] and following not in _AFTER_GENERIC
        return not (lead.lower() == "a" and named)
    if lead.lower() == "the" and following[:1].isupper() and not match["time"]:
        return True
    if following.lower() in _GENERIC_AFTER:
        return True
    after = text[match.end() : match.end() + 24]
    before = text[max(0, match.start() - 24) : match.start()]
    spans = r"(?:\s?[-\u2013]\s?|\s(?:to|through|until)\s)"
    return bool(
        re.match(rf"{spans}{WEEKDAY}|\sthe\s13th", after) or re.search(rf"{WEEKDAY}{spans}$", before)
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


def _read_weekdays(match: re.Match[str], context: Context) -> Readings | None:
    """ "from Monday to Wednesday"."""
    ahead = context.is_ahead(match)
    first_day = WEEKDAYS.index(match["first"].lower())
    last_day = WEEKDAYS.index(match["last"].lower())
    if ahead:
        first = read_bounds(context.reference.weekday(first_day, ahead=True) or "")
        if not first:
            return ()
        gap = (last_day - first_day) % 7
        return (Reading(interval_iso(first.first, first.first + timedelta(days=gap)), "to come"),)
    last = read_bounds(context.reference.weekday(last_day, ahead=False) or "")
    if not last:
        return ()
    gap = (last_day - first_day) % 7
    return (Reading(interval_iso(last.first - timedelta(days=gap), last.first), "just past"),)


_UNIT = r"(?P<unit>(?i:week|month|quarter|year|decade|century))"
_REL = r"(?i:last|this\spast|this\scoming|this|next|past|coming|current|previous|following)"
_EARLIER = r"(?:(?P<part>(?i:earlier|later)|{part})\s?)?"
_PARTS = (
    r"(?P<part>(?i:earlier|later|early|mid|late)(?:\s?-\s?|\s)(?:in\s)?|"
    r"(?i:middle|end|beginning|start|close|turn)\sof\s)?"
)
_COUNT = rf"(?P<count>(?i:{NUMBER_WORD}|an?|one))"

RULES = (
    Rule(
        "day word",
        ("day word",),
        re.compile(
            r"\b(?:(?P<two>(?i:the\sday\s(?:before\syesterday|after\stomorrow)))|"
            r"(?:(?:late|early|earlier|later)\s)?(?P<word>(?i:yesterday|today|tonight|tomorrow))"
            r"(?:\s(?:morning|afternoon|evening|night))?|"
            r"(?P<night>(?i:last\s(?:night|evening)|this\s(?:morning|afternoon|evening|lunchtime))))\b"
        ),
        _read_day_word,
    ),
    Rule(
        "unit",
        ("unit",),
        re.compile(
            rf"\b{_PARTS}(?P<the>[Tt]he\s)?(?P<rel>{_REL})\s(?P<unit>(?i:weekend|week|month|"
            r"quarter|year|decade|century))\b(?!-)"
        ),
        _read_unit,
    ),
    Rule(
        "weekend",
        ("weekend",),
        re.compile(r"\b(?i:over|at|during|on|for|by)\s(?P<rel>)the\s(?:\w+\s)?(?P<unit>weekend)\b"),
        _read_the_weekend,
    ),
    Rule(
        "part of unit",
        ("unit",),
        re.compile(
            r"\b(?P<part>(?i:earlier|later|early|late)\s(?:in\s)?|"
            r"(?i:middle|end|beginning|start|close|turn)\sof\s)(?P<that>that\s|the\ssame\s)?(?:the\s)?"
            r"(?P<unit>week|month|year|decade|century|day)\b(?!\s(?:of|before|after)\b|-)"
        ),
        _read_part_of_unit,
    ),
    Rule(
        "ago",
        ("ago",),
        re.compile(
            rf"\b{_COUNT}\s(?P<unit>day|week|fortnight|month|year|decade)s?\sago"
            r"(?:\s(?:today|this\s(?:week|month|year)))?\b",
            re.IGNORECASE,
        ),
        _read_ago,
    ),
    Rule(
        "hence",
        ("unit",),
        re.compile(
            rf"\b(?P<in>[Ii]n\s)?{_COUNT}\s(?P<unit>day|week|fortnight|month|year|decade)s?"
            r"(?P<sure>['’]?\stime\b|\sfrom\s(?:now|today)\b)?(?!\sof\b|\sago|[-\w])"
        ),
        _read_hence,
    ),
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
    Rule(
        "weekdays",
        ("weekday",),
        re.compile(rf"(?<=[Ff]rom\s)(?P<first>{WEEKDAY})\s(?:to|until|through|till)\s(?P<last>{WEEKDAY})"),
        _read_weekdays,
    ),
    Rule(
        "weekday",
        ("weekday",),
        re.compile(
            rf"\b(?:(?P<rel>{_REL})\s)?(?:(?i:late|early|mid)[\s-](?:on\s)?)?(?P<weekday>{WEEKDAY})"
            r"(?P<time>\s(?:late\s)?(?:morning|afternoon|evening|night|noon|midnight|lunchtime))?"
            r"(?:,?\s(?:of\s)?(?P<week>(?:last|next|this)\sweek))?"
        ),
        _read_weekday,
    ),
)

_ = (monthrange, date, _EARLIER, _UNIT)
