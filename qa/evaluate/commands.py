"""The commands ``dateline eval`` and ``dateline compare``."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.extensions import describe_systems
from qa.output.records import print_json

if TYPE_CHECKING:
    from qa.evaluate.compare import Comparison
    from qa.evaluate.dates import RuleScores
    from qa.evaluate.gate import Verdict
    from qa.evaluate.runner import EvaluationOptions
    from qa.evaluate.runs import Run

FAILED, STOPPED = 1, 130

JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
ReportOption = Annotated[
    Path | None,
    typer.Option(help="Write a report: .html (one file, no network), .md or .json."),
]
JunitOption = Annotated[Path | None, typer.Option(help="Write JUnit XML for a build server.")]
MarkdownOption = Annotated[Path | None, typer.Option(help="Write a summary in Markdown.")]


def eval_command(
    data: Annotated[
        Path,
        typer.Argument(
            metavar="DATA",
            help="A BEIR folder, a folder of TREC topics and qrels, SQuAD .json, a .jsonl file "
            "of questions (or of dates and answer groups), or a library, for its own cases.",
        ),
    ],
    articles: Annotated[
        Path | None, typer.Option(help="What the questions of a .jsonl file are asked of.")
    ] = None,
    library: Annotated[
        Path | None, typer.Option("--library", "-l", help="The same, as a library that is there.")
    ] = None,
    mode: Annotated[
        str, typer.Option(help="SQuAD: read (the paragraph is given) or open (it must be found).")
    ] = "open",
    split: Annotated[str | None, typer.Option(help="The qrels of a BEIR folder.")] = None,
    system: Annotated[
        list[str] | None,
        typer.Option(
            help=f"{describe_systems()}, each with @ENCODER if you like; or the file of another "
            "system's TREC run or SQuAD predictions. May be repeated."
        ),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Ask this many questions.")] = None,
    seed: Annotated[
        int | None, typer.Option(help="Choose them at random with this seed; else the first.")
    ] = None,
    min_confidence: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="Withhold answers less sure than this; 0 for none."),
    ] = None,
    ranking_only: Annotated[
        bool, typer.Option(help="Search and read nothing: much faster, ranks alone.")
    ] = False,
    reviewed_only: Annotated[
        bool, typer.Option(help="Leave out cases that nobody has reviewed yet.")
    ] = False,
    resume: Annotated[bool, typer.Option(help="Go on with a run that was stopped.")] = False,
    as_json: JsonOption = False,
    save: Annotated[
        Path | None, typer.Option(metavar="RUN", help="Keep the run: a folder or a .json file.")
    ] = None,
    run_out: Annotated[
        Path | None, typer.Option(help="Write the ranked articles as a TREC run.")
    ] = None,
    predictions_out: Annotated[
        Path | None, typer.Option(help="Write the answers as SQuAD predictions.")
    ] = None,
    report: ReportOption = None,
    baseline: Annotated[
        Path | None, typer.Option(metavar="RUN", help="A run to compare with.")
    ] = None,
    fail_if: Annotated[
        list[str] | None,
        typer.Option(
            metavar="EXPR",
            help='Exit with 1 if this holds: "dangling > 0", or with a sign against the '
            'baseline: "nDCG@10 < -0.02". May be repeated.',
        ),
    ] = None,
    junit: JunitOption = None,
    markdown: MarkdownOption = None,
) -> None:
    """Measure retrieval, answers, citations and abstention on a data set."""
    from index.settings import Settings
    from qa.evaluate.compare import compare_runs
    from qa.evaluate.dates import score_rules
    from qa.evaluate.gate import judge_run
    from qa.evaluate.report.page import write_report
    from qa.evaluate.report.summary import write_junit
    from qa.evaluate.runner import EvaluationOptions
    from qa.evaluate.runs import load_run, runs_to_dict, save_runs

    if mode not in ("open", "read"):
        raise typer.BadParameter(f"--mode is {mode!r}; choose open or read.")
    if scores := score_rules(data):
        refuse_for_rules(
            data,
            articles=articles, library=library, split=split, system=system, limit=limit, save=save,
            run_out=run_out, predictions_out=predictions_out, report=report, baseline=baseline,
            fail_if=fail_if, junit=junit, markdown=markdown,
        )  # fmt: skip
        draw_rules(data, scores, as_json=as_json)
        return
    gates = check_gates(fail_if or [], baseline)
    check_suffixes(report)
    before = load_run(baseline) if baseline else None
    options = EvaluationOptions(
        data=data,
        articles=articles,
        library=library,
        mode="read" if mode == "read" else "open",
        split=split,
        systems=tuple(system or ()),
        limit=limit,
        seed=seed,
        resume=resume,
        min_confidence=min_confidence,
        ranking_only=ranking_only,
        reviewed_only=reviewed_only,
        settings=Settings.load(),
    )
    runs = evaluate_watched(options)
    # First of all, so that no condition or baseline that cannot be used costs the run.
    if save:
        save_runs(runs, save)
    export_runs(runs, run_out, predictions_out)
    compared = [before, *runs] if before else runs
    comparison = compare_runs(compared) if len(compared) > 1 else None
    verdicts = [verdict for run in runs for verdict in judge_run(run, gates, before)]
    for path in (report, markdown):
        if path:
            write_report(path, compared, comparison, verdicts)
    if junit:
        write_junit(junit, verdicts, comparison)
    if as_json:
        record = runs_to_dict(runs)
        if verdicts:
            record["gate"] = [describe_verdict(verdict) for verdict in verdicts]
        print_json(record)
    else:
        draw_runs(runs, comparison, verdicts)
    unasked = [
        (run.name, result.case.id, result.answer["text"])
        for run in runs
        if not run.about.get("imported")
        for result in run.results
        if result.status == "error"
    ]
    for name, case, reason in unasked:
        typer.echo(f"dateline: {name}: question {case!r} was not asked: {reason}", err=True)
    if unasked or any(verdict.failed for verdict in verdicts):
        raise typer.Exit(FAILED)


def compare_command(
    runs: Annotated[
        list[Path],
        typer.Argument(metavar="RUN RUN…", help="Saved runs of the same data; first the baseline."),
    ],
    metric: Annotated[
        list[str] | None, typer.Option(help="A metric to compare; may be repeated.")
    ] = None,
    seed: Annotated[int, typer.Option(help="The seed of the tests.")] = 0,
    as_json: JsonOption = False,
    report: ReportOption = None,
    junit: JunitOption = None,
    markdown: MarkdownOption = None,
) -> None:
    """Compare runs question by question: what changed, whether it is chance, what is to blame."""
    from qa.evaluate.compare import compare_runs
    from qa.evaluate.report.page import write_report
    from qa.evaluate.report.summary import comparison_to_dict, write_junit
    from qa.evaluate.runs import load_runs

    check_suffixes(report)
    comparison = compare_runs(load_runs(runs), metric, seed)
    for path in (report, markdown):
        if path:
            write_report(path, comparison.runs, comparison, [])
    if junit:
        write_junit(junit, [], comparison)
    if as_json:
        print_json(comparison_to_dict(comparison))
    else:
        draw_runs(comparison.runs, comparison, [])


def check_gates(expressions: Sequence[str], baseline: Path | None) -> list[str]:
    """The expressions, readable and with a baseline where they need one."""
    from index.errors import DatasetError
    from qa.evaluate.gate import parse_gate

    for expression in expressions:
        try:
            conditions = parse_gate(expression)
        except DatasetError as error:
            raise typer.BadParameter(str(error)) from error
        if baseline is None and any(condition.sign for condition in conditions):
            raise typer.BadParameter(
                f"--fail-if {expression!r} is about a difference; give --baseline RUN."
            )
    return list(expressions)


def refuse_for_rules(data: Path, **options: object) -> None:
    """Refuse options of runs for a file that tests rules, of which there is no run."""
    given = [f"--{name.replace('_', '-')}" for name, value in options.items() if value]
    if given:
        raise typer.BadParameter(
            f"{data} tests the date and agreement rules, to which {', '.join(given)} cannot be "
            "applied; leave it out."
        )


def check_suffixes(report: Path | None) -> None:
    """Refuse a report of a kind that there is not, before the work."""
    if report and report.suffix not in (".html", ".md", ".json"):
        raise typer.BadParameter(f"--report {report} must end in .html, .md or .json.")


def evaluate_watched(options: "EvaluationOptions") -> "list[Run]":
    """The runs, with a progress bar; after Ctrl-C, how to go on."""
    from qa.evaluate.runner import run_evaluation
    from qa.evaluate.watching import TerminalWatcher

    with TerminalWatcher() as watcher:
        try:
            return run_evaluation(options, watcher)
        except KeyboardInterrupt:
            where = f"{watcher.done:,} of {watcher.total:,} ({watcher.stage or 'nothing begun'})"
            typer.echo(
                f"dateline: stopped after {where}; what is done is kept, the same command with "
                "--resume goes on from there.",
                err=True,
            )
            raise typer.Exit(STOPPED) from None


def export_runs(runs: "Sequence[Run]", run_out: Path | None, predictions_out: Path | None) -> None:
    """Write TREC runs and SQuAD predictions; of several systems, all but the first get a suffix."""
    from qa.evaluate.runs import export_predictions, export_run

    exports: list[tuple[Path | None, Callable[[Run, Path], object]]] = [
        (run_out, export_run),
        (predictions_out, export_predictions),
    ]
    for path, export in exports:
        for place, run in enumerate(runs):
            if path:
                name = run.name.replace("/", "_")
                export(run, path.with_suffix(f".{name}{path.suffix}") if place else path)


def describe_verdict(verdict: "Verdict") -> dict[str, object]:
    """The verdict as JSON."""
    return {
        "run": verdict.run,
        "fail_if": verdict.expression,
        "failed": verdict.failed,
        "reason": verdict.reason,
    }


def draw_rules(data: Path, scores: "RuleScores", *, as_json: bool) -> None:
    """Print how the date and agreement rules do on a file, and every record they got wrong."""
    if as_json:
        print_json({"data": str(data), **asdict(scores)})
        return
    for name, value in scores.metrics.items():
        typer.echo(f"{name}: {value:.4f}" if isinstance(value, float) else f"{name}: {value}")
    for line in scores.wrong:
        typer.echo(f"wrong: {line}")


def draw_runs(
    runs: "Sequence[Run]", comparison: "Comparison | None", verdicts: "Sequence[Verdict]"
) -> None:
    """Print the figures, the differences and the verdicts."""
    from qa.evaluate.report.drawing import (
        draw_comparison,
        draw_metrics,
        draw_summary,
        draw_verdicts,
    )
    from qa.output.terminal import make_console

    console = make_console()
    draw_summary(console, runs)
    draw_metrics(console, runs)
    if comparison:
        draw_comparison(console, comparison)
    draw_verdicts(console, verdicts)
