"""The title of an article: its headline where the page shows one, else its shortened lead.

A headline is a short line before the story that doesn't end as a sentence does, says in other
words what the story then says, and is often printed twice; menus, section names, taglines,
bylines and captions are none. Wrong at times for texts whose headline plays with words that the
story never uses.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from index.pages.bylines import is_byline
from index.pages.datelines import Dateline, find_dateline
from index.pages.lines import Layout, Line, ends_sentence, is_boilerplate, read_layout, words_of
from index.text.scripts import UNSPACED
from index.text.sentences import split_sentences

_LONGEST_HEADLINE = 200
_LONGEST_LEAD = 110
_SHORTEST_LEAD = 40
_COMPARED_CHARACTERS = 3000
_STEM = 5
_ENOUGH = 1.6

_LABELLED = re.compile(
    r"(?i)^(?:title|headline|subject|заголовок|titel|titre)\s*:\s*(?P<title>\S.*)$"
)
_HEADING = re.compile(r"^#{1,2}\s+(?P<title>.*?)\s*#*$")
_SITE_TAIL = re.compile(r"\s+[|–—-]\s+(?P<site>[^|–—]{2,40})$")
_CAPTION = re.compile(
    r"(?i)\((?:left|right|center|centre|pictured|file|from left|l|r|c|слева|справа|links|rechts)\b"
    r"|\b(?:file photo|pictured|shown here|getty|via ap|handout|courtesy of|архивное фото)\b"
)
# Where a lead may be cut so that what is left still reads as a phrase.
_WEAK_ENDING = re.compile(
    r"(?i)[\s,;:–—-]+(?:a|an|the|of|in|on|at|to|for|from|by|with|and|or|but|that|which|who|as|is|was"
    r"|are|were|be|been|has|have|had|its|his|her|their|no|not|into|after|before|over|than|it|и|в|на"
    r"|с|о|к|что|по|за|не|für|mit|von|und|der|die|das|den|dem|im|zu|de|la|le|les|et|des|du|que|en)?$"
)
_PLAIN_WORD = re.compile(rf"[^\W_{UNSPACED}]+")
_ARABIC_PREFIX = re.compile("^[وف]?(?:[بك]?ال|لل)(?=\\w{3})|^و(?=\\w{3})")
_UNSPACED = re.compile(rf"[{UNSPACED}]{{2,}}")


@dataclass(frozen=True, slots=True)
class Headline:
    """A title; ``note`` says how it was made when no headline gave it, else is empty."""

    title: str
    note: str = ""


def find_headline(text: str) -> Headline:
    """The headline of ``text`` that a reader would name, or its first sentence, shortened."""
    layout = read_layout(text)
    dateline = find_dateline(text)
    candidates: list[tuple[int, str]] = []
    for position, line in enumerate(layout.top):
        labelled = _LABELLED.match(line.content)
        if labelled:
            return Headline(_clean(labelled["title"]))
        # A dateline may stand on a line of its own.
        if dateline is not None and dateline.start <= line.end <= dateline.end:
            continue
        if len(line.content) > 2 * _LONGEST_HEADLINE:
            continue
        title = _clean(line.content)
        bare = line.content.strip("-–—•*|>» ")
        following = layout.lines[position + 1].content if position + 1 < len(layout.lines) else ""
        if _can_be_headline(title) and not is_boilerplate(bare) and not is_byline(bare, following):
            candidates.append((position, title))
    if candidates:
        story = _stems(_story(text, layout))
        scores = [_score(layout, *candidate, story) for candidate in candidates]
        best = scores.index(max(scores))
        if scores[best] >= _ENOUGH:
            return Headline(candidates[best][1])
    return _shorten_lead(text, layout, dateline)


def strip_site(title: str, site: str = "") -> str:
    """``title`` without the name of the site that pages append: ``Headline | BBC News``."""
    match = _SITE_TAIL.search(title)
    if match is None:
        return title.strip()
    tail = match["site"].strip()
    named = bool(site) and (
        tail.casefold() in site.casefold() or site.casefold() in tail.casefold()
    )
    front = title[: match.start()].strip()
    if named or is_byline(tail) or ("|" in match[0] and len(words_of(front)) >= 3):
        return front
    return title.strip()


def _clean(line: str) -> str:
    """The line as a title: without heading marks, list marks and the site's name."""
    heading = _HEADING.match(line)
    content = heading["title"] if heading else line
    content = re.sub(r"^(?:[•*>»|]|[-–—](?=\s))\s*|[*_]{2}", "", content).strip()
    return strip_site(re.sub(r"\s+", " ", content))


def _can_be_headline(line: str) -> bool:
    """Whether ``line`` is of the length and kind of a headline."""
    return (
        2 <= len(line) <= _LONGEST_HEADLINE
        and not is_boilerplate(line)
        and not is_byline(line)
        and re.search(r"[^\W\d_]{2}", line) is not None
    )


