"""Examples as token ids: [CLS] question [SEP] passage [SEP], spans as token positions."""

import json
import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor

from qa.reader.model import cut_question

MAX_TOKENS = 288

Example = tuple[str, str, int, int, str]
"""Question, passage, start, end and kind."""


@dataclass(frozen=True, slots=True)
class Sequence:
    """One encoded item: ``split`` is where the passage starts; span 0, 0 is no answer.

    ``has_span`` says whether the span counts in the loss; ``answerable`` and ``relevance`` are 1, 0
    or -1 for not judged; ``teacher`` is the untrained cross-encoder's score, NaN where not asked.
    """

    ids: NDArray[np.uint16]
    split: int
    start: int
    end: int
    has_span: bool
    answerable: int
    relevance: int
    teacher: float = math.nan


LABELS = {
    "span": (True, 1, 1),
    "relevant": (False, 1, 1),
    "hard": (True, 0, 0),
    "cut": (True, 0, 0),
    "corrupted": (True, 0, -1),
    "unanswerable": (True, 0, -1),
    "restated": (True, 1, -1),
    "keywords": (False, -1, -1),
}


def load_tokenizer(folder: Path) -> Tokenizer:
    """The encoder's tokenizer, without truncation or padding."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def encode_groups(path: Path, tokenizer: Tokenizer) -> list[list[Sequence]]:
    """The groups of ``examples.jsonl``; an item whose answer falls off the end is left out."""
    groups = []
    lines = path.read_text("utf-8").splitlines()
    for begin in range(0, len(lines), 2000):
        chunk = [json.loads(line) for line in lines[begin : begin + 2000]]
        flat = [item for group in chunk for item in group]
        encoded = iter(encode_items(flat, tokenizer))
        for group in chunk:
            made = [s for s in (next(encoded) for _ in group) if s is not None]
            if made:
                groups.append(made)
    return groups


def encode_items(items: Collection[Example], tokenizer: Tokenizer) -> Iterable[Sequence | None]:
    """One sequence per example; None when the answer is cut off."""
    questions = tokenizer.encode_batch([i[0] for i in items], add_special_tokens=False)
    passages = tokenizer.encode_batch([i[1] for i in items], add_special_tokens=False)
    cls, sep = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    for (_, _, start, end, kind), question, passage in zip(items, questions, passages, strict=True):
        asked = cut_question(question.ids)
        split = len(asked) + 2
        room = MAX_TOKENS - split - 1
        has_span, answerable, relevance = LABELS[kind]
        first = last = 0
        if kind in ("span", "restated"):
            touched = [i for i, (s, e) in enumerate(passage.offsets) if s < end and e > start]
            if not touched or touched[-1] >= room:
                yield None
                continue
            first, last = split + touched[0], split + touched[-1]
        ids = [cls, *asked, sep, *passage.ids[:room], sep]
        yield Sequence(
            np.array(ids, np.uint16), split, first, last, has_span, answerable, relevance
        )


def pad_batch(batch: list[Sequence]) -> tuple[Tensor, Tensor, Tensor]:
    """(ids, token types, mask), padded to a multiple of 8."""
    longest = -(-max(len(s.ids) for s in batch) // 8) * 8
    ids = torch.zeros(len(batch), longest, dtype=torch.long)
    types = torch.zeros_like(ids)
    mask = torch.zeros_like(ids)
    for row, item in enumerate(batch):
        length = len(item.ids)
        ids[row, :length] = torch.from_numpy(item.ids.astype("int64"))
        types[row, item.split : length] = 1
        mask[row, :length] = 1
    return ids, types, mask
