"""Decides whether a question needs the turns before it, and makes the question that it means.

Five forms are known, tried in this order: a parallel ("what about Nicaragua?"), another one of
the same ("who else?"), another question word ("why?", "when was that?"), a pronoun ("where did he
say so?"), and a question too thin to stand alone ("who won?"). A question that names what it is
about stays as it is: no rule looks at whether the last turn is about the same.
"""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from qa.dates import find_dates
from qa.followups import words as w
from qa.followups.antecedents import find_antecedent, has_date, ordered_phrases
from qa.followups.mentions import (
    answering_names,
    answering_words,
    is_person,
    list_names,
    stem,
    tells,
)
from qa.followups.parsing import Parsed, Phrase, parse_question
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
from qa.types import FollowUp, Origin

Similarity = Callable[[str, Sequence[str]], Sequence[float]]
"""How alike a text is to each of others, in [-1, 1]."""

Made = list[Piece] | None

ELSE = re.compile(r"\b(?:else|others?|another|more)\b", re.IGNORECASE)


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
    anaphors = find_anaphors(parsed)
    if anaphors:
        return fill_anaphors(parsed, anaphors, last, past)
    if is_thin(parsed):
        return append_topic(parsed, last, turn)
    return None


# ---- which form it has --------------------------------------------------------------------------


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
    heavy = [
        word
        for word in parsed.words[: parsed.body]
        if tells(word) and word.low not in w.LIGHT and word.low not in w.WH
    ]
    if parsed.opened:
        return len(heavy) <= 2
    if len(heavy) > 1:
        return False
    # "What is inflation?" asks for the thing itself; "what is the reason?" needs another.
    defines = (
        parsed.aux >= 0 and parsed.words[parsed.aux].low in w.BE and parsed.verb < 0
        and not any(word.low in ("the", "its", "his", "her", "their") for word in parsed.words)
    )  # fmt: skip
    return not (defines and heavy)


# ---- how each is understood ----------------------------------------------------------------------


def substitute(
    parsed: Parsed, last: Parsed, past: Sequence[PastTurn], similarity: Similarity | None
) -> Made:
    """The last question with what was named put where its parallel is."""
    if not last.words:
        return None
    said = own_pieces(parsed, past)
    text = parsed.cut(0, parsed.body)
    slot = choose_slot(parsed, last, past[-1], similarity)
    if slot is None:
        told = find_dates(text, None) or parsed.words[0].low in w.PREPOSITIONS
        if told or any(word.name for word in parsed.words):
            return [*cut_pieces(last, 0, last.body), *said]
        topic = topic_pieces(last, join_pieces(said))
        return append_pieces([own("what about"), *said], topic) if topic else None
    first, end = slot
    if end < last.body and last.words[end - 1].text.endswith(("'s", "’s")):
        said = [*said[:-1], own(f"{said[-1].text}'s")]
    return [*cut_pieces(last, 0, first), *said, *cut_pieces(last, end, last.body)]


def choose_slot(
    parsed: Parsed, last: Parsed, turn: PastTurn, similarity: Similarity | None
) -> tuple[int, int] | None:
    """The run of the last question's words that the fragment takes the place of, if any does."""
    text = parsed.cut(0, parsed.body)
    lead = parsed.words[0].low if parsed.words[0].low in w.PREPOSITIONS else ""
    dated = bool(find_dates(text, None))
    phrases = [phrase for phrase in last.phrases if phrase.role != "wh"]
    if dated:
        dates = [phrase for phrase in phrases if has_date(phrase.bare)]
        return (dates[0].first - bool(dates[0].before), dates[0].last) if dates else None
    phrases = [phrase for phrase in phrases if not has_date(phrase.bare)]
    if lead:
        group = w.PLACE_PREPOSITIONS if lead in w.PLACE_PREPOSITIONS else {lead}
        same = [phrase for phrase in phrases if phrase.before in group]
        if not same and lead in w.PLACE_PREPOSITIONS:
            same = [phrase for phrase in phrases if phrase.name and phrase.role != "subject"]
            return (same[-1].first, same[-1].last) if same else None
        if not same:
            return None
        return same[-1].first - 1, same[-1].last
    if not phrases:
        return None
    best = max(
        zip(score_slots(parsed, phrases, turn, similarity), phrases, strict=True),
        key=lambda item: item[0],
    )
    if best[0] < LEAST_PARALLEL:
        return None
    return best[1].first, best[1].last


