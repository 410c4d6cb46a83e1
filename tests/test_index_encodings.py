"""Text in old encodings is read as its language has it, and a person may say which one it is."""

from pathlib import Path

import pytest
from reading import only_failure, read_all

from index import ArticleError, Library
from index.articles.decoding import UNSURE_ENCODING, decode_text
from index.articles.encodings import find_codec
from index.articles.reading import read_articles, read_file
from index.encoding.word_pieces import clean_text

POLISH = (
    "Mieszkańcy gminy żądają odwołania wójta, który według nich źle gospodarował pieniędzmi. "
    "Święto plonów odbędzie się później niż zwykle, a śluza zostanie naprawiona przed jesienią."
)
FRENCH = (
    "Le café de la place rouvre après trois années de travaux. « Nous étions inquiets », a "
    "déclaré le maire, Hervé Noël, à l’issue de la cérémonie ; les habitants ont fêté l’événement."
)
RUSSIAN = (
    "Старый мост через реку открыли в среду, через три недели после бури. Инженеры сообщили, что "
    "опоры выдержали, и мэр города первым перешёл на другой берег вместе с жителями."
)
UKRAINIAN = (
    "Старий міст через річку відкрили в середу, через три тижні після бурі. Інженери повідомили, "
    "що опори витримали, і її мер першим перейшов на інший берег разом із жителями."
)
GREEK = "Η παλιά γέφυρα άνοιξε ξανά την Τετάρτη, τρεις εβδομάδες μετά την καταιγίδα στο νησί."
TURKISH = (
    "Eski köprü fırtınadan üç hafta sonra çarşamba günü yeniden açıldı, dedi belediye başkanı."
)
JAPANESE = "古い橋は嵐から三週間後の水曜日に再び開通した。技術者は橋脚が無事だったと述べた。"
SIMPLIFIED = "这座老桥在暴风雨过后三周于星期三重新开放。工程师说桥墩完好无损，市长第一个走过了河。"
TRADITIONAL = "這座老橋在暴風雨過後三週於星期三重新開放。工程師說橋墩完好無損，市長第一個走過了河。"
KOREAN = "오래된 다리가 폭풍 삼 주 만에 수요일 다시 열렸다. 기술자들은 교각이 견뎠다고 말했다."


@pytest.mark.parametrize(
    ("text", "encodings"),
    [
        (POLISH, "cp1250 iso8859_2"),
        (FRENCH, "cp1252 mac_roman"),
        (RUSSIAN, "cp1251 koi8_r iso8859_5 mac_cyrillic cp866 utf_16_le utf_16_be"),
        (UKRAINIAN, "cp1251 koi8_u"),
        (GREEK, "cp1253 iso8859_7"),
        (TURKISH, "cp1254 iso8859_9"),
        (JAPANESE, "shift_jis euc_jp iso2022_jp utf_16_le utf_16_be"),
        (SIMPLIFIED, "gb18030 utf_16_le"),
        (TRADITIONAL, "big5 utf_16_be"),
        (KOREAN, "euc_kr iso2022_kr"),
    ],
)
def test_each_language_is_read_in_each_encoding_that_was_used_for_it(
    text: str, encodings: str
) -> None:
    for encoding in encodings.split():
        data = f"{text}\n\n{text}\n".encode(encoding)
        found, notes = decode_text(data, "a.txt")
        assert (encoding, found) == (encoding, f"{text}\n\n{text}\n")
        assert len(notes) == 1


def test_a_broken_byte_does_not_make_chinese_something_else() -> None:
    data = SIMPLIFIED.encode("gb18030")
    broken = data * 2 + b"\xff" + b"\n" + data
    text, notes = decode_text(broken, "a.txt")
    assert (text.count(SIMPLIFIED), text.count("\ufffd")) == (3, 1)
    assert "1 place" in notes[-1]


def test_escape_sequences_of_a_terminal_are_no_japanese() -> None:
    text = "\x1b[1mThe bridge\x1b[0m was opened for $3 million."
    assert decode_text(text.encode(), "a.txt") == (text, ())


# --- what is declared -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "head",
    [
        '<meta charset="iso-8859-1">',
        "<meta http-equiv=content-type content='text/html; charset=ISO-8859-1'>",
        '<meta charset="latin1">',
    ],
)
def test_declared_latin_1_is_read_as_windows_1252(tmp_path: Path, head: str) -> None:
    page = f"<html><head>{head}</head><body><article><p>{FRENCH}</p></article></body></html>"
    (tmp_path / "a.html").write_bytes(page.encode("cp1252"))
    article = read_file(tmp_path / "a.html")
    assert FRENCH in article.text
    assert not any("encoding" in note for note in article.notes)


