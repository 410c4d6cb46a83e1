"""The command ``dateline``: everything the chat does, and more, from a terminal.

Exit codes: 0 done, 1 failed, 2 the command line is wrong, 3 not found or no answer.
"""

import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import typer

from index.errors import ArticleNotFoundError, DatelineError
from index.extensions import find_reader, name_formats
from index.logs import VARIABLE, turn_on_logs
from index.offline import forbid_calling_out
from index.settings import NO_TOKEN
from qa.output.records import print_json
from qa.serving.options import (
    FAILED,
    NOT_FOUND,
    AfterOption,
    BeforeOption,
    EncoderOption,
    JsonOption,
    LanguageOption,
    LibraryOption,
    PassagesOption,
    SourceOption,
    SystemOption,
    load_settings,
    make_filters,
    open_library,
)

app = typer.Typer(
    name="dateline",
    help="Ask your own articles and read the passages that answer, quoted exactly.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main(arguments: list[str] | None = None) -> None:
    """Run the command with ``arguments``, else the process's own.

    An error that was meant for a person becomes one sentence on standard error.
    """
    forbid_calling_out()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        app(arguments)
    except DatelineError as error:
        typer.echo(f"dateline: {error}", err=True)
        missing = isinstance(error, ArticleNotFoundError)
        raise SystemExit(NOT_FOUND if missing else FAILED) from None
    except KeyboardInterrupt:
        typer.echo("dateline: stopped; what was finished is kept.", err=True)
        raise SystemExit(130) from None


@app.callback()
def set_up(
    context: typer.Context,
    level: Annotated[
        str,
        typer.Option(
            "--log-level",
            envvar=VARIABLE,
            metavar="LEVEL",
            help="Write a log to standard error: debug, info, warning or error.",
            show_default=False,
        ),
    ] = "",
) -> None:
    """Ask your own articles and read the passages that answer, quoted exactly."""
    # The page sends whom it failed to the terminal.
    turn_on_logs(level or ("error" if context.invoked_subcommand == "serve" else ""))


@app.command(help=f"Add articles: {name_formats(' ', ' ')}, and folders of them.")
def add(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help="Files or folders.")],
    library: LibraryOption = None,
    manifest: Annotated[
        Path | None,
        typer.Option(help="CSV or JSONL: file_location,title,published,source,language."),
    ] = None,
    encoding: Annotated[
        str,
        typer.Option(
            help="What the files of text are written in (windows-1251, mac-roman); else the "
            "likeliest.",
            show_default=False,
        ),
    ] = "",
    encoder: EncoderOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add articles and folders of them."""
    from qa.output.render import report_to_dict
    from qa.output.terminal import draw_report, make_console, show_progress

    with (
        open_library(load_settings(library, encoder=encoder), create=True) as opened,
        show_progress(quiet=as_json) as progress,
    ):
        report = opened.add_paths(paths, manifest=manifest, encoding=encoding, progress=progress)
    if as_json:
        print_json(report_to_dict(report))
    else:
        draw_report(make_console(), report)
    if report.failed or not (report.added or report.updated or report.unchanged):
        raise typer.Exit(0 if report.duplicates and not report.failed else FAILED)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="A question in plain words.")],
    library: LibraryOption = None,
    passages: PassagesOption = 10,
    system: SystemOption = None,
    min_confidence: Annotated[
        float | None,
        typer.Option(
            min=0, max=1, help="Withhold answers less sure than this.", show_default=False
        ),
    ] = None,
    published_after: AfterOption = "",
    published_before: BeforeOption = "",
    source: SourceOption = None,
    language: LanguageOption = None,
    after: Annotated[
        list[str] | None,
        typer.Option(
            metavar="QUESTION",
            help="The question before this one, which may be understood from it; repeat it for "
            "a longer conversation, the first question first.",
        ),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option(metavar="WORDS", help="Do not carry these words over; may be repeated."),
    ] = None,
    export: Annotated[
        Path | None,
        typer.Option(help="Write the conversation with its quotes to a .md, .html or .json file."),
    ] = None,
    save_case: Annotated[
        Path | None, typer.Option(help="Append the question as an evaluation case to this file.")
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Tell how the answer came about, step by step.")
    ] = False,
    expect: Annotated[
        str,
        typer.Option(
            metavar="TEXT",
            help="Tell at which stage this text, from a passage or an answer, was lost.",
            show_default=False,
        ),
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Answer a question from the library, with citations."""
    filters = make_filters(published_after, published_before, source, language)
    settings = load_settings(library, system=system)
    if export:
        from qa.output.export import check_export, export_answers

        check_export(export)
    answers: list[Any] = []
    with open_library(settings) as opened:
        # Everything that takes a while to import is imported while the models are being loaded.
        opened.prepare()
        if row := find_reader(settings.system):
            from qa.reader.shared import prepare_reader

            prepare_reader(row, settings.threads)
        from qa.assistant import Assistant
        from qa.followups import remember_turn

        assistant = Assistant(opened, settings=settings)
        from qa.output.render import answer_to_dict
        from qa.output.terminal import draw_answer, draw_story, make_console

        for earlier in after or ():
            turns = [remember_turn(item) for item in answers]
            answers.append(assistant.ask(earlier, filters=filters, after=turns))
        answer = assistant.ask(
            question,
            passages=passages,
            filters=filters,
            min_confidence=min_confidence,
            after=[remember_turn(item) for item in answers],
            without=without or (),
        )
        lost = ""
        if expect.strip():
            from qa.answering.expecting import locate_expected

            lost = locate_expected(answer, expect, opened)
    if as_json:
        told = {"expected": lost} if lost else {}
        print_json({**answer_to_dict(answer, whole=True), **told})
    else:
        draw_answer(make_console(), answer)
        if explain or lost:
            draw_story(make_console(), answer, lost)
    if export:
        export_answers(export, [*answers, answer])
    if save_case:
        from qa.evaluate.data.cases import append_case

        append_case(save_case, answer)
    if answer.status == "not_found":
        raise typer.Exit(NOT_FOUND)


