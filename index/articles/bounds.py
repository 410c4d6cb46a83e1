"""How large a file may turn out once it is unpacked: a few bytes can ask for all the memory.

Each bound is far beyond what people write and well within what a machine can hold; a file past one
is refused with a sentence before anything is built of it.
"""

import re
import zipfile
import zlib
from io import BytesIO
from typing import TYPE_CHECKING

from index.articles.files import MEGABYTE
from index.errors import ArticleError

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

MOST_ENTRIES = 10_000
MOST_XML = 40 * MEGABYTE
"""Bytes of XML in a Word document; one of a thousand pages has about ten million."""
MOST_TAGS = 1_000_000
"""Signs that begin a tag, in all of a document's XML; a tree takes some 200 bytes for each."""
MOST_SPAN = 1_000
"""Columns that one cell of a table covers; Word allows 63."""
MOST_CELLS = 200_000
MOST_MARKUP = 10 * MEGABYTE
"""Characters of a page without the data that is embedded in it."""
MOST_PAGE_TAGS = 500_000
MOST_PAGE_CELLS = 50_000
MOST_ATTRIBUTES = 2_000
MOST_LINKED_DATA = 100_000
"""Characters of a page's JSON-LD; a longer one is left out: it would be searched over and over."""
MOST_RECORD = 16 * MEGABYTE
"""Bytes of one record of a ``.jsonl`` file: what JSON describes can take thirty times as much."""

MOST_MANIFEST_MB, MOST_ROWS, MOST_COLUMNS = 100, 1_000_000, 100

