"""A format that is added from outside: one function and one row."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from index import Article, Library, SkippedFile, extensions
from index.articles.documents import Document
from index.articles.reading import count_articles, read_articles, read_file
from index.extensions import Format, list_suffixes
from index.settings import Settings
from qa.serving.cli import app

ARTICLE = "<ndarticle>Ferry returns to Oslo|The ferry of Oslo sails again after two years."
SETTINGS = Settings(encoder="test")


def read_ndarticle(data: bytes, name: str) -> Document:
    """A toy format: a mark, the title, a bar and the text."""
    title, _, text = data.decode().removeprefix("<ndarticle>").partition("|")
    if not text:
        raise ValueError("no bar between title and text")
    return Document(text, title=title)


def read_many(path, max_file_mb):
    """A toy format of many articles, a line each; a line of minus signs is a fault."""
    from index import Article

    for number, line in enumerate(path.read_text().splitlines()):
        if line == "---":
            raise RuntimeError("a line of minus signs")
        yield Article(f"{path.name}-{number}", "", line)


@pytest.fixture
def ndarticle(monkeypatch):
    rows = [
        *extensions.FORMATS,
        Format((".ndarticle", ".nda"), read_ndarticle),
        Format((".lines",), read_many=read_many, count=lambda path: 7),
    ]
    monkeypatch.setattr(extensions, "FORMATS", rows)


@pytest.fixture
def folder(tmp_path):
    files = tmp_path / "articles"
    files.mkdir()
    (files / "ferry.ndarticle").write_text(ARTICLE)
    (files / "bridge.txt").write_text("The bridge of Bergen is closed until Friday.")
    return files


def test_the_files_of_a_format_are_read_by_its_row_alone(ndarticle, folder, tmp_path):
    with Library.open(tmp_path / "library", settings=SETTINGS, create=True) as library:
        report = library.add_paths([folder])
        assert sorted(report.added) == ["bridge.txt", "ferry.ndarticle"]
        found = library.article("ferry.ndarticle")
    assert (found.title, found.text[:9]) == ("Ferry returns to Oslo", "The ferry")


def test_a_format_of_many_articles_is_counted_and_read(ndarticle, tmp_path):
    (tmp_path / "a.lines").write_text("One bridge.\nTwo bridges.")
    texts = [item.text for item in read_articles([tmp_path]) if isinstance(item, Article)]
    assert texts == ["One bridge.", "Two bridges."]
    assert count_articles([tmp_path]) == 7


def test_the_command_line_adds_files_of_the_format(ndarticle, folder, tmp_path):
    library = tmp_path / "library"
    options = ["--library", str(library), "--json"]
    done = CliRunner().invoke(app, ["add", str(folder), *options], env={"DATELINE_ENCODER": "test"})
    assert done.exit_code == 0, done.output
    assert "ferry.ndarticle" in done.stdout


def test_the_page_accepts_the_format_s_endings(ndarticle):
    from qa.chat.shelf.view import render_shelf
    from qa.chat.texts import choose_say

    html = render_shelf(choose_say("en"), "news", [], [], list_suffixes(), 100)
    assert ".ndarticle,.nda" in html


def test_the_api_takes_uploads_of_the_format(ndarticle, tmp_path):
    from qa import Assistant
    from qa.serving.api import build_api

    with Library.open(tmp_path / "library", settings=SETTINGS, create=True) as library:
        client = TestClient(build_api(library, Assistant(library)))
        sent = {"files": ("ferry.nda", ARTICLE.encode())}
        assert client.post("/articles", files=sent).json()["added"] == ["ferry.nda"]


@pytest.mark.process
def test_help_and_errors_name_the_format(ndarticle, tmp_path):
    (tmp_path / "photo.jpg").write_bytes(b"x")
    (skipped,) = read_articles([tmp_path / "photo.jpg"])
    assert isinstance(skipped, SkippedFile)
    assert skipped.reason.endswith(
        "reads .txt, .md, .html, .pdf, .docx, .jsonl, .ndarticle and .lines, "
        "not files ending in .jpg."
    )
    program = (
        "from index.extensions import FORMATS, Format\n"
        "FORMATS.append(Format(('.ndarticle',), 'somewhere:read'))\n"
        "from qa.serving.cli import app\n"
        "app(['add', '--help'])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert ".ndarticle" in done.stdout, done.stderr


def test_a_manifest_gives_no_title_to_a_file_of_many(ndarticle, tmp_path):
    (tmp_path / "a.lines").write_text("One bridge.\nTwo bridges.")
    row = {"file_location": "a.lines", "title": "All", "source": "The Post"}
    (tmp_path / "manifest.jsonl").write_text(json.dumps(row))
    first, _ = read_articles([], manifest=tmp_path / "manifest.jsonl")
    assert isinstance(first, Article)
    assert (first.title, first.source) == ("", "The Post")


def test_a_reader_that_raises_is_told_in_a_sentence_and_the_others_go_in(
    ndarticle, folder, tmp_path
):
    (folder / "broken.ndarticle").write_text("<ndarticle>no bar")
    (folder / "more.lines").write_text("One bridge.\n---")
    with Library.open(tmp_path / "library", settings=SETTINGS, create=True) as library:
        report = library.add_paths([folder])
    assert sorted(report.added) == ["bridge.txt", "ferry.ndarticle", "more.lines-0"]
    assert [item.reason for item in report.skipped] == [
        f"{folder / 'broken.ndarticle'} cannot be read as .ndarticle (ValueError: no bar between "
        "title and text); save it again or convert it to text.",
        f"{folder / 'more.lines'} cannot be read as .lines (RuntimeError: a line of minus signs); "
        "save it again or convert it to text.",
    ]


@pytest.mark.parametrize(
    ("reader", "said"),
    [
        (lambda data, name: None, "cannot be read as .bad (AttributeError"),
        ("nowhere.to_be_found:read", "a package for .bad is missing or broken (No module named"),
        ("index.articles.formats:read_bad", "cannot be read as .bad (AttributeError"),
    ],
)
def test_a_row_that_is_wrong_is_told_in_a_sentence(monkeypatch, tmp_path, reader, said):
    monkeypatch.setattr(extensions, "FORMATS", [Format((".bad",), reader)])
    (tmp_path / "a.bad").write_text("something")
    (item,) = read_articles([tmp_path])
    assert isinstance(item, SkippedFile)
    assert said in item.reason
    assert "\n" not in item.reason


def test_every_row_of_the_table_has_its_code(tmp_path):
    for row in extensions.FORMATS:
        code = extensions.load_code(row.read or row.read_many)
        assert callable(code)
        assert row.suffixes == tuple(suffix.lower() for suffix in row.suffixes)
    (tmp_path / "a.TXT").write_text("A bridge.")
    assert read_file(tmp_path / "a.TXT").text == "A bridge."


def test_the_example_of_the_documentation_works(monkeypatch, tmp_path):
    monkeypatch.setattr(extensions, "FORMATS", [*extensions.FORMATS])
    text = (Path(__file__).parent.parent / "docs" / "extending.md").read_text("utf-8")
    exec(text.split("```python\n")[1].split("```")[0], {})
    file = tmp_path / "ferry.wire"
    file.write_text("Ferry returns|The ferry of Oslo sails again.")
    article = read_file(file)
    assert (article.title, article.text) == ("Ferry returns", "The ferry of Oslo sails again.")
