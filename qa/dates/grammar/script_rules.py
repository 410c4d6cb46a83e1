"""Rules for dates of Chinese, Japanese, Korean and Arabic: "2008年8月26日", "26 أغسطس 2008".

Arabic names of months are those of Egypt and the Gulf, of the Levant and Iraq, and of the Maghreb;
digits may be Latin or Arabic-Indic. No relative dates, no Islamic months, no eras of Japan.
"""

import re

from index.text.calendar import ARABIC_MONTHS
from qa.dates.edtf import day_iso
from qa.dates.grammar.calendar_rules import resolve_day
from qa.dates.grammar.rules import Context, Reading, Readings, Rule


def _read_sign_date(match: re.Match[str], context: Context) -> Readings:
    """As in "2008年8月26日", "2008年8月", "2008年", "8月26日", "2008년 8월 26일"."""
    year = int(match["year"]) if match["year"] else None
    month = int(match["month"]) if match["month"] else None
    day = int(match["day"]) if match["day"] else None
    if month is None:
        return (Reading(f"{year:04}", "as written", absolute=True),)
    if not 1 <= month <= 12:
        return ()
    if day is None:
        return (Reading(f"{year:04}-{month:02}", "as written", absolute=True),) if year else ()
    if year:
        iso = day_iso(year, month, day)
        return (Reading(iso, "as written", absolute=True),) if iso else ()
    reading = resolve_day(context, match, month, day)
    return (reading,) if reading else ()


def _read_arabic(match: re.Match[str], context: Context) -> Readings:
    """As in "26 أغسطس 2008", "٢٦ آب/أغسطس ٢٠٠٨", "في أغسطس 2008"."""
    month = ARABIC_MONTHS[re.sub(r"\s+", " ", match["month"])]
    other = match["other"]
    if other and ARABIC_MONTHS[re.sub(r"\s+", " ", other)] != month:
        return ()
    if match["year"]:
        year = int(match["year"])
        if not match["day"]:
            return (Reading(f"{year:04}-{month:02}", "as written", absolute=True),)
        iso = day_iso(year, month, int(match["day"]))
        return (Reading(iso, "as written", absolute=True),) if iso else ()
    if not match["day"]:
        return ()
    reading = resolve_day(context, match, month, int(match["day"]))
    return (reading,) if reading else ()


_NAMES = "|".join(
    name.replace(" ", r"\s") for name in sorted(ARABIC_MONTHS, key=lambda name: (-len(name), name))
)
_SIGN_YEAR = r"(?P<year>[12１２]\d{3})\s?[年년]"
_SIGN_DAY = r"(?P<month>\d{1,2})\s?[月월](?:\s?(?P<day>\d{1,2})\s?[日号號일])"
_ANY_YEAR = "[12\u0661\u0662]\\d{3}(?!\\d)"

RULES = (
    Rule(
        "sign date",
        ("sign",),
        re.compile(
            rf"(?<![\d.,-]){_SIGN_YEAR}(?:\s?(?P<month>\d{{1,2}})\s?[月월]"
            r"(?:\s?(?P<day>\d{1,2})\s?[日号號일])?)?(?![度级級])"
        ),
        _read_sign_date,
    ),
    Rule(
        "sign day",
        ("sign",),
        re.compile(rf"(?P<year>(?!))?(?<![\d.,-]){_SIGN_DAY}"),
        _read_sign_date,
    ),
    Rule(
        "arabic",
        ("arabic",),
        re.compile(
            rf"(?:(?<![\d.,/-])(?P<day>\d{{1,2}})\s(?:من\s)?)?\b(?P<month>{_NAMES})\b"
            rf"(?:\s?/\s?(?P<other>{_NAMES})\b)?(?:\s(?:من\s)?(?:عام\s|سنة\s)?(?P<year>{_ANY_YEAR}))?"
        ),
        _read_arabic,
    ),
)
