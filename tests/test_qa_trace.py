"""Why an answer is this one: its trace, the story told of it, its replay, and what was lost."""

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from index import Article, Filters, Library
from index.errors import TraceError
from index.settings import Settings
from qa.answering.expecting import find_stage, locate_expected
from qa.answering.tracing import parse_trace
from qa.assistant import Assistant
from qa.chat.texts import speaking
from qa.chat.why import render_steps
from qa.followups import remember_turn
from qa.output.records import write_json
from qa.output.render import answer_to_dict
from qa.output.story import tell_story, word_story
from qa.reader.evidence import Evidence, Findings

TEXTS = {
    "opening": "The canal between the lakes was opened by Ada Holm in 1932. It rained all day.",
    "repair": "The canal between the lakes was repaired by Per Lund in 1967. It took a year.",
    "ferry": "The ferry across the bay carries forty cars. Its captain is Nils Berg.",
}
SEEDS = Path(__file__).parent.parent / "seeds"
WHEN = "When did Russia recognize South Ossetia?"


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    settings = Settings(library=tmp_path / "library", encoder="test", system="hybrid")
    with Library.open(settings.library, settings=settings, create=True) as library:
        library.add(Article(name, name.title(), text, name) for name, text in TEXTS.items())
        yield Assistant(library)


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("reading") / "library"
    with Library.open(folder, settings=Settings(library=folder), create=True) as library:
        library.add_paths([SEEDS])
        yield Assistant(library)


@pytest.mark.model
@pytest.mark.parametrize(
    "question", [WHEN, "Who is the president of Georgia?", "How many people died in Beslan?"]
)
def test_the_passage_shown_first_is_the_one_that_the_answer_stands_in(
    reading: Assistant, question: str
) -> None:
    answer = reading.ask(question, min_confidence=0)
    first = answer.citations[0]
    assert answer.hits[0].passage == first.passage
    assert [hit.rank for hit in answer.hits] == list(range(1, len(answer.hits) + 1))
    assert answer.trace
    assert answer.trace.passages[0].start == first.passage.start
    assert reading.replay(answer.trace).hits == answer.hits


def test_what_leads_is_ranked_first_with_its_evidence(assistant: Assistant) -> None:
    hits = assistant.library.search("Who opened the canal between the lakes?", 3)
    evidence = Evidence(hits[2], 0, 10, 1.0)
    led = Findings((evidence,), tuple(hits), 0.5, 0.1).led_by(hits[2])
    assert [hit.article.id for hit in led.hits] == [hits[row].article.id for row in (2, 0, 1)]
    assert [hit.rank for hit in led.hits] == [1, 2, 3]
    assert led.evidence[0].hit is led.hits[0]


def save(answer: Any) -> Any:
    return json.loads(write_json(answer_to_dict(answer, whole=True)))


def test_a_trace_says_what_every_stage_gave(assistant: Assistant) -> None:
    trace = assistant.ask("Who opened the canal between the lakes?").trace
    assert trace is not None
    assert trace.asked.searched == "Who opened the canal between the lakes?"
    assert [item.rank for item in trace.passages] == list(range(1, len(trace.passages) + 1))
    assert {"dense", "bm25"} <= set(trace.passages[0].signals)
    best = trace.candidates[0]
    assert sum(best.why.values()) == pytest.approx(best.score)
    assert best.cited == 1
    assert set(trace.articles) <= set(TEXTS)


@pytest.mark.model
@pytest.mark.parametrize(
    "question", [WHEN, "Who is the Russian foreign minister?", "How tall is the Eiffel Tower?"]
)
def test_a_saved_trace_replayed_gives_the_same_answer(reading: Assistant, question: str) -> None:
    answer = reading.ask(question)
    again = reading.replay(parse_trace(save(answer)))
    assert replace(again, timings=answer.timings) == answer


def test_a_follow_up_and_filters_replay_too(assistant: Assistant) -> None:
    first = assistant.ask("Who opened the canal between the lakes?")
    answer = assistant.ask(
        "And who else?", after=[remember_turn(first)], filters=Filters(sources=("repair",))
    )
    assert answer.followup is not None
    again = assistant.replay(parse_trace(save(answer)))
    assert replace(again, timings=answer.timings) == answer
    assert again.trace is not None
    assert again.trace.asked.filters.sources == ("repair",)


