"""Texts → the word pieces that a BERT reads, padded to batches."""

import re
from collections.abc import Sequence
from pathlib import Path
from unicodedata import normalize

import numpy as np
from numpy.typing import NDArray

from index.encoding.bert import Node
from index.errors import EncoderError, first_line

LONGEST_TEXT = 16_384
"""Characters of a text that are tokenised; 512 word pieces never need more of real text."""

_LIGATURES = re.compile("[\ufb00-\ufb06]")
SURROGATES = re.compile("[\ud800-\udfff]")


def clean_text(text: str) -> str:
    """The part of ``text`` that is tokenised, without lone surrogates and ligatures."""
    text = SURROGATES.sub("\ufffd", text[:LONGEST_TEXT])
    return _LIGATURES.sub(lambda ligature: normalize("NFKC", ligature[0]), text)


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
    pieces: Sequence[Sequence[int]],
    multiple: int = 16,
    types: Sequence[Sequence[int]] = (),
    most: int = 512,
) -> list[NDArray[np.int32]]:
    """The three inputs of a BERT, each (n, tokens) int32: ids, attention mask, token types.

    ``tokens`` is the longest row rounded up to ``multiple``, so that few shapes occur, but only as
    far as ``most``, the positions that the model has.
    """
    longest = max(map(len, pieces))
    shape = (len(pieces), max(longest, min(-(-longest // multiple) * multiple, most)))
    ids, mask, kinds = (np.zeros(shape, np.int32) for _ in range(3))
    for row, piece in enumerate(pieces):
        ids[row, : len(piece)] = piece
        mask[row, : len(piece)] = 1
        if types:
            kinds[row, : len(piece)] = types[row]
    return [ids, mask, kinds]
