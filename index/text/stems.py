"""Which words are forms of one: by their beginnings, by their endings, and irregular verbs."""

from functools import lru_cache

from index.text.verbs import BASE

ENDINGS = (
    "ization ations ation ingly ising izing ing ised ized ies ied ises izes ise ize es ed s e y"
).split()
_DEATH = frozenset("die died dead death".split())


def share_stem(one: str, other: str) -> bool:
    """Whether two words begin alike enough to be forms of one: recognize, recognition."""
    if one == other:
        return True
    shorter = min(len(one), len(other))
    needed = max(4, (3 * shorter + 3) // 4)
    return shorter >= needed and one[:needed] == other[:needed]


def same_word(one: str, other: str) -> bool:
    """Whether two words are forms of one, those of irregular verbs too: meet, met."""
    if share_stem(one, other):
        return True
    # Questions ask with the base form what news tells in the past: "When did they meet?".
    return {one, other} <= _DEATH or BASE.get(one, one) == BASE.get(other, other)


@lru_cache(maxsize=50_000)
def stem_roughly(word: str) -> str:
    """The word without a common English ending; enough to match ``recognized``/``recognize``."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word
