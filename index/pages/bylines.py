"""Bylines: the lines around a headline that name the writer, the outlet and the time.

``By Jane Doe, CNN``, ``Published: 12 May 2015``, ``March 4, 2021 / 5:11 PM / CBS News``. A date
counts only where the whole line is made of dates, times, labels and names: a date inside a
sentence is what the story tells of, never its publication.
"""

import re
from datetime import UTC, date, datetime

from index.pages.datelines import SEARCHED_CHARACTERS, is_agency
from index.pages.lines import Layout, words_of
from index.text.calendar import FOREIGN_WEEKDAYS
from index.text.written_dates import WrittenDate, find_written_dates
from index.types import PublicationDate

_LONGEST_BYLINE = 250
_FOR = re.compile(r"(?i)^(?:for|special to|special for) ")
_LABEL = re.compile(
    r"(?i)(?<![^\W\d_])(?:(?P<first>(?:(?:first|originally)\s+)?(?:published|posted|issued|released)|created"
    r"|filed|publication\ date|release\ date|pubdate|опубликовано|дата\ публикации|создано"
    r"|veröffentlicht|erschienen|erstellt|publié(?:e)?|publicado|pubblicato|опубліковано)"
    r"|(?P<later>(?:last\s+)?(?:updated?|modified|edited|revised|reviewed)|обновлено|изменено"
    r"|aktualisiert|stand|mis(?:e)?\s+à\s+jour|actualizado|aggiornato|оновлено)|(?P<plain>date|dated|datum))"
    r"(?:\s+time)?(?:\s+(?:on|at|am|um|le|el|il|by|in))?\s*:?"
)
_TIME = re.compile(
    r"(?ix)\b\d{1,2}[:.h]\d\d(?::\d\d)?\s*(?:[ap]\.?m\.?\b)?|\b\d{1,2}\s*[ap]\.?m\b\.?"
    r"|\b(?:noon|midnight|uhr)\b|\b(?:[ECMP][SD]?T|GMT|UTC|BST|CES?T|EES?T|MSK|IST|AES?T|AEDT|JST"
    r"|KST|SGT|HKT|WES?T)\b(?:[+-]\d\d?(?::?\d\d)?)?"
    r"|\b(?:eastern|central|pacific)\ (?:standard|daylight)?\ ?time\b"
    r"|(?<![\w.])\d+\ ?(?:min(?:ute)?|hour|day|week|month|year)s?\ (?:read|ago)\b"
    r"|[+-]\d\d:?\d\d\b"
)
_WEEKDAY = re.compile(
    r"(?i)\b(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?"
    rf"|{'|'.join(FOREIGN_WEEKDAYS)})\b\.?,?"
)
_FILLER = re.compile(
    r"(?i)\b[\w-]+\.(?:com|net|org|ru|de|fr|co\.uk|com\.au|eu|info|tv)\b"
    r"|\b(?:on|at|am|um|le|à|el|den|der|в|г|and|first|by|as of|this article was"
    r"|share this \w+)\b|(?:来源|來源|记者|記者|作者|編集|출처|기자)\s*[:：]\s*\S*"
)
_BYLINE = re.compile(
    r"(?:By|BY|by|Von|Par|Por|Di|Автор|Текст)\s*:?\s+(?=[A-ZÀ-ÞА-ЯЁ])"
    r"(?:[^.!?\n]|(?<=\b[A-ZÀ-ÞА-ЯЁ])\.){3,140}\.?$"
)
# What follows "by" in a date line: "Posted on March 5, 2014 by admin".
_WRITER = re.compile(r"(?i)(?<=\S)\s+by\s+[^\d\n]{1,40}$")
# Lines of an event, a recall or a life: their dates are in the story.
_OTHER_LABEL = re.compile(
    r"(?i)\W*(?:when|where|what|who|time|deadline|due|starts?|begins?|ends?|until|through|from|to|born"
    r"|died|event|opens?|closes?|expires?|valid|season|week|day|game|round|release|premiere)s?\b"
)
_CONTACT = re.compile(
    r"(?i)\S+@\S+\.\w+$|@\w+$|\S+\.(?:com|org|net|co\.uk|ru|de)$"
    r"|(?:from|special (?:to|for)|provided by|compiled by)\b.{0,60}$"
    r"|.{0,40}\b(?:staff|wire) (?:and wire )?(?:reports?|writers?|reporters?)$"
    r"|.{0,40}\b(?:contributors?|correspondents?|columnists?|critic|editor|reporter|photographer)$"
)
_PERSON = re.compile(
    r"[A-ZÀ-ÞА-ЯЁ][\w.'’\-]*(?: (?:[A-ZÀ-ÞА-ЯЁ][\w.'’\-]*|de|van|von|der|al|bin)){1,3}"
    r"(?:(?:,| and|,? &) [A-ZÀ-ÞА-ЯЁ][\w.'’\-]*(?: [A-ZÀ-ÞА-ЯЁ][\w.'’\-]*){1,3})*$"
)
_DATE_MARK = "\x1f"
_BESIDE_DATE = re.compile(rf"\w\s*{_DATE_MARK}|{_DATE_MARK}\s*\w")
_ROLE = re.compile(
    r"(?i)\b(?:writer|reporter|correspondents?|editor|contributor|staff|columnist|special|author|"
    r"analyst|producer|journalist|photograph\w*|professor|senior|guest|opinion|for)\b|[@/]"
)
_PAPER = (
    r"(?:Times|Post|News|Herald|Tribune|Journal|Gazette|Sentinel|Press|Telegraph|Guardian|Observer"
    r"|Chronicle|Star|Courier|Register|Dispatch|TODAY|Today|Network|Magazine|Review|Independent"
    r"|Mail|Mirror|Examiner|Inquirer|Enquirer|Record|Republic|Standard|Globe|Sun|Tennessean|Banner"
    r"|Bulletin|Democrat|Advertiser|Leader|Ledger|Argus|Daily|Weekly|Broadcasting|Radio|Television"
    r"|International|Agency|Service|Online|Statesman|Citizen|Reporter|Union)"
)
_OUTLET_NAME = re.compile(
    rf"(?:The )?(?:[A-Z][\w.&'’\-]* ){{0,4}}(?:{_PAPER}|Journal-\w+|\w+-{_PAPER}|USA TODAY Sports)"
)
_NOT_AN_OUTLET = re.compile(
    r"(?i)^(?:breaking|latest|world|top|more|related|local|business|sports?|national|good|big|all"
    r"|today|live|daily|fake|video|us|u\.s\.|uk|home|money|tech\w*|science|health|entertainment"
    r"|politics|political|international|online|news|press|in other)\b(?!\s+(?:today|insider)\b)"
)
_SITE_LINE = re.compile(r"[-–—|]\s+(?P<site>[A-ZА-ЯЁ][\w.&'’\-]*(?: [A-ZА-ЯЁ&][\w.&'’\-]*){0,3})$")


