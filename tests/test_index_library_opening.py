"""A library opens as it was made, or one clear sentence says why not."""

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from libraries import FERRY, SETTINGS, SYSTEMS, find_ids, make_article, make_three

from index import Library, LibraryMismatchError, LibraryNotFoundError, NotALibraryError, Progress
from index.encoding.encoders import HashingEncoder

SEEDS = Path(__file__).parent.parent / "seeds"


def test_a_path_without_a_library_is_told(tmp_path):
    with pytest.raises(LibraryNotFoundError, match="dateline add"):
        Library.open(tmp_path / "none", settings=SETTINGS)
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("create", [True, False])
def test_a_folder_of_other_things_is_no_library(articles, create):
    before = sorted(articles.iterdir())
    with pytest.raises(NotALibraryError, match=r"ferry\.txt"):
        Library.open(articles, settings=SETTINGS, create=create)
    assert sorted(articles.iterdir()) == before


@pytest.mark.parametrize(
    "name", ["words/thesis.docx", "words", "words.txt", "vectors.faiss", "library.db.bak"]
)
@pytest.mark.parametrize("create", [True, False])
def test_a_folder_of_things_with_names_like_ours_is_no_library(tmp_path, name, create):
    thesis = tmp_path / "notes" / name
    thesis.parent.mkdir(parents=True)
    thesis.write_text("ten years of work")
    with pytest.raises(NotALibraryError, match=re.escape(name.split("/")[0])):
        Library.open(tmp_path / "notes", settings=SETTINGS, create=create)
    assert thesis.read_text() == "ten years of work"
    assert len(list((tmp_path / "notes").iterdir())) == 1


def test_a_library_is_made_where_one_left_nothing_but_its_lock(tmp_path):
    for name in ("writer.lock", "writer.lock-journal", "library.db-wal", "library.db-shm"):
        (tmp_path / name).touch()
    with Library.open(tmp_path, settings=SETTINGS, create=True) as made:
        made.add(make_three())
        assert made.verify() == []


@pytest.mark.parametrize("name", ["writer.lock", "library.db-wal"])
def test_a_lock_or_log_that_holds_something_is_left_alone(tmp_path, name):
    (tmp_path / name).write_text("something")
    with pytest.raises(NotALibraryError, match=name):
        Library.open(tmp_path, settings=SETTINGS, create=True)
    assert (tmp_path / name).read_text() == "something"


@pytest.mark.parametrize("create", [True, False])
def test_a_library_that_lost_its_database_is_told_and_kept_for_its_return(library, create):
    library.add(make_three())
    library.close()
    database, aside = library.path / "library.db", library.path.parent / "aside.db"
    database.rename(aside)
    before = sorted(library.path.rglob("*"))
    with pytest.raises(NotALibraryError, match=r"left of a library .* no library\.db; put it back"):
        Library.open(library.path, settings=SETTINGS, create=create)
    assert sorted(library.path.rglob("*")) == before
    aside.rename(database)
    with Library.open(library.path, settings=SETTINGS) as again:
        assert again.verify() == []


def test_a_file_is_no_library(articles):
    with pytest.raises(NotALibraryError, match="is a file"):
        Library.open(articles / "ferry.txt", settings=SETTINGS, create=True)


def test_an_existing_library_is_opened_and_not_made_anew(library):
    library.add(make_three())
    with Library.open(library.path, settings=SETTINGS, create=True) as again:
        assert len(again.articles()) == 3


def test_another_encoder_is_refused_with_what_to_do(library):
    library.add(make_three())
    with pytest.raises(LibraryMismatchError, match="rebuild --encode"):
        Library.open(library.path, settings=SETTINGS, encoder=HashingEncoder(64))


def test_another_passage_rule_is_refused_with_what_to_do(library):
    library.add(make_three())
    with pytest.raises(LibraryMismatchError, match="passage_words = 120"):
        Library.open(library.path, settings=replace(SETTINGS, passage_words=50))


def test_a_library_opens_with_its_own_settings_when_none_are_given(tmp_path):
    settings = replace(SETTINGS, passage_words=0)
    with Library.open(tmp_path / "beir", settings=settings, create=True) as library:
        library.add([make_article("1", FERRY, title="Havbris")])
    with Library.open(tmp_path / "beir") as again:
        assert (again.settings.passage_words, again.settings.encoder) == (0, "test")
        assert find_ids(again, "ferry", "dense") == ["1"]


def test_a_library_keeps_its_encoder_where_the_settings_name_none(library):
    library.add(make_three())
    with Library.open(library.path, settings=replace(SETTINGS, encoder="default")) as again:
        assert again.settings.encoder == "test"
        assert find_ids(again, "electric ferry", "dense")[0] == "ferry.txt"
    with pytest.raises(LibraryMismatchError, match="set encoder = 'test'"):
        Library.open(library.path, settings=replace(SETTINGS, encoder="all-MiniLM-L6-v2"))


def test_an_emptied_library_may_be_used_with_another_encoder(library):
    library.add(make_three())
    library.remove(["harbour.txt", "library.txt", "ferry.txt"])
    library.close()
    settings = replace(SETTINGS, passage_words=60)
    with Library.open(library.path, settings=settings, encoder=HashingEncoder(64)) as again:
        again.add(make_three())
        assert again.info().dimension == 64
        assert find_ids(again, "electric ferry", "dense")[0] == "ferry.txt"
        assert again.verify() == []


def test_encoding_anew_mends_a_mismatch(library):
    library.add(make_three())
    library.close()
    settings = replace(SETTINGS, passage_words=50)
    encoder = HashingEncoder(64)
    with Library.open(library.path, settings=settings, encoder=encoder, check=False) as other:
        with pytest.raises(LibraryMismatchError):
            other.search("ferry")
        with pytest.raises(LibraryMismatchError):
            other.add([make_article("new.txt", "Something new.")])
        told: list[Progress] = []
        other.rebuild(encode=True, progress=told.append)
        assert told[-1].articles == told[-1].total == 3
        assert find_ids(other, "electric ferry", "dense")[0] == "ferry.txt"
        assert other.verify() == []
    with Library.open(library.path, settings=settings, encoder=encoder) as again:
        assert again.info().dimension == 64


def test_rebuilding_gives_the_same_hits(library):
    library.add_paths([SEEDS])
    query = "When did Russia recognize South Ossetia?"
    before = {system: library.search(query, system=system) for system in SYSTEMS}
    library.rebuild()
    assert {system: library.search(query, system=system) for system in SYSTEMS} == before
    assert library.verify() == []


def test_opening_and_searching_load_neither_torch_nor_openvino(library):
    library.add_paths([SEEDS])
    library.close()
    code = (
        "import sys; from pathlib import Path; from index import Library\n"
        f"library = Library.open(Path({str(library.path)!r}))\n"
        "assert 'faiss' not in sys.modules\n"
        "assert library.search('Who recognized South Ossetia?')\n"
        "assert 'faiss' in sys.modules\n"
        "heavy = {'torch', 'openvino', 'transformers', 'index.pages.boilerplate'}\n"
        "assert not heavy & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
