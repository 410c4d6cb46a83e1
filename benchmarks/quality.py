"""Measure Dateline's quality and write ``benchmarks/results/quality.json`` and ``quality.md``.

    python benchmarks/quality.py [--only NAME …] [--data DIR] [--resume]

The data are not part of the project: they are looked for in ``--data``, ``$DATELINE_DATA`` or
``../shared/data``. Rankings are measured of each retriever, of their fusion and of what is read;
answers, citations and abstention of what ``dateline ask`` uses. Sets that are not there are left
out and named; figures of sets that are not run this time are kept.
"""

import argparse
import json
import os
import platform
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from index.settings import Settings
from qa.evaluate.provenance import describe_machine, find_revision, list_versions
from qa.evaluate.report.summary import bound_metric, format_value
from qa.evaluate.runner import EvaluationOptions, run_evaluation
from qa.evaluate.runs import Run
from qa.evaluate.watching import TerminalWatcher

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
SYSTEMS = ("dense", "bm25", "hybrid")
READING = "hybrid+reader"
RANKERS = (*SYSTEMS, READING)
RANKED = ("nDCG@10", "Success@1", "Success@5", "R@100", "total_p50")
ANSWERED = (
    "questions",
    "right",
    "exact",
    "f1",
    "HasAns_f1",
    "NoAns_f1",
    "best_f1",
    "first_citation",
    "evidence@3",
    "citation_precision",
    "citation_recall",
    "withheld_unanswerable",
    "wrongly_withheld",
    "auroc",
    "auroc_answerable",
    "aurc",
    "ece",
    "date_exact",
    "offsets_exact",
    "dangling",
    "total_p50",
    "total_p95",
)


@dataclass(frozen=True)
class Measurement:
    """One line of the tables: data, and which questions of them."""

    name: str
    path: str
    kind: str
    options: EvaluationOptions = EvaluationOptions(Path())  # noqa: RUF009 - frozen


READ = EvaluationOptions(Path(), mode="read", limit=500, seed=1)
PART = EvaluationOptions(Path(), limit=300, seed=1)
MEASUREMENTS = (
    Measurement("newsqa", "newsqa/beir_passages", "ranking"),
    Measurement(
        "squad-1500", "squad/beir_dev_v1.1", "ranking", EvaluationOptions(Path(), limit=1500)
    ),
    Measurement("scifact", "scifact", "ranking"),
    Measurement("cranfield", "cranfield", "ranking"),
    Measurement("multihop_rag_facts", "multihop_rag_facts", "ranking"),
    Measurement("dl19", "dl19", "ranking"),
    Measurement("clapnq", "clapnq/beir", "ranking"),
    Measurement("noveleval", "noveleval", "ranking"),
    Measurement("seeds", "../seeds_questions.dev.jsonl", "answers"),
    Measurement("newsqa-open", "newsqa/dev.squad.json", "answers", PART),
    Measurement("squad-v2-open", "squad/dev-v2.0.json", "answers", PART),
    Measurement("squad-v2-read", "squad/dev-v2.0.json", "answers", READ),
    Measurement("newsqa-read", "newsqa/dev.squad.json", "answers", READ),
    Measurement("clapnq-abstain", "clapnq/beir", "answers", PART),
    Measurement("multihop-abstain", "multihop_rag_facts", "answers", PART),
)


