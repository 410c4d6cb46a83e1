"""The library after a crash: a process that ends at a chosen step."""

import pytest
from breaking import CRASHES, TRAM, check_whole, make_library, open_library, run

from index import Article

pytestmark = pytest.mark.process

BEFORE = {"before the transaction", "inside the transaction", "at the end of the transaction"}


@pytest.fixture
def folder(tmp_path):
    return make_library(tmp_path / "library")


@pytest.mark.parametrize("point", CRASHES)
def test_a_crash_while_adding_loses_and_invents_nothing(folder, point):
    add = """
with Library.open(folder, settings=SETTINGS) as library:
    library.add([TRAM])
"""
    assert run(folder, CRASHES[point] + add, check=False).returncode == 42
    check_whole(folder, {"ferry.txt"} if point in BEFORE else {"ferry.txt", "tram.txt"})


@pytest.mark.parametrize("point", [point for point in CRASHES if "inside" not in point])
def test_a_crash_while_removing_leaves_all_or_nothing(folder, point):
    run(folder, "Library.open(folder, settings=SETTINGS).add([TRAM])")
    remove = """
with Library.open(folder, settings=SETTINGS) as library:
    library.remove(["ferry.txt"])
"""
    assert run(folder, CRASHES[point] + remove, check=False).returncode == 42
    check_whole(folder, {"ferry.txt", "tram.txt"} if point in BEFORE else {"tram.txt"})


def test_a_crash_while_encoding_anew_leaves_the_library_as_it_was(folder):
    code = """
crash(sys.modules["index.storage.store"], "log_change", before=True)
with Library.open(folder, settings=SETTINGS) as library:
    library.rebuild(encode=True)
"""
    assert run(folder, code, check=False).returncode == 42
    check_whole(folder, {"ferry.txt"})


def test_a_crash_while_a_library_is_made_leaves_room_for_one(tmp_path):
    code = """
crash(sys.modules["index.storage.store"], "create_tables", before=False)
Library.open(folder, settings=SETTINGS, create=True)
"""
    assert run(tmp_path / "new", code, check=False).returncode == 42
    make_library(tmp_path / "new")
    check_whole(tmp_path / "new", {"ferry.txt"})


def test_a_writer_that_crashed_leaves_no_lock(folder):
    code = """
with Library.open(folder, settings=SETTINGS) as library, library._lock.held():
    os._exit(42)
"""
    assert run(folder, code, check=False).returncode == 42
    with open_library(folder) as library:
        assert library.add([Article("tram.txt", "", TRAM)]).added == ("tram.txt",)
