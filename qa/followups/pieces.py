"""A query under construction: its own words, and words carried from the turn before."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from qa.followups import words as w
from qa.followups.mentions import list_names, tells
from qa.followups.parsing import Parsed, Phrase, Word
from qa.types import Carried, Origin


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a query.

    ``origin`` is empty for the question's own words. ``shown`` says that it can be taken away by
    itself; others (grammar between such pieces) go when none of them is left. ``instead`` is what
    the question has in its place. ``lead`` is a determiner and ``tail`` a possessive ending that
    go with it.
    """

    text: str
    origin: Origin | None = None
    shown: bool = False
    instead: str = ""
    lead: str = ""
    tail: str = ""


def own(text: str) -> Piece:
    """Words of the question itself."""
    return Piece(text)


def glue(text: str) -> Piece:
    """Small words of the question before, that only join others."""
    return Piece(text, "question")


def carry(text: str, origin: Origin) -> Piece:
    """Words that are carried over; "the" before them goes with them, unseen."""
    lead, name = split_determiner(text)
    return Piece(name, origin, shown=True, lead=lead)


def split_determiner(text: str) -> tuple[str, str]:
    """The determiner of a phrase and the rest of it; "the" alone is left to stand."""
    first, _, rest = text.partition(" ")
    if rest and first.lower() in w.DETERMINERS:
        return ("the " if first.lower() in ("the", "a", "an") else f"{first} "), rest
    return "", text


def cut_pieces(parsed: Parsed, first: int, last: int) -> list[Piece]:
    """A run of the question before, as pieces: its phrases and verbs can be taken away."""
    pieces: list[Piece] = []
    place = first
    starts = {phrase.first: phrase for phrase in parsed.phrases}
    while place < last:
        phrase = starts.get(place)
        if phrase and phrase.last <= last:
            tail = phrase.text[-2:] if phrase.text.endswith(("'s", "’s")) else ""
            lead, name = split_determiner(phrase.text.removesuffix(tail))
            pieces.append(Piece(name, "question", shown=True, lead=lead, tail=tail))
            place = phrase.last
            continue
        word = parsed.words[place]
        heavy = tells(word) and word.low not in w.LIGHT
        pieces.append(carry(word.text, "question") if heavy else glue(small(word)))
        place += 1
    return pieces


def small(word: Word) -> str:
    """A small word in lower case: it may have begun the question before."""
    return word.text if word.name else word.text.lower()


def drop_pieces(pieces: Sequence[Piece], without: Collection[str]) -> list[Piece]:
    """The pieces without those that were taken away; what they stood for comes back."""
    unwanted = {text.casefold() for text in without}
    kept = [
        own(piece.instead) if piece.shown and piece.text.casefold() in unwanted else piece
        for piece in pieces
    ]
    kept = [piece for piece in kept if piece.text]
    if any(piece.shown for piece in kept):
        return kept
    return [piece for piece in kept if piece.origin is None]


def join_pieces(pieces: Iterable[Piece]) -> str:
    """The query that the pieces make, with one mark at its end."""
    text = " ".join(piece.lead + piece.text + piece.tail for piece in pieces if piece.text)
    text = re.sub(r"\s+([,.;:?!)])", r"\1", text)
    text = re.sub(r"\(\s+", "(", text)
    text = re.sub(r"\(\s*\)", "", text)
    text = re.sub(r"\s+", " ", text).strip(" ,;:")
    text = re.sub(r"\s*[?.!…]*$", "", text)
    return f"{text[:1].upper()}{text[1:]}?"


def list_carried(pieces: Sequence[Piece]) -> tuple[Carried, ...]:
    """What was carried over, in order, each once."""
    found: dict[str, Carried] = {}
    for piece in pieces:
        if piece.shown and piece.origin:
            found.setdefault(
                piece.text.casefold(), Carried(piece.text, piece.origin, piece.instead)
            )
    return tuple(found.values())


def append_pieces(question: Sequence[Piece], extra: Sequence[Piece]) -> list[Piece]:
    """The question with carried words in brackets after it."""
    return [*question, glue("("), *extra, glue(")")] if extra else [*question]


def topic_pieces(parsed: Parsed, known: str, *, most: int = 3) -> list[Piece]:
    """What a question is about, without what ``known`` has: its subject, else object, else names.

    A phrase brings the phrases that "of" ties to it.
    """
    chosen = topic_phrases(parsed)
    known_words = set(re.findall(r"\w+", known.lower()))
    pieces = []
    for phrase in chosen:
        telling = {*re.findall(r"\w+", phrase.bare.lower())}
        if telling and not telling <= known_words:
            pieces.append(carry(phrase.text, "question"))
    return pieces[:most]


def topic_phrases(parsed: Parsed) -> list[Phrase]:
    """The phrases that say what a question is about."""
    body = [phrase for phrase in parsed.phrases if phrase.role != "wh"]
    subject = parsed.subject()
    if subject:
        end = parsed.verb if parsed.verb > subject.first else parsed.body
        chosen = [phrase for phrase in body if subject.first <= phrase.first < end]
        if not any(phrase.name for phrase in chosen):
            chosen += [phrase for phrase in body if phrase.name and phrase not in chosen][:2]
        return chosen
    chosen = []
    for place, phrase in enumerate(body):
        if phrase.role == "object" or (phrase.before == "of" and chosen == body[:place]):
            chosen.append(phrase)
    named = [phrase for phrase in body if phrase.name and phrase not in chosen]
    if chosen:
        return chosen if any(phrase.name for phrase in chosen) else [*chosen, *named[:2]]
    if body:
        return named[:2] or body[:2]
    return [phrase for phrase in parsed.phrases if phrase.role == "wh"]


def whole_phrase(parsed: Parsed, phrase: Phrase) -> str:
    """The phrase with the phrases that "of" ties to it."""
    end = phrase.last
    for other in parsed.phrases:
        if other.before == "of" and other.first == end + 1:
            end = other.last
    return parsed.cut(phrase.first, end)


def shares_name(text: str, phrase: str) -> bool:
    """Whether a text has a name of the phrase, or the phrase itself."""
    low = text.lower()
    return phrase.lower() in low or any(name.lower() in low for name in list_names(f"a {phrase}"))
