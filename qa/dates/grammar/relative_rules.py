"""Rules for what is counted from the publication: "yesterday", "last month", "two weeks ago"."""

import re

from index.text.numbers import read_number
from qa.dates.edtf import (
    has_year,
    narrow_date,
    read_bounds,
)
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


_DAYS = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}


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


def _read_day_word(match: re.Match[str], context: Context) -> Readings | None:
    """As in "yesterday", "tonight", "tomorrow morning", "the day before yesterday"."""
    word = match["word"]
    if match["two"]:
        shift = 2 if match["two"].lower().endswith("tomorrow") else -2
    elif word:
        lead, following = (
            word_before(context.text, match.start()),
            word_after(context.text, match.end()),
        )
        if (
            word[0].isupper()
            and lead[:1].isupper()
            or following.lower() in ("programme", "show", "program")
        ):
            return ()
        if word.lower() == "today" and _means_nowadays(match, context, following):
            return ()
        shift = _DAYS[word.lower()]
    else:
        shift = -1 if match["night"].lower().startswith("last") else 0
    iso = context.reference.shift_days(shift)
    return (Reading(iso, _counted(shift)),) if iso else ()


def _means_nowadays(match: re.Match[str], context: Context, following: str) -> bool:
    """As in "no less important today than then" and "Today, few of them still work"."""
    if following == "than":
        return True
    opens = match["word"][0].isupper() and context.text.startswith(",", match.end())
    return opens and not has_cue(context.text, match.start(), match.end())


def _counted(days: int) -> str:
    if days == 0:
        return "the day of publication"
    return f"{abs(days)} day{'s' * (abs(days) > 1)} {'before' if days < 0 else 'after'} publication"


_OWNERS = frozenset(
    "the a an its his her their our my your this that in of for during until to every each "
    "full".split()
)


def _read_unit(match: re.Match[str], context: Context) -> Readings | None:
    """As in "last month", "earlier this year", "early next week", "the end of the month"."""
    text, unit = context.text, match["unit"].lower()
    rel = match["rel"].lower().split()[-1]
    lead = "the" if match["the"] else word_before(text, match.start()).lower()
    lead = "" if match["part"] else lead
    # "the arrest last month of a minister" tells one, "his last month of service" does not.
    apart = rel == "last" and lead.isalpha() and lead not in _OWNERS
    if word_after(text, match.end()) == "of" and not apart:
        return None
    if text[match.end() : match.end() + 1] == "-":
        return None
    if rel == "next" and lead == "the":
        return None
    if lead == "the" and rel in ("last", "past", "next", "coming") and unit != "weekend":
        if rel in ("last", "past") and unit == "century" or rel == "coming" and lead != "over":
            pass
        else:
            return ()
    if lead in ("every", "each") or rel in ("past", "coming") and lead in ("over", "in", "for"):
        return ()
    if rel in ("previous", "following"):
        return None
    iso = shift_unit(context.reference, unit, SHIFT[rel])
    if unit == "weekend":
        iso = _find_weekend(match, context, rel)
    if not iso:
        return ()
    note = f"the {unit} of publication" if rel == "this" else f'"{rel} {unit}" from publication'
    part = match["part"]
    if part and not part.lower().startswith(("earlier", "later")):
        if unit == "week":
            iso = context.reference.week_part(SHIFT[rel], part_name(part)) or iso
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
    """As in "over the weekend": the last one, or the one to come if the sentence says so."""
    iso = _find_weekend(match, context, "the")
    return (Reading(iso, "the weekend nearest to publication"),) if iso else ()


def _read_part_of_unit(match: re.Match[str], context: Context) -> Readings | None:
    """As in "the end of the month", "earlier in the year", "later that year"."""
    unit = match["unit"].lower()
    anchor = context.find_anchor(match.start())
    iso = find_same_unit(anchor, unit) if anchor else None
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
    """As in "two weeks ago", "a decade ago"; to the day for days and weeks, else to the unit."""
    count = read_number(match["count"])
    lead = context.lowered[max(0, match.start() - 12) : match.start()].rstrip()
    if not count or lead.endswith(_VAGUE_COUNTS):
        return ()
    unit = match["unit"].lower().replace("centurie", "century")
    return _shifted(context.reference, unit, -count, "before publication")


def _read_hence(match: re.Match[str], context: Context) -> Readings | None:
    """As in "in two weeks' time", "three days from now", "will open in two months"."""
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
            r"\b(?:(?P<two>(?i:the\s(?:day\s(?:before\syesterday|after\stomorrow)|night\sbefore\slast)))|"
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
        "ago",
        ("ago",),
        re.compile(
            rf"\b{_COUNT}\s(?P<unit>day|week|fortnight|month|year|decade|centur(?:y|ie))s?\sago"
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
)
