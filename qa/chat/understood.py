"""What the page shows of a follow-up: how it was understood, and the carried words to take away."""

import json
from collections.abc import Collection

from qa.chat.texts import say
from qa.output.records import write_json
from qa.output.safe_text import escape_text
from qa.output.shapes import TurnJson
from qa.types import FollowUp


def render_understood(followup: FollowUp | None, turn: int, without: Collection[str] = ()) -> str:
    """One line on how a question was understood, then its carried words as buttons.

    Pressing one asks again without its words; with ``without`` there is a way back.
    """
    if followup is None and not without:
        return ""
    if followup is None:
        line = f'<p class="dl-understood-as">{say("followup.alone")}</p>'
        return f'<div class="dl-understood">{line}{restore_button(turn)}</div>'
    query = f'<q dir="auto">{escape_text(followup.query)}</q>'
    chips = "".join(render_chip(item.text, item.origin, turn, without) for item in followup.carried)
    back = restore_button(turn) if without else ""
    return (
        f'<div class="dl-understood"><p class="dl-understood-as">'
        f"{say('followup.understood', query=query)}</p>"
        f'<ul class="dl-chips" aria-label="{say("followup.carried")}">{chips}</ul>{back}</div>'
    )


def render_chip(text: str, origin: str, turn: int, without: Collection[str]) -> str:
    """One run of carried words, to be taken away."""
    shown = escape_text(text)
    gone = escape_text(json.dumps([*without, text], ensure_ascii=False))
    label = say("followup.remove", words=shown)
    return (
        f'<li><button type="button" class="dl-chip" data-without="{gone}" data-turn="{turn}" '
        f'title="{say(f"followup.from.{origin}")}" aria-label="{label}">'
        f'<span dir="auto">{shown}</span> <span aria-hidden="true">×</span></button></li>'
    )


def restore_button(turn: int) -> str:
    """The way back to all carried words."""
    return (
        f'<button type="button" class="dl-link" data-without="[]" data-turn="{turn}">'
        f"{say('followup.restore')}</button>"
    )


def render_record(record: TurnJson, turn: int) -> str:
    """The turn as data for the page's script, which keeps it in the browser."""
    data = escape_attribute(write_json(record))
    stamp = escape_text(f"{turn} {record['asked']}")
    return f'<span class="dl-record" hidden data-stamp="{stamp}" data-record="{data}"></span>'


def escape_attribute(text: str) -> str:
    """JSON as the value of an attribute, every character kept."""
    import html

    return html.escape(text, quote=True)


def render_topic_end() -> str:
    """The line after which nothing is carried over."""
    return f'<p class="dl-topic" role="separator"><span>{say("followup.topic")}</span></p>'
