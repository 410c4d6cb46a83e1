"""Each format gives its text, and the metadata that it has."""

import io
import logging
import sys
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import docx
import pytest
from drawn_pdf import draw_pdf, set_lines
from pypdf import PdfWriter

from index import Article, ArticleError, SkippedFile
from index.articles.decoding import decode_text
from index.articles.reading import read_articles, read_file

HTML = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<title>Bridge reopens after storm | Example Herald</title>
<meta property="og:site_name" content="Example Herald">{meta}
</head><body><nav><ul><li><a href="/">Home</a></li><li><a href="/news">News</a></li></ul></nav>
<article><h1>Bridge reopens after storm</h1>
<p>{dateline}The old bridge over the Elm was opened again on Wednesday, three weeks after the storm
that had closed it to all traffic, and the town came to see it.</p>
<p>Engineers said that the piers had held. &quot;It was built well in 1931,&quot; said the mayor,
who was the first to cross the river on 2 April 2013.</p></article>
<footer>Copyright</footer></body></html>"""


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, bytes | str], Path]:
    """Write a file and return its path."""

    def write_file(name: str, data: bytes | str) -> Path:
        file = tmp_path / name
        file.write_bytes(data.encode() if isinstance(data, str) else data)
        return file

    return write_file


Write = Callable[[str, bytes | str], Path]


def make_pdf(pages: Sequence[Sequence[str]], title: str = "") -> bytes:
    """A PDF with the given lines on its pages."""
    return draw_pdf([set_lines(lines) for lines in pages], title)


# --- Markdown ---------------------------------------------------------------------------------


def test_markdown_keeps_its_text_and_gives_its_front_matter(write: Write) -> None:
    front = '---\ntitle: "The lost key"\ndate: 2019-03-03 10:00\nsource: A Blog\n---\n'
    text = front + "\nIt *was* here.\n"
    article = read_file(write("a.md", text))
    assert article.text == text
    assert (article.title, article.source) == ("The lost key", "A Blog")
    assert article.published is not None
    assert (article.published.iso, article.published.origin) == ("2019-03-03", "metadata")


def test_toml_front_matter(write: Write) -> None:
    text = '+++\ntitle = "The lost key"\ndate = 2019-03-03\n+++\n\nIt was here.\n'
    article = read_file(write("a.md", text))
    assert article.title == "The lost key"
    assert article.published is not None
    assert article.published.iso == "2019-03-03"


@pytest.mark.parametrize(
    "text",
    [
        "# The *lost* key\n\nIt was here.\n",
        "The lost key\r\n============\r\n\r\nIt was here.\r\n",
        "intro\n\n# The [lost](http://e.example) key #\n\nIt was here.\n",
    ],
)
def test_the_first_heading_is_the_title_of_markdown(write: Write, text: str) -> None:
    article = read_file(write("a.md", text))
    assert article.title == "The lost key"
    assert article.text == text


def test_a_rule_at_the_top_is_no_front_matter(write: Write) -> None:
    text = "---\n\nThe key was lost: nobody knew where. It was a long search for it.\n"
    article = read_file(write("a.md", text))
    assert article.text == text
    assert article.published is None


# --- HTML -------------------------------------------------------------------------------------


def test_a_page_gives_its_article_and_metadata(write: Write) -> None:
    meta = '<meta property="article:published_time" content="2014-03-05T12:30:00+00:00">'
    article = read_file(write("a.html", HTML.format(meta=meta, dateline="")))
    assert "opened again on Wednesday" in article.text
    assert "Copyright" not in article.text
    assert "Home" not in article.text
    assert (article.title, article.source) == ("Bridge reopens after storm", "Example Herald")
    assert article.published is not None
    assert (article.published.iso, article.published.precision) == ("2014-03-05", "day")
    assert article.published.origin == "metadata"
    assert article.language == "en"


def test_a_date_in_the_story_of_a_page_is_not_its_date(write: Write) -> None:
    assert read_file(write("a.html", HTML.format(meta="", dateline=""))).published is None


def test_the_agency_of_a_dateline_goes_before_the_site(write: Write) -> None:
    page = HTML.format(meta="", dateline="ELMHAM, March 5 (Reuters) - ")
    article = read_file(write("a.htm", page))
    assert article.source == "Reuters"
    assert article.published is not None
    assert article.published.iso == "--03-05"


def test_the_declared_character_set_is_used_and_is_no_guess(write: Write) -> None:
    page = (
        '<html><head><meta charset="windows-1251"><title>Мост открыт снова</title></head><body>'
        "<article><p>Старый мост через реку открыли в среду, через три недели после бури, "
        "которая закрыла его для движения.</p></article></body></html>"
    )
    article = read_file(write("a.html", page.encode("cp1251")))
    assert "Старый мост" in article.text
    assert article.notes == ()


@pytest.mark.parametrize("page", ["<html></html>", "<html><body><script>x</script></body></html>"])
def test_a_page_without_text(write: Write, page: str) -> None:
    with pytest.raises(ArticleError, match="no article text"):
        read_file(write("a.html", page))


# --- PDF --------------------------------------------------------------------------------------


def test_a_pdf_gives_its_pages(write: Write) -> None:
    pages = [["The bridge was opened again.", "It had been closed."], ["The mayor came."], ["End."]]
    article = read_file(write("a.pdf", make_pdf(pages, "Annual report of the bridge")))
    assert article.title == "Annual report of the bridge"
    assert len(article.pages) == 3
    assert article.pages[0] == 0
    second, third = article.pages[1:]
    assert article.text[second:].startswith("The mayor came.")
    assert article.text[third:].startswith("End.")


def test_a_file_name_as_title_property_is_not_used(write: Write) -> None:
    page = ["The bridge was opened again on Wednesday by the mayor of the town."]
    article = read_file(write("a.pdf", make_pdf([page], "Microsoft Word - final2.doc")))
    assert article.title == "The bridge was opened again on Wednesday by the mayor of the town"


@pytest.mark.parametrize("data", [b"%PDF-1.4\nbroken", b"no pdf at all", b"%PDF-1.7\n" + bytes(99)])
def test_a_broken_pdf(write: Write, data: bytes) -> None:
    with pytest.raises(ArticleError, match=r"a\.pdf is a broken PDF \(.+\); open it in a viewer"):
        read_file(write("a.pdf", data))


def test_an_encrypted_pdf(write: Write) -> None:
    writer = PdfWriter(io.BytesIO(make_pdf([["The bridge was opened again."]])))
    writer.encrypt("secret", algorithm="AES-256")
    buffer = io.BytesIO()
    writer.write(buffer)
    with pytest.raises(ArticleError, match="is encrypted: it opens only with a password"):
        read_file(write("a.pdf", buffer.getvalue()))


def test_a_pdf_that_opens_without_a_password_is_read(write: Write) -> None:
    writer = PdfWriter(io.BytesIO(make_pdf([["The bridge was opened again."]])))
    writer.encrypt("", owner_password="secret", algorithm="AES-256")
    buffer = io.BytesIO()
    writer.write(buffer)
    assert "opened again" in read_file(write("a.pdf", buffer.getvalue())).text


def test_a_scan_without_text(write: Write) -> None:
    with pytest.raises(ArticleError, match="no text on its 2 pages.*OCR"):
        read_file(write("a.pdf", make_pdf([[], []])))


def test_libraries_do_not_log_about_bad_files(
    write: Write, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(ArticleError):
        read_file(write("a.pdf", b"%PDF-1.4\nbroken"))
    with pytest.raises(ArticleError):
        read_file(write("a.html", "<html></html>"))
    assert caplog.records == []
    assert logging.getLogger("trafilatura").level == logging.NOTSET


# --- Word -------------------------------------------------------------------------------------


def make_docx(title: str = "") -> bytes:
    """A Word document with a heading, two paragraphs and a table."""
    document = docx.Document()
    document.core_properties.title = title
    document.add_heading("Bridge reopens", level=1)
    document.add_paragraph("The old bridge was opened again.")
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text = "Cost"
    table.rows[0].cells[1].text = "2 million"
    document.add_paragraph("The mayor came.")
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def test_a_word_document_gives_its_blocks_in_order(write: Write) -> None:
    article = read_file(write("a.docx", make_docx()))
    assert article.text == (
        "Bridge reopens\n\nThe old bridge was opened again.\n\nCost\t2 million\n\nThe mayor came."
    )
    assert article.title == "Bridge reopens"
    # The day on which a file was made is not the day on which an article came out.
    assert article.published is None


def test_the_title_property_of_a_word_document(write: Write) -> None:
    assert read_file(write("a.docx", make_docx("A bridge and its town"))).title == (
        "A bridge and its town"
    )


def test_a_docx_that_is_not_a_zip(write: Write) -> None:
    with pytest.raises(ArticleError, match="it is no ZIP archive"):
        read_file(write("a.docx", "just text"))


def test_a_zip_that_is_no_word_document(write: Write) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "text")
    with pytest.raises(ArticleError, match="damaged Word document"):
        read_file(write("a.docx", buffer.getvalue()))
    with pytest.raises(ArticleError, match="damaged Word document"):
        read_file(write("a.docx", make_docx()[:2000]))


# --- decoding ---------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
def test_unicode_encodings_are_told_apart(encoding: str) -> None:
    text, _ = decode_text("A text of some words.\r\n".encode(encoding), "a.txt")
    assert text == "A text of some words.\r\n"


def test_half_a_character_at_the_end_of_marked_text() -> None:
    with pytest.raises(ArticleError, match="begins as UTF-16-LE but byte"):
        decode_text(b"\xff\xfea\x00b", "a.txt")


def test_a_missing_package_costs_its_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "page.html").write_text("<html><body><p>A long story.</p></body></html>")
    (tmp_path / "story.txt").write_text("Another story, told at length.")
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    read = list(read_articles([tmp_path]))
    assert [item.id for item in read if isinstance(item, Article)] == ["story.txt"]
    (skipped,) = [item for item in read if isinstance(item, SkippedFile)]
    assert "a package for .html is missing or broken" in skipped.reason