def main() -> int:
    """Run what was asked for and write the tables; 1 when a set was not there."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=find_data())
    parser.add_argument("--only", nargs="*", choices=[item.name for item in MEASUREMENTS])
    parser.add_argument("--resume", action="store_true", help="go on with what was stopped")
    arguments = parser.parse_args()
    chosen = [item for item in MEASUREMENTS if not arguments.only or item.name in arguments.only]
    missing = [item.path for item in chosen if not (arguments.data / item.path).exists()]
    for item in chosen:
        if item.path not in missing:
            record = measure(item, arguments.data, arguments.resume)
            write_results(item.name, record)
            print(f"{item.name}: done")
    if missing:
        print(f"not in {arguments.data}: {', '.join(missing)}", file=sys.stderr)
    return 1 if missing else 0


def find_data() -> Path:
    """The folder of the data sets, whether or not it is there."""
    named = os.environ.get("DATELINE_DATA")
    return Path(named) if named else ROOT.parent / "shared" / "data"


def measure(item: Measurement, data: Path, resume: bool) -> dict[str, Any]:
    """The figures of each system on one line's questions."""
    ranking = item.kind == "ranking"
    options = replace(
        item.options,
        data=data / item.path,
        articles=ROOT / "seeds" if item.path.endswith(".jsonl") else None,
        systems=SYSTEMS if ranking else (),
        ranking_only=ranking,
        resume=resume,
        settings=Settings(),
    )
    with TerminalWatcher() as watcher:
        runs = run_evaluation(options, watcher)
        if ranking:
            read = replace(options, systems=(READING,), ranking_only=False)
            runs = [*runs, *run_evaluation(read, watcher)]
    return {
        "kind": item.kind,
        "questions": len(runs[0].results),
        "limit": options.limit,
        "seed": options.seed,
        "mode": options.mode,
        "systems": {
            run.name: collect_figures(run, RANKED if ranking else ANSWERED) for run in runs
        },
        "notes": [note.replace(f"{data}/", "") for note in runs[0].notes],
        "git": find_revision(),
        "versions": list_versions(),
        "machine": describe_machine(),
        "python": platform.python_version(),
    }


def collect_figures(run: Run, names: tuple[str, ...]) -> dict[str, Any]:
    """The figures of a run that the tables show, with intervals where there are any."""
    figures: dict[str, Any] = {}
    for name in names:
        value = run.metrics.get(name, run.speed.get(name))
        if value is not None:
            bounds = bound_metric(run, name)
            interval = {"low": bounds[0], "high": bounds[1]} if bounds else {}
            figures[name] = {"value": value, **interval}
    return figures


def write_results(name: str, record: dict[str, Any]) -> None:
    """Put one line's figures among the others and write both files."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    path = RESULTS / "quality.json"
    known = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    known[name] = record
    order = [item.name for item in MEASUREMENTS]
    known = {key: known[key] for key in sorted(known, key=order.index) if key in order}
    path.write_text(json.dumps(known, indent=1) + "\n", "utf-8")
    (RESULTS / "quality.md").write_text(render_tables(known), "utf-8")


def render_tables(known: dict[str, Any]) -> str:
    """Both tables in Markdown."""
    lines = [
        "# Quality",
        "",
        "Made by `python benchmarks/quality.py`; definitions in `docs/evaluation.md`.",
        "",
        "## Ranking",
        "",
        "| set | questions | metric | " + " | ".join(RANKERS) + " |",
        "|---|---:|---|" + "---:|" * len(RANKERS),
    ]
    for name, record in known.items():
        if record["kind"] == "ranking":
            for metric in RANKED:
                cells = [show(record["systems"].get(system, {}), metric) for system in RANKERS]
                lines.append(
                    f"| {name} | {record['questions']:,} | {metric} | {' | '.join(cells)} |"
                )
    answered = {name: record for name, record in known.items() if record["kind"] == "answers"}
    if answered:
        figures = {
            name: next(iter(record["systems"].values())) for name, record in answered.items()
        }
        lines += [
            "",
            "## Answers, citations, abstention",
            "",
            "What `dateline ask` gives: "
            + ", ".join(f"{name} with {next(iter(r['systems']))}" for name, r in answered.items())
            + ".",
            "",
            "| metric | " + " | ".join(answered) + " |",
            "|---|" + "---:|" * len(answered),
        ]
        for metric in ANSWERED:
            cells = [show(figures[name], metric) for name in answered]
            lines.append(f"| {metric} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def show(figures: dict[str, Any], name: str) -> str:
    """One cell: the figure and half the width of its interval."""
    figure = figures.get(name)
    if figure is None:
        return "–"
    text = format_value(name, figure["value"])
    if "low" not in figure:
        return text
    return f"{text} ±{format_value(name, (figure['high'] - figure['low']) / 2)}"


if __name__ == "__main__":
    sys.exit(main())
