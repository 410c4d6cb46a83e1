"""Which texts are copies of one another, so that a wire story reprinted five times counts once.

The measure is containment of word triples: how much of the shorter text is in the longer, so that
a copy with a paragraph cut or a new first line is still one. A handful of texts is compared pair
by pair, exactly; of many, MinHash and locality-sensitive hashing (Broder 1997) pick the pairs.
"""

import re
from collections.abc import Iterator, Sequence

_WORD = re.compile(r"\w+")
_SHINGLE = 3
# Two reports of one event in their own words share far fewer of their triples than this.
_COPIED = 0.6
# From here on comparing every pair costs more than importing datasketch and hashing.
_MANY = 200
_PERMUTATIONS = 128


def label_copies(texts: Sequence[str]) -> list[int]:
    """A number for each text; copies have the same, that of the first of them."""
    shingles = [_split_shingles(text) for text in texts]
    labels = list(range(len(texts)))
    for one, other in _find_pairs(shingles):
        if labels[one] != labels[other] and _is_copy(shingles[one], shingles[other]):
            low, high = sorted((labels[one], labels[other]))
            labels = [low if label == high else label for label in labels]
    return labels


def _split_shingles(text: str) -> frozenset[str]:
    words = _WORD.findall(text.lower())
    size = min(_SHINGLE, len(words)) or 1
    return frozenset(" ".join(words[at : at + size]) for at in range(len(words) - size + 1))


def _is_copy(one: frozenset[str], other: frozenset[str]) -> bool:
    shorter = min(len(one), len(other))
    return bool(shorter) and len(one & other) >= _COPIED * shorter


def _find_pairs(shingles: Sequence[frozenset[str]]) -> Iterator[tuple[int, int]]:
    """The pairs that are worth comparing: every one of a few texts, likely ones of many."""
    if len(shingles) < _MANY:
        for other in range(len(shingles)):
            for one in range(other):
                yield one, other
        return
    # Imported here: it brings scipy along, half a second that a question need not wait for.
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=0.35, num_perm=_PERMUTATIONS)
    for other, pieces in enumerate(shingles):
        sketch = MinHash(num_perm=_PERMUTATIONS)
        sketch.update_batch([piece.encode() for piece in pieces])
        for one in sorted(index.query(sketch)):
            yield int(one), other
        index.insert(other, sketch)
