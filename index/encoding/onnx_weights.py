"""The weights of a BERT in an ONNX file of 8-bit numbers, as float32, read by OpenVINO.

ONNX Runtime's dynamic quantisation: a weight is ``(number - zero point) * scale``, and the matrix
of a linear layer stands transposed under a name of its own beside the ``MatMulInteger`` node.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.encoding.bert import Node, import_openvino

Arrays = dict[str, NDArray[np.float32]]

QUANTISED = "_quantized"


def read_onnx_weights(path: Path) -> Arrays:
    """The weights under Hugging Face's names, without a ``bert.`` prefix, float32.

    Raises:
        RuntimeError: the file is missing, damaged or no ONNX file.
        KeyError: an 8-bit array has no scale or zero point.
    """
    nodes = import_openvino().Core().read_model(path).get_ordered_ops()
    arrays = {
        node.get_friendly_name(): node.data for node in nodes if node.get_type_name() == "Constant"
    }
    layers = {
        find_constant(node): node.get_friendly_name().strip("/").rsplit("/", 1)[0].replace("/", ".")
        for node in nodes
        if node.get_type_name() == "MatMul" and find_constant(node)
    }
    weights: Arrays = {}
    for name, array in arrays.items():
        if name.endswith(QUANTISED):
            base = name.removesuffix(QUANTISED)
            scale, zero = arrays[f"{base}_scale"], arrays[f"{base}_zero_point"]
            array = (array.astype(np.float32) - zero.astype(np.float32)) * scale.astype(np.float32)
            if name in layers:
                array, base = array.T, f"{layers[name]}.weight"
            name = base
        elif array.dtype != np.float32 or not name.endswith((".weight", ".bias")):
            continue
        weights[name.removeprefix("bert.")] = np.ascontiguousarray(array, np.float32)
    return weights


def find_constant(node: Node) -> str:
    """The name of the 8-bit matrix that a product's second factor is; empty when it is computed."""
    source = node.input(1).get_source_output().get_node()
    while source.get_type_name() in ("Subtract", "Convert"):
        source = source.input(0).get_source_output().get_node()
    name = source.get_friendly_name()
    is_matrix = source.get_type_name() == "Constant" and name.endswith(QUANTISED)
    return name if is_matrix else ""
