"""Which lines of an article are the page's boilerplate and not the story.

A page that was saved as text brings its menus, share bars, links to other stories and notices
along. They stay in ``Article.text`` (offsets must hold) and are left out of the passages. A line is
judged by its words (``boilerplate_phrases``), by its shape and place (a run of short lines around
the story, a list of headlines), by its script, and by whether it stands in other articles of the
same source too. When in doubt a line stays: a bit of boilerplate in a passage does little harm,
a lost sentence cannot be found again. Boilerplate on the same line as story text is not looked for.
"""

import re
from collections import Counter
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from hashlib import blake2b

from index.pages.boilerplate_lines import (
    Line,
    describe_line,
    has_letter,
    is_data,
    is_date,
    is_field,
    is_headline,
    is_signature,
    name_boilerplate,
)
from index.text.sentences import split_lines
from index.types import Article


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """A whole line that is no part of the story: ``article.text[start:end]``, and why.

    ``reason`` is one of ``title``, ``repeated``, ``label``, ``links``, ``script``, ``symbols``,
    ``icons``, ``notice``, ``duplicate``, ``metadata`` or the kind of phrase: ``subscription``,
    ``sharing``, ``comments``, ``related``, ``advertisement``, ``navigation``, ``cookies``,
    ``copyright``, ``byline``.
    """

    start: int
    end: int
    reason: str


_HEAD = 15
_LATIN = re.compile(r"[A-Za-z]")
_FRONT_FIELD = re.compile(r"[\w.-]+\s*[:=]|[-\[]\s?\S")
_MATTERS = frozenset({"cookies", "subscription", "comments", "sharing", "copyright"})
_SALUTATION = re.compile(
    r"(?:dear|attention|note to)\b.{0,20}\b(?:(?:read|us|view)ers?|members?)\b.{0,30}$",
    re.IGNORECASE,
)
_PAGE_MATTER = re.compile(
    r"comment|subscri|account|web ?site|our site|newsletter|log ?in|sign ?in|regist", re.IGNORECASE
)


def line_hashes(text: str) -> frozenset[int]:
    """A 63-bit hash of each line of ``text``, the same on every machine and in every run.

    White space and case don't matter. Lines without a letter have none.
    """
    return frozenset(_hash_line(text[start:end]) for start, end in split_lines(text)) - {0}


def find_repeated_lines(texts: Iterable[str]) -> frozenset[int]:
    """The hashes of the lines that stand in three or more of ``texts``.

    Meant for the articles of one source: what they share is that source's boilerplate.
    """
    counts = Counter(value for text in texts for value in line_hashes(text))
    return frozenset(value for value, count in counts.items() if count >= 3)


def find_boilerplate(article: Article, repeated: Container[int] = ()) -> list[Boilerplate]:
    """The lines of ``article`` that are no part of the story, in order.

    ``repeated`` holds the hashes (``line_hashes``) of lines known to repeat across articles of the
    same source. They are ignored when they make up most of the article: then it is the same story
    again. An article of one line has none. The title counts as boilerplate where it stands alone on
    a line, and so does a first sentence that is given again after its dateline.
    """
    lines = [describe_line(article.text, start, end) for start, end in split_lines(article.text)]
    if len(lines) < 2:
        return []
    _mark_front_matter(lines)
    _mark(lines, name_boilerplate)
    _spare_subject(lines)
    _mark_repeated(lines, repeated)
    _mark_duplicates(lines, article.title)
    _mark_other_scripts(lines)
    _mark_notice(lines)
    _mark_link_lists(lines)
    _mark_around_story(lines)
    _mark_islands(lines)
    return [Boilerplate(line.start, line.end, line.reason) for line in lines if line.reason]


def _hash_line(line: str) -> int:
    normal = _normalise(line)
    if not has_letter(normal):
        return 0
    data = normal.encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "big") >> 1


def _normalise(line: str) -> str:
    return " ".join(line.casefold().split())


def _mark(lines: Iterable[Line], name: Callable[[Line], str]) -> None:
    for line in lines:
        line.reason = line.reason or name(line)


