"""What the reader is trained on: a question, a passage, and what is to be said of them."""

from dataclasses import dataclass, replace

BREAK = "\n\n"
"""What stands between a title and the text."""

STOP = f".{BREAK}"
"""The same as the reader is given it: a full stop ends the title."""


@dataclass(frozen=True, slots=True)
class Item:
    """One sequence: ``kind`` says which of the losses it takes part in.

    ``span`` answers at start:end; ``relevant`` answers somewhere (no offsets known); ``hard`` is a
    retrieved passage that doesn't answer; ``cut``, ``corrupted`` and ``unanswerable`` don't
    answer though they are about the question's subject. ``restated`` answers at start:end, in a
    passage that corrects or confirms itself. ``keywords`` is asked by the question's content words
    alone, and is only for how relevant the teacher finds the passage.
    """

    question: str
    passage: str
    start: int
    end: int
    kind: str


def put_title(item: Item, title: str) -> Item:
    """The item with a title before its passage."""
    before = f"{title}{STOP}"
    moved = len(before) if item.end else 0
    return replace(
        item, passage=before + item.passage, start=item.start + moved, end=item.end + moved
    )
