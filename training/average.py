"""One checkpoint from several: the mean of their weights (Izmailov et al. 2018).

Runs that start from one another with a rising and falling learning rate end in different places
around one flat minimum; their middle read and told apart better than either (docs/decisions.md).
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor


def main() -> None:
    """Average the checkpoints named."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoints", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    average_checkpoints(options.checkpoints, options.out)


def average_checkpoints(checkpoints: Sequence[Path], out: Path) -> None:
    """Writes a checkpoint whose network is the mean; frozen weights stay to the bit.

    Raises:
        ValueError: the networks have different parts.
    """
    networks = [torch.load(path, weights_only=True)["network"] for path in checkpoints]
    names = networks[0].keys()
    if any(network.keys() != names for network in networks):
        raise ValueError(f"{', '.join(map(str, checkpoints))} are of different networks.")
    network = {name: mean_of([network[name] for network in networks]) for name in names}
    torch.save({"network": network}, out)


def mean_of(tensors: Sequence[Tensor]) -> Tensor:
    """The mean in the tensors' own type, itself where all are equal."""
    first = tensors[0]
    if not first.is_floating_point() or all(torch.equal(first, other) for other in tensors[1:]):
        return first
    return torch.stack([tensor.double() for tensor in tensors]).mean(0).to(first.dtype)


if __name__ == "__main__":
    main()
