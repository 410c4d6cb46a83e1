"""Rules for days by month name, alone and as intervals: "7-12 August 2008"."""

import re

from index.text.calendar import WEEKDAYS, read_month
from index.text.numbers import ORDINAL, read_ordinal
from qa.dates.edtf import day_iso, has_year, month_day_iso, read_bounds
from qa.dates.grammar.reference import Reference
from qa.dates.grammar.rules import (
    ANY_MONTH,
    ANY_WEEKDAY,
    COUNTED,
    DAY,
    MONTH,
    MORE_DAYS,
    SAID_YEAR,
    TO,
    YEAR,
    Context,
    Reading,
    Readings,
    Rule,
    read_said_year,
    word_after,
    word_before,
)

_NOT_COUNTED = rf"(?![%°]|[.,:]\d|\s{COUNTED})"


_YEAR_TAIL = rf"(?:,?\s(?:of\s|in\s)?(?P<year>{SAID_YEAR})(?![%]|[:,]\d|\s{COUNTED}))"


_WEEKDAY_LEAD = (
    rf"(?:(?P<weekday>{ANY_WEEKDAY})(?:\s(?:morning|afternoon|evening|night))?,?\s(?:the\s)?)?"
)


_ORDINAL_WORD = "|".join(sorted((word for word in ORDINAL), key=len, reverse=True))


_WORD_DAY = rf"(?:{DAY}|(?:{_ORDINAL_WORD})\b)"


_PAST_EVENTS = frozenset(
    "attack attacks committee commission riot riots insurrection crash shooting shootings massacre "
    "siege uprising coup quake earthquake tragedy disaster storm panel killing killings murder "
    "bombing bombings explosion fire".split()
)


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
        if iso and (not weekday or _weekday_of(iso) == weekday[:3].lower()):
            return Reading(iso, f"{told} is the year that the sentence gives before")
    lead = word_before(context.text, match.start()).lower()
    named = lead == "the" and word_after(context.text, match.end()) in _PAST_EVENTS
    ahead = not named and context.is_ahead(match)
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
    if not ahead and not named and other and _is_soon(context.reference, iso, other):
        return Reading(other, "days after publication, and nearly a year since the last")
    side = "at or after" if ahead else "at or before"
    return Reading(iso, f"the nearest {side} publication")


def _is_soon(reference: Reference, last: str, coming: str) -> bool:
    """Whether the day comes within weeks: then a page that was updated tells of it as past."""
    today, behind, ahead = reference.date, read_bounds(last), read_bounds(coming)
    if not today or not behind or not ahead:
        return False
    return (ahead.first - today).days <= _SOON and (today - behind.first).days > 300


_SOON = 21


def _weekday_of(iso: str) -> str:
    bounds = read_bounds(iso)
    return WEEKDAYS[bounds.first.weekday()][:3] if bounds else ""


def _read_day(match: re.Match[str], context: Context) -> Readings | None:
    """As in "17 September 2008", "Sunday, February 17", "the third of March last year"."""
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
    named = _read_named_day(match, context, month, day)
    if named:
        return (named,)
    reading = resolve_day(context, match, month, day, match["weekday"])
    return (reading,) if reading else ()


# Days that news names without their year.
_NAMED_DAYS = {
    (9, 11): (
        re.compile(r",?\s(?:terror|terrorist|attack|hijack|suicide|commission)"),
        Reading("2001-09-11", "the attacks of 11 September 2001", absolute=True),
    ),
    (1, 6): (
        re.compile(
            r",?\s(?:insurrection|(?:us\s|u\.s\.\s)?capitol|riots?\b|"
            r"(?:house\s|select\s)*committee|attacks?\s(?:on|at)\sthe\s(?:us\s|u\.s\.\s)?capitol)"
        ),
        Reading("2021-01-06", "the attack on the Capitol of 6 January 2021", absolute=True),
    ),
}


def _read_named_day(match: re.Match[str], context: Context, month: int, day: int) -> Reading | None:
    pattern, reading = _NAMED_DAYS.get((month, day), (None, None))
    following = context.text[match.end() : match.end() + 40].lower()
    year = context.reference.year
    late = reading and (not year or int(reading.iso[:4]) <= year)
    return reading if pattern and late and pattern.match(following) else None


def _read_interval(match: re.Match[str], context: Context) -> Readings | None:
    """As in "7-12 August 2008", "from 28 December to 2 January", "March 3 and 4"."""
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
    if first_year is not None and year is None:
        # "December 28, 2007 to January 3" ends in the year after.
        year = first_year + ((first_month, first_day) > (last_month, last_day))
    points = match["link"].strip() in ("and", "or", "&", "/") and word_before(
        context.text, match.start()
    ).lower() not in ("between", "both")
    same_month = not (groups["month1"] and groups["month2"])
    if same_month and first_day >= last_day:
        return None
    listed = len(re.findall(r"\d+", match["more"]))
    if points and same_month and last_day == first_day + listed + 1:
        points = False
    if year is None and _holds_today(context, (first_month, first_day), (last_month, last_day)):
        year = context.reference.year
    if year is None:
        first_weekday = groups["weekday"]
        lead = (first_month, first_day) if first_weekday else (last_month, last_day)
        reading = resolve_day(context, match, *lead, first_weekday)
        bounds = read_bounds(reading.iso) if reading else None
        year = bounds.first.year if bounds else None
        if year and first_weekday and (first_month, first_day) > (last_month, last_day):
            year += 1
    if first_year is None and year is not None:
        first_year = year - ((first_month, first_day) > (last_month, last_day))
    first = _make_day(first_year, first_month, first_day)
    last = _make_day(year, last_month, last_day)
    if not first or not last:
        return ()
    written = bool(groups["year"] or groups["year1"])
    note = "as written" if written else "in the year nearest to publication"
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


