"""A BERT encoder as an OpenVINO model, built straight from its weights.

No torch, no conversion step and no network: the graph of Devlin et al. 2019 (BERT, post-layer-norm)
is written down here once, for the encoder and for the reader. The attention is written as the
pattern (scale, add mask, softmax) that OpenVINO's CPU plugin fuses into one kernel.
"""

import mmap
import sys
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.cores import count_cores

Node: TypeAlias = Any
"""An openvino node or module: the package carries no types."""

Weights = Mapping[str, NDArray[Any]]

CONVERTER = "openvino.tools.ovc"

MASKED = -1e4
"""What is added to the attention logits of padding; representable in bfloat16 and float16."""


@dataclass(frozen=True, slots=True)
class BertConfig:
    """The sizes of a BERT encoder, under the names of its ``config.json``."""

    hidden_size: int
    num_hidden_layers: int
    num_attention_heads: int
    layer_norm_eps: float = 1e-12
    max_position_embeddings: int = 512


def import_openvino() -> Node:
    """OpenVINO, imported so that it cannot call home.

    ``import openvino`` reports itself through the package ``openvino_telemetry`` and writes a file
    in the home directory. With that package made unimportable OpenVINO falls back to the stub that
    it carries itself. Its model converter, which takes as long to import as all the rest, is left
    out in the same way; ``import openvino.tools.ovc`` gives it to whoever needs it afterwards.
    """
    if "openvino" not in sys.modules:
        sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
        sys.modules[CONVERTER] = None  # type: ignore[assignment]
    import openvino

    if sys.modules.get(CONVERTER, openvino) is None:
        sys.modules.pop(CONVERTER, None)
    return openvino


def build_bert(weights: Weights, config: BertConfig) -> tuple[list[Node], Node]:
    """The inputs and the last hidden states of a BERT encoder.

    Args:
        weights: float32 arrays under Hugging Face's names, without a ``bert.`` prefix.
        config: the sizes.

    Returns:
        Three parameters, each (batch, tokens) int32: ``input_ids``, ``attention_mask`` (1 for a
        token, 0 for padding) and ``token_type_ids``; and the node of the hidden states,
        (batch, tokens, hidden_size) float32. The caller adds its head and makes the model.
    """
    ov = import_openvino()
    ops = ov.opset13
    heads = config.num_attention_heads
    size = config.hidden_size // heads

    def constant(array: NDArray[Any] | np.generic) -> Node:
        if is_mapped(array):
            return ops.constant(array, shared_memory=True)
        return ops.constant(np.ascontiguousarray(array))

    def dense(node: Node, weight: NDArray[Any], bias: NDArray[Any]) -> Node:
        product = ops.matmul(node, constant(weight), False, True)
        return ops.add(product, constant(bias.reshape(1, 1, -1)))

    def layer_norm(node: Node, name: str) -> Node:
        axis = constant(np.array([-1], np.int64))
        scaled = ops.mvn(node, axis, True, config.layer_norm_eps, "inside_sqrt")
        gamma, beta = weights[f"{name}.weight"], weights[f"{name}.bias"]
        return ops.add(
            ops.multiply(scaled, constant(gamma.reshape(1, 1, -1))),
            constant(beta.reshape(1, 1, -1)),
        )

    names = ("input_ids", "attention_mask", "token_type_ids")
    inputs = [ops.parameter([-1, -1], np.int32, name) for name in names]
    ids, mask, types = inputs
    for node, name in zip(inputs, names, strict=True):
        node.output(0).get_tensor().set_names({name})
    zero = constant(np.array(0, np.int64))
    words = ops.gather(constant(weights["embeddings.word_embeddings.weight"]), ids, zero)
    kinds = ops.gather(constant(weights["embeddings.token_type_embeddings.weight"]), types, zero)
    tokens = ops.gather(ops.shape_of(ids), constant(np.array([1], np.int64)), zero)
    positions = ops.slice(
        constant(weights["embeddings.position_embeddings.weight"]),
        constant(np.array([0], np.int64)),
        tokens,
        constant(np.array([1], np.int64)),
        constant(np.array([0], np.int64)),
    )
    state = layer_norm(ops.add(ops.add(words, kinds), positions), "embeddings.LayerNorm")

    padding = ops.multiply(
        ops.subtract(constant(np.float32(1)), ops.convert(mask, np.float32)),
        constant(np.float32(MASKED)),
    )
    bias = ops.unsqueeze(padding, constant(np.array([1, 2], np.int64)))
    split = constant(np.array([0, 0, heads, size], np.int64))
    merge = constant(np.array([0, 0, heads * size], np.int64))
    by_head = constant(np.array([0, 2, 1, 3], np.int64))

    for layer in range(config.num_hidden_layers):
        prefix = f"encoder.layer.{layer}"

        def project(kind: str, scale: float = 1.0, *, at: str, of: Node) -> Node:
            weight = weights[f"{at}.attention.self.{kind}.weight"]
            offset = weights[f"{at}.attention.self.{kind}.bias"]
            if scale != 1:
                weight, offset = weight * np.float32(scale), offset * np.float32(scale)
            return ops.transpose(ops.reshape(dense(of, weight, offset), split, True), by_head)

        query = project("query", size**-0.5, at=prefix, of=state)
        key = project("key", at=prefix, of=state)
        value = project("value", at=prefix, of=state)
        scores = ops.softmax(ops.add(ops.matmul(query, key, False, True), bias), 3)
        mixed = ops.transpose(ops.matmul(scores, value, False, False), by_head)
        name = f"{prefix}.attention.output"
        out = dense(
            ops.reshape(mixed, merge, True),
            weights[f"{name}.dense.weight"],
            weights[f"{name}.dense.bias"],
        )
        state = layer_norm(ops.add(out, state), f"{name}.LayerNorm")
        name = f"{prefix}.intermediate.dense"
        inner = ops.gelu(dense(state, weights[f"{name}.weight"], weights[f"{name}.bias"]), "erf")
        name = f"{prefix}.output"
        out = dense(inner, weights[f"{name}.dense.weight"], weights[f"{name}.dense.bias"])
        state = layer_norm(ops.add(out, state), f"{name}.LayerNorm")
    return inputs, state


