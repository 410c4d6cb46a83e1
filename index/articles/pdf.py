"""A PDF → its text in reading order, its lines joined to paragraphs, and where each page begins.

PDFium gives glyphs as they were drawn; columns of prose are read one after the other. Lines that
run on are joined, also over columns and pages; what heads or foots the pages is kept apart. Tables
come row by row, turned text as it was drawn; pictures and forms are not covered.
"""

import json
import re
import subprocess
import sys
from bisect import bisect_left, bisect_right
from collections import Counter
from contextlib import suppress
from ctypes import byref
from itertools import accumulate, groupby, pairwise
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from index.errors import ArticleError
from index.text.sentences import mask_digits

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

    from index.articles.documents import Document

_SENTENCE_END = re.compile(r"""[.!?…:;]["'”’»)\]]*$""")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_BROKEN = re.compile(r"[^\W_]+(?:-[^\W_]+)*[-\u2010\u00ad]$")
_HYPHENS = {2: "-", 0xFFFE: "-"}  # PDFium's, where a line ends
_GAP = 0.7  # of the letters' height: what parts columns and cells
_LINES, _LETTERS = 2, 20  # of a column of prose at least, and in each; few of a table have them


class Piece(NamedTuple):
    """Text on one line of a page without a wide gap, and where it stands, in points.

    ``line`` is the number of its line. ``column`` has the left edge, the right edge and the leading
    of its column, ``stops`` where other pieces of its line begin and end.
    """

    text: str
    left: float
    bottom: float
    right: float
    top: float
    line: int = 0
    column: tuple[float, float, float] = (0, 0, 0)
    stops: frozenset[int] = frozenset()


def read_pdf(data: bytes, name: str) -> "Document":
    """The text of a PDF; ``pages`` holds the offset at which each page begins.

    It is read in a process of its own: a small one can ask for hours and gigabytes.

    Raises:
        ArticleError: it takes more than that, is encrypted, broken or a scan without text.
    """
    from index.articles.decoding import storable_text
    from index.articles.documents import Document
    from index.articles.formats import document_title

    child = f"import sys; sys.path[:] = {sys.path!r}; from index.articles import pdf; pdf.answer()"
    done = subprocess.run([sys.executable, "-c", child], input=data, capture_output=True)
    told = json.loads(done.stdout) if not done.returncode else {}
    if "password" in (error := told.get("error", "")):
        reason = "is encrypted: it opens only with a password; save a copy without one and add that"
    elif error:
        reason = f"is a broken PDF ({error}); open it in a viewer, save it again and add that"
    elif not told:
        reason = "takes more than two minutes or 2 GB to read; print it to a new PDF and add that"
    elif not told["text"]:
        reason = (
            f"has no text on its {len(told['starts'])} pages: it is a scan, or its pages cannot be "
            "read; run text recognition (OCR) on it first"
        )
    else:
        empty = [str(number) for number in told["empty"]]
        address = re.search(r"https?://\S+", told["heads"])
        return Document(
            storable_text(told["text"]),
            title=document_title(told["title"]),
            url=address[0] if address else "",
            pages=tuple(told["starts"]),
            heads=storable_text(told["heads"]),
            notes=(f"{len(empty)} pages have no text: {', '.join(empty[:20])}.",) if empty else (),
        )
    raise ArticleError(f"{name} {reason}.")


def answer() -> None:
    """Read the PDF on standard input and write its text, or why it has none, as JSON."""
    from pypdfium2 import PdfDocument, PdfiumError

    with suppress(ImportError):  # Windows has no limits of this kind
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
        resource.setrlimit(resource.RLIMIT_CPU, (120, 120))  # a thousand pages take 6 s
    pages: list[list[Piece]] = []
    try:
        document = PdfDocument(sys.stdin.buffer.read())
        title = document.get_metadata_dict().get("Title", "")
        for number in range(len(document)):
            pages.append([])
            with suppress(PdfiumError):
                pages[-1] = read_pieces(document[number])
        text, starts, heads = join_pages(pages)
        empty = [number for number, page in enumerate(pages, start=1) if not page]
        told = {"title": title, "text": text, "starts": starts, "heads": heads, "empty": empty}
    except PdfiumError as error:
        told = {"error": str(error).rstrip(".")}
    json.dump(told, sys.stdout)