def _holds_today(context: Context, first: tuple[int, int], last: tuple[int, int]) -> bool:
    """Whether the day of publication lies in the interval."""
    today = context.reference.date
    return bool(today) and first <= (today.month, today.day) <= last if today else False


def _make_day(year: int | None, month: int, day: int) -> str | None:
    return day_iso(year, month, day) if year else month_day_iso(month, day)


_OTHER_WORDS = ("may", "march", "august", "mar", "jan", "sep", "dec", "jun", "apr", "oct", "nov")
_SHORT_YEAR = r",?\s['’](?P<short>\d\d)(?!\w)"
_NO_NUMBER_BEFORE = r"(?<![\w.,:/$€£-])"


def _read_day_of_month_name(match: re.Match[str], context: Context) -> Readings | None:
    name = match["month"].rstrip(".")
    written = match["year_dash"] or match["short"] or (match["year"] or "")[:4].isdecimal()
    if name.islower() and not written and name in _OTHER_WORDS:
        # "may", "mar" and "sep" are other words too.
        return None
    if match["short"]:
        year = (context.reference.year or 2020) // 100 * 100 + int(match["short"])
        year -= 100 * (year > (context.reference.year or 2020) + 1)
        iso = day_iso(year, read_month(match["month"]), read_ordinal(match["day"]) or 0)
        return (Reading(iso, "the latest year that ends so"),) if iso else ()
    if match["year_dash"]:
        day = read_ordinal(match["day"])
        iso = day_iso(int(match["year_dash"]), read_month(match["month"]), day or 0)
        return (Reading(iso, "as written", absolute=True),) if iso else ()
    return _read_day(match, context)


RULES = (
    Rule(
        "day of month",
        ("month",),
        re.compile(
            rf"{_NO_NUMBER_BEFORE}{_WEEKDAY_LEAD}(?:the\s)?(?P<day>{_WORD_DAY})(?:\s(?:of\s)?|-)"
            rf"(?P<month>{ANY_MONTH})(?:{_YEAR_TAIL}|-(?P<year_dash>{YEAR})|{_SHORT_YEAR})?"
        ),
        lambda match, context: _read_day_of_month_name(match, context),
    ),
    Rule(
        "month day",
        ("month",),
        re.compile(
            rf"\b{_WEEKDAY_LEAD}(?P<month>{ANY_MONTH})\s(?:the\s)?(?P<day>{_WORD_DAY})"
            rf"{_NOT_COUNTED}(?:{_YEAR_TAIL}|\s?,(?P<year_dash>{YEAR})|{_SHORT_YEAR})?"
        ),
        lambda match, context: _read_day_of_month_name(match, context),
    ),
    Rule(
        "days of month",
        ("month",),
        re.compile(
            rf"{_NO_NUMBER_BEFORE}(?:(?P<weekday>{ANY_WEEKDAY}),?\s)?(?:the\s)?(?P<day1>{DAY}){MORE_DAYS}"
            rf"(?:\s(?:of\s)?(?P<month1>{MONTH})(?:,?\s(?P<year1>{YEAR}))?)?"
            rf"{TO}(?:{ANY_WEEKDAY},?\s)?(?:the\s)?(?P<day2>{DAY})\s(?:of\s)?(?P<month2>{MONTH})"
            rf"{_YEAR_TAIL}?"
        ),
        _read_interval,
    ),
    Rule(
        "month days",
        ("month",),
        re.compile(
            rf"\b(?:(?P<weekday>{ANY_WEEKDAY}),?\s)?(?P<month1>{MONTH})\s(?P<day1>{DAY}){MORE_DAYS}"
            rf"(?:,?\s(?P<year1>{YEAR}),?)?"
            rf",?{TO}(?:{ANY_WEEKDAY},?\s)?(?:(?P<month2>{MONTH})\s)?(?P<day2>{DAY})"
            rf"(?=\W|$)(?:(?<=[-\u2013]\d)|(?<=[-\u2013]\d\d)|(?!\s(?!in\b|at\b|of\b|on\b|as\b|and\b|or\b|to\b|by\b|with\b|for\b|when\b|"
            rf"were\b|was\b|but\b|this\b|last\b|next\b|{YEAR})[a-z])){_NOT_COUNTED}{_YEAR_TAIL}?"
        ),
        _read_interval,
    ),
)
