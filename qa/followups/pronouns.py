"""Which words of a question point to an earlier turn, and which have what they mean beside them."""

import re
from dataclasses import dataclass
from typing import Literal

from qa.followups import words as w
from qa.followups.parsing import Parsed, Phrase

Kind = Literal["he", "she", "it", "they", "there", "then", "so", "one"]

_SUBORDINATE = frozenset(
    "that if whether because while when where why how than although though who which whom whose "
    "before after until since as".split()
)
_TIMES = frozenset("day year month time week evening morning night moment decade date".split())
_WEATHER = re.compile(
    r"\bit\s+(?:rain|snow|seem|appear|take|takes|took|mean|means|possible|true|likely|legal|"
    r"important|necessary|easy|hard|known|said|believed|common|safe|better|worth\s+\w+ing)\b"
    r"|\b(?:is|was|isn['’]t|wasn['’]t|will|would)\s+it\s+(?:be\s+)?(?:\w+ly\s+)?(?:that|rain\w*|"
    r"snow\w*|possible|true|likely|legal|important|necessary|easy|hard|common|safe|known|said|"
    r"believed|\w+\s+(?:to|that)\b)"
    r"|\bit\s+(?:is|was|be)\s+(?:\w+ly\s+)?\w+\s+(?:that|to|for)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Anaphor:
    """Words ``first``:``last`` of a question that stand for something said before."""

    kind: Kind
    first: int
    last: int
    possessive: bool = False


def find_anaphors(parsed: Parsed) -> list[Anaphor]:
    """The words that point back, in order; none that the question itself gives a meaning."""
    found: list[Anaphor] = []
    place = 0
    while place < parsed.body:
        item = read_anaphor(parsed, place)
        if item and not has_own_meaning(parsed, item):
            found.append(item)
        place = item.last if item else place + 1
    return found


def read_anaphor(parsed: Parsed, place: int) -> Anaphor | None:
    """The pronoun or pointing phrase that begins there."""
    words, low = parsed.words, parsed.words[place].low
    after = words[place + 1].low if place + 1 < parsed.body else ""
    ends = place + 1 >= parsed.body or not words[place + 1].text[0].isalnum()
    if words[place].name:
        return None
    if low in w.PRONOUNS:
        return read_pronoun(parsed, place, low)
    if low in ("that", "this", "these", "those"):
        return read_demonstrative(parsed, place, low, after, ends=ends)
    if low == "there" and not (place and after in w.BE) and not after_be(parsed, place):
        return Anaphor("there", place, place + 1)
    if low == "there" and ends and parsed.body <= place + 1 and not after_be(parsed, place):
        return Anaphor("there", place, place + 1)
    if low == "then" and ends and place:
        return Anaphor("then", place, place + 1)
    if low == "so" and ends and place and words[place - 1].low in SAYING:
        return Anaphor("so", place, place + 1)
    if low in ("one", "ones") and (ends or parsed.words[place - 1].low in ("does", "which", "did")):
        return Anaphor("one", place, place + 1)
    return None


SAYING = frozenset(
    "say says said do does did done think thinks thought claim claims claimed".split()
)


def read_pronoun(parsed: Parsed, place: int, low: str) -> Anaphor | None:
    """A personal pronoun; "her" and "his" own what follows them, if something does."""
    kind: Kind = "he"
    for name in ("he", "she", "it", "they"):
        if w.PRONOUNS[low] == name:
            kind = name
    follows = place + 1 < parsed.body and (
        parsed.words[place + 1].text[0].isalnum()
        and parsed.words[place + 1].low not in w.PREPOSITIONS | w.CONJUNCTIONS
    )
    owning = low in ("his", "its", "their") or (low == "her" and follows)
    if low == "her" and follows and place and parsed.words[place - 1].verb:
        owning = parsed.words[place + 1].low not in w.DETERMINERS
    if low == "it" and _WEATHER.search(parsed.text):
        return None
    if low in ("himself", "herself", "itself", "themselves"):
        return None
    return Anaphor(kind, place, place + 1, possessive=owning)


def read_demonstrative(
    parsed: Parsed, place: int, low: str, after: str, *, ends: bool
) -> Anaphor | None:
    """What points: "that" alone, "in that year", "those treaties"; no "said that", "this week"."""
    words = parsed.words
    before = words[place - 1] if place else None
    if ends:
        verb_before = before is not None and (before.verb or before.low in w.BE | w.PREPOSITIONS)
        kind: Kind = "they" if low in ("these", "those") else "so"
        return Anaphor(kind, place, place + 1) if verb_before or place == 0 else None
    timed = after in _TIMES
    noun = words[place + 1]
    beyond = words[place + 2].low if place + 2 < parsed.body else ""
    if after in w.BE | w.WH | w.AUXILIARIES or noun.verb or beyond in ("of", *w.WH):
        return None  # "those who …", "this case of …"
    if low == "this" and timed:
        return None
    pointing = low in ("these", "those", "this") or (
        before is not None and before.low in w.PREPOSITIONS | w.AUXILIARIES | w.BE
    )
    if low == "that" and pointing and timed:
        first = place - 1 if before is not None and before.low in w.PREPOSITIONS else place
        return Anaphor("then", first, place + 2)
    if low in ("that", "this") and before is not None and before.low in w.AUXILIARIES:
        nouns = after not in w.FILLERS and not words[place + 1].verb
        return Anaphor("one" if nouns else "so", place, place + 1)
    if pointing:
        return Anaphor("one", place, place + 1)
    return None


def after_be(parsed: Parsed, place: int) -> bool:
    """Whether "there" only says that something is: "is there", "are there"."""
    before = parsed.words[place - 1].low if place else ""
    after = parsed.words[place + 1].low if place + 1 < parsed.body else ""
    if parsed.wh == "how" and before in w.BE:
        return True  # "how many seasons are there?"
    return (before in w.BE or before in ("has", "have", "had")) and bool(after) or after in w.BE


def has_own_meaning(parsed: Parsed, item: Anaphor) -> bool:
    """Whether the question itself names what a pronoun means.

    A possessive, or a pronoun of a subordinate clause, may mean what stands before it; a pronoun
    beside the subject of its own clause never means that one (Chomsky's principle B).
    """
    if item.kind in ("so", "one", "then", "there"):
        return False
    earlier = [phrase for phrase in parsed.phrases if phrase.last <= item.first]
    fitting = [phrase for phrase in earlier if agrees(parsed, phrase, item.kind)]
    asks = parsed.wh in ("who", "whose") and item.first >= parsed.wh_end and not parsed.inverted
    before = parsed.words[item.first - 1].low if item.first else ""
    if asks and item.kind in ("he", "she", "they") and item.possessive and before not in w.BE:
        return True  # "who lost their home", but not "who is their leader"
    if asks and item.kind in ("he", "she") and is_below(parsed, item):
        return True
    if not fitting:
        return False
    if item.possessive:
        return True
    return is_below(parsed, item)


def is_below(parsed: Parsed, item: Anaphor) -> bool:
    """Whether a word that begins a subordinate clause stands before the pronoun."""
    begin = max(parsed.wh_end, parsed.aux + 1)
    before = parsed.words[item.first - 1] if item.first else None
    after = parsed.words[item.first + 1].low if item.first + 1 < parsed.body else ""
    finite = after in w.AUXILIARIES or w.is_past(after)
    if before is not None and (before.verb or before.low in w.SPEECH) and finite:
        return True  # "who said he would resign", "did Apple reveal it sold"
    joined = [
        place for place in range(begin, item.first) if parsed.words[place].low in ("and", "but")
    ]
    if any(parsed.words[place + 1].verb or place + 1 == item.first for place in joined):
        return True  # "bought the house and owned it"
    return any(word.low in _SUBORDINATE for word in parsed.words[begin : item.first])


def agrees(parsed: Parsed, phrase: Phrase, kind: str) -> bool:
    """Whether a phrase can be what a pronoun of this kind means, by number and sort."""
    head = phrase.bare.split()[-1].lower()
    person = head in w.PEOPLE_NOUNS or head.removesuffix("s") in w.PEOPLE_NOUNS
    plural = w.is_plural(phrase.bare)
    if kind == "they":
        group = phrase.name and not person
        return plural or group or (phrase.role == "wh" and person)
    if kind in ("he", "she"):
        unmarked = not any(word.text[0].isupper() for word in parsed.words[1:])
        return (person or phrase.name or unmarked) and not plural
    return not person and not plural
