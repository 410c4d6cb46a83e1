"""Datelines: the place, day and agency that news articles open with.

``MOSCOW, February 27 (RIA Novosti) -``, ``WASHINGTON (AP) —``, ``МОСКВА, 27 фев - РИА Новости.``
A dateline stands at the start of a line near the top. The forms are matched strictly: a capital
after a bracket is no agency unless a place or day comes before it and a dash after it.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from index.pages.lines import Line, is_boilerplate, read_layout
from index.text.written_dates import NAMED_DATE, parse_written_date
from index.types import Precision

SEARCHED_CHARACTERS = 1500

AGENCIES = (
    "Associated Press|AP|Agence France[- ]Presse|AFP|Thomson Reuters Foundation|Thomson Reuters"
    "|Reuters Health|Reuters|UPI|CNN ?Business|CNN ?Money|CNN|dpa|DPA|EFE|ANSA|Xinhua|ITAR-TASS"
    "|Itar-Tass|TASS|RIA Novosti|RIA|Interfax-Ukraine|Interfax|Ukrinform|UNIAN|Kyodo News|Kyodo"
    "|Jiji|Yonhap|KCNA|PTI|IANS|ANI|APA|ATS|SDA|KNA|epd|Bloomberg|BBC News|BBC|RFE/RL|VOA|IPS|IRIN"
    "|PAP|Anadolu Agency|Anadolu|Sputnik|MENA|WAFA|SANA|Tanjug|BELGA|Belga|Lusa|TT|NTB|STT|CTK"
    "|MTI|BTA|AAP|NZPA|Bernama|Antara|SPA|PRNewswire|PR Newswire|Business Wire|BUSINESS WIRE"
    "|GLOBE NEWSWIRE|GlobeNewswire|Marketwired|ACCESSWIRE|EINPresswire|NPR|ABC News|CBS News"
    "|NBC News|Fox News|USA TODAY|RT|РИА Новости|ИТАР-ТАСС|ТАСС|Интерфакс|РБК|Спутник|Росбалт"
    "|REGNUM|Укринформ|УНИАН|БелТА"
)
AGENCY = rf"(?:{AGENCIES})"
_DASH = r"\s*(?:--+|[—–―−]|-(?=\s|$)|-(?=[A-ZА-ЯЁ\"“])|_(?=\s))\s*"
_UPPER_PLACE = r"[A-ZÀ-ÞА-ЯЁ][A-ZÀ-ÞА-ЯЁ.'’/\- ]{2,40}(?:,\s+[A-ZÀ-ÞА-ЯЁ][\w.’' ]{1,25}){0,2}"
_PLACE = (
    r"[A-ZÀ-ÞА-ЯЁ][\w.'’\-]*(?:[ /]{1,3}(?:(?:de|del|am|an|der|el|la|of|and|on|upon|на)\ )?"
    r"[A-ZÀ-ÞА-ЯЁ/][\w.'’\-]*){0,4}(?:,\s+[A-ZÀ-ÞА-ЯЁ][\w.’']*(?: [A-ZÀ-ÞА-ЯЁ][\w.’']*){0,3}){0,2}"
)
_BRACKETS = r"(?:\((?P<agency>[^()\n]{2,45})\)|/(?P<slashes>[^/\n]{2,40})/)"
_NUMERIC_DATE = r"\d\d?\.\d\d?\.(?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d"
_NEAR = (
    r"(?:today|yesterday|this (?:morning|afternoon|evening|week)|(?:Mon|Tues|Wednes|Thurs|Fri)day)"
)
_DATE = rf"(?P<date>{NAMED_DATE}|{_NUMERIC_DATE})"

# Each form of a dateline, the most telling first. All are matched at the start of a line.
_FORMS = (
    # MOSCOW, February 27 (RIA Novosti) - | Sept 17 (Reuters) - | MOSCOW. March 5 (Interfax) -
    re.compile(rf"(?:(?P<place>{_PLACE}|{_UPPER_PLACE})[,.:]?\s+)?{_DATE}[,.]?\s*{_BRACKETS}"),
    # MOSCOW (Reuters) -- | WASHINGTON (AP) — | Knoxville, TN (Newswire) July 27, 2021 -
    re.compile(
        rf"(?:(?P<place>{_PLACE}|{_UPPER_PLACE})(?:,?\s+|--))?{_BRACKETS}(?:,?\s*{_DATE}(?={_DASH}))?"
    ),
    # МОСКВА, 27 фев - РИА Новости. | TOKYO, March 5, Kyodo -
    re.compile(
        rf"(?:(?P<place>{_PLACE}|{_UPPER_PLACE})[,.]?\s+)?{_DATE}(?:,\s*|{_DASH})"
        rf"(?P<agency>{AGENCY})(?:[.,:]|{_DASH})"
    ),
    # LONDON, 5 March 2014 —
    re.compile(rf"(?P<place>{_UPPER_PLACE}|{_PLACE}),\s+{_DATE}[,.]?{_DASH}(?!\s*\d)"),
    # 5 March 2014 – The Security Council today …: a day alone must be near what is told.
    re.compile(rf"{_DATE}{_DASH}(?=[^\d\s].{{0,110}}\b{_NEAR}\b)"),
    # New York CNN Business — | CNN —
    re.compile(rf"(?:(?P<place>{_PLACE}),?\s+)?(?P<agency>{AGENCY}){_DASH}"),
    # NEW YORK —
    re.compile(rf"(?P<place>{_UPPER_PLACE}){_DASH}"),
)
_AGENCY_ALONE = re.compile(rf"{AGENCY}$")
_NOT_AN_AGENCY = re.compile(
    r"(?i)\d|^(?:[a-z]|left|right|center|centre|pictured|file|not|r-|d-|i-|u\.?s\.?|d\.?c\.?|u\.?k\.?"
    r"|the|a|an|and|or|who|which|see|by|in|on|at|with|from)\b|\b(?:is|was|were|are|has)\b|[.:;!?]\s"
)


@dataclass(frozen=True, slots=True)
class Dateline:
    """A dateline: ``text[start:end]``, its dash included, and what it names."""

    start: int
    end: int
    text: str
    agency: str = ""
    written: tuple[str, Precision] | None = None


@lru_cache(maxsize=32)
def find_dateline(text: str) -> Dateline | None:
    """The dateline of an article, the most telling one near its top; ``None`` without one."""
    layout = read_layout(text)
    candidates = []
    for position, line in enumerate(layout.lines):
        if line.start >= SEARCHED_CHARACTERS or is_boilerplate(line.content):
            continue
        found = _match_dateline(text, line)
        # Deeper in a story, a place or a day before a dash is an entry of a list.
        if found is not None and (found.agency or position <= layout.body + 1):
            candidates.append(found)
    return max(
        candidates, key=lambda found: (bool(found.agency), found.written is not None), default=None
    )


def _match_dateline(text: str, line: Line) -> Dateline | None:
    """The dateline at the start of one line, if it has one."""
    # A dateline ends well within its line; the rest need not be searched.
    head = text[line.start : min(line.end, line.start + 160)]
    lead = len(head) - len(head.lstrip("#*_> –—−-"))
    for form in _FORMS:
        match = form.match(head, lead)
        if match is None:
            continue
        groups = match.groupdict()
        agency = (groups.get("agency") or groups.get("slashes") or "").strip()
        dash = re.compile(_DASH).match(head, match.end())
        if agency and not is_agency(agency):
            place = (groups.get("place") or "").split(",")[0]
            clear = bool(groups.get("date")) or (place.isupper() and len(place) > 3)
            if not (clear and dash and _could_be_agency(agency)):
                continue
        written = parse_written_date(groups["date"]) if groups.get("date") else None
        shown = head[lead : match.end()].rstrip(" -–—―−_:")
        end = line.start + (dash.end() if dash else match.end())
        return Dateline(line.start + lead, end, shown, agency, written)
    return None


def is_agency(name: str) -> bool:
    """Whether ``name`` is a known agency or broadcaster, and nothing else."""
    return _AGENCY_ALONE.match(name) is not None


def _could_be_agency(name: str) -> bool:
    """Whether ``name`` could be an agency that is not known here: a short capitalised name."""
    return name[0].isupper() and len(name.split()) <= 5 and _NOT_AN_AGENCY.search(name) is None
