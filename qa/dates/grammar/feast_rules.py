"""The rule for days that the world names without a month: "Christmas Day", "New Year's Eve"."""

import re

from qa.dates.edtf import day_iso
from qa.dates.grammar.rules import (
    SAID_YEAR,
    Context,
    Reading,
    Readings,
    Rule,
    read_said_year,
    word_after,
    word_before,
)

# (month, day); feasts of one country, and those that move, are not read.
_FEASTS = {
    "christmas eve": (12, 24), "christmas day": (12, 25), "christmas": (12, 25),
    "new year's eve": (12, 31), "new year's day": (1, 1), "valentine's day": (2, 14),
    "halloween": (10, 31),
}  # fmt: skip


def _read_feast(match: re.Match[str], context: Context) -> Readings:
    """As in "Christmas Day", "New Year's Eve 2013", "before Christmas", "last Christmas"."""
    name = re.sub(r"\s", " ", match["feast"].lower().replace("’", "'"))
    rel = (match["rel"] or "").lower().strip()
    if _is_quoted(match):
        return ()
    if " " not in name and not rel and not match["year"]:
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
    month, day = _FEASTS[name]
    lone = context.reference.day_of_year(month, day, ahead=ahead)
    iso = day_iso(year, month, day) if year else lone
    return (Reading(iso, f"the day of {name.title()}"),) if iso else ()


def _is_quoted(match: re.Match[str]) -> bool:
    """Whether the words stand in quotation marks of their own: the title of a film or a song."""
    text = match.string
    before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 2]
    return before in tuple("\"'“‘«") and bool(re.match(r"[,.]?[\"'”’»]", after))


_NAMES = "|".join(name.replace(" ", r"\s").replace("'", "['’]") for name in _FEASTS)

RULES = (
    Rule(
        "feast",
        ("feast",),
        re.compile(
            rf"\b(?P<rel>(?i:last|this|next)\s)?(?P<feast>(?i:{_NAMES}))\b(?:,?\s(?P<year>{SAID_YEAR}))?"
        ),
        _read_feast,
    ),
)
