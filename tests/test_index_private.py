"""A library is its owner's alone, unless the owner says otherwise."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Library
from index.settings import Settings
from index.storage.private import make_private_folder
from qa.chat.judgements import cases_of


@pytest.fixture(autouse=True)
def usual_rights() -> Iterator[None]:
    """Files are readable for everybody unless something sees to it."""
    import os

    before = os.umask(0o022)
    yield
    os.umask(before)


def fill(folder: Path, articles: Path) -> None:
    settings = Settings(library=folder, encoder="test")
    with Library.open(folder, settings=settings, create=True) as library:
        library.add_paths([articles])
        library.search("bridge")
        cases_of(folder).put("Who?", lambda record: record)


def rights(folder: Path) -> set[int]:
    """The rights of everything below the folder."""
    return {item.stat().st_mode & 0o777 for item in folder.rglob("*")}


@pytest.mark.parametrize("there", [False, True])
def test_a_library_is_made_for_its_owner_alone(tmp_path: Path, articles: Path, there: bool) -> None:
    folder = tmp_path / "deep" / "library"
    if there:
        folder.mkdir(parents=True)
    fill(folder, articles)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert rights(folder) == {0o700, 0o600}
    assert {item.name for item in folder.iterdir()} >= {"library.db", "words", "vectors.faiss"}


def test_rights_that_the_owner_gave_stay(tmp_path: Path, articles: Path) -> None:
    folder = tmp_path / "library"
    fill(folder, articles)
    folder.chmod(0o750)
    (folder / "library.db").chmod(0o640)
    (articles / "new.txt").write_text("A new quay\n\nThe quay was opened in spring.\n")
    fill(folder, articles)
    assert folder.stat().st_mode & 0o777 == 0o750
    assert (folder / "library.db").stat().st_mode & 0o777 == 0o640


def test_files_of_others_in_the_folder_stay_as_they_are(tmp_path: Path, articles: Path) -> None:
    folder = tmp_path / "library"
    fill(folder, articles)
    (folder / "notes.txt").write_text("mine")
    (articles / "new.txt").write_text("A new quay\n\nThe quay was opened in spring.\n")
    fill(folder, articles)
    assert (folder / "notes.txt").stat().st_mode & 0o777 == 0o644


def test_a_private_folder_that_is_there_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir(mode=0o755)
    make_private_folder(tmp_path / "runs")
    assert (tmp_path / "runs").stat().st_mode & 0o777 == 0o755
    make_private_folder(tmp_path / "new" / "runs")
    assert (tmp_path / "new" / "runs").stat().st_mode & 0o777 == 0o700
