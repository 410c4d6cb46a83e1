"""The table of formats; a new one is a function and a row: ``docs/extending.md``.

A row is all that the rest of Dateline knows of a format. It names the place of its code, which is
loaded when it is first used, as ``module:name``; code from elsewhere may stand there itself.
"""

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

Place = Any
"""Code, or where it is: ``package.module:name``."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format by the endings of its files, of which the first is the one that people are told.

    ``read`` takes the bytes and the name of a file and gives its ``Document``. ``read_many`` is for
    files of many articles: it takes a path and the most million bytes that an article may have,
    gives articles and ``SkippedFile``, and ``count`` says about how many a path holds.
    """

    suffixes: tuple[str, ...]
    read: Place = None
    read_many: Place = None
    count: Place = None


FORMATS = [
    Format((".txt", ".text"), "index.articles.formats:read_txt"),
    Format((".md", ".markdown"), "index.articles.formats:read_markdown"),
    Format((".html", ".htm", ".xhtml"), "index.articles.formats:read_html"),
    Format((".pdf",), "index.articles.formats:read_pdf"),
    Format((".docx",), "index.articles.formats:read_docx"),
    Format(
        (".jsonl",),
        read_many="index.articles.records:read_records",
        count="index.articles.records:count_lines",
    ),
]


def load_code(place: Place) -> Any:  # noqa: ANN401 - what the row promises
    """The code of a member, imported when it is given by its place."""
    if not isinstance(place, str):
        return place
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)


def find_format(path: Path) -> Format | None:
    """The format of a file by its ending; ``None`` when nothing reads it."""
    suffix = path.suffix.lower()
    return next((row for row in FORMATS if suffix in row.suffixes), None)


def list_suffixes() -> tuple[str, ...]:
    """Every ending that can be read."""
    return tuple(suffix for row in FORMATS for suffix in row.suffixes)


def name_formats(between: str = ", ", last: str = " and ") -> str:
    """The formats for a sentence: ``.txt, .md, .html, .pdf, .docx and .jsonl``."""
    *most, final = (row.suffixes[0] for row in FORMATS)
    return f"{between.join(most)}{last}{final}"
