"""The library when things break: full and read-only disks, damaged and foreign caches."""

import json
import shutil
from pathlib import Path

import pytest
from breaking import (
    CRASHES,
    FERRY,
    QUAY,
    SETTINGS,
    TRAM,
    check_whole,
    make_library,
    open_library,
    run,
)

from index import Article, Library, LibraryNotFoundError, StorageError

pytestmark = pytest.mark.process


@pytest.fixture
def folder(tmp_path):
    return make_library(tmp_path / "library")


# --- disks ---


def test_a_full_disk_is_told_in_one_sentence_and_keeps_what_was_stored(folder):
    code = """
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
library = Library.open(folder, settings=SETTINGS)
big = (Article(f"{n}.txt", "", f"Report {n}. " + "Much was said. " * 3000) for n in range(600))
try:
    library.add(big)
except LibraryError as error:
    print(type(error).__name__, error)
"""
    done = run(folder, code)
    assert done.stdout.startswith("StorageError")
    assert done.stdout.count("\n") == 1
    assert "room" in done.stdout or "full" in done.stdout
    assert done.stderr == ""
    with open_library(folder) as library:
        assert [hit.article.id for hit in library.search("ferry", 1)] == ["ferry.txt"]
        assert library.verify() == []
        assert library.add([Article("tram.txt", "", TRAM)]).added == ("tram.txt",)


def test_a_disk_without_room_for_the_caches_still_finds_what_was_stored(folder):
    code = """
def fail(*arguments):
    raise OSError(28, "No space left on device")

def fail_on_disk(words):
    return fail() if words._folder else None

caches.save_vectors = fail
WordIndex._write_state = fail_on_disk
with Library.open(folder, settings=SETTINGS) as library:
    assert library.add([TRAM]).added == ("tram.txt",)
    for system in ("dense", "bm25", "hybrid"):
        assert library.search("trams old town", 1, system=system)[0].article.id == "tram.txt"
"""
    run(folder, code)
    check_whole(folder, {"ferry.txt", "tram.txt"})


READ = """
read_only()
with Library.open(folder) as library:
    assert library.info().read_only
    for system in ("dense", "bm25", "hybrid"):
        found = [hit.article.id for hit in library.search("electric ferry", 5, system=system)]
        assert found[0] == "ferry.txt", (system, found)
    assert library.verify() == []
    for change in (
        lambda: library.add([TRAM]), lambda: library.remove(["ferry.txt"]), library.rebuild,
        lambda: library.set_value("a", 1),
    ):
        try:
            change()
        except LibraryError as error:
            print(type(error).__name__, error)
"""


@pytest.fixture
def loosened(folder):
    yield folder
    folder.chmod(0o755)
    for item in folder.rglob("*"):
        item.chmod(0o755 if item.is_dir() else 0o644)


def test_a_read_only_library_is_searched_and_not_changed(loosened):
    done = run(loosened, READ)
    lines = done.stdout.splitlines()
    assert len(lines) == 4
    assert all(line.startswith("StorageError") and "read-only" in line for line in lines)


@pytest.mark.parametrize("missing", ["words", "vectors.faiss", "vectors.json"])
def test_a_read_only_library_without_a_cache_is_searched(loosened, missing):
    target = loosened / missing
    shutil.rmtree(target) if target.is_dir() else target.unlink()
    run(loosened, READ)


@pytest.mark.parametrize("place", ["full", "missing"])
def test_a_read_only_library_is_searched_without_room_for_a_copy_of_its_words(loosened, place):
    code = """
import tempfile
place = folder.parent / "temporary"
tempfile.tempdir = str(place)
if sys.argv[2] == "full":
    place.mkdir()
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
"""
    run(loosened, code.replace("sys.argv[2]", repr(place)) + READ)
    assert list(loosened.parent.glob("temporary/dateline-*")) == []


SERVE = """
import app, qa.serving.server
os.environ["DATELINE_ENCODER"] = "test"
app.ROOT = folder.parent.parent
def launch(library, settings):
    print([item.id for item in library.articles()])
    if len(library):
        print(library.search("electric ferry", 1)[0].article.id)
qa.serving.server.launch = launch
"""


@pytest.fixture
def packaged(tmp_path):
    """The folder of the library of the sample articles, and one such article."""
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "ferry.txt").write_text(FERRY)
    folder = tmp_path / ".dateline" / "seeds"
    folder.mkdir(parents=True)
    yield folder
    for item in (folder, *folder.rglob("*")):
        item.chmod(0o755 if item.is_dir() else 0o644)


