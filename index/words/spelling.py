"""Words that no passage has, read as the nearest one that some passage has.

A slip of the keys, or another way to write a foreign name; only names are heard as one another
("firemen" is no "foreman"), and who has the text tells which words are names.
"""

from collections.abc import Mapping

from metaphone import doublemetaphone
from rapidfuzz.distance import OSA, JaroWinkler

SHORTEST = 6
"""Letters of a word that is read as another: shorter ones are too near to too many."""

LONG = 10
"""Letters from which on two slips are read over."""

HEARD = 7
"""Letters from which on words can be told by their sound."""

SOUNDS_ALIKE = 0.8
"""The Jaro–Winkler similarity of two words that sound the same, to be one name."""


def find_nearest(word: str, known: Mapping[str, int]) -> str | None:
    """The word of ``known`` that ``word`` is likely to stand for, the most frequent of the nearest.

    It is as typed but for one letter dropped, added, changed or exchanged with the next (two in a
    long word: optimal string alignment, Boytsov 2011), or sounds the same (double metaphone,
    Philips 2000) and looks alike.

    Args:
        word: in lower case, without accents.
        known: how many passages have each word, spelled likewise.
    """
    if len(word) < SHORTEST or not word.isalpha():
        return None
    sound = doublemetaphone(word)[0]
    found: list[tuple[int, int, str]] = []
    for other, count in known.items():
        if abs(len(other) - len(word)) > 3 or len(other) < SHORTEST or not other.isalpha():
            continue
        apart = OSA.distance(word, other, score_cutoff=3)
        heard = apart <= 3 and min(len(word), len(other)) >= HEARD
        if is_slip(word, other) or (heard and is_heard_as(word, other, sound)):
            found.append((apart, -count, other))
    return min(found)[2] if found else None


def is_slip(word: str, other: str) -> bool:
    """Whether a slip of the keys makes one the other; the first letter is seldom missed."""
    slips = 2 if len(word) >= LONG else 1
    return other[:1] == word[:1] and OSA.distance(word, other, score_cutoff=slips) <= slips


def is_heard_as(word: str, other: str, sound: str) -> bool:
    """Whether the two sound the same and look alike; ``sound`` is the first one's."""
    alike = JaroWinkler.similarity(word, other) >= SOUNDS_ALIKE
    return bool(alike and sound and doublemetaphone(other)[0] == sound)
