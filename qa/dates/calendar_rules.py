"""Rules for days and months by name or number, alone and as intervals: "7-12 August 2008"."""

import re

from qa.dates.edtf import day_iso, has_year, month_day_iso, narrow_date, read_bounds
from qa.dates.rules import (
    ANY_WEEKDAY,
    COUNTED,
    DASH,
    DAY,
    FULL_MONTH,
    MONTH,
    PART,
    SAID_YEAR,
    YEAR,
    Context,
    Reading,
    Readings,
    Rule,
    part_name,
    read_part,
    read_said_year,
    word_after,
    word_before,
)
from qa.dates.reference import Reference, find_nth_weekday
from qa.dates.words import FEASTS, MOVING_FEASTS, ORDINAL, WEEKDAYS, read_month, read_ordinal

_YEAR_TAIL = rf"(?:,?\s(?:of\s)?(?P<year>{SAID_YEAR})(?![%]|[:,]\d|\s{COUNTED}))"
_WEEKDAY_LEAD = (
    rf"(?:(?P<weekday>{ANY_WEEKDAY})(?:\s(?:morning|afternoon|evening|night))?,?\s(?:the\s)?)?"
)
_NOT_COUNTED = rf"(?![%°]|[.,:]\d|\s{COUNTED})"
_TO = rf"(?P<link>{DASH}|\s(?:to|until|till|through|thru|and|or)\s)"
_ORDINAL_WORD = "|".join(sorted((word for word in ORDINAL), key=len, reverse=True))
_WORD_DAY = rf"(?:{DAY}|(?:{_ORDINAL_WORD})\b)"
_MONTH_NEEDS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SAYING = re.compile(r"\b(?:said|told|announced|reported|added|confirmed)\b[^.;]{0,40}$")


def resolve_day(
    context: Context, match: re.Match[str], month: int, day: int, weekday: str | None = None
) -> Reading | None:
    """The day without a year in the year that fits: the sentence's, else around publication."""
    lone = month_day_iso(month, day)
    if not lone:
        return None
    told = context.find_told_year(match.start())
    before = context.text[max(0, match.start() - 60) : match.start()]
    if told and told != context.reference.year and not _SAYING.search(before):
        iso = day_iso(told, month, day)
        if iso:
            return Reading(iso, f"{told} is the year that the sentence gives before")
    ahead = context.is_ahead(match)
    iso = context.reference.day_of_year(month, day, ahead=ahead)
    other = context.reference.day_of_year(month, day, ahead=not ahead)
    if weekday and iso and other and has_year(iso):
        wanted = [_weekday_of(found) == weekday[:3].lower() for found in (iso, other)]
        if wanted == [False, True]:
            return Reading(other, f"the year in which it is a {weekday}")
    if not iso:
        return None
    if not has_year(iso):
        return Reading(iso, "the year is not known")
    side = "at or after" if ahead else "at or before"
    return Reading(iso, f"the nearest {side} publication")


def _weekday_of(iso: str) -> str:
    bounds = read_bounds(iso)
    return WEEKDAYS[bounds.first.weekday()][:3] if bounds else ""


def _read_day(match: re.Match[str], context: Context) -> Readings | None:
    """ "17 September 2008", "Sunday, February 17", "the third of March last year"."""
    day = read_ordinal(match["day"])
    month = read_month(match["month"])
    if not day:
        return ()
    if re.search(r"\sthe\s\d+$", match[0]):
        return None
    if match["year"]:
        year = read_said_year(match["year"], context, match.start())
        iso = day_iso(year, month, day) if year else month_day_iso(month, day)
        written = match["year"][:4].isdecimal()
        note = "as written" if written else f'"{match["year"]}" from the publication'
        return (Reading(iso, note, absolute=written),) if iso else ()
    if _is_attack(match, context, month, day):
        return (Reading("2001-09-11", "the attacks of 11 September 2001", absolute=True),)
    reading = resolve_day(context, match, month, day, match["weekday"])
    return (reading,) if reading else ()


def _is_attack(match: re.Match[str], context: Context, month: int, day: int) -> bool:
    if (month, day) != (9, 11):
        return False
    following = context.text[match.end() : match.end() + 30].lower()
    return bool(re.match(r",?\s(?:terror|terrorist|attack|hijack|suicide|commission)", following))


