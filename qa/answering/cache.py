"""Answers given lately, kept for as long as nothing they rest on has changed.

Nothing here asks for the time: no answer depends on today's date, because relative dates are
counted from an article's publication.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass

from index import Filters
from index.settings import Settings
from qa.followups import PastTurn
from qa.types import Answer

MOST_ANSWERS = 128
MOST_CHARACTERS = 20_000_000
"""Characters of articles that the kept answers may hold between them."""


@dataclass(frozen=True, slots=True)
class AnswerKey:
    """Everything that an answer depends on.

    ``state`` is ``Library.state``: it is another one after every change, whichever process made it.
    """

    state: str
    settings: Settings
    question: str
    wanted: int
    filters: Filters
    min_confidence: float
    after: tuple[PastTurn, ...]
    without: frozenset[str]


class AnswerCache:
    """The answers used last; bounded by their number and by the text that they hold.

    Safe to share between threads. One answer that holds more text than all may is not kept.
    """

    def __init__(
        self, most_answers: int = MOST_ANSWERS, most_characters: int = MOST_CHARACTERS
    ) -> None:
        """Holds nothing yet; with ``most_answers`` 0 it never does."""
        self._most_answers = most_answers
        self._most_characters = most_characters
        self._lock = threading.Lock()
        self._answers: OrderedDict[AnswerKey, tuple[Answer, int]] = OrderedDict()
        self._characters = 0

    def __len__(self) -> int:
        """How many answers are kept."""
        with self._lock:
            return len(self._answers)

    def get(self, key: AnswerKey) -> Answer | None:
        """The answer under the key; ``None`` when it is not kept."""
        with self._lock:
            found = self._answers.get(key)
            if found is None:
                return None
            self._answers.move_to_end(key)
            return found[0]

    def put(self, key: AnswerKey, answer: Answer) -> None:
        """Keeps an answer, and drops those that were not asked for longest."""
        size = count_characters(answer)
        with self._lock:
            self._drop(key)
            self._answers[key] = (answer, size)
            self._characters += size
            while self._answers and (
                len(self._answers) > self._most_answers or self._characters > self._most_characters
            ):
                self._drop(next(iter(self._answers)))

    def _drop(self, key: AnswerKey) -> None:
        """Forgets what is under the key; the lock is held."""
        _, size = self._answers.pop(key, (None, 0))
        self._characters -= size


def count_characters(answer: Answer) -> int:
    """How long the texts of the articles are that an answer holds, each counted once."""
    articles = [hit.article for hit in answer.hits]
    articles += [citation.article for citation in answer.citations]
    return sum({article.id: len(article.text) for article in articles}.values())
