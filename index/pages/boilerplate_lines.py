"""A line of a page, and what can be said of it without looking at its neighbours."""

import re
from dataclasses import dataclass

from index.pages.boilerplate_phrases import name_phrase
from index.text.calendar import LANGUAGE_NAMES
from index.text.scripts import UNSPACED

_DENSE = re.compile(rf"[{UNSPACED}]")
_RULE = re.compile(r"(?:[^\w\"'“”‘’«»()?!]|_){2,}|[•·|/_—–*#~=-]")
_LETTER = re.compile(r"[^\W\d_]")
_SENTENCE_END = re.compile(
    r"[.!?…。！？؟۔।።։](?:[\"'”’»›)\]」』]|\[\w{1,3}\])*$|[,;:][\"”’»]$|[\"”»]$"
)
_BULLET = re.compile(r"[-–—−•◦▪●■►▶»*+·]\s*(?=\S)")
_NUMBERED = re.compile(r"\(?(?:\d{1,3}|[a-zA-Z])[.)]\s")
_FIELD = re.compile(r"[^\W\d_][\w ,'’&/().-]{0,40}:\s+\S")
_TABLE_ROW = re.compile(r"\t|\s\|\s|^\||\S\s{2,}\S+\s{2,}\S")
_SEPARATED = re.compile(r"\s[|·•/»›>]\s")
# "Flood:What we know": the space was lost with the link's markup.
_GLUED_LINK = re.compile(r"[^\W\d_][^.:!?/]{2,60}(?:\?:?|:)[\"'“‘]?[A-Z]")
_GLUED_LABEL = re.compile(
    r"(?:(?:read )?more|related|also|opinion|watch|live updates?|photos|gallery|fact check):[^\s/]",
    re.IGNORECASE,
)
_SOCIAL = re.compile(
    r"facebook|twitter|instagram|youtube|linkedin|whatsapp|telegram|pinterest|reddit|tiktok|flipboard"
    r"|вконтакте|одноклассники|viber|bluesky|threads|e-?mail",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"[-–—−]{1,2} ?(?:[^\W\d_a-zа-я][\w.'’-]*(?:,? (?:and |& )?|$)){2,6}$")
_DATE_WORD = re.compile(
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun|янв|фев|мар"
    r"|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек|janv|févr|mars|avr|juin|juil|août|déc|ene|abr|ago|dic"
    r"|mai|okt|dez|mär)\w*|[ap]m|gmt|utc|es?t|edt|bst|ce?s?t|msk|pt|p[sd]t|ist|at|on|the|of|de|um|uhr"
    r"|updated|published|posted|modified|last|date|st|nd|rd|th|г|ago"
    r"|(?:min(?:ute)?|hour|day|week|month|year)s?",
    re.IGNORECASE,
)
_ICON = re.compile(
    r"icon|chevron|caret|hamburger|spinner|svg|glyph|arrow[-_ ](?:left|right|up|down)",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Line:
    """A line with what the rules ask of it; ``reason`` is set by the first rule that applies."""

    start: int
    end: int
    text: str
    words: int
    ends_sentence: bool
    is_bullet: bool
    is_prose: bool
    reason: str = ""

    def is_short(self, words: int) -> bool:
        """Whether the line has no more than so many words and does not end like a sentence."""
        return self.words <= words and not self.ends_sentence


def describe_line(text: str, start: int, end: int) -> Line:
    """The line ``text[start:end]``; it counts as prose when it is long or ends like a sentence."""
    content = text[start:end]
    words = len(content.split())
    if not content.isascii():
        words = max(words, len(_DENSE.findall(content)) // 2)
    ends_sentence = bool(_SENTENCE_END.search(content[-8:]))
    is_bullet = bool(_BULLET.match(content))
    is_prose = words >= 25 or (words >= 6 and (ends_sentence or content[-1] in ":："))
    return Line(start, end, content, words, ends_sentence, is_bullet, is_prose)


def name_boilerplate(line: Line) -> str:
    """Why a line is boilerplate wherever it stands; empty when nothing says so."""
    if not _LETTER.search(line.text):
        return "symbols" if _RULE.fullmatch(line.text) else ""
    if not line.ends_sentence and len(_ICON.findall(line.text)) >= 4:
        return "icons"
    glued = _GLUED_LINK.match(line.text) and not line.ends_sentence and line.words >= 5
    if glued or _GLUED_LABEL.match(line.text):
        return "links"
    return name_phrase(line.text) or ("navigation" if _is_menu(line) else "")


def _is_menu(line: Line) -> bool:
    """Whether a line only names languages, or is a bar of short entries."""
    if line.ends_sentence or line.words < 2:
        return False
    names = [name.strip("()|·•/,-").casefold() for name in line.text.split()]
    named = [name for name in names if name]
    if len(named) >= 2 and all(name in LANGUAGE_NAMES for name in named):
        return True
    if line.words <= 12 and len(_SOCIAL.findall(line.text)) >= 3:
        return True
    entries = [entry.strip() for entry in _SEPARATED.split(line.text)]
    return len(entries) >= 4 and all(
        0 < len(entry.split()) <= 3 and not re.search(r"\d", entry) for entry in entries
    )


def is_headline(text: str) -> bool:
    """Whether a bullet is set like a headline: four words or more, the longer ones capitalised."""
    words = [word.strip("\"'“”‘’()[],:") for word in _BULLET.sub("", text, count=1).split()]
    if (
        not 4 <= len(words) <= 20
        or " - " in text[3:]
        or "%" in text
        or text.endswith((".", ";", ",", ":"))
    ):
        return False
    longer = [word for word in words if len(word) >= 4 and word[0].isalpha()]
    return len(longer) >= 3 and all(word[0].isupper() for word in longer)


def is_date(line: Line) -> bool:
    """Whether a line is a date or time, given once or twice, and nothing else."""
    words = re.findall(r"[^\W\d_]+", line.text.replace(".", ""))
    has_digit = any(character.isdigit() for character in line.text)
    return has_digit and line.words <= 16 and all(_DATE_WORD.fullmatch(word) for word in words)


def is_field(line: Line) -> bool:
    """Whether a line is a name and a value, as in ``When: Sunday``."""
    return bool(_FIELD.match(line.text))


def is_signature(line: Line) -> bool:
    """Whether a line is a dash and a name, as under a contribution."""
    return bool(_SIGNATURE.match(line.text))


def has_letter(text: str) -> bool:
    """Whether there is a letter of any script in ``text``."""
    return bool(_LETTER.search(text))


def is_data(line: Line) -> bool:
    """Whether a line is an item of a list, a field or a row, which a story may end with."""
    return bool(
        _NUMBERED.match(line.text)
        or is_field(line)
        or _TABLE_ROW.search(line.text)
        or (line.is_bullet and any(character.isdigit() for character in line.text))
    )
