"""Data set + systems → runs, through the path that answers every user: `Assistant.ask`."""

import hashlib
import json
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index import Article, ArticleNotFoundError, Library
from index.encoding.encoders import Encoder, load_encoder
from index.errors import DatasetError, QuestionError
from index.settings import Settings
from index.storage.private import make_private_folder
from qa.evaluate.data.cases import check_spans
from qa.evaluate.data.datasets import read_dataset
from qa.evaluate.data.problems import Problems
from qa.evaluate.data.records import Case, Dataset, Mode, Result
from qa.evaluate.data.squad import read_predictions
from qa.evaluate.data.trec import DEPTH, read_run
from qa.evaluate.libraries import find_cache, fit_settings, name_library, open_library
from qa.evaluate.observe import (
    FindText,
    observe_answer,
    observe_failure,
    observe_prediction,
    observe_ranking,
)
from qa.evaluate.progress import Watcher
from qa.evaluate.provenance import (
    describe_machine,
    find_revision,
    list_settings,
    list_versions,
)
from qa.evaluate.runs import RESULTS, Run, make_run, read_results
from qa.evaluate.systems import System, parse_systems
from qa.followups import PastTurn, remember_turn, resolve_question
from qa.output.records import write_json
from qa.types import Answer

if TYPE_CHECKING:
    from qa.assistant import Assistant

Observe = Callable[[Case], Result]

LISTED = 20
"""How many questions that another system's file lacks a note names."""


@dataclass(frozen=True, slots=True)
class EvaluationOptions:
    """What to evaluate: the options of ``dateline eval`` that say what is run.

    ``limit`` takes the first questions, with ``seed`` a random choice of as many, in file order.
    ``min_confidence`` 0 withholds nothing, to see what any threshold would have given.
    ``ranking_only`` searches and reads nothing, which is much faster where ranks are all one wants.
    ``reviewed_only`` leaves out the questions that are marked as not reviewed yet.
    """

    data: Path
    articles: Path | None = None
    library: Path | None = None
    mode: Mode = "open"
    split: str | None = None
    systems: tuple[str, ...] = ()
    limit: int | None = None
    seed: int | None = None
    resume: bool = False
    min_confidence: float | None = None
    ranking_only: bool = False
    reviewed_only: bool = False
    settings: Settings = field(default_factory=Settings)


def run_evaluation(options: EvaluationOptions, watcher: Watcher | None = None) -> list[Run]:
    """A run of each system on the questions, in order.

    Every answer is kept as it comes, in the cache folder: after Ctrl-C, the same options with
    ``resume`` go on from there.

    Raises:
        DatasetError: the data or the options cannot be used.
        DatelineError: a library or encoder cannot be used.
    """
    watcher = watcher or Watcher()
    if options.ranking_only and options.mode == "read":
        raise DatasetError(
            "--ranking-only ranks, but --mode read has nothing to rank; leave one out."
        )
    systems = parse_systems(options.systems, options.settings)
    settings = {system.name: system.apply(options.settings) for system in systems}
    dataset = read_dataset(
        options.data,
        split=options.split,
        mode=options.mode,
        articles=options.articles,
        library=options.library,
        default_library=options.settings.library,
        reviewed_only=options.reviewed_only,
    )
    cases = choose_cases(dataset, options.limit, options.seed)
    encoders: dict[str, Encoder] = {}
    runs = []
    for system in systems:
        if system.file is not None:
            runs.append(import_run(dataset, cases, system, options))
            continue
        chosen = fit_settings(dataset.corpus, settings[system.name])
        if chosen.encoder not in encoders:
            encoders[chosen.encoder] = load_encoder(chosen)
        encoder = encoders[chosen.encoder]
        reading = dataset.mode == "read"
        corpus = replace(dataset.corpus, articles=None) if reading else dataset.corpus
        with open_library(corpus, chosen, encoder, watcher.index) as (library, notes):
            find_text = make_finder(library, dataset if reading else None)
            check_gold(dataset, find_text)
            about = {
                **describe(dataset, system, options, chosen, len(cases)),
                "encoder": encoder.fingerprint.describe(),
                "library": describe_library(library, dataset, chosen, encoder),
            }
            observe = make_observer(library, dataset, chosen, options, find_text)
            runs.append(
                evaluate_cases(
                    cases,
                    observe,
                    name=system.name,
                    about=about,
                    work=find_cache() / "runs",
                    resume=options.resume,
                    watcher=watcher,
                    notes=(*dataset.notes, *notes),
                )
            )
    return runs


