"""A parallel, "what about Nicaragua?": the last question with what was named put in its place."""

import re
from collections.abc import Callable, Sequence

from qa.dates import find_dates
from qa.followups import words as w
from qa.followups.antecedents import has_date
from qa.followups.filling import own_pieces
from qa.followups.mentions import is_person, stem
from qa.followups.parsing import Parsed, Phrase
from qa.followups.pieces import (
    Piece,
    append_pieces,
    cut_pieces,
    join_pieces,
    own,
    topic_pieces,
)
from qa.followups.records import PastTurn

Similarity = Callable[[str, Sequence[str]], Sequence[float]]
"""How alike a text is to each of others, in [-1, 1]."""


def substitute(
    parsed: Parsed, last: Parsed, past: Sequence[PastTurn], similarity: Similarity | None
) -> list[Piece] | None:
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
        score += 0.3 * (begins_with_the(text) and begins_with_the(phrase.text))
        score -= 0.3 * (phrase.before in w.PREPOSITIONS)
        heads = {bare.split()[-1].lower(), phrase.bare.split()[-1].lower()}
        score += 0.5 * (heads <= w.THING_NOUNS)
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


def begins_with_the(text: str) -> bool:
    """Whether a phrase begins with the definite article."""
    return text.lower().startswith("the ")


def joined_by_and(one: str, other: str, context: str) -> bool:
    """Whether a text puts the two side by side: "Abkhazia and South Ossetia"."""
    a, b = re.escape(one), re.escape(other)
    link = r"(?:,|,? and|,? or|, along with|,? as well as)(?: the)? "
    return bool(re.search(rf"\b(?:{a}{link}{b}|{b}{link}{a})\b", context))
