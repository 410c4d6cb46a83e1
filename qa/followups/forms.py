"""Which form a question has: whether, and for what, it needs the turn before it."""

import re

from qa.followups import words as w
from qa.followups.mentions import tells
from qa.followups.parsing import Parsed, Word

ELSE = re.compile(r"\b(?:else|others?|another|more)\b", re.IGNORECASE)


def is_fragment(parsed: Parsed) -> bool:
    """Whether it has neither question word nor verb: "and Nicaragua?", "what about in 2010?"."""
    if parsed.wh or parsed.aux >= 0 or parsed.body == 0:
        return False
    if parsed.about:
        return True
    short = parsed.body <= 6 and parsed.verb < 0
    named = parsed.text.endswith("?") and parsed.body <= 3 and parsed.words[0].name
    return short and (parsed.opened or named)


def asks_more(parsed: Parsed) -> bool:
    """Whether it asks for another answer to the same: "who else?", "who else did?", "others?"."""
    words = [word.low for word in parsed.words[: parsed.body]]
    if not ELSE.search(parsed.text) or parsed.verb >= 0:
        return False
    known = w.WH | w.AUXILIARIES | w.FILLERS | w.LIGHT | {"there", "others", "so", "it", "that"}
    return all(word in known for word in words)


def leaves_verb_out(parsed: Parsed) -> bool:
    """Whether it stops after auxiliary and subject: "when did Nicaragua?", "did Nicaragua?"."""
    if parsed.aux < 0 or parsed.verb >= 0 or parsed.words[parsed.aux].low in w.BE:
        return False
    rest = [word.low for word in parsed.words[parsed.aux + 1 : parsed.body]]
    if parsed.wh in ("who", "what", "which") and rest in (["it"], ["that"], ["this"], ["so"]):
        return True
    subject = parsed.subject()
    if subject is None:
        return parsed.body == parsed.aux + 1 and parsed.wh in ("who", "what", "which")
    return subject.last >= parsed.body


def asks_anew(parsed: Parsed) -> bool:
    """Whether it is a question word alone, or with "was that": the last matter, asked otherwise."""
    rest = [word.low for word in parsed.words[parsed.wh_end : parsed.body]]
    if not parsed.wh:
        return False
    if not rest:
        if parsed.body > 5 or any(word.name for word in parsed.words):
            return False
        return not parsed.cut(0, parsed.wh_end).lower().endswith((" one", " ones", " others"))
    if parsed.wh in ("who", "whom", "which") or (parsed.wh == "how" and parsed.wh_end > 1):
        return False
    known = {"that", "this", "it", "so", "exactly", "they", "he", "she", *w.EVENTS, *w.AUXILIARIES}
    event = all(word in known for word in rest)
    pronoun = any(word in ("that", "this", "it") for word in rest)
    bare = parsed.wh in ("when", "where", "why", "how")
    happens = any(word in w.EVENTS for word in rest)
    copula = parsed.aux >= 0 and parsed.words[parsed.aux].low in w.BE
    alone = all(word in w.AUXILIARIES | {"he", "she", "they", "it", "so"} for word in rest)
    return event and ((bare and pronoun and (happens or copula)) or (bare and alone and not copula))


def is_thin(parsed: Parsed) -> bool:
    """Whether it has no name, no number and at most one word that says what it is about."""
    if any(word.name or word.text[0].isdigit() for word in parsed.words) or parsed.body > 8:
        return False
    if not parsed.wh and parsed.aux < 0 and not parsed.opened:
        return False
    heavy = heavy_words(parsed)
    if parsed.opened:
        return len(heavy) <= 2
    bare = any(phrase.role != "wh" and phrase.text == phrase.bare for phrase in parsed.phrases)
    if len(heavy) > 1 or bare:
        return False  # "how do vaccines work?" names what it is about
    # "What is inflation?" asks for the thing itself; "what is the reason?" needs another.
    defines = (
        parsed.aux >= 0 and parsed.words[parsed.aux].low in w.BE and parsed.verb < 0
        and not any(word.low in ("the", "its", "his", "her", "their") for word in parsed.words)
    )  # fmt: skip
    return not (defines and heavy)


def heavy_words(parsed: Parsed) -> list[Word]:
    """The words of a question that say what it is about."""
    return [
        word
        for word in parsed.words[: parsed.body]
        if tells(word) and word.low not in w.LIGHT and word.low not in w.WH
    ]
