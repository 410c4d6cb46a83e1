"""Rules for what is counted from the publication: "yesterday", "last month", "two weeks ago"."""

import re

from index.text.numbers import read_number
from index.text.stopwords import is_stop_word
from qa.dates.edtf import narrow_date, read_bounds
from qa.dates.grammar.anchor_rules import find_same_unit
from qa.dates.grammar.reference import Reference, year_iso
from qa.dates.grammar.rules import (
    NUMBER_WORD,
    Context,
    Reading,
    Readings,
    Rule,
    part_name,
    word_after,
    word_before,
)
from qa.dates.grammar.tense import has_cue

SHIFT = {
    "last": -1, "past": -1, "previous": -1, "this": 0, "current": 0, "next": 1, "coming": 1,
    "following": 1,
}  # fmt: skip


_TOLD = re.compile("earlier|later", re.IGNORECASE)
_DAYS = {"yesterday": -1, "last": -1, "tomorrow": 1}


_VAGUE_COUNTS = ("more than", "over", "less than", "at least", "up to", "under", "half")


def shift_unit(reference: Reference, unit: str, count: int) -> str | None:
    """The week, month, year ... that is so many later than the one of the publication."""
    if unit == "day":
        return reference.shift_days(count)
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


def _read_day_word(match: re.Match[str], context: Context) -> Readings:
    """As in "yesterday", "tonight", "tomorrow morning", "the day before yesterday"."""
    words = match[0].lower().split()
    shift = next((_DAYS[word] for word in words if word in _DAYS), 0)
    if words[0] == "the":
        shift = 2 if shift > 0 else -2
    lead = word_before(context.text, match.start())
    named = match["word"] and match["word"][0].isupper() and lead[:1].isupper()
    # "Today, few of them still work", "dearer today than meat": nowadays.
    opens = match["word"] == "Today" and context.text.startswith(",", match.end())
    cued = has_cue(context.text, match.start(), match.end()) if opens else True
    if named or not cued or word_after(context.text, match.end()) == "than":
        return ()
    iso = context.reference.shift_days(shift)
    return (Reading(iso, _counted(shift)),) if iso else ()


def _counted(days: int) -> str:
    if days == 0:
        return "the day of publication"
    return f"{abs(days)} day{'s' * (abs(days) > 1)} {'before' if days < 0 else 'after'} publication"


def _read_unit(match: re.Match[str], context: Context) -> Readings | None:
    """As in "last month", "earlier this year", "early next week", "the end of last month"."""
    text, unit = context.text, match["unit"].lower()
    rel = match["rel"].lower().split()[-1]
    lead = "the" if match["the"] else word_before(text, match.start()).lower()
    lead = "" if match["part"] else lead
    # "the arrest last month of a minister" tells one, "his last month of service" does not.
    owned = rel != "last" or not lead.isalpha() or is_stop_word(lead)
    if rel in ("previous", "following") or (word_after(text, match.end()) == "of" and owned):
        return None
    if lead == "the" and rel == "next":
        return None
    if lead == "the" and rel in ("last", "past") and unit not in ("weekend", "century"):
        return ()
    if lead in ("every", "each") or rel in ("past", "coming") and lead in ("over", "in", "for"):
        return ()
    iso = shift_unit(context.reference, unit, SHIFT[rel])
    if unit == "weekend":
        iso = _find_weekend(match, context, rel)
    if not iso:
        return ()
    note = f"the {unit} of publication" if rel == "this" else f'"{rel} {unit}" from publication'
    narrowed = _take_part(context.reference, iso, match["part"], unit, SHIFT[rel])
    if narrowed != iso:
        note += f', "{match["part"].strip(" -")}" of it'
    return (Reading(narrowed, note),)


def _take_part(reference: Reference, iso: str, part: str | None, unit: str, count: int) -> str:
    """The early, middle or late part of a unit; all of it for "earlier" and "later"."""
    if not part or _TOLD.match(part):
        return iso
    name = part_name(part)
    return reference.week_part(count, name) or iso if unit == "week" else narrow_date(iso, name)


