"""The tables of formats, vector engines and readers; docs/extending.md says how to add to them.

A row is all that the rest of Dateline knows of a member. It names the place of its code, which is
loaded when it is first used, as ``module:name``; code from elsewhere may stand there itself.
"""

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, get_args

from index.types import SystemName

Place = Any
"""Code, or where it is: ``package.module:name``."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format by the endings of its files, of which the first is the one that people are told.

    ``read`` takes the bytes and the name of a file and gives its ``Document``. ``read_many`` is for
    files of many articles: it takes a path and the most million bytes that an article may have,
    gives articles and ``SkippedFile``, and ``count`` says about how many a path holds. ``text`` is
    true where a file is text as a whole, of which a person may name the encoding.
    """

    suffixes: tuple[str, ...]
    read: Place = None
    read_many: Place = None
    count: Place = None
    text: bool = False


FORMATS = [
    Format((".txt", ".text"), "index.articles.formats:read_txt", text=True),
    Format((".md", ".markdown"), "index.articles.formats:read_markdown", text=True),
    Format((".html", ".htm", ".xhtml"), "index.articles.formats:read_html", text=True),
    Format((".pdf",), "index.articles.pdf:read_pdf"),
    Format((".docx",), "index.articles.word:read_docx"),
    Format(
        (".jsonl",),
        read_many="index.articles.records:read_records",
        count="index.articles.records:count_lines",
    ),
]

EXACT, CLUSTERS = "exact", "clusters"
"""The engines between which ``auto`` chooses by the size of a library."""

ENGINES: dict[str, Place] = {
    EXACT: "index.vectors.flat:FaissVectors",
    CLUSTERS: "index.vectors.ivf.inverted:IVFVectors",
}
"""The classes of ``index.vectors.engine.VectorEngine``, by what settings and headers call them."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader or reranker by the name that follows the plus of a system: ``hybrid+reader``.

    ``help`` says what it does, after its name. ``make`` takes how many threads it may use, 0 for
    every core, and gives a ``qa.reader.protocol.Picker``. ``model`` names its weights and their
    size for ``dateline doctor``.
    """

    name: str
    help: str
    make: Place
    model: str = ""


READERS = [
    Reader(
        "reader",
        "reads the best passages for the words that answer",
        "qa.reader.shared:make_reader",
        "all-MiniLM-L6-v2 trained further, 21 MB",
    )
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


def find_reader(system: str) -> Reader | None:
    """The reader of a system; ``None`` for one that only searches."""
    name = system.partition("+")[2]
    return next((row for row in READERS if name == row.name), None)


def list_systems() -> list[str]:
    """The ways to answer, by name: every way to search, alone and with every reader."""
    after = ("", *(f"+{row.name}" for row in READERS))
    return [f"{search}{reader}" for reader in after for search in get_args(SystemName)]


def suggest_systems() -> list[str]:
    """The systems that people are told: every way to search, and the fusion with every reader."""
    return [*get_args(SystemName), *(f"hybrid+{row.name}" for row in READERS)]


def name_systems() -> str:
    """The systems for a sentence: ``dense, bm25, hybrid, rrf, sum or hybrid+reader``."""
    *most, final = suggest_systems()
    return f"{', '.join(most)} or {final}"


def describe_systems() -> str:
    """The systems for a help text, with what each reader does."""
    return f"{name_systems()} ({'; '.join(f'+{row.name} {row.help}' for row in READERS)})"
