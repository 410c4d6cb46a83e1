"""What a pronoun of a question stands for, looked for in the turns before it, last one first."""

import re
from collections.abc import Sequence

from qa.dates import find_dates
from qa.followups import words as w
from qa.followups.mentions import (
    answering_names,
    asks_person,
    find_persons,
    is_person,
    list_names,
    matches_gender,
    new_names,
)
from qa.followups.parsing import Parsed, Phrase, parse_question
from qa.followups.pieces import Piece, carry, shares_name, whole_phrase
from qa.followups.records import PastTurn
from qa.types import Origin

MOST_TURNS = 4
"""How far back an antecedent is looked for."""


def find_antecedent(kind: str, question: str, past: Sequence[PastTurn]) -> Piece | None:
    """The words that a pronoun stands for; ``None`` when no turn before has any.

    ``kind`` is ``he``, ``she``, ``it``, ``they``, ``there`` or ``then``. What the question names
    itself is not what its pronoun means.
    """
    finders = {"it": find_thing, "they": find_group, "there": find_place, "then": find_time}
    for turn in list(reversed(past))[:MOST_TURNS]:
        if kind in ("he", "she"):
            found = find_person(turn, question, kind)
        else:
            found = finders[kind](turn, question)
        if found:
            return found
    return None


def find_person(turn: PastTurn, question: str, pronoun: str) -> Piece | None:
    """The person whom a turn is about: who was asked for, else who was asked about."""
    context = f"{turn.passage} {turn.quote}"
    asked: list[tuple[str, Origin]] = [
        (name, "question")
        for name in list_names(turn.question, context)
        if is_person(name, f"{context} {turn.question}")
    ]
    answer: Origin = "answer" if turn.answer else "source"
    given: list[tuple[str, Origin]] = [
        (name, answer) for name in find_persons(new_names(turn), context)
    ]
    order = [*given, *asked] if asks_person(turn) else [*asked, *given]
    free = [item for item in order if not shares_name(question, item[0])]
    fitting = [item for item in free if matches_gender(item[0], pronoun, context)]
    for name, origin in fitting or free:
        return carry(name, origin)
    return find_role(turn, question) or find_mentioned(turn, question, pronoun)


def find_mentioned(turn: PastTurn, question: str, pronoun: str) -> Piece | None:
    """The first person that the cited passage names, where its sentence names none."""
    for name in find_persons(list_names(turn.passage), turn.passage):
        if matches_gender(name, pronoun, turn.passage) and not shares_name(question, name):
            return carry(name, "source")
    return None


def find_role(turn: PastTurn, question: str) -> Piece | None:
    """A person that the question names by role alone: "the chief executive of Fennwick"."""
    parsed = parse_question(turn.question)
    for phrase in parsed.phrases:
        head = phrase.bare.split()[-1].lower()
        if head in w.PEOPLE_NOUNS and phrase.bare.lower() not in question.lower():
            return carry(whole_phrase(parsed, phrase), "question")
    return None


def find_thing(turn: PastTurn, question: str) -> Piece | None:
    """The thing that a turn is about: its subject, else its object; for which-questions, which."""
    parsed = parse_question(turn.question)
    context = f"{turn.passage} {turn.quote}"
    answer: Origin = "answer" if turn.answer else "source"
    chosen = [
        phrase
        for phrase in ordered_phrases(parsed)
        if not phrase.before or phrase.before not in ("of",) or len(parsed.phrases) == 1
    ]
    things = [
        phrase
        for phrase in chosen
        if not (phrase.name and is_person(bare_name(phrase), f"{context} {turn.question}"))
        and not names_role(phrase)
        and not has_date(phrase.bare)
        and not shares_name(question, phrase.bare)
    ]
    wanted = [phrase for phrase in parsed.phrases if phrase.role == "wh"]
    which = (
        parsed.wh in ("which", "what")
        and bool(wanted)
        and not asks_person(turn)
        and not any(w.is_plural(phrase.bare) for phrase in wanted)
    )
    if which and not parsed.inverted or (which and not things):
        for name in answering_names(turn):
            if not shares_name(question, name) and not is_person(name, context):
                return carry(name, answer)
    singular = [phrase for phrase in things if not w.is_plural(phrase.bare) or phrase.name]
    subject = parsed.subject()
    by_name = [phrase for phrase in singular if phrase.name]
    if subject in singular:
        picked: Phrase | None = subject
    else:
        picked = next(iter(by_name or singular or things), None)
        first = next(iter(singular), None)
        if first is not None and first.role == "object" and first.text != first.bare:
            picked = first  # "signed the treaty with Esmar": the treaty, not Esmar
    return carry(whole_phrase(parsed, picked), "question") if picked else None


