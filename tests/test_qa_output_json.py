"""The JSON that programs rely on stays what it is, byte for byte."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import SEEDS
from evaluation import make_case, make_small_run

from index import Article, ArticleSummary, Hit, Passage, PublicationDate
from qa.dates import TimelineEntry
from qa.evaluate.observe import observe_answer, observe_failure
from qa.evaluate.runs import load_run, runs_to_dict, save_run
from qa.output.export import write_conversation
from qa.output.records import print_json
from qa.output.render import answer_to_dict, search_to_dict, timeline_to_dict
from qa.serving.mcp import results
from qa.serving.replies import ErrorReply, Reply
from qa.types import Answer, AnswerDate, AnswerGroup, Carried, Citation, FollowUp, Span

KEPT = Path(__file__).parent / "data" / "json"
VARYING = re.compile(
    r'("(?:seconds|database_bytes|cache_bytes|peak_memory_mb|created_at|added_at|finding)": )'
    r'("[^"]*"|[\d.]+)'
)
TEXT = "Bridge reopens\n\nThe bridge reopened on Friday, 3 May. It cost 42 million.\n"
ENTRY = TimelineEntry(
    "--05-03", "month-day", "b.txt", 7, 16, 53, TEXT[16:53], "3 May", "no year", ("a.txt",)
)
SUMMARY = ArticleSummary("b.txt", "Copy", "", None, "en", 84, 1, "2026-01-02T03:04:05+00:00")


def make_answer() -> Answer:
    """An answer of which nothing is left out."""
    published = PublicationDate("2019-05", "month", "byline", "byline “May 2019”")
    article = Article("a/bridge.txt", "Bridge reopens", TEXT, "NTB", published, "en")
    other = Article("b.txt", "Copié", TEXT)
    sentence = TEXT[16:53]
    passage = Passage(7, article.id, 16, 77, TEXT[16:77])
    span = Span(16 + 23, 16 + 36, sentence[23:36], 3.25)
    return Answer(
        question="And when did it reopen?",
        status="answered",
        text="3 May 2019",
        confidence=0.123456,
        date=AnswerDate("2019-05-03", "day", "the year from a/bridge.txt"),
        citations=(
            Citation(1, article, passage, sentence, 16, 53, span),
            Citation(2, other, passage, sentence, 16, 53),
        ),
        groups=(AnswerGroup("3 May 2019", (1, 2), 1, (0,), True), AnswerGroup("42", (2,), 1)),
        hits=(
            Hit(passage, article, 1 / 3, 1, {"dense": 2 / 3, "bm25": 12.0}),
            Hit(passage, other, 0.25, 2),
        ),
        timings={"encode": 1.5, "total": 3.25},
        notes=("Read as a question for a date.",),
        followup=FollowUp(
            "And when did it reopen?",
            "When did the bridge reopen?",
            (Carried("the bridge", "question", "it"), Carried("Oslo", "source")),
            ("Friday",),
            (sentence,),
        ),
    )


@pytest.fixture
def written(
    dateline: Callable[..., Any],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> dict[str, str]:
    """What each command and reply writes, without what is another at every run."""
    monkeypatch.setenv("DATELINE_SYSTEM", "hybrid")
    texts: dict[str, str] = {}
    for command in (
        ("add", SEEDS),
        ("add", SEEDS, tmp_path / "none"),
        ("show", "003_c478da7ede625d0a.txt", "--passages"),
        ("show", "004_ac8b6d61d6b7d856.txt"),
        ("list",),
        ("info",),
        ("verify",),
        ("rebuild",),
        ("doctor",),
        ("remove", "003_c478da7ede625d0a.txt"),
    ):
        name = "-".join(re.sub(r"\W", "", Path(word).name) for word in command)
        texts[name] = dateline(*command, "--json").out
    answer = make_answer()
    bare = Answer("Who?", "not_found", "Nothing was found.", 0.0)
    for name, value in (
        ("ask", answer_to_dict(answer)),
        ("search", search_to_dict("bridge", answer.hits)),
        ("timeline", timeline_to_dict("bridge", [ENTRY])),
        ("ask-not-found", answer_to_dict(bare)),
        ("mcp-ask", results.show_answer(answer)),
        ("mcp-list", results.list_page([SUMMARY, SUMMARY], 0, 1)),
        ("mcp-read", results.show_part(answer.hits[0].article, 10, 40)),
    ):
        print_json(value)
        texts[name] = capsys.readouterr().out
    texts["api-ask"] = bytes(Reply(answer_to_dict(answer)).body).decode()
    texts["api-error"] = bytes(ErrorReply(404, "There is no such “article”.").body).decode()
    turns: list[Any] = [{"asked": "2026-01-02T03:04:05", "answer": answer_to_dict(answer)}]
    texts["export"] = write_conversation({"title": "Bridge", "turns": turns}, ".json")
    case = make_case("q1", "When did the bridge reopen?")
    observed = observe_answer(case, answer, {"a/bridge.txt": TEXT}.get, 1)
    run = make_small_run("hybrid", [observed, observe_failure(make_case("q2", "?"), "No.")])
    print_json(runs_to_dict([run]))
    texts["eval"] = capsys.readouterr().out
    save_run(run, tmp_path / "run")
    for path in (tmp_path / "run").iterdir():
        texts[f"eval-{path.name}"] = path.read_text("utf-8")
    assert load_run(tmp_path / "run") == run
    return {
        name: VARYING.sub(r'\1"varies"', text).replace(str(tmp_path), "").replace(str(SEEDS), "")
        for name, text in texts.items()
    }


def test_every_object_is_written_as_before(written: dict[str, str]) -> None:
    assert sorted(written) == sorted(path.name for path in KEPT.iterdir())
    for name, text in written.items():
        assert text == (KEPT / name).read_text("utf-8"), name
