"""The names of months, weekdays and languages: CLDR's, from ``names.json``.

``training.names`` writes that file. Months of some languages are read in any text, those of the
others only before a year.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_NAMES: dict[str, Any] = json.loads(Path(__file__).with_name("names.json").read_text("utf-8"))
_MONTHS: dict[str, list[str]] = _NAMES["months"]
_READ_ALONE: list[str] = _NAMES["alone"]

MONTHS = tuple(line.split(";")[0].lower() for line in _MONTHS["en"])
WEEKDAYS = tuple(name.lower() for name in _NAMES["weekdays"]["en"])
FOREIGN_WEEKDAYS = [
    name for language, names in _NAMES["weekdays"].items() if language != "en" for name in names
]
LANGUAGE_NAMES = frozenset(_NAMES["languages"])
"""The words of languages' own and English names, in lower case."""


def _list_months(languages: Iterable[str], *, short: bool = False) -> dict[str, int]:
    """The months by their names, as CLDR spells them; where languages differ, the first's."""
    months: dict[str, int] = {}
    for language in languages:
        for number, line in enumerate(_MONTHS[language], start=1):
            for name in (line.replace(";", "|") if short else line.split(";")[0]).split("|"):
                months.setdefault(name, number)
    return months


def _lower(months: dict[str, int]) -> dict[str, int]:
    return {name.lower(): number for name, number in months.items()}


MONTH_NUMBER = _lower(_list_months(["en"], short=True))
ARABIC_MONTHS = _list_months(["ar"], short=True)
"""Those of Egypt and the Gulf, of the Levant and Iraq, and of the Maghreb."""
FOREIGN_MONTHS = {
    name: number
    for name, number in _lower(_list_months(_READ_ALONE)).items()
    if name not in MONTH_NUMBER and name not in ARABIC_MONTHS
}
MONTHS_BEFORE_YEARS = _lower(_list_months(_MONTHS, short=True))


def spell_months() -> dict[str, int]:
    """The months by the forms of their names in the languages that are read in any text.

    Names that languages without capitals write in lower case are only then taken in lower case:
    "may" and "march" are English words.
    """
    english = _list_months(["en"], short=True)
    spelled = dict(english)
    for name, number in (
        _list_months(_NAMES["short"], short=True) | _list_months(_READ_ALONE)
    ).items():
        if name in english or name.lower() not in MONTH_NUMBER:
            for form in (name, name.capitalize(), name.upper()):
                spelled.setdefault(form, number)
    return spelled


def read_month(text: str) -> int:
    """The number of an English month name, short or full, with or without a full stop."""
    return MONTH_NUMBER[text.lower().rstrip(".")]
