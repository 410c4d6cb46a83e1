"""Answers given lately, kept for as long as nothing they rest on has changed.

Nothing here asks for the time: no answer depends on today's date, because relative dates are
counted from an article's publication.
"""

from index.recent import Recent
from qa.answering.request import Request
from qa.types import Answer

MOST_ANSWERS = 128
MOST_CHARACTERS = 20_000_000
"""Characters of articles that the kept answers may hold between them."""


class AnswerCache(Recent[Request, Answer]):
    """The answers used last; bounded by their number and by the text that they hold."""

    def __init__(
        self, most_answers: int = MOST_ANSWERS, most_characters: int = MOST_CHARACTERS
    ) -> None:
        """Holds nothing yet; with ``most_answers`` 0 it never does."""
        super().__init__(most_answers, largest=most_characters, measure=count_characters)


def count_characters(answer: Answer) -> int:
    """How long the texts of the articles are that an answer holds, each counted once."""
    articles = [hit.article for hit in answer.hits]
    articles += [citation.article for citation in answer.citations]
    return sum({article.id: len(article.text) for article in articles}.values())
