"""The tokenizer of a sentence-transformers model, as transformers would make it, without it.

For the class ``BertTokenizer`` transformers 5 takes the vocabulary out of ``tokenizer.json`` and
the rest from ``tokenizer_config.json``. Every other class that is understood runs the file as it
is.
"""

from pathlib import Path
from typing import Any

from index.encoding.bert import Node
from index.encoding.unfit import ANY, NOTHING, Unfit, check_values, read_json
from index.encoding.word_pieces import load_tokenizer

SPECIAL = {
    "unk_token": "[UNK]",
    "sep_token": "[SEP]",
    "pad_token": "[PAD]",
    "cls_token": "[CLS]",
    "mask_token": "[MASK]",
}

OTHER_SPECIAL = ("bos_token", "eos_token")

CONFIG = dict.fromkeys((*SPECIAL, *OTHER_SPECIAL), ANY) | {
    "tokenizer_class": ANY,
    "do_lower_case": ANY,
    "strip_accents": ANY,
    "tokenize_chinese_chars": ANY,
    "added_tokens_decoder": ANY,
    "model_max_length": ANY,
    "padding_side": ("right",),
    "truncation_side": ("right",),
    "truncation_strategy": ("longest_first",),
    "stride": (0,),
    "pad_token_type_id": (0,),
    "never_split": NOTHING,
    "additional_special_tokens": NOTHING,
    "extra_special_tokens": NOTHING,
    "split_special_tokens": (False,),
    "backend": ("tokenizers",),
    # Of padding and decoding, of other classes and of writing the file.
    "clean_up_tokenization_spaces": ANY,
    "do_basic_tokenize": ANY,
    "from_slow": ANY,
    "is_local": ANY,
    "local_files_only": ANY,
    "max_length": ANY,
    "name_or_path": ANY,
    "pad_to_multiple_of": ANY,
    "special_tokens_map_file": ANY,
    "tokenizer_file": ANY,
}

AS_IT_IS = ("PreTrainedTokenizerFast", "TokenizersBackend")
WORD_PIECE = (None, "BertTokenizer", "BertTokenizerFast")


def load_exported_tokenizer(
    folder: Path,
    *,
    declared: str | None,
    lower: bool,
    max_tokens: int | None,
    positions: int,
    vocabulary: int,
) -> tuple[Node, int]:
    """The Rust tokenizer of the model in ``folder``, and after how many pieces it cuts.

    Args:
        folder: where ``tokenizer.json`` is.
        declared: the class that ``config.json`` names, for a ``tokenizer_config.json`` without.
        lower: whether texts are put in lower case before.
        max_tokens: where sentence-transformers cuts, ``None`` for where the tokenizer does.
        positions: how many pieces the model can read.
        vocabulary: how many different ones.

    Raises:
        Unfit: transformers would do something else than the file says, or something unknown.
        EncoderError: the file cannot be read.
    """
    config = read_json(folder / "tokenizer_config.json")
    check_values(config, CONFIG, "tokenizer_config.json")
    file = read_json(folder / "tokenizer.json")
    if (folder / "added_tokens.json").exists():
        raise Unfit("it has an added_tokens.json")
    named = read_json(folder / "special_tokens_map.json", optional=True)
    check_values(named, CONFIG, "special_tokens_map.json")
    kind = config.get("tokenizer_class") or declared
    added = {str(token["id"]): dict(token) for token in file.get("added_tokens") or ()}
    for settings in (config, named):
        check_special_tokens(settings, added, word_piece=kind in WORD_PIECE)
    for side in ("truncation", "padding"):
        if (file.get(side) or {}).get("direction", "Right") != "Right":
            raise Unfit(f"its tokenizer's {side} is on the left")
    if kind in WORD_PIECE:
        check_word_pieces(file["model"])
    elif kind not in AS_IT_IS:
        raise Unfit(f"its tokenizer is {kind}")
    if max_tokens is None:
        max_tokens = min(config.get("model_max_length", positions), positions)
    if not isinstance(max_tokens, int) or not 2 < max_tokens <= positions:
        raise Unfit(f"it would cut at {max_tokens} word pieces and can read {positions}")
    tokenizer = load_tokenizer(folder / "tokenizer.json", max_tokens)
    if kind in WORD_PIECE:
        read_texts_as_bert(tokenizer, config)
    if lower:
        put_in_lower_case(tokenizer)
    check_ids(tokenizer, vocabulary)
    return tokenizer, max_tokens


