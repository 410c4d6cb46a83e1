"""Rules for dates of other languages: "26 августа 2008 года", "2008年8月26日", "26 أغسطس 2008".

Months of ten languages are read in any text; those of twenty others only in a whole date in a text
that does not look English. Digits beside Arabic may be Latin or Arabic-Indic. No relative dates, no
Islamic months, no eras of Japan.
"""

import re

from index.text.calendar import ARABIC_MONTHS, FOREIGN_MONTHS, MONTH_NUMBER, MONTHS_BEFORE_YEARS
from qa.dates.edtf import day_iso
from qa.dates.grammar.calendar_rules import resolve_day
from qa.dates.grammar.rules import YEAR, Context, Reading, Readings, Rule


def _read_date(match: re.Match[str], context: Context, month: int | None) -> Readings:
    """The date of a match's ``year`` and ``day``, either of which may be missing, and a month."""
    parts = match.groupdict()
    year, day = (int(parts[name]) if parts.get(name) else None for name in ("year", "day"))
    if month is None or day is None:
        if year is None or month not in (None, *range(1, 13)):
            return ()
        iso: str | None = f"{year:04}" if month is None else f"{year:04}-{month:02}"
    elif year is None:
        reading = resolve_day(context, match, month, day)
        return (reading,) if reading else ()
    else:
        iso = day_iso(year, month, day)
    return (Reading(iso, "as written", absolute=True),) if iso else ()


def _read_foreign_day(match: re.Match[str], context: Context) -> Readings | None:
    """A day and a month name of another language, with or without a year."""
    word = match["month"].lower()
    month = FOREIGN_MONTHS.get(word)
    if month is None:
        month = MONTHS_BEFORE_YEARS.get(word)
        english = word in MONTH_NUMBER or " the " in context.text or " and " in context.text
        if month is None or english or not match["year"]:
            return None
    return _read_date(match, context, month)


def _read_foreign_month(match: re.Match[str], context: Context) -> Readings | None:
    """As in "в августе 2008 года", "en octubre de 2009"."""
    # Without case a pattern also takes letters that have no lower case of their own: ſ.
    month = FOREIGN_MONTHS.get(match["month"].lower())
    return _read_date(match, context, month) if month else None


def _read_german_day(match: re.Match[str], context: Context) -> Readings | None:
    """As in "am 26. August 2008": the month is spelled as in English, the point is not.

    After other words it may be the end of an English sentence: "He won 12. April 2014 was ...".
    """
    if not _GERMAN_LEAD.search(context.text[max(0, match.start() - 12) : match.start()]):
        return None
    return _read_date(match, context, MONTH_NUMBER[match["month"].lower()])


def _read_sign_date(match: re.Match[str], context: Context) -> Readings:
    """As in "2008年8月26日", "2008年8月", "2008年", "8月26日", "2008년 8월 26일"."""
    return _read_date(match, context, int(match["month"]) if match["month"] else None)


def _read_arabic(match: re.Match[str], context: Context) -> Readings:
    """As in "26 أغسطس 2008", "٢٦ آب/أغسطس ٢٠٠٨", "في أغسطس 2008"."""
    named = {ARABIC_MONTHS[re.sub(r"\s+", " ", match[name])] for name in ("month", "other")
             if match[name]}  # fmt: skip
    return _read_date(match, context, named.pop()) if len(named) == 1 else ()


_OF = r"(?:\s(?:de|del|do|di)\s|\s)"
_GERMAN_LEAD = re.compile(
    r"(?:^|[,(–]\s?|\b(?:ab|am|bis|dem|den|der|des|seit|und|vom|zum)\s)$", re.IGNORECASE
)
_FOREIGN = "|".join(sorted(FOREIGN_MONTHS, key=len, reverse=True))
_ARABIC = "|".join(sorted(ARABIC_MONTHS, key=len, reverse=True)).replace(" ", r"\s")
_DAY = r"(?<![\w.,:/$€£-])(?P<day>3[01]|[12]\d|0?[1-9])"
_SIGN_DAY = r"(?P<month>\d{1,2})\s?[月월](?:\s?(?P<day>\d{1,2})\s?[日号號일])"

RULES = (
    Rule(
        "german day",
        ("month",),
        re.compile(rf"{_DAY}\.\s(?P<month>April|August|September|November)\s(?P<year>{YEAR})"),
        _read_german_day,
    ),
    Rule(
        "foreign day",
        ("foreign",),
        re.compile(
            rf"{_DAY}(?:\.|º|ª|er|-го|-е)?(?:\sde\s|\s)"
            rf"(?P<month>[^\W\d_]{{3,12}})\b\.?(?:{_OF}(?P<year>{YEAR})(?:\s(?:года|году|р\.))?)?"
        ),
        _read_foreign_day,
    ),
    Rule(
        "foreign month",
        ("foreign",),
        re.compile(rf"\b(?P<month>(?i:{_FOREIGN})){_OF}(?P<year>{YEAR})\b(?:\s(?:года|году))?"),
        _read_foreign_month,
    ),
    Rule(
        "sign date",
        ("sign",),
        re.compile(
            rf"(?<![\d.,-])(?P<year>[12１２]\d{{3}})\s?[年년](?:\s?{_SIGN_DAY}?)?(?![度级級])"
        ),
        _read_sign_date,
    ),
    Rule("sign day", ("sign",), re.compile(rf"(?<![\d.,-]){_SIGN_DAY}"), _read_sign_date),
    Rule(
        "arabic",
        ("arabic",),
        re.compile(
            rf"(?:(?<![\d.,/-])(?P<day>\d{{1,2}})\s(?:من\s)?)?\b(?P<month>{_ARABIC})\b"
            rf"(?:\s?/\s?(?P<other>{_ARABIC})\b)?"
            "(?:\\s(?:من\\s)?(?:عام\\s|سنة\\s)?(?P<year>[12\u0661\u0662]\\d{3}(?!\\d)))?"
        ),
        _read_arabic,
    ),
)
