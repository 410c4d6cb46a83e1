"""The word index on the disk: a cache that can be lost, damaged, foreign or read-only."""

import errno
import json
import os
import shutil
import subprocess
import sys
import tempfile

import pytest
from word_texts import TEXTS, first

from index.errors import LibraryBusyError, StorageError
from index.words.engine import WordIndex
from index.words.files import DamagedWordsError


def fill(path, owner="mine"):
    words = WordIndex.open(path, owner)
    words.add(list(TEXTS), list(TEXTS.values()))
    words.commit(4)
    return words


def test_what_was_committed_is_there_after_opening_again(tmp_path):
    fill(tmp_path / "words")
    again = WordIndex.open(tmp_path / "words", "mine")
    assert (again.counter, again.ids().tolist()) == (4, sorted(TEXTS))
    assert first(again, "Abkhazia") == 11


def test_what_was_not_committed_is_not(tmp_path):
    words = fill(tmp_path / "words")
    words.add([99], ["volcano"])
    del words
    assert WordIndex.open(tmp_path / "words", "mine").ids().tolist() == sorted(TEXTS)


def test_a_commit_without_its_state_lags_and_can_be_repeated(tmp_path):
    path = tmp_path / "words"
    words = fill(path)
    state = (path / "state.json").read_bytes()
    words.add([99], ["volcano"])
    words.commit(5)
    (path / "state.json").write_bytes(state)  # as after a crash between the two writes
    again = WordIndex.open(path, "mine")
    assert again.counter == 4
    again.add([99], ["volcano"])
    again.commit(5)
    assert again.ids().tolist() == [*sorted(TEXTS), 99]


def test_another_process_is_noticed_by_refresh(tmp_path):
    path = tmp_path / "words"
    words = fill(path)
    code = (
        "import sys; from pathlib import Path; from index.words.engine import WordIndex\n"
        "other = WordIndex.open(Path(sys.argv[1]), 'mine')\n"
        "other.add([99], ['volcano']); other.commit(5)"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], check=True)
    assert first(words, "volcano") is None
    assert words.refresh() == 5
    assert first(words, "volcano") == 99


def test_two_writers_at_once_are_refused(tmp_path):
    words = fill(tmp_path / "words")
    words.add([99], ["volcano"])
    other = WordIndex.open(tmp_path / "words", "mine")
    with pytest.raises(LibraryBusyError, match="Another process"):
        other.add([98], ["storm"])
    words.commit(5)
    other.add([98], ["storm"])
    other.commit(6)
    assert {98, 99} <= set(other.ids().tolist())


def flip_a_byte(path):
    for file in path.iterdir():
        if file.suffix == ".idx":
            data = bytearray(file.read_bytes())
            data[len(data) // 2] ^= 0xFF
            file.chmod(0o644)
            file.write_bytes(data)


def truncate(path):
    for file in path.iterdir():
        if file.suffix == ".term":
            file.chmod(0o644)
            file.write_bytes(file.read_bytes()[:10])


def lose_a_file(path):
    next(file for file in path.iterdir() if file.suffix == ".fast").unlink()


def break_the_meta(path):
    (path / "meta.json").write_text("{")


def lose_the_state(path):
    (path / "state.json").unlink()


def write_another_format(path):
    state = json.loads((path / "state.json").read_text())
    (path / "state.json").write_text(json.dumps({**state, "format": 999}))


def write_a_list(path):
    (path / "state.json").write_text("[]")


def empty_the_folder(path):
    for file in path.iterdir():
        if file.name != ".tantivy-meta.lock":
            file.unlink()


@pytest.mark.parametrize(
    "harm",
    [
        flip_a_byte,
        truncate,
        lose_a_file,
        break_the_meta,
        lose_the_state,
        write_another_format,
        write_a_list,
        empty_the_folder,
    ],
)
def test_damage_is_reported_and_made_good_by_a_new_index(tmp_path, harm):
    path = tmp_path / "words"
    fill(path)
    harm(path)
    with pytest.raises(DamagedWordsError):
        WordIndex.open(path, "mine")
    anew = WordIndex.create(path, "mine")
    assert (len(anew), anew.counter) == (0, 0)
    assert len(fill(path)) == len(TEXTS)


@pytest.mark.parametrize("ours_too", [True, False])
@pytest.mark.parametrize("name", ["holiday.jpg", "drafts/thesis.docx", "meta.json/thesis.docx"])
def test_a_folder_that_holds_anything_else_is_never_replaced(tmp_path, name, ours_too):
    path = tmp_path / "words"
    if ours_too:
        fill(path)
        (path / "meta.json").unlink()
    file = path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"\xff\xd8")
    before = sorted(path.rglob("*"))
    with pytest.raises(DamagedWordsError):
        WordIndex.open(path, "mine")
    with pytest.raises(StorageError, match=rf"words, which holds {name.split('/')[0]}; move"):
        WordIndex.create(path, "mine")
    assert sorted(path.rglob("*")) == before


