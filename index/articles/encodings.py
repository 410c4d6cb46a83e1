"""Which encodings there are, and which one bytes are likely to be in.

The models are chardet's: bigrams of each language in each encoding that was used for it, on which
docs/decisions.md gives the measurements.
"""

import codecs
import re

from index.errors import ArticleError

# Another reading is as good when its confidence is at least this share of the best one's, and any
# is when the best one's is below the other figure (benchmarks/encodings.py).
_AS_GOOD = 0.999
_POOR = 0.2
_MOST_READINGS = 4
_SAMPLE = 10_000
_OF_MANY_BYTES = ("gb18030", "big5hkscs", "cp932", "euc_jis_2004", "cp949")
_C1_CONTROL = re.compile("[\x80-\x9f]")


def find_codec(label: str) -> str:
    """Python's name for an encoding, read as browsers do: iso-8859-1 is windows-1252.

    WHATWG Encoding standard, section 4.2; what that does not know goes by Python's own names.

    Raises:
        ArticleError: there is no such encoding.
    """
    import webencodings

    try:
        known = webencodings.lookup(label)
        if known is not None and known.name not in ("replacement", "x-user-defined"):
            return str(known.codec_info.name)
        b"a".decode(label, "ignore")
    except (LookupError, ValueError) as error:
        raise ArticleError(
            f"{label[:40]!a} is no encoding that is known here; name one like windows-1251, "
            "mac-roman or shift-jis."
        ) from error
    return codecs.lookup(label).name


def list_readings(data: bytes) -> dict[str, str]:
    """The texts that ``data`` may be, by encoding and best first; several when that is unsure."""
    found = _rank_encodings(data)
    if not found or found[0][1] < _POOR:
        # A broken byte rules out the encoding that it stands in.
        for encoding in _OF_MANY_BYTES:
            valid = data.decode(encoding, "ignore").encode(encoding, "ignore")
            if 0.98 * len(data) < len(valid) < len(data):
                found += [item for item in _rank_encodings(valid) if item[0] == encoding]
        found.sort(key=lambda item: -item[1])
    best = found[0][1] if found else 0.0
    readings = dict[str, str]()
    for encoding, confidence in found:
        if best >= _POOR and confidence < _AS_GOOD * best or len(readings) == _MOST_READINGS:
            break
        text = data.decode(encoding, "replace")
        if text not in readings.values() and "\x00" not in text:
            readings[encoding] = text
    plain = {name: text for name, text in readings.items() if not _C1_CONTROL.search(text)}
    return plain or readings or _read_utf16(data)


def _rank_encodings(data: bytes) -> list[tuple[str, float]]:
    """The encodings in which ``data`` reads like a language, with confidences, best first."""
    from chardet import EncodingEra, detect_all

    found = detect_all(
        data,
        encoding_era=EncodingEra.ALL & ~EncodingEra.MAINFRAME,
        max_bytes=max(1, len(data)),
        compat_names=False,
    )
    return [(item["encoding"], item["confidence"]) for item in found if item["encoding"]]


def _read_utf16(data: bytes) -> dict[str, str]:
    """UTF-16 without a mark that has few NULs: Chinese, Japanese or Korean, and reads like it."""
    found = list[tuple[float, str, str]]()
    for encoding in ("utf-16-le", "utf-16-be") if b"\x00" in data else ():
        text = data[: len(data) // 2 * 2].decode(encoding, "replace")
        sample = text[:_SAMPLE]
        likeness = max(_rate_likeness(sample, other) for other in _OF_MANY_BYTES)
        if likeness >= _POOR and "\x00" not in text:
            found.append((likeness, encoding, text))
    return {encoding: text for _, encoding, text in sorted(found, reverse=True)[:1]}


def _rate_likeness(text: str, encoding: str) -> float:
    """How much ``text`` reads like the language of the encoding, in [0, 1]."""
    data = text.encode(encoding, "ignore")
    share = len(data.decode(encoding, "ignore")) / max(1, len(text))
    return share * max(
        (each for name, each in _rank_encodings(data) if name == encoding), default=0
    )
