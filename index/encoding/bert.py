"""A BERT encoder as an OpenVINO model, built straight from its weights.

No torch, no conversion step and no network: the graph of Devlin et al. 2019 (BERT, post-layer-norm)
is written down here once, for the encoder and for the reader. The attention is written as the
pattern (scale, add mask, softmax) that OpenVINO's CPU plugin fuses into one kernel.
"""

import mmap
import sys
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.cores import count_cores

Node: TypeAlias = Any
"""An openvino node or module: the package carries no types."""


@dataclass(frozen=True, slots=True)
class Quantised:
    """A matrix of 8-bit numbers: ``(values - zero) * scale``.

    ``values`` is (rows, columns) int8 or uint8, ``scale`` (rows, 1) or (1, 1) float32.
    """

    values: NDArray[Any]
    scale: NDArray[np.float32]
    zero: float = 0.0


Weights = Mapping[str, NDArray[Any]]
MixedWeights = Mapping[str, NDArray[Any] | Quantised]

Ranges = Mapping[str, tuple[float, float]]
"""The lowest and highest number that goes into a linear layer, by the layer's name."""

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

    @classmethod
    def of(cls, sizes: Mapping[str, Any]) -> "BertConfig":
        """The sizes of a ``config.json``, whatever else it says.

        Raises:
            KeyError: one of them is not there.
        """
        return cls(**{item.name: sizes[item.name] for item in fields(cls)})


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


def build_bert(
    weights: MixedWeights, config: BertConfig, ranges: Ranges | None = None
) -> tuple[list[Node], Node]:
    """The inputs and the last hidden states of a BERT encoder.

    Args:
        weights: float32 arrays, or quantised ones for linear layers and for embeddings of words and
            positions, under Hugging Face's names, without a ``bert.`` prefix.
        config: the sizes.
        ranges: what goes into the linear layers, which then compute in 8 bits (static
            quantisation, Jacob et al. 2018): each layer's ``attention.self``,
            ``attention.output.dense``, ``intermediate.dense`` and ``output.dense``. The ranges are
            of what goes in times the weights' ``NAME.evened``, (columns,) float32.

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

    def vector(name: str, factor: float = 1.0) -> Node:
        return constant((take_plain(weights, name) * np.float32(factor)).reshape(1, 1, -1))

    def dense(node: Node, name: str, factor: float = 1.0) -> Node:
        weight = weights[f"{name}.weight"]
        if isinstance(weight, Quantised):
            whole = ops.convert(constant(weight.values), np.float32)
            weight = ops.multiply(whole, constant(weight.scale * np.float32(factor)))
        else:
            weight = constant(weight * np.float32(factor) if factor != 1 else weight)
        product = ops.matmul(node, weight, False, True)
        return ops.add(product, vector(f"{name}.bias", factor))

    def quantise(node: Node, name: str) -> Node:
        if ranges is None:
            return node
        low, high = (constant(np.float32(bound)) for bound in ranges[name])
        evened = ops.multiply(node, vector(f"{name}.evened"))
        return ops.fake_quantize(evened, low, high, low, high, 256)

    def layer_norm(node: Node, name: str) -> Node:
        axis = constant(np.array([-1], np.int64))
        scaled = ops.mvn(node, axis, True, config.layer_norm_eps, "inside_sqrt")
        return ops.add(
            ops.multiply(scaled, vector(f"{name}.weight")),
            vector(f"{name}.bias"),
        )

    def look_up(name: str, pick: Callable[[Node], Node]) -> Node:
        table = weights[name]
        if not isinstance(table, Quantised):
            return pick(constant(table))
        found = ops.convert(pick(constant(table.values)), np.float32)
        moved = ops.subtract(found, constant(np.float32(table.zero)))
        return ops.multiply(moved, constant(table.scale.reshape(())))

    names = ("input_ids", "attention_mask", "token_type_ids")
    inputs = [ops.parameter([-1, -1], np.int32, name) for name in names]
    ids, mask, types = inputs
    for node, name in zip(inputs, names, strict=True):
        node.output(0).get_tensor().set_names({name})
    zero = constant(np.array(0, np.int64))
    at = "embeddings"
    words = look_up(f"{at}.word_embeddings.weight", lambda rows: ops.gather(rows, ids, zero))
    kinds = look_up(
        f"{at}.token_type_embeddings.weight", lambda rows: ops.gather(rows, types, zero)
    )
    tokens = ops.gather(ops.shape_of(ids), constant(np.array([1], np.int64)), zero)
    first, step = (constant(np.array([number], np.int64)) for number in (0, 1))
    positions = look_up(
        f"{at}.position_embeddings.weight",
        lambda rows: ops.slice(rows, first, tokens, step, first),
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

        def project(kind: str, factor: float = 1.0, *, of: Node, at: str) -> Node:
            return ops.transpose(
                ops.reshape(dense(of, f"{at}.{kind}", factor), split, True), by_head
            )

        name = f"{prefix}.attention.self"
        seen = quantise(state, name)
        query = project("query", size**-0.5, of=seen, at=name)
        key = project("key", of=seen, at=name)
        value = project("value", of=seen, at=name)
        scores = ops.softmax(ops.add(ops.matmul(query, key, False, True), bias), 3)
        mixed = ops.transpose(ops.matmul(scores, value, False, False), by_head)
        name = f"{prefix}.attention.output"
        out = dense(quantise(ops.reshape(mixed, merge, True), f"{name}.dense"), f"{name}.dense")
        state = layer_norm(ops.add(out, state), f"{name}.LayerNorm")
        name = f"{prefix}.intermediate.dense"
        inner = ops.gelu(dense(quantise(state, name), name), "erf")
        name = f"{prefix}.output"
        out = dense(quantise(inner, f"{name}.dense"), f"{name}.dense")
        state = layer_norm(ops.add(out, state), f"{name}.LayerNorm")
    return inputs, state


def take_plain(weights: MixedWeights, name: str) -> NDArray[Any]:
    """The weights of that name.

    Raises:
        ValueError: they are quantised.
    """
    found = weights[name]
    if isinstance(found, Quantised):
        raise ValueError(f"{name} is quantised")
    return found


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
