"""``dateline doctor`` says what is well and what is not, with what to do."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index.errors import ReaderError
from index.settings import Settings
from qa.serving.doctor import examine, examine_reader, run_check

Call = Callable[..., Any]


def test_all_is_well_with_and_without_a_library(dateline: Call, articles: Path) -> None:
    first = dateline("doctor", "--json")
    assert first.code == 0, first.out
    checks = {check["name"]: check for check in first.json["checks"]}
    assert list(checks) == [
        "python", "packages", "encoder", "reader", "processor", "disk", "library",
    ]  # fmt: skip
    assert "none yet" in checks["library"]["finding"]
    dateline("add", articles)
    assert "3 articles" in dateline("doctor").out


def test_a_library_that_others_may_read_is_well_and_said_to_be_so(
    dateline: Call, articles: Path, tmp_path: Path
) -> None:
    dateline("add", articles)
    assert "may read" not in dateline("doctor").out
    (tmp_path / "library").chmod(0o755)
    called = dateline("doctor")
    assert called.code == 0
    assert "which others of this machine may read; `chmod -R go= " in called.out.replace("\n", " ")


def test_a_folder_that_is_no_library_fails(dateline: Call, tmp_path: Path) -> None:
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "notes.txt").write_text("mine")
    called = dateline("doctor")
    assert called.code == 1
    assert "FAIL  library" in called.out


def test_a_reader_that_cannot_be_loaded_fails(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def load(row: object, threads: int) -> None:
        raise ReaderError(f"The reader's weights are missing ({threads} threads).")

    monkeypatch.setattr("qa.reader.shared.shared_reader", load)
    reads = Settings(library=tmp_path / "none", encoder="test", system="hybrid+reader")
    check = next(check for check in examine(reads) if check.name == "reader")
    assert (check.ok, check.finding) == (False, "The reader's weights are missing (0 threads).")
    ranks = Settings(encoder="test", system="bm25")
    assert run_check("reader", lambda: examine_reader(ranks)).ok
