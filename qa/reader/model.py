"""The reader: which words of a passage answer a question, and whether any do.

A BERT trained further on question answering (``qa/reader/weights/README.md``) reads the question
with each passage. Runs in OpenVINO, without torch; its linear layers compute in 8 bits.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.encoding.bert import (
    Compiled,
    Node,
    compile_model,
)
from index.encoding.encoders import (
    SURROGATES,
    load_tokenizer,
    packaged_model_path,
    pad_pieces,
)
from index.errors import EncoderError, ReaderError
from index.text.sentences import split_sentences
from qa.reader.network import (
    CONFIG_NAME,
    MODEL_PATH,
    WEIGHTS_NAME,
    build_reader,
    read_config,
    read_reader_weights,
)

MAX_QUESTION = 96
STRIDE = 64
"""Word pieces of a question that are read, and that two windows of a long passage share."""

MAX_TITLE = 32
"""Word pieces of a title that are read."""

MAX_ANSWER = 30
"""The most word pieces of an answer."""

CROSSING = 3.0
"""What a span's log odds lose where it goes from one sentence into another.

Of 11,877 answers of SQuAD's training part 3 do, and some of these only because a sentence's end was
seen where there is none ("6 p.m. Eastern Time").
"""

OPTIONS = 4
"""Answers of one passage that are weighed; they do not overlap."""

LONGEST_WORD = 100
"""Characters; the tokenizer reads nothing of a longer run without white space."""

BATCH = 5
"""Passages that are read at once, at most."""

LOWEST = np.float32(-1e4)

PARAGRAPH = re.compile(r"(?<=\w)\s*\n\s*\n\s*")
"""A blank line after a letter or a digit."""

SIGNS = re.compile(r"(?:(?<!\w)[-\u2212])?(?:(?:\b(?:US|HK|NZ|AU|A|C|S))?[$€£¥₽])?\Z")
"""What belongs to the number that follows it: a minus, a currency."""

Logits = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Option:
    """A possible answer, ``text == passage[start:end]``; ``score`` is a ``span_score``."""

    start: int
    end: int
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader found in one passage, in the passage's own offsets.

    ``text == passage[start:end]`` is the best answer there, were there one; ``0, 0, ""`` when the
    passage has no word to point at. ``span_score`` and ``no_answer_score`` are summed logits of
    that answer and of none (their difference says which is likelier); ``answerable`` is the log
    odds that the passage answers, ``relevance`` a score to rank passages by. ``others`` are the
    next best answers that overlap neither it nor each other.
    """

    start: int
    end: int
    text: str
    span_score: float
    no_answer_score: float
    answerable: float
    relevance: float
    others: tuple[Option, ...] = ()

    @property
    def options(self) -> tuple[Option, ...]:
        """The best answer and the others, best first; empty without one."""
        best = Option(self.start, self.end, self.text, self.span_score)
        return (best, *self.others) if self.text else ()


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage, or a window of a long one, as word pieces: ``ids`` and where the passage begins.

    The question ends at ``asked``; a title may stand between. ``starts`` and ``ends`` are the
    characters of the whole word that a piece belongs to (words are never cut); a piece that a span
    may begin or end with is ``sane``.
    """

    passage: int
    ids: list[int]
    asked: int
    split: int
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    sane: NDArray[np.bool_]


class Reader:
    """Reads passages for the words that answer a question; safe to share between threads."""

    def __init__(self, compiled: Compiled, tokenizer: Node, config: dict[str, Any]) -> None:
        """Use ``Reader.load``, which checks the files."""
        self._compiled = compiled
        self._tokenizer = tokenizer
        self._max_tokens = int(config["max_tokens"])
        self._cls = tokenizer.token_to_id("[CLS]")
        self._sep = tokenizer.token_to_id("[SEP]")
        self._stop = tokenizer.token_to_id(".")
        self.config = config

    @classmethod
    def load(
        cls, path: Path | None = None, threads: int = 0, *, precision: str = "auto"
    ) -> "Reader":
        """The reader in the folder ``path``, by default the one that comes with Dateline.

        Args:
            path: a folder with ``config.json`` and ``reader.safetensors``.
            threads: how many cores to use; 0 means every one.
            precision: ``f32``, ``bf16``, or ``auto``: bfloat16 where the processor has it.

        Raises:
            ReaderError: a file is missing, truncated, altered or of another version, or the
                packaged encoder whose tokenizer it uses is.
        """
        folder = path or MODEL_PATH
        config = read_config(folder / CONFIG_NAME)
        weights = read_reader_weights(folder / WEIGHTS_NAME, config)
        try:
            tokenizer = load_tokenizer(packaged_model_path() / "tokenizer.json", 512)
        except EncoderError as error:
            raise ReaderError(f"The reader has the default encoder's tokenizer. {error}") from error
        tokenizer.no_truncation()
        try:
            model = build_reader(weights, config)
        except (KeyError, ValueError, RuntimeError) as error:
            raise ReaderError(
                f"The reader in {folder} does not have the parts that this version of Dateline "
                f"expects ({error}); reinstall Dateline."
            ) from error
        compiled = compile_model(model, threads=threads, streams=0, precision=precision)
        return cls(compiled, tokenizer, config)

    def read(
        self,
        question: str | Sequence[str],
        passages: Sequence[str],
        titles: Sequence[str] = (),
    ) -> list[Reading]:
        """What each passage answers, in the order of ``passages``.

        A passage longer than the model's limit is read in windows that overlap; the best counts.
        The question may be said otherwise to each passage. ``titles`` are those of the passages'
        articles, which are read before them, and of which no word is answered; empty ones are none.
        """
        if not passages:
            return []
        asked = [question] * len(passages) if isinstance(question, str) else question
        chunks = self._make_chunks(asked, passages, titles or [""] * len(passages))
        readings: list[Reading | None] = [None] * len(passages)
        for chunk, (spans, pooled) in zip(chunks, self._infer(chunks), strict=True):
            made = decode_chunk(chunk, spans, pooled, passages[chunk.passage])
            readings[chunk.passage] = merge_readings(readings[chunk.passage], made)
        return [reading for reading in readings if reading is not None]

    def _make_chunks(
        self, questions: Sequence[str], passages: Sequence[str], titles: Sequence[str]
    ) -> list[Chunk]:
        before = list(dict.fromkeys((*questions, *titles)))
        texts = [SURROGATES.sub("\ufffd", text) for text in (*before, *passages)]
        encoded = self._tokenizer.encode_batch(texts, add_special_tokens=False)
        known = {text: item.ids for text, item in zip(before, encoded, strict=False)}
        chunks = []
        for number, item in enumerate(encoded[len(before) :]):
            asked = [self._cls, *cut_question(known[questions[number]]), self._sep]
            title = known[titles[number]][:MAX_TITLE]
            prefix = [*asked, *title, *([self._stop] if title else [])]
            room = self._max_tokens - len(prefix) - 1
            offsets = np.array(item.offsets, np.int32).reshape(-1, 2)
            sane = offsets[:, 1] - offsets[:, 0] <= LONGEST_WORD
            starts, ends = join_words(offsets, item.word_ids)
            breaks = find_breaks(passages[number], starts, ends)
            pieces = np.insert(item.ids, breaks, self._stop).tolist()
            sane = np.insert(sane, breaks, False)
            starts, ends = (np.insert(array, breaks, ends[breaks - 1]) for array in (starts, ends))
            first = 0
            while True:
                part = slice(first, first + room)
                chunks.append(
                    Chunk(
                        number,
                        [*prefix, *pieces[part], self._sep],
                        len(asked),
                        len(prefix),
                        starts[part],
                        ends[part],
                        sane[part],
                    )
                )
                if first + room >= len(pieces):
                    break
                first += room - STRIDE
        return chunks

    def _infer(self, chunks: Sequence[Chunk]) -> list[tuple[Logits, Logits]]:
        """(tokens, 2) span logits and (2,) pooled logits of every chunk."""
        results: list[tuple[Logits, Logits]] = [(np.empty(0, np.float32),) * 2] * len(chunks)
        order = sorted(range(len(chunks)), key=lambda row: (-len(chunks[row].ids), row))
        batches = share_evenly(order, self._compiled.streams)
        inputs = (pad_chunks([chunks[row] for row in rows]) for rows in batches)
        outputs = self._compiled.infer_batches(inputs)
        for rows, (spans, pooled) in zip(batches, outputs, strict=True):
            for at, row in enumerate(rows):
                results[row] = (spans[at], pooled[at])
        return results


def find_breaks(
    passage: str, starts: NDArray[np.int32], ends: NDArray[np.int32]
) -> NDArray[np.int64]:
    """Before which pieces a paragraph begins that follows one without a full stop.

    White space is no piece, and a headline would run on into the first name of the text.
    """
    found = [
        np.searchsorted(starts, match.end())
        for match in PARAGRAPH.finditer(passage)
        if len(ends) and ends[0] <= match.start()
    ]
    return np.array([row for row in found if row < len(starts)], np.int64)


def cut_question(ids: list[int], most: int = MAX_QUESTION) -> list[int]:
    """The pieces of a question that are read: where there are too many, its ends.

    What is asked stands at the beginning or, after what leads up to it, at the end.
    """
    half = most // 2
    return ids if len(ids) <= most else [*ids[:half], *ids[-half:]]


def share_evenly(rows: Sequence[int], streams: int) -> list[Sequence[int]]:
    """The rows in batches of like size, at most ``BATCH``, as many for each stream.

    Twenty passages in batches of 8 would leave one of two cores idle while the last 4 are read;
    small batches cost no more and even out a core that others use too.
    """
    rounds = -(-len(rows) // (BATCH * streams))
    count = max(1, min(len(rows), rounds * streams))
    ends = [len(rows) * number // count for number in range(count + 1)]
    return [rows[first:last] for first, last in pairwise(ends)]


def pad_chunks(chunks: Sequence[Chunk]) -> list[NDArray[np.int32]]:
    """The three inputs of the model, what follows the question marked as the second kind."""
    kinds = [[0] * chunk.asked + [1] * (len(chunk.ids) - chunk.asked) for chunk in chunks]
    return pad_pieces([chunk.ids for chunk in chunks], types=kinds)


def join_words(
    offsets: NDArray[np.int32], words: Sequence[int | None]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Of every piece, where its word starts and ends."""
    if not len(offsets):
        return offsets[:, 0], offsets[:, 1]
    known = np.array([-1 if word is None else word for word in words], np.int64)
    first = np.flatnonzero(np.diff(known, prepend=-2) != 0)
    counts = np.diff(np.append(first, len(offsets)))
    last = first + counts - 1
    return np.repeat(offsets[first, 0], counts), np.repeat(offsets[last, 1], counts)