def _score(layout: Layout, position: int, title: str, story: frozenset[str]) -> float:
    """How much the line at ``position`` is like a headline; ``_ENOUGH`` is enough."""
    line = layout.lines[position]
    words = words_of(title)
    score = 2.0 * _overlap(title, story)
    score += 1.0 if _is_repeated(layout, position, title) else 0.0
    score += 0.5 if _HEADING.match(line.content) else 0.0
    spaced = _UNSPACED.search(title) is None
    if spaced and len(words) < 3:
        score -= 0.6 if len(words) == 2 else 1.2
    elif (spaced and len(words) <= 18) or 6 <= len(title) <= 60:
        score += 0.5
    if len(words) > 25:
        score -= 0.5
    # A headline may be a question or quote someone, but it seldom ends with a full stop.
    score += -1.8 if re.search(r"[^.]\.$|[:;,–—-]$", title) else 0.4
    score += 0.3 if line.alone else 0.0
    first = next(i for i, x in enumerate(layout.top) if _can_be_headline(_clean(x.content)))
    score += 0.3 if position == first else 0.0
    score -= 0.6 if _CAPTION.search(title) else 0.0
    score -= 0.8 if re.match(r"[-–—•*|»]\s", line.content) else 0.0
    return score


def _story(text: str, layout: Layout) -> str:
    """The beginning of the story that a headline would be about."""
    if layout.body == len(layout.lines):
        return ""
    start = layout.lines[layout.body].start
    return text[start : start + _COMPARED_CHARACTERS]


def _overlap(title: str, story: frozenset[str]) -> float:
    """The share of the title's telling words that the story has too."""
    stems = _stems(title)
    shared = stems & story
    if not shared:
        return 0.0
    # One word in common can be chance.
    return len(shared) / len(stems) * (1.0 if len(shared) >= 2 else 0.5)


def _stems(text: str) -> frozenset[str]:
    """The beginnings of the longer words and names of ``text``, in lower case.

    Chinese and Japanese, which have no spaces, give pairs of characters. Arabic words go without
    "and" and the article, which are written as part of them.
    """
    stems = {
        _ARABIC_PREFIX.sub("", word.casefold())[:_STEM]
        for word in _PLAIN_WORD.findall(text)
        if len(word) >= 4 or (len(word) >= 2 and (word.isupper() or word.isdigit()))
    }
    for run in _UNSPACED.findall(text):
        stems.update(first + second for first, second in pairwise(run))
    return frozenset(stems)


def _is_repeated(layout: Layout, position: int, title: str) -> bool:
    """Whether the same line stands elsewhere at the top, as page title and headline do."""
    if len(words_of(title)) < 3:
        return False
    return any(
        i != position and _clean(line.content).casefold() == title.casefold()
        for i, line in enumerate(layout.lines)
        if len(line.content) <= 2 * _LONGEST_HEADLINE
    )


def _shorten_lead(text: str, layout: Layout, dateline: Dateline | None) -> Headline:
    """The first sentence of the story as a title, cut between words where it is long."""
    line = _lead_line(layout)
    if line is None:
        return Headline("", "No title was found: the text has no headline and no sentence.")
    start = line.start
    if dateline is not None and dateline.start <= start + 3 and dateline.end < line.end:
        start = max(start, dateline.end)
    lead = re.sub(r"\s+", " ", text[start : line.end]).strip().lstrip("-–—•*#>| ")
    sentence = _first_sentence(lead)
    title = _cut(sentence)
    return Headline(title, "The title was taken from the first sentence: the text has no headline.")


def _lead_line(layout: Layout) -> Line | None:
    """The line that the story begins with, else the first line that says something."""
    if layout.body < len(layout.lines):
        return layout.lines[layout.body]
    telling = [line for line in layout.lines if _can_be_headline(line.content[:_LONGEST_HEADLINE])]
    return next(iter(telling or layout.lines), None)


def _first_sentence(paragraph: str) -> str:
    """The first sentence of ``paragraph``, without its full stop."""
    # "Summer break is over." alone would name nothing.
    ends = [end for _, end in split_sentences(paragraph, "")]
    sentence = paragraph[: next((end for end in ends if end >= _SHORTEST_LEAD), len(paragraph))]
    whole = ends_sentence(sentence) and not sentence.endswith(("...", "…", "?", "!"))
    return re.sub(r"[.。](?=[\"'”’»)]*$)", "", sentence) if whole else sentence


def _cut(sentence: str) -> str:
    """``sentence`` in at most ``_LONGEST_LEAD`` characters; an ellipsis shows that it was cut."""
    if len(sentence) <= _LONGEST_LEAD:
        return sentence
    room = sentence[:_LONGEST_LEAD]
    cut = room.rsplit(" ", 1)[0] if " " in room else room
    previous = ""
    while previous != cut and len(cut) > _LONGEST_LEAD // 2:
        previous, cut = cut, _WEAK_ENDING.sub("", cut)
    return f"{cut}…"
