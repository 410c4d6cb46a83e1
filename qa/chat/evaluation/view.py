"""The Evaluate tab as HTML; every text of a case, an article or a file name in it is escaped."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from index import Library
from index.extensions import find_reader, suggest_systems
from qa.chat.evaluation.caselist import quote_answer
from qa.chat.evaluation.jobs import JobState
from qa.chat.evaluation.saved import SavedRun
from qa.chat.passages import Place, describe_place
from qa.chat.texts import Say
from qa.evaluate.compare import PERCENT
from qa.evaluate.data.casefile import KeptCase
from qa.evaluate.report.summary import Figure, format_value
from qa.output.safe_text import escape_text

CASES_SHOWN = 200
LIMIT = 100
"""How many questions the form asks for unless told otherwise."""


def render_evaluate(say: Say, library: str, system: str, *, may_name_paths: bool) -> str:
    """The whole tab, its lists left empty for the page to fill."""
    path = (
        f'<label class="dl-choice"><input type="radio" name="kind" value="path"> '
        f"{say('evaluate.data_path')}</label>"
        f'<input type="text" name="path" aria-label="{say("evaluate.path_label")}" '
        f'placeholder="{say("evaluate.path_hint")}" autocomplete="off" spellcheck="false">'
        if may_name_paths
        else ""
    )
    systems = "".join(
        f'<label class="dl-choice"><input type="checkbox" name="system" value="{name}"'
        f"{' checked' if name == system else ''}> {describe_system(say, name)}</label>"
        for name in sorted({system, *suggest_systems()}, key=lambda name: (name != system, name))
    )
    return (
        '<section class="dl-evaluate" aria-labelledby="dl-evaluate-title">'
        f'<h2 id="dl-evaluate-title">{say("evaluate.title")}</h2>'
        f'<p class="dl-lead">{say("evaluate.lead")}</p>'
        '<form class="dl-form" data-evaluate>'
        f"<fieldset><legend>{say('evaluate.data')}</legend>"
        f'<label class="dl-choice"><input type="radio" name="kind" value="cases" checked> '
        f"{say('evaluate.data_cases', library=escape_text(library))}</label>"
        f'<label class="dl-choice dl-under"><input type="checkbox" name="reviewed"> '
        f"{say('evaluate.reviewed_only')}</label>"
        f'<label class="dl-choice"><input type="radio" name="kind" value="upload"> '
        f"{say('evaluate.data_upload')}</label>"
        '<span class="dl-upload"><label class="dl-file"><input type="file" name="file" '
        f'accept=".jsonl,.json" aria-label="{say("evaluate.upload_label")}">'
        f'<span>{say("evaluate.choose_file")}</span></label><output name="chosen"></output></span>'
        f"{path}</fieldset>"
        f"<fieldset><legend>{say('evaluate.systems')}</legend>{systems}</fieldset>"
        f"<fieldset><legend>{say('evaluate.how_many')}</legend>"
        f'<label>{say("evaluate.limit")} <input type="number" name="limit" min="1" value="{LIMIT}">'
        f"</label><label>{say('evaluate.seed')} "
        f'<input type="number" name="seed" min="0" placeholder="{say("evaluate.seed_none")}">'
        "</label>"
        f'<label class="dl-choice"><input type="checkbox" name="ranking"> '
        f"{say('evaluate.ranking_only')}</label></fieldset>"
        f'<p class="dl-form-end"><button type="submit" class="dl-primary">{say("evaluate.start")}'
        '</button><span class="dl-form-error" role="alert"></span></p></form>'
        '<div class="dl-job" hidden></div>'
        f'<h3 id="dl-runs-title">{say("evaluate.runs")}</h3><div class="dl-runs"></div>'
        f'<h3 id="dl-cases-title">{say("evaluate.cases")}</h3><div class="dl-cases"></div>'
        "</section>"
    )


def describe_system(say: Say, name: str) -> str:
    """What a system is, in the page's words, else in those of its reader's row."""
    key, row = f"evaluate.system_{name}", find_reader(name)
    return escape_text(f"{name}: {row.help}") if row and say.find(key) == key else say(key)


def describe_job(say: Say, state: JobState) -> str:
    """How the evaluation stands, in one sentence of plain text."""
    if state.state == "done":
        return say("evaluate.done")
    if state.state == "stopped":
        where = state.standing
        return say("evaluate.stopped", done=where.done, count=where.total)
    if state.state == "failed":
        return state.reason or say("page.fault")
    if state.state == "stopping":
        return say("evaluate.stopping")
    where = state.standing
    if where.work == "preparing":
        return say("evaluate.preparing")
    if where.work == "indexing":
        return say("evaluate.indexing", done=where.done)
    said = say("evaluate.asking", done=where.done, count=where.total, system=where.system)
    if where.systems > 1:
        said += " " + say("evaluate.system_of", place=where.place, systems=where.systems)
    if where.seconds_left is not None:
        minutes, seconds = divmod(round(where.seconds_left), 60)
        left = "minutes_left" if minutes else "seconds_left"
        said += " " + say(f"evaluate.{left}", count=minutes or seconds)
    return said


def render_runs(say: Say, runs: Sequence[SavedRun]) -> str:
    """The saved runs with date, data and leading figures; what can be done with them."""
    if not runs:
        return f'<p class="dl-aside">{say("evaluate.no_runs")}</p>'
    rows = "".join(render_run(say, run) for run in runs)
    return (
        f'<ul class="dl-run-list">{rows}</ul><p class="dl-actions">'
        f'<button type="button" class="dl-open" data-compare disabled>{say("evaluate.compare")}'
        f'</button><span class="dl-aside">{say("evaluate.compare_hint")}</span></p>'
    )


def render_run(say: Say, run: SavedRun) -> str:
    """One saved run."""
    name, dataset = escape_text(run.name), escape_text(run.dataset)
    when = f'<time datetime="{escape_text(run.started)}">{escape_text(run.started[:16])}</time>'
    count = say("evaluate.questions", count=run.questions)
    systems = "".join(
        f"<div><dt>{escape_text(system)}</dt><dd>"
        + "".join(f"<span>{describe_figure(say, figure)}</span>" for figure in figures)
        + "</dd></div>"
        for system, figures in zip(run.systems, run.figures, strict=True)
    )
    label = say("evaluate.run_label", data=dataset, date=escape_text(run.started[:16]))
    return (
        f'<li data-digest="{escape_text(run.digest)}"><label class="dl-choice">'
        f'<input type="checkbox" data-run="{name}" aria-label="{say("evaluate.choose")} {label}">'
        f'<strong dir="auto">{dataset}</strong></label>'
        f'<p class="dl-facts"><span>{when}</span><span>{count}</span></p>'
        f'<dl class="dl-figures">{systems}</dl><div class="dl-actions">'
        f'<button type="button" class="dl-open" data-report="{name}" '
        f'aria-label="{say("evaluate.report")}: {label}">{say("evaluate.report")}</button>'
        f'<button type="button" class="dl-link" data-delete-run="{name}" '
        f'aria-label="{say("evaluate.delete_run")}: {label}">{say("evaluate.delete_run")}</button>'
        "</div></li>"
    )


def describe_figure(say: Say, figure: Figure) -> str:
    """One leading figure in words."""
    what = say(f"evaluate.metric_{figure.name}")
    if figure.hits is not None:
        share = say("evaluate.of", hits=figure.hits, count=figure.total)
        return f"{what}: {share} ({100 * figure.value:.0f} %)"
    if figure.name in PERCENT or figure.name.startswith("NoAns_"):
        return f"{what}: {figure.value:.1f} %"
    return f"{what}: {format_value(figure.name, figure.value)}"


def render_cases(say: Say, library: Library, cases: Sequence[KeptCase], path: Path) -> str:
    """The library's cases, the newest first, those to be looked over before the others."""
    if not cases:
        return f'<p class="dl-aside">{say("evaluate.no_cases")}</p>'
    unreviewed = sum(not case.reviewed for case in cases)
    open_cases = sum(case.is_open for case in cases)
    head = (
        f'<p class="dl-count" role="status">{say("evaluate.case_count", count=len(cases))} '
        f"{say('evaluate.unreviewed_count', count=unreviewed) if unreviewed else ''} "
        f"{say('evaluate.open_count', count=open_cases) if open_cases else ''}</p>"
        f'<p class="dl-actions"><button type="button" class="dl-open" data-run-cases>'
        f"{say('evaluate.run_these')}</button></p>"
    )
    newest = list(reversed(cases))
    order = sorted(newest, key=lambda case: case.reviewed)
    rows = "".join(render_case(say, library, case) for case in order[:CASES_SHOWN])
    more = ""
    if len(order) > CASES_SHOWN:
        shown = say("evaluate.cases_shown", count=CASES_SHOWN)
        more = f'<p class="dl-aside">{shown} {escape_text(str(path))}</p>'
    return f'{head}<ul class="dl-case-list">{rows}</ul>{more}'


