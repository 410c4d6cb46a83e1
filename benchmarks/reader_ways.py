"""Ways to run the reader beside each other: how well it ranks and how long an answer takes.

    python -m benchmarks.reader_ways [--questions 150]

Each way answers the same questions over the passages of NewsQA (``newsqa/beir_passages`` in
``--data``, ``$DATELINE_DATA`` or ``../shared/data``), question by question in turns, and reads the
same SQuAD paragraphs. Writes ``benchmarks/results/reader_ways.md``, ``.json`` and ``.svg``.
"""

import argparse
import csv
import json
import math
import os
import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from index import Article, Library
from index.encoding.bert import MixedWeights, Quantised, compile_model
from index.encoding.encoders import load_tokenizer, packaged_model_path
from index.settings import Settings
from qa.answering.cache import AnswerCache
from qa.assistant import Assistant
from qa.evaluate.provenance import describe_machine, find_revision
from qa.evaluate.scoring.answers import score_answer
from qa.reader import choice, picker
from qa.reader.model import Reader
from qa.reader.network import (
    CONFIG_NAME,
    MODEL_PATH,
    WEIGHTS_NAME,
    build_reader,
    read_config,
    read_reader_weights,
)

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
SEED = 1
READ = 300
"""Questions whose SQuAD paragraph is given."""


@dataclass(frozen=True)
class Way:
    """A reader, how many passages it reads at most, and how many before it may stop."""

    name: str
    reader: Reader
    passages: int = 20
    first: int = picker.FIRST_READ


