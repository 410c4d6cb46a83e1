"""Search beside other libraries with many passages; writes ``peers_large.json`` and ``.md``.

    python -m benchmarks.peers_large --folder DIR --python /somewhere/peers/bin/python
        [--passages 26000] [--questions 100] [--only NAME …] [--limit SECONDS]

``--folder`` holds passages and vectors of ``benchmarks.news_vectors``; where it has fewer vectors
than ``--passages``, the rest are drawn around real ones (``filling.py``), and texts beyond the real
ones are mixtures of two (``growing.py``). ``--python`` is the interpreter that has the others
(``peers.py`` says how to install them). All are given the same vectors, so what is measured is
everything but the encoding of passages: filling, a question with its own encoding, and memory.
Each takes its turn in a process of its own, and is left out when that lasts longer than
``--limit``. No passage is judged relevant here; ``peers.py`` compares what is found.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.filling import draw_around
from benchmarks.growing import gather_texts, take_texts
from benchmarks.measuring import say_where
from benchmarks.news_vectors import load_vectors
from benchmarks.quality import find_data
from qa.evaluate.scoring.speed import find_percentile

RESULTS = Path(__file__).resolve().parent / "results"
NAMES = (
    "dateline search",
    "sentence-transformers + faiss",
    "txtai",
    "chroma",
    "llamaindex",
    "haystack",
)
OWN = NAMES[0]
SEED = 5
WARM = 5

COLUMNS = (
    ("filled_s", "filled in s"),
    ("filled_processor_s", "processor s"),
    ("asked", "questions"),
    ("question_p50", "question p50 ms"),
    ("question_p95", "p95 ms"),
    ("question_processor_p50", "processor p50 ms"),
    ("resident_mb", "resident MB"),
    ("encoded", "passages not looked up"),
)


def main() -> int:
    """Run every library that is there and write the tables; 1 when one was not."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=find_data())
    parser.add_argument("--python", type=Path, required=True)
    parser.add_argument("--passages", type=int, default=26_000)
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--only", nargs="*", choices=NAMES, default=list(NAMES))
    parser.add_argument("--limit", type=float, default=900, help="seconds a library may take")
    arguments = parser.parse_args()
    systems: dict[str, dict[str, Any]] = {}
    missing: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as name:
        task = Path(name)
        write_task(task, arguments)
        for way in arguments.only:
            python = Path(sys.executable) if way == OWN else arguments.python
            found = run_way(way, python, task, arguments.limit)
            if isinstance(found, str):
                missing[way] = found
                print(f"{way}: left out, {found}", flush=True)
            else:
                systems[way] = summarize(found) | {"when": say_where()}
                print(f"{way}: {systems[way]['question_p50']} ms", flush=True)
    write_results(arguments.passages, systems, missing)
    return 1 if missing else 0


def write_task(folder: Path, arguments: Any) -> None:  # noqa: ANN401 - argparse has no types
    """The texts, their vectors and the questions, as files that every library is given."""
    count = arguments.passages
    real = gather_texts(arguments.folder, arguments.data, count)
    texts = [*real, *take_texts(real, len(real), count)]
    (folder / "texts.json").write_text(json.dumps(make_distinct(texts)), "utf-8")
    vectors = draw_around(load_vectors(arguments.folder, count), count)
    np.save(folder / "vectors.npy", np.asarray(vectors[:count], np.float16))
    asked = json.loads((arguments.folder / "questions.json").read_text("utf-8"))
    drawn = np.random.default_rng(SEED).permutation(len(asked))[: arguments.questions + WARM]
    (folder / "questions.json").write_text(json.dumps([asked[row] for row in drawn]), "utf-8")


def make_distinct(texts: list[str]) -> list[str]:
    """The texts, one that came before with its number after it: a text is looked up by itself."""
    seen: set[str] = set()
    distinct = []
    for row, text in enumerate(texts):
        distinct.append(f"{text} {row}" if text in seen else text)
        seen.add(text)
    return distinct


def run_way(name: str, python: Path, task: Path, limit: float) -> dict[str, Any] | str:
    """What a library did in a process of its own, or why it is left out."""
    script = Path(__file__).with_name("peers_large_way.py")
    with tempfile.TemporaryDirectory() as work:
        try:
            done = subprocess.run(
                [str(python), str(script), name, str(task), work, str(WARM)],
                capture_output=True,
                text=True,
                timeout=limit,
                env={**os.environ, "PYTHONPATH": str(script.parent.parent)},
            )
        except subprocess.TimeoutExpired:
            return f"not done in {limit:.0f} s"
    lines = done.stdout.strip().splitlines()
    if done.returncode == 0 and lines:
        return dict(json.loads(lines[-1]))
    said = done.stderr.strip().splitlines() or ["it said nothing"]
    return said[-1][:300]


def summarize(found: dict[str, Any]) -> dict[str, Any]:
    """The figures of the table, without every question's own."""
    wall, processor = found["milliseconds"], found["processor_ms"]
    kept = {key: found[key] for key in found if key not in ("milliseconds", "processor_ms")}
    return kept | {
        "asked": len(wall),
        "question_p50": round(find_percentile(wall, 50), 1),
        "question_p95": round(find_percentile(wall, 95), 1),
        "question_processor_p50": round(find_percentile(processor, 50), 1),
    }


def write_results(
    passages: int, systems: dict[str, dict[str, Any]], missing: dict[str, str]
) -> None:
    """Puts what was run into the results, each in place of its earlier run on as many passages."""
    file = RESULTS / "peers_large.json"
    known = json.loads(file.read_text("utf-8")) if file.exists() else []
    runs = {run["passages"]: run for run in known}
    run = runs.setdefault(passages, {"passages": passages, "systems": {}, "missing": {}})
    for name in NAMES:
        if name in systems or name in missing:
            for part in ("systems", "missing"):
                run[part].pop(name, None)
    run["systems"] |= systems
    run["missing"] |= missing
    ordered = [runs[count] for count in sorted(runs)]
    file.write_text(json.dumps(ordered, indent=1) + "\n", "utf-8")
    (RESULTS / "peers_large.md").write_text(render(ordered), "utf-8")


def render(runs: list[dict[str, Any]]) -> str:
    """A table for each number of passages."""
    lines = [
        "# Beside other libraries, with many passages",
        "",
        "Passages of web news whose vectors were made before and given to all. Made by "
        "`python -m benchmarks.peers_large`, which says how.",
    ]
    for run in runs:
        systems = {name: run["systems"][name] for name in NAMES if name in run["systems"]}
        lines += [
            "",
            f"## {run['passages']:,} passages",
            "",
            "| library | " + " | ".join(title for _, title in COLUMNS) + " |",
            "|---|" + "---:|" * len(COLUMNS),
        ]
        for name, figures in systems.items():
            cells = [str(figures[key]) for key, _ in COLUMNS]
            lines.append(f"| {name} {figures['version']} | {' | '.join(cells)} |")
        lines.append("")
        for name, figures in systems.items():
            load = figures["when"]["machine"]["load"][0]
            lines.append(f"- **{name}**: {figures['how']}; load average {load} at its end.")
        lines += [f"- **{name}** was left out: {why}." for name, why in run["missing"].items()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