def render_case(say: Say, library: Library, case: KeptCase) -> str:
    """One case: its question, what counts as right, and a form to change it."""
    question = escape_text(case.question or say("evaluate.bad_line"))
    state = "open" if case.is_open else "reviewed" if case.reviewed else "unreviewed"
    badge = f'<span class="dl-badge" data-state="{state}">{say(f"evaluate.state_{state}")}</span>'
    parts = [f'<h4 dir="auto">{question}</h4><p class="dl-facts">{badge}</p>']
    if case.problem:
        parts.append(f'<p class="dl-error">{escape_text(case.problem)}</p>')
    parts.append(render_gold(say, library, case))
    if note := case.record.get("note"):
        parts.append(f'<p class="dl-aside" dir="auto">{escape_text(str(note))}</p>')
    if case.id:
        parts.append(render_case_actions(say, case, question))
        parts.append(render_case_form(say, case))
    return f'<li data-case="{escape_text(case.id)}">{"".join(parts)}</li>'


def render_gold(say: Say, library: Library, case: KeptCase) -> str:
    """The passages that answer a case, each opening in its article."""
    answers = case.record.get("answers")
    known = [item for item in (answers if isinstance(answers, list) else ()) if type(item) is dict]
    if case.problem or not known:
        said = "gold_open" if case.is_open else "gold_nothing"
        return "" if case.problem else f'<p class="dl-gold">{say(f"evaluate.{said}")}</p>'
    parts = []
    for answer in known:
        quoted = quote_answer(library, answer)
        article = escape_text(str(answer.get("article")))
        if quoted is None:
            parts.append(f'<p class="dl-error">{say("evaluate.gold_gone", article=article)}</p>')
            continue
        before, words, after = map(escape_text, quoted)
        span = (answer["start"], answer["end"])
        evidence: Any = (
            answer.get("evidence_start", span[0]), answer.get("evidence_end", span[1])
        )  # fmt: skip
        view = describe_place(Place(evidence, evidence, span, 1, answer["article"]))
        parts.append(
            f'<blockquote class="dl-evidence" dir="auto">{before}<strong>{words}</strong>{after}'
            f'</blockquote><p><button type="button" class="dl-link" '
            f'data-open="{view}">{article}</button></p>'
        )
    return "".join(parts)