def test_a_file_or_a_link_that_leads_nowhere_is_never_replaced(tmp_path):
    file, link = tmp_path / "words", tmp_path / "link"
    file.write_text("hello")
    link.symlink_to(tmp_path / "elsewhere")
    for path in (file, link):
        with pytest.raises(StorageError, match="which is no folder; move"):
            WordIndex.create(path)
    assert file.read_text() == "hello"
    assert link.is_symlink()


def test_the_words_of_another_library_are_refused(tmp_path):
    fill(tmp_path / "words", "theirs")
    with pytest.raises(DamagedWordsError, match="another library"):
        WordIndex.open(tmp_path / "words", "mine")


def test_a_file_where_the_folder_should_be_is_reported(tmp_path):
    (tmp_path / "words").write_text("hello")
    with pytest.raises(DamagedWordsError):
        WordIndex.open(tmp_path / "words")


def test_a_folder_that_cannot_be_made_is_one_clear_error(tmp_path):
    (tmp_path / "file").write_text("hello")
    with pytest.raises(StorageError, match="cannot be written"):
        WordIndex.create(tmp_path / "file" / "words")


def test_a_folder_that_cannot_be_written_is_read_from_a_copy(tmp_path, monkeypatch):
    path = tmp_path / "words"
    fill(path)
    before = sorted(file.name for file in path.iterdir())
    writable = os.access
    # Permissions do not bind the superuser, who may be running the tests.
    monkeypatch.setattr(os, "access", lambda at, mode: at != path and writable(at, mode))
    words = WordIndex.open(path, "mine")
    assert first(words, "Abkhazia") == 11
    assert words.refresh() == 4
    assert sorted(file.name for file in path.iterdir()) == before


def test_a_copy_that_cannot_be_made_is_one_clear_error_and_leaves_nothing(tmp_path, monkeypatch):
    path, place = tmp_path / "words", tmp_path / "temporary"
    fill(path)
    place.mkdir()
    writable = os.access
    copied: list[int] = []

    def copy_until_full(source, target):
        if copied:
            raise OSError(errno.ENOSPC, "No space left on device")
        copied.append(target.write_bytes(b"the first file"))

    monkeypatch.setattr(os, "access", lambda at, mode: at != path and writable(at, mode))
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    monkeypatch.setattr(shutil, "copyfile", copy_until_full)
    with pytest.raises(StorageError, match=r"No space left.*TMPDIR"):
        WordIndex.open(path, "mine")
    assert copied
    assert list(place.iterdir()) == []
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(StorageError, match="TMPDIR"):
        WordIndex.open(path, "mine")


def test_a_copy_that_turns_out_damaged_is_not_left_behind(tmp_path, monkeypatch):
    path, place = tmp_path / "words", tmp_path / "temporary"
    fill(path)
    break_the_meta(path)
    place.mkdir()
    writable = os.access
    monkeypatch.setattr(os, "access", lambda at, mode: at != path and writable(at, mode))
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    with pytest.raises(DamagedWordsError):
        WordIndex.open(path, "mine")
    assert list(place.iterdir()) == []


def test_no_text_is_kept_in_the_folder(tmp_path):
    fill(tmp_path / "words")
    for file in (tmp_path / "words").iterdir():
        assert b"recognized the independence" not in file.read_bytes()