def decode_chunk(chunk: Chunk, spans: Logits, pooled: Logits, passage: str) -> Reading:
    """The best spans in one chunk, of at most ``MAX_ANSWER`` pieces, widened to whole words."""
    count = len(chunk.starts)
    none = float(spans[0].sum())
    answerable, relevance = float(pooled[0]), float(pooled[1])
    logits = spans[chunk.split : chunk.split + count]
    starts = np.where(chunk.sane, logits[:, 0], LOWEST)
    ends = np.where(chunk.sane, logits[:, 1], LOWEST)
    options = []
    sentences = number_sentences(passage, chunk.starts)
    for score, first, last in find_best_spans(starts, ends, sentences):
        start, end = take_sign(passage, int(chunk.starts[first])), int(chunk.ends[last])
        options.append(Option(start, end, passage[start:end], score))
    if not options:
        return Reading(0, 0, "", float(LOWEST), none, answerable, relevance)
    best, *others = options
    return Reading(
        best.start, best.end, best.text, best.score, none, answerable, relevance, tuple(others)
    )


def take_sign(passage: str, start: int) -> int:
    """Where an answer begins that begins at ``start``: at the sign, when that is before a number.

    The tokenizer takes a minus for a word of its own, and "0.5 percent" is no quote of "-0.5".
    """
    if not passage[start : start + 1].isdecimal():
        return start
    found = SIGNS.search(passage, max(0, start - 5), start)
    return found.start() if found else start


