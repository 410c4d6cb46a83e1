"""The recipe as a whole, its steps stood in for: what a run starts from, and what is averaged."""

import argparse
from pathlib import Path

import pytest

from training import reader


class Steps:
    """Stand-ins for the steps that note what they were given."""

    def __init__(self) -> None:
        self.prepared: list[tuple[str, int]] = []
        self.starts: list[str] = []
        self.averaged: list[list[str]] = []
        self.exported = ""
        self.fitted = ""

    def prepare(self, data: Path, folder: Path, epochs: int, first: int) -> None:
        self.prepared.append((folder.name, first))
        (folder / "examples.jsonl").touch()

    def train(self, options: argparse.Namespace) -> Path:
        self.starts.append(Path(options.start).name if options.start else "")
        if options.start and options.start.parent.name.startswith("run"):
            self.starts[-1] = options.start.parent.name
        return Path(options.work) / "reader.pt"

    def average(self, checkpoints: list[Path], out: Path) -> None:
        self.averaged.append([path.parent.name for path in checkpoints])

    def export(self, checkpoint: Path, start: Path, examples: Path, out: Path) -> None:
        self.exported = checkpoint.name

    def fit(self, folder: Path, out: Path) -> None:
        self.fitted = folder.name


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Steps:
    made = Steps()
    monkeypatch.setattr(reader, "prepare_examples", made.prepare)
    monkeypatch.setattr(reader, "train", made.train)
    monkeypatch.setattr(reader, "average_checkpoints", made.average)
    monkeypatch.setattr(reader, "export_reader", made.export)
    monkeypatch.setattr(reader, "fit_reader", made.fit)
    return made


def test_each_run_starts_from_the_one_before_or_the_mean_so_far(
    steps: Steps, tmp_path: Path
) -> None:
    call = ["--data", str(tmp_path), "--work", str(tmp_path / "work"), "--out", str(tmp_path)]
    reader.main(call)
    assert steps.starts == ["", "run1", "run2", "average.pt", "average.pt"]
    assert steps.averaged == [["run3"], ["run3", "run4"], ["run3", "run4", "run5"]]
    assert steps.prepared == [(f"run{n}", 2 * (n - 1)) for n in range(1, 6)]
    assert (steps.exported, steps.fitted) == ("average.pt", "run5")
    reader.main(call)
    assert len(steps.prepared) == 5


def test_one_run_is_its_own_mean(steps: Steps, tmp_path: Path) -> None:
    work = str(tmp_path / "work")
    reader.main(["--data", str(tmp_path), "--work", work, "--runs", "1", "--averaged", "1"])
    assert steps.starts == [""]
    assert steps.averaged == [["run1"]]


def test_more_cannot_be_averaged_than_are_run(
    steps: Steps, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        reader.main(["--data", str(tmp_path), "--runs", "2"])
    assert "--averaged is 1 to --runs, 2, not 3." in capsys.readouterr().err
    assert steps.starts == []