def _find_weekend(match: re.Match[str], context: Context, rel: str) -> str | None:
    reference = context.reference
    weekday = reference.date.weekday() if reference.date else 0
    if rel in ("last", "next"):
        return reference.weekend(SHIFT[rel])
    if rel == "past":
        return reference.weekend(-(weekday < 6))
    ahead = (
        rel == "coming" or weekday >= 5 or (rel == "this" and weekday) or context.is_ahead(match)
    )
    return reference.weekend(0 if ahead else -1)


def _read_the_weekend(match: re.Match[str], context: Context) -> Readings:
    """As in "over the weekend": the last one, or the one to come if the sentence says so."""
    iso = _find_weekend(match, context, "the")
    return (Reading(iso, "the weekend nearest to publication"),) if iso else ()


def _read_part_of_unit(match: re.Match[str], context: Context) -> Readings:
    """As in "the end of the month", "earlier in the year", "later that year"."""
    unit, iso = match["unit"], shift_unit(context.reference, match["unit"], 0)
    anchor = context.find_anchor(match.start())
    told = find_same_unit(anchor, unit) if anchor else None
    own, past = (read_bounds(found) if found else None for found in (iso, told))
    if match["that"] or (past and (not own or own.first.year - past.first.year > 1)):
        iso = told
    if not iso or (unit == "day" and not _TOLD.match(match["part"])):
        return ()
    iso = _take_part(context.reference, iso, match["part"], unit, 0)
    return (Reading(iso, f"in the {unit} that is told of"),)


def _read_counted(match: re.Match[str], context: Context) -> Readings | None:
    """As in "two weeks ago", "in two weeks' time", "will open in two months"; days to the day."""
    count, side = read_number(match["count"]), (match["side"] or "").lower()
    lead = context.lowered[max(0, match.start() - 12) : match.start()].rstrip()
    if not count or (side and lead.endswith(_VAGUE_COUNTS)):
        return ()
    if not side and not (match["in"] and context.is_ahead(match)):
        return None
    back, unit = side.startswith(" ago"), match["unit"].lower().replace("centurie", "century")
    return _shifted(
        context.reference, unit, -count if back else count, "before" if back else "after"
    )


def _shifted(reference: Reference, unit: str, count: int, side: str) -> Readings:
    days = {"day": 1, "week": 7, "fortnight": 14}.get(unit)
    if days:
        iso = reference.shift_days(days * count)
    elif unit == "month":
        iso = reference.shift_months(count)
    else:
        iso = reference.shift_years(count * {"year": 1, "decade": 10, "century": 100}[unit])
    return (
        (Reading(iso, f"{abs(count)} {unit}{'s' * (abs(count) > 1)} {side} publication"),)
        if iso
        else ()
    )


RELATION = r"(?i:last|this\spast|this\scoming|this|next|past|coming|current|previous|following)"


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
            r"\b(?:(?i:the\s(?:day\s(?:before\syesterday|after\stomorrow)|night\sbefore\slast))|"
            r"(?:(?:late|early|earlier|later)\s)?(?P<word>(?i:yesterday|today|tonight|tomorrow))"
            r"(?:\s(?:morning|afternoon|evening|night))?|"
            r"(?i:last\s(?:night|evening)|this\s(?:morning|afternoon|evening|lunchtime)))\b"
        ),
        _read_day_word,
    ),
    Rule(
        "unit",
        ("unit",),
        re.compile(
            rf"\b{_PARTS}(?P<the>[Tt]he\s)?(?P<rel>{RELATION})\s(?P<unit>(?i:weekend|week|month|"
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
        "counted",
        ("ago", "unit"),
        re.compile(
            rf"\b(?P<in>in\s)?{_COUNT}\s(?P<unit>day|week|fortnight|month|year|decade|"
            r"centur(?:y|ie)(?=s?\sago))s?"
            r"(?P<side>\sago(?:\s(?:today|this\s(?:week|month|year)))?\b|['’]?\stime\b|"
            r"\sfrom\s(?:now|today)\b)?(?!\sof\b|[-\w])",
            re.IGNORECASE,
        ),
        _read_counted,
    ),
)
