"""The reader's network: its files, checked, and its graph for OpenVINO."""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.encoding.bert import (
    BertConfig,
    MixedWeights,
    Node,
    Quantised,
    build_bert,
    import_openvino,
    take_plain,
)
from index.errors import ReaderError

FORMAT = 4
"""The version of the model's files; a change that older code cannot read adds one."""

MODEL_PATH = Path(__file__).parent / "weights"
WEIGHTS_NAME = "reader.safetensors"
CONFIG_NAME = "config.json"


def read_config(path: Path) -> dict[str, Any]:
    """The model's configuration.

    Raises:
        ReaderError: it is missing, not JSON, or of another version.
    """
    try:
        config = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ReaderError(
            f"The reader's {path} cannot be read ({error.strerror}); reinstall Dateline."
        ) from error
    except ValueError as error:
        raise ReaderError(f"The reader's {path} is not valid JSON; reinstall Dateline.") from error
    found = config.get("format") if isinstance(config, dict) else None
    if found != FORMAT:
        raise ReaderError(
            f"The reader's {path} has format {found!r}, but this version of Dateline reads format "
            f"{FORMAT}; install the version of Dateline that the model came with."
        )
    return dict(config)


def read_reader_weights(path: Path, config: dict[str, Any]) -> MixedWeights:
    """The weights in the file, after its checksum was verified.

    A matrix of 8-bit numbers has its scale beside it, ``NAME.scale``, and what stands for nought,
    ``NAME.zero``, where that is not 0; all else is made float32.

    Raises:
        ReaderError: it is missing, or not the file that the configuration belongs to.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        data = path.read_bytes()
    except OSError as error:
        raise ReaderError(
            f"The reader's weights {path} cannot be read ({error.strerror}); reinstall Dateline."
        ) from error
    found = hashlib.sha256(data).hexdigest()
    if found != config.get("sha256"):
        raise ReaderError(
            f"The reader's weights {path} have SHA-256 {found[:12]}…, not "
            f"{str(config.get('sha256'))[:12]}…: the file is truncated or another one; "
            "reinstall Dateline."
        )
    try:
        arrays = load(data)
    except (SafetensorError, ValueError) as error:
        raise ReaderError(f"The reader's weights {path} cannot be parsed: {error}") from error
    weights: dict[str, NDArray[np.float32] | Quantised] = {}
    for name, array in arrays.items():
        scale, zero = arrays.get(f"{name}.scale"), arrays.get(f"{name}.zero", np.zeros(1))
        if scale is not None:
            weights[name] = Quantised(array, scale, float(zero[0]))
        elif not name.endswith((".scale", ".zero")):
            weights[name] = np.asarray(array, np.float32)
    return weights


def build_reader(weights: MixedWeights, config: dict[str, Any]) -> Node:
    """The encoder with its heads as an OpenVINO model: span logits and pooled logits.

    The heads' weights are float32.
    """
    ov = import_openvino()
    ops = ov.opset13
    bounds = {
        name: (float(low), float(high)) for name, (low, high) in config.get("ranges", {}).items()
    }
    inputs, states = build_bert(weights, BertConfig(**config["sizes"]), bounds or None)

    def head(node: Node, name: str, *shape: int) -> Node:
        weight, bias = (take_plain(weights, f"{name}.{part}") for part in ("weight", "bias"))
        product = ops.matmul(node, ops.constant(weight), False, True)
        return ops.add(product, ops.constant(bias.reshape(*shape, -1)))

    first = ops.gather(
        states, ops.constant(np.array(0, np.int64)), ops.constant(np.array(1, np.int64))
    )
    relevance = head(ops.tanh(head(first, "pooler", 1)), "relevance", 1)
    pooled = ops.concat([head(first, "answerable", 1), relevance], 1)
    return ov.Model([head(states, "span", 1, 1), pooled], inputs, "reader")
