"""The turn before, as a follow-up sees it; what is made of it are records of ``qa.types``."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PastTurn:
    """A turn as later ones see it, all of it text.

    ``question`` is the question as it was understood. ``answer`` is the answering words (a date
    as it was told, the span), empty when only a sentence or nothing was found; ``quote`` is the
    first cited sentence and ``passage`` what it stands in. ``quotes`` are all cited sentences and
    ``answered`` the answers of this turn and of those that it asked for more of.
    """

    question: str
    answer: str = ""
    quote: str = ""
    passage: str = ""
    quotes: tuple[str, ...] = ()
    answered: tuple[str, ...] = ()
