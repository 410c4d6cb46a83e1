"""Why this passage, why this answer: the signals and steps behind them, each explained."""

from collections.abc import Mapping

from index import Hit
from qa.chat.texts import say
from qa.output.safe_text import escape_text
from qa.output.story import tell_story, word_story
from qa.types import Answer

SIGNALS = ("dense", "bm25", "retrieval", "reader")


def render_signals(hit: Hit | None) -> str:
    """Why a passage was found: its rank, its score and what each search said of it."""
    if hit is None:
        return ""
    rows = [
        render_row("why.rank", say("why.rank.means"), str(hit.rank)),
        render_row("why.score", say("why.score.means"), f"{hit.score:.3f}"),
    ]
    for name, value in hit.signals.items():
        if name in SIGNALS:
            rows.append(render_row(f"why.{name}", say(f"why.{name}.means"), f"{value:.3f}"))
        else:
            rows.append(f"<div><dt>{escape_text(name)}</dt><dd>{value:.3f}</dd></div>")
    return (
        f'<details class="dl-why"><summary>{say("why.title")}</summary>'
        f"<dl>{''.join(rows)}</dl></details>"
    )


def render_steps(answer: Answer) -> str:
    """Why an answer: the story of it, then the stages in order, with the time of each."""
    if not answer.timings:
        return ""
    told = "".join(f"<li>{escape_text(line)}</li>" for line in word_story(tell_story(answer), say))
    story = f"<ol>{told}</ol>" if told else ""
    found = len(answer.trace.passages if answer.trace else answer.hits)
    rows = [
        f"<div><dt>{name_step(stage, found)}</dt><dd>{show_time(value)}</dd></div>"
        for stage, value in answer.timings.items()
    ]
    return (
        f'<details class="dl-why dl-steps"><summary>{say("why.answer")}</summary>'
        f'{story}<p class="dl-aside">{say("why.answer.steps")}</p><dl>{"".join(rows)}</dl>'
        "</details>"
    )


def name_step(stage: str, found: int) -> str:
    """A step of the main path in words."""
    known: Mapping[str, str] = {
        "encode": say("why.encode"),
        "search": say("why.search", count=found),
        "read": say("why.read"),
        "dates": say("why.date"),
        "agreement": say("why.agreement"),
        "total": say("why.total"),
    }
    return known.get(stage) or escape_text(stage)


def show_time(milliseconds: float) -> str:
    """``12 ms``; less than one is not worth a number."""
    return say("why.ms", count=round(milliseconds)) if milliseconds >= 1 else say("why.instant")


def render_row(name: str, meaning: str, value: str) -> str:
    """One signal with what it means under it."""
    return f"<div><dt>{say(name)}<small>{meaning}</small></dt><dd>{value}</dd></div>"