def is_byline(line: str, following: str = "") -> bool:
    """Whether ``line`` names the writer, the outlet or the time of publication and no more.

    A person's name alone is a byline when the line ``following`` is one too.
    """
    if len(line) > _LONGEST_BYLINE:
        return False
    if _BYLINE.match(line) or is_agency(line) or _is_outlet(line) or _CONTACT.match(line):
        return True
    if _starts_with_outlet(line):
        return True
    # "From Wikipedia" says where a page is from, not who the line above it is.
    if following[:5].casefold() != "from " and _PERSON.match(line) and is_byline(following):
        return True
    dates = list(find_written_dates(line))
    if not dates and not _LABEL.match(line) and not _TIME.search(line):
        return False
    return len(words_of(_residue(line, dates))) <= (3 if dates else 0)


def find_outlet(layout: Layout) -> str:
    """The outlet that a byline or a line of its own names before the story, or the empty string."""
    for line in (*layout.top, *layout.lines[layout.body : layout.body + 1]):
        content = line.content.strip("-–—|•* ")
        if len(content) > 160:
            continue
        whole = _FOR.sub("", content)
        if is_agency(whole) or _is_outlet(whole):
            return whole
        dated = bool(list(find_written_dates(content))) and is_byline(content)
        if not dated and not _BYLINE.match(content) and not _starts_with_outlet(content):
            continue
        for part in re.split(r"\s*[,|/•·]\s*|\s+(?:and|for|[-–—])\s+", content):
            name = _FOR.sub("", part.strip(" ."))
            if (is_agency(name) or _is_outlet(name)) and not _ROLE.search(name):
                return name
    return ""