def is_mapped(array: Any) -> bool:  # noqa: ANN401 - an array or a number
    """Whether an array's numbers are in a mapped file, which whoever mapped it keeps open.

    Only those are shared with OpenVINO: it lets go of what it shares without asking Python, which
    must not be the last to do so.
    """
    while isinstance(array, np.ndarray | memoryview):
        array = array.base if isinstance(array, np.ndarray) else array.obj
    return isinstance(array, mmap.mmap)


class Compiled:
    """A compiled model with the requests that are idle; safe to share between threads.

    As many are made at once as one caller uses, and those that more callers need are kept: to make
    one waits for what the model is inferring.
    """

    def __init__(self, model: Node) -> None:
        """``model`` is an ``openvino.CompiledModel``."""
        self._model = model
        self.streams: int = model.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS")
        self._under_way = 2 * self.streams
        self._idle: deque[Node] = deque(
            model.create_infer_request() for _ in range(self._under_way)
        )

    def infer(self, inputs: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        """Copies of the outputs of one batch."""
        request = self._take()
        request.start_async(list(inputs))
        return self._finish(request)

    def infer_batches(
        self, batches: Iterable[Sequence[NDArray[Any]]]
    ) -> Iterator[list[NDArray[Any]]]:
        """The outputs of every batch, in order, with two batches a stream under way.

        So a stream that is done has the next batch at once, also when this thread is kept waiting,
        and the batches that are not begun yet can be made meanwhile.

        Requests are waited for, not called back: OpenVINO's threads that let go of a Python
        callback need the interpreter's lock, and a model that is destroyed meanwhile waits for them
        holding it.
        """
        busy: deque[Node] = deque()
        for batch in batches:
            if len(busy) >= self._under_way:
                yield self._finish(busy.popleft())
            request = self._take()
            request.start_async(list(batch))
            busy.append(request)
        while busy:
            yield self._finish(busy.popleft())

    def _take(self) -> Node:
        try:
            return self._idle.pop()
        except IndexError:
            return self._model.create_infer_request()

    def _finish(self, request: Node) -> list[NDArray[Any]]:
        """Copies of a request's outputs, once it is done; it is idle then."""
        request.wait()
        outputs = [tensor.data.copy() for tensor in request.output_tensors]
        self._idle.append(request)
        return outputs


def compile_model(model: Node, *, threads: int, streams: int, precision: str = "auto") -> Compiled:
    """``model`` compiled for this processor.

    Args:
        model: an ``openvino.Model``.
        threads: how many cores to use; 0 means every one that this process may use.
        streams: requests that run side by side; 0 means one a core.
        precision: ``f32``, ``bf16``, or ``auto``: bfloat16 where the processor has it.
    """
    ov = import_openvino()
    core = ov.Core()
    threads = threads or count_cores()
    if precision == "auto":
        precision = choose_precision(core.get_property("CPU", "OPTIMIZATION_CAPABILITIES"))
    options = {
        "INFERENCE_PRECISION_HINT": precision,
        "NUM_STREAMS": str(streams or threads),
        "INFERENCE_NUM_THREADS": str(threads),
    }
    return Compiled(core.compile_model(model, "CPU", options))


def choose_precision(capabilities: Collection[str]) -> str:
    """The fastest precision that keeps the vectors: ``bf16`` where the processor has it."""
    return "bf16" if "BF16" in capabilities else "f32"
