"""Bytes → text, exactly: no newline is changed, and what was guessed is said."""

import codecs
import re

from index.errors import ArticleError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC = (
    (b"%PDF-", "a PDF document", ".pdf"),
    (b"PK\x03\x04", "a ZIP archive or an Office document", ""),
    (b"\x89PNG", "a PNG picture", ""),
    (b"\xff\xd8\xff", "a JPEG picture", ""),
    (b"GIF8", "a GIF picture", ""),
    (b"\x1f\x8b", "a gzip archive", ""),
    (b"\xd0\xcf\x11\xe0", "an old Office document", ""),
    (b"{\\rtf", "an RTF document", ""),
    (b"SQLite format 3\x00", "an SQLite database", ""),
    (b"\x7fELF", "a program", ""),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")
# Enough for the guess; larger samples only take longer.
_GUESSED_BYTES = 200_000


def decode_text(data: bytes, name: str, *, declared: str = "") -> tuple[str, tuple[str, ...]]:
    """``data`` as text without its byte order mark, and notes on what was guessed.

    UTF-8 is taken first, then the encoding that the file declares, then the likeliest one.

    Raises:
        ArticleError: ``data`` is not text; ``name`` is the file to say it of.
    """
    for magic, kind, suffix in _MAGIC:
        if data.startswith(magic):
            advice = f"rename it to end in {suffix}" if suffix else "convert it to text first"
            raise ArticleError(f"{name} is {kind}, not text; {advice}.")
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decode_marked(data[len(mark) :], encoding, name), ()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text, notes = _decode_guessed(data, name, declared)
    else:
        notes = ()
        if "\x00" in text:
            text, notes = _decode_unmarked_utf16(data, name)
    if len(_CONTROL.findall(text[:100_000])) > 0.01 * len(text[:100_000]):
        raise ArticleError(_not_text(name))
    return text, notes


def storable_text(text: str) -> str:
    """``text`` with U+FFFD for NULs and lone surrogates, which neither UTF-8 nor SQLite can hold.

    Offsets stay what they were: each is one character before and after.
    """
    return _UNSTORABLE.sub("\ufffd", text) if _UNSTORABLE.search(text) else text


def _decode_marked(data: bytes, encoding: str, name: str) -> str:
    """``data`` in the encoding that its byte order mark names."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ArticleError(
            f"{name} begins as {encoding.upper()} but byte {error.start} is not; "
            "save it as UTF-8 and add it again."
        ) from error
    if "\x00" in text:
        raise ArticleError(_not_text(name))
    return text


def _decode_unmarked_utf16(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """``data`` as UTF-16 when its NUL bytes lie as they do in that; else it is not text."""
    half = max(1, len(data) // 2)
    nuls = (data[0::2].count(0) / half, data[1::2].count(0) / half)
    for encoding, few, many in (
        ("utf-16-le", nuls[0], nuls[1]),
        ("utf-16-be", nuls[1], nuls[0]),
    ):
        if many > 0.3 and few < 0.01:
            try:
                text = data.decode(encoding)
            except UnicodeDecodeError:
                continue
            if "\x00" not in text:
                return text, (_guess_note(encoding),)
    raise ArticleError(_not_text(name))


def _decode_guessed(data: bytes, name: str, declared: str) -> tuple[str, tuple[str, ...]]:
    """``data`` in the declared encoding or the likeliest one, with a note for a guess."""
    if declared:
        try:
            return data.decode(declared), ()
        except (UnicodeDecodeError, LookupError):
            pass
    if b"\x00" in data:
        return _decode_unmarked_utf16(data, name)
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_GUESSED_BYTES]).best()
    if best is not None:
        try:
            return data.decode(best.encoding), (_guess_note(best.encoding),)
        except UnicodeDecodeError:
            pass
    raise ArticleError(
        f"{name} is not text in any encoding that could be recognised; save it as UTF-8 "
        "and add it again."
    )


def _guess_note(encoding: str) -> str:
    """The sentence that says which encoding was guessed."""
    return f"The encoding was guessed: {encoding.replace('_', '-')}."


def _not_text(name: str) -> str:
    """The sentence for bytes that are no text."""
    return f"{name} is not text: it holds binary data; convert it to text and add it again."
