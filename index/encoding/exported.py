"""A sentence-transformers model as a ``BertEncoder``, where every word of its files is understood.

What sentence-transformers 6 and transformers 5 do with a model's files is done here without them:
a BERT whose tokens are pooled by their mean or their first, in safetensors of one number type.
Whatever is not known to leave the vectors as they are makes the model unfit, never another vector.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from index.encoding.bert import BertConfig, Node, Weights
from index.encoding.bert_encoder import BertEncoder, Pooling
from index.encoding.exported_tokenizer import load_exported_tokenizer
from index.encoding.fingerprint import Fingerprint
from index.encoding.torch_encoder import choose_prompts
from index.encoding.unfit import ANY, NOTHING, Unfit, check_values, read_json
from index.encoding.weights import hash_arrays, map_weights
from index.errors import EncoderError
from index.offline import forbid_calling_out

WEIGHTS_NAME = "model.safetensors"

MODULES = {
    "sentence_transformers.models.Transformer": "Transformer",
    "sentence_transformers.models.Pooling": "Pooling",
    "sentence_transformers.models.Normalize": "Normalize",
    "sentence_transformers.base.modules.transformer.Transformer": "Transformer",
    "sentence_transformers.sentence_transformer.modules.pooling.Pooling": "Pooling",
    "sentence_transformers.base.modules.normalize.Normalize": "Normalize",
}
"""The modules that are understood, under the names that versions 2 to 6 give them."""

SIZES = {
    "vocab_size": 30522,
    "hidden_size": 768,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "intermediate_size": 3072,
    "max_position_embeddings": 512,
    "type_vocab_size": 2,
}
"""What a BERT's ``config.json`` may leave out, and what it is then."""

CONFIG = dict.fromkeys(SIZES, ANY) | {
    "model_type": ("bert",),
    "hidden_act": ("gelu",),
    "position_embedding_type": ("absolute",),
    "is_decoder": (False,),
    "is_encoder_decoder": (False,),
    "add_cross_attention": (False,),
    "chunk_size_feed_forward": (0,),
    "pruned_heads": ({},),
    "output_attentions": (False,),
    "output_hidden_states": (False,),
    "return_dict": (True,),
    "layer_norm_eps": ANY,
    "dtype": (None, "float32", "float16"),
    "torch_dtype": (None, "float32", "float16"),
    # Of training, of other heads and of writing the file: the vectors do not depend on them.
    "_name_or_path": ANY,
    "architectures": ANY,
    "attention_probs_dropout_prob": ANY,
    "bos_token_id": ANY,
    "classifier_dropout": ANY,
    "directionality": ANY,
    "eos_token_id": ANY,
    "finetuning_task": ANY,
    "gradient_checkpointing": ANY,
    "hidden_dropout_prob": ANY,
    "id2label": ANY,
    "initializer_range": ANY,
    "label2id": ANY,
    "pad_token_id": ANY,
    "pooler_fc_size": ANY,
    "pooler_num_attention_heads": ANY,
    "pooler_num_fc_layers": ANY,
    "pooler_size_per_head": ANY,
    "pooler_type": ANY,
    "problem_type": ANY,
    "tie_word_embeddings": ANY,
    "tokenizer_class": ANY,
    "transformers_version": ANY,
    "use_cache": ANY,
}

MODEL = {
    "__version__": ANY,
    "model_type": ("SentenceTransformer",),
    "prompts": ANY,
    "default_prompt_name": NOTHING,
    "similarity_fn_name": ANY,
    "truncate_dim": NOTHING,
}
"""Vectors are of unit length here, so that every similarity orders them alike."""

TRANSFORMER = {
    "max_seq_length": ANY,
    "do_lower_case": (False, True),
    "transformer_task": ("feature-extraction",),
    "modality_config": (
        {"text": {"method": "forward", "method_output_name": "last_hidden_state"}},
    ),
    "module_output_name": ("token_embeddings",),
    "unpad_inputs": NOTHING,
    "processing_kwargs": NOTHING,
    "model_args": NOTHING,
    "model_kwargs": NOTHING,
    "tokenizer_args": NOTHING,
    "processor_kwargs": NOTHING,
    "config_args": NOTHING,
    "config_kwargs": NOTHING,
}

POOLING_FLAGS = {
    "pooling_mode_cls_token": "cls",
    "pooling_mode_mean_tokens": "mean",
    "pooling_mode_max_tokens": "max",
    "pooling_mode_mean_sqrt_len_tokens": "mean_sqrt_len_tokens",
    "pooling_mode_weightedmean_tokens": "weightedmean",
    "pooling_mode_lasttoken": "lasttoken",
}

POOLING = dict.fromkeys(POOLING_FLAGS, (False, True)) | {
    "embedding_dimension": ANY,
    "word_embedding_dimension": ANY,
    "pooling_mode": ANY,
    "include_prompt": (True,),
}

