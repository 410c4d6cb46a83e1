"""A manifest gives metadata beside files, or says everything that is wrong with it."""

import json
from pathlib import Path

import pytest

from index import Article, ManifestError, PublicationDate, SkippedFile
from index.articles.manifest import read_manifest
from index.articles.reading import read_articles

HEADER = "file_location,title,published,source,language\n"
STORY = "Bridge reopens after storm\n\nThe old bridge over the Elm was opened again on Wednesday.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two articles, one below the other."""
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.txt").write_text(STORY)
    (tmp_path / "sub" / "b.txt").write_text(STORY + "It was late.")
    return tmp_path


def manifest_of(folder: Path, rows: str, name: str = "manifest.csv") -> Path:
    """A manifest in the folder, with the usual header."""
    path = folder / name
    path.write_text(HEADER + rows)
    return path


def read_all(paths: list[Path], manifest: Path) -> tuple[dict[str, Article], list[SkippedFile]]:
    """The articles by id, and the skipped files."""
    items = list(read_articles(paths, manifest=manifest))
    articles = {item.id: item for item in items if isinstance(item, Article)}
    return articles, [item for item in items if isinstance(item, SkippedFile)]


def test_a_row_replaces_what_was_found(folder: Path) -> None:
    manifest = manifest_of(folder, 'a.txt,"The bridge, again",2008-09-17,Example Herald,en\n')
    articles, skipped = read_all([folder], manifest)
    article = articles["a.txt"]
    assert skipped == []
    assert (article.title, article.source, article.language) == (
        "The bridge, again",
        "Example Herald",
        "en",
    )
    assert article.published == PublicationDate(
        "2008-09-17", "day", "manifest", "line 2 of the manifest"
    )


def test_an_empty_cell_replaces_nothing(folder: Path) -> None:
    articles, _ = read_all([folder], manifest_of(folder, "a.txt,,2008,,\n"))
    assert articles["a.txt"].title == "Bridge reopens after storm"
    assert articles["a.txt"].published is not None
    assert articles["a.txt"].published.precision == "year"