def _read_interval(match: re.Match[str], context: Context) -> Readings | None:
    """ "7-12 August 2008", "from 28 December to 2 January", "March 3 and 4"."""
    groups = match.groupdict()
    first_day, last_day = read_ordinal(groups["day1"]), read_ordinal(groups["day2"])
    if not first_day or not last_day:
        return ()
    last_name = groups["month2"] or groups["month1"]
    first_name = groups["month1"] or groups["month2"]
    if not first_name or not last_name:
        return ()
    first_month, last_month = read_month(first_name), read_month(last_name)
    year = read_said_year(groups["year"], context, match.start())
    first_year = int(groups["year1"]) if groups["year1"] else None
    points = match["link"].strip() in ("and", "or") and word_before(
        context.text, match.start()
    ).lower() not in ("between", "both")
    same_month = not (groups["month1"] and groups["month2"])
    if same_month and first_day >= last_day:
        return None
    if points and match["link"].strip() == "and" and same_month and last_day == first_day + 1:
        points = False
    if year is None:
        reading = resolve_day(context, match, last_month, last_day)
        bounds = read_bounds(reading.iso) if reading else None
        year = bounds.first.year if bounds else None
    if first_year is None and year is not None:
        first_year = year - ((first_month, first_day) > (last_month, last_day))
    first = _make_day(first_year, first_month, first_day)
    last = _make_day(year, last_month, last_day)
    if not first or not last:
        return ()
    note = "as written" if groups["year"] else "in the year nearest to publication"
    written = bool(groups["year"])
    if points:
        split = match.end("day1") if same_month else match.start("link")
        second = match.start("day2") if not same_month and groups["month1"] else match.start("day2")
        if groups["month2"] and match.start("month2") < match.start("day2"):
            second = match.start("month2")
        return (
            Reading(first, note, match.start(), split, written),
            Reading(last, note, second, match.end(), written),
        )
    if first >= last and has_year(first):
        return None
    return (Reading(f"{first}/{last}", note, absolute=written),)


def _make_day(year: int | None, month: int, day: int) -> str | None:
    return day_iso(year, month, day) if year else month_day_iso(month, day)


def _read_months(match: re.Match[str], context: Context) -> Readings | None:
    """ "from March to May 2014", "May and June 2008", "between June and August"."""
    first_month, last_month = read_month(match["month1"]), read_month(match["month2"])
    lead = word_before(context.text, match.start()).lower()
    link = match["link"].strip()
    if not match["year"] and lead not in ("from", "between", "in", "during") and link != "through":
        return None
    if not match["year"] and link in ("-", "\u2013", "\u2014"):
        return None
    points = link in ("and", "or") and lead != "between"
    if match["year"]:
        year = read_said_year(match["year"], context, match.start())
        last = f"{year:04}-{last_month:02}" if year else f"--{last_month:02}"
    else:
        ahead = context.is_ahead(match)
        last = context.reference.month_of_year(last_month, ahead=ahead) or ""
    year = int(last[:4]) if has_year(last) else None
    if match["year1"]:
        first = f"{match['year1']}-{first_month:02}"
    elif year:
        first = f"{year - (first_month > last_month):04}-{first_month:02}"
    else:
        first = f"--{first_month:02}"
    note = "as written" if match["year"] else "in the year nearest to publication"
    if points:
        return (
            Reading(first, note, match.start(), match.end("month1")),
            Reading(last, note, match.start("month2"), match.end()),
        )
    return (Reading(f"{first}/{last}", note, absolute=bool(match["year"])),)


def _read_month_of_year(match: re.Match[str], context: Context) -> Readings | None:
    """ "December 2013", "late August 2008", "September last year"."""
    year = read_said_year(match["year"], context, match.start())
    if year is None:
        return None
    written = match["year"][:4].isdecimal()
    iso, note = read_part(match, f"{year:04}-{read_month(match['month']):02}")
    said = "as written" if written else f'"{match["year"]}" from the publication'
    return (Reading(iso, note or said, absolute=written),)


# After these a month name is a month, whatever follows.
_MONTH_LEADS = frozenset(
    "in since until till during throughout late early mid last next this through every each "
    "ending ended beginning starting".split()
)
# After these it is one unless a name or a verb could follow: "by May said", "to March on".
_WEAK_MONTH_LEADS = frozenset("of by from before after and or to past for between about".split())
_DETERMINERS = frozenset("the a an its his her their our that another".split())
_NAME_LIKE = frozenset(("may", "march", "april", "june", "august"))
_NOT_NOUNS = frozenset(
    "said says told was is has had will would did the be on of for to in and at from that as "
    "through against with by past down up into toward towards around".split()
)