def render_case_actions(say: Say, case: KeptCase, question: str) -> str:
    """What can be done with a case."""
    review = ""
    if not case.is_open:
        does = "unreview" if case.reviewed else "review"
        review = (
            f'<button type="button" class="dl-open" data-review="{does}" '
            f'aria-label="{say(f"evaluate.{does}")}: {question}">{say(f"evaluate.{does}")}</button>'
        )
    return (
        f'<div class="dl-actions">{review}'
        f'<button type="button" class="dl-open" data-edit aria-expanded="false" '
        f'aria-label="{say("evaluate.edit")}: {question}">{say("evaluate.edit")}</button>'
        f'<button type="button" class="dl-link" data-delete-case '
        f'aria-label="{say("evaluate.delete")}: {question}">{say("evaluate.delete")}</button></div>'
    )


def render_case_form(say: Say, case: KeptCase) -> str:
    """The form that changes a case, closed at first."""
    record = case.record
    accept = record.get("accept")
    listed = "\n".join(map(str, accept)) if isinstance(accept, list) else ""
    answers = record.get("answers")
    words = "".join(
        f"<label>{say('evaluate.words', article=escape_text(str(item.get('article'))))}"
        f'<textarea name="words" rows="2" dir="auto">{escape_text(str(item.get("text", "")))}'
        "</textarea></label>"
        for item in (answers if isinstance(answers, list) else ())
        if isinstance(item, dict)
    )
    nothing = not words and not case.is_open
    return (
        '<form class="dl-form dl-case-form" hidden>'
        f'<label>{say("evaluate.question")}<textarea name="question" rows="2" required dir="auto">'
        f"{escape_text(case.question)}</textarea></label>{words}"
        f'<label class="dl-choice"><input type="checkbox" name="nothing"'
        f"{' checked' if nothing else ''}> {say('evaluate.nothing')}</label>"
        f'<label>{say("evaluate.accept")}<textarea name="accept" rows="2" dir="auto">'
        f"{escape_text(listed)}</textarea></label>"
        f'<label>{say("evaluate.date")}<input name="date" maxlength="10" '
        f'value="{escape_text(str(record.get("date", "")))}"></label>'
        f'<label>{say("evaluate.note")}<textarea name="note" rows="2" dir="auto">'
        f"{escape_text(str(record.get('note', '')))}</textarea></label>"
        f'<p class="dl-form-end"><button type="submit" class="dl-primary">{say("evaluate.save")}'
        f'</button><button type="button" class="dl-link" data-edit-close>'
        f"{say('evaluate.cancel_edit')}</button>"
        '<span class="dl-form-error" role="alert"></span></p></form>'
    )
