"""Where paragraphs begin and end in the text of an article, for showing it."""

import re
from collections.abc import Sequence

LINE = re.compile(r"[^\r\n]+")
WRAPPED_WIDTH = 100


def split_paragraphs(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The paragraphs of ``text[start:end]`` as offsets, none of them blank.

    A line is a paragraph, except in text that was wrapped at a fixed width: there, lines join
    until a blank one.
    """
    lines = [
        (match.start(), match.end())
        for match in LINE.finditer(text, start, end)
        if not match.group().isspace()
    ]
    if not is_wrapped(text, lines):
        return lines
    paragraphs: list[tuple[int, int]] = []
    for left, right in lines:
        if paragraphs and text.count("\n", paragraphs[-1][1], left) == 1:
            paragraphs[-1] = (paragraphs[-1][0], right)
        else:
            paragraphs.append((left, right))
    return paragraphs


def is_wrapped(text: str, lines: Sequence[tuple[int, int]]) -> bool:
    """Whether lines end at a fixed width: none is long, and most end inside a sentence."""
    if len(lines) < 4 or max(right - left for left, right in lines) > WRAPPED_WIDTH:
        return False
    inside = sum(text[left:right].rstrip()[-1:] not in '.!?…"”»:)' for left, right in lines)
    return inside > len(lines) / 2
