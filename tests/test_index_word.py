"""A Word document is read as it stands in print: every part of it, in order, each part once."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from index import ArticleError
from index.articles.reading import read_file
from index.text.sentences import split_sentences

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MIXED = "http://schemas.openxmlformats.org/markup-compatibility/2006"

Save = Callable[..., Path]


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


def box(text: str) -> str:
    return f"<w:txbxContent>{paragraph(run(text))}</w:txbxContent>"


def cell(*blocks: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(blocks)}</w:tc>"


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def relations(**targets: str) -> str:
    rows = "".join(
        f'<Relationship Id="{kind}" Type="{KINDS}/{kind}" Target="{target}"/>'
        for kind, target in targets.items()
    )
    return f"<Relationships>{rows}</Relationships>"


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Write a Word document with this body, and other parts, and give its path."""

    def save_document(body: str, *, space: str = WORD, **parts: str) -> Path:
        names = f'xmlns:w="{space}" xmlns:mc="{MIXED}"'
        with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
            archive.writestr("_rels/.rels", relations(officeDocument="word/document.xml"))
            targets = {kind: f"{kind}.xml" for kind in parts}
            archive.writestr("word/_rels/document.xml.rels", relations(**targets))
            main = f"<w:document {names}><w:body>{body}</w:body></w:document>"
            archive.writestr("word/document.xml", main)
            for kind, part in parts.items():
                archive.writestr(f"word/{kind}.xml", f"<w:{kind} {names}>{part}</w:{kind}>")
        return tmp_path / "a.docx"

    return save_document


def read_lines(file: Path) -> list[str]:
    return read_file(file).text.split("\n\n")


def test_what_was_inserted_is_read_and_what_was_deleted_is_not(save: Save) -> None:
    inserted = f"<w:ins>{run('two ')}</w:ins>"
    deleted = "<w:del><w:r><w:delText>three </w:delText></w:r></w:del>"
    moved = f"<w:moveFrom>{run('old ')}</w:moveFrom><w:moveTo>{run('new ')}</w:moveTo>"
    body = paragraph(run("The "), inserted, deleted, moved, run("piers held."))
    assert read_lines(save(body)) == ["The two new piers held."]


def test_rows_and_cells_that_were_deleted_are_not_read(save: Save) -> None:
    gone = "<w:trPr><w:del/></w:trPr>" + cell(paragraph(run("Toll"))) + cell(paragraph(run("2")))
    kept = cell(paragraph(run("Cost"))) + cell(paragraph(run("5")), properties="<w:cellDel/>")
    assert read_lines(save(table(gone, kept))) == ["Cost"]


def test_a_paragraph_whose_end_was_deleted_goes_on_in_the_next(save: Save) -> None:
    joined = "<w:rPr><w:del/></w:rPr>"
    body = paragraph(run("The piers"), properties=joined) + paragraph(run("held."))
    assert read_lines(save(body)) == ["The piers held."]
    assert read_lines(save(paragraph(run("The end"), properties=joined))) == ["The end"]


def test_a_large_first_letter_belongs_to_its_word(save: Save) -> None:
    initial = paragraph(run("T"), properties='<w:framePr w:dropCap="drop"/>')
    assert read_lines(save(initial + paragraph(run("he piers held.")))) == ["The piers held."]


def test_content_controls_and_smart_tags_are_read(save: Save) -> None:
    inside = f"<w:sdt><w:sdtPr/><w:sdtContent>{run('Juno Sarkis')}</w:sdtContent></w:sdt>"
    tag = f"<w:smartTag>{run('Velmora')}</w:smartTag>"
    block = f"<w:sdt><w:sdtContent>{paragraph(run('An annex.'))}</w:sdtContent></w:sdt>"
    body = paragraph(run("Signed in "), tag, run(" by "), inside, run(".")) + block
    assert read_lines(save(body)) == ["Signed in Velmora by Juno Sarkis.", "An annex."]


def test_a_text_box_follows_its_paragraph_and_is_read_once(save: Save) -> None:
    both = (
        f"<w:r><mc:AlternateContent><mc:Choice>{box('A side bar.')}</mc:Choice>"
        f"<mc:Fallback>{box('A side bar.')}</mc:Fallback></mc:AlternateContent></w:r>"
    )
    body = paragraph(run("The bridge "), both, run("opened.")) + paragraph(run("It held."))
    assert read_lines(save(body)) == ["The bridge opened.", "A side bar.", "It held."]


def test_a_fallback_is_read_where_nothing_else_has_text(save: Save) -> None:
    way = f"<mc:Choice><w:pict/></mc:Choice><mc:Fallback>{box('A side bar.')}</mc:Fallback>"
    body = paragraph(f"<w:r><mc:AlternateContent>{way}</mc:AlternateContent></w:r>")
    assert read_lines(save(body)) == ["A side bar."]