def test_an_answer_of_the_cache_has_its_trace(assistant: Assistant) -> None:
    one, two = (assistant.ask("Who repaired the canal?") for _ in range(2))
    assert "recall" in two.timings
    assert two.trace == one.trace


def add_digest(saved: Any, article: str, digest: str) -> Any:
    return saved["trace"] | {"articles": saved["trace"]["articles"] | {article: digest}}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda saved: {"question": "Who?"}, "There is no trace"),
        (lambda saved: [saved], "There is no trace"),
        (lambda saved: saved["trace"] | {"version": 99}, "version 99"),
        (lambda saved: saved["trace"] | {"passages": 3}, "damaged: passages is 3, but must be"),
        (lambda saved: saved["trace"] | {"alone": "1"}, "alone is '1', but must be a valid number"),
        (lambda saved: saved["trace"] | {"alone": float("nan")}, "must be a finite number"),
        (lambda saved: saved["trace"] | {"alone": 10**400}, "must be a finite number"),
        (lambda saved: saved["trace"] | {"asked": {}}, "asked.typed is missing"),
        (
            lambda saved: saved["trace"] | {"candidates": [{}]},
            "article is missing",
        ),
        (lambda saved: saved["trace"] | {"reader": "\ud800"}, "is not valid JSON"),
        (lambda saved: add_digest(saved, "gone", ""), "not in this library"),
        (lambda saved: add_digest(saved, "ferry", "00"), "another text now"),
    ],
)
def test_a_trace_that_cannot_be_replayed_is_refused_in_one_sentence(
    assistant: Assistant, change: Callable[[Any], Any], told: str
) -> None:
    saved = save(assistant.ask("Who opened the canal?"))
    with pytest.raises(TraceError, match=told) as refused:
        assistant.replay(parse_trace(change(saved)))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "change",
    [
        {"rank": 99},
        {"article": "ferry.txt"},
        {"start": -5},
        {"end": 10**6},
        {"span": {"start": 0, "end": 3, "text": "The", "score": 1.0}, "start": 4},
        {"span": {"start": 0, "end": 3, "text": "Was", "score": 1.0}},
    ],
)
def test_a_candidate_at_a_place_that_is_not_there_is_refused(
    assistant: Assistant, change: dict[str, int]
) -> None:
    saved = save(assistant.ask("Who opened the canal?"))["trace"]
    saved["candidates"][0] |= change
    with pytest.raises(TraceError, match="damaged: candidates"):
        assistant.replay(parse_trace(saved))


def test_the_story_tells_the_best_the_runner_up_and_the_threshold(assistant: Assistant) -> None:
    answer = assistant.ask("Who opened the canal between the lakes?")
    story = " ".join(word_story(tell_story(answer)))
    assert "The best candidate was “The canal between the lakes was opened by Ada Holm" in story
    assert "The runner-up was “" in story
    assert "the answer was given" in story
    withheld = assistant.ask("Who opened the canal between the lakes?", min_confidence=1)
    assert "Withheld, because" in word_story(tell_story(withheld))[-1]


@pytest.mark.model
def test_the_story_tells_what_was_read_and_how_a_date_was_joined(reading: Assistant) -> None:
    answer = reading.ask(WHEN)
    story = word_story(tell_story(answer))
    assert any(line.startswith("The reader read ") for line in story)
    assert any("was worked out" in line and "August 26" in line for line in story)


def test_the_page_tells_the_same_story_in_its_own_language(assistant: Assistant) -> None:
    answer = assistant.ask("Who opened the canal between the lakes?")
    shown = render_steps(answer)
    for line in word_story(tell_story(answer)):
        assert line.replace("'", "&#x27;") in shown
    few = assistant.ask("Who opened the canal between the lakes?", passages=1)
    assert len(few.hits) == 1
    assert "Searched, found 3 passages" in render_steps(few)
    with speaking("ru"):
        assert "Лучший вариант" in render_steps(answer)


@pytest.mark.parametrize(
    ("expected", "options", "stage"),
    [
        ("opened by ada\nholm", {}, "answer"),
        ("Per Lund", {"min_confidence": 1}, "withheld"),
        ("Nobody said this", {}, "absent"),
        ("Nils Berg", {"filters": Filters(articles=("opening",))}, "filtered"),
    ],
)
def test_the_stage_at_which_something_was_lost_is_told(
    assistant: Assistant, expected: str, options: dict[str, Any], stage: str
) -> None:
    answer = assistant.ask("Who opened the canal between the lakes?", **options)
    assert find_stage(answer, expected, assistant.library).key == stage
    assert expected in locate_expected(answer, expected, assistant.library)