def main() -> None:
    """Measure every way and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=find_data())
    parser.add_argument("--questions", type=int, default=150)
    options = parser.parse_args()
    record = measure(options.data, list_ways(), options.questions)
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "reader_ways.json").write_text(json.dumps(record, indent=1) + "\n", "utf-8")
    (RESULTS / "reader_ways.md").write_text(render(record), "utf-8")
    (RESULTS / "reader_ways.svg").write_text(draw(record), "utf-8")
    print(render(record))


def find_data() -> Path:
    """Where the evaluation data are when nobody says."""
    return Path(os.environ.get("DATELINE_DATA", ROOT.parent / "shared" / "data"))


def list_ways() -> list[Way]:
    """The ways that are compared; the first is what the others are measured against."""
    eight, half = Reader.load(), load_plain("bf16")
    return [
        Way("8 bits", eight),
        Way("8 bits, 12 passages", eight, 12),
        Way("8 bits, 8 before it may stop", eight, first=8),
        Way("8 bits, always 20", eight, first=20),
        Way("bfloat16", half),
        Way("bfloat16, 12 passages", half, 12),
    ]


def load_plain(precision: str) -> Reader:
    """The shipped reader with the same weights, but computing in ``precision`` all through."""
    config = read_config(MODEL_PATH / CONFIG_NAME)
    weights = undo_quantising(read_reader_weights(MODEL_PATH / WEIGHTS_NAME, config))
    config.pop("ranges", None)
    tokenizer = load_tokenizer(packaged_model_path() / "tokenizer.json", 512)
    tokenizer.no_truncation()
    model = build_reader(weights, config)
    return Reader(
        compile_model(model, threads=0, streams=0, precision=precision), tokenizer, config
    )


def undo_quantising(weights: MixedWeights) -> dict[str, Any]:
    """The weights as float32, with nothing to even out before them."""
    plain: dict[str, Any] = {}
    for name, array in weights.items():
        if isinstance(array, Quantised):
            array = (array.values.astype(np.float32) - np.float32(array.zero)) * array.scale
        plain[name] = np.asarray(array, np.float32)
    for name in [name for name in plain if name.endswith(".evened")]:
        layer, evened = name.removesuffix(".evened"), plain.pop(name)
        parts = ("query", "key", "value") if layer.endswith(".self") else ("",)
        for part in parts:
            plain[f"{layer}.{part}".rstrip(".") + ".weight"] *= evened
    return plain


def measure(data: Path, ways: Sequence[Way], count: int) -> dict[str, Any]:
    """The figures of every way."""
    folder = data / "newsqa" / "beir_passages"
    with (folder / "qrels" / "test.tsv").open(encoding="utf-8") as rows:
        table = csv.DictReader(rows, delimiter="\t")
        relevant = {row["query-id"]: row["corpus-id"] for row in table}
    corpus, asked = (read_rows(folder / f"{name}.jsonl") for name in ("corpus", "queries"))
    chosen = random.Random(SEED).sample(asked, min(count, len(asked)))
    ranks: dict[str, list[int]] = {way.name: [] for way in ways}
    times: dict[str, list[tuple[float, float]]] = {way.name: [] for way in ways}
    with tempfile.TemporaryDirectory() as place:
        settings = Settings(passage_words=0)
        with Library.open(Path(place) / "library", settings=settings, create=True) as library:
            library.add(Article(row["_id"], row.get("title", ""), row["text"]) for row in corpus)
            pickers = {way.name: picker.ReaderPicker(way.reader) for way in ways}
            for number, row in enumerate([chosen[0], *chosen]):
                for way in ways:
                    taken, answer = ask(library, way, pickers[way.name], row["text"])
                    if number:
                        found = [hit.article.id for hit in answer.hits]
                        wanted = relevant[row["_id"]]
                        ranks[way.name].append(found.index(wanted) + 1 if wanted in found else 0)
                        times[way.name].append(taken)
    reading = read_paragraphs(data, ways)
    return {
        "questions": len(chosen),
        "read": READ,
        "machine": {**describe_machine(), "load": [round(value, 1) for value in os.getloadavg()]},
        "git": find_revision(),
        "ways": {
            way.name: {
                "success@1": round(sum(r == 1 for r in ranks[way.name]) / len(chosen), 3),
                "nDCG@10": round(
                    sum(1 / math.log2(r + 1) for r in ranks[way.name] if r) / len(chosen), 3
                ),
                "f1": round(reading[way.name], 3),
                "milliseconds": round(statistics.median(t for t, _ in times[way.name]), 1),
                "processor": round(statistics.mean(p for _, p in times[way.name]), 1),
            }
            for way in ways
        },
    }


def ask(
    library: Library, way: Way, made: picker.ReaderPicker, question: str
) -> tuple[tuple[float, float], Any]:
    """An answer, and the milliseconds of wall and of processor time that it took."""
    settings = replace(library.settings, read_passages=way.passages)
    assistant = Assistant(library, settings=settings, cache=AnswerCache(most_answers=0))
    with (
        patch.object(choice, "shared_reader", lambda row, threads: made),
        patch.object(picker, "FIRST_READ", way.first),
    ):
        begun, used = time.perf_counter(), time.process_time()
        answer = assistant.ask(question)
        return ((time.perf_counter() - begun) * 1000, (time.process_time() - used) * 1000), answer


def read_paragraphs(data: Path, ways: Sequence[Way]) -> dict[str, float]:
    """The mean F1 of each reader on SQuAD v1.1 with the paragraph given."""
    articles = json.loads((data / "squad" / "dev-v1.1.json").read_text("utf-8"))["data"]
    items = [
        (item["question"], paragraph["context"], [a["text"] for a in item["answers"]])
        for article in articles
        for paragraph in article["paragraphs"]
        for item in paragraph["qas"]
    ]
    chosen = random.Random(SEED).sample(items, READ)
    scores: dict[int, float] = {}
    for reader in {id(way.reader): way.reader for way in ways}.values():
        scores[id(reader)] = statistics.mean(
            score_answer(gold, reader.read(question, [context])[0].text)[1]
            for question, context, gold in chosen
        )
    return {way.name: scores[id(way.reader)] for way in ways}


def read_rows(file: Path) -> list[dict[str, Any]]:
    """The objects of a JSONL file."""
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def render(record: dict[str, Any]) -> str:
    """The table in Markdown; times beside the first row's."""
    base = next(iter(record["ways"].values()))
    lines = [
        "# Ways to run the reader",
        "",
        f"{record['questions']} questions of NewsQA over all its passages, asked in turns, and "
        f"{record['read']} of SQuAD v1.1 with the paragraph given. Made by `python -m "
        "benchmarks.reader_ways`; times beside the first row's, processor time of every thread "
        f"(load average {record['machine']['load'][0]} on {record['machine']['cores']} cores).",
        "",
        "| way | Success@1 | nDCG@10 | read F1 | answer, median ms | beside "
        "| processor ms | beside |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for name, row in record["ways"].items():
        wall = row["milliseconds"] / base["milliseconds"]
        processor = row["processor"] / base["processor"]
        lines.append(
            f"| {name} | {row['success@1']} | {row['nDCG@10']} | {row['f1']} | "
            f"{row['milliseconds']} | {wall:.2f} | {row['processor']} | {processor:.2f} |"
        )
    return "\n".join(lines) + "\n"


def draw(record: dict[str, Any]) -> str:
    """nDCG@10 over the processor time of an answer, as SVG."""
    rows = record["ways"]
    times = [row["processor"] for row in rows.values()]
    gains = [row["nDCG@10"] for row in rows.values()]
    low, high = min(gains) - 0.01, max(gains) + 0.01
    most = max(times) * 1.35
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 320" font-family="sans-serif" '
        'font-size="11">',
        "<title>nDCG@10 over the processor time of an answer</title>",
        '<rect width="100%" height="320" fill="#fff"/>',
        '<path d="M50 10V280H630" fill="none" stroke="#888"/>',
        '<text x="340" y="310" text-anchor="middle">processor ms of an answer</text>',
    ]
    for name, row in rows.items():
        across = 50 + 580 * row["processor"] / most
        up = 280 - 270 * (row["nDCG@10"] - low) / (high - low)
        parts += [
            f'<circle cx="{across:.0f}" cy="{up:.0f}" r="4" fill="#1a56a0"/>',
            f'<text x="{across + 7:.0f}" y="{up + 4:.0f}">{escape(name)} ({row["nDCG@10"]})</text>',
        ]
    return "\n".join([*parts, "</svg>"]) + "\n"


if __name__ == "__main__":
    main()