NORMALIZE = {
    "module_input_name": ("sentence_embedding",),
    "module_output_name": (None, "sentence_embedding"),
}


def export_encoder(
    name: str, *, online: bool = False, threads: int = 0, precision: str = "auto"
) -> BertEncoder:
    """The model at a path, or kept on this machine under a name, in OpenVINO; without torch.

    Raises:
        Unfit: it must be run by its own ``encode``, and why.
        EncoderError: its weights are damaged.
    """
    folder = find_folder(name, online=online)
    try:
        weights, config, tokenizer, fingerprint, pooling = read_model(name, folder)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unfit("its files are not laid out as expected") from error
    return BertEncoder(
        weights,
        config,
        tokenizer,
        fingerprint,
        pooling=pooling,
        threads=threads,
        precision=precision,
    )


def read_model(name: str, folder: Path) -> tuple[Weights, BertConfig, Node, Fingerprint, Pooling]:
    """The parts of the encoder that the files in ``folder`` make, as ``BertEncoder`` takes them.

    Raises:
        Unfit: as ``export_encoder``.
        EncoderError: as ``export_encoder``.
        KeyError, TypeError, ValueError, AttributeError: a file has another layout.
    """
    transformer, prefix, pooler, normalizer = read_modules(folder)
    config = read_config(transformer)
    sizes = read_json(transformer / "config.json")
    pooling = read_pooling(pooler, config.hidden_size)
    if normalizer:
        check_values(read_json(normalizer / "config.json", optional=True), NORMALIZE, "Normalize")
    limits = read_json(transformer / "sentence_bert_config.json")
    check_values(limits, TRANSFORMER, "sentence_bert_config.json")
    tokenizer, max_tokens = load_exported_tokenizer(
        transformer,
        declared=sizes.get("tokenizer_class"),
        lower=limits.get("do_lower_case", False),
        max_tokens=limits.get("max_seq_length"),
        positions=config.max_position_embeddings,
        vocabulary=sizes.get("vocab_size", SIZES["vocab_size"]),
    )
    question, passage = read_prompts(folder)
    weights = read_parameters(transformer, sizes)
    fingerprint = Fingerprint(
        Path(name).name if Path(name).exists() else name,
        hash_arrays({f"{prefix}.model.{key}": array for key, array in weights.items()}),
        config.hidden_size,
        question,
        passage,
        True,
        max_tokens,
    )
    whole = {key: np.asarray(array, np.float32) for key, array in weights.items()}
    return whole, config, tokenizer, fingerprint, pooling


def find_folder(name: str, *, online: bool) -> Path:
    """The folder ``name``, or the one where the Hugging Face cache keeps the model of that name.

    Raises:
        Unfit: there is none.
    """
    if Path(name).exists():
        return Path(name)
    forbid_calling_out(online=online)
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    kept = os.environ.get("SENTENCE_TRANSFORMERS_HOME")
    repository = name if "/" in name else f"sentence-transformers/{name}"
    try:
        found = try_to_load_from_cache(repository, "modules.json", cache_dir=kept)
    except HFValidationError as error:
        raise Unfit("it is no model's name") from error
    if not isinstance(found, str):
        raise Unfit("it was not kept on this machine until now")
    return Path(found).parent


def read_modules(folder: Path) -> tuple[Path, str, Path, Path | None]:
    """The transformer's folder and name, the pooling's folder and, if any, the normalisation's.

    Raises:
        Unfit: the model has other modules.
    """
    entries = read_json(folder / "modules.json")
    known = {"idx": ANY, "name": ANY, "path": ANY, "type": ANY, "kwargs": NOTHING}
    for entry in entries:
        check_values(entry, known, "modules.json")
    kinds = [MODULES.get(entry["type"], entry["type"]) for entry in entries]
    if kinds not in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]):
        names = ", ".join(kind.rpartition(".")[2] for kind in kinds)
        raise Unfit(f"its modules are {names}")
    transformer, pooler, *rest = (folder / entry["path"] for entry in entries)
    return transformer, entries[0]["name"], pooler, rest[0] if rest else None


def read_config(folder: Path) -> BertConfig:
    """The sizes of the BERT in ``folder``.

    Raises:
        Unfit: it is another architecture, or a BERT with something of its own.
    """
    config = read_json(folder / "config.json")
    if config.get("model_type") != "bert":
        raise Unfit(f"its architecture is {config.get('model_type')!r}, not 'bert'")
    check_values(config, CONFIG, "config.json")
    sizes = {key: config.get(key, default) for key, default in SIZES.items()}
    for key, size in sizes.items():
        if not isinstance(size, int) or size < 1:
            raise Unfit(f"config.json says {key} {size!r}")
    if sizes["hidden_size"] % sizes["num_attention_heads"]:
        raise Unfit("its attention heads do not divide its hidden size")
    return BertConfig.of({**sizes, "layer_norm_eps": float(config.get("layer_norm_eps", 1e-12))})


