"""Which words are forms of one: by their beginnings, by their endings, and irregular verbs."""

from functools import lru_cache

ENDINGS = (
    "ization ations ation ingly ising izing ing ised ized ies ied ises izes ise ize es ed s e y"
).split()

# Questions ask with the base form what news tells in the past: "When did they meet?", "they met".
_IRREGULAR = (
    "meet met|win won|lose lost|become became|hold held|fall fell fallen|break broke broken|"
    "strike struck|leave left|send sent|sell sold|buy bought|build built|shoot shot|find found|"
    "lead led|give gave given|make made|say said|go went gone|come came|fight fought|steal stole "
    "stolen|sink sank sunk|fly flew flown|rise rose risen|speak spoke spoken|withdraw withdrew "
    "withdrawn|overthrow overthrew overthrown|catch caught|seek sought|drive drove driven|swear "
    "swore sworn|grow grew grown|write wrote written|see saw seen|pay paid|tell told|die died dead "
    "death|freeze froze frozen|bring brought|teach taught|run ran|draw drew drawn|choose chose "
    "chosen|keep kept|lay laid|rule ruled|flee fled|bear born|tear tore torn|hide hid hidden|"
    "resume resumed|marry married marriage|undergo underwent|forbid forbade forbidden"
)
_BASE = {word: line.split()[0] for line in _IRREGULAR.split("|") for word in line.split()}


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
    base = _BASE.get(one)
    return base is not None and base == _BASE.get(other)


@lru_cache(maxsize=50_000)
def stem_roughly(word: str) -> str:
    """The word without a common English ending; enough to match ``recognized``/``recognize``."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word
