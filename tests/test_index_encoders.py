"""Encoders: the packaged model verified and equal to its origin, others by path, prompts kept."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from index import EncoderError
from index.cores import count_cores
from index.encoding.bert import choose_precision, is_mapped
from index.encoding.encoders import (
    FEW,
    MINILM_SHA256,
    Encoder,
    HashingEncoder,
    MiniLMEncoder,
    default_encoder,
    load_encoder,
    packaged_model_path,
    read_weights,
)
from index.encoding.exported import export_encoder
from index.encoding.torch_encoder import SentenceTransformersEncoder
from index.settings import Settings

TEXTS = [
    "Russia recognized the republic as an independent state on August 26.",
    "",
    "Only Nicaragua has followed Moscow's lead. " * 30,
    "Москва признала независимость.",
    "🙂 \ud800 \x00 control",
    "Short.",
]


@pytest.fixture(scope="module")
def minilm() -> MiniLMEncoder:
    return default_encoder()


@pytest.mark.model
def test_vectors_are_unit_rows_in_the_order_of_the_texts(minilm: MiniLMEncoder) -> None:
    vectors = minilm.encode_passages(TEXTS)
    assert vectors.shape == (len(TEXTS), 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    for row, text in enumerate(TEXTS):
        assert minilm.encode_passages([text])[0] @ vectors[row] > 0.999


@pytest.mark.model
def test_the_packaged_model_agrees_with_sentence_transformers(minilm: MiniLMEncoder) -> None:
    texts = [text for text in TEXTS if "\ud800" not in text]
    reference = SentenceTransformersEncoder(str(packaged_model_path()))
    cosines = (minilm.encode_passages(texts) * reference.encode_passages(texts)).sum(axis=1)
    assert cosines.min() > 0.999
    question = ["When did Russia recognize South Ossetia?"]
    assert minilm.encode_questions(question)[0] @ reference.encode_questions(question)[0] > 0.999
    exported = export_encoder(str(packaged_model_path()))
    assert exported.fingerprint == reference.fingerprint
    assert exported.encode_questions(question)[0] @ minilm.encode_questions(question)[0] > 0.9999


@pytest.mark.model
def test_float32_and_the_processors_own_precision_agree(minilm: MiniLMEncoder) -> None:
    exact = MiniLMEncoder(packaged_model_path(), precision="f32")
    cosines = (minilm.encode_passages(TEXTS) * exact.encode_passages(TEXTS)).sum(axis=1)
    assert cosines.min() > 0.999


@pytest.mark.model
def test_a_processor_without_bfloat16_gets_float32(monkeypatch: pytest.MonkeyPatch) -> None:
    assert choose_precision(["FP32", "INT8", "BF16"]) == "bf16"
    monkeypatch.setattr(
        "index.encoding.bert.choose_precision", lambda _: choose_precision(["FP32"])
    )
    portable = default_encoder()
    exact = MiniLMEncoder(packaged_model_path(), precision="f32")
    np.testing.assert_array_equal(
        portable.encode_questions(TEXTS[:1]), exact.encode_questions(TEXTS[:1])
    )


@pytest.mark.parametrize(
    ("quota", "cores"),
    [("50000 100000", 1), ("100000 100000", 1), ("max 100000", None), ("nonsense", None)],
)
def test_a_quota_bounds_the_cores(tmp_path: Path, quota: str, cores: int | None) -> None:
    file = tmp_path / "cpu.max"
    file.write_text(quota)
    assert count_cores(file) == (cores or count_cores(tmp_path / "absent"))


@pytest.mark.model
def test_many_texts_and_few_get_the_same_vectors(minilm: MiniLMEncoder) -> None:
    texts = [f"{text} {n}" for n in range(30) for text in TEXTS]
    assert len(texts) > FEW
    together = minilm.encode_passages(texts)
    few = np.concatenate([minilm.encode_passages(texts[n : n + 60]) for n in range(0, 180, 60)])
    assert (together * few).sum(axis=1).min() > 0.999


@pytest.mark.model
def test_weights_are_mapped_once_and_not_copied() -> None:
    path = packaged_model_path() / "model.safetensors"
    weights = read_weights(path, MINILM_SHA256)
    assert read_weights(path, MINILM_SHA256) is weights
    assert all(is_mapped(array) for array in weights.values())
    assert not is_mapped(weights["embeddings.LayerNorm.weight"] * 2)


@pytest.mark.model
def test_no_texts_give_no_rows(minilm: MiniLMEncoder) -> None:
    assert minilm.encode_passages([]).shape == (0, 384)
    assert minilm.encode_questions([]).shape == (0, 384)


@pytest.mark.model
def test_the_fingerprint_names_the_verified_weights(minilm: MiniLMEncoder) -> None:
    assert minilm.fingerprint.weights == MINILM_SHA256
    assert minilm.fingerprint.max_tokens == 256
    assert isinstance(minilm, Encoder)


@pytest.mark.model
def test_damaged_weights_are_refused_with_what_to_do(tmp_path: Path) -> None:
    shutil.copytree(packaged_model_path(), tmp_path / "model")
    weights = tmp_path / "model" / "model.safetensors"
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(data)
    with pytest.raises(EncoderError, match="damaged or another model; reinstall"):
        MiniLMEncoder(tmp_path / "model")
    weights.unlink()
    with pytest.raises(EncoderError, match="cannot be read"):
        MiniLMEncoder(tmp_path / "model")


def test_openvino_is_imported_without_its_telemetry() -> None:
    code = (
        "import sys\n"
        "from index.encoding.bert import import_openvino\n"
        "import_openvino()\n"
        "assert sys.modules['openvino_telemetry'] is None\n"
        "assert not [n for n in sys.modules if n.startswith('openvino_telemetry.')]\n"
        "assert not [n for n in sys.modules if n.startswith('openvino.tools.ovc')]\n"
        "from openvino.tools.ovc import convert_model\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_test_encoder_counts_words() -> None:
    encoder = HashingEncoder()
    one, other, third = encoder.encode_passages(["the cat sat", "Sat the CAT!", "a dog"])
    np.testing.assert_array_equal(one, other)
    np.testing.assert_allclose(np.unique(one[one > 0]), [3**-0.5], rtol=1e-6)
    assert one @ third == 0
    assert encoder.encode_questions([""])[0, 0] == 1


def test_a_fingerprint_changes_with_every_field() -> None:
    assert HashingEncoder(64).fingerprint.digest != HashingEncoder(128).fingerprint.digest
    assert HashingEncoder(64).fingerprint.digest == HashingEncoder(64).fingerprint.digest


def test_the_settings_choose_the_encoder() -> None:
    assert isinstance(load_encoder(Settings(encoder="test")), HashingEncoder)


@pytest.mark.model
def test_a_model_that_is_not_here_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="neither a folder nor a model kept on this machine"):
        load_encoder(Settings(encoder="no-such-model-anywhere"))
    (tmp_path / "readme.txt").write_text("nothing here")
    with pytest.raises(EncoderError, match="holds no sentence-transformers model"):
        load_encoder(Settings(encoder=str(tmp_path)))


@pytest.mark.model
def test_another_models_prompts_are_honoured(tmp_path: Path) -> None:
    path = tmp_path / "prompted"
    shutil.copytree(packaged_model_path(), path)
    file = path / "config_sentence_transformers.json"
    config = json.loads(file.read_text())
    config["prompts"] = {"query": "query: ", "document": "passage: "}
    file.write_text(json.dumps(config))
    prompted = SentenceTransformersEncoder(str(path))
    plain = SentenceTransformersEncoder(str(packaged_model_path()))
    assert prompted.fingerprint.question_prompt == "query: "
    assert prompted.fingerprint.passage_prompt == "passage: "
    assert prompted.fingerprint.digest != plain.fingerprint.digest
    np.testing.assert_allclose(
        prompted.encode_questions(["who?"]), plain.encode_questions(["query: who?"]), atol=1e-5
    )
    np.testing.assert_allclose(
        prompted.encode_passages(["He did."]),
        plain.encode_passages(["passage: He did."]),
        atol=1e-5,
    )


@pytest.mark.model
def test_encoders_come_and_go_while_others_work() -> None:
    from concurrent.futures import ThreadPoolExecutor

    def encode_once(_: int) -> float:
        return float(default_encoder().encode_passages(TEXTS * 4)[0, 0])

    with ThreadPoolExecutor(3) as pool:
        values = list(pool.map(encode_once, range(6)))
    assert np.ptp(values) < 1e-3
