"""The same answer from several sources: grouped, counted, and where sources contradict each other.

``grouping`` compares answers by their kind, with ``quantities`` for numbers, ``names`` for names
and phrases and ``qa.dates`` for dates; ``copies`` finds which texts are one story reprinted.
"""

from qa.agreement.grouping import (
    Group,
    Statement,
    asks_whether,
    group_answers,
    is_single_valued,
)
from qa.reprints import fold_copies, label_copies, label_stories

__all__ = [
    "Group",
    "Statement",
    "asks_whether",
    "fold_copies",
    "group_answers",
    "is_single_valued",
    "label_copies",
    "label_stories",
]
