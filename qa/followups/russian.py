"""Follow-ups in Russian: what the last question was about stands in brackets after the new one.

Russian words change with their place in a sentence, so nothing is put into it: "А почему?" after
"Когда Россия признала Абхазию?" is asked as "А почему (Россия признала Абхазию)?", which the word
index and the encoder read as well.
"""

import re
from collections.abc import Sequence

from index.words.terms import find_telling
from qa.followups.pieces import Piece, append_pieces, carry, own
from qa.followups.records import PastTurn

CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_OPENER = re.compile(r"^\W*(?:а|и|но|ну)\s+(?:что\s+(?:насчёт|насчет|с|про)\s+)?", re.IGNORECASE)
_POINTING = frozenset(
    "он она оно они его её ее их ему ей им ими нём нем ней них него неё нее нему ним ними там "
    "тогда туда оттуда это этого этому этим этом этот эта эти ещё еще".split()
)
_SAY_NOTHING = frozenset(
    "произошло случилось было была был были именно примерно сказал сказала сказали сделал сделала "
    "сделали стало вышло дальше потом".split()
)
LONGEST_FRAGMENT, LONGEST_POINTING, MOST_CARRIED = 4, 8, 4


def is_russian(text: str) -> bool:
    """Whether most letters are Cyrillic."""
    letters = [sign for sign in text if sign.isalpha()]
    return bool(letters) and 2 * sum(bool(CYRILLIC.match(sign)) for sign in letters) > len(letters)


def make_russian(question: str, past: Sequence[PastTurn]) -> list[Piece] | None:
    """The question with what it is about in brackets; ``None`` when it says so itself."""
    turn = past[-1]
    opener = _OPENER.match(question)
    body = question[opener.end() :] if opener else question
    words = _WORD.findall(body)
    own_words = [word for word in telling_words(words) if word.lower() not in _SAY_NOTHING]
    named = [word for place, word in enumerate(words) if word[0].isupper() and (place or opener)]
    points = [word for word in words if word.lower() in _POINTING]
    fragment = opener is not None and len(words) <= LONGEST_FRAGMENT
    alone = not own_words
    pointing = bool(points) and not named and len(words) <= LONGEST_POINTING
    if not (fragment or alone or pointing):
        return None
    runs = find_runs(turn.question)
    if pointing and not alone and not fragment:
        runs = [run for run in runs if run[0].isupper()] or runs
    if fragment and named:
        # "А Никарагуа?" takes the place of the first name.
        first = next((run for run in runs if run[0].isupper()), "")
        runs = [run for run in runs if run != first]
    known = {word.lower() for word in words}
    fresh = [run for run in runs if not {*run.lower().split()} <= known][:MOST_CARRIED]
    text = re.sub(r"\s*[?.!…]*$", "", question)
    return append_pieces([own(text)], [carry(run, "question") for run in fresh]) if fresh else None


def telling_words(words: Sequence[str]) -> list[str]:
    """The words that carry meaning of their own."""
    tells = find_telling(words) if words else []
    return [
        word
        for word, telling in zip(words, tells, strict=True)
        if telling and word.lower() not in _POINTING
    ]


def find_runs(question: str) -> list[str]:
    """The runs of telling words in a question: its names with what stands beside them."""
    opener = _OPENER.match(question)
    text = question[opener.end() :] if opener else question
    words = _WORD.findall(text)
    telling = {*telling_words(words)}
    runs: list[list[str]] = [[]]
    for word in words:
        if word not in telling or (runs[-1] and word[0].isupper() != runs[-1][-1][0].isupper()):
            runs.append([])
        if word in telling:
            runs[-1].append(word)
    return [" ".join(run) for run in runs if run]
