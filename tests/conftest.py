"""Fixtures that several test files share."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

SEEDS = Path(__file__).parent.parent / "seeds"


@dataclass(frozen=True)
class Called:
    """What a call of the command did: its exit code and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def dateline(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Iterator[Callable[..., Called]]:
    """The command ``dateline`` with the test encoder and a library of its own."""
    from qa.cli import main

    config = tmp_path / "no-settings.toml"
    config.write_text("")
    monkeypatch.setenv("DATELINE_CONFIG", str(config))
    monkeypatch.setenv("DATELINE_ENCODER", "test")
    monkeypatch.setenv("DATELINE_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("COLUMNS", "100")

    def call(*arguments: object) -> Called:
        capsys.readouterr()
        with pytest.raises(SystemExit) as stopped:
            main([str(argument) for argument in arguments])
        written = capsys.readouterr()
        code = stopped.value.code
        return Called(code if isinstance(code, int) else 0, written.out, written.err)

    yield call


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """A folder of three short articles."""
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, text in {
        "harbour.txt": "Harbour bridge reopens after repairs\n\nOSLO, May 3, 2019 (NTB) - The "
        "harbour bridge reopened on Friday after eleven months of repairs.\n\nEngineers replaced "
        "42 cables and the whole road surface, the port authority said.\n",
        "library.txt": "City library extends its opening hours\n\nThe city library will open at "
        "seven in the morning from June, the mayor Ingrid Solberg announced.\n\nThe change costs "
        "two million kroner a year and was asked for by students.\n",
        "ferry.txt": "New electric ferry starts service\n\nAn electric ferry named Havbris began "
        "sailing between the islands.\n\nIt carries 120 cars and charges its batteries in nine "
        "minutes at each quay.\n",
    }.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder
