"""Rules for months: "December 2013", "from March to May", "in June"; not for Mrs May."""

import re

from index.text.calendar import read_month
from index.text.stopwords import DETERMINERS, is_stop_word
from qa.dates.edtf import has_year
from qa.dates.grammar.relative_rules import SHIFT
from qa.dates.grammar.rules import (
    COUNTED,
    FULL_MONTH,
    MONTH,
    PART,
    SAID_YEAR,
    TO,
    YEAR,
    Context,
    Reading,
    Readings,
    Rule,
    read_part,
    read_said_year,
    word_after,
    word_before,
)

# After these a month name is a month, whatever follows.
_MONTH_LEADS = frozenset(
    "in since until till during throughout late early mid last next this through every each "
    "ending ended beginning starting".split()
)


# After these it is one unless a name or a verb could follow: "by May said", "to March on".
_WEAK_MONTH_LEADS = frozenset("of by from before after and or to past for between about".split())


_NAME_LIKE = frozenset(("may", "march", "april", "june", "august"))


def _read_months(match: re.Match[str], context: Context) -> Readings | None:
    """As in "from March to May 2014", "May and June 2008", "between June and August"."""
    first_month, last_month = read_month(match["month1"]), read_month(match["month2"])
    lead, link = word_before(context.text, match.start()).lower(), match["link"].strip()
    led = link == "through" or (link.isalpha() and lead in ("from", "between", "in", "during"))
    if not match["year"] and not led:
        return None
    points = link in ("and", "or", "&") and lead != "between"
    if match["year"]:
        year = read_said_year(match["year"], context, match.start())
    else:
        near = context.reference.month_of_year(last_month, ahead=context.is_ahead(match)) or ""
        year = int(near[:4]) if has_year(near) else None
    last = f"{year:04}-{last_month:02}" if year else f"--{last_month:02}"
    first_year = int(match["year1"] or 0) or (year and year - (first_month > last_month))
    first = f"{first_year:04}-{first_month:02}" if first_year else f"--{first_month:02}"
    note = "as written" if match["year"] else "in the year nearest to publication"
    if points:
        return (
            Reading(first, note, match.start(), match.end("month1")),
            Reading(last, note, match.start("month2"), match.end()),
        )
    return (Reading(f"{first}/{last}", note, absolute=bool(match["year"])),)


def _read_month_of_year(match: re.Match[str], context: Context) -> Readings | None:
    """As in "December 2013", "late August 2008", "September last year"."""
    year = read_said_year(match["year"], context, match.start())
    if year is None:
        return None
    written = match["year"][:4].isdecimal()
    iso, note = read_part(match, f"{year:04}-{read_month(match['month']):02}")
    said = "as written" if written else f'"{match["year"]}" from the publication'
    return (Reading(iso, note or said, absolute=written),)


def _read_month(match: re.Match[str], context: Context) -> Readings | None:
    """As in "in June", "late August", "last December", "the September elections"."""
    if not _is_month(match, context):
        return ()
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
    if low in ("every", "each") or after[:1] == "s" or low.isdecimal():
        return False
    if match["part"] or match["rel"] or low in _MONTH_LEADS:
        return True
    risky = name.lower() in _NAME_LIKE
    if name.islower() and low != "the":
        return False
    if low in _WEAK_MONTH_LEADS:
        if name.lower() not in ("may", "march"):
            return not (risky and following[:1].isupper())
        return not following[:1].isupper() and not is_stop_word(following) and after[:1] not in "'’"
    if low in DETERMINERS or low.endswith(("'s", "’s", "s'", "s’")):
        if name.lower() == "march" and following in ("on", "of", "for", "to", "against"):
            return False
        return bool(following) and not is_stop_word(following)
    if risky or following[:1].isupper():
        return False
    return not lead[:1].isupper() or low in ("on", "in")


def _place_month(match: re.Match[str], context: Context, month: int) -> str | None:
    reference, rel = context.reference, (match["rel"] or "").strip().lower()
    if rel:
        if not reference.year or not reference.month:
            return f"--{month:02}"
        shift = SHIFT[rel]
        return f"{reference.year + shift * (shift * (month - reference.month) <= 0):04}-{month:02}"
    told = context.find_told_year(match.start())
    if told and told != reference.year:
        return f"{told:04}-{month:02}"
    ahead = context.is_ahead(match)
    if ahead and (month - reference.month) % 12 > 6:
        # So far ahead a plan is told before its month: "the vote will be held in May".
        ahead = context.is_surely_ahead(match)
    return reference.month_of_year(month, ahead=ahead)


RULES = (
    Rule(
        "months",
        ("month",),
        re.compile(
            rf"\b(?P<month1>{MONTH})(?:,?\s(?P<year1>{YEAR}))?{TO}(?P<month2>{MONTH})"
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
)