_READ_XML = (".xml", ".rels")
_CHUNK = 1 << 20
_ENTRY = b"PK\x01\x02"
_DATA_URI = re.compile(r"data:[\w./+-]{0,100}(?:;[\w=-]{1,60}){0,4},[\w%+/=-]+", re.ASCII)
_ATTRIBUTE = (
    r"""[\s/]*+[^\s/>"'=]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]++))?+"""  # as browsers read
)
_OPENING = re.compile(
    rf"""<!--(?: -?> | .*?--!?> | .*)
    | <(?: (?P<raw>script|style)(?=[\s/>]) | /?[a-z][^\s/>]*+ )
      (?P<attributes> (?:{_ATTRIBUTE}|[\s/]*+["'=])*+ )
      (?(raw)(?: (?<!/)> (?: .*?(?=</(?P=raw)) | .* ) )?)""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL | re.ASCII,
)
_ONE = re.compile(rf"(?P<one>{_ATTRIBUTE})|[\s/]*+[\"'=]?+", re.ASCII)
_CELL = re.compile(r"<t[dh]\b", re.IGNORECASE | re.ASCII)
_SPAN = re.compile(r"(?:col|row)span\s{0,9}=\s{0,9}[\"']?\s{0,9}(\d+)", re.IGNORECASE | re.ASCII)
_LINKED_DATA = re.compile(
    r"(<script\b[^>]{0,300}application/ld\+json[^>]{0,300}>)(.*?)(?=</script|\Z)",
    re.IGNORECASE | re.DOTALL | re.ASCII,
)


def bound_archive(data: bytes, name: str) -> BytesIO:
    """The Word document in ``data`` as an archive of its XML alone, which is all that is read.

    What an archive says of its own sizes is not believed: every part is unpacked a piece at a time.

    Raises:
        ArticleError: there is too much of it, or it is damaged; ``name`` is the file.
    """
    if data.count(_ENTRY) > MOST_ENTRIES:
        raise _too_much(name, f"holds more than {MOST_ENTRIES:,} files")
    kept = BytesIO()
    left, tags = MOST_XML, 0
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive, zipfile.ZipFile(kept, "w") as copy:
            # Of two entries of one name the last one counts.
            entries = {entry.filename: entry for entry in archive.infolist()}.values()
            if sum(entry.compress_size for entry in entries) > len(data):
                raise zipfile.BadZipFile("its parts overlap")
            for entry in entries:
                part = b""
                if entry.filename.lower().endswith(_READ_XML):
                    part = _unpack(archive, entry, left, name)
                    left -= len(part)
                    tags += part.count(b"<")
                if tags > MOST_TAGS:
                    raise _too_much(name, f"has more than {MOST_TAGS:,} tags")
                copy.writestr(entry.filename, part)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise ArticleError(
            f"{name} is a damaged Word document ({error}); open it, save it again and add that."
        ) from error
    kept.seek(0)
    return kept


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int, name: str) -> bytes:
    """The bytes of an entry, of at most ``left``."""
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        # Of other methods more than was asked for is unpacked at once.
        raise zipfile.BadZipFile(f"{entry.filename} is packed in a way that Word does not use")
    pieces: list[bytes] = []
    with archive.open(entry) as stream:
        while piece := stream.read(min(_CHUNK, left + 1)):
            left -= len(piece)
            if left < 0:
                size = MOST_XML // MEGABYTE
                raise _too_much(name, f"unpacks to more than {size} MB of text and marks")
            pieces.append(piece)
    return b"".join(pieces)


def bound_tables(document: "Element", name: str) -> None:
    """Nothing, for a Word document whose tables can be laid out.

    Raises:
        ArticleError: a cell covers too many columns, or there are too many cells.
    """
    space = document.tag.rpartition("}")[0] + "}"
    total = 0
    for element in document.iter(*(space + tag for tag in _SPANNING)):
        span = _read_span(element.get(f"{space}val"))
        if span > MOST_SPAN:
            raise _too_much(name, f"has a table cell over {span:,} columns")
        total += span
        if total > MOST_CELLS:
            raise _too_much(name, f"has more than {MOST_CELLS:,} table cells")


_SPANNING = ("tc", "gridSpan", "gridBefore", "gridAfter")


def _read_span(value: str | None) -> int:
    """How many columns an element asks for; 1 where it says nothing, or nothing that is a number.

    A number of very many digits is not read as one: that alone would take long.
    """
    digits = (value or "").strip().lstrip("+0")
    if not digits.isascii() or not digits.isdigit():
        return 1
    return int(digits) if len(digits) < 12 else 10**12


def bound_markup(markup: str, name: str) -> str:
    """The page in ``markup`` without the data that is embedded in it.

    Raises:
        ArticleError: it is too long, or an element has too many attributes.
    """
    if "data:" in markup:
        markup = _DATA_URI.sub("data:,", markup)
    if len(markup) > MOST_MARKUP:
        size = MOST_MARKUP // MEGABYTE
        raise _too_much(name, f"has more than {size} million characters of markup")
    if markup.count("<") > MOST_PAGE_TAGS:
        raise _too_much(name, f"has more than {MOST_PAGE_TAGS:,} tags")
    cells = sum(1 for _ in _CELL.finditer(markup))
    spans = [_read_span(span[1]) for span in _SPAN.finditer(markup)]
    if max(spans, default=0) > MOST_SPAN or sum(spans) > MOST_CELLS or cells > MOST_PAGE_CELLS:
        raise _too_much(name, f"has a table of more than {MOST_PAGE_CELLS:,} cells")
    if "ld+json" in markup:
        markup = _LINKED_DATA.sub(_leave_out_long, markup)
    for tag in _OPENING.finditer(markup):
        attributes = tag["attributes"]
        # Each takes two characters at least.
        if (
            attributes
            and len(attributes) > 2 * MOST_ATTRIBUTES
            and sum(1 for found in _ONE.finditer(attributes) if found["one"]) > MOST_ATTRIBUTES
        ):
            raise _too_much(name, f"has an element of more than {MOST_ATTRIBUTES:,} attributes")
    return markup


def _leave_out_long(found: re.Match[str]) -> str:
    """A page's JSON-LD as it is, or its element without it when it is too long."""
    return found[0] if len(found[2]) <= MOST_LINKED_DATA else found[1]


def _too_much(name: str, what: str) -> ArticleError:
    """The error for a file past a bound."""
    return ArticleError(
        f"{name} {what}, more than Dateline reads of one file; save what you need of it as text."
    )