def read_pieces(page: "PdfPage") -> list[Piece]:
    """The pieces of a page as they were drawn."""
    from pypdfium2.raw import FS_RECTF, FPDFText_GetLooseCharBox, FPDFText_GetUnicode

    page_text, box = page.get_textpage(), FS_RECTF()
    codes = [FPDFText_GetUnicode(page_text, number) for number in range(page_text.count_chars())]
    pieces: list[Piece] = []
    text, line = "", 0
    left = bottom = right = top = 0.0
    for number, letter in enumerate(chr(min(code, 0x10FFFF)) for code in (*codes, ord("\n"))):
        if blank := letter.isspace():
            turns = letter in "\r\n"
        else:
            FPDFText_GetLooseCharBox(page_text, number, byref(box))
            turns = text != "" and ord(text[-1]) in _HYPHENS
        if text and (turns or (not blank and box.left > right + _GAP * (top - bottom))):
            pieces.append(Piece(text.translate(_HYPHENS).strip(), left, bottom, right, top, line))
            text = ""
        line += turns
        if blank:
            text += " " if text else ""
            continue
        if not text:
            left, bottom, right, top = box.left, box.bottom, box.right, box.top
        left, bottom = min(left, box.left), min(bottom, box.bottom)
        right, top = max(right, box.right), max(top, box.top)
        text += letter
    return pieces


def join_pages(pages: list[list[Piece]]) -> tuple[str, tuple[int, ...], str]:
    """The text of all pages, where in it each page starts, and what heads and foots the pages."""
    edges = [_find_edges(page) for page in pages]
    counts = Counter(head for page in edges for head in set(page.values()))
    running = {head for head, count in counts.items() if count >= (2 if len(pages) < 6 else 3)}
    lines = [piece.text for page in pages for piece in page]
    words = Counter(word.casefold() for line in lines for word in _WORD.findall(line))
    hyphens = sum(line[-1] in "-\u2010\u00ad" and line[-2:-1].isalnum() for line in lines)
    divided = hyphens > 0.03 * len(lines)  # so many only where words are divided to fill lines
    pairs = list(zip(pages, edges, strict=True))
    heads = [
        piece.text for page, edge in pairs for piece in page if edge.get(piece.line) in running
    ]
    bodies = [[it for it in page if edge.get(it.line) not in running] for page, edge in pairs]
    parts: list[str] = []
    places: list[int] = []
    above = None
    for body in bodies if any(bodies) else pages:
        places.append(len(parts))
        for piece in _read_lines(body):
            if above and _runs_on(above, piece):
                parts[-1] = _lead_on(above.text, piece.text, words, divided)
            elif above:
                parts[-1] += "\n\n"
            parts.append(piece.text)
            above = piece
    offsets = list(accumulate(map(len, parts), initial=0))
    starts = tuple(offsets[place] for place in places)
    return "".join(parts), starts, "\n".join(dict.fromkeys(heads))


def _find_edges(page: list[Piece]) -> dict[int, tuple[str, int]]:
    """The lines at the top and the foot of a page: what each has in common with another page's."""
    rows = [list(row) for _, row in groupby(page, lambda piece: piece.line)]
    rows.sort(key=lambda row: -row[0].top)
    return {
        row[0].line: (mask_digits(" ".join(piece.text for piece in row)), round(row[0].top))
        for row in rows[:3] + rows[-3:]
    }


