"""Where in a text a date could be: the words and numbers without which no rule can match.

Looking up each word once costs far less than trying every pattern at every place, and most
passages hold few such words.
"""

import re
from collections import defaultdict

from index.text.calendar import ARABIC_MONTHS, FOREIGN_MONTHS, MONTH_NUMBER, MONTHS, WEEKDAYS
from qa.dates.grammar.words import DECADE_WORDS, SEASON_NUMBER

Windows = dict[str, list[tuple[int, int]]]

# No expression reaches further than this from its trigger.
_BEFORE, _AFTER = 64, 80
_TOKEN = re.compile(r"[^\W\d_]+|\d+")
_UNITS = "day days week weeks fortnight fortnights month months year years decade decades"


def _list_triggers() -> dict[str, str]:
    """The kind of each trigger word, in each shape in which it counts."""
    kinds = dict.fromkeys(FOREIGN_MONTHS, "foreign")
    kinds |= {name.capitalize(): "foreign" for name in FOREIGN_MONTHS}
    for name in MONTH_NUMBER:
        kinds |= {name.capitalize(): "month", name.upper(): "month"}
        if name in MONTHS and name not in ("may", "march", "august"):
            kinds[name] = "month"
    plain = {
        "weekday": WEEKDAYS,
        "unit": (*_UNITS.split(), "century", "quarter", "weekend", "morning", "evening", "night"),
        "quarter": ("half",),
        "season": tuple(SEASON_NUMBER),
        "day word": ("yesterday", "today", "tonight", "tomorrow", "afternoon", "lunchtime"),
        "ago": ("ago",),
        "decade": tuple(DECADE_WORDS),
        "century": ("centuries",),
        "feast": ("christmas", "valentine", "halloween", "eve"),
    }
    for kind, words in plain.items():
        for word in words:
            kinds |= {word: kind, word.capitalize(): kind, word.upper(): kind}
    kinds |= {name.split()[0]: "arabic" for name in ARABIC_MONTHS}
    for word in ("q", "h"):
        kinds[word.upper()] = "quarter"
    return kinds


_KINDS = _list_triggers()
# In lower case these are other words too, unless a day stands beside them.
_LOWER_MONTHS = {name for name in MONTH_NUMBER if name not in _KINDS}
# The signs for year and month in Chinese, Japanese and Korean.
_SIGNS = frozenset("年月년월")
_SHORT_DATE = re.compile(r"([./])\d\d?\1\d\d(?!\d)")
_DAY_BEFORE = re.compile(r"\d(?:st|nd|rd|th)?\s(?:of\s)?$")
_DAY_AFTER = re.compile(r"\.?\s\d")
# Triggers that are of a second kind too.
_ALSO = {
    "quarter": "quarter", "century": "century", "weekend": "weekend", "night": "day word",
    "morning": "day word", "evening": "day word", "august": "foreign",
    "day": "feast",
}  # fmt: skip


def find_windows(text: str) -> Windows:
    """The pieces of the text around each kind of trigger, merged where they overlap."""
    windows: Windows = defaultdict(list)
    # Before a year, a text without these words could have a month name of any language.
    english = " the " in text or " and " in text
    for match in _TOKEN.finditer(text):
        token = match[0]
        kind = _KINDS.get(token)
        if kind is None and token in _LOWER_MONTHS and _is_beside_day(text, match):
            kind = "month"
        if kind is None:
            if token.isdecimal():
                kind = _read_digits(text, token, match.start(), match.end())
            elif token[0] in _SIGNS:
                kind = "sign"
            if kind is None:
                continue
        _add(windows[kind], text, match.start(), match.end())
        also = "foreign" if kind == "year" and not english else _ALSO.get(token.lower())
        if also:
            _add(windows[also], text, match.start(), match.end())
    return windows


def _is_beside_day(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - 8) : match.start()]
    return bool(_DAY_AFTER.match(text, match.end()) or _DAY_BEFORE.search(before))


def _read_digits(text: str, token: str, start: int, end: int) -> str | None:
    """The kind of a number: a year, the start of "27/02/14", "'98" or "'80s"."""
    if len(token) == 4:
        return "year" if token[0] in "12" else None
    if len(token) <= 2 and _SHORT_DATE.match(text, end):
        return "short numeric"
    if len(token) == 2 and token[1] == "0" and text[end : end + 1] in ("s", "'", "’"):
        return "decade"
    if len(token) == 2 and text[start - 1 : start] in ("'", "’", "‘"):
        return "short year"
    return None


def _add(windows: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    first, last = max(0, start - _BEFORE), min(len(text), end + _AFTER)
    if windows and first <= windows[-1][1]:
        windows[-1] = (windows[-1][0], last)
    else:
        windows.append((first, last))
