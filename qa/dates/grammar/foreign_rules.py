"""Rules for dates with month names of other languages: "26 августа 2008 года", "17. Februar".

Russian, Ukrainian, Polish, German, French, Spanish, Italian, Portuguese and Dutch names are read in
any text; those of other languages only in a whole date in a text that does not look English. No
relative dates.
"""

import re

from index.text.calendar import FOREIGN_MONTHS, MONTH_NUMBER, MONTHS_BEFORE_YEARS
from qa.dates.edtf import day_iso
from qa.dates.grammar.calendar_rules import resolve_day
from qa.dates.grammar.rules import YEAR, Context, Reading, Readings, Rule


def _read_foreign_day(match: re.Match[str], context: Context) -> Readings | None:
    """A day and a month name of another language, with or without a year."""
    month, day = FOREIGN_MONTHS.get(match["month"].lower()), int(match["day"])
    if month is None:
        month = MONTHS_BEFORE_YEARS.get(match["month"].lower())
        if month is None or not match["year"] or _is_english(match["month"], context.text):
            return None
    if match["year"]:
        iso = day_iso(int(match["year"]), month, day)
        return (Reading(iso, "as written", absolute=True),) if iso else ()
    reading = resolve_day(context, match, month, day)
    return (reading,) if reading else ()


def _is_english(month: str, text: str) -> bool:
    return month.lower() in MONTH_NUMBER or " the " in text or " and " in text


def _read_foreign_month(match: re.Match[str], context: Context) -> Readings | None:
    """As in "в августе 2008 года", "en octubre de 2009"."""
    month = FOREIGN_MONTHS.get(match["month"].lower())
    if month is None:
        return None
    return (Reading(f"{match['year']}-{month:02}", "as written", absolute=True),)


def _read_german_day(match: re.Match[str], context: Context) -> Readings | None:
    """As in "am 26. August 2008": the month is spelled as in English, the point is not.

    After other words it may be the end of an English sentence: "He won 12. April 2014 was ...".
    """
    if not _GERMAN_LEAD.search(context.text[max(0, match.start() - 12) : match.start()]):
        return None
    iso = day_iso(int(match["year"]), MONTH_NUMBER[match["month"].lower()], int(match["day"]))
    return (Reading(iso, "as written", absolute=True),) if iso else ()


_OF = r"(?:\s(?:de|del|do|di)\s|\s)"
_GERMAN_LEAD = re.compile(
    r"(?:^|[,(–]\s?|\b(?:ab|am|bis|dem|den|der|des|seit|und|vom|zum)\s)$", re.IGNORECASE
)
_NAMES = "|".join(sorted(FOREIGN_MONTHS, key=len, reverse=True))

RULES = (
    Rule(
        "german day",
        ("month",),
        re.compile(
            r"(?<![\w.,:/$€£-])(?P<day>3[01]|[12]\d|0?[1-9])\.\s"
            rf"(?P<month>April|August|September|November)\s(?P<year>{YEAR})"
        ),
        _read_german_day,
    ),
    Rule(
        "foreign day",
        ("foreign",),
        re.compile(
            r"(?<![\w.,:/$€£-])(?P<day>3[01]|[12]\d|0?[1-9])(?:\.|º|ª|er|-го|-е)?(?:\sde\s|\s)"
            rf"(?P<month>[^\W\d_]{{3,12}})\b\.?(?:{_OF}(?P<year>{YEAR})(?:\s(?:года|году|р\.))?)?"
        ),
        _read_foreign_day,
    ),
    Rule(
        "foreign month",
        ("foreign",),
        re.compile(rf"\b(?P<month>(?i:{_NAMES})){_OF}(?P<year>{YEAR})\b(?:\s(?:года|году))?"),
        _read_foreign_month,
    ),
)
