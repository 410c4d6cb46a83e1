"""Dates and provenance in the words of the page's language."""

import re

from index import Article, PublicationDate
from qa.chat.texts import say
from qa.dates import spell_date
from qa.output.safe_text import escape_text

CALENDAR_DATE = re.compile(r"(\d{4})-(0[1-9]|1[0-2])(?:-(\d\d))?")
YEARLESS_DATE = re.compile(r"--(0[1-9]|1[0-2])-(\d\d)")


def describe_date(iso: str) -> str:
    """A date in words of the page's language, that also says when the year is not known.

    Seasons, decades and other long spans are in English words in every language.
    """
    if found := CALENDAR_DATE.fullmatch(iso):
        year, month, day = found.groups()
        if day:
            named = say(f"month.of.{int(month)}")
            return say("date.day", day=str(int(day)), month=named, year=year)
        return say("date.month", month=say(f"month.{int(month)}"), year=year)
    if found := YEARLESS_DATE.fullmatch(iso):
        month, day = found.groups()
        return say("date.month_day", day=str(int(day)), month=say(f"month.of.{int(month)}"))
    return spell_date(iso)


def describe_origin(published: PublicationDate) -> str:
    """How a publication date is known, in a few words that fit after ``date``."""
    return published.note or say(f"date.origin.{published.origin}")


def render_provenance(article: Article, *more: str) -> str:
    """Source, date and how it is known, then ``more`` facts in plain text, on one line of HTML."""
    facts = [("dl-source", article.source)]
    if article.published:
        facts.append(("dl-date", describe_date(article.published.iso)))
        facts.append(("dl-how", describe_origin(article.published)))
    else:
        facts.append(("dl-how", say("date.unknown")))
    facts += [("dl-fact", item) for item in more]
    shown = "".join(
        f'<span class="{name}" dir="auto">{escape_text(text)}</span>'
        for name, text in facts
        if text
    )
    return f'<p class="dl-facts">{shown}</p>'
