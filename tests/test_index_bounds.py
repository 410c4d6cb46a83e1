"""Small files that unpack to more than a machine holds are refused with one sentence."""

import io
import os
import struct
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path

import docx
import pytest

from index import Article, SkippedFile
from index.articles.bounds import MOST_XML, bound_archive, bound_markup
from index.articles.manifest import read_manifest
from index.articles.reading import read_articles, read_file
from index.errors import ArticleError, ManifestError

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SENTENCE = "<p>The harbour bridge reopened on Friday after eleven months of repairs.</p>"


def write_docx(file: Path, body: str, *, more: tuple[tuple[str, bytes], ...] = ()) -> Path:
    """A Word document with this body, and more files in its archive."""
    plain = io.BytesIO()
    docx.Document().save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name in source.namelist():
            data = source.read(name)
            if name == "word/document.xml":
                data = f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'.encode()
            made.writestr(name, data)
        for name, data in more:
            made.writestr(name, data)
    return file


def cell(properties: str = "") -> str:
    text = "<w:p><w:r><w:t>x</w:t></w:r></w:p>"
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{text}</w:tc>"


def row(cells: str, properties: str = "") -> str:
    return f"<w:tbl><w:tr><w:trPr>{properties}</w:trPr>{cells}</w:tr></w:tbl>"


def refusal(file: Path) -> str:
    """Why the one file in a folder cannot be added; it is known at once."""
    (item,) = read_articles([file])
    assert isinstance(item, SkippedFile)
    assert item.reason.count("\n") == 0
    return item.reason


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (row(cell('<w:gridSpan w:val="2000000000"/>')), "over 2,000,000,000 columns"),
        (row(cell('<w:gridSpan w:val="1001"/>')), "over 1,001 columns"),
        (row(cell(f'<w:gridSpan w:val="{"9" * 5000}"/>')), "columns"),
        (row(cell(), '<w:gridBefore w:val="2000000000"/>'), "columns"),
        (row(cell(), '<w:gridAfter w:val="2000000000"/>'), "columns"),
        (row(cell('<w:gridSpan w:val="1000"/>') * 201), "200,000 table cells"),
        (row("<w:tc/>" * 200_001), "200,000 table cells"),
    ],
)
def test_tables_that_nobody_could_lay_out(tmp_path: Path, body: str, said: str) -> None:
    file = write_docx(tmp_path / "table.docx", body)
    assert file.stat().st_size < 200_000
    assert said in refusal(file)


def test_tables_that_people_write_are_read(tmp_path: Path) -> None:
    wide = row(cell('<w:gridSpan w:val="3"/>') + cell() * 60)
    article = read_file(write_docx(tmp_path / "table.docx", wide * 20))
    assert article.text.count("x") == 20 * 61
    odd = row(cell('<w:gridSpan w:val="many"/>'))
    assert read_file(write_docx(tmp_path / "odd.docx", odd)).text == "x"


