"""What the Library tab stands on: libraries by name, uploaded names, lists, adding."""

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import ArticleSummary, Library, PublicationDate
from index.errors import ArticleError, LibraryError, LibraryNotFoundError
from index.settings import Settings
from qa.chat.libraries import Libraries
from qa.chat.shelf.adding import AddingJob, add_files
from qa.chat.shelf.listing import parse_listing
from qa.chat.uploads import Uploads
from qa.requests import select_articles
from qa.uploads import clean_name


@pytest.fixture
def libraries(tmp_path, articles):
    """A server's libraries: ``first``, with three articles, and ``second`` beside it, empty."""
    settings = Settings(library=tmp_path / "first", encoder="test", max_file_mb=1)
    with (
        Library.open(tmp_path / "second", settings=settings, create=True),
        Library.open(tmp_path / "first", settings=settings, create=True) as library,
    ):
        library.add_paths([articles])
        yield Libraries(library, settings)


def test_libraries_beside_the_first_are_offered_and_new_ones_made(libraries, tmp_path):
    assert [item.name for item in libraries.list_offered()] == ["first", "second"]
    assert len(libraries.get("second").library) == 0
    assert len(libraries.get().library) == 3
    made = libraries.create("  Port   news ")
    assert made.name == "Port news"
    assert (tmp_path / "Port news" / "library.db").is_file()
    assert libraries.get("Port news") is made
    libraries.close()


def test_a_name_that_leads_elsewhere_or_is_taken_makes_no_library(libraries, tmp_path):
    before = sorted(tmp_path.iterdir())
    for name in ("", "../x", "a/b", ".hidden", "first", "Second", "x" * 61, "a\0"):
        with pytest.raises(LibraryError):
            libraries.create(name)
    assert sorted(tmp_path.iterdir()) == before


def test_a_library_that_was_removed_is_neither_asked_nor_written_until_it_is_back(
    libraries, tmp_path
):
    opened = libraries.get("first")
    moved = tmp_path / "first" / "library.db"
    kept = tmp_path / "kept.db"
    moved.rename(kept)
    with pytest.raises(LibraryNotFoundError, match="put its folder back"):
        libraries.get("first")
    assert "first" not in [item.name for item in libraries.list_offered()]
    shutil.copy(kept, moved)
    again = libraries.get("first")
    assert again.library is not opened.library
    assert len(again.library) == 3
    again.library.close()
    kept.replace(moved)


def test_several_named_libraries_are_those_that_are_offered(libraries, tmp_path):
    settings = libraries.settings
    other = tmp_path / "elsewhere" / "first"
    with Library.open(tmp_path / "first", settings=settings) as library:
        named = Libraries(library, settings, [other])
        assert [item.name for item in named.list_offered()] == ["first", "first (2)"]
        assert named.get("first (2)").path == other
        named.close()


@given(st.text(max_size=300))
def test_an_uploaded_name_leads_nowhere(name: str) -> None:
    shown = clean_name(name)
    assert shown
    assert len(shown) <= 200
    assert not shown.startswith("/")
    assert ".." not in shown.split("/")
    assert not set(map(chr, range(0x20))) & set(shown)


def test_uploaded_files_are_added_together_under_their_own_names(libraries):
    uploads = Uploads(max_file_mb=1)
    files = {
        "../../etc/port.txt": "The port of Moss opens in May, the mayor said.\n",
        "long.txt": "word " * 300_000,
        "port copy.txt": "The port of Moss opens in May, the mayor said.\n",
        "two.jsonl": '{"id": "a", "contents": "The tram runs to Bryn."}\nno json\n',
        "line.jsonl": '{"id": "b", "contents": "' + "x" * 1_100_000 + '"}\n',
    }
    tokens = []
    for name, text in files.items():
        token, file = uploads.begin(name)
        file.path.write_text(text, encoding="utf-8")
        assert file.path.parent == Path(uploads._folder.name)
        tokens.append(token)
    taken = [uploads.take(token) for token in tokens]
    assert uploads.take(tokens[0]) is None
    library = libraries.get().library
    found = add_files(library, AddingJob(1, tuple(file for file in taken if file)))
    told = [(item.place, item.outcome, item.detail) for item in found]
    assert told[0] == (0, "added", "etc/port.txt")
    assert told[1][:2] == (1, "refused")
    assert "more than the 1 MB" in told[1][2]
    assert told[2] == (2, "duplicate", "etc/port.txt")
    assert told[3] == (3, "added", "a")
    assert told[4][:2] == (3, "refused")
    assert "Line 2 of two.jsonl" in told[4][2]
    assert "longer than 1 MB" in told[5][2]
    assert not any(str(uploads._folder.name) in detail for _, _, detail in told)
    assert library.article("etc/port.txt").location == "uploaded:etc/port.txt"
    uploads.close()


def test_too_many_files_at_once_are_refused(monkeypatch):
    monkeypatch.setattr("qa.chat.uploads.MOST_WAITING", 1)
    uploads = Uploads(max_file_mb=1)
    uploads.begin("a.txt")
    with pytest.raises(ArticleError, match="waiting"):
        uploads.begin("b.txt")
    uploads.close()


def make_summary(name, title="", source="", iso="", language="en"):
    published = PublicationDate(iso, "day", "metadata") if iso else None
    return ArticleSummary(name, title, source, published, language, 10, 1, "2026-01-01T00:00:00Z")


ARTICLES = [
    make_summary("a.txt", "Zebra", "NTB", "2008-09-17"),
    make_summary("b.txt", "apple", "", "--02-27"),
    make_summary("c.txt", "Mango", "Reuters", "2010", "ru"),
]


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, "cba"),
        ({"descending": False}, "abc"),
        ({"order": "title", "descending": False}, "bca"),
        ({"order": "date"}, "cab"),
        ({"order": "date", "descending": False}, "acb"),
        ({"order": "source", "descending": True}, "cab"),
        ({"after": "2009"}, "c"),
        ({"before": "2008-09"}, "a"),
        ({"after": "2010-05"}, "c"),
        ({"words": "MANGO reut"}, "c"),
        ({"source": "NTB", "language": "ru"}, ""),
        ({"order": "nonsense", "first": -3, "descending": "yes"}, "cba"),
    ],
)
def test_articles_are_listed_as_asked_with_unknown_keys_last(asked, names):
    found = select_articles(ARTICLES, parse_listing(asked))
    assert "".join(item.id[0] for item in found) == names