def number_sentences(passage: str, places: NDArray[np.int32]) -> NDArray[np.int64]:
    """The number of the sentence of each of the places."""
    ends = [end for _, end in split_sentences(passage, "")]
    return np.searchsorted(np.array(ends, np.int64), places, side="right")


def find_best_spans(
    starts: Logits, ends: Logits, sentences: NDArray[np.int64]
) -> list[tuple[float, int, int]]:
    """Up to ``OPTIONS`` spans that do not overlap: score, first and last piece, best first.

    ``sentences`` numbers the sentence of each piece; a span should lie in one.
    """
    count = len(starts)
    lengths = min(MAX_ANSWER, count)
    sums = np.full((lengths, count), LOWEST, np.float32)
    for length in range(lengths):
        together = starts[: count - length] + ends[length:]
        same = sentences[: count - length] == sentences[length:]
        sums[length, : count - length] = np.where(same, together, together - CROSSING)
    found: list[tuple[float, int, int]] = []
    while len(found) < OPTIONS and count:
        length, first = divmod(int(sums.argmax()), count)
        score = float(sums[length, first])
        if score <= LOWEST / 2:
            break
        found.append((score, first, first + length))
        for size in range(lengths):
            sums[size, max(0, first - size) : first + length + 1] = LOWEST
    return found


def merge_readings(known: Reading | None, new: Reading) -> Reading:
    """One reading of a passage from those of two of its windows: the answers of the surer one."""
    if known is None:
        return new
    surer = max(known, new, key=lambda r: (r.span_score - r.no_answer_score, -r.start))
    return replace(
        surer,
        answerable=max(known.answerable, new.answerable),
        relevance=max(known.relevance, new.relevance),
    )
