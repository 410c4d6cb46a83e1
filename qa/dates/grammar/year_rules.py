"""Rules for years, decades and centuries: when a number of four digits is a year.

"in 2008" and "the 2008 elections" name years; "2008 soldiers", "room 1998", "at 1900" and "$2000"
do not. A number is a year only when the words around it say so.
"""

import re

from index.text.numbers import read_ordinal
from index.text.stopwords import AUXILIARIES, DETERMINERS, is_stop_word
from qa.dates.edtf import narrow_date
from qa.dates.grammar.rules import (
    COUNTED,
    PART,
    YEAR,
    Context,
    Reading,
    Readings,
    Rule,
    part_name,
    read_short_year,
    word_after,
    word_before,
)
from qa.dates.grammar.words import DECADE_WORDS

_LEADS = frozenset(
    "in since until till during throughout before after by from of for as than into through "
    "between to around circa c. year season fiscal early late mid born "
    "en im año anno jahr в с до".split()
)
_WEAK_LEADS = frozenset("to of for by than from around as through between into".split())
# What is numbered, and what counts: no year follows.
_NUMBERED = frozenset(
    "room flight route no no. number page chapter section bus gate channel code model line suite "
    "order highway about some nearly almost least approximately roughly only up above below".split()
)
_YEAR_PLURALS = frozenset(
    "elections levels playoffs rules results events finals games prices protests riots "
    "olympics".split()
)
_DETERMINERS = DETERMINERS | {"next", "last"}
_CLOCK = re.compile(r"\s?(?:GMT|UTC|hours|hrs|h\b|BST|EST|CET|local\stime)")
_HEADS_LINE = re.compile(r":\s|\s[\u2013\u2014-]\s")
_BEFORE_CHRIST = re.compile(r"\s?(?:B\.?C\.?E?\b|bc\b)")


def _is_year(match: re.Match[str], context: Context) -> bool:
    """Whether the words around the number make it a year."""
    text, start, end = context.text, match.start("year"), match.end("year")
    lead, following = word_before(text, start), word_after(text, end)
    low, year = lead.lower(), int(match["year"])
    if _CLOCK.match(text, end) or _BEFORE_CHRIST.match(text, end) or low in _NUMBERED:
        return False
    determined = low in _DETERMINERS or low.endswith(("'s", "’s", "s'", "s’"))
    if _is_counted(following, determined) or low == "at" and following not in _YEAR_PLURALS:
        return False
    if match["part"]:
        return True
    if low in _WEAK_LEADS and not 1400 <= year <= 2100 and low != "around":
        return False
    if low in ("and", "or"):
        return _follows_year(context, start)
    if low in ("around", "to", "than", "as") and following and following[0].islower():
        return is_stop_word(following)
    if low in _LEADS:
        return True
    if determined:
        return bool(following) and not is_stop_word(following)
    return 1500 <= year <= 2100 and _stands_as_year(match, context, lead, following)


def _is_counted(following: str, determined: bool) -> bool:
    """Whether the word after the number makes it a count."""
    word = following.lower()
    if re.fullmatch(COUNTED, word):
        return True
    if not following[:1].islower() or word in _YEAR_PLURALS or word.endswith(("ss", "us", "is")):
        return False
    return not determined and word.endswith("s") and word not in ("was", "has", "as", "its")


def _follows_year(context: Context, start: int) -> bool:
    """Whether a year was read right before: "2010, 2012 and 2014"."""
    if not context.readings:
        return False
    previous = context.readings[-1]
    between = context.text[previous.end : start]
    return len(previous.iso) <= 7 and bool(
        re.fullmatch(r"[,)]?\s?(?:(?:and|or|then|to|&)\s)?(?:in\s|again\sin\s)?", between)
    )


def _stands_as_year(match: re.Match[str], context: Context, lead: str, following: str) -> bool:
    """Whether the number is a year by its place: in brackets, first in its sentence, after one."""
    text, start, end = context.text, match.start("year"), match.end("year")
    before, after = text[max(0, start - 2) : start], text[end : end + 1]
    if before[-1:] in ("(", "["):
        return after in tuple("),;]-\u2013:")
    if before.endswith((", ", ",")) and (
        after == ")" or following == "and" or _follows_year(context, start)
    ):
        return True
    if before.endswith(", ") and lead.rstrip(",")[:1].isupper():
        return after in ("", ".", ")", ",", "\n", ";")
    if text[end : end + 2] in ("'s", "’s") or (not before.strip() and _HEADS_LINE.match(text, end)):
        return True
    modern = 1900 <= int(match["year"]) <= 2040
    if following[:1].isupper() and lead.islower() and modern:
        return not following.endswith("s")
    if following in AUXILIARIES or (following.islower() and not is_stop_word(following)):
        # What is not counted is of that year: "2024 election", "2019 season".
        return True
    # "Euro 2020", but also "Windows 2000".
    return following in _YEAR_PLURALS or modern and lead[:1].isupper() and lead.isalpha()


def _read_year(match: re.Match[str], context: Context) -> Readings | None:
    """As in "in 2008", "the 2008 conflict", "mid-2014", "the end of 2013"."""
    if not _is_year(match, context):
        return ()
    iso, note = match["year"], "as written"
    if match["part"]:
        part = part_name(match["part"])
        iso, note = narrow_date(iso, part), f'"{match["part"].strip(" -")}" is a third of the year'
    return (Reading(iso, note, absolute=True),)


