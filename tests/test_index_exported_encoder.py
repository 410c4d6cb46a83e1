"""Other sentence-transformers models: in OpenVINO the same vectors, or their own ``encode``."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index import EncoderError
from index.encoding.bert_encoder import BertEncoder
from index.encoding.encoders import describe_engine, load_encoder
from index.encoding.exported import export_encoder
from index.encoding.torch_encoder import SentenceTransformersEncoder
from index.encoding.unfit import Unfit
from index.settings import Settings

pytestmark = pytest.mark.model

LETTERS = "abcdefghijklmnopqrstuvwxyz"
VOCABULARY = [
    *("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "war", "##ning", "storm", ".", "中"),
    *LETTERS,
    *(f"##{letter}" for letter in LETTERS),
]
TEXTS = [
    "The storm warning came late.",
    "",
    "A village in the north was cut off for three days. " * 9,
    "Café İstanbul 中 STORM",
    "a \ud800 b \x00 [SEP] c",
    "storm",
]


def make_unigrams() -> Any:  # noqa: ANN401 - the package carries no types
    """A tokenizer that no BERT was made with: unigrams, as in multilingual models."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    scores = [(token.replace("##", "▁"), -1.0 - 0.01 * n) for n, token in enumerate(VOCABULARY)]
    tokenizer = Tokenizer(models.Unigram(scores, unk_id=1))
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.add_special_tokens(VOCABULARY[:5])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return tokenizer


