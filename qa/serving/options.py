"""What several commands share: their options, settings, the library, filters and JSON."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.extensions import describe_systems
from index.settings import Settings
from index.types import Filters

if TYPE_CHECKING:
    from index import Library

FAILED, NOT_FOUND = 1, 3

LibraryOption = Annotated[
    Path | None,
    typer.Option("--library", "-l", help="The library's folder.", show_default=False),
]
EncoderOption = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="The encoder: all-MiniLM-L6-v2 (in a new library), bge-small-en-v1.5, or the path or "
        "name of a sentence-transformers model.",
        show_default=False,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
SystemOption = Annotated[str | None, typer.Option("--system", help=f"{describe_systems()}.")]
PassagesOption = Annotated[int, typer.Option("--passages", "-k", min=1, help="Passages to show.")]
AfterOption = Annotated[
    str, typer.Option("--published-after", metavar="DATE", help="Only articles from this date on.")
]
BeforeOption = Annotated[
    str, typer.Option("--published-before", metavar="DATE", help="Only articles up to this date.")
]
SourceOption = Annotated[
    list[str] | None, typer.Option("--source", help="Only this source; may be repeated.")
]
LanguageOption = Annotated[
    list[str] | None, typer.Option("--language", help="Only this language (en, ru, …).")
]


def load_settings(library: Path | None, **overrides: object) -> Settings:
    """The settings of this call: flags over environment over the config file."""
    return Settings.load({"library": library, **overrides})


@contextmanager
def open_library(
    settings: Settings, *, create: bool = False, check: bool = True
) -> Iterator["Library"]:
    """The library that the settings name, closed afterwards.

    Without ``check``, one of another encoder or passage rule is opened too, to be made anew.
    """
    from index import Library

    with Library.open(settings.library, settings=settings, create=create, check=check) as library:
        yield library
        if library.is_training:
            typer.echo("Training the search for a library of this size…", err=True)


def make_filters(
    after: str, before: str, sources: list[str] | None, languages: list[str] | None
) -> Filters:
    """The filters of the command line, dates checked: there is no 2008-13 and no 2008-02-31."""
    from qa.requests import FilterError, parse_filters

    try:
        return parse_filters(after, before, sources, languages)
    except FilterError as error:
        told = error.describe(lambda field: "--" + field.replace("_", "-"))
        raise typer.BadParameter(told) from error
