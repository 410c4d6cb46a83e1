"""Runs → a report: one HTML file that asks nothing of the network, or Markdown, or JSON."""

import re
from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

from index.errors import DatasetError
from qa.evaluate.compare import Comparison, label_runs
from qa.evaluate.data.records import Result
from qa.evaluate.gate import Verdict
from qa.evaluate.report.plots import Axis, Line, draw_bars, draw_histogram, draw_lines
from qa.evaluate.report.summary import (
    ORDER,
    list_differences,
    list_figures,
    list_leading_rows,
    list_metrics,
    report_to_dict,
    word_blame,
    write_markdown,
)
from qa.evaluate.runs import Run
from qa.evaluate.scoring.abstention import bin_confidence, trace_risk
from qa.evaluate.scoring.blame import Change, blame_stage
from qa.evaluate.scoring.metrics import list_outcomes
from qa.output.records import write_json
from qa.output.shapes import PassageJson

PASSAGES = 5
KINDS = 12
SLOT = re.compile(r"<!--(\w+)-->|/\*(\w+)\*/")


def write_report(
    path: Path, runs: Sequence[Run], comparison: Comparison | None, verdicts: Sequence[Verdict]
) -> None:
    """Write the report; the suffix (``.html``, ``.md``, ``.json``) says which kind.

    Raises:
        DatasetError: the file cannot be written.
    """
    if path.suffix == ".html":
        text = render_report(runs, comparison, verdicts)
    elif path.suffix == ".json":
        record = report_to_dict(runs, comparison, verdicts)
        text = write_json(record, indent=1) + "\n"
    else:
        text = write_markdown(runs, comparison, verdicts)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "replace"))
    except OSError as error:
        raise DatasetError(f"The report {path} cannot be written: {error.strerror}.") from error


def render_report(
    runs: Sequence[Run], comparison: Comparison | None, verdicts: Sequence[Verdict]
) -> str:
    """The report as one HTML page."""
    labels = label_runs(runs)
    name = str(runs[0].dataset.get("name"))
    slots = {
        "title": escape(f"{name}: {', '.join(labels)}"),
        "style": read_part("report.css"),
        "script": read_part("report.js"),
        "lead": escape(describe_data(runs[0])),
        "gate": render_gate(verdicts),
        "metrics": render_metrics(runs, labels),
        "differences": render_differences(comparison) if comparison else "",
        "plots": render_plots(runs, labels),
        "notes": render_notes(runs, labels),
        "data": embed_json(collect_questions(runs, labels, comparison)),
    }
    return SLOT.sub(lambda slot: slots[slot.group(1) or slot.group(2)], read_part("report.html"))


def read_part(name: str) -> str:
    """A file of the report that lies beside this module."""
    return files("qa.evaluate.report").joinpath(name).read_text("utf-8")