def choose_cases(dataset: Dataset, limit: int | None, seed: int | None) -> list[Case]:
    """The first ``limit`` cases, or with a seed as many at random; always in the file's order."""
    cases = list(dataset.cases)
    if limit is None or limit >= len(cases):
        return cases
    if seed is None:
        return cases[:limit]
    places = sorted(random.Random(seed).sample(range(len(cases)), limit))
    return [cases[place] for place in places]


def make_finder(library: Library, given: Dataset | None = None) -> FindText:
    """What gives the text of an article by id, ``None`` when there is none.

    It is the text that the library stores, or for ``given`` paragraphs that of the data set.
    """
    texts: dict[str, str | None] = {}
    if given is not None:
        texts.update((name, article.text) for name, article in list_articles(given).items())

    def find_text(name: str) -> str | None:
        if name not in texts:
            try:
                texts[name] = library.article(name).text
            except ArticleNotFoundError:
                texts[name] = None
        return texts[name]

    return find_text


def check_gold(dataset: Dataset, find_text: FindText) -> None:
    """Go on when every article that the gold names is in the library, with the gold's words.

    Raises:
        DatasetError: every place where it is not.
    """
    if dataset.kind == "questions":
        check_spans(dataset, find_text)
    problems = Problems()
    for name, (path, line) in dataset.named.items():
        if find_text(name) is None:
            problems.add(path, line, f"document {name!r} is not in the library.")
    problems.raise_any()


def make_observer(
    library: Library,
    dataset: Dataset,
    settings: Settings,
    options: EvaluationOptions,
    find_text: FindText,
) -> Observe:
    """What puts one case to the product: to the library, or to the paragraph of `read` mode."""
    from qa.assistant import Assistant

    assistant = Assistant(library, settings=settings)
    articles = list_articles(dataset) if dataset.mode == "read" else {}
    threshold, shown = options.min_confidence, settings.passages
    replayed: dict[tuple[str, ...], PastTurn] = {}

    def rank(case: Case) -> Result:
        started = time.perf_counter()
        turns = replay_turns(assistant, case.after, threshold, replayed)
        followup = resolve_question(case.question, turns) if turns else None
        query = followup.query if followup else case.question
        hits = library.search(query, DEPTH, system=settings.retrieval)
        timings = {"total": round((time.perf_counter() - started) * 1000, 3)}
        answer = Answer(case.question, "not_found", "", 0.0, hits=tuple(hits), timings=timings)
        return observe_answer(case, answer, find_text, shown, only="ranking")

    def ask(case: Case) -> Result:
        turns = replay_turns(assistant, case.after, threshold, replayed)
        answer = assistant.ask(case.question, passages=DEPTH, min_confidence=threshold, after=turns)
        return observe_answer(case, answer, find_text, shown)

    def read(case: Case) -> Result:
        given = articles[case.article]
        answer = assistant.read(case.question, given, min_confidence=threshold)
        return observe_answer(case, answer, find_text, shown, only="reading")

    if dataset.mode == "read":
        return read
    return rank if options.ranking_only else ask


def replay_turns(
    assistant: "Assistant",
    questions: tuple[str, ...],
    threshold: float | None,
    known: dict[tuple[str, ...], PastTurn],
) -> list[PastTurn]:
    """The turns of a conversation, asked in order; ``known`` keeps those of earlier cases."""
    turns: list[PastTurn] = []
    for count, question in enumerate(questions, start=1):
        key = questions[:count]
        if key not in known:
            answer = assistant.ask(question, min_confidence=threshold, after=turns)
            known[key] = remember_turn(answer)
        turns.append(known[key])
    return turns


def list_articles(dataset: Dataset) -> dict[str, Article]:
    """The articles of a data set that brings them, by id."""
    read = dataset.corpus.articles
    return {item.id: item for item in read() if isinstance(item, Article)} if read else {}


def describe(
    dataset: Dataset, system: System, options: EvaluationOptions, settings: Settings, count: int
) -> dict[str, Any]:
    """What repeats a run, the encoder and library aside."""
    return {
        "system": system.name,
        "dataset": {
            "name": dataset.name,
            "path": str(dataset.path),
            "kind": dataset.kind,
            "digest": dataset.digest,
            "split": dataset.split,
            "mode": dataset.mode,
            "limit": options.limit,
            "seed": options.seed,
            "questions": count,
        },
        "settings": list_settings(settings),
        "min_confidence": options.min_confidence,
        "ranking_only": options.ranking_only,
        "versions": list_versions(),
        "machine": describe_machine(),
        "git": find_revision(),
        "started": datetime.now(UTC).isoformat(timespec="milliseconds"),
    }


