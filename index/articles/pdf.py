"""The lines of PDF pages → paragraphs, and one text with the offset of each page.

A PDF knows lines, not paragraphs. Lines that run on are joined with a space. A word that was
hyphenated at a line's end is joined only where that is safe: where the document has the joined
word elsewhere. What heads or foots the pages stays on lines of its own. Columns and tables come as
pypdf orders them.
"""

import re
from collections import Counter
from itertools import pairwise
from statistics import quantiles

from index.text.sentences import mask_digits

_SENTENCE_END = re.compile(r"""[.!?…:;]["'”’»)\]]*$""")
_LONGEST_WORD = 80
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_BROKEN = re.compile(r"(?P<head>[^\W\d_]+(?:-[^\W\d_]+)*)(?P<mark>[-\u2010\u00ad])$")
_TAIL = re.compile(r"[^\W\d_]+")


def join_pages(pages: list[str]) -> tuple[str, tuple[int, ...]]:
    """The text of all pages, and where in it each page starts."""
    words = Counter(word.casefold() for page in pages for word in _WORD.findall(page))
    running = find_running_lines(pages)
    parts: list[str] = []
    starts: list[int] = []
    length = 0
    for page in pages:
        starts.append(length)
        part = join_lines(page, words, running) + "\n\n"
        parts.append(part)
        length += len(part)
    return "".join(parts), tuple(starts)


def find_running_lines(pages: list[str]) -> frozenset[str]:
    """The lines that head or foot half of the pages or more, each as ``mask_digits`` gives it."""
    counts = Counter[str]()
    for page in pages:
        lines = [line for line in split_page(page) if line]
        counts.update({mask_digits(line) for line in lines[:2] + lines[-2:]})
    enough = max(2, len(pages) // 2)
    return frozenset(line for line, count in counts.items() if count >= enough)


def split_page(page: str) -> list[str]:
    """The lines of a page, each with single spaces and none around it."""
    return [re.sub(r"\s+", " ", line).strip() for line in page.splitlines()]


def join_lines(page: str, words: Counter[str], running: frozenset[str] = frozenset()) -> str:
    """One page with its lines joined to paragraphs; ``words`` are those of the document.

    ``running`` holds the lines (as ``mask_digits`` gives them) that go on in no other.
    """
    lines = split_page(page)
    lengths = [len(line) for line in lines if line]
    if not lengths:
        return ""
    full = quantiles(lengths, n=10)[7] if len(lengths) > 1 else lengths[0]
    joined = lines[0]
    for above, below in pairwise(lines):
        broken = _BROKEN.search(above[-_LONGEST_WORD:])
        tail = _TAIL.match(below)
        if not below or not above or {mask_digits(above), mask_digits(below)} & running:
            joined += "\n" + below
        elif broken and tail and below[0].islower():
            joined = _join_hyphenated(joined, below, broken, tail[0], words)
        elif _runs_on(above, below, full):
            joined += " " + below
        else:
            joined += "\n" + below
    return re.sub(r"\n{3,}", "\n\n", joined).strip("\n")


def _join_hyphenated(
    joined: str, below: str, broken: re.Match[str], tail: str, words: Counter[str]
) -> str:
    """The text so far and the next line, whose first part belongs to a hyphenated word."""
    whole = broken["head"] + tail
    compound = f"{broken['head']}-{tail}"
    if broken["mark"] == "\u00ad" or (
        words[whole.casefold()] and words[whole.casefold()] >= words[compound.casefold()]
    ):
        return joined[: -len(broken["mark"])] + below
    if words[compound.casefold()]:
        return joined + below
    return joined + "\n" + below


def _runs_on(above: str, below: str, full: float) -> bool:
    """Whether the sentence of the line ``above`` goes on in the line ``below``."""
    if below[0].islower():
        return len(above) >= 0.5 * full
    ended = _SENTENCE_END.search(above) is not None
    return (
        len(above) >= 0.8 * full and len(above) >= 40 and not (ended and len(above) < 0.93 * full)
    )