def save_model(
    folder: Path,
    *,
    pooling: str,
    normalise: bool,
    sizes: dict[str, Any],
    max_tokens: int | None,
    prompts: dict[str, str],
    lower: bool = False,
    half: bool = False,
    word_pieces: bool = True,
) -> Path:
    """The folder of a small BERT of random weights, as sentence-transformers writes it."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizer, PreTrainedTokenizerFast

    torch.manual_seed(7)
    # Weights as large as these make vectors that differ from one text to the next.
    config = BertConfig(vocab_size=len(VOCABULARY), initializer_range=0.4, **sizes)
    bert = BertModel(config)
    (bert.half() if half else bert).save_pretrained(folder / "bert")
    tokenizer: BertTokenizer | PreTrainedTokenizerFast
    if word_pieces:
        vocabulary = {token: number for number, token in enumerate(VOCABULARY)}
        tokenizer = BertTokenizer(vocab=vocabulary, do_lower_case=not lower)
    else:
        special = dict(zip(("pad", "unk", "cls", "sep", "mask"), VOCABULARY[:5], strict=True))
        tokenizer = PreTrainedTokenizerFast(
            tokenizer_object=make_unigrams(),
            model_max_length=99,
            **{f"{name}_token": token for name, token in special.items()},
        )
    tokenizer.save_pretrained(folder / "bert")
    transformer = Transformer(str(folder / "bert"), max_seq_length=max_tokens, do_lower_case=lower)
    modules = [transformer, Pooling(config.hidden_size, pooling_mode=pooling)]
    modules += [Normalize()] if normalise else []
    model = SentenceTransformer(modules=modules, prompts=prompts, device="cpu")
    model.save(str(folder / "model"), create_model_card=False)
    return folder / "model"


@pytest.fixture(scope="module")
def mean_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_model(
        tmp_path_factory.mktemp("mean"),
        pooling="mean",
        normalise=True,
        sizes={
            "hidden_size": 32,
            "num_hidden_layers": 2,
            "num_attention_heads": 4,
            "intermediate_size": 48,
            "max_position_embeddings": 64,
        },
        max_tokens=24,
        prompts={"query": "query: ", "passage": "The: "},
        lower=True,
    )


@pytest.fixture(scope="module")
def cls_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_model(
        tmp_path_factory.mktemp("cls"),
        pooling="cls",
        normalise=False,
        sizes={
            "hidden_size": 48,
            "num_hidden_layers": 1,
            "num_attention_heads": 3,
            "intermediate_size": 96,
            "max_position_embeddings": 40,
            "type_vocab_size": 1,
            "layer_norm_eps": 1e-5,
        },
        max_tokens=None,
        prompts={},
        half=True,
        word_pieces=False,
    )


@pytest.mark.parametrize("kind", ["mean_model", "cls_model"])
def test_openvino_gives_the_vectors_and_the_fingerprint_of_its_own_encode(
    kind: str, request: pytest.FixtureRequest
) -> None:
    path = str(request.getfixturevalue(kind))
    exported = export_encoder(path, precision="f32", threads=1)
    own = SentenceTransformersEncoder(path)
    assert exported.fingerprint == own.fingerprint
    passages, questions = exported.encode_passages(TEXTS), exported.encode_questions(TEXTS)
    assert (passages * own.encode_passages(TEXTS)).sum(axis=1).min() > 0.999
    assert (questions * own.encode_questions(TEXTS)).sum(axis=1).min() > 0.999
    assert np.median(passages @ passages.T) < 0.9
    np.testing.assert_allclose(np.linalg.norm(passages, axis=1), 1, atol=1e-3)


def test_another_model_in_openvino_needs_no_torch(mean_model: Path) -> None:
    code = (
        "import sys\n"
        "from index.encoding.encoders import describe_engine, load_encoder\n"
        "from index.settings import Settings\n"
        f"encoder = load_encoder(Settings(encoder={str(mean_model)!r}, threads=1))\n"
        "assert encoder.encode_questions(['storm']).shape == (1, 32)\n"
        "assert describe_engine(encoder) == 'in OpenVINO'\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def change_json(file: Path, **changes: object) -> None:
    """Write other values into a JSON file."""
    file.write_text(json.dumps(json.loads(file.read_text()) | changes))


@pytest.mark.parametrize(
    ("file", "changes", "reason"),
    [
        ("config.json", {"model_type": "distilbert"}, "its architecture is 'distilbert'"),
        ("config.json", {"hidden_act": "relu"}, "says hidden_act 'relu'"),
        ("config.json", {"auto_map": {"AutoModel": "mine.Model"}}, "says auto_map, which is not"),
        ("config.json", {"dtype": "float16"}, "not all float32 or all float16"),
        ("1_Pooling/config.json", {"pooling_mode": "max"}, "its pooling is 'max'"),
        ("1_Pooling/config.json", {"include_prompt": False}, "says include_prompt False"),
        ("sentence_bert_config.json", {"max_seq_length": 65}, "cut at 65 word pieces"),
        ("config_sentence_transformers.json", {"default_prompt_name": "query"}, "default_prompt"),
        ("config_sentence_transformers.json", {"truncate_dim": 16}, "says truncate_dim 16"),
        ("tokenizer_config.json", {"tokenizer_class": "MPNetTokenizer"}, "tokenizer is MPNet"),
        ("tokenizer_config.json", {"unk_token": "[PAD]"}, r"unk_token is '\[PAD\]'"),
        ("tokenizer_config.json", {"padding_side": "left"}, "says padding_side 'left'"),
        ("tokenizer.json", {"model": {"type": "BPE", "vocab": {}}}, "pieces are not BERT's"),
    ],
)
def test_what_is_not_understood_is_left_to_its_own_encode(
    mean_model: Path, tmp_path: Path, file: str, changes: dict[str, object], reason: str
) -> None:
    path = tmp_path / "model"
    shutil.copytree(mean_model, path)
    change_json(path / file, **changes)
    with pytest.raises(Unfit, match=reason):
        export_encoder(str(path))


def test_a_model_with_another_module_runs_by_its_own_encode_and_says_why(
    cls_model: Path, tmp_path: Path
) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Dense

    model = SentenceTransformer(str(cls_model), device="cpu").float()
    model.append(Dense(48, 8))
    path = tmp_path / "dense"
    model.save(str(path), create_model_card=False)
    encoder = load_encoder(Settings(encoder=str(path)))
    assert encoder.encode_passages(["storm"]).shape == (1, 8)
    assert describe_engine(encoder).endswith("since its modules are Transformer, Pooling, Dense")


def test_damaged_weights_are_one_sentence(mean_model: Path, tmp_path: Path) -> None:
    path = tmp_path / "model"
    shutil.copytree(mean_model, path)
    weights = path / "model.safetensors"
    whole = weights.read_bytes()
    for part in (whole[:-7], whole[:50], b"", b"\x02" + bytes(7) + b"[]"):
        weights.write_bytes(part)
        with pytest.raises(EncoderError, match="are damaged .*; fetch or copy the model again"):
            load_encoder(Settings(encoder=str(path)))
    weights.write_bytes(whole)
    change_json(path / "config.json", num_hidden_layers=3)
    with pytest.raises(EncoderError, match=r"encoder\.layer\.2.* is missing or of another shape"):
        load_encoder(Settings(encoder=str(path)))


def test_a_model_kept_by_name_is_found(
    mean_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "models--someone--small"
    (kept / "refs").mkdir(parents=True)
    (kept / "refs" / "main").write_text("0" * 40)
    shutil.copytree(mean_model, kept / "snapshots" / ("0" * 40))
    monkeypatch.setenv("SENTENCE_TRANSFORMERS_HOME", str(tmp_path))
    encoder = load_encoder(Settings(encoder="someone/small"))
    assert isinstance(encoder, BertEncoder)
    assert encoder.fingerprint.name == "someone/small"
