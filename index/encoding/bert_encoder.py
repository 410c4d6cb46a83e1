"""Any encoder whose model is a BERT, run in OpenVINO."""

import threading
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from index.encoding.bert import (
    BertConfig,
    Compiled,
    Node,
    Weights,
    build_bert,
    compile_model,
    import_openvino,
)
from index.encoding.fingerprint import Fingerprint, Vectors
from index.encoding.word_pieces import clean_text, pad_pieces

Pooling = Literal["mean", "cls"]
"""How the tokens' vectors become one: their mean, or the first one's."""

PASSAGE_BATCH = 8
"""Passages a request; on two cores, two streams of 8 measured fastest."""

TOKENISED = 256
"""Texts that are tokenised together, and then sorted by how many tokens they have."""

FEW = 128
"""Passages up to which the model for questions serves; compiling another one takes longer."""


class BertEncoder:
    """A BERT in OpenVINO, its tokens pooled, then unit length.

    Runs in bfloat16 where the processor has it, else in float32. Reimers and Gurevych 2019
    (Sentence-BERT); the vectors are those of sentence-transformers to a cosine of .9999.
    """

    def __init__(
        self,
        weights: Weights,
        config: BertConfig,
        tokenizer: Node,
        fingerprint: Fingerprint,
        *,
        pooling: Pooling = "mean",
        threads: int = 0,
        precision: str = "auto",
    ) -> None:
        """Take a model's parts.

        Args:
            weights: float32 arrays under the names that ``index.encoding.bert.build_bert`` takes.
            config: the sizes.
            tokenizer: as ``index.encoding.word_pieces.load_tokenizer`` gives it.
            fingerprint: what identifies the vectors; its prompts are put before the texts.
            pooling: how the tokens' vectors become one.
            threads: how many cores to use; 0 means every one that this process may use.
            precision: ``f32``, ``bf16``, or ``auto``.
        """
        self._config = config
        self._tokenizer = tokenizer
        self._fingerprint = fingerprint
        self._threads = threads
        self._precision = precision
        self._model = self._build(weights, pooling)
        self._compiled: dict[int, Compiled] = {}
        self._compiling = threading.Lock()

    @property
    def fingerprint(self) -> Fingerprint:
        """What identifies the vectors that this encoder makes."""
        return self._fingerprint

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        return self._fingerprint.dimension

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """The texts' vectors, (n, dim) float32, unit rows, after the passage prompt.

        Texts are cut after ``fingerprint.max_tokens`` word pieces. Batches are made by length, so
        that little is padding, and run on one stream a core while the next are tokenised; a few
        texts run one batch after the other, on every core.
        """
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        if not len(texts):
            return vectors
        batches: deque[list[int]] = deque()
        compiled = self._compile(streams=1 if len(texts) <= FEW else 0)
        outputs = compiled.infer_batches(self._make_batches(texts, batches))
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
        prompt, most = self._fingerprint.passage_prompt, self._config.max_position_embeddings
        cleaned = [prompt + clean_text(text) for text in texts]
        by_length = sorted(range(len(cleaned)), key=lambda row: (-len(cleaned[row]), row))
        for first in range(0, len(by_length), TOKENISED):
            rows = by_length[first : first + TOKENISED]
            found = self._tokenizer.encode_batch([cleaned[row] for row in rows])
            pieces = {row: item.ids for row, item in zip(rows, found, strict=True)}
            rows.sort(key=lambda row: (-len(pieces[row]), row))
            for at in range(0, len(rows), PASSAGE_BATCH):
                batch = rows[at : at + PASSAGE_BATCH]
                batches.append(batch)
                yield pad_pieces([pieces[row] for row in batch], most=most)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """The questions' vectors, (n, dim) float32, unit rows, after the question prompt.

        Every core works on one question.
        """
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        compiled = self._compile(streams=1)
        for row, text in enumerate(texts):
            ids = self._tokenizer.encode(self._fingerprint.question_prompt + clean_text(text)).ids
            vectors[row] = compiled.infer(pad_pieces([ids], multiple=1))[0][0]
        return vectors

    def _build(self, weights: Weights, pooling: Pooling) -> Node:
        ov = import_openvino()
        ops = ov.opset13
        inputs, hidden = build_bert(weights, self._config)
        tokens = ops.constant(np.array([1]))
        if pooling == "cls":
            pooled = ops.gather(hidden, ops.constant(np.array(0)), tokens)
        else:
            mask = ops.unsqueeze(ops.convert(inputs[1], np.float32), ops.constant(np.array([2])))
            total = ops.reduce_sum(ops.multiply(hidden, mask), tokens, False)
            pooled = ops.divide(total, ops.reduce_sum(mask, tokens, False))
        unit = ops.normalize_l2(pooled, ops.constant(np.array([1])), 1e-12, "max")
        return ov.Model([unit], inputs, self._fingerprint.name)

    def _compile(self, streams: int) -> Compiled:
        """The model for one request at a time (``streams`` 1) or a stream a core (0)."""
        with self._compiling:
            if streams not in self._compiled:
                self._compiled[streams] = compile_model(
                    self._model, threads=self._threads, streams=streams, precision=self._precision
                )
            return self._compiled[streams]
