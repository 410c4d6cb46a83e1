"""Whether answers in other words mean the same, by an encoder's cosine and what forbids it.

A cosine alone cannot tell: "raising interest rates" is nearer to "lowering interest rates" (.87)
than "a drought" to "lack of rain" (.65). So two phrases that differ in one place of the same frame
are never taken for one, whatever their cosine, nor are those of which one denies. What is left is
compared. Missing that two answers mean the same only counts them apart; taking two for one would
hide that sources differ. The threshold is ``grouping.MIN_SIMILARITY``.
"""

import re
from collections.abc import Callable, Sequence
from itertools import combinations

from index.encoding.encoders import Vectors
from index.text.stems import share_stem
from index.text.stopwords import NEGATIONS, is_stop_word

Encode = Callable[[Sequence[str]], Vectors]

_WORD = re.compile(r"[^\W_]+")


def can_mean_the_same(one: str, other: str) -> bool:
    """Whether nothing in the words forbids it: a denial, or one word put in another's place."""
    words, others = _WORD.findall(one.lower()), _WORD.findall(other.lower())
    if bool(NEGATIONS & set(words)) != bool(NEGATIONS & set(others)):
        return False
    mine = [word for word in words if not is_stop_word(word)]
    theirs = [word for word in others if not is_stop_word(word)]
    own = [word for word in mine if not any(share_stem(word, item) for item in theirs)]
    new = [word for word in theirs if not any(share_stem(word, item) for item in mine)]
    if len(own) == len(new) == 1:
        return False
    return not (own and new and words[:2] == others[:2])


class Meaning:
    """The likeness of a few answers, 0 to 1; all that could be one are encoded at once.

    ``encode`` gives (n, dim) float32, unit rows.
    """

    def __init__(self, answers: Sequence[str], encode: Encode) -> None:
        pairs = [
            pair for pair in combinations(dict.fromkeys(answers), 2) if can_mean_the_same(*pair)
        ]
        self._cosines: dict[tuple[str, str], float] = {}
        texts = list(dict.fromkeys(text for pair in pairs for text in pair))
        if texts:
            vectors = dict(zip(texts, encode(texts), strict=True))
            for one, other in pairs:
                cosine = float(vectors[one] @ vectors[other])
                self._cosines[one, other] = self._cosines[other, one] = cosine

    def __call__(self, one: str, other: str) -> float:
        """The cosine of two of the answers; 0 for those whose words forbid that they are one."""
        return self._cosines.get((one, other), 0.0)
