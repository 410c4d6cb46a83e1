"""Any sentence-transformers model, run by its own ``encode``."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from index.encoding.bert import Node
from index.encoding.fingerprint import Fingerprint, Vectors
from index.encoding.weights import hash_arrays
from index.encoding.word_pieces import clean_text
from index.errors import EncoderError, first_line
from index.offline import forbid_calling_out


class SentenceTransformersEncoder:
    """Any sentence-transformers model by path or name, with its own prompts.

    ``why`` says why OpenVINO does not run it, empty when nobody asked.

    Raises:
        EncoderError: there is no such model on this machine, or it cannot be loaded.
    """

    def __init__(self, name: str, *, online: bool = False, why: str = "") -> None:
        forbid_calling_out(online=online)
        from sentence_transformers import SentenceTransformer

        try:
            self._model = SentenceTransformer(name, device="cpu", local_files_only=not online)
        except Exception as error:
            raise EncoderError(explain_missing_model(name, error, online=online)) from error
        dimension = self._model.get_embedding_dimension()
        if not dimension:
            raise EncoderError(f"The encoder {name!r} does not say how long its vectors are.")
        question, passage = choose_prompts(self._model.prompts)
        self.why = why
        self._fingerprint = Fingerprint(
            Path(name).name if Path(name).exists() else name,
            hash_parameters(self._model),
            int(dimension),
            question,
            passage,
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


def choose_prompts(prompts: dict[str, str | None]) -> tuple[str, str]:
    """What a model puts before a question and before a passage, by its own prompts' names."""
    passage = prompts.get("document") or prompts.get("passage") or prompts.get("corpus")
    return prompts.get("query") or "", passage or ""


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


def hash_parameters(model: Node) -> str:
    """A SHA-256 over a torch model's parameters and buffers, in the order of their names."""
    import torch

    arrays = {}
    for name, tensor in model.state_dict().items():
        raw = tensor.detach().cpu().contiguous().flatten()
        arrays[name] = raw.view(torch.uint8).numpy() if raw.numel() else np.zeros(0, np.uint8)
    return hash_arrays(arrays)