def embed_json(value: object) -> str:
    """JSON that can stand inside a script element: nothing in it can end the element."""
    text = write_json(value, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def describe_data(run: Run) -> str:
    """One line on what was asked, and when."""
    data = run.dataset
    parts = [
        f"{len(run.results):,} questions of {data.get('path')}",
        f"split {data['split']}" if data.get("split") else "",
        f"{data.get('mode')} mode" if data.get("kind") == "squad" else "",
        f"seed {data['seed']}" if data.get("seed") is not None else "",
        str(run.about.get("started", "")),
    ]
    return " · ".join(part for part in parts if part)


def render_table(heads: Sequence[str], rows: Iterable[Sequence[str]], caption: str) -> str:
    """A table of plain text cells, the first of each row its heading."""
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in heads)
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    return (
        f'<div class="wide"><table><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def render_gate(verdicts: Sequence[Verdict]) -> str:
    """What became of each condition; nothing when there was none."""
    if not verdicts:
        return ""
    rows = [
        ("failed" if item.failed else "passed", item.run, item.expression, item.reason)
        for item in verdicts
    ]
    return render_table(("Gate", "Run", "Fails if", "Found"), rows, "Conditions")


def render_metrics(runs: Sequence[Run], labels: Sequence[str]) -> str:
    """The headline with its intervals, and below it, folded, every other figure."""
    names = list_metrics(runs)
    headline = [name for name in names if name in ORDER]
    rest = [name for name in names if name not in ORDER]
    rest += dict.fromkeys(name for run in runs for name in run.speed)
    heads = ("Metric", *labels)
    caption = "Figures with 95 % bootstrap intervals over questions"
    return (
        render_leading(runs, labels)
        + render_table(heads, [list_figures(runs, name) for name in headline], caption)
        + "<details><summary>All figures, and speed</summary>"
        + render_table(heads, [list_figures(runs, name) for name in rest], caption)
        + "</details>"
    )


def render_leading(runs: Sequence[Run], labels: Sequence[str]) -> str:
    """The few figures that matter most for this kind of data, in words."""
    rows = [[words.capitalize(), *cells] for words, *cells in list_leading_rows(runs)]
    return render_table(("Figure", *labels), rows, "What matters most")


def render_differences(comparison: Comparison) -> str:
    """What is different from the baseline, where questions went, and what is missing."""
    heads = ("Run", "Metric", "Difference", "95 %", "p (Holm)", "Can show", "Win/tie/loss")
    rows, blame = list_differences(comparison), word_blame(comparison)
    missing = [(label, ", ".join(names)) for label, names in comparison.missing.items() if names]
    parts = [
        f"<h2>Against {escape(comparison.labels[0])}</h2>",
        render_table(heads, rows, "Paired randomisation tests, corrected by Holm"),
        render_table(("Run", "Questions"), blame, "Where questions went right or wrong"),
    ]
    if missing:
        parts.append(render_table(("Run", "Lacks, and scores 0 on"), missing, "Missing questions"))
    return "".join(parts)


def render_plots(runs: Sequence[Run], labels: Sequence[str]) -> str:
    """The plots that the runs have figures for."""
    plots = [plot_kinds(runs, labels)]
    answered = [
        (label, list_outcomes(run.results, run.scores), len(run.results))
        for label, run in zip(labels, runs, strict=True)
        if any(result.status == "answered" for result in run.results)
    ]
    if answered:
        curves = [Line(label, trace_risk(found, total)) for label, found, total in answered]
        plots.append(
            draw_lines("Risk by coverage", curves, Axis("answered share"), Axis("wrong share"))
        )
        dots = [
            Line(label, [(item.confidence, item.accuracy) for item in bin_confidence(found)], True)
            for label, found, _ in answered
        ]
        plots.append(
            draw_lines("Reliability", dots, Axis("confidence"), Axis("right"), diagonal=True)
        )
    for label, found, _ in answered:
        series = {
            "right": [confidence for confidence, right in found if right],
            "wrong": [confidence for confidence, right in found if not right],
        }
        plots.append(draw_histogram(f"Confidence of answers: {label}", series, Axis("confidence")))
    return "".join([*plots, plot_latency(runs, labels)])


def plot_kinds(runs: Sequence[Run], labels: Sequence[str]) -> str:
    """The main metric by kind of question, the most frequent kinds first."""
    metric = next(
        name for name in ("right", "nDCG@10", "f1") if any(name in run.metrics for run in runs)
    )
    members: dict[str, set[str]] = {}
    for run in runs:
        for result in run.results:
            members.setdefault(result.case.kind, set()).add(result.case.id)
    kinds = sorted(members, key=lambda kind: (-len(members[kind]), kind))[:KINDS]
    series: dict[str, Sequence[float | None]] = {}
    for label, run in zip(labels, runs, strict=True):
        values: list[float | None] = []
        for kind in kinds:
            found = [
                run.scores[name][metric]
                for name in members[kind]
                if metric in run.scores.get(name, {})
            ]
            values.append(sum(found) / len(found) if found else None)
        series[label] = values
    groups = [f"{kind} ({len(members[kind]):,})" for kind in kinds]
    return draw_bars(f"{metric} by kind of question", groups, series)


def plot_latency(runs: Sequence[Run], labels: Sequence[str]) -> str:
    """The share of questions that were answered within a time."""
    lines = []
    for label, run in zip(labels, runs, strict=True):
        times = sorted(
            result.answer["timings_ms"]["total"]
            for result in run.results
            if "total" in result.answer["timings_ms"]
        )
        if times:
            points = [(time, (place + 1) / len(times)) for place, time in enumerate(times)]
            lines.append(Line(label, points))
    if not lines:
        return ""
    ends = [max(line.points[place][0], 0.01) for line in lines for place in (0, -1)]
    low, high = min(ends) / 1.5, max(ends) * 1.5
    across = Axis("milliseconds", low, high, log=True)
    return draw_lines("Questions done within a time", lines, across, Axis("share"))


def render_notes(runs: Sequence[Run], labels: Sequence[str]) -> str:
    """What was decided on the way, and what repeats each run."""
    notes = dict.fromkeys(note for run in runs for note in run.notes)
    parts = ["<ul>", *(f"<li>{escape(note)}</li>" for note in notes), "</ul>"] if notes else []
    for label, run in zip(labels, runs, strict=True):
        about = write_json(run.about, indent=1)
        parts.append(
            f"<details><summary>How to repeat {escape(label)}</summary>"
            f"<pre>{escape(about)}</pre></details>"
        )
    return "".join(parts)


def collect_questions(
    runs: Sequence[Run], labels: Sequence[str], comparison: Comparison | None
) -> dict[str, Any]:
    """Every question of every run for the page's table; each passage's text is there once."""
    changes = {
        (label, change.id): describe_change(change)
        for label, changed in (comparison.changes if comparison else {}).items()
        for change in changed
    }
    texts: dict[tuple[str, int, int], int] = {}
    passages: list[list[Any]] = []

    def number(passage: PassageJson) -> int:
        place = (passage["article"], passage["start"], passage["end"])
        if place not in texts:
            texts[place] = len(passages)
            passages.append([*place, passage["text"], passage["title"]])
        return texts[place]

    gold: dict[str, Any] = {}
    for run in runs:
        for result in run.results:
            gold.setdefault(result.case.id, describe_gold(result))
    return {
        "runs": [
            {
                "name": label,
                "rows": [
                    {
                        "id": result.case.id,
                        "status": result.status,
                        "text": result.answer["text"],
                        "confidence": result.confidence,
                        "date": result.answer["date"],
                        "stage": blame_stage(result),
                        "rank": result.evidence_rank,
                        "change": changes.get((label, result.case.id), ""),
                        "scores": run.scores[result.case.id],
                        "citations": [
                            [c["article"], c["start"], c["end"], c["quote"], c["answer"]]
                            for c in result.answer["citations"]
                        ],
                        "passages": [
                            [number(passage), passage["score"]]
                            for passage in result.answer["passages"][:PASSAGES]
                        ],
                    }
                    for result in run.results
                ],
            }
            for label, run in zip(labels, runs, strict=True)
        ],
        "gold": gold,
        "passages": passages,
    }


def describe_change(change: Change) -> str:
    """What is different from the baseline, in words; empty when nothing is."""
    words = [
        (change.rank_moved, f"evidence rank {change.baseline_rank or '–'} → {change.rank or '–'}"),
        (change.answer_changed, f"answered before: {change.baseline_answer or 'nothing'}"),
        (change.citation_changed, "other citations"),
        (
            change.baseline_stage != change.stage,
            f"{change.baseline_stage} → {change.stage}",
        ),
    ]
    return "; ".join(text for holds, text in words if holds)


def describe_gold(result: Result) -> dict[str, Any]:
    """What is known about the right answer of a question, for the page."""
    case = result.case
    return {
        "question": case.question,
        "kind": case.kind,
        "answerable": case.answerable,
        "answers": list(case.answers),
        "date": case.date,
        "relevant": [name for name, grade in case.relevant.items() if grade > 0],
        "spans": [
            [span.article, span.start, span.end, span.evidence_start, span.evidence_end]
            for span in case.spans
        ],
    }
