"""The turns of one window's conversation, and what later questions may use of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from index import Filters
from qa.followups import PastTurn

TURNS_KEPT = 40


@dataclass(frozen=True, slots=True)
class Turn:
    """One exchange: the HTML of its two messages, and what is needed to ask it again.

    ``past`` is what later questions may be understood from; none where nothing was answered.
    ``closed`` says that a new topic begins after it. ``record`` is its data as HTML, which goes to
    the page once.
    """

    number: int
    question: str
    reply: str
    typed: str = ""
    past: PastTurn | None = None
    filters: Filters = field(default_factory=Filters)
    library: str = ""
    closed: bool = False
    record: str = ""


def list_past(turns: Sequence[Turn], number: int | None = None) -> list[PastTurn]:
    """What a question may be understood from: the turns of its topic, up to turn ``number``."""
    topic: list[PastTurn] = []
    for turn in turns:
        if number is not None and turn.number >= number:
            break
        if turn.past:
            topic.append(turn.past)
        if turn.closed:
            topic = []
    return topic


def show_turns(turns: Sequence[Turn], new: int | None = None) -> list[dict[str, Any]]:
    """The conversation as the chat shows it; its HTML is ours, with every text in it escaped.

    The turn ``new``, the last one unless it is given, brings the data that the browser keeps.
    """
    import gradio as gr

    new = turns[-1].number if new is None and turns else new
    return [
        {"role": role, "content": gr.HTML(html, render=False)}
        for turn in turns
        for role, html in (
            ("user", turn.question),
            ("assistant", join_reply(turn, new=turn.number == new)),
        )
    ]


def join_reply(turn: Turn, *, new: bool) -> str:
    """The reply of a turn with its data when it is new, and the end of its topic."""
    from qa.chat.understood import render_topic_end

    return turn.reply + turn.record * new + (render_topic_end() if turn.closed else "")
