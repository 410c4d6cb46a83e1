"""Which texts are copies of one another, so that a wire story reprinted five times counts once.

The measure is containment of word triples: how much of the shorter text is in the longer, so that
a copy with paragraphs cut or a new first line is still one, and an article that quotes a sentence
of another is not. A handful of texts is compared pair by pair, exactly; of many, MinHash and an
ensemble of locality-sensitive hashes for containment (Zhu et al. 2016) pick the pairs.
"""

import re
from collections.abc import Iterator, Sequence
from zlib import crc32

from index import Article
from index.passages import split_article
from index.text.scripts import UNSPACED

Shingles = frozenset[int]

# A sign of a script without spaces is a word of its own.
_WORD = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}]+")
_SHINGLE = 3
# Two reports of one event in their own words share far fewer of their triples than this.
_COPIED = 0.6
# Two short sentences share most of their triples when they answer one question.
_SHORT, _COPIED_SHORT = 12, 0.85
# Of whole web pages, the issues of one newsletter share up to .7 by their standing phrases.
_REPRINTED = 0.7
# From here on comparing every pair costs more than importing datasketch and hashing.
_MANY = 200
_PERMUTATIONS = 128
# Lines of fewer words are most often menus, bylines and captions.
_LINE_WORDS = 6


def fold_copies(articles: Sequence[Article]) -> list[tuple[int, ...]]:
    """The indices of the articles, those of one story together: ``[(0, 2), (1,)]``.

    Groups come in the order of their first article, which is the one to show; the others of its
    group are its reprints (``"also in 2 reprints"``). The whole story is compared, without page
    boilerplate, so reprints of which other sentences are cited are found too. Two passages of one
    article are one article: give it twice and both indices are in its group.
    """
    labels = label_stories(articles)
    groups: dict[int, list[int]] = {}
    for place, label in enumerate(labels):
        groups.setdefault(label, []).append(place)
    return [tuple(group) for group in groups.values()]


def label_stories(articles: Sequence[Article]) -> list[int]:
    """A number for each article; reprints of one story have the same, that of the first."""
    rough = [_split_shingles(_drop_short_lines(article.text)) for article in articles]
    labels = list(range(len(articles)))
    for one, other in _find_pairs(rough):
        if labels[one] == labels[other]:
            continue
        same = articles[one].digest == articles[other].digest != "" or (
            _is_copy(rough[one], rough[other])
            # What two pages of one site share may be their boilerplate, which costs more to find.
            and _is_copy(
                _split_shingles(_read_story(articles[one])),
                _split_shingles(_read_story(articles[other])),
                _REPRINTED,
            )
        )
        if same:
            labels = _merge(labels, labels[one], labels[other])
    return labels


def label_copies(texts: Sequence[str]) -> list[int]:
    """A number for each text; copies have the same, that of the first of them."""
    shingles = [_split_shingles(text) for text in texts]
    labels = list(range(len(texts)))
    for one, other in _find_pairs(shingles):
        if labels[one] != labels[other] and _is_copy(shingles[one], shingles[other]):
            labels = _merge(labels, labels[one], labels[other])
    return labels


def _merge(labels: Sequence[int], one: int, other: int) -> list[int]:
    low, high = sorted((one, other))
    return [low if label == high else label for label in labels]


def _drop_short_lines(text: str) -> str:
    """The lines that could be of the story; all of them if none could."""
    kept = [line for line in text.splitlines() if len(_WORD.findall(line)) >= _LINE_WORDS]
    return "\n".join(kept) or text


def _read_story(article: Article) -> str:
    """The article's text without its boilerplate."""
    parts, end = [], 0
    for passage in split_article(article):
        parts.append(article.text[max(passage.start, end) : passage.end])
        end = max(end, passage.end)
    return " ".join(parts)


def _split_shingles(text: str) -> Shingles:
    words = _WORD.findall(text.lower())
    size = min(_SHINGLE, len(words)) or 1
    return frozenset(
        crc32(" ".join(words[at : at + size]).encode()) for at in range(len(words) - size + 1)
    )


def _is_copy(one: Shingles, other: Shingles, share: float = _COPIED) -> bool:
    shorter = min(len(one), len(other))
    share = max(share, _COPIED_SHORT) if shorter < _SHORT else share
    return bool(shorter) and len(one & other) >= share * shorter


def _find_pairs(shingles: Sequence[Shingles]) -> Iterator[tuple[int, int]]:
    """The pairs that are worth comparing: every one of a few texts, likely ones of many."""
    if len(shingles) < _MANY:
        for other in range(len(shingles)):
            for one in range(other):
                yield one, other
        return
    # Imported here: it brings scipy along, half a second that a question need not wait for.
    from datasketch import MinHash, MinHashLSHEnsemble

    sketches = []
    for place, pieces in enumerate(shingles):
        sketch = MinHash(num_perm=_PERMUTATIONS, hashfunc=int)
        sketch.update_batch(sorted(pieces))
        if pieces:
            sketches.append((place, sketch, len(pieces)))
    ensemble = MinHashLSHEnsemble(threshold=_COPIED, num_perm=_PERMUTATIONS, num_part=8)
    ensemble.index(sketches)
    pairs = {
        (min(place, found), max(place, found))
        for place, sketch, size in sketches
        for found in map(int, ensemble.query(sketch, size))
        if found != place
    }
    yield from sorted(pairs, key=lambda pair: pair[::-1])
