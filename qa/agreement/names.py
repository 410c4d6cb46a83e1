"""Whether two names or phrases mean the same: by alias, containment, spelling or words shared."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from index.text.stems import share_stem
from index.text.stopwords import NEGATIONS, is_stop_word

_ALIASES = (
    "us|usa|u s|united states|united states of america|america",
    "uk|united kingdom|great britain|britain",
    "russia|russian federation",
    "kyiv|kiev",
    "myanmar|burma",
)
_CANONICAL = {name: line.split("|")[0] for line in _ALIASES for name in line.split("|")}
# What stands before a title goes with it: "South Ossetian leader", "former deputy prime minister".
_TITLES = frozenset(
    "president minister premier chancellor king queen prince princess mr mrs ms miss dr doctor "
    "prof professor sir dame lord lady gen general col colonel lt maj major capt captain sgt sen "
    "senator rep representative gov governor mayor secretary judge justice chief ambassador leader "
    "chairman chairwoman director pope father rev reverend duke".split()
)
_TITLE_REACH = 4
_LEADS = frozenset(
    "the a an in at on near from of off to by for with its his her their town city village "
    "republic province kingdom state island".split()
)
_KINDS = frozenset(
    "language party city company group country state region province government army agency "
    "airport river island bank university church inc ltd corp plc llc gmbh".split()
)
_MODIFIERS = frozenset(
    "north south east west northern southern eastern western new old upper lower greater central "
    "inner outer junior jr senior sr not no non never without anti former deputy vice".split()
)
_SMALL_WORDS = frozenset("of the and for in on to de la".split())
_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)?")


@lru_cache(maxsize=4096)
def normalise_words(text: str) -> tuple[str, ...]:
    """The words in lower case without accents, possessive endings and dots of short forms."""
    text = re.sub(r"\b(?:[A-Z]\.){2,}", lambda match: match[0].replace(".", ""), text)
    plain = unicodedata.normalize("NFKD", text)
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign)).lower()
    return tuple(re.sub(r"['’]s?$|['’]s$", "", word) for word in _WORD.findall(plain))


def same_phrase(one: str, other: str) -> bool:
    """Whether two answers that are no dates and no numbers say the same."""
    words, other_words = normalise_words(one), normalise_words(other)
    if words == other_words:
        return bool(words)
    if bool(NEGATIONS & {*words}) != bool(NEGATIONS & {*other_words}):
        return False
    if _are_other_names(one, other):
        return False
    return _same_name(one, other) or _same_words(words, other_words)


def _are_other_names(one: str, other: str) -> bool:
    """Whether two names of as many words part in one of them, or in the place after a comma.

    Kim Jong Il is not Kim Jong Un, nor is Paris, France, Paris, Texas.
    """
    place, other_place = _read_place(one), _read_place(other)
    if place and other_place and not _shares(place, other_place):
        return True
    name, other_name = _read_name(one), _read_name(other)
    if len(name) < 3 or len(name) != len(other_name):
        return False
    mine = [word for word in name if not any(_is_form(word, item) for item in other_name)]
    theirs = [word for word in other_name if not any(_is_form(word, item) for item in name)]
    return bool(mine and theirs)


def _shares(words: Sequence[str], others: Sequence[str]) -> bool:
    return any(_is_form(word, item) for word in words for item in others)


def _is_form(word: str, other: str) -> bool:
    return share_stem(word, other) or same_spelling(word, other)


def _read_place(text: str) -> tuple[str, ...]:
    """The capitalised words after the one comma of "Paris, France"; nothing for other texts."""
    before, comma, after = text.partition(",")
    found = re.fullmatch(r"\s*(?:[A-Z][^\W\d_]+\.?\s?){1,3}", after)
    return normalise_words(after) if comma and found and before[:1].isupper() else ()


def _read_name(text: str) -> tuple[str, ...]:
    """The words of a name without titles and articles; nothing where one of them is no name."""
    words = text.split()
    if not all(word[:1].isupper() or word.lower() in _SMALL_WORDS for word in words):
        return ()
    return tuple(word for word in _core(text) if word not in _SMALL_WORDS)


def _same_name(one: str, other: str) -> bool:
    core, other_core = _core(one), _core(other)
    if not core or not other_core:
        return False
    name, other_name = " ".join(core), " ".join(other_core)
    if _CANONICAL.get(name, name) == _CANONICAL.get(other_name, other_name):
        return True
    if _is_acronym(one, other) or _is_acronym(other, one):
        return True
    if _same_without_kind(core, other_core):
        return True
    short, long = sorted((core, other_core), key=len)
    if len(short) == len(long):
        return all(same_spelling(*pair) for pair in zip(short, long, strict=True))
    return _is_contained(short, long)


def _core(text: str) -> tuple[str, ...]:
    """The words of a name without articles, prepositions and titles, up to its first comma."""
    words = normalise_words(text.split(",")[0])
    while len(words) > 1 and words[0] in _LEADS:
        words = words[1:]
    titles = [place for place, word in enumerate(words[:_TITLE_REACH]) if word in _TITLES]
    if titles and titles[-1] + 1 < len(words) and words[titles[-1] + 1] not in _SMALL_WORDS:
        return words[titles[-1] + 1 :]
    return words


def _same_without_kind(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether the names are one when the kind of thing is left out: Democrats, Democratic Party."""
    mine = one[:-1] if len(one) > 1 and one[-1] in _KINDS else one
    theirs = other[:-1] if len(other) > 1 and other[-1] in _KINDS else other
    if (mine, theirs) == (one, other) or len(mine) != len(theirs):
        return False
    return all(share_stem(*pair) for pair in zip(mine, theirs, strict=True))


