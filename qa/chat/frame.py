"""What stands around the conversation: the masthead, the hint under the box, the empty pane."""

from qa.chat.texts import languages, say


def render_masthead() -> str:
    """The name, what it is for, and the languages that the page can be read in."""
    choices = "".join(
        f'<button type="button" lang="{code}" data-language="{code}">{name}</button>'
        for code, name in languages().items()
    )
    return (
        f'<header class="dl-masthead"><h1>Dateline</h1><p>{say("page.tagline")}</p>'
        f'<div class="dl-languages" role="group" aria-label="{say("language.switch")}">'
        f"{choices}</div></header>"
    )


def render_hint() -> str:
    """Which keys do what at the question box."""
    enter, shift = (f"<kbd>{say(f'ask.key.{name}')}</kbd>" for name in ("enter", "shift"))
    keys = {"enter": enter, "newline": f"{shift}+{enter}", "slash": "<kbd>/</kbd>"}
    return f'<p class="dl-hint">{say("ask.hint", **keys)}</p>'


def render_history_button() -> str:
    """What opens the conversations kept in this browser."""
    return (
        f'<button type="button" class="dl-history-button" data-history aria-haspopup="dialog">'
        f"{say('history.title')}</button>"
    )


def render_nothing_yet() -> str:
    """The sources pane before the first answer."""
    return (
        f'<section class="dl-pane dl-pane-empty" aria-labelledby="dl-pane-0">'
        f'<h2 id="dl-pane-0">{say("pane.title")}</h2><p>{say("pane.empty")}</p></section>'
    )
