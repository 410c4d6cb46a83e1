"""A Word document (ECMA-376, transitional or strict) → its lines, as they are read in print.

Tracked insertions, content controls, fields, text boxes, tables in tables, footnotes and endnotes
are read; tracked deletions are not. Headers, footers and comments are not covered.
"""

import posixpath
import zipfile
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from index.articles.bounds import bound_archive, bound_tables
from index.articles.decoding import storable_text
from index.articles.documents import Document
from index.articles.formats import document_title, give_reason
from index.errors import ArticleError
from index.pages.lines import ends_sentence

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

# Properties, what was deleted or moved away, and how a sign is pronounced.
_LEFT_OUT = frozenset("pPr rPr tblPr trPr tcPr sectPr sdtPr del moveFrom rt".split())
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_ASIDES = frozenset("txbxContent txBody footnoteReference endnoteReference".split())
_PARTS = {"styles", "footnotes", "endnotes"}

_Line = tuple[str, bool]  # a line, and whether it is one of a note or a text box


def read_docx(data: bytes, name: str) -> Document:
    """The text of a Word document: each paragraph, and each row of a table, on its own.

    A row has tabs between its cells. A text box and a note follow the paragraph, or the row, that
    they belong to.

    Raises:
        ArticleError: the file is not a Word document, is damaged or past a bound.
    """
    if not data.startswith(b"PK"):
        raise ArticleError(
            f"{name} is not a .docx file: it is no ZIP archive; save it from Word as .docx."
        )
    try:
        with zipfile.ZipFile(bound_archive(data, name)) as archive:
            package = _find_related(archive, "")
            main = package.get("officeDocument", "word/document.xml")
            document = _parse(archive, main)
            if _name(document) != "document":
                raise ValueError("it holds no text of Word's")
            bound_tables(document, name)
            related = _find_related(archive, main)
            reader = _Reader({kind: _parse(archive, related[kind]) for kind in _PARTS & {*related}})
            lines = [line for line, _ in reader.read_blocks(document)]
            core = package.get("core-properties", "")
            title = _parse(archive, core).findtext("{*}title") if core else ""
    except (ArticleError, MemoryError):
        raise
    except Exception as error:  # the parts of a package may lack anything
        raise ArticleError(
            f"{name} is a damaged Word document ({give_reason(error)}); open it, "
            "save it again and add that."
        ) from error
    text = "\n\n".join(lines + [text.strip() for text in reader.held if text.strip()])
    return Document(storable_text(text), title=document_title(title or "") or reader.heading)


class _Reader:
    """Reads blocks, and keeps what a later one needs: the notes, and text that goes on there."""

    def __init__(self, parts: dict[str, "Element"]) -> None:
        self.heading = ""
        self.held: list[str] = []
        self._notes = {
            (f"{kind}Reference", _value(note, "id")): note
            for kind in ("footnote", "endnote")
            for note in parts.get(f"{kind}s", ())
        }
        self._titles = {
            _value(style, "styleId")
            for style in parts.get("styles", ())
            if _value(style.find("{*}name")).lower() in ("title", "heading 1")
        }

    def read_blocks(self, parent: "Element") -> Iterator[_Line]:
        """The lines of the paragraphs and tables in ``parent``, none of them blank."""
        for element in _find_visible(parent):
            kind = _name(element)
            if kind == "p":
                yield from self._read_paragraph(element)
            elif kind == "tr":
                yield from self._read_row(element)
            else:
                yield from self.read_blocks(element)

    def _read_paragraph(self, paragraph: "Element") -> Iterator[_Line]:
        asides: list[Element] = []
        text = "".join((*self.held, *_read_inline(paragraph, asides)))
        self.held = []
        initial = _value(paragraph.find("{*}pPr/{*}framePr"), "dropCap") in ("drop", "margin")
        if initial or paragraph.find("{*}pPr/{*}rPr/{*}del") is not None:
            # A large first letter, or an end that was deleted: the next paragraph goes on.
            self.held = [text if initial else f"{text} "]
        elif text.strip():
            if not self.heading and _value(paragraph.find("{*}pPr/{*}pStyle")) in self._titles:
                self.heading = text.strip()
            yield text.strip(), False
        for aside in asides:
            # A note is read once, however often it is referred to.
            box = self._notes.pop((_name(aside), _value(aside, "id")), aside)
            yield from ((line, True) for line, _ in self.read_blocks(box))

    def _read_row(self, row: "Element") -> Iterator[_Line]:
        if row.find("{*}trPr/{*}del") is not None:
            return
        cells = [list(self.read_blocks(cell)) for cell in _find_cells(row)]
        own = [[line for line, aside in cell if not aside] for cell in cells]
        filled = [cell for cell in own if cell]
        laid_out = any(len(cell) > 1 and any(map(ends_sentence, cell)) for cell in filled)
        if len(filled) < 2 or laid_out or row.find(".//{*}tc//{*}tbl") is not None:
            # The table only places text: each cell is read for itself.
            yield from chain.from_iterable(cells)
            return
        yield "\t".join(" ".join(" ".join(cell).split()) for cell in own).strip(), False
        yield from (line for line in chain.from_iterable(cells) if line[1])


def _read_inline(parent: "Element", asides: list["Element"]) -> Iterator[str]:
    """The pieces of text of a paragraph; ``asides`` gets its text boxes and references to notes."""
    for element in _find_visible(parent):
        kind = _name(element)
        if kind == "t":
            yield element.text or ""
        elif kind in _ASIDES:
            asides.append(element)
        elif kind in _SIGNS:
            yield _SIGNS[kind]
        else:
            yield from _read_inline(element, asides)


def _find_visible(parent: "Element") -> Iterator["Element"]:
    """The children that are shown; of alternatives for several programs the first with text."""
    for element in parent:
        kind = _name(element)
        if kind == "AlternateContent":
            yield from [way for way in element if way.find(".//{*}t") is not None][:1]
        elif kind not in _LEFT_OUT:
            yield element


def _find_cells(row: "Element") -> Iterator["Element"]:
    """The cells of a row without those that were deleted, also out of content controls."""
    for element in _find_visible(row):
        if _name(element) != "tc":
            yield from _find_cells(element)
        elif element.find("{*}tcPr/{*}cellDel") is None:
            yield element


def _find_related(archive: zipfile.ZipFile, part: str) -> dict[str, str]:
    """The names of the parts that ``part`` (of the package itself, if empty) refers to, by kind."""
    folder, name = posixpath.split(part)
    relations = posixpath.join(folder, "_rels", f"{name}.rels")
    if relations not in archive.namelist():
        return {}
    return {
        entry.get("Type", "").rpartition("/")[2]: posixpath.normpath(
            posixpath.join("/", folder, entry.get("Target", ""))
        ).lstrip("/")
        for entry in _parse(archive, relations)
        if entry.get("TargetMode") != "External"
    }


def _parse(archive: zipfile.ZipFile, part: str) -> "Element":
    """The tree of one part; nesting deeper than 256 elements is refused by libxml2."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    return etree.fromstring(archive.read(part), parser)


def _name(element: "Element") -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _value(element: "Element | None", attribute: str = "val") -> str:
    """An attribute in whatever namespace, or the empty string."""
    pairs = () if element is None else element.attrib.items()
    return next((str(found) for key, found in pairs if key.rpartition("}")[2] == attribute), "")
