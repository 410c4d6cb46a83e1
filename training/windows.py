"""Contexts cut as the library cuts articles: runs of whole sentences of about so many words."""

import random
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Window:
    """A run of whole sentences of a context: ``context[start:end]``."""

    start: int
    end: int


@lru_cache(maxsize=60_000)
def split_sentences(context: str) -> tuple[Window, ...]:
    """The sentences of ``context``, in order and without gaps."""
    from sentencex import get_sentence_boundaries

    return tuple(
        Window(s["start_index"], s["end_index"]) for s in get_sentence_boundaries("en", context)
    )


def cut_windows(context: str, words: int) -> list[Window]:
    """Disjoint windows of about ``words`` words that cover ``context``."""
    windows: list[Window] = []
    begin, count = 0, 0
    for sentence in split_sentences(context):
        count += len(context[sentence.start : sentence.end].split())
        if count >= words:
            windows.append(Window(begin, sentence.end))
            begin, count = sentence.end, 0
    if context[begin:].strip():
        windows.append(Window(begin, len(context)))
    return windows


def draw_window(
    context: str, start: int, end: int, words: int, draw: random.Random
) -> Window | None:
    """A window of about ``words`` words around ``start``:``end``, which stands anywhere in it.

    None when the answering sentence alone is several times longer than that.
    """
    sentences = split_sentences(context)
    touching = [i for i, s in enumerate(sentences) if s.start < end and s.end > start]
    if not touching:
        return None
    low, high = touching[0], touching[-1]
    count = len(context[sentences[low].start : sentences[high].end].split())
    if count > 2.5 * words + 60:
        return None
    while count < words and (low > 0 or high < len(sentences) - 1):
        before = low > 0 and (high == len(sentences) - 1 or draw.random() < 0.5)
        added = sentences[low - 1] if before else sentences[high + 1]
        count += len(context[added.start : added.end].split())
        if count > 1.3 * words + 15:
            break
        low, high = (low - 1, high) if before else (low, high + 1)
    return Window(sentences[low].start, sentences[high].end)