def _mark_front_matter(lines: list[Line]) -> None:
    """Mark the fields between two fences at the very top, as Markdown files begin with."""
    fence = lines[0].text
    ends = [index for index, line in enumerate(lines[1:], start=1) if line.text in (fence, "...")]
    if fence not in ("---", "+++") or not ends:
        return
    block = lines[1 : ends[0]]
    fields = sum(bool(_FRONT_FIELD.match(line.text)) for line in block)
    if block and _FRONT_FIELD.match(block[0].text) and 2 * fields >= len(block):
        _mark(lines[: ends[0] + 1], lambda line: "metadata")


def _spare_subject(lines: list[Line]) -> None:
    """Take back what the words said where they are what the article is about.

    A privacy policy speaks of cookies throughout, a list of books has an author a book, and a list
    that a sentence introduces may name anything.
    """
    told = [line for line in lines if line.reason in _MATTERS and line.is_prose]
    if 2 * sum(line.words for line in told) > sum(line.words for line in lines):
        for line in told:
            line.reason = ""
    listed = False
    for line in lines:
        if line.is_bullet and listed and line.is_short(8):
            line.reason = ""
        else:
            listed = line.is_prose and not line.reason and line.text.endswith(":")
    fields = Counter(line.text.split(":")[0] for line in lines if line.reason == "byline")
    for line in lines:
        if line.reason == "byline" and ":" in line.text and fields[line.text.split(":")[0]] > 2:
            line.reason = ""


def _mark_repeated(lines: list[Line], repeated: Container[int]) -> None:
    if repeated == ():
        return
    found = [line for line in lines if _hash_line(line.text) in repeated]
    if 2 * sum(line.words for line in found) <= sum(line.words for line in lines):
        _mark(found, lambda line: "repeated")


def _mark_duplicates(lines: list[Line], title: str) -> None:
    """Mark the title's own lines, and a first sentence that comes again after a dateline."""
    wanted = _bare(title)
    bare = [_bare(line.text) for line in lines[:_HEAD]]
    for index, line in enumerate(lines):
        if line.reason or line.words < 2 or not wanted or len(line.text) > len(title) + 60:
            continue
        name = bare[index] if index < _HEAD else _bare(line.text)
        if name != wanted and not (index < _HEAD and _is_title(name, wanted, title, line)):
            continue
        again = name in bare[:index]
        if again or not line.text.rstrip("\"'”’»").endswith((".", "…", "。")):
            line.reason = "title"
    for index, line in enumerate(lines[:_HEAD]):
        if not line.reason and line.words >= 6:
            for other in bare[index + 1 :]:
                if other.endswith(bare[index]) and len(other) - len(bare[index]) <= 100:
                    line.reason = "duplicate"


def _is_title(bare: str, wanted: str, title: str, line: Line) -> bool:
    """Whether a line near the top is the title with or without the site's name, or cut short."""
    if line.words < 4 or line.ends_sentence:
        return False
    if title.rstrip().endswith(("...", "…")):
        return bare.startswith(wanted)
    shorter, longer = sorted((bare, wanted), key=len)
    return longer.startswith(shorter) and len(longer) - len(shorter) <= 40


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()


def _mark_other_scripts(lines: list[Line]) -> None:
    """Mark short lines without a Latin letter in an article that is written in Latin ones."""
    others = [line for line in lines if has_letter(line.text) and not _LATIN.search(line.text)]
    if 5 * sum(line.words for line in others) < sum(line.words for line in lines):
        _mark(others, lambda line: "script" if line.is_short(12) else "")


def _mark_notice(lines: list[Line]) -> None:
    """Mark an address to readers about the page itself, when it follows the story."""
    story = 0
    for index, line in enumerate(lines):
        if story >= 3 and line.words <= 8 and _SALUTATION.match(line.text):
            rest = lines[index:]
            text = " ".join(part.text for part in rest)
            if len(text.split()) <= 300 and _PAGE_MATTER.search(text, len(line.text)):
                _mark(rest, lambda part: "notice")
            return
        story += line.is_prose and not line.reason


def _mark_link_lists(lines: list[Line]) -> None:
    """Mark the headlines under a ``related`` label, and lists of headlines within the story."""
    for index, line in enumerate(lines):
        if line.reason == "related" and line.words <= 6:
            for following in lines[index + 1 : index + 13]:
                if not following.is_bullet and following.ends_sentence or following.words > 30:
                    break
                if not following.is_bullet and not line.text.endswith(":"):
                    break
                following.reason = following.reason or "links"
    for run in _find_runs(lines, lambda line: line.is_bullet and not line.reason):
        only = lines[run.start]
        if len(run) == 1 and is_signature(only):
            quoted = run.start and lines[run.start - 1].text.endswith(('"', "”", "»", "’"))
            only.reason = "" if quoted else "byline"
            continue
        before = lines[run.start - 1] if run.start else None
        introduced = before is not None and (
            before.text.endswith(":") or (before.is_short(12) and not before.reason)
        )
        if not introduced and all(is_headline(lines[index].text) for index in run):
            _mark((lines[index] for index in run), lambda line: "links")


