"""A question's own words with its pronouns replaced by what they stand for."""

from collections.abc import Sequence
from dataclasses import replace

from qa.followups.antecedents import find_antecedent
from qa.followups.parsing import Parsed
from qa.followups.pieces import Piece, own
from qa.followups.pronouns import Anaphor, find_anaphors
from qa.followups.records import PastTurn


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