def describe_library(
    library: Library, dataset: Dataset, settings: Settings, encoder: Encoder
) -> dict[str, Any]:
    """What stands for the library: its key, and how much it holds."""
    info = library.info()
    return {
        "fingerprint": name_library(dataset.corpus, settings, encoder),
        "articles": info.articles,
        "passages": info.passages,
    }


def name_work(about: Mapping[str, Any]) -> str:
    """The key of a run's working folder: equal exactly when the same thing would be run."""
    same = {name: value for name, value in about.items() if name not in ("started", "machine")}
    return hashlib.sha256(json.dumps(same, sort_keys=True).encode()).hexdigest()[:24]


def evaluate_cases(
    cases: Sequence[Case],
    observe: Observe,
    *,
    name: str,
    about: Mapping[str, Any],
    work: Path,
    resume: bool = False,
    watcher: Watcher | None = None,
    notes: Sequence[str] = (),
) -> Run:
    """The run of one system: every case asked in order, each result kept as it comes.

    Raises:
        DatasetError: there is no case, or the working folder cannot be written.
    """
    watcher = watcher or Watcher()
    path = work / name_work(about) / RESULTS
    try:
        make_private_folder(path.parent.parent)
        path.parent.mkdir(exist_ok=True)
        done = read_results(path, torn=True) if resume and path.is_file() else []
        known = {result.case.id: result for result in done}
        left = [case for case in cases if case.id not in known]
        watcher.begin(name, len(cases), len(cases) - len(left))
        started = time.perf_counter()
        with path.open("a" if done else "w", encoding="utf-8") as stream:
            for result in observe_all(left, observe):
                stream.write(write_json(result, allow_nan=False) + "\n")
                stream.flush()
                known[result.case.id] = result
                watcher.advance()
    except OSError as error:
        raise DatasetError(f"The results {path} cannot be kept: {error.strerror}.") from error
    seconds = time.perf_counter() - started
    if done:
        seconds += sum(item.answer["timings_ms"].get("total", 0) for item in done) / 1000
    results = [known[case.id] for case in cases]
    return make_run(name, about, results, seconds, [*notes, *find_common_notes(results)])


def find_common_notes(results: Sequence[Result]) -> list[str]:
    """The notes that every answer has, such as that there is no reader to read with."""
    noted = [result.answer.get("notes", ()) for result in results]
    return [note for note in noted[0] if all(note in others for others in noted)] if noted else []


def observe_all(cases: Sequence[Case], observe: Observe) -> Iterator[Result]:
    """The result of each case; one that cannot be asked is a result too."""
    for case in cases:
        try:
            yield observe(case)
        except QuestionError as error:
            yield observe_failure(case, str(error))


def import_run(
    dataset: Dataset, cases: Sequence[Case], system: System, options: EvaluationOptions
) -> Run:
    """The run of another system from its TREC run file or its SQuAD predictions.

    Raises:
        DatasetError: every problem of the file.
    """
    path = system.file
    assert path is not None  # noqa: S101 - the caller's condition
    problems = Problems()
    ids = frozenset(case.id for case in dataset.cases)
    if path.suffix == ".json":
        predictions, chances = read_predictions(path, ids, problems)
        problems.raise_any()
        given = [case for case in cases if case.id in predictions]
        results = [
            observe_prediction(case, predictions[case.id], chances.get(case.id, 0.0))
            for case in given
        ]
    else:
        rankings = read_run(path, ids, dataset.corpus.ids, problems)
        problems.raise_any()
        given = [case for case in cases if case.id in rankings]
        results = [observe_ranking(case, rankings[case.id]) for case in given]
    here = {case.id for case in given}
    only = "answer" if path.suffix == ".json" else "ranking"
    results += [
        observe_failure(case, f"{path.name} has nothing for this question.", only)
        for case in cases
        if case.id not in here
    ]
    order = {case.id: place for place, case in enumerate(cases)}
    results.sort(key=lambda result: order[result.case.id])
    about = describe(dataset, system, options, options.settings, len(cases))
    about = {**about, "imported": str(path), "settings": {}}
    notes = list(dataset.notes)
    missing = [case.id for case in cases if case.id not in here]
    if missing:
        named = ", ".join(missing[:LISTED]) + (", …" if len(missing) > LISTED else "")
        notes.append(
            f"{path.name} has nothing for {len(missing):,} questions ({named}); they score 0."
        )
    return make_run(system.name, about, results if given else [], 0.0, notes)