def test_what_ranks_too_low_or_is_left_out_of_passages_is_told_too(tmp_path: Path) -> None:
    settings = Settings(
        library=tmp_path / "library", encoder="test", system="bm25", passages=1, read_passages=1
    )
    menu = "Home | News | Sport | Weather | Log in\n\nSubscribe to our newsletter\n\n"
    with Library.open(settings.library, settings=settings, create=True) as library:
        library.add(Article(name, name.title(), text) for name, text in TEXTS.items())
        library.add([Article("page", "Page", f"{menu}The quay was closed. Boats waited outside.")])
        answer = Assistant(library).ask("Which canal lies between the lakes? Who opened it?")
        assert find_stage(answer, "Per Lund", library).key == "ranked_low"
        assert find_stage(answer, "Boats waited", library).key == "not_found"
        assert find_stage(answer, "Subscribe to our newsletter", library).key == "left_out"


@pytest.mark.model
def test_what_an_earlier_turn_answered_is_told_as_left_out(reading: Assistant) -> None:
    first = reading.ask("Who recognized South Ossetia?")
    other = reading.ask("And who else?", after=[remember_turn(first)])
    assert other.trace is not None
    assert {item.dropped_by for item in other.trace.candidates} >= {"answered before"}
    assert "it was answered before" in " ".join(word_story(tell_story(other)))
    again = reading.replay(parse_trace(save(other)))
    assert replace(again, timings=other.timings) == other


def test_the_command_explains_replays_and_says_where_a_text_was_lost(
    dateline: Callable[..., Any], articles: Path, tmp_path: Path
) -> None:
    dateline("add", articles)
    question = "How many cables did engineers replace?"
    told = dateline("ask", question, "--explain", "--expect", "nine minutes")
    assert "Why this answer:" in told.out
    assert "What was expected:" in told.out
    asked = dateline("ask", question, "--json", "--expect", "nine minutes").json
    assert "nine minutes" in asked["expected"]
    file = tmp_path / "answer.json"
    file.write_text(json.dumps(asked))
    again = dateline("replay", file, "--json").json
    for either in (asked, again):
        del either["timings_ms"]
    del asked["expected"]
    assert again == asked
    file.write_text(json.dumps(asked["trace"] | {"version": 0}))
    refused = dateline("replay", file)
    assert refused.code == 1
    assert "version 0" in refused.err
    file.write_text("no JSON")
    assert "is no JSON" in dateline("replay", file).err
    for cut in (json.dumps(asked)[:-40], "[" * 100_000, f'{{"version": 1{"0" * 5000}}}'):
        file.write_text(cut)
        refused = dateline("replay", file)
        assert (refused.code, "is no JSON" in refused.err) == (1, True)
    assert "cannot be read" in dateline("replay", tmp_path / "none.json").err


@pytest.fixture
def quiet_loggers() -> Iterator[None]:
    roots = [logging.getLogger(name) for name in ("index", "qa")]
    before = [(list(root.handlers), root.level) for root in roots]
    yield
    for root, (handlers, level) in zip(roots, before, strict=True):
        root.handlers = handlers
        root.setLevel(level)


@pytest.mark.usefixtures("quiet_loggers")
def test_logging_is_silent_until_asked_for_and_tells_texts_at_debug_only(
    dateline: Callable[..., Any], articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dateline("add", articles)
    ask = ("ask", "How many cables did engineers replace?")
    assert dateline(*ask).err == ""
    informed = dateline("--log-level", "info", *ask).err
    assert "INFO qa: answered with" in informed
    assert "cables" not in informed
    monkeypatch.setenv("DATELINE_LOG", "debug")
    assert "cables" in dateline(*ask).err
    monkeypatch.setenv("DATELINE_LOG", "loud")
    refused = dateline(*ask)
    assert refused.code == 1
    assert "choose debug, info, warning or error" in refused.err
    assert "'loud'" in dateline("eval", "none.jsonl").err
    assert dateline("--log-level", "info", *ask).code == 0
