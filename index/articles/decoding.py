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
_TEMPLATE_MARKS = re.compile("[\ue000-\ue002]")
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
# Enough for the guess; larger samples only take longer.
_GUESSED_BYTES = 200_000
# No encoding in use has a byte below these within a character of several bytes.
_WITHIN_CHARACTERS = bytes(range(0x30, 0x100))
_LONGEST_CHARACTER = 4
# So many bytes must go on a valid character for each place that is invalid; text in another
# encoding has far more invalid places than bytes that happen to go on a character.
_VALID_FOR_INVALID = 4


def decode_text(data: bytes, name: str, *, declared: str = "") -> tuple[str, tuple[str, ...]]:
    """``data`` as text without its byte order mark, and notes on what was guessed.

    UTF-8 is taken first, also with a few broken bytes, then the encoding that the file declares,
    then the likeliest one that all of ``data`` is valid in.

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
    """``data`` as broken UTF-8, in the declared encoding or the likeliest one, and what to note."""
    mended = None if b"\x00" in data else _decode_broken_utf8(data)
    if mended:
        return mended
    if declared:
        try:
            return data.decode(declared), ()
        except (UnicodeDecodeError, LookupError):
            pass
    if b"\x00" in data:
        return _decode_unmarked_utf16(data, name)
    for encoding in _guess_encodings(data):
        try:
            return data.decode(encoding), (_guess_note(encoding),)
        except UnicodeDecodeError:
            continue
    raise ArticleError(
        f"{name} is not text in any encoding that could be recognised; save it as UTF-8 "
        "and add it again."
    )


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
    places = "1 place" if invalid == 1 else f"{invalid:,} places"
    return text, (f"Invalid UTF-8 was replaced by U+FFFD in {places}.",)


def _guess_encodings(data: bytes) -> list[str]:
    """The encodings that ``data`` may be in, likeliest first; not all of it is looked at."""
    from charset_normalizer import from_bytes

    matches = sorted(match for sample in _take_samples(data) for match in from_bytes(sample))
    return list(dict.fromkeys(match.encoding for match in matches))


def _take_samples(data: bytes) -> list[bytes]:
    """What to guess from: a part of ``data`` around its first byte that is not ASCII.

    It is cut between two characters. Where that cannot be told without the encoding, there are
    several, one of which is.
    """
    if len(data) <= _GUESSED_BYTES:
        return [data]
    found = _NOT_ASCII.search(data)
    start = max(0, found.start() - _GUESSED_BYTES // 2) if found else 0
    sample = data[start : start + _GUESSED_BYTES]
    if start + len(sample) == len(data):
        return [sample]
    whole = sample.rstrip(_WITHIN_CHARACTERS)
    if len(whole) > 0.75 * len(sample):
        return [whole]
    return [sample[: len(sample) - cut] for cut in range(_LONGEST_CHARACTER)]


def _guess_note(encoding: str) -> str:
    """The sentence that says which encoding was guessed."""
    return f"The encoding was guessed: {encoding.replace('_', '-')}."


def _not_text(name: str) -> str:
    """The sentence for bytes that are no text."""
    return f"{name} is not text: it holds binary data; convert it to text and add it again."