def test_a_given_title_takes_the_note_on_a_guessed_one_away(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The old bridge over the Elm was opened again on Wednesday.")
    manifest = manifest_of(tmp_path, "a.txt,Bridge reopens,,,\n")
    articles, _ = read_all([tmp_path], manifest)
    assert articles["a.txt"].notes == ()


def test_files_without_a_row_are_still_read(folder: Path) -> None:
    articles, _ = read_all([folder], manifest_of(folder, "a.txt,New,,,\n"))
    assert articles["sub/b.txt"].title == "Bridge reopens after storm"


def test_paths_are_relative_to_the_manifest_or_to_what_is_added(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    rows = f"sub/b.txt,Below,,,\n{folder / 'a.txt'},Absolute,,,\n"
    articles, skipped = read_all([folder], manifest_of(elsewhere, rows))
    assert skipped == []
    assert {name: item.title for name, item in articles.items()} == {
        "a.txt": "Absolute",
        "sub/b.txt": "Below",
    }


def test_a_jsonl_manifest(folder: Path) -> None:
    manifest = folder / "manifest.jsonl"
    row = {"file_location": "a.txt", "title": "New", "published": 2008, "source": None}
    manifest.write_text(json.dumps(row) + "\n\n")
    articles, skipped = read_all([folder], manifest)
    assert skipped == []
    assert articles["a.txt"].title == "New"
    assert articles["a.txt"].published is not None
    assert articles["a.txt"].published.iso == "2008"


def test_a_manifest_with_semicolons_a_byte_order_mark_and_more_columns(folder: Path) -> None:
    manifest = folder / "manifest.csv"
    text = "File_Location;note;title\r\na.txt;x;New\r\n"
    manifest.write_bytes(b"\xef\xbb\xbf" + text.encode())
    articles, _ = read_all([folder], manifest)
    assert articles["a.txt"].title == "New"


def test_a_row_on_a_corpus_dates_all_its_records(folder: Path) -> None:
    records = '{"_id": "d1", "text": "One."}\n{"_id": "d2", "text": "Two."}\n'
    (folder / "corpus.jsonl").write_text(records)
    manifest = manifest_of(folder, "corpus.jsonl,Ignored,2008-09,Herald,en\n")
    articles, _ = read_all([folder / "corpus.jsonl"], manifest)
    found = [(item.title, item.source, item.published) for item in articles.values()]
    date = PublicationDate("2008-09", "month", "manifest", "line 2 of the manifest")
    assert found == [("One", "Herald", date), ("Two", "Herald", date)]


def test_without_paths_the_named_files_are_read(folder: Path) -> None:
    articles, skipped = read_all([], manifest_of(folder, "sub/b.txt,Below,,,\n"))
    assert skipped == []
    assert [(item.id, item.title) for item in articles.values()] == [("sub/b.txt", "Below")]


def test_a_row_naming_a_missing_file_is_reported_with_its_line(folder: Path) -> None:
    manifest = manifest_of(folder, "a.txt,New,,,\nabsent.txt,Gone,,,\n")
    articles, skipped = read_all([folder], manifest)
    assert articles["a.txt"].title == "New"
    assert [item.failed for item in skipped] == [True]
    assert skipped[0].reason.startswith(
        "Line 3 of the manifest manifest.csv names absent.txt, which does not exist"
    )


def test_every_bad_line_is_listed_at_once(folder: Path) -> None:
    manifest = manifest_of(
        folder,
        ",No file,,,\na.txt,Bad date,31 February 2008,,\na.txt,,03/04/2008,,\n"
        "a.txt,Good,2008-09-17,,\na.txt,Again,,,\na.txt,one,two,three,four,five\n",
    )
    with pytest.raises(ManifestError) as raised:
        read_articles([folder], manifest=manifest)
    message = str(raised.value)
    for said in (
        "line 2 has no file_location",
        "line 3 has the date '31 February 2008'",
        "line 4 has the date '03/04/2008'",
        "line 6 names a.txt again, after line 5",
        "line 7 has 6 cells for 5 columns",
    ):
        assert said in message


def test_every_bad_line_of_jsonl_is_listed_at_once(folder: Path) -> None:
    manifest = folder / "manifest.jsonl"
    manifest.write_text('{"file_location": \n[1]\n{"title": "x"}\n')
    with pytest.raises(
        ManifestError, match=r"line 1 is not JSON.*; line 2 is not.*; line 3 has no"
    ):
        read_manifest(manifest)


def test_a_number_of_too_many_digits_is_a_bad_line(folder: Path) -> None:
    manifest = folder / "manifest.jsonl"
    manifest.write_text('{"file_location": "a.txt", "page": ' + "9" * 5000 + "}\n")
    with pytest.raises(ManifestError, match="line 1 has a number of too many digits"):
        read_manifest(manifest)


def test_a_path_that_the_system_refuses_is_no_base_for_rows(folder: Path) -> None:
    manifest = manifest_of(folder, "a.txt,New,,,\n")
    assert len(read_manifest(manifest, [folder / ("x" * 300)]).rows) == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b"name,title\na.txt,New\n", "has no column file_location"),
        (b"a.txt,New\n", "has no column file_location"),
        (b"file_location,title,title\na.txt,New,Old\n", "has the column title twice"),
        (b'file_location,title\na.txt,"New\n', "is not CSV"),
        (b"\x00\x01\x02", "binary data"),
    ],
)
def test_a_manifest_that_cannot_be_used(tmp_path: Path, data: bytes, said: str) -> None:
    manifest = tmp_path / "manifest.csv"
    manifest.write_bytes(data)
    with pytest.raises(ManifestError, match=said):
        read_manifest(manifest)


def test_a_manifest_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="cannot be read: .* does not exist"):
        read_articles([tmp_path], manifest=tmp_path / "absent.csv")


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2008-09-17", "2008-09-17"),
        ("2008-09-17T12:30:00Z", "2008-09-17"),
        ("2008-09", "2008-09"),
        ("2008", "2008"),
        ("--09-17", "--09-17"),
        ("17 September 2008", "2008-09-17"),
        ("17.09.2008", "2008-09-17"),
    ],
)
def test_dates_of_a_manifest(folder: Path, written: str, iso: str) -> None:
    rows = read_manifest(manifest_of(folder, f"a.txt,,{written},,\n")).rows
    published = rows[folder / "a.txt"].published
    assert published is not None
    assert published.iso == iso