def read_prompts(folder: Path) -> tuple[str, str]:
    """What the model puts before a question and before a passage.

    Raises:
        Unfit: its own settings say more than that.
    """
    settings = read_json(folder / "config_sentence_transformers.json", optional=True)
    check_values(settings, MODEL, "config_sentence_transformers.json")
    prompts = settings.get("prompts") or {}
    if not all(isinstance(prompt, str | None) for prompt in prompts.values()):
        raise Unfit("its prompts are no texts")
    return choose_prompts(prompts)


def read_pooling(folder: Path, size: int) -> Pooling:
    """How the tokens' vectors become one.

    Raises:
        Unfit: otherwise than by their mean or their first.
    """
    config = read_json(folder / "config.json")
    check_values(config, POOLING, "Pooling")
    found = config.get("pooling_mode")
    if found is None:
        found = [mode for flag, mode in POOLING_FLAGS.items() if config.get(flag)] or "mean"
    if isinstance(found, list) and len(found) == 1:
        found = found[0]
    if config.get("embedding_dimension", config.get("word_embedding_dimension")) != size:
        raise Unfit("its pooling expects vectors of another size")
    if found == "mean":
        return "mean"
    if found == "cls":
        return "cls"
    raise Unfit(f"its pooling is {found!r}")


def read_parameters(folder: Path, sizes: Mapping[str, Any]) -> Weights:
    """A BERT's parameters in the file's own number type, those of the pooler where it has one.

    Raises:
        Unfit: they are not in one safetensors file of one type, under a BERT's own names.
        EncoderError: they are damaged, or others than ``config.json`` says.
    """
    path = folder / WEIGHTS_NAME
    if not path.exists():
        raise Unfit(f"there is no {WEIGHTS_NAME}")
    if (folder / "adapter_config.json").exists():
        raise Unfit("it has an adapter")
    found = map_weights(path)
    shapes = list_shapes({key: sizes.get(key, default) for key, default in SIZES.items()})
    pooler = {key for key in shapes if key.startswith("pooler.")}
    expected = set(shapes) if pooler & set(found) else set(shapes) - pooler
    # Old files keep these numbers, 0, 1, 2 …, which nothing reads.
    if unknown := set(found) - expected - {"embeddings.position_ids"}:
        raise Unfit(f"its weights have {min(unknown)}")
    if missing := expected - set(found):
        raise EncoderError(explain_damage(path, min(missing)))
    types = {found[key].dtype.name for key in expected}
    declared = sizes.get("dtype") or sizes.get("torch_dtype")
    if len(types) > 1 or not types <= ({declared} if declared else {"float32", "float16"}):
        raise Unfit("its weights are not all float32 or all float16, as its config.json says")
    if wrong := [key for key in sorted(expected) if found[key].shape != shapes[key]]:
        raise EncoderError(explain_damage(path, wrong[0]))
    return {key: found[key] for key in expected}


def explain_damage(path: Path, name: str) -> str:
    """One sentence on weights that are others than ``config.json`` says."""
    return (
        f"The encoder's weights {path} do not fit its config.json: {name} is missing or of another "
        "shape; fetch or copy the model again."
    )


def list_shapes(sizes: Mapping[str, int]) -> dict[str, tuple[int, ...]]:
    """The parameters of a BERT of these sizes, and the shape of each."""
    hidden, inner = sizes["hidden_size"], sizes["intermediate_size"]
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (sizes["vocab_size"], hidden),
        "embeddings.position_embeddings.weight": (sizes["max_position_embeddings"], hidden),
        "embeddings.token_type_embeddings.weight": (sizes["type_vocab_size"], hidden),
    }
    dense = {"pooler.dense": (hidden, hidden)}
    norms = ["embeddings.LayerNorm"]
    for layer in range(sizes["num_hidden_layers"]):
        at = f"encoder.layer.{layer}"
        for kind in ("self.query", "self.key", "self.value", "output.dense"):
            dense[f"{at}.attention.{kind}"] = (hidden, hidden)
        dense[f"{at}.intermediate.dense"] = (inner, hidden)
        dense[f"{at}.output.dense"] = (hidden, inner)
        norms += [f"{at}.attention.output.LayerNorm", f"{at}.output.LayerNorm"]
    for name, shape in dense.items():
        shapes |= {f"{name}.weight": shape, f"{name}.bias": shape[:1]}
    for name in norms:
        shapes |= {f"{name}.weight": (hidden,), f"{name}.bias": (hidden,)}
    return shapes