def _is_contained(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Whether the longer name is the shorter with more before it, or a middle name in it."""
    if not same_spelling(short[-1], long[-1]):
        return len(short) > 1 and long[: len(short)] == short and long[-1] in ("city", "oblast")
    rest = list(long)
    for word in short:
        match = next((item for item in rest if same_spelling(word, item)), None)
        if match is None:
            return False
        rest.remove(match)
    return not _MODIFIERS & {*rest}


def same_spelling(one: str, other: str) -> bool:
    """Whether two words are one, or ways to spell one name: Mikheil and Mikhail, ruble, rouble."""
    if one == other:
        return True
    if one[:1] != other[:1] or min(len(one), len(other)) < 5 or one.isdecimal():
        return False
    distance = Levenshtein.distance(one, other, score_cutoff=2)
    if distance <= 1:
        return True
    # Niger is not Nigeria, and short words differ by two letters too easily.
    long_enough = min(len(one), len(other)) >= 7
    return distance == 2 and long_enough and _skeleton(one) == _skeleton(other)


def _skeleton(word: str) -> str:
    """The consonants."""
    return re.sub(r"[aeiouyh]", "", word)


def _is_acronym(short: str, long: str) -> bool:
    """Whether one is the first letters of the other: NATO."""
    letters = _read_acronym(short)
    if not letters:
        return False
    words = [word for word in normalise_words(long) if word not in _SMALL_WORDS]
    return len(words) > 1 and "".join(word[0] for word in words).upper() == letters


def _read_acronym(text: str) -> str:
    """The letters of "NATO", "the U.S." or "MPs"; nothing for other texts."""
    letters = "".join(re.findall(r"[A-Z]", re.sub(r"^[Tt]he\s", "", text)))
    whole = re.fullmatch(r"(?:[Tt]he\s)?(?:[A-Z]\.?){2,}s?", text.strip())
    return letters if whole and len(letters) > 1 else ""


def _numerals(words: list[str]) -> set[str]:
    """The numbers among the words: World War I is not World War II."""
    return {word for word in words if word.isdecimal() or re.fullmatch(r"[ivx]+", word)}


def _same_words(words: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Whether one phrase has all words of the other that say something, or forms of them."""
    mine, theirs = ([word for word in item if not is_stop_word(word)] for item in (words, others))
    short, long = sorted((mine, theirs), key=len)
    if not short or {*short} & _MODIFIERS != {*long} & _MODIFIERS:
        return False
    if _numerals(short) != _numerals(long):
        return False
    if len(short) == 1:
        return short[0] in long
    return all(any(share_stem(word, other) for other in long) for word in short)