def _read_years(match: re.Match[str], context: Context) -> Readings | None:
    """As in "1999 and 2003" after between, "2008-2012", "1954 until 1989", "2014-15"."""
    text = context.text
    first, second, link = match["first"], match["second"], match["link"].strip()
    low, following = word_before(text, match.start()).lower(), word_after(text, match.end())
    if link == "and" and low != "between":
        return None
    if _is_counted(following, determined=False) or _CLOCK.match(text, match.end()):
        return ()
    if low in _NUMBERED or low in ("$", "€"):
        return ()
    last = int(first[:2] + second) if len(second) == 2 else int(second)
    if len(second) == 2:
        last += 100 * (last <= int(first))
        # "2014-05" may be a month, "2008-09" too.
        year = last == int(first) + 1 and low or low in ("from", "between", "in", "during")
        if last - int(first) > 40 or (link == "-" and int(second) <= 12 and not year):
            return ()
        if link not in ("-", "\u2013", "/"):
            return None
    elsewhere = link == "to" and low not in ("from", "between", "years", "")
    if last <= int(first) or last > 2150 or elsewhere:
        return None
    return (Reading(f"{first}/{last:04}", "as written", absolute=True),)


def _read_decade(match: re.Match[str], context: Context) -> Readings | None:
    """As in "the 1990s", "early 1990s", "the '80s", "the sixties"."""
    text = context.text
    if match["four"]:
        decade = int(match["four"])
        iso = f"{decade // 100:02}XX" if decade % 100 == 0 and decade < 2000 else f"{decade // 10}X"
    else:
        tens = match["two"] and int(match["two"]) or DECADE_WORDS.get((match["word"] or "").lower())
        lead = word_before(text, match.start()).lower()
        if tens is None:
            return ()
        if not match["mark"]:
            around = context.lowered[max(0, match.start() - 80) : match.end() + 60]
            if re.search(r"degree|temperature|fahrenheit|mph|his |her |their |aged|age ", around):
                return ()
            if not match["part"] and lead != "the":
                return ()
        year = context.reference.year or 2020
        start = year // 100 * 10 + tens
        iso = f"{start - 10 * (10 * start > year)}X"
    note = "as written"
    if match["part"]:
        iso, note = narrow_date(iso, part_name(match["part"])), "a part of it by years"
    return (Reading(iso, note, absolute=True),)


def _read_century(match: re.Match[str], context: Context) -> Readings | None:
    """As in "the 19th century", "early twentieth-century"."""
    number = _ROMAN.get(match["ordinal"]) or read_ordinal(match["ordinal"])
    if not number or not 11 <= number <= 22 or _BEFORE_CHRIST.match(context.text, match.end()):
        return ()
    iso, note = f"{number - 1:02}XX", "as written"
    if match["part"]:
        iso, note = narrow_date(iso, part_name(match["part"])), "about a third of the century"
    return (Reading(iso, note, absolute=True),)


def _read_short_year(match: re.Match[str], context: Context) -> Readings:
    """As in "back in '98", where the year of publication is known."""
    iso = f"{read_short_year(match['short'], context):04}"
    return (Reading(iso, "the latest year that ends so"),) if context.reference.year else ()


_BARE = r"(?<![\w$€£¥.,:/#+\u2013-])"
_ORDINALS = (
    r"(?:1[1-9]|2[012])(?:st|nd|rd|th)|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|"
    r"seventeenth|eighteenth|nineteenth|twentieth|twenty-first"
)
_ROMAN = {"XXI": 21, "XX": 20, "XIX": 19, "XVIII": 18, "XVII": 17, "XVI": 16, "XV": 15}
_DECADES = "|".join(DECADE_WORDS)

RULES = (
    Rule(
        "year",
        ("year",),
        re.compile(
            rf"(?:\b{PART}|(?<=\bFY)|{_BARE})(?P<year>{YEAR})"
            r"(?![%°\w]|[.,:/]\d|-\w|[\u2013/]\d|\s?[-\u2013]\s?\d{4})"
        ),
        _read_year,
    ),
    Rule(
        "years",
        ("year",),
        re.compile(
            rf"{_BARE}(?P<first>{YEAR})(?P<link>\s?[-\u2013\u2014/]\s?|\s(?:to|until|till|through|and)\s)"
            rf"(?P<second>{YEAR}|\d\d(?!\d))(?![%°\w]|[.,:]\d|[-/\u2013]\d)"
        ),
        _read_years,
    ),
    Rule(
        "decade",
        (
            "decade",
            "year",
        ),
        re.compile(
            rf"(?<![\w$€£]){PART}?(?:(?P<four>(?:1\d|20)\d0)['’]?s\b"
            rf"|(?P<mark>['’‘])?(?P<two>[2-9])0['’]?s\b|(?P<word>(?i:{_DECADES}))\b)"
        ),
        _read_decade,
    ),
    Rule(
        "century",
        ("century",),
        re.compile(
            rf"\b{PART}?(?P<ordinal>(?i:{_ORDINALS})|{'|'.join(_ROMAN)})[\s-]centur(?:y|ies)\b"
        ),
        _read_century,
    ),
    Rule(
        "short year",
        ("short year",),
        re.compile(r"(?<=\b[Ii]n\s|\bof\s)['’‘](?P<short>\d\d)\b(?!s)"),
        _read_short_year,
    ),
)