LEAST_PARALLEL = 0.3
"""The score under which a phrase of the last question is no parallel to what was named."""


def score_slots(
    parsed: Parsed, phrases: Sequence[Phrase], turn: PastTurn, similarity: Similarity | None
) -> list[float]:
    """How parallel each phrase is to what was named.

    Names go with names, persons with persons, plurals with plurals; two that the cited passage
    joins by "and" belong together; then the subject comes first.
    """
    text = parsed.cut(0, parsed.body)
    named = any(word.name for word in parsed.words)
    bare = re.sub(r"^(?:the|a|an|its|his|her|their)\s+", "", text, flags=re.IGNORECASE)
    context = " ".join([turn.passage, *turn.quotes, turn.question])
    likeness = (
        similarity(bare, [phrase.bare for phrase in phrases])
        if similarity
        else [0.0] * len(phrases)
    )
    scores = []
    for phrase, alike in zip(phrases, likeness, strict=True):
        score = float(alike)
        score += 0.5 if phrase.name == named else -0.3
        score += 0.25 * (phrase.role == "subject")
        score += 1.0 * joined_by_and(bare, phrase.bare, context)
        if stem(bare.split()[-1].lower()) == stem(phrase.bare.split()[-1].lower()):
            score += 0.8
        if named and phrase.name:
            both = is_person(bare, context) == is_person(phrase.bare, context)
            score += 0.2 if both else -0.3
        if w.is_plural(bare) == w.is_plural(phrase.bare):
            score += 0.1
        scores.append(score)
    return scores


def joined_by_and(one: str, other: str, context: str) -> bool:
    """Whether a text puts the two side by side: "Abkhazia and South Ossetia"."""
    a, b = re.escape(one), re.escape(other)
    link = r"(?:,|,? and|,? or|, along with|,? as well as)(?: the)? "
    return bool(re.search(rf"\b(?:{a}{link}{b}|{b}{link}{a})\b", context))


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
    elif not found:
        extra = topic_pieces(last, shown)
    return append_pieces(pieces, extra) if found or extra else None


def replace_anaphors(
    parsed: Parsed, anaphors: Sequence[Anaphor], past: Sequence[PastTurn], first: int, last: int
) -> list[Piece]:
    """The words of the question from ``first`` to ``last``, pronouns replaced where it can be."""
    pieces: list[Piece] = []
    place = first
    for item in anaphors:
        found = (
            find_antecedent(item.kind, parsed.text, past)
            if item.kind in ("he", "she", "it", "they", "there", "then")
            else None
        )
        pieces.append(own(parsed.cut(place, item.first)))
        instead = parsed.cut(item.first, item.last)
        if found is None:
            pieces.append(own(instead))
        else:
            tail = ("'" if found.text.endswith("s") else "'s") if item.possessive else ""
            pieces.append(replace(found, instead=instead, tail=tail))
        place = item.last
    pieces.append(own(parsed.cut(place, last)))
    return [piece for piece in pieces if piece.text]


def own_pieces(parsed: Parsed, past: Sequence[PastTurn]) -> list[Piece]:
    """A fragment's own words, "her rival" with whose rival it is."""
    anaphors = find_anaphors(parsed)
    return replace_anaphors(parsed, anaphors, past, 0, parsed.body)


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
    said = answering_words(turn) if last.wh in ("what", "which", "how", "who") else ""
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
