"""Bytes → text, exactly: no newline is changed, and what was guessed is said."""

import codecs
import re

from index.articles.encodings import find_codec, list_readings
from index.errors import ArticleError

UNSURE_ENCODING = "The encoding is uncertain"
"""How a note begins that names several encodings."""

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
_TEMPLATE_MARKS = re.compile("[\ue000-\ue002]")
# So many bytes must go on a valid character for each place that is invalid; text in another
# encoding has far more invalid places than bytes that happen to go on a character.
_VALID_FOR_INVALID = 4


def decode_text(data: bytes, name: str, *, declared: str = "") -> tuple[str, tuple[str, ...]]:
    """``data`` as text without its byte order mark, and notes on what was guessed.

    UTF-8 is taken first, also with a few broken bytes, then the encoding that the file declares,
    then the one in which it reads most like some language.

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
        text, notes = data.decode("utf-8"), tuple[str, ...]()
    except UnicodeDecodeError:
        mended = None if b"\x00" in data else _decode_broken_utf8(data)
        text, notes = mended or _decode_declared(data, declared) or _decode_guessed(data, name)
    else:
        # Also UTF-16 and the seven-bit encodings of mail (ISO-2022) are valid UTF-8.
        if "\x00" in text or "\x1b$" in text:
            text, notes = _decode_guessed(data, name)
    if len(_CONTROL.findall(text[:100_000])) > 0.01 * len(text[:100_000]):
        raise ArticleError(_not_text(name))
    return text, notes


def mark_encoding(data: bytes, encoding: str) -> bytes:
    """Text in the encoding that a person names, as UTF-8 with its mark, which every reader heeds.

    What is invalid in it becomes U+FFFD. Text with a mark, and what is no text, stays as it is.

    Raises:
        ArticleError: there is no such encoding.
    """
    if any(data.startswith(start) for start, *_ in (*_MARKS, *_MAGIC)):
        return data
    text = data.decode(find_codec(encoding), "replace")
    return codecs.BOM_UTF8 + text.encode("utf-8", "replace")


def storable_text(text: str) -> str:
    """``text`` with U+FFFD for NULs and lone surrogates, which neither UTF-8 nor SQLite can hold.

    Offsets stay what they were: each is one character before and after.
    """
    return _UNSTORABLE.sub("\ufffd", text) if _UNSTORABLE.search(text) else text


def plain_name(text: str) -> str:
    """What metadata names (a title, a source), without the private-use marks of page templates."""
    return _TEMPLATE_MARKS.sub("", text).strip()


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


def _decode_declared(data: bytes, declared: str) -> tuple[str, tuple[str, ...]] | None:
    """``data`` in the encoding that it declares; ``None`` when it is not valid in that.

    A declaration that could be read is not in UTF-16, whatever it says.
    """
    try:
        codec = find_codec(declared) if declared else "utf-16"
        return None if codec.startswith(("utf-16", "utf-32")) else (data.decode(codec), ())
    except (ArticleError, UnicodeError):
        return None


def _decode_guessed(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """``data`` in the likeliest encoding, and a note on which that was and what else it may be."""
    readings = list_readings(data)
    if not readings:
        advice = "say which it is with --encoding, or save it as UTF-8 and add it again."
        raise ArticleError(
            _not_text(name)
            if b"\x00" in data
            else f"{name} is not text in any encoding that could be recognised; {advice}"
        )
    (_, text), *others = readings.items()
    names = [encoding.replace("_", "-") for encoding in readings]
    invalid = _note_invalid(text.count("\ufffd"), names[0])
    if not others:
        return text, (f"The encoding was guessed: {names[0]}.", *invalid)
    note = f"{UNSURE_ENCODING}: read as {names[0]}, it may also be {' or '.join(names[1:])}"
    return text, (f"{note} (--encoding NAME decides).", *invalid)


def _note_invalid(places: int, encoding: str) -> tuple[str, ...]:
    """What to note of so many places that were not valid in the encoding, if there are any."""
    counted = "1 place" if places == 1 else f"{places:,} places"
    return (f"Invalid {encoding} was replaced by U+FFFD in {counted}.",) if places else ()


def _decode_broken_utf8(data: bytes) -> tuple[str, tuple[str, ...]] | None:
    """``data`` with U+FFFD where it is not UTF-8, and a note; ``None`` unless nearly all of it is.

    So reads a text that was cut within a character, or that a few bytes of another got into.
    """
    text = data.decode("utf-8", "replace")
    written = data.count(b"\xef\xbf\xbd")
    invalid = text.count("\ufffd") - written
    going_on = len(text.encode()) - len(text) - 2 * invalid
    if going_on < _VALID_FOR_INVALID * invalid:
        return None
    return text, _note_invalid(invalid, "UTF-8")


def _not_text(name: str) -> str:
    """The sentence for bytes that are no text."""
    return f"{name} is not text: it holds binary data; convert it to text and add it again."
