"""Earlier questions of a conversation → what a later one is understood from."""

from collections.abc import Sequence

from index import Filters
from qa.assistant import Assistant
from qa.followups import PastTurn, remember_turn


def replay_questions(
    assistant: Assistant,
    questions: Sequence[str],
    *,
    system: str | None = None,
    filters: Filters | None = None,
) -> list[PastTurn]:
    """The turns of the questions, the first one first, each understood from those before it.

    Raises:
        QuestionError: one of them is empty.
        SettingsError: there is no such system.
    """
    turns: list[PastTurn] = []
    for question in questions:
        answer = assistant.ask(question, system=system, filters=filters, after=turns)
        turns.append(remember_turn(answer))
    return turns