def find_group(turn: PastTurn, question: str) -> Piece | None:
    """Those of whom a turn speaks: a plural of its question, several names, else who is asked."""
    parsed = parse_question(turn.question)
    answer: Origin = "answer" if turn.answer else "source"
    phrases = [
        phrase
        for phrase in ordered_phrases(parsed, wh=True)
        if w.is_plural(phrase.bare) and not has_date(phrase.bare)
        and not shares_name(question, phrase.bare)
    ]  # fmt: skip
    asked = asks_person(turn)
    if asked and (turn.answer and w.is_plural(turn.answer) and "and" in turn.answer.split()):
        return carry(turn.answer, answer)
    if phrases:
        return carry(whole_phrase(parsed, phrases[0]), "question")
    if parsed.wh in ("who", "which", "what"):
        for name in answering_names(turn):
            if not shares_name(question, name):
                return carry(name, answer)
        match = re.match(r"\W*(?:The\s+)?([A-Z]?[a-z]+s)\b", turn.quote)
        if parsed.wh == "who" and match:
            return carry(match[1].lower(), "source")
    thing = find_thing(turn, question)
    named = thing is not None and any(sign.isupper() for sign in thing.text)
    return thing if named else None


def find_place(turn: PastTurn, question: str) -> Piece | None:
    """The place that a turn is about, with its preposition."""
    parsed = parse_question(turn.question)
    answer: Origin = "answer" if turn.answer else "source"
    if parsed.wh == "where":
        for name in answering_names(turn):
            if not shares_name(question, name):
                return carry(f"in {name}", answer)
    for phrase in reversed(parsed.phrases):
        placed = phrase.before in w.PLACE_PREPOSITIONS | {"to", "from", "into"}
        if placed and not has_date(phrase.bare) and not shares_name(question, phrase.bare):
            lead = phrase.before if phrase.before in w.PLACE_PREPOSITIONS else "in"
            return carry(f"{lead} {phrase.text}", "question")
    thing = find_thing(turn, question)
    return carry(f"at {thing.text}", thing.origin or "question") if thing else None


def find_time(turn: PastTurn, question: str) -> Piece | None:
    """The date that answers a turn, else one of its question."""
    from qa.dates import is_when_question

    if is_when_question(turn.question) and turn.answer:
        dates = find_dates(turn.answer, None)
        if dates:
            lead = "on" if dates[0].precision == "day" else "in"
            return carry(f"{lead} {turn.answer}", "answer")
    for span in find_dates(turn.question, None):
        return carry(f"in {turn.question[span.start : span.end]}", "question")
    return None


def ordered_phrases(parsed: Parsed, *, wh: bool = False) -> list[Phrase]:
    """The phrases of a question, the likeliest antecedent first: subject, object, the others.

    With ``wh`` also what is asked for; then two names that "and" joins come before it.
    """
    order = {"subject": 0, "object": 2, "other": 3, "wh": 4}
    if wh:
        order["wh"] = 2 if parsed.subject() else 0
    kept = [phrase for phrase in parsed.phrases if wh or phrase.role != "wh"]

    def place(phrase: Phrase) -> int:
        joined = wh and phrase.name and " and " in phrase.text
        return min(order[phrase.role], 1 if joined else 9)

    return sorted(kept, key=place)


def bare_name(phrase: Phrase) -> str:
    """The name in a phrase, without title and determiner."""
    names = list_names(f"a {phrase.bare}")
    return names[0] if names else phrase.bare


def names_role(phrase: Phrase) -> bool:
    """Whether a phrase without a name is of a person: "the chief executive"."""
    return not phrase.name and phrase.bare.split()[-1].lower() in w.PEOPLE_NOUNS


def has_date(text: str) -> bool:
    """Whether a phrase is a date."""
    return bool(find_dates(text, None))