def check_special_tokens(
    config: dict[str, Any], added: dict[str, dict[str, Any]], *, word_piece: bool
) -> None:
    """Refuse special tokens that ``tokenizer.json`` does not have just so.

    Raises:
        Unfit: transformers would add or alter one.
    """
    known = {token["content"] for token in added.values()}
    for key in (*SPECIAL, *OTHER_SPECIAL):
        token = config.get(key, SPECIAL.get(key) if word_piece else None)
        content = token.get("content") if isinstance(token, dict) else token
        if content is not None and content not in known:
            raise Unfit(f"its tokenizer's {key} {content!r} is not in tokenizer.json")
        if word_piece and content != SPECIAL.get(key):
            raise Unfit(f"its tokenizer's {key} is {content!r}")
        if isinstance(token, dict) and any(
            token.get(flag) for flag in ("lstrip", "rstrip", "single_word", "normalized")
        ):
            raise Unfit(f"its tokenizer's {key} is not plain")
    for token in added.values() if word_piece else ():
        plain = {"special": True} | dict.fromkeys(
            ("single_word", "lstrip", "rstrip", "normalized"), False
        )
        if token["content"] not in SPECIAL.values() or not plain.items() <= token.items():
            raise Unfit(f"its tokenizer has the token {token['content']!r}")
    for number, token in (config.get("added_tokens_decoder") or {}).items():
        if number not in added or not token.items() <= added[number].items():
            raise Unfit(f"its tokenizer's token {number} is not that of tokenizer.json")


def check_word_pieces(model: dict[str, Any]) -> None:
    """Refuse word pieces that are not written as transformers' BertTokenizer expects.

    Raises:
        Unfit: they are others.
    """
    expected = {
        "type": "WordPiece",
        "unk_token": SPECIAL["unk_token"],
        "continuing_subword_prefix": "##",
        "max_input_chars_per_word": 100,
    }
    if {"type": "WordPiece"} | model != expected | {"vocab": model["vocab"]}:
        raise Unfit("its tokenizer's pieces are not BERT's")


def read_texts_as_bert(tokenizer: Node, config: dict[str, Any]) -> None:
    """Have texts cleaned, split and set off as transformers' BertTokenizer does."""
    from tokenizers import normalizers, pre_tokenizers, processors

    cls, sep = SPECIAL["cls_token"], SPECIAL["sep_token"]
    tokenizer.normalizer = normalizers.BertNormalizer(
        clean_text=True,
        handle_chinese_chars=config.get("tokenize_chinese_chars", True),
        strip_accents=config.get("strip_accents"),
        lowercase=config.get("do_lower_case", True),
    )
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{cls} $A {sep}",
        special_tokens=[(token, tokenizer.token_to_id(token)) for token in (cls, sep)],
    )


def put_in_lower_case(tokenizer: Node) -> None:
    """Have texts put in lower case first, as sentence-transformers' ``do_lower_case`` does."""
    from tokenizers import normalizers

    after = tokenizer.normalizer
    several = isinstance(after, normalizers.Sequence)
    steps = list(after) if several else [after] if after is not None else []
    if not any(isinstance(step, normalizers.Lowercase) for step in steps):
        tokenizer.normalizer = normalizers.Sequence([normalizers.Lowercase(), *steps])


def check_ids(tokenizer: Node, vocabulary: int) -> None:
    """Refuse a tokenizer whose pieces the model cannot take.

    Raises:
        Unfit: it has too many, reads nothing of an empty text, or marks one as a second text.
    """
    if max(tokenizer.get_vocab(with_added_tokens=True).values()) >= vocabulary:
        raise Unfit("its tokenizer has more word pieces than its model")
    if not tokenizer.encode("").ids or any(tokenizer.encode("a").type_ids):
        raise Unfit("its tokenizer does not set texts off as BERT's does")