def _starts_with_outlet(line: str) -> bool:
    """Whether ``line`` is an outlet and a place: ``BBC News, Moscow``; or a name and an outlet."""
    parts = re.split(r"[,|]", line)
    if len(parts) != 2 or len(words_of(line)) > 7:
        return False
    return any(is_agency(part.strip()) or _is_outlet(part.strip()) for part in parts)


def find_site(layout: Layout) -> str:
    """The site named by the rest of a page's title at the very top: ``- Sputnik International``."""
    for line in layout.top[:2]:
        match = _SITE_LINE.match(line.content)
        if match:
            return match["site"]
    return ""


def _is_outlet(line: str) -> bool:
    """Whether ``line`` is the name of a newspaper, a station or an agency, and nothing else."""
    return (
        len(line) < 60
        and _OUTLET_NAME.fullmatch(line) is not None
        and (" " in line or "-" in line)
        and _NOT_AN_OUTLET.match(line) is None
    )


def find_date_lines(layout: Layout) -> list[tuple[bool, PublicationDate]]:
    """The dates of lines that say when the article came out; true for "updated" only."""
    found: list[tuple[bool, PublicationDate]] = []
    dated_lines = 0
    for position, line in enumerate(layout.lines):
        if len(line.content) > 200 or line.start >= SEARCHED_CHARACTERS * 2:
            continue
        dates = list(find_written_dates(line.content))
        if not dates:
            continue
        label = _LABEL.search(line.content, 0, dates[-1].start)
        labelled = label is not None and label["plain"] is None
        if not _is_date_line(line.content, dates, labelled):
            continue
        dated_lines += 1
        in_top = position <= layout.body and line.start < SEARCHED_CHARACTERS
        if in_top or (labelled and line.start < SEARCHED_CHARACTERS):
            found.extend(_read_date_line(line.content, dates))
    # Many lines that are dates alone make a calendar or a timeline, not a byline.
    return found if dated_lines <= 2 else found[:2] if found and layout.body > 0 else []


def _is_date_line(line: str, dates: list[WrittenDate], labelled: bool) -> bool:
    """Whether ``line`` consists of dates, times, labels and names, and is no sentence."""
    rest = _residue(line, dates)
    if _BYLINE.match(rest.strip(" |•·,/-–—")) and len(rest) < 100:
        return True
    if re.search(r"\d", rest):
        return False
    words = words_of(rest)
    if not words:
        return True
    if _OTHER_LABEL.match(rest) or not all(word[0].isupper() for word in words):
        return False
    # "Tbilisi, 26 August 2008" is a date line, "Winning Numbers July 4, 2026" is a headline.
    apart = _BESIDE_DATE.search(rest) is None
    return len(words) <= 6 if labelled else len(words) <= 4 and apart


def _residue(line: str, dates: list[WrittenDate]) -> str:
    """What is left of ``line`` without its dates, times, weekdays and words like "Published"."""
    kept, end = [], 0
    for found in dates:
        kept.append(line[end : found.start])
        end = found.end
    rest = f" {_DATE_MARK} ".join((*kept, line[end:]))
    for pattern in (_WRITER, _LABEL, _TIME, _WEEKDAY, _FILLER):
        rest = pattern.sub(" ", rest)
    return rest


def _read_date_line(line: str, dates: list[WrittenDate]) -> list[tuple[bool, PublicationDate]]:
    """Each date of a date line, and whether it says when the article was updated."""
    result = []
    for found in dates:
        label = None
        for match in _LABEL.finditer(line, 0, found.start):
            label = match
        if found.precision == "month-day" and (label is None or label["later"]):
            continue
        if is_ahead(found.iso):
            continue
        note = f'line "{line[:120]}"'
        if found.precision == "year":
            note += ": day and month could be either way round"
        updated = label is not None and label["later"] is not None
        result.append((updated, PublicationDate(found.iso, found.precision, "byline", note)))
    return result


def is_ahead(iso: str) -> bool:
    """Whether ``iso`` is in the future, with two days' grace for time zones and embargoes."""
    if iso.startswith("--"):
        return False
    today = datetime.now(UTC).date()
    limit = date.fromordinal(today.toordinal() + 2).isoformat()
    return iso > limit[: len(iso)]