def test_the_packaged_library_is_served_where_it_is_read_only(packaged):
    told = "['ferry.txt']\nferry.txt\n"
    assert run(packaged, SERVE + "sys.exit(app.main())").stdout == told
    (packaged.parent.parent / "seeds" / "tram.txt").write_text(TRAM)
    assert run(packaged, SERVE + "read_only()\nsys.exit(app.main())").stdout == told


def test_an_empty_packaged_library_that_is_read_only_is_told(packaged):
    Library.open(packaged, settings=SETTINGS, create=True).close()
    done = run(packaged, SERVE + "read_only()\nsys.exit(app.main())", check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert "read-only" in done.stderr


def test_a_read_only_library_that_lags_is_searched(loosened):
    add = """
with Library.open(folder, settings=SETTINGS) as library:
    library.add([TRAM])
"""
    crash = CRASHES["before the vectors follow"]
    assert run(loosened, crash + add, check=False).returncode == 42
    with open_library(loosened) as library:
        library.articles()
    code = READ.replace("electric ferry", "trams old town").replace('[0] == "ferry', '[0] == "tram')
    run(loosened, code)


def test_no_library_can_be_made_in_a_read_only_folder(tmp_path):
    (tmp_path / "shelf").mkdir()
    code = """
read_only()
for path in (folder, folder / "library"):
    try:
        Library.open(path, settings=SETTINGS, create=True)
    except LibraryError as error:
        print(type(error).__name__, error)
"""
    done = run(tmp_path / "shelf", code)
    (tmp_path / "shelf").chmod(0o755)
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["StorageError"] * 2


# --- caches ---


def write_junk(file):
    file.write_bytes(b"\x07" * 5000)


def cut_short(file):
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


@pytest.mark.parametrize("damage", [write_junk, cut_short, Path.unlink])
@pytest.mark.parametrize(
    "pattern", ["vectors.faiss", "vectors.json", "words/*", "words/state.json"]
)
def test_a_damaged_cache_is_made_anew_without_encoding(folder, damage, pattern, monkeypatch):
    files = list(folder.glob(pattern))
    assert files
    for file in files:
        damage(file)

    def refuse(*arguments):
        raise AssertionError("something was encoded again")

    monkeypatch.setattr("index.adding.encode_texts", refuse)
    check_whole(folder, {"ferry.txt"})


def test_caches_of_another_library_are_not_believed(folder, tmp_path):
    other = tmp_path / "other"
    with Library.open(other, settings=SETTINGS, create=True) as library:
        library.add([Article("tram.txt", "", TRAM)])
    for name in ("vectors.faiss", "vectors.json"):
        shutil.copy(other / name, folder / name)
    shutil.rmtree(folder / "words")
    shutil.copytree(other / "words", folder / "words")
    check_whole(folder, {"ferry.txt"})


def test_other_files_in_place_of_the_words_are_left_alone(folder):
    shutil.rmtree(folder / "words")
    (folder / "words").mkdir()
    (folder / "words" / "thesis.docx").write_text("ten years of work")
    with open_library(folder) as library:
        library.add([Article("tram.txt", "", TRAM)])
        with pytest.raises(StorageError, match=r"holds thesis\.docx; move"):
            library.rebuild()
    check_whole(folder, {"ferry.txt", "tram.txt"})
    assert (folder / "words" / "thesis.docx").read_text() == "ten years of work"
    (folder / "words" / "thesis.docx").unlink()
    check_whole(folder, {"ferry.txt", "tram.txt"})
    assert (folder / "words" / "state.json").exists()


@pytest.mark.parametrize("change", ["add", "search", "add elsewhere"])
def test_words_kept_in_memory_while_another_writes_are_on_the_disk_after_the_next_change(
    folder, change
):
    shutil.rmtree(folder / "words")
    with open_library(folder) as library, open_library(folder) as other:
        with other._lock.held():
            assert library.search("electric ferry", 1, system="bm25")[0].article.id == "ferry.txt"
            other._store.commit(removals=[other._store.find_id("ferry.txt").row])
            assert library.search("electric ferry", 1, system="bm25") == []
        assert not (folder / "words").exists()
        if change == "search":
            other._store.commit()
            assert library.search("tram", 1, system="bm25") == []
        else:
            writer = other if change == "add elsewhere" else library
            writer.add([Article("tram.txt", "", TRAM)])
            assert library.search("trams", 1, system="bm25")[0].article.id == "tram.txt"
        version = library._store.version()
        assert json.loads((folder / "words" / "state.json").read_text())["counter"] == version
        library.add([Article("quay.txt", "", QUAY)])
        version = library._store.version()
        assert json.loads((folder / "words" / "state.json").read_text())["counter"] == version
    check_whole(folder, {"quay.txt"} if change == "search" else {"quay.txt", "tram.txt"})


def test_caches_newer_than_a_restored_database_are_not_believed(folder):
    shutil.copy(folder / "library.db", folder.parent / "backup.db")
    with open_library(folder) as library:
        library.add([Article("tram.txt", "", TRAM)])
    shutil.copy(folder.parent / "backup.db", folder / "library.db")
    with open_library(folder) as library:
        library.add([Article("quay.txt", "", QUAY)])
    check_whole(folder, {"ferry.txt", "quay.txt"})
    shutil.copy(folder.parent / "backup.db", folder / "library.db")
    check_whole(folder, {"ferry.txt"})


def test_a_copied_library_is_the_same_library(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "copy")
    shutil.rmtree(folder)
    check_whole(tmp_path / "copy", {"ferry.txt"})


# --- what verify sees ---


def change_store(folder, statement, *values):
    with open_library(folder) as library, library._store.database.writing() as connection:
        connection.execute("PRAGMA defer_foreign_keys = ON")
        assert connection.execute(statement, values).rowcount == 1


@pytest.mark.parametrize(
    ("statement", "values", "problem"),
    [
        ("UPDATE articles SET text = replace(text, 'electric', 'Electric')", (), "digest differs"),
        ('UPDATE passages SET "end" = 9999', (), "outside its text"),
        ("UPDATE vectors SET vector = zeroblob(512)", (), "not of unit length"),
        ("UPDATE vectors SET vector = ?", (b"\x00\x7e" * 256,), "not of unit length"),
        ("DELETE FROM vectors", (), "have no vector"),
    ],
)
def test_verify_finds_what_is_damaged(folder, statement, values, problem):
    change_store(folder, statement, *values)
    with open_library(folder) as library:
        problems = library.verify()
    assert any(problem in line for line in problems), problems


def test_verify_finds_an_engine_that_differs_and_rebuild_mends_it(folder):
    with open_library(folder) as library:
        library.search("ferry")
        (row,) = library._caches.vectors.engine.ids().tolist()
        library._caches.vectors.engine.remove([row])
        library._caches.words.engine.remove([row])
        library._caches.words.engine.commit(library._store.version())
        problems = library.verify()
        assert any("vector index lacks 1" in line for line in problems)
        assert any("word index lacks 1" in line for line in problems)
        library.rebuild()
        assert library.verify() == []


def test_a_damaged_vector_is_told_with_what_to_do(folder):
    change_store(folder, "UPDATE vectors SET vector = ?", b"\x00\x7e" * 256)
    (folder / "vectors.json").unlink()
    with open_library(folder) as library, pytest.raises(StorageError, match="rebuild --encode"):
        library.search("ferry", system="dense")


def test_the_header_tells_whose_the_vectors_are(folder):
    header = json.loads((folder / "vectors.json").read_text())
    with open_library(folder) as library:
        assert header["owner"] == library._store.manifest()["library_id"]
        assert header["version"] == library._store.version()


def test_a_library_that_goes_away_while_it_is_open_is_said_to_be_gone(tmp_path: Path) -> None:
    folder, aside = tmp_path / "library", tmp_path / "aside"
    with Library.open(folder, settings=SETTINGS, create=True) as library:
        library.add([Article("ferry.txt", "", FERRY)])
        assert library.search("electric ferry")
        folder.rename(aside)
        with pytest.raises(LibraryNotFoundError, match="was removed, moved or replaced"):
            library.search("electric ferry")
        with pytest.raises(LibraryNotFoundError, match="was removed, moved or replaced"):
            library.add([Article("quay.txt", "", QUAY)])
        assert not folder.exists()
        Library.open(folder, settings=SETTINGS, create=True).close()
        with pytest.raises(LibraryNotFoundError, match="was removed, moved or replaced"):
            library.article("ferry.txt")
        shutil.rmtree(folder)
        aside.rename(folder)
        assert library.search("electric ferry")
        shutil.rmtree(folder)
    assert not folder.exists()
