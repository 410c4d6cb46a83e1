"""What is remembered of an answer for the turns after it."""

from qa.dates import is_when_question
from qa.followups.records import PastTurn
from qa.types import Answer

LONGEST_ANSWER = 12
"""Words of the longest answer that stands for itself; a longer one is a sentence."""


def remember_turn(answer: Answer) -> PastTurn:
    """The turn of an answer, as later questions see it."""
    followup = answer.followup
    question = followup.query if followup else answer.question
    answered = followup.answered if followup else ()
    if answer.status != "answered" or not answer.citations:
        return PastTurn(question, answered=answered)
    first = answer.citations[0]
    told = ""
    if is_when_question(question) and answer.date:
        told = answer.text
    elif first.span:
        told = first.span.text
    told = " ".join(told.split())
    short = told if len(told.split()) <= LONGEST_ANSWER else ""
    return PastTurn(
        question=question,
        answer=short,
        quote=" ".join(first.quote.split()),
        passage=" ".join(first.passage.text.split()),
        quotes=tuple(citation.quote for citation in answer.citations),
        answered=answered,
    )