def test_a_document_that_unpacks_to_too_much(tmp_path: Path) -> None:
    paragraph = "<w:p><w:r><w:t>word word word.</w:t></w:r></w:p>"
    file = write_docx(tmp_path / "long.docx", paragraph * (MOST_XML // len(paragraph) + 1))
    assert file.stat().st_size < 200_000
    assert "unpacks to more than 40 MB" in refusal(file)
    beside = [(f"word/header{n}.xml", b" " * (MOST_XML // 4)) for n in range(5)]
    file = write_docx(tmp_path / "beside.docx", paragraph, more=tuple(beside))
    assert "unpacks to more than 40 MB" in refusal(file)


def test_what_an_archive_says_of_its_sizes_is_not_believed(tmp_path: Path) -> None:
    """A part says that it is 100 bytes, whose checksum is right; whoever reads on gets 80 MB."""
    part = b"<a>" + b" " * (2 * MOST_XML)
    file = write_docx(tmp_path / "long.docx", "<w:p/>", more=(("word/more.xml", part),))
    data = bytearray(file.read_bytes())
    place = data.rfind(b"PK\x01\x02", 0, data.rfind(b"word/more.xml"))
    data[place + 16 : place + 20] = struct.pack("<I", zlib.crc32(part[:100]))
    data[place + 24 : place + 28] = struct.pack("<I", 100)
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as liar:
        assert liar.getinfo("word/more.xml").file_size == 100
    with zipfile.ZipFile(bound_archive(bytes(data), "long.docx")) as kept:
        assert kept.read("word/more.xml") == part[:100]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_archives_are_packed_as_word_packs_them(tmp_path: Path, method: int) -> None:
    file = write_docx(tmp_path / "a.docx", "<w:p/>")
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("word/header9.xml", b" " * 50_000_000, compress_type=method)
    assert "packed in a way that Word does not use" in refusal(file)


def test_parts_that_share_their_bytes(tmp_path: Path) -> None:
    file = write_docx(tmp_path / "a.docx", "<w:p/>")
    data = bytearray(file.read_bytes())
    place = data.rfind(b"PK\x01\x02")
    data[place + 20 : place + 24] = struct.pack("<I", len(data))
    file.write_bytes(data)
    assert "overlap" in refusal(file)


def test_a_document_of_too_many_tags(tmp_path: Path) -> None:
    assert "1,000,000 tags" in refusal(write_docx(tmp_path / "a.docx", "<w:p/>" * 1_000_001))


def test_a_merged_cell_is_read_once(tmp_path: Path) -> None:
    wide = cell('<w:gridSpan w:val="1000"/>').replace(">x<", ">word word<")
    down = [row(cell('<w:vMerge w:val="restart"/>').replace(">x<", ">tall<") + cell())]
    down += [row(cell("<w:vMerge/>").replace(">x<", "><") + cell()) for _ in range(3)]
    body = row(wide) + "".join(down).replace("</w:tbl><w:tbl>", "")
    text = read_file(write_docx(tmp_path / "a.docx", body)).text
    assert text.split("\n\n") == ["word word", "tall\tx", "x", "x", "x"]


def test_pictures_are_not_unpacked_and_many_files_not_listed(tmp_path: Path) -> None:
    paragraph = "<w:p><w:r><w:t>The bridge reopened.</w:t></w:r></w:p>"
    picture = ("word/media/image1.bmp", b"\0" * 60_000_000)
    article = read_file(write_docx(tmp_path / "a.docx", paragraph, more=(picture,)))
    assert article.text == "The bridge reopened."
    many = tuple((f"word/media/{n}", b"") for n in range(10_001))
    file = write_docx(tmp_path / "b.docx", paragraph, more=many)
    assert "10,000 files" in refusal(file)


def test_headings_give_titles_still(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("A standfirst")
    document.add_heading("The bridge reopens on Friday", level=1)
    document.add_paragraph("It was closed for eleven months.")
    document.save(str(tmp_path / "a.docx"))
    assert read_file(tmp_path / "a.docx").title == "The bridge reopens on Friday"


@pytest.mark.parametrize(
    "element",
    [
        "<p ATTRIBUTES>",
        "<P\nATTRIBUTES>",
        "</p ATTRIBUTES>",
        "<script ATTRIBUTES>",
        "<script></script ATTRIBUTES>",
        "<script/><p ATTRIBUTES>",
        "<\u017fcript><p ATTRIBUTES>",
        "<!--><p ATTRIBUTES>",
        "<!-- a --!><p ATTRIBUTES>",
        "<style>a < b c</style><p ATTRIBUTES>",
        '<p title="<b" ATTRIBUTES>',
    ],
)
def test_an_element_of_too_many_attributes(tmp_path: Path, element: str) -> None:
    for written in ("a{0}", "a{0}=1", 'a{0}="<>"', "a{0} = '\"'"):
        attributes = " ".join(written.format(n) for n in range(2_001))
        markup = f"<html><body>{element.replace('ATTRIBUTES', attributes)}{SENTENCE}</body></html>"
        (tmp_path / "a.html").write_text(markup)
        assert "more than 2,000 attributes" in refusal(tmp_path / "a.html")


def test_pages_that_people_make_are_read(tmp_path: Path) -> None:
    code = "if (a <b " + "c d; " * 5_000 + ") e();"
    picture = f'<img src="data:image/png;base64,{"QUJD" * 4_000_000}">'
    many = "<i " + " ".join(f"data-a{n}=1" for n in range(1_000)) + "></i>"
    comment = f"<!-- <p {'a ' * 5_000}> -->"
    page = (
        f"<html><body><script>{code}</script>{comment}{picture}{many}{SENTENCE * 3}</body></html>"
    )
    (tmp_path / "a.html").write_text(page)
    assert "eleven months" in read_file(tmp_path / "a.html").text


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<b>a</b>" * 250_001, "500,000 tags"),
        (f"<table><tr>{'<td>x</td>' * 50_001}</tr></table>", "50,000 cells"),
        ("<table><tr><td colspan=100000000>x</td></tr></table>", "50,000 cells"),
        ("<table>" + "<tr><td colspan='1000'>x</td></tr>" * 201 + "</table>", "50,000 cells"),
    ],
)
def test_pages_that_nobody_could_lay_out(tmp_path: Path, body: str, said: str) -> None:
    (tmp_path / "a.html").write_text(f"<html><body>{SENTENCE}{body}</body></html>")
    assert said in refusal(tmp_path / "a.html")


def test_linked_data_that_is_too_long_is_left_out() -> None:
    short = '<script type="application/ld+json">{"headline": "Bridge"}</script>'
    long = short.replace("Bridge", '"author": ' * 20_000)
    assert bound_markup(f"{short}{SENTENCE}", "a.html") == f"{short}{SENTENCE}"
    assert bound_markup(f"{long}{SENTENCE}", "a.html") == (
        f'<script type="application/ld+json"></script>{SENTENCE}'
    )


def test_a_page_that_is_too_long(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(f"<html><body>{SENTENCE * 140_000}</body></html>")
    assert "10 million characters" in refusal(tmp_path / "a.html")


@pytest.mark.parametrize(
    "piece",
    [*'<a b=" |<a |<!--|<script>|<a|a=" |data:|data:a;a|</p |<p/'.split("|"), " ", "/", "="],
)
def test_looking_for_attributes_ends(piece: str) -> None:
    """A million pieces: matching that looked at each again and again would take hours."""
    with suppress(ArticleError):
        bound_markup("<a" + piece * 1_000_000 + ">", "a.html")


def test_a_record_that_is_too_long(tmp_path: Path) -> None:
    long = '{"_id": "a", "text": "x", "more": [' + "{}," * 5_400_000 + "{}]}\n"
    (tmp_path / "a.jsonl").write_text(long + '{"_id": "b", "text": "The bridge reopened."}\n')
    skipped, article = read_articles([tmp_path / "a.jsonl"])
    assert isinstance(skipped, SkippedFile)
    assert skipped.reason.startswith("Line 1 of ")
    assert "longer than 16 MB" in skipped.reason
    assert isinstance(article, Article)


def test_a_manifest_is_a_regular_file_of_bounded_size(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    for file in (tmp_path / "pipe.csv", Path("/dev/zero"), tmp_path):
        with pytest.raises(ManifestError, match="is a (pipe or a device|folder)"):
            read_manifest(file)
    (tmp_path / "rows.csv").write_text("file_location\n" + "a\n" * 1_000_001)
    with pytest.raises(ManifestError, match="more than 1,000,000 lines"):
        read_manifest(tmp_path / "rows.csv")
    (tmp_path / "old.csv").write_bytes(b"file_location\r" + b"a\r" * 1_000_001)
    with pytest.raises(ManifestError, match="more than 1,000,000 lines"):
        read_manifest(tmp_path / "old.csv")
    (tmp_path / "wide.csv").write_text("file_location," + "a," * 100_000 + "\n")
    with pytest.raises(ManifestError, match="100,002 columns"):
        read_manifest(tmp_path / "wide.csv")
    (tmp_path / "cell.csv").write_text(f'file_location,title\na,"{"x" * 200_000}"\n')
    with pytest.raises(ManifestError, match="line 2 is not CSV"):
        read_manifest(tmp_path / "cell.csv")
    (tmp_path / "line.jsonl").write_text('{"file_location": "a", "x": "' + "x" * 16_000_000 + '"}')
    with pytest.raises(ManifestError, match="line 1 is longer than 16,000,000 characters"):
        read_manifest(tmp_path / "line.jsonl")
    (tmp_path / "bad.csv").write_text("file_location,title\n" + ",b\n" * 5_000)
    with pytest.raises(ManifestError, match="and so on, 4,900 more") as refused:
        read_manifest(tmp_path / "bad.csv")
    assert len(str(refused.value)) < 10_000