@pytest.mark.parametrize(
    "head",
    [
        "Content-Type: text/html; charset=koi8-r\r\n\r\n",
        '<?xml version="1.0" encoding="koi8-r"?>\n',
    ],
)
def test_headers_saved_with_a_page_declare_too(tmp_path: Path, head: str) -> None:
    page = f"{head}<html><body><article><p>{RUSSIAN}</p></article></body></html>"
    (tmp_path / "a.html").write_bytes(page.encode("koi8-r"))
    article = read_file(tmp_path / "a.html")
    assert RUSSIAN in article.text
    assert not any("encoding" in note for note in article.notes)


@pytest.mark.parametrize("declared", ["utf-16", "no-such-encoding", "rot13", "hz-gb-2312"])
def test_a_declaration_that_cannot_be_so_is_not_believed(declared: str) -> None:
    assert decode_text(RUSSIAN.encode("cp1251"), "a.html", declared=declared)[0] == RUSSIAN


# --- what a person says -----------------------------------------------------------------------


def test_an_uncertain_encoding_is_said_with_what_it_may_be(
    library: Library, tmp_path: Path
) -> None:
    text = "He went to a café near the museum. " + "The board met and nothing was changed. " * 20
    (tmp_path / "a.txt").write_bytes(text.encode("cp1252"))
    report = library.add_paths([tmp_path / "a.txt"])
    (name, note), *_ = report.uncertain
    assert name == "a.txt"
    assert note.startswith(UNSURE_ENCODING)
    assert "mac-roman" in note
    again = library.add_paths([tmp_path / "a.txt"], encoding="windows-1252")
    assert (again.updated, again.uncertain) == (("a.txt",), ())
    assert library.article("a.txt").text == text


def test_a_named_encoding_goes_before_all_that_a_file_says(tmp_path: Path) -> None:
    page = f"<html><head><meta charset=utf-8></head><body><p>{RUSSIAN}</p></body></html>"
    (tmp_path / "a.html").write_bytes(page.encode("koi8-r"))
    (tmp_path / "b.txt").write_bytes(RUSSIAN.encode("koi8-r"))
    articles, _ = read_all(tmp_path, encoding="KOI8-R")
    assert [RUSSIAN in article.text for article in articles] == [True, True]
    assert not any("encoding" in note for article in articles for note in article.notes)


def test_a_named_encoding_leaves_what_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"%PDF-1.7 and so on")
    assert "is a PDF document" in only_failure(tmp_path / "a.txt", encoding="cp1251")


@pytest.mark.parametrize("name", ["klingon-8", "base64", "a\x00b", "\ud800"])
def test_an_encoding_that_is_none_is_refused_before_anything_is_read(name: str) -> None:
    with pytest.raises(ArticleError, match="is no encoding that is known here") as caught:
        read_articles([Path("seeds")], encoding=name)
    str(caught.value).encode()


def test_labels_are_read_as_browsers_do() -> None:
    labels = ("ISO-8859-1", "x-sjis", "ks_c_5601-1987", "big5", "x-mac-cyrillic", "iso-2022-kr")
    codecs = ["cp1252", "cp932", "cp949", "big5hkscs", "mac-cyrillic", "iso2022_kr"]
    assert [find_codec(label) for label in labels] == codecs


# --- what is ignored in search ----------------------------------------------------------------


@pytest.mark.parametrize("hidden", ["\u00ad", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff"])
def test_a_word_is_found_through_characters_that_are_not_seen(
    library: Library, tmp_path: Path, hidden: str
) -> None:
    text = f"Der Rat hat die Klär{hidden}anlagen{hidden}erweiterung im Mai beschlossen."
    (tmp_path / "a.txt").write_text(text, "utf-8")
    library.add_paths([tmp_path / "a.txt"])
    (hit,) = library.search("Kläranlagenerweiterung", system="bm25")
    assert text[hit.passage.start : hit.passage.end] == hit.passage.text


def test_ligatures_are_written_out_for_the_encoder() -> None:
    assert clean_text("the o\ufb03ce \ufb02ow") == "the office flow"
