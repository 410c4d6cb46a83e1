"""The mean of checkpoints."""

from pathlib import Path

import pytest
import torch

from training.average import average_checkpoints


def save(path: Path, **arrays: list[float]) -> Path:
    network = {name: torch.tensor(values) for name, values in arrays.items()}
    torch.save({"network": network, "step": 7}, path)
    return path


def test_weights_are_averaged_and_what_is_equal_stays_to_the_bit(tmp_path: Path) -> None:
    frozen = [0.1, 1 / 3]
    paths = [
        save(tmp_path / f"{row}.pt", heads=[value, 2.0], frozen=frozen, ids=[1, 2])
        for row, value in enumerate((1.0, 4.0, 7.0))
    ]
    average_checkpoints(paths, tmp_path / "mean.pt")
    network = torch.load(tmp_path / "mean.pt", weights_only=True)["network"]
    assert network["heads"].tolist() == [4.0, 2.0]
    assert torch.equal(network["frozen"], torch.tensor(frozen))
    assert network["ids"].tolist() == [1, 2]


def test_other_networks_are_refused(tmp_path: Path) -> None:
    one = save(tmp_path / "one.pt", heads=[1.0])
    other = save(tmp_path / "other.pt", tails=[1.0])
    with pytest.raises(ValueError, match="different networks"):
        average_checkpoints([one, other], tmp_path / "mean.pt")
    assert not (tmp_path / "mean.pt").exists()