def _read_lines(page: list[Piece]) -> list[Piece]:
    """The lines of a page in reading order, each with the measures of its column."""
    found: list[Piece] = []
    for column in _find_columns(page):
        rows = [list(row) for _, row in groupby(column, lambda piece: piece.line)]
        rights = sorted(row[-1].right for row in rows)
        leading = median([a[0].top - b[0].top for a, b in pairwise(rows)] or [0])
        # A line may reach over the right edge.
        measures = min(row[0].left for row in rows), rights[len(rights) * 9 // 10], leading
        for row in rows:
            stops = {round(piece.left) for piece in row[1:]} | {round(p.right) for p in row[:-1]}
            text = " ".join(" ".join(piece.text for piece in row).split())
            line = row[0]._replace(text=text, right=row[-1].right)
            found.append(line._replace(column=measures, stops=frozenset(stops)))
    return found


def _find_columns(pieces: list[Piece], levels: int = 4) -> list[list[Piece]]:
    """The pieces in reading order: those of a column together, others as they were drawn.

    They are parted where most of them stand on either side; those that reach over that place part
    what is above from what is below.
    """
    lefts, rights = (sorted(getattr(piece, side) for piece in pieces) for side in ("left", "right"))
    weights: dict[float, float] = {}
    for x in lefts:
        before, behind = bisect_right(rights, x), len(lefts) - bisect_left(lefts, x)
        weights[x] = min(before, behind) ** 2 / (1 + len(lefts) - before - behind)
    x = max(weights, key=weights.__getitem__, default=0.0)
    found: list[list[Piece]] = []
    rest: list[Piece] = []
    downwards = sorted(pieces, key=lambda piece: -piece.top) if levels and weights.get(x) else []
    for _, group in groupby(downwards, lambda piece: piece.left < x < piece.right):
        band = sorted(group, key=lambda piece: piece.line)
        sides = [piece for piece in band if piece.right <= x], [p for p in band if p.left >= x]
        if all(map(_is_prose, sides)):
            for part in (rest, *sides):
                found += _find_columns(part, levels - 1)
            rest = []
        else:
            rest += band
    if not found:
        return [pieces] if pieces else []
    return [*found, *_find_columns(rest, levels - 1)]


def _is_prose(pieces: list[Piece]) -> bool:
    lines = len({piece.line for piece in pieces})
    return lines >= _LINES and sum(len(piece.text) for piece in pieces) >= _LETTERS * lines


def _runs_on(above: Piece, below: Piece) -> bool:
    """Whether the sentence, or the paragraph, of one line goes on in the next."""
    left, right, leading = above.column
    height = above.top - above.bottom
    ended = _SENTENCE_END.search(above.text) is not None
    if above.stops & below.stops or below.text[0] in "•◦▪●■►▶·":
        return False  # the rows of a table, or the items of a list
    if below.text[0].islower() and not ended:
        return above.right - left >= 0.5 * (right - left)
    word = len(below.text.split(" ")[0]) * (below.right - below.left) / len(below.text)
    fits = above.right + word + height / 4 < right
    if fits or abs(below.top - below.bottom - height) > 0.15 * height:
        return False
    if above.column is not below.column:
        return not ended
    indented = below.left > left + 0.5 * height
    return above.top - below.top <= leading + 0.5 * height and not (ended and indented)


def _lead_on(above: str, below: str, words: Counter[str], divided: bool) -> str:
    """The line ``above`` as ``below`` follows it: with a space, or with a word that was divided."""
    broken, tail = _BROKEN.search(above[-80:]), _WORD.match(below)
    if not broken or not below[0].isalnum():
        return f"{above} "
    if not tail or not below[0].islower():
        return above
    head = broken[0].casefold()
    whole, compound = words[head[:-1] + tail[0]], words[f"{head[:-1]}-{tail[0]}"]
    kept = compound > whole or (compound == whole and not divided)
    return above if kept and head[-1] != "\u00ad" else above[:-1]
