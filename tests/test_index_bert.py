"""Requests of a compiled model: made once, kept while idle, never shared by two callers."""

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from index.encoding.bert import Compiled
from index.encoding.encoders import default_encoder


class Tensor:
    def __init__(self) -> None:
        self.data = np.zeros(1)


class Request:
    """Gives its input twice, in one buffer that the next inference writes over."""

    def __init__(self) -> None:
        self.output_tensors = [Tensor()]
        self.running = False

    def start_async(self, inputs: list[Any]) -> None:
        assert not self.running
        self.running = True
        self.output_tensors[0].data[:] = 2 * inputs[0]

    def wait(self) -> None:
        self.running = False


class Model:
    def __init__(self, streams: int) -> None:
        self.streams = streams
        self.made: list[Request] = []

    def get_property(self, name: str) -> int:
        assert name == "OPTIMAL_NUMBER_OF_INFER_REQUESTS"
        return self.streams

    def create_infer_request(self) -> Request:
        self.made.append(Request())
        return self.made[-1]


def batch(number: float) -> list[Any]:
    return [np.array([number])]


@pytest.mark.parametrize("streams", [1, 2])
def test_batches_come_in_order_from_the_requests_that_are_there(streams: int) -> None:
    model = Model(streams)
    compiled = Compiled(model)
    made = len(model.made)
    assert made == 2 * streams
    for _ in range(3):
        outputs = [output for (output,) in compiled.infer_batches(map(batch, range(9)))]
        assert [float(output[0]) for output in outputs] == [2.0 * number for number in range(9)]
        assert compiled.infer(batch(4))[0].tolist() == [8.0]
    assert len(model.made) == made


def test_a_request_that_was_abandoned_is_not_given_to_anyone() -> None:
    model = Model(1)
    compiled = Compiled(model)
    outputs = compiled.infer_batches(map(batch, range(9)))
    assert next(outputs)[0].tolist() == [0.0]
    assert isinstance(outputs, Generator)
    outputs.close()
    assert any(request.running for request in model.made)
    assert [o[0].tolist() for o in compiled.infer_batches(map(batch, (5, 6, 7)))] == [
        [10],
        [12],
        [14],
    ]


def test_batches_that_cannot_be_made_leave_the_model_usable() -> None:
    compiled = Compiled(Model(1))

    def fail() -> Any:
        yield batch(1)
        raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"):
        list(compiled.infer_batches(fail()))
    assert compiled.infer(batch(3))[0].tolist() == [6.0]


@pytest.mark.model
def test_several_threads_get_the_vectors_of_their_own_texts() -> None:
    encoder = default_encoder()
    texts = [[f"Storm number {row} of {thread}." for row in range(20)] for thread in range(6)]
    alone = [encoder.encode_passages(some) for some in texts]
    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(encoder.encode_passages, texts))
        asked = list(pool.map(lambda some: encoder.encode_questions(some[:2]), texts))
    for own, shared, questions in zip(alone, together, asked, strict=True):
        assert (own * shared).sum(axis=1).min() > 0.9999
        assert (own[:2] * questions).sum(axis=1).min() > 0.999
