"""The filters of the Ask tab: which articles may answer, read from a form, said in words."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from index import ArticleSummary, Filters, QuestionError
from qa.as_of import describe_dates

if TYPE_CHECKING:
    from gradio import Button
    from gradio.components import Component

ISO_PREFIX = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
CHOICES = 200
"""How many sources a menu lists; any other can be typed."""
LANGUAGES = {
    "ar": "Arabic", "cs": "Czech", "de": "German", "en": "English", "es": "Spanish",
    "fa": "Persian", "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi",
    "it": "Italian", "ja": "Japanese", "ko": "Korean", "nl": "Dutch", "no": "Norwegian",
    "pl": "Polish", "pt": "Portuguese", "ru": "Russian", "sv": "Swedish", "tr": "Turkish",
    "uk": "Ukrainian", "zh": "Chinese",
}  # fmt: skip


def parse_filters(
    after: str = "",
    before: str = "",
    sources: Sequence[str] | None = None,
    languages: Sequence[str] | None = None,
) -> Filters:
    """The filters that a form or a call of the API gives; empty fields admit all.

    Raises:
        QuestionError: a date that is none, or a range that ends before it begins.
    """
    first, last = parse_date("from", after), parse_date("to", before)
    if first and last and first[: len(last)] > last:
        raise QuestionError(
            f"No article can be published from {first} to {last}: the range ends before it begins; "
            "swap the two dates."
        )
    return Filters(first, last, clean_names(sources), clean_names(languages))


def parse_date(name: str, value: str | None) -> str:
    """A date or a prefix of one, without the white space around it.

    Raises:
        QuestionError: it is neither, or the calendar has no such day.
    """
    text = str(value or "").strip()
    try:
        if text and ISO_PREFIX.fullmatch(text):
            date.fromisoformat(text + "-01-01"[len(text) - 4 :])
        elif text:
            raise ValueError
    except ValueError as error:
        raise QuestionError(
            f"“{text[:40]}” under “Published {name}” is not a date; "
            "write 2008, 2008-09 or 2008-09-17."
        ) from error
    return text


def clean_names(names: Sequence[str] | None) -> tuple[str, ...]:
    """The names that say something, each once, in order; one name may stand for a list of it."""
    listed = [names] if isinstance(names, str) else names or ()
    stripped = (str(name).strip() for name in listed)
    return tuple(dict.fromkeys(name for name in stripped if name))


def describe_filters(filters: Filters) -> str:
    """What the filters admit: ``published from 2008, by Reuters or NTB, in English``."""
    dated = filters.published_after or filters.published_before
    named = [LANGUAGES.get(code, code) for code in filters.languages]
    parts = (
        describe_dates(filters) if dated else "",
        f"by {' or '.join(filters.sources)}" if filters.sources else "",
        f"in {' or '.join(named)}" if named else "",
    )
    return ", ".join(part for part in parts if part)


def note_filters(filters: Filters) -> tuple[str, ...]:
    """One sentence for the answer on what the filters left out; none when they left out nothing."""
    if filters.is_empty:
        return ()
    dated = filters.published_after or filters.published_before
    left_out = "; those without a full date were left out" if dated else ""
    return (f"Only articles {describe_filters(filters)} were used{left_out}.",)


def label_filters(
    after: str, before: str, sources: Sequence[str] | None, languages: Sequence[str] | None
) -> str:
    """What the button over the filters says: that there are some, and which are set."""
    try:
        filters = parse_filters(after, before, sources, languages)
    except QuestionError:
        return "Filters: check the dates"
    return "Filters" if filters.is_empty else f"Filters: {describe_filters(filters)}"


def list_sources(articles: Sequence[ArticleSummary]) -> list[str]:
    """The library's sources, those of most articles first, as many as a menu can hold."""
    counted = Counter(item.source for item in articles if item.source)
    return [name for name, _ in counted.most_common(CHOICES)]


def list_languages(articles: Sequence[ArticleSummary]) -> list[tuple[str, str]]:
    """The library's languages as name and code, those of most articles first."""
    counted = Counter(item.language for item in articles if item.language)
    return [(LANGUAGES.get(code, code), code) for code, _ in counted.most_common(CHOICES)]


@dataclass(frozen=True, slots=True)
class FilterForm:
    """The panel's fields, in the order of ``parse_filters``, and how to renew its menus."""

    fields: "tuple[Component, ...]"
    refresh: Callable[[Sequence[ArticleSummary]], tuple[Any, ...]]

    @property
    def menus(self) -> "tuple[Component, ...]":
        """The fields that ``refresh`` updates."""
        return self.fields[2:]


def build_toggle() -> "Button":
    """The button that opens the panel; the page's script makes it a disclosure."""
    import gradio as gr

    return gr.Button("Filters", size="sm", elem_id="dl-filter-toggle", scale=0)


def build_filters(articles: Sequence[ArticleSummary], toggle: "Button") -> FilterForm:
    """The panel with its fields, inside the page that is being built; closed at first."""
    import gradio as gr

    shape: dict[str, Any] = {
        "placeholder": "2008, 2008-09 or 2008-09-17",
        "max_length": 40,
        "min_width": 150,
    }
    with gr.Column(elem_id="dl-filters"):
        with gr.Row():
            after = gr.Textbox(label="Published from", **shape)
            before = gr.Textbox(label="Published to", **shape)
        with gr.Row():
            menu: dict[str, Any] = {"multiselect": True, "allow_custom_value": True}
            source = gr.Dropdown(
                list_sources(articles), label="Source", elem_id="dl-filter-source",
                min_width=150, **menu,
            )  # fmt: skip
            language = gr.Dropdown(
                list_languages(articles), label="Language", elem_id="dl-filter-language",
                min_width=150, **menu,
            )  # fmt: skip
        reset = gr.Button("Clear filters", size="sm", elem_id="dl-filter-reset", scale=0)
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
