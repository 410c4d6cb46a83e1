"""Article → passages: runs of whole sentences with exact offsets, boilerplate left out."""

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from index.text.scripts import UNSPACED
from index.text.sentences import Offsets, group_sentences
from index.types import Article, Passage

PASSAGE_RULE_VERSION = 1
"""Raised whenever the same article would be split in another way."""

_SHORT_SENTENCE = 8
_LONGEST_SENTENCE = 180
_LONGEST_CHARACTERS = 1200
_CLAUSE = re.compile(r"[,;:…。、，；]\s*|\s[–—-]{1,2}\s")
_SPACE = re.compile(r"\s+")
_DENSE = re.compile(rf"[{UNSPACED}]")


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence, or a piece of one that is too long: where it is and about how many words."""

    start: int
    end: int
    size: int
    ends_paragraph: bool


def passage_rule(words: int = 120, overlap_sentences: int = 1) -> str:
    """The name of the rule by which a library's passages are made, for its manifest."""
    if not words:
        return f"article/{PASSAGE_RULE_VERSION}"
    return f"sentences/{PASSAGE_RULE_VERSION} words={words} overlap={overlap_sentences}"


def split_article(
    article: Article,
    *,
    words: int = 120,
    overlap_sentences: int = 1,
    repeated: Container[int] = (),
) -> list[Passage]:
    """The passages of ``article`` in order: ``article.text[start:end] == text`` for each.

    A passage is one slice of about ``words`` words, made of whole sentences; neighbours share
    ``overlap_sentences`` sentences, one more where they are very short. It never spans boilerplate
    (``pages.boilerplate``; ``repeated`` goes there): a passage ends where some stands within the
    story. Every sentence outside boilerplate is in a passage. A sentence too long for an encoder is
    cut, at a clause if there is one. ``words=0`` gives the whole text as one passage, boilerplate
    and all. An article that is boilerplate alone gives what of it reads most like text.
    """
    text = article.text
    if not words:
        spans = [(len(text) - len(text.lstrip()), len(text.rstrip()))] if text.strip() else []
    else:
        spans = [
            span
            for segment in _find_story(article, repeated)
            for span in _pack(_split_segment(article, segment, words), words, overlap_sentences)
        ]
    return [Passage(0, article.id, start, end, text[start:end]) for start, end in spans]


def _find_story(article: Article, repeated: Container[int]) -> list[Offsets]:
    """The slices of the article between its boilerplate; of the best boilerplate if all is."""
    from index.pages.boilerplate import find_boilerplate

    boilerplate = find_boilerplate(article, repeated)
    gaps = _find_gaps(article.text, [(item.start, item.end) for item in boilerplate])
    if gaps:
        return gaps
    for kept in (("duplicate", "repeated", "notice", "links"), ("title", "script", "label")):
        spans = [(item.start, item.end) for item in boilerplate if item.reason in kept]
        if spans:
            return spans
    longest = max(boilerplate, key=lambda item: item.end - item.start, default=None)
    return [(longest.start, longest.end)] if longest else []


def _find_gaps(text: str, spans: Sequence[Offsets]) -> list[Offsets]:
    """The slices of ``text`` between ``spans`` that are not blank."""
    starts = [0, *(end for _, end in spans)]
    ends = [*(start for start, _ in spans), len(text)]
    return [
        (start, end) for start, end in zip(starts, ends, strict=True) if text[start:end].strip()
    ]


def _split_segment(article: Article, segment: Offsets, words: int) -> list[_Sentence]:
    """The sentences of one slice of the article, long ones cut."""
    offset, stop = segment
    text = article.text[offset:stop]
    longest = max(_LONGEST_SENTENCE, words * 3 // 2)
    characters = max(_LONGEST_CHARACTERS, words * 10)
    return [
        _Sentence(
            offset + start, offset + end, _measure(text[start:end]), sentence == paragraph[-1]
        )
        for paragraph in group_sentences(text, article.language)
        for sentence in paragraph
        for start, end in _cut_long(text, sentence, longest, characters)
    ]


def _measure(text: str) -> int:
    """About how many words of English ``text`` is as long as, for an encoder."""
    words = len(text.split())
    if not text.isascii():
        words += len(_DENSE.findall(text)) * 2 // 3
    return max(words, len(text) // 12)


def _cut_long(text: str, sentence: Offsets, words: int, characters: int) -> Iterator[Offsets]:
    """The pieces of a sentence that keep within both limits, most often the sentence itself."""
    start, end = sentence
    while end - start > characters or _measure(text[start:end]) > words:
        reach = start + characters
        while reach - start > 40 and _measure(text[start : min(reach, end)]) > words:
            reach -= max(1, (reach - start) // 8)
        cut = _find_cut(text, start, min(reach, end - 1))
        stop = start + len(text[start:cut].rstrip())
        if stop > start:
            yield start, stop
        space = _SPACE.match(text, cut, end)
        start = space.end() if space else cut
    if start < end:
        yield start, end


def _find_cut(text: str, start: int, reach: int) -> int:
    """The last clause end in the second half of ``text[start:reach]``, or space, or ``reach``."""
    middle = (start + reach) // 2
    for pattern in (_CLAUSE, _SPACE):
        cut = max((match.end() for match in pattern.finditer(text, middle, reach)), default=0)
        if cut > start:
            return cut
    return max(reach, start + 1)


def _pack(sentences: list[_Sentence], words: int, overlap_sentences: int) -> Iterator[Offsets]:
    """The passages of one slice: as even as they come, so that no crumb is left at its end."""
    if not sentences:
        return
    total = sum(sentence.size for sentence in sentences)
    shared = overlap_sentences * total // len(sentences)
    fresh = max(words - shared, words // 2, 1)
    count = max(1, round((total - shared) / fresh))
    bounds = _place_bounds(sentences, min(count, len(sentences)), total)
    lead = -1
    for first, stop in zip(bounds, bounds[1:], strict=False):
        lead = _find_overlap(sentences, lead + 1, first, words, overlap_sentences)
        yield sentences[lead].start, sentences[stop - 1].end


def _place_bounds(sentences: list[_Sentence], count: int, total: int) -> list[int]:
    """Sentence numbers that divide the slice into ``count`` even parts, at paragraphs if near."""
    sizes = list(accumulate(sentence.size for sentence in sentences))
    slack = total / count / 8
    bounds = [0]
    candidate = 1
    for part in range(1, count):
        goal = total * part / count
        costs: list[tuple[float, int]] = []
        for number in range(candidate, len(sentences)):
            cost = abs(sizes[number - 1] - goal)
            costs.append((cost - slack * sentences[number - 1].ends_paragraph, number))
            if sizes[number - 1] > goal + 2 * slack and number > candidate:
                break
        if not costs:
            break
        bounds.append(min(costs)[1])
        candidate = bounds[-1] + 1
    return [*bounds, len(sentences)]


def _find_overlap(
    sentences: list[_Sentence], lowest: int, first: int, words: int, overlap_sentences: int
) -> int:
    """The sentence, ``lowest`` or later, that leads the passage which brings ``first``."""
    lead = min(first, max(lowest, first - overlap_sentences))
    taken = sum(sentence.size for sentence in sentences[lead:first])
    if lowest < lead < first and taken < _SHORT_SENTENCE * overlap_sentences:
        lead -= 1
        taken += sentences[lead].size
    while lead < first and taken > words // 2:
        taken -= sentences[lead].size
        lead += 1
    return lead
