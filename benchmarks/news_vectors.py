"""Passages of the news corpus with their vectors, encoded once and kept in a folder in pieces.

    python -m benchmarks.news_vectors --folder DIR [--passages 300000] [--seconds 200]

The corpus is not part of the project: it is looked for in ``--data``, ``$DATELINE_DATA`` or
``../shared/data``. A piece is 5,000 passages: ``NUMBER.npy`` with (5000, 384) float16 unit rows and
``NUMBER.json`` with what the encoder was given. Stopping loses one piece at most; calling again
goes on. ``--seconds`` stops after about that long, for machines that are shared.
"""

import argparse
import json
import lzma
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from time import monotonic

import numpy as np
from numpy.typing import NDArray

PIECE = 5000
ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Encode what is missing."""
    from benchmarks.quality import find_data

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=find_data())
    parser.add_argument("--passages", type=int, default=300_000)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    arguments = parser.parse_args()
    ready = prepare(arguments.folder, arguments.data, arguments.passages, arguments.seconds)
    print(f"{ready} passages are ready in {arguments.folder}")


def prepare(folder: Path, data: Path, passages: int, seconds: float = float("inf")) -> int:
    """Encodes pieces until there are ``passages`` or time is up; says how many are ready."""
    from index.encoding.encoders import default_encoder

    folder.mkdir(parents=True, exist_ok=True)
    begun = monotonic()
    pieces = passages // PIECE
    encoder = default_encoder()
    if not (folder / "questions.npy").exists():
        questions = read_questions(data)
        np.save(folder / "questions.npy", encoder.encode_questions(questions))
        (folder / "questions.json").write_text(json.dumps(questions), "utf-8")
    texts = read_passages(data)
    for number in range(pieces):
        piece = list(islice(texts, PIECE))
        if len(piece) < PIECE:
            return number * PIECE
        if (folder / f"{number:04d}.npy").exists():
            continue
        if monotonic() - begun > seconds:
            return number * PIECE
        vectors = encoder.encode_passages(piece)
        (folder / f"{number:04d}.json").write_text(json.dumps(piece), "utf-8")
        draft = folder / f"{number:04d}.draft.npy"
        np.save(draft, vectors.astype(np.float16))
        draft.rename(folder / f"{number:04d}.npy")
    return pieces * PIECE


def load_vectors(folder: Path, count: int) -> NDArray[np.float16]:
    """The first ``count`` vectors that are ready, or all when there are fewer."""
    files = sorted(folder.glob("[0-9][0-9][0-9][0-9].npy"))[: -(-count // PIECE)]
    return np.concatenate([np.load(file) for file in files])[:count]


def read_questions(data: Path) -> list[str]:
    """The questions of the corpus."""
    with lzma.open(data / "news_corpus" / "queries.jsonl.xz", "rt", encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines]


def read_passages(data: Path) -> Iterator[str]:
    """What the encoder is given of each passage, article by article, by the default rule."""
    from index.inputs import passage_input
    from index.passages import split_article
    from index.settings import Settings
    from index.types import Article

    settings = Settings()
    with lzma.open(data / "news_corpus" / "corpus.jsonl.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            article = Article(record["_id"], record.get("title", ""), record["text"])
            for passage in split_article(
                article,
                words=settings.passage_words,
                overlap_sentences=settings.overlap_sentences,
            ):
                yield passage_input(
                    article.title, passage.text, passage_words=settings.passage_words
                )


if __name__ == "__main__":
    main()
