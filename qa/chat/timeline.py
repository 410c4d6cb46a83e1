"""The timeline of a question: dated statements on a line, each opening where it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from index import Article, Filters
from qa.chat.display import describe_date, render_provenance
from qa.chat.filters import read_filters
from qa.chat.marks import Run, mark_runs
from qa.chat.passages import Place, describe_place
from qa.chat.texts import say
from qa.dates import TimelineEntry, spell_date
from qa.output.records import check_shape, write_json
from qa.output.safe_text import escape_text, shorten_text

SELF_EVIDENT = ("as written", "the year is not known")


@dataclass(frozen=True, slots=True)
class TimelineRequest:
    """What a timeline is asked for with: the answer's question and filters."""

    question: str
    filters: Filters = Filters()


def render_disclosure(question: str, filters: Filters) -> str:
    """The closed timeline under an answer; the page fetches it when it is opened."""
    asked = escape_text(write_json(TimelineRequest(question, filters)))
    return (
        f'<details class="dl-timeline" data-timeline="{asked}">'
        f"<summary>{say('timeline.title')}</summary>"
        '<div class="dl-timeline-body" aria-live="polite"></div></details>'
    )


def parse_request(payload: object) -> tuple[str, Filters]:
    """The question and the filters that the page sent back.

    Raises:
        ShapeError: it is something else.
        QuestionError: a filter cannot be used.
    """
    asked = check_shape(TimelineRequest, payload)
    given = asked.filters
    return asked.question, read_filters(
        given.published_after, given.published_before, given.sources, given.languages
    )


def render_timeline(entries: Sequence[TimelineEntry], articles: Mapping[str, Article]) -> str:
    """The entries by date as HTML; those of articles that are gone are left out."""
    told = {
        (entry.iso, entry.article, entry.start): (number, entry)
        for number, entry in enumerate(entries, start=1)
        if entry.article in articles
    }
    if not told:
        return f'<p class="dl-aside">{say("timeline.none")}</p>'
    dates = "".join(
        f'<li><p class="dl-when">{escape_text(describe_date(iso))}</p>'
        + "".join(render_entry(entry, number, articles[entry.article]) for number, entry in group)
        + "</li>"
        for iso, group in groupby(told.values(), key=lambda item: item[1].iso)
    )
    return (
        f'<p class="dl-aside">{say("timeline.lead", count=len(told))}</p>'
        f'<ol class="dl-line">{dates}</ol>'
    )


def render_entry(entry: TimelineEntry, number: int, article: Article) -> str:
    """One statement: its sentence with the dating words set off, its article, and the way there."""
    first = article.text.find(entry.expression, entry.start, entry.end)
    place = (entry.start, entry.end)
    span = (first, first + len(entry.expression)) if first >= 0 else None
    runs = [Run(*span, "strong")] if span else []
    sentence = mark_runs(article.text, entry.start, entry.end, runs)
    view = describe_place(Place(place, place, span, number, article.id, article.digest))
    title = escape_text(shorten_text(article.title or article.id, 90))
    how = (
        f'<p class="dl-how">{escape_text(entry.note)}</p>'
        if entry.note and entry.note not in (*SELF_EVIDENT, entry.expression, spell_date(entry.iso))
        else ""
    )
    return (
        f'<div class="dl-event"><blockquote dir="auto">{sentence}</blockquote>{how}'
        f'<button type="button" class="dl-link" dir="auto" data-open="{view}" '
        f'aria-label="{say("timeline.open", title=title)}">{title}</button>'
        f"{render_provenance(article) if article.source or article.published else ''}</div>"
    )
