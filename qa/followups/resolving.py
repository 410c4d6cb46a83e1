"""Decides whether a question needs the turns before it, and makes the question that it means.

Five forms are known, tried in this order: a parallel ("what about Nicaragua?"), another one of
the same ("who else?"), another question word ("why?", "when was that?"), a pronoun ("where did he
say so?"), and a question too thin to stand alone ("who won?"). A question that names what it is
about stays as it is: no rule looks at whether the last turn is about the same.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from qa.followups import words as w
from qa.followups.antecedents import ordered_phrases
from qa.followups.filling import replace_anaphors
from qa.followups.forms import (
    asks_anew,
    asks_more,
    heavy_words,
    is_fragment,
    is_thin,
    leaves_verb_out,
)
from qa.followups.mentions import (
    answering_names,
    answering_words,
    list_names,
    stem,
)
from qa.followups.parallel import Similarity, substitute
from qa.followups.parsing import Parsed, parse_question
from qa.followups.pieces import (
    Piece,
    append_pieces,
    carry,
    cut_pieces,
    drop_pieces,
    glue,
    join_pieces,
    list_carried,
    own,
    topic_pieces,
)
from qa.followups.pronouns import Anaphor, find_anaphors
from qa.followups.records import PastTurn
from qa.followups.russian import is_russian, make_russian
from qa.types import FollowUp, Origin

Made = list[Piece] | None


def resolve_question(
    question: str,
    past: Sequence[PastTurn],
    *,
    without: Collection[str] = (),
    similarity: Similarity | None = None,
) -> FollowUp | None:
    """What a question means after the turns before it; ``None`` when it stands alone.

    Args:
        question: as typed.
        past: the turns before, the last one last.
        without: carried words that the person took away.
        similarity: of names and phrases, to see which one "what about …" is parallel to.
    """
    text = question.strip()
    if not past or len(text) > LONGEST or not any(sign.isalnum() for sign in text):
        return None
    parsed = parse_question(text)
    last = parse_question(past[-1].question)
    if is_russian(text):
        pieces = make_russian(text, past)
    else:
        pieces = make_pieces(parsed, last, past, similarity)
    if pieces is None:
        return None
    pieces = drop_pieces(pieces, without)
    carried = list_carried(pieces)
    if not carried:
        return None
    answered, quotes = list_answered(parsed, last, past[-1])
    return FollowUp(text, join_pieces(pieces), carried, answered, quotes)


LONGEST = 400
"""Characters of the longest question that is looked at; follow-ups are short."""


LONGEST_POINTING = 14
"""Words of the longest question whose pronouns are looked at; longer ones explain their own."""


def make_pieces(
    parsed: Parsed, last: Parsed, past: Sequence[PastTurn], similarity: Similarity | None
) -> Made:
    """The pieces of what the question means, by the first form that it has."""
    turn = past[-1]
    if is_fragment(parsed):
        return substitute(parsed, last, past, similarity)
    if asks_more(parsed):
        return ask_more(parsed, last, turn)
    if leaves_verb_out(parsed):
        return fill_verb(parsed, last, turn)
    if asks_anew(parsed):
        return reframe(parsed, last, past)
    anaphors = find_anaphors(parsed) if parsed.body <= LONGEST_POINTING else []
    if anaphors:
        return fill_anaphors(parsed, anaphors, last, past)
    named = name_definites(parsed, past)
    if named:
        return named
    if is_thin(parsed):
        return append_topic(parsed, last, turn)
    return None


# ---- how each is understood ----------------------------------------------------------------------


def ask_more(parsed: Parsed, last: Parsed, turn: PastTurn) -> Made:
    """The last question, for another answer."""
    if not last.words:
        return None
    wh = parsed.wh or last.wh
    subject = last.subject()
    lead = own(f"{wh or 'what'} else")
    if (
        parsed.wh in ("who", "which")
        and last.inverted
        and subject
        and last.wh not in ("who", "whom", "which", "what")
    ):
        # "When did Russia recognize it?" "Who else did?": the subject is asked for.
        return [lead, *cut_pieces(last, max(last.verb, subject.last), last.body)]
    nouns = [phrase for phrase in last.phrases if phrase.role == "wh"]
    if nouns and last.wh in ("which", "what"):
        noun = carry(nouns[0].bare, "question")
        return [own(f"{last.wh} other"), noun, *cut_pieces(last, last.wh_end, last.body)]
    if not last.wh:
        return append_pieces([lead], topic_pieces(last, parsed.text))
    return [lead, *cut_pieces(last, last.wh_end, last.body)]


def fill_verb(parsed: Parsed, last: Parsed, turn: PastTurn) -> Made:
    """The question with the verb, and what follows it, of the last one."""
    if last.verb < 0 and last.aux < 0:
        return None
    subject = last.subject()
    if parsed.subject() is None:  # "who did?", "who did it?"
        begin = last.verb if last.inverted and last.verb >= 0 else last.wh_end
        return [own(parsed.cut(0, parsed.wh_end)), *cut_pieces(last, begin, last.body)]
    begin = last.verb if last.verb >= 0 else (subject.last if subject else last.wh_end)
    return [own(parsed.cut(0, parsed.body)), *cut_pieces(last, begin, last.body)]


def reframe(parsed: Parsed, last: Parsed, past: Sequence[PastTurn]) -> Made:
    """The last question with other question words."""
    turn = past[-1]
    asked = [own(parsed.cut(0, parsed.wh_end))]
    anaphors = [item for item in find_anaphors(parsed) if item.last <= parsed.wh_end]
    if anaphors:
        asked = replace_anaphors(parsed, anaphors, past, 0, parsed.wh_end)
    if not last.words or (last.wh_end == 0 and last.aux < 0) or not last.phrases:
        return append_topic(parsed, last, turn)
    if last.wh == parsed.wh and parsed.wh_end <= 1 and last.wh in ("when", "why", "where"):
        return append_topic(parsed, last, turn)
    if last.inverted:
        return [*asked, *fill_gap(last, turn)]
    missing = name_answer(last, turn)
    if last.aux >= 0:
        verbs = last.words[last.aux]
        rest = cut_pieces(last, last.aux + 1, last.body)
        return [*asked, glue(verbs.text), *missing, *rest]
    was = "is" if last.verb >= 0 and w.is_third(last.words[last.verb].low) else "was"
    return [*asked, glue(f"{was} it that"), *missing, *cut_pieces(last, last.wh_end, last.body)]


def name_answer(last: Parsed, turn: PastTurn) -> list[Piece]:
    """Who or what answered the last question, as its subject; its noun when no name is known."""
    origin: Origin = "answer" if turn.answer else "source"
    nouns = [phrase for phrase in last.phrases if phrase.role == "wh"]
    known = turn.answer if turn.answer and len(turn.answer.split()) <= 8 else ""
    names = answering_names(turn)
    if known and last.wh != "how":
        return [carry(known, origin)]
    if names and last.wh in ("who", "which", "what"):
        return [carry(names[0], origin)]
    if nouns:
        return [glue("the"), carry(nouns[0].bare, "question")]
    if last.wh == "what" and (said := answering_words(turn)):
        return [carry(said, origin)]
    return [glue("they")]


def fill_gap(last: Parsed, turn: PastTurn) -> list[Piece]:
    """An inverted question from its auxiliary on, with what it asked for put after its verb."""
    if last.wh in ("when", "where", "why", "how") and not any(
        phrase.role == "wh" for phrase in last.phrases
    ):
        return cut_pieces(last, last.aux, last.body)
    if not last.wh or last.verb < 0:
        return cut_pieces(last, last.aux, last.body)
    end = last.verb + 1
    missing = name_answer(last, turn)
    missing = [] if missing and missing[0].text == "they" else missing
    return [*cut_pieces(last, last.aux, end), *missing, *cut_pieces(last, end, last.body)]


def fill_anaphors(
    parsed: Parsed, anaphors: Sequence[Anaphor], last: Parsed, past: Sequence[PastTurn]
) -> Made:
    """The question with its pronouns replaced; what they leave open stands in brackets after it."""
    turn = past[-1]
    pieces = replace_anaphors(parsed, anaphors, past, 0, parsed.body)
    found = any(piece.shown for piece in pieces)
    extra: list[Piece] = []
    shown = " ".join(piece.text for piece in pieces)
    if any(item.kind == "so" for item in anaphors):
        extra = statement_pieces(last, turn, shown)
    elif any(item.kind == "one" for item in anaphors) and not found:
        extra = kind_pieces(last, shown)
    elif not found and len(heavy_words(parsed)) <= 2 and not list_names(parsed.text):
        extra = topic_pieces(last, shown)
    return append_pieces(pieces, extra) if found or extra else None


def name_definites(parsed: Parsed, past: Sequence[PastTurn]) -> Made:
    """The question with "the bank" as the name that ends so: Meridian Bank.

    Only where the question has no name of its own.
    """
    if any(word.name for word in parsed.words):
        return None
    for turn in list(reversed(past))[:2]:
        names = [phrase for phrase in parse_question(turn.question).phrases if phrase.name]
        for phrase in parsed.phrases:
            noun = phrase.text.lower().removeprefix("the ")
            if not phrase.text.lower().startswith("the ") or " " in noun:
                continue
            for name in names:
                if name.bare.lower().endswith(f" {noun}"):
                    found = replace(carry(name.text, "question"), instead=phrase.text)
                    return [
                        own(parsed.cut(0, phrase.first)),
                        found,
                        own(parsed.cut(phrase.last, parsed.body)),
                    ]
    return None


def append_topic(parsed: Parsed, last: Parsed, turn: PastTurn) -> Made:
    """The question with what the last one was about in brackets."""
    topic = topic_pieces(last, parsed.text)
    return append_pieces([own(parsed.cut(0, parsed.body))], topic) if topic else None


def statement_pieces(last: Parsed, turn: PastTurn, known: str) -> list[Piece]:
    """What was said in the turn before: its phrases, its verb and the words that answered."""
    have = {stem(word) for word in re.findall(r"\w+", known.lower())}
    pieces = [
        piece
        for piece in cut_pieces(last, last.wh_end, last.body)
        if piece.shown
        and not {stem(word) for word in re.findall(r"\w+", piece.text.lower())} <= have
    ][:4]
    said = answering_words(turn) if last.wh in ("what", "how") else ""
    said = next(iter(answering_names(turn)), "") if last.wh in ("who", "which") else said
    fresh = [word for word in said.split() if stem(word.lower().strip(",.")) not in have]
    if fresh:
        origin: Origin = "answer" if turn.answer else "source"
        pieces.append(carry(" ".join(fresh), origin))
    return pieces


def kind_pieces(last: Parsed, known: str) -> list[Piece]:
    """Of which kind "one" is: the plural that was spoken of."""
    plural = [phrase for phrase in ordered_phrases(last, wh=True) if w.is_plural(phrase.bare)]
    first = [carry(phrase.bare, "question") for phrase in plural[:1]]
    topic = [item for item in topic_pieces(last, known) if item.text not in {p.text for p in first}]
    return [*first, *topic][:3]


def list_answered(
    parsed: Parsed, last: Parsed, turn: PastTurn
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The answers and quotes that a question for others does not want again."""
    if not re.search(r"\b(?:else|others?|another)\b", parsed.text, re.IGNORECASE):
        return (), ()
    given = [turn.answer] if turn.answer and len(turn.answer.split()) <= 8 else []
    given = given or answering_names(turn)[:1]
    subject = last.subject()
    if last.wh in ("when", "where", "why", "how", "") and subject and subject.name:
        given = [*list_names(f"a {subject.bare}"), *given]
    answered = tuple(dict.fromkeys((*turn.answered, *given)))
    return answered, turn.quotes