@app.command()
def replay(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What dateline ask --json printed.")],
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put an answer together again from its trace, without searching or reading anew."""
    from qa.answering.tracing import read_trace
    from qa.assistant import Assistant
    from qa.output.render import answer_to_dict
    from qa.output.terminal import draw_answer, draw_story, make_console

    trace = read_trace(file)
    with open_library(load_settings(library)) as opened:
        answer = Assistant(opened).replay(trace)
    if as_json:
        print_json(answer_to_dict(answer, whole=True))
    else:
        draw_answer(make_console(), answer)
        draw_story(make_console(), answer)
    if answer.status == "not_found":
        raise typer.Exit(NOT_FOUND)


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="Words to search for.")],
    library: LibraryOption = None,
    passages: PassagesOption = 10,
    system: SystemOption = None,
    published_after: AfterOption = "",
    published_before: BeforeOption = "",
    source: SourceOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the passages that match a query best."""
    filters = make_filters(published_after, published_before, source, language)
    settings = load_settings(library, system=system)
    with open_library(settings) as opened:
        if settings.retrieval != "bm25":
            opened.prepare()
        from qa.output.render import search_to_dict
        from qa.output.terminal import draw_hits, make_console
        from qa.requests import check_question

        hits = opened.search(
            check_question(query), passages, system=settings.retrieval, filters=filters
        )
    if as_json:
        print_json(search_to_dict(query, hits))
    else:
        draw_hits(make_console(), hits)
    if not hits:
        raise typer.Exit(NOT_FOUND)


@app.command()
def timeline(
    question: Annotated[str, typer.Argument(help="What the dated statements shall be about.")],
    library: LibraryOption = None,
    published_after: AfterOption = "",
    published_before: BeforeOption = "",
    source: SourceOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the dated statements about a question, earliest first."""
    from qa.assistant import Assistant
    from qa.output.render import timeline_to_dict
    from qa.output.terminal import draw_timeline, make_console

    filters = make_filters(published_after, published_before, source, language)
    settings = load_settings(library)
    with open_library(settings) as opened:
        entries = Assistant(opened, settings=settings).timeline(question, filters=filters)
    if as_json:
        print_json(timeline_to_dict(question, entries))
    else:
        draw_timeline(make_console(), entries)
    if not entries:
        raise typer.Exit(NOT_FOUND)


@app.command()
def serve(
    library: Annotated[
        list[Path] | None,
        typer.Option(
            "--library",
            "-l",
            help="The library's folder; repeat it to offer several.",
            show_default=False,
        ),
    ] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="0 picks a free one.")] = None,
    browser: Annotated[
        bool, typer.Option("--browser", help="Open the page in the browser.")
    ] = False,
    open_to_all: Annotated[
        bool,
        typer.Option(
            "--open",
            help="Listen on an address that other machines reach: everybody who reaches it may "
            "read and remove everything.",
        ),
    ] = False,
    no_token: Annotated[
        bool,
        typer.Option(
            "--no-token", help="For scripts: let every user and program of this machine in."
        ),
    ] = False,
    mcp: Annotated[bool, typer.Option("--mcp", help="Offer it to agents too, at /mcp.")] = False,
) -> None:
    """Open the chat on this machine, with the API under /api."""
    from qa.serving.server import launch

    named = library or []
    token = NO_TOKEN if no_token else None
    settings = load_settings(named[0] if named else None, host=host, port=port, token=token)
    with open_library(settings, create=True) as opened:
        with suppress(DatelineError):
            opened.start_training()
        launch(
            opened,
            settings,
            open_browser=browser,
            others=named[1:],
            mcp=mcp,
            open_to_all=open_to_all,
        )


@app.command("mcp")
def serve_agent(library: LibraryOption = None, system: SystemOption = None) -> None:
    """Offer the library to an agent, over standard input and output (MCP)."""
    from qa.serving.server import launch_agent

    settings = load_settings(library, system=system)
    with open_library(settings) as opened:
        launch_agent(opened, settings)


def register_others() -> None:
    """Add the commands of other modules; those are light, what they run is not."""
    from qa.evaluate.commands import compare_command, eval_command
    from qa.serving import keeping
    from qa.serving.tuning import tune_command

    app.command("list")(keeping.list_articles)
    app.command()(keeping.show)
    app.command()(keeping.remove)
    app.command()(keeping.verify)
    app.command()(keeping.rebuild)
    app.command()(keeping.info)
    app.command()(keeping.doctor)
    app.command("eval")(eval_command)
    app.command("compare")(compare_command)
    app.command("tune")(tune_command)


register_others()