def _read_month(match: re.Match[str], context: Context) -> Readings | None:
    """ "in June", "late August", "last December", "the September elections"."""
    if not _is_month(match, context):
        return _join_previous_month(match, context)
    iso = _place_month(match, context, read_month(match["month"]))
    if not iso:
        return ()
    iso, part_note = read_part(match, iso)
    note = "the year is not known" if not has_year(iso) else "the nearest to publication"
    return (Reading(iso, part_note or note),)


def _is_month(match: re.Match[str], context: Context) -> bool:
    """Whether the name is that of a month here, not of a person or a verb."""
    text, name = context.text, match["month"]
    lead, following = word_before(text, match.start()), word_after(text, match.end())
    low, after = lead.lower(), text[match.end() : match.end() + 2]
    if low in ("every", "each") or after[:1] == "s":
        return False
    if match["part"] or match["rel"] or low in _MONTH_LEADS:
        return True
    risky = name.lower() in _NAME_LIKE
    if name.islower() and low != "the":
        return False
    if low in _WEAK_MONTH_LEADS:
        if name.lower() not in ("may", "march"):
            return not (risky and following[:1].isupper())
        return not following[:1].isupper() and following not in _NOT_NOUNS and after[:1] not in "'’"
    if low in _DETERMINERS or low.endswith(("'s", "’s", "s'", "s’")):
        if name.lower() == "march" and following in ("on", "of", "for", "to", "against"):
            return False
        return bool(following) and following not in _NOT_NOUNS
    if risky or following[:1].isupper():
        return False
    return not lead[:1].isupper() or low in ("on", "in")


def _join_previous_month(match: re.Match[str], context: Context) -> Readings:
    """ "in April and May": the second of two months, right after the first."""
    previous = context.readings[-1] if context.readings else None
    between = context.text[previous.end : match.start()] if previous else ""
    if previous and re.fullmatch(r"\s?(?:,|and|or|to|,\sand)\s", between):
        iso = _place_month(match, context, read_month(match["month"]))
        return (Reading(iso, "the nearest to publication"),) if iso else ()
    return ()


def _place_month(match: re.Match[str], context: Context, month: int) -> str | None:
    reference, rel = context.reference, (match["rel"] or "").strip().lower()
    if rel in ("last", "past", "previous"):
        if reference.year and reference.month:
            return f"{reference.year - (month >= reference.month):04}-{month:02}"
        return f"--{month:02}"
    if rel in ("next", "coming"):
        if reference.year and reference.month:
            return f"{reference.year + (month <= reference.month):04}-{month:02}"
        return f"--{month:02}"
    if rel == "this":
        return f"{reference.year:04}-{month:02}" if reference.year else f"--{month:02}"
    told = context.find_told_year(match.start())
    if told and told != reference.year:
        return f"{told:04}-{month:02}"
    return reference.month_of_year(month, ahead=context.is_ahead(match))


def _read_iso(match: re.Match[str], context: Context) -> Readings:
    """ "2008-09-17" and "2008/09/17"."""
    iso = day_iso(int(match["year"]), int(match["month"]), int(match["day"]))
    return (Reading(iso, "as written", absolute=True),) if iso else ()


def _read_numeric(match: re.Match[str], context: Context) -> Readings:
    """ "17/09/2008" and "17.09.2008"; none when day and month could be either way round."""
    first, second, year = int(match["first"]), int(match["second"]), int(match["year"])
    if match["mark"] == "." or first > 12 or first == second:
        iso = day_iso(year, second, first)
    elif second > 12:
        iso = day_iso(year, first, second)
    else:
        iso = None
    return (Reading(iso, "as written", absolute=True),) if iso else ()


def _read_feast(match: re.Match[str], context: Context) -> Readings | None:
    """ "Christmas Day", "New Year's Eve 2013", "before Christmas", "last Thanksgiving"."""
    name = re.sub(r"\s", " ", match["feast"].lower().replace("’", "'"))
    rel = (match["rel"] or "").lower().strip()
    if name in ("christmas", "thanksgiving") and not rel and not match["year"]:
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
    """ "9/11"."""
    return (Reading("2001-09-11", "the attacks of 11 September 2001", absolute=True),)


def _read_day_of_month(match: re.Match[str], context: Context) -> Readings | None:
    """ "on the 26th", in the month told before or else around publication."""
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
_NO_NUMBER_BEFORE = r"(?<![\w.,:/$€£-])"

