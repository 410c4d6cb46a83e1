"""What a window does with its conversation besides asking: without words, a new topic, reopening.

The page's script calls these as events of the sources pane (``scripts/history.js``).
"""

import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from index import DatelineError, Filters, Library
from index.errors import QuestionError
from qa.chat.actions import Payload, Reply, answering
from qa.chat.feedback import attach_feedback
from qa.chat.frame import render_nothing_yet
from qa.chat.history import (
    RestoredTurn,
    export_conversation,
    note_gone,
    parse_conversation,
    record_turn,
    restore_turns,
)
from qa.chat.libraries import Libraries
from qa.chat.sources import render_sources
from qa.chat.texts import Say, say
from qa.chat.transcript import render_answer, render_error, render_question
from qa.chat.turns import TURNS_KEPT, Turn, list_past, show_turns
from qa.chat.understood import render_record, render_understood
from qa.followups import remember_turn
from qa.output.safe_text import escape_text
from qa.types import Answer

if TYPE_CHECKING:
    from gradio.components import HTML, Button, Chatbot, State

logger = logging.getLogger(__package__)


def dress_reply(reply: str, answer: Answer, turn: int, without: Sequence[str] = ()) -> str:
    """A reply with how its question was understood before it."""
    return render_understood(answer.followup, turn, without) + reply


def understood_question(answer: Answer) -> Answer:
    """The answer as one to the question that was asked of the library."""
    return replace(answer, question=answer.followup.query) if answer.followup else answer


class Talk:
    """What a conversation does on the page; holds nothing of a user."""

    def __init__(self, libraries: Libraries) -> None:
        self.libraries = libraries

    def ask_again(self, turns: list[Turn], payload: object) -> tuple[Any, ...]:
        """Conversation, sources and turns with one turn asked anew, without some carried words."""
        import gradio as gr

        number, without = read_again(payload)
        place = next((i for i, turn in enumerate(turns) if turn.number == number), None)
        if place is None or not turns[place].typed:
            return gr.skip(), gr.skip(), gr.skip()
        turn = turns[place]
        pane: Any = gr.skip()
        try:
            opened = self.libraries.get(turn.library)
            answer = opened.assistant.ask(
                turn.typed, filters=turn.filters, after=list_past(turns, number), without=without
            )
            reply, pane = self.render(answer, number, turn.filters, turn.library)
            reply = attach_feedback(reply, answer, opened.path)
            reply = dress_reply(reply, answer, number, without)
            record = render_record(record_turn(answer), number)
            asked = replace(turn, reply=reply, past=remember_turn(answer), record=record)
        except DatelineError as error:
            asked = replace(turn, reply=render_error(str(error)))
        kept = [*turns[:place], asked, *turns[place + 1 :]]
        return show_turns(kept, number), pane, kept

    def end_topic(self, turns: list[Turn]) -> tuple[Any, ...]:
        """Conversation and turns, after which nothing is carried over."""
        if not turns or turns[-1].closed:
            import gradio as gr

            return gr.skip(), gr.skip()
        kept = [*turns[:-1], replace(turns[-1], closed=True)]
        return show_turns(kept), kept

    def reopen(self, payload: object) -> tuple[Any, ...]:
        """Conversation, sources and turns of a kept conversation, made anew from its data."""
        fields = payload if isinstance(payload, dict) else {}
        name = str(fields.get("library") or "")
        try:
            conversation = parse_conversation(fields.get("conversation"))
            library = self._library(name)
            restored = restore_turns(conversation, library)
        except DatelineError as error:
            failed = Turn(1, render_question(""), render_error(str(error)))
            return show_turns([failed]), render_nothing_yet(), []
        turns, panes = [], []
        for number, turn in enumerate(restored, start=1):
            made, pane = self._restore(turn, number, name)
            turns.append(made)
            panes.append(pane)
        turns = turns[-TURNS_KEPT:]
        shown = panes[-1] if panes else render_nothing_yet()
        others = f"<template data-panes>{''.join(panes[:-1])}</template>" if panes[1:] else ""
        return show_turns(turns), shown + others, turns

    @answering
    def export_talk(self, payload: Payload, say: Say) -> Reply:
        """A kept conversation as the text of a file."""
        library: Library | None = None
        try:
            library = self._library(str(payload.get("library") or ""))
        except DatelineError:
            library = None
        return export_conversation(payload, library)

    def render(
        self, answer: Answer, number: int, filters: Filters, library: str
    ) -> tuple[str, str]:
        """Reply and sources pane of an answer, tied to its library.

        The pane says when it was made, so that the page's script keeps the newest of a turn.
        """
        shown = understood_question(answer)
        reply, pane = render_answer(shown, number, filters), render_sources(shown, number)
        pane = pane.replace(" ", f' data-stamp="{time.time_ns()}" ', 1)
        return tie_to_library(reply, library), tie_to_library(pane, library)

    def _restore(self, turn: RestoredTurn, number: int, library: str) -> tuple[Turn, str]:
        answer = note_gone(turn)
        reply, pane = self.render(answer, number, Filters(), library)
        reply = dress_reply(reply, answer, number)
        made = Turn(
            number,
            render_question(answer.question),
            reply,
            typed=answer.question,
            past=remember_turn(turn.answer),
            library=library,
        )
        return made, pane

    def _library(self, name: str) -> Library:
        """The library of a kept conversation, the first one when it is there no more."""
        try:
            return self.libraries.get(name).library
        except DatelineError:
            return self.libraries.get("").library


def read_again(payload: object) -> tuple[int, tuple[str, ...]]:
    """The number of the turn to ask again, and the words to leave out.

    Raises:
        QuestionError: the request is none.
    """
    fields = payload if isinstance(payload, dict) else {}
    number, without = fields.get("turn"), fields.get("without")
    if not isinstance(number, int) or not isinstance(without, list):
        raise QuestionError(say("history.unreadable"))
    return number, tuple(str(words)[:200] for words in without[:50])


def tie_to_library(html: str, name: str) -> str:
    """HTML whose first element says which library it is about, for the page's script."""
    return html.replace(" ", f' data-library="{escape_text(name)}" ', 1)


def connect_talk(
    talk: Talk, sources: "HTML", turns: "State", conversation: "Chatbot", topic: "Button"
) -> None:
    """Let the page's script and the button for a new topic call what a conversation does."""
    import gradio as gr

    def ask_again(turns: list[Turn], event: gr.EventData) -> tuple[Any, ...]:
        return talk.ask_again(turns, event._data)

    def reopen(event: gr.EventData) -> tuple[Any, ...]:
        return talk.reopen(event._data)

    options: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    events: Any = sources  # its events are those that the script names
    events.again(ask_again, [turns], [conversation, sources, turns], **options)
    events.reopen(reopen, None, [conversation, sources, turns], **options)
    topic.click(talk.end_topic, [turns], [conversation, turns], queue=False, **options)
