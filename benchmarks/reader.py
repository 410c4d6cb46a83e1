"""The reader beside transformers' question-answering pipeline with the same weights, in one run.

    pip install --target transformers4 "transformers>=4.50,<5"
    python -m benchmarks.reader --transformers transformers4 [--questions 500] [--rounds 15]

transformers 5 has no question-answering pipeline any more, so one of version 4 is needed, beside
the project's own environment. Both read 20 passages of about 130 tokens, in turn, on the same
cores; then the answers to the questions of SQuAD's development set (``--data``, ``$DATELINE_DATA``
or ``../shared/data``) are compared, each on its own paragraph. Writes
``benchmarks/results/reader.json``.
"""

import argparse
import json
import os
import platform
import random
import statistics
import sys
import time
import warnings
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULT = ROOT / "benchmarks" / "results" / "reader.json"
PASSAGES = 20
TOKENS = 130


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--transformers", type=Path, help="folder with transformers 4")
    parser.add_argument("--data", type=Path, default=find_data())
    parser.add_argument("--questions", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    if options.transformers:
        sys.path.insert(0, str(options.transformers.resolve()))
    warnings.simplefilter("ignore")
    questions = read_questions(options.data, options.questions)
    result = measure(questions, options.rounds)
    RESULT.write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    print(json.dumps(result, indent=1))


def find_data() -> Path:
    """Where the evaluation data are when nobody says."""
    return Path(os.environ.get("DATELINE_DATA", ROOT.parent / "shared" / "data"))


def read_questions(data: Path, count: int) -> list[tuple[str, str]]:
    """(question, paragraph) pairs of SQuAD's development set, drawn with a fixed seed."""
    articles = json.loads((data / "squad" / "dev-v1.1.json").read_text("utf-8"))["data"]
    pairs = [
        (item["question"], paragraph["context"])
        for article in articles
        for paragraph in article["paragraphs"]
        for item in paragraph["qas"]
    ]
    return random.Random(1).sample(pairs, count)


def measure(questions: list[tuple[str, str]], rounds: int) -> dict[str, Any]:
    """Speed and agreement of the reader, in each precision, with the pipeline."""
    import transformers

    from benchmarks.reader_ways import load_plain
    from index.encoding.encoders import load_tokenizer, packaged_model_path
    from qa.reader.model import Reader

    pipeline = make_pipeline()
    tokenizer = load_tokenizer(packaged_model_path() / "tokenizer.json", 512)
    passages = cut_passages([context for _, context in questions], tokenizer)
    asked = [question for question, _ in questions[:rounds]]
    readers = {
        "8 bits": Reader.load(),
        **{precision: load_plain(precision) for precision in ("bf16", "f32")},
    }
    times: dict[str, list[float]] = {name: [] for name in ("pipeline", *readers)}
    for question in [asked[0], *asked]:
        times["pipeline"].append(clock(lambda q=question: ask_pipeline(pipeline, q, passages)))
        for name, reader in readers.items():
            times[name].append(clock(lambda q=question, r=reader: r.read(q, passages)))
    medians = {name: statistics.median(values[1:]) for name, values in times.items()}
    expected = [ask_pipeline(pipeline, q, [c])[0] for q, c in questions]
    same = {
        name: sum(
            reader.read(q, [c])[0].text == text
            for (q, c), text in zip(questions, expected, strict=True)
        )
        for name, reader in readers.items()
    }
    return {
        "machine": f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores",
        "transformers": transformers.__version__,
        "passages": PASSAGES,
        "tokens": TOKENS,
        "rounds": rounds,
        "milliseconds": {name: round(1000 * value, 1) for name, value in medians.items()},
        "times_faster": {name: round(medians["pipeline"] / medians[name], 2) for name in readers},
        "questions": len(questions),
        "same_answer": {name: round(count / len(questions), 4) for name, count in same.items()},
    }


def make_pipeline() -> Any:  # noqa: ANN401 - transformers' own class
    """Transformers' pipeline in float32 with the reader's encoder and span head."""
    import torch
    from transformers import BertConfig, BertForQuestionAnswering

    from benchmarks.reader_ways import undo_quantising
    from index.encoding.encoders import packaged_model_path
    from qa.reader.network import (
        CONFIG_NAME,
        MODEL_PATH,
        WEIGHTS_NAME,
        read_config,
        read_reader_weights,
    )

    # Version 4 alone has what is asked of it here, and it is seldom the one that is installed.
    transformers = import_module("transformers")
    folder = packaged_model_path()
    config = read_config(MODEL_PATH / CONFIG_NAME)
    arrays = {}
    weights = undo_quantising(read_reader_weights(MODEL_PATH / WEIGHTS_NAME, config))
    for name, array in weights.items():
        if name.startswith("span."):
            arrays[name.replace("span.", "qa_outputs.")] = array
        elif name.startswith(("embeddings.", "encoder.")):
            arrays[f"bert.{name}"] = array
    model = BertForQuestionAnswering(
        BertConfig.from_pretrained(folder, num_hidden_layers=config["sizes"]["num_hidden_layers"])
    )
    tensors = {name: torch.from_numpy(array.copy()) for name, array in arrays.items()}
    missing, unexpected = model.load_state_dict(tensors, strict=False)
    if unexpected or [name for name in missing if "position_ids" not in name]:
        raise SystemExit(f"The weights do not fit transformers' model: {missing}, {unexpected}")
    try:
        return transformers.pipeline(
            "question-answering",
            model=model.eval(),
            tokenizer=transformers.BertTokenizerFast.from_pretrained(folder),
        )
    except (KeyError, RuntimeError, ValueError) as error:
        raise SystemExit(
            "This transformers has no question-answering pipeline; install version 4 beside and "
            f"give its folder with --transformers ({error})."
        ) from error


def ask_pipeline(pipeline: Any, question: str, passages: list[str]) -> list[str]:  # noqa: ANN401
    """The pipeline's answer in each passage."""
    found = pipeline(
        question=[question] * len(passages),
        context=passages,
        max_answer_len=30,
        max_seq_len=288,
        doc_stride=64,
    )
    return [item["answer"] for item in (found if isinstance(found, list) else [found])]


def cut_passages(contexts: list[str], tokenizer: Any) -> list[str]:  # noqa: ANN401
    """Twenty texts of about 130 tokens, cut at a token's end."""
    cut: list[str] = []
    for context in contexts:
        encoded = tokenizer.encode(context, add_special_tokens=False)
        if len(encoded.ids) >= TOKENS and len(cut) < PASSAGES:
            cut.append(context[: encoded.offsets[TOKENS - 1][1]])
    return cut


def clock(work: Any) -> float:  # noqa: ANN401 - any callable
    """Seconds that the work takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