RULES = (
    Rule(
        "iso",
        ("year",),
        re.compile(
            rf"(?<![\d./-])(?P<year>{YEAR})(?P<mark>[-/])(?P<month>\d\d)(?P=mark)(?P<day>\d\d)(?!\d|-\d)"
        ),
        _read_iso,
    ),
    Rule(
        "numeric",
        ("year",),
        re.compile(
            r"(?<![\d./-])(?P<first>\d\d?)(?P<mark>[./-])(?P<second>\d\d?)(?P=mark)"
            rf"(?P<year>{YEAR})(?![\d/-]|\.\d)"
        ),
        _read_numeric,
    ),
    Rule(
        "day of month",
        ("month",),
        re.compile(
            rf"{_NO_NUMBER_BEFORE}{_WEEKDAY_LEAD}(?:the\s)?(?P<day>{_WORD_DAY})(?:\s(?:of\s)?|-)"
            rf"(?P<month>{MONTH})(?:{_YEAR_TAIL}|-(?P<year_dash>{YEAR}))?"
        ),
        lambda match, context: _read_day_of_month_name(match, context),
    ),
    Rule(
        "month day",
        ("month",),
        re.compile(
            rf"\b{_WEEKDAY_LEAD}(?P<month>{MONTH})\s(?:the\s)?(?P<day>{_WORD_DAY})"
            rf"{_NOT_COUNTED}(?:{_YEAR_TAIL}|\s?,(?P<year_dash>{YEAR}))?"
        ),
        lambda match, context: _read_day_of_month_name(match, context),
    ),
    Rule(
        "days of month",
        ("month",),
        re.compile(
            rf"{_NO_NUMBER_BEFORE}(?:{ANY_WEEKDAY},?\s)?(?:the\s)?(?P<day1>{DAY})"
            rf"(?:\s(?:of\s)?(?P<month1>{MONTH})(?:,?\s(?P<year1>{YEAR}))?)?"
            rf"{_TO}(?:{ANY_WEEKDAY},?\s)?(?:the\s)?(?P<day2>{DAY})\s(?:of\s)?(?P<month2>{MONTH})"
            rf"{_YEAR_TAIL}?"
        ),
        _read_interval,
    ),
    Rule(
        "month days",
        ("month",),
        re.compile(
            rf"\b(?:{ANY_WEEKDAY},?\s)?(?P<month1>{MONTH})\s(?P<day1>{DAY})"
            rf"(?:,?\s(?P<year1>{YEAR}),?)?"
            rf"{_TO}(?:{ANY_WEEKDAY},?\s)?(?:(?P<month2>{MONTH})\s)?(?P<day2>{DAY})"
            rf"(?=\W|$)(?!\s(?!in\b|at\b|of\b|on\b|as\b|and\b|or\b|to\b|by\b|with\b|for\b|when\b|"
            rf"were\b|was\b|but\b|this\b|last\b|next\b|{YEAR})[a-z]){_NOT_COUNTED}{_YEAR_TAIL}?"
        ),
        _read_interval,
    ),
    Rule(
        "months",
        ("month",),
        re.compile(
            rf"\b(?P<month1>{MONTH})(?:,?\s(?P<year1>{YEAR}))?{_TO}(?P<month2>{MONTH})"
            rf"(?!\s\d\d?\b)(?:,?\s(?:of\s)?(?P<year>{SAID_YEAR}))?"
        ),
        _read_months,
    ),
    Rule(
        "month of year",
        ("month",),
        re.compile(
            rf"\b{PART}?(?P<month>{MONTH})(?:,|\sof)?,?\s(?P<year>{SAID_YEAR})(?![%]|[:,]\d|\s{COUNTED})"
        ),
        _read_month_of_year,
    ),
    Rule(
        "month",
        ("month",),
        re.compile(
            rf"\b{PART}?(?P<rel>(?i:last|this|next|past|coming|previous)\s)?(?P<month>{FULL_MONTH})(?!\s\d|-\d)"
        ),
        _read_month,
    ),
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


def _read_day_of_month_name(match: re.Match[str], context: Context) -> Readings | None:
    if match["year_dash"]:
        day = read_ordinal(match["day"])
        iso = day_iso(int(match["year_dash"]), read_month(match["month"]), day or 0)
        return (Reading(iso, "as written", absolute=True),) if iso else ()
    return _read_day(match, context)


_ = (narrow_date, part_name)
