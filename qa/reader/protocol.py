"""What a reader or reranker is: a class for a row of ``index.extensions.READERS``."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from index import Hit
from qa.reader.evidence import Findings


@dataclass(frozen=True, slots=True)
class Calibration:
    """The confidence under which a reader withholds: whose it is, and what it was fitted on."""

    reader: str
    threshold: float
    fitted_on: str


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a question is read.

    ``pick_sentences`` gives the findings of hits, in whatever order, by the best-matching sentence;
    ``most`` passages are to be read at most, and with a confidence of ``sure`` the rest need not
    be; ``threshold`` is the library's for a reader that has a ``calibration``.
    """

    pick_sentences: Callable[[Sequence[Hit]], Findings]
    most: int = 20
    sure: float = 0.0
    threshold: float | None = None


class Picker(Protocol):
    """A reader or reranker: finds what answers in ranked passages; shared between threads.

    One whose confidence was fitted has a ``calibration: Calibration`` too, and the library keeps
    its threshold.
    """

    def find(self, question: str, hits: Sequence[Hit], terms: Terms) -> Findings:
        """The findings for a question and its hits, best first.

        A reader gives evidence and the hits in the order that it found; a reranker gives
        ``terms.pick_sentences`` of the hits in its order. Ranks are numbered anew afterwards.
        """