def test_a_note_follows_its_paragraph_and_is_read_once(save: Save) -> None:
    foot, end = '<w:footnoteReference w:id="2"/>', '<w:endnoteReference w:id="2"/>'
    body = paragraph(run("It was sold."), foot, end) + paragraph(run("It was let."), foot)
    file = save(
        body,
        footnotes=f'<w:footnote w:id="2">{paragraph(run("To Piet Aldan."))}</w:footnote>',
        endnotes=f'<w:endnote w:id="2">{paragraph(run("The land register."))}</w:endnote>',
    )
    lines = ["It was sold.", "To Piet Aldan.", "The land register.", "It was let."]
    assert read_lines(file) == lines


def test_a_note_that_refers_to_itself_is_read_once(save: Save) -> None:
    again = '<w:footnoteReference w:id="2"/>'
    note = f'<w:footnote w:id="2">{paragraph(run("See there."), again)}</w:footnote>'
    file = save(paragraph(run("It was sold."), again), footnotes=note)
    assert read_lines(file) == ["It was sold.", "See there."]


def test_a_row_of_a_table_is_a_sentence_with_its_cells(save: Save) -> None:
    rows = [("harbour", "fee"), ("norwick", "12 crowns"), ("tarn", "9 crowns")]
    body = table(*("".join(cell(paragraph(run(text))) for text in row) for row in rows))
    text = read_file(save(body)).text
    sentences = [text[start:end] for start, end in split_sentences(text)]
    assert sentences == ["harbour\tfee", "norwick\t12 crowns", "tarn\t9 crowns"]


def test_a_note_in_a_table_follows_its_row(save: Save) -> None:
    sold = paragraph(run("310 crowns"), '<w:footnoteReference w:id="2"/>')
    note = f'<w:footnote w:id="2">{paragraph(run("Of 1962."))}</w:footnote>'
    body = table(cell(sold) + cell(paragraph(run("Piet Aldan"))))
    assert read_lines(save(body, footnotes=note)) == ["310 crowns\tPiet Aldan", "Of 1962."]


def test_tables_that_place_text_keep_its_paragraphs(save: Save) -> None:
    story = paragraph(run("Fees rise")) + paragraph(run("The harbour gets dearer."))
    nested = table(cell(table(cell(story)) + paragraph()))
    assert read_lines(save(nested)) == ["Fees rise", "The harbour gets dearer."]
    beside = table(cell(paragraph(run("Contents"))) + cell(story))
    assert read_lines(save(beside)) == ["Contents", "Fees rise", "The harbour gets dearer."]


def test_an_irregular_table_is_read(save: Save) -> None:
    merged = "<w:vMerge/>"
    body = table(
        cell(paragraph(run("a")), properties=merged),
        "<w:sdt><w:sdtContent>" + cell(paragraph(run("b"))) + "</w:sdtContent></w:sdt>" + cell(),
        cell(paragraph(), properties=merged) + cell(paragraph(run("c"))),
        "",
    )
    assert read_lines(save(body)) == ["a", "b", "c"]


def test_a_heading_is_known_by_the_name_of_its_style(save: Save) -> None:
    styles = '<w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>'
    head = paragraph(run("The bridge reopens"), properties='<w:pStyle w:val="berschrift1"/>')
    body = paragraph(run("Harbour news")) + head + paragraph(run("It was closed."))
    assert read_file(save(body, styles=styles)).title == "The bridge reopens"


def test_a_strict_document_is_read(save: Save) -> None:
    assert read_lines(save(paragraph(run("It held.")), space=STRICT)) == ["It held."]


@pytest.mark.parametrize("body", ["<w:p>", "<w:p/>" + "<w:tbl><w:tr><w:tc>" * 200])
def test_a_document_that_is_damaged(save: Save, body: str) -> None:
    with pytest.raises(ArticleError, match=r"a\.docx is a damaged Word document \(.+\); open it"):
        read_file(save(body))


def test_tables_in_tables_past_all_reason(save: Save) -> None:
    deep = "<w:tbl><w:tr><w:tc>" * 2000 + paragraph(run("x")) + "</w:tc></w:tr></w:tbl>" * 2000
    with pytest.raises(ArticleError, match="damaged Word document"):
        read_file(save(deep))


def test_notes_that_refer_to_one_another_past_all_reason(save: Save) -> None:
    notes = "".join(
        f'<w:footnote w:id="{n}">{paragraph(f"""<w:footnoteReference w:id="{n + 1}"/>""")}'
        "</w:footnote>"
        for n in range(20_000)
    )
    body = paragraph(run("x"), '<w:footnoteReference w:id="0"/>')
    with pytest.raises(ArticleError, match="damaged Word document"):
        read_file(save(body, footnotes=notes))


def test_a_workbook_is_no_word_document(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr("_rels/.rels", relations(officeDocument="xl/workbook.xml"))
        archive.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(ArticleError, match="holds no text of Word's"):
        read_file(tmp_path / "a.docx")
