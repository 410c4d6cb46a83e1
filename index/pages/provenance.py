"""Where an article comes from and when it was published, as its own text shows it.

The rule for the source: the agency that the dateline names ("MOSCOW, February 27 (RIA Novosti)"
→ "RIA Novosti"), else the outlet of the byline ("By Jane Doe, CNN" → "CNN"), else the site that
the page names.

The rule for the date: a dateline with a year, else a date that stands on a line of its own or
after a word like "Published", else the web address, else the name of the file, else a dateline
without a year. Such a dateline takes its year from one of the others of the same days; otherwise it
stays ``--02-27``: the year is never guessed here.
"""

import re
from dataclasses import dataclass, replace
from datetime import date

from index.pages.bylines import find_date_lines, find_outlet, find_site, is_ahead
from index.pages.datelines import Dateline, find_dateline
from index.pages.lines import read_layout
from index.text.written_dates import parse_written_date
from index.types import PublicationDate

_URL_DAY = re.compile(
    r"[/_-](?P<year>(?:19|20)\d\d)(?P<mark>[/_-]?)(?P<month>\d\d?|[a-z]{3})(?P=mark)(?P<day>\d\d?)"
    r"(?![\d])"
)
_URL_MONTH = re.compile(r"/(?P<year>(?:19|20)\d\d)/(?P<month>\d\d)/(?!\d)")


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where an article comes from and when it was published, as far as its text says."""

    source: str = ""
    published: PublicationDate | None = None
    dateline: Dateline | None = None


def find_provenance(text: str, *, site: str = "", url: str = "", file: str = "") -> Provenance:
    """The source and publication date that ``text`` shows at its top.

    ``site`` is the name that the page's metadata gives, ``url`` its address and ``file`` the name
    of its file, where known.
    """
    layout = read_layout(text)
    dateline = find_dateline(text)
    source = (dateline.agency if dateline else "") or find_outlet(layout) or site.strip()
    named = [found for found in (read_url_date(url), read_file_date(file)) if found]
    published = _choose_date(dateline, find_date_lines(layout), named)
    return Provenance(source or find_site(layout), published, dateline)


def read_url_date(url: str) -> PublicationDate | None:
    """The date in a web address such as ``/2014/03/05/``; ``None`` when it has none."""
    for pattern in (_URL_DAY, _URL_MONTH):
        for match in pattern.finditer(url):
            parts = match.groupdict()
            month = parts["month"]
            if month.isdigit():
                written = f"{parts['year']}-{int(month):02}"
                if parts.get("day"):
                    written += f"-{int(parts['day']):02}"
                    read = parse_written_date(written)
                else:
                    read = (written, "month") if 1 <= int(month) <= 12 else None
            else:
                read = parse_written_date(f"{parts['day']} {month.capitalize()} {parts['year']}")
            if read is not None and read[1] in ("day", "month") and not is_ahead(read[0]):
                note = f"web address {match[0]}"
                return PublicationDate(read[0], read[1], "url", note)
    return None


def read_file_date(name: str) -> PublicationDate | None:
    """The day in a file's name, such as ``2014-03-05 Flood.txt``; ``None`` when it has none."""
    found = read_url_date(f"/{name}")
    if found is None or found.precision != "day":
        return None
    return replace(found, origin="file", note=f'file name "{name[:60]}"')


def _choose_date(
    dateline: Dateline | None,
    date_lines: list[tuple[bool, PublicationDate]],
    named: list[PublicationDate],
) -> PublicationDate | None:
    """The publication date by the rule at the top of this module."""
    # "Published" before "Updated", a day before a month: sorting is stable.
    precise = {"day": 0, "month": 1, "month-day": 2, "year": 3}
    ranked = [
        found for _, found in sorted(date_lines, key=lambda x: (x[0], precise[x[1].precision]))
    ]
    full = [*ranked, *named]
    full.sort(key=lambda found: found.precision != "day")
    if dateline is None or dateline.written is None or is_ahead(dateline.written[0]):
        return full[0] if full else None
    iso, precision = dateline.written
    note = f'dateline "{dateline.text}"'
    if precision != "month-day":
        return PublicationDate(iso, precision, "dateline", note)
    for found in full:
        completed = complete_month_day(iso, found)
        if completed:
            return PublicationDate(
                completed, "day", "dateline", f"{note}, the year from {found.note}"
            )
    return PublicationDate(iso, precision, "dateline", note)


def complete_month_day(iso: str, other: PublicationDate) -> str:
    """``--02-27`` with the year of ``other``, a date of the same week; else the empty string."""
    month, day = int(iso[2:4]), int(iso[5:7])
    if other.precision == "month":
        year, other_month = map(int, other.iso.split("-"))
        return _possible_day(year, month, day) if month == other_month else ""
    if other.precision != "day":
        return ""
    near = date.fromisoformat(other.iso)
    for year in (near.year, near.year - 1, near.year + 1):
        completed = _possible_day(year, month, day)
        if completed and abs((date.fromisoformat(completed) - near).days) <= 7:
            return completed
    return ""


def _possible_day(year: int, month: int, day: int) -> str:
    """The ISO date, or the empty string when the calendar has no such day."""
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""
