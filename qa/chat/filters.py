"""The filters of the Ask tab: which articles may answer, read from a form, said in words."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from index import ArticleSummary, Filters, QuestionError
from qa.chat.display import describe_date
from qa.chat.texts import say
from qa.output.safe_text import clean_text
from qa.requests import FilterError, parse_filters

if TYPE_CHECKING:
    from gradio import Button
    from gradio.components import Component

CHOICES = 200
"""How many sources a menu lists; any other can be typed."""


@contextmanager
def wording_errors() -> Iterator[None]:
    """Within it, what is wrong with a filter is said in the words of the page.

    Raises:
        QuestionError: what was wrong.
    """
    try:
        yield
    except FilterError as error:
        if error.field is None:
            sentence = say("filters.no_range", first=error.first, last=error.last)
        else:
            label = say(error.field.replace("published_", "filters."))
            sentence = say("filters.no_date", text=error.text, field=label)
        raise QuestionError(sentence) from error


def read_filters(
    after: str = "",
    before: str = "",
    sources: Sequence[str] | None = None,
    languages: Sequence[str] | None = None,
) -> Filters:
    """The filters that the form gives; empty fields admit all.

    Raises:
        QuestionError: a date that is none, or a range that ends before it begins.
    """
    with wording_errors():
        return parse_filters(after, before, sources, languages)


def describe_filters(filters: Filters) -> str:
    """What the filters admit: ``published from 2008, by Reuters or NTB, in English``."""
    either = say("filters.or")
    parts = (
        describe_range(filters.published_after, filters.published_before),
        say("filters.by", names=either.join(filters.sources)) if filters.sources else "",
        say("filters.in", names=either.join(map(name_language, filters.languages)))
        if filters.languages
        else "",
    )
    return ", ".join(part for part in parts if part)


def describe_range(after: str, before: str) -> str:
    """The dates of a filter in words, such as ``published up to 2010``; empty without any."""
    first, last = (describe_date(iso) if iso else "" for iso in (after, before))
    if first and last:
        return say("filters.within" if first == last else "filters.range", first=first, last=last)
    if first:
        return say("filters.from", first=first)
    return say("filters.to", last=last) if last else ""


def name_language(code: str) -> str:
    """A language's name in the language of the page; its code when CLDR has none."""
    return say(f"language.{code}") if re.fullmatch("[a-z]{2,3}", code) else code


def note_filters(filters: Filters) -> tuple[str, ...]:
    """One sentence for the answer on what the filters left out; none when they left out nothing."""
    if filters.is_empty:
        return ()
    dated = filters.published_after or filters.published_before
    key = "filters.used_dated" if dated else "filters.used"
    return (say(key, which=describe_filters(filters)),)


def label_filters(
    after: str, before: str, sources: Sequence[str] | None, languages: Sequence[str] | None
) -> str:
    """What the button over the filters says: that there are some, and which are set."""
    try:
        filters = read_filters(after, before, sources, languages)
    except QuestionError:
        return say("filters.wrong")
    if filters.is_empty:
        return say("filters.button")
    return say("filters.set", which=describe_filters(filters))


def list_sources(articles: Sequence[ArticleSummary]) -> list[tuple[str, str]]:
    """The library's sources as shown and as named, those of most articles first, as many as fit."""
    counted = Counter(item.source for item in articles if item.source)
    return [(clean_text(name), name) for name, _ in counted.most_common(CHOICES)]


def list_languages(articles: Sequence[ArticleSummary]) -> list[tuple[str, str]]:
    """The library's languages as name and code, those of most articles first."""
    counted = Counter(item.language for item in articles if item.language)
    return [(name_language(code), code) for code, _ in counted.most_common(CHOICES)]


@dataclass(frozen=True, slots=True)
class FilterForm:
    """The panel's fields, in the order of ``read_filters``, and how to renew its menus."""

    fields: "tuple[Component, ...]"
    refresh: Callable[[Sequence[ArticleSummary]], tuple[Any, ...]]

    @property
    def menus(self) -> "tuple[Component, ...]":
        """The fields that ``refresh`` updates."""
        return self.fields[2:]


def build_toggle() -> "Button":
    """The button that opens the panel; the page's script makes it a disclosure."""
    import gradio as gr

    return gr.Button(say("filters.button"), size="sm", elem_id="dl-filter-toggle", scale=0)


def build_filters(articles: Sequence[ArticleSummary], toggle: "Button") -> FilterForm:
    """The panel with its fields, inside the page that is being built; closed at first."""
    import gradio as gr

    shape: dict[str, Any] = {
        "placeholder": say("filters.date_example"),
        "max_length": 40,
        "min_width": 150,
    }
    with gr.Column(elem_id="dl-filters"):
        with gr.Row():
            after = gr.Textbox(label=say("filters.after"), **shape)
            before = gr.Textbox(label=say("filters.before"), **shape)
        with gr.Row():
            menu: dict[str, Any] = {"multiselect": True, "allow_custom_value": True}
            source = gr.Dropdown(
                list_sources(articles), label=say("filters.source"), elem_id="dl-filter-source",
                min_width=150, **menu,
            )  # fmt: skip
            language = gr.Dropdown(
                list_languages(articles), label=say("filters.language"),
                elem_id="dl-filter-language", min_width=150, **menu,
            )  # fmt: skip
        reset = gr.Button(say("filters.clear"), size="sm", elem_id="dl-filter-reset", scale=0)
    fields = (after, before, source, language)
    quiet: dict[str, Any] = {
        "show_progress": "hidden",
        "queue": False,
        "api_visibility": "private",
    }
    gr.on(
        [item.change for item in fields],
        label_filters,
        list(fields),
        toggle,
        trigger_mode="always_last",
        **quiet,
    )
    reset.click(lambda: ("", "", [], []), None, list(fields), **quiet)

    def refresh(now: Sequence[ArticleSummary]) -> tuple[Any, ...]:
        return gr.Dropdown(choices=list_sources(now)), gr.Dropdown(choices=list_languages(now))

    return FilterForm(fields, refresh)
