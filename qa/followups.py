"""Follow-ups: "and who else did?", "when was that?", understood from the turn before them.

A question that points back, or says too little to stand alone, is asked with the last question and
its answer in brackets after it: the search finds what both are about, and the reader reads both. A
question with a question word of its own leaves out that of the last one.
That is the trivial baseline with a gate before it; 2,000 lines of rules that rewrote the question
found no more on conversations that nobody had tuned on (``docs/decisions.md``). What is carried
over is data, to be shown and taken away.

The gate knows English and Russian; in other languages a question is a follow-up only when it is
thin. Turns before the last one are not looked at: carrying their questions too found no more.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from index.text.stopwords import AUXILIARIES, QUESTION_WORDS, is_stop_word
from qa.dates import is_when_question
from qa.types import Answer, Carried, FollowUp

__all__ = ["Carried", "FollowUp", "PastTurn", "remember_turn", "resolve_question"]

LONGEST = 400
"""Characters of the longest question that is looked at; follow-ups are short."""
LONGEST_POINTING = 14
"""Words of the longest question whose pronouns are looked at; longer ones explain their own."""
LONGEST_ANSWER = 12
"""Words of the longest answer that stands for itself; a longer one is a sentence."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_LEADS = frozenset("and but so or also then а и но или ну".split())
_POINTING = frozenset(
    "he she they it him them this these those then one ones here else another other others same "
    "such он она оно они его её ее их ему ей им нём нем ней них это этот эта эти этого этой этом "
    "этих там туда тогда ещё еще".split()
)
_OWNING = frozenset("his her hers its their theirs".split())
# Before these "that" is what was spoken of, elsewhere it mostly begins a clause.
_BEFORE_THAT = frozenset(
    "about after before of for by like at from to why since during than".split()
)
# "For how long did it last?" asks for a time; beside "Why?" that would be read as the question.
_QUESTION_WORDS = re.compile(
    r"(?:(?:for|since|in|by|at|on|to|from|with|of)\s+)?"
    r"(?:who|whom|what|when|where|why|which|how(?:\s+(?:long|much|many|often|far|old|big))?|"
    r"кто|что|когда|где|куда|почему|зачем|как|сколько)\b\s*",
    re.IGNORECASE,
)
_MORE = re.compile(r"\b(?:else|others?|another|ещё|еще)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PastTurn:
    """A turn as later ones see it, all of it text.

    ``question`` is as it was typed. ``answer`` is the answering words (a date as it was told, the
    span), empty when only a sentence or nothing was found. ``quotes`` are all cited sentences and
    ``answered`` the answers of the turns that this one asked for more of.
    """

    question: str
    answer: str = ""
    quotes: tuple[str, ...] = ()
    answered: tuple[str, ...] = ()


def remember_turn(answer: Answer) -> PastTurn:
    """The turn of an answer, as later questions see it."""
    followup = answer.followup
    answered = followup.answered if followup else ()
    if answer.status != "answered" or not answer.citations:
        return PastTurn(answer.question, answered=answered)
    first = answer.citations[0]
    told = ""
    if answer.date and is_when_question(followup.query if followup else answer.question):
        told = answer.text
    elif first.span:
        told = first.span.text
    told = " ".join(told.split())
    return PastTurn(
        question=answer.question,
        answer=told if len(told.split()) <= LONGEST_ANSWER else "",
        quotes=tuple(citation.quote for citation in answer.citations),
        answered=answered,
    )


def resolve_question(
    question: str,
    past: Sequence[PastTurn],
    *,
    without: Collection[str] = (),
    with_answer: bool = True,
) -> FollowUp | None:
    """What a question means after the turns before it; ``None`` when it stands alone.

    Args:
        question: as typed.
        past: the turns before, the last one last.
        without: carried words that the person took away.
        with_answer: carry the answer over too. Where no reader reads, the sentence that has most of
            the question's words is the one that was cited before.
    """
    text = " ".join(question.split())
    if not past or not is_followup(text):
        return None
    turn = past[-1]
    gone = {item.casefold() for item in without}
    asks_more = bool(_MORE.search(text))
    parallel = is_parallel(text)
    # What asks the same of another, or for another of the same, does not want the answer again.
    answer = turn.answer if with_answer and not (asks_more or parallel) else ""
    asked = turn.question if parallel else _leave_out_question_words(turn.question)
    carried = tuple(
        item
        for item in (Carried(asked, "question"), Carried(answer, "answer"))
        if item.text and item.text.casefold() not in gone
    )
    if not carried:
        return None
    query = f"{text} ({' '.join(item.text for item in carried)})"
    if not asks_more:
        return FollowUp(text, query, carried)
    answered = (*turn.answered, turn.answer) if turn.answer else turn.answered
    return FollowUp(text, query, carried, tuple(dict.fromkeys(answered)), turn.quotes)


def is_followup(question: str) -> bool:
    """Whether a question points back or is too thin to stand alone."""
    words = [word.lower() for word in _WORD.findall(question)]
    if not words or len(question) > LONGEST:
        return False
    if words[0] in _LEADS or asks_about(words):
        return True
    return (len(words) <= LONGEST_POINTING and points_back(words)) or is_thin(question, words)


def _leave_out_question_words(question: str) -> str:
    """What a question is about, without what it asks for; all of it when nothing else is there."""
    match = _QUESTION_WORDS.match(question)
    return (question[match.end() :] if match else question).rstrip("? ") or question


def is_parallel(question: str) -> bool:
    """Whether a question asks the last one of something else: "And Abkhazia?", "What about it?"."""
    words = [word.lower() for word in _WORD.findall(question)]
    return asks_about(words) or not any(word in QUESTION_WORDS for word in words)


def asks_about(words: Sequence[str]) -> bool:
    """Whether a question begins with "what about" or "how about"."""
    return words[:2] in (["what", "about"], ["how", "about"])


def points_back(words: Sequence[str]) -> bool:
    """Whether a word stands for something that the question itself does not name."""
    has_subject = names_subject(words)
    for place, word in enumerate(words):
        before = words[place - 1] if place else ""
        last = place == len(words) - 1
        if word == "that" and (last or before in AUXILIARIES | _BEFORE_THAT):
            return True
        if word == "there" and (last or before not in AUXILIARIES):
            return True
        if word in _OWNING and not has_subject and not telling_words(words[:place]):
            return True
        if word in _POINTING and not (has_subject and "that" in words[:place]):
            # "Is it true that …", "this year" point at nothing before.
            ahead = words[place + 1] if not last else ""
            if word == "it" and "that" in words[place:] or ahead in ("year", "month", "week"):
                continue
            if word == "it" and before in ("does", "did", "is", "was") and "to" in words[place:]:
                continue
            return True
    return False


def names_subject(words: Sequence[str]) -> bool:
    """Whether the question word is the subject itself: "which company will …", "who said …"."""
    if len(words) < 2 or words[0] not in ("which", "who", "whose", "what"):
        return False
    if words[0] == "who":
        return words[1] not in ("did", "do", "does")
    return words[0] != "what" or words[1] not in AUXILIARIES


def is_thin(question: str, words: Sequence[str]) -> bool:
    """Whether at most one word says what a question is about, and no name does."""
    if not any(word in QUESTION_WORDS for word in words):
        return len(words) <= 2
    named = re.search(r"(?<=[^\W_] )[^\W\d_a-zа-яё]", question)
    defined = len(words) == 3 and words[0] in ("what", "who") and words[1] in AUXILIARIES
    return len(telling_words(words)) <= 1 and not named and not defined


def telling_words(words: Sequence[str]) -> list[str]:
    """The words that say what a question is about."""
    small = AUXILIARIES | QUESTION_WORDS | {"long", "much", "many"}
    return [word for word in words if word not in small and not is_stop_word(word)]