def _find_runs(lines: list[Line], belongs: Callable[[Line], bool]) -> list[range]:
    """The longest runs of lines that belong."""
    runs = []
    start = None
    for index, line in enumerate([*lines, None]):
        if line is not None and belongs(line):
            start = index if start is None else start
        elif start is not None:
            runs.append(range(start, index))
            start = None
    return runs


def _mark_around_story(lines: list[Line]) -> None:
    """Mark short lines before the first and after the last paragraph of a story.

    Only where most words are in paragraphs; a list, a poem or a table is not a story.
    """
    story = [index for index, line in enumerate(lines) if line.is_prose and not line.reason]
    told = sum(lines[index].words for index in story)
    if len(story) < 2 or 2 * told < sum(line.words for line in lines if not line.reason):
        return
    first, last = story[0], story[-1]
    headed = _has_headings(lines[first : last + 1])
    for line, following in zip(lines[:first], lines[1:], strict=False):
        is_dateline = line.is_short(8) and line.text.endswith(("—", "–", "--", " -"))
        if line.is_short(4) or is_dateline or is_date(line):
            if following is lines[first] and headed:
                continue
            if _is_broken_off(line, following) or is_field(line):
                continue
            line.reason = line.reason or "label"
    for run in _find_runs(lines[:first], lambda line: line.is_short(6)):
        if len(run) >= 4:
            _mark((lines[index] for index in run), lambda line: "label")
    tail = lines[last + 1 :]
    introduced = lines[last].text.endswith(":")
    _mark_tail_links(tail)
    for run in _find_runs(tail, lambda line: not line.reason):
        group = [tail[index] for index in run]
        numbers = sum(any(map(str.isdigit, line.text)) for line in group)
        kept = (introduced and run.start == 0) or any(is_data(line) for line in group)
        kept = kept or (len(group) > 3 and 2 * numbers > len(group))
        if kept:
            continue
        links = len(group) >= 2 and all(line.is_short(20) for line in group)
        for line in group:
            if not _is_fragment(line):
                line.reason = "label" if line.is_short(4) else "links" if links else ""


def _mark_tail_links(tail: list[Line]) -> None:
    """Mark the headlines that follow a ``related`` label after the story, each set as it may be."""
    labelled = False
    for line in tail:
        labelled = labelled or (line.reason == "related" and line.words <= 6)
        is_item = is_data(line) and not is_field(line)
        if labelled and not line.reason and line.is_short(20) and not is_item:
            line.reason = "links"


def _has_headings(story: list[Line]) -> bool:
    """Whether short headings stand over paragraphs throughout: then the first is one too."""
    headings = [
        line
        for line, following in zip(story, story[1:], strict=False)
        if not line.reason and line.is_short(4) and following.is_prose
    ]
    return len(headings) >= 5


def _is_broken_off(line: Line, following: Line) -> bool:
    """Whether a short line is the beginning of a sentence that the next line goes on with."""
    goes_on = not following.text[0].isupper() and following.text[0] not in "\"'“‘«([-–—•*"
    return _is_fragment(line) or (goes_on and following.is_prose)


def _is_fragment(line: Line) -> bool:
    """Whether a line is cut off within a sentence or a quotation."""
    return (
        line.text.endswith((",", ";"))
        or line.text.count('"') == 1
        or ("“" in line.text and "”" not in line.text)
    )


def _mark_islands(lines: list[Line]) -> None:
    """Mark short lines with boilerplate on both sides, and bare numbers with it on one."""
    for index, line in enumerate(lines):
        before = lines[index - 1].reason if index else ""
        after = lines[index + 1].reason if index + 1 < len(lines) else ""
        if line.reason or not (before or after):
            continue
        if not has_letter(line.text):
            line.reason = "symbols"
        elif before and after and line.is_short(6) and not is_data(line):
            line.reason = "label"
