"""A reader and a reranker that are added from outside: one class and one row."""

import json
import re
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from index import Library, extensions
from index.errors import ReaderError, SettingsError
from index.extensions import Reader
from index.settings import Settings
from qa import Assistant
from qa.reader.evidence import Evidence, Findings, content_words, covered_share
from qa.reader.protocol import Calibration
from qa.types import Span

ROOT = Path(__file__).parent.parent
QUESTION = "Who presented the proposal for a European security treaty?"


class MostWords:
    """A toy reranker: passages with most words of the question first."""

    def __init__(self, threads):
        self.threads = threads

    def find(self, question, hits, terms):
        words = content_words(question)
        return terms.pick_sentences(
            sorted(hits, key=lambda hit: -covered_share(words, hit.passage.text))
        )


class FirstName:
    """A toy reader: the first capitalised name of the last passage, withheld under .9."""

    calibration = Calibration("names-1", 0.9, "nothing")

    def __init__(self, threads):
        pass

    def find(self, question, hits, terms):
        last = hits[-1]
        found = re.search(r"(?<=[a-z] )[A-Z]\w+", last.passage.text)
        assert found
        start, end = (last.passage.start + at for at in found.span())
        span = Span(start, end, found.group(), 1.0)
        evidence = Evidence(last, start, end, 1.0, span)
        return Findings((evidence,), (last,), 0.8, terms.threshold)


def fail(problem):
    """A reader that raises while it reads."""

    class Failing(MostWords):
        def find(self, question, hits, terms):
            raise problem

    return Failing


def refuse(threads):
    raise FileNotFoundError("no mine.bin")


def give(**changes):
    """A reader whose findings are wrong."""

    class Wrong(MostWords):
        def find(self, question, hits, terms):
            found = {"evidence": (), "hits": tuple(hits), "confidence": 0.5, "threshold": 0.1}
            return Findings(**{**found, **{key: make(hits) for key, make in changes.items()}})

    return Wrong


def add_row(monkeypatch, make, name="mine"):
    row = Reader(name, "puts passages with most words first", make, "a toy of 0 MB")
    monkeypatch.setattr(extensions, "READERS", [*extensions.READERS, row])


@pytest.fixture
def mine(monkeypatch):
    add_row(monkeypatch, MostWords)


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("readers") / "library"
    with Library.open(folder, settings=Settings(encoder="test"), create=True) as opened:
        opened.add_paths([ROOT / "seeds"])
        yield opened


def ask(library, system="hybrid+mine", **options):
    settings = Settings(encoder="test", system=system)
    return Assistant(library, settings=settings).ask(QUESTION, min_confidence=0, **options)


def test_a_reranker_orders_the_passages_and_the_best_sentence_is_picked(mine, library):
    plain, answer = ask(library, "hybrid", passages=99), ask(library, passages=99)
    words = content_words(QUESTION)
    shares = [covered_share(words, hit.passage.text) for hit in answer.hits]
    assert shares == sorted(shares, reverse=True)
    assert [hit.rank for hit in answer.hits] == list(range(1, len(answer.hits) + 1))
    assert {hit.passage for hit in answer.hits} == {hit.passage for hit in plain.hits}
    assert [hit.passage for hit in answer.hits] != [hit.passage for hit in plain.hits]
    assert "European security treaty" in answer.citations[0].quote
    assert (answer.trace.reader, answer.notes) == ("mine", ())


@pytest.mark.parametrize("search", ["dense", "bm25", "hybrid", "rrf", "sum"])
def test_it_reads_after_every_way_to_search(mine, library, search):
    answer = ask(library, f"{search}+mine")
    assert (answer.trace.reader, answer.trace.asked.system) == ("mine", f"{search}+mine")


def test_the_story_and_the_replay_of_an_answer_know_it(mine, library):
    from qa.output.story import tell_story, word_story

    answer = ask(library)
    told = " ".join(word_story(tell_story(answer)))
    assert "The search (hybrid) found" in told
    assert "No reader was used" not in told
    again = Assistant(library).replay(answer.trace)
    assert (again.text, again.citations) == (answer.text, answer.citations)


def test_a_reader_picks_its_words_and_the_library_keeps_its_threshold(monkeypatch, library):
    add_row(monkeypatch, FirstName, "names")
    answer = ask(library, "hybrid+names")
    assert (answer.text, answer.confidence) == (answer.citations[0].span.text, 0.8)
    assert answer.citations[0].article == answer.hits[0].article
    assert len(answer.hits) == 10
    assert library.get_value("names_threshold") == asdict(FirstName.calibration)
    settings = Settings(encoder="test", system="hybrid+names")
    assert Assistant(library, settings=settings).ask(QUESTION).status == "not_found"
    library.set_value("names_threshold", {**asdict(FirstName.calibration), "threshold": 0.7})
    assert Assistant(library, settings=settings).ask(QUESTION).status == "answered"


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (refuse, "'mine' could not be loaded (FileNotFoundError: no mine.bin)"),
        ("nowhere.to_be_found:Mine", "'mine' could not be loaded (ModuleNotFoundError: No module"),
        ("qa.reader.shared:missing", "'mine' could not be loaded (AttributeError"),
        (fail(ZeroDivisionError("by zero")), "'mine' failed on this question (ZeroDivisionError"),
        (
            fail(ReaderError("The tea is cold; brew it again.")),
            "sentence. The tea is cold; brew it",
        ),
        (fail(extensions), "'mine' failed on this question (TypeError"),
        (give(confidence=lambda hits: 7), "its confidence is 7, but must be from 0 to 1"),
        (give(hits=lambda hits: None), "'mine' failed on this question (TypeError"),
        (
            give(evidence=lambda hits: (Evidence(hits[0], 10**6, 10**6 + 5, 1.0),)),
            "is not in '",
        ),
        (lambda threads: None, "'mine' failed on this question (AttributeError"),
    ],
)
def test_one_that_fails_is_named_in_a_note_beside_the_best_sentence(
    monkeypatch, library, make, said
):
    add_row(monkeypatch, make)
    answer = ask(library)
    (note,) = answer.notes
    assert note.startswith("The reader of hybrid+mine cannot be used, so this is the best-matching")
    assert said in note
    assert "\n" not in note
    assert answer.citations == ask(library, "hybrid").citations
    assert answer.trace.reader == "best sentence"


def test_a_system_with_a_reader_that_there_is_not_is_refused_with_those_that_there_are(mine):
    with pytest.raises(SettingsError) as refused:
        Settings(system="hybrid+theirs")
    assert str(refused.value) == (
        "system is 'hybrid+theirs', which Dateline does not know; choose dense, bm25, hybrid, rrf, "
        "sum, hybrid+reader or hybrid+mine."
    )
    with pytest.raises(SettingsError):
        Settings(system="hybrid+mine+mine")


def test_doctor_tries_it_and_names_it(mine, monkeypatch, dateline):
    monkeypatch.setenv("DATELINE_SYSTEM", "hybrid+mine")
    called = dateline("doctor", "--json")
    found = {check["name"]: check for check in called.json["checks"]}["reader"]
    assert (found["ok"], found["finding"]) == (True, "mine, a toy of 0 MB, loaded, and reads")
    add_row(monkeypatch, refuse, "broken")
    monkeypatch.setenv("DATELINE_SYSTEM", "dense+broken")
    called = dateline("doctor", "--json")
    found = {check["name"]: check for check in called.json["checks"]}["reader"]
    assert not found["ok"]
    assert found["finding"].startswith("The reader 'broken' could not be loaded (FileNotFoundError")


@pytest.mark.parametrize("command", ["ask", "eval", "search"])
def test_help_names_it(command):
    program = (
        "from index.extensions import READERS, Reader\n"
        "READERS.append(Reader('mine', 'reads tea leaves', 'somewhere:Mine'))\n"
        "from qa.serving.cli import app\n"
        f"app(['{command}', '--help'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        env={"COLUMNS": "400", "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert "hybrid+reader or hybrid+mine" in done.stdout, done.stderr
    assert "+mine reads tea leaves" in done.stdout


def test_the_api_takes_it_and_its_schema_lists_it(mine, library):
    from qa.serving.api import build_api

    client = TestClient(build_api(library, Assistant(library)))
    sent = {"question": QUESTION, "system": "hybrid+mine", "explain": True}
    assert client.post("/ask", json=sent).json()["trace"]["reader"] == "mine"
    assert client.get("/ask", params={"question": QUESTION, "system": "bm25 mine"}).is_success
    assert "must be dense" in client.post("/ask", json={**sent, "system": "x+mine"}).text
    assert '"hybrid+mine"' in json.dumps(client.get("/openapi.json").json())


def test_the_page_offers_it_for_evaluation(mine):
    from qa.chat.evaluation.data import read_systems
    from qa.chat.evaluation.view import render_evaluate
    from qa.chat.texts import choose_say

    html = render_evaluate(choose_say("ru"), "news", "hybrid+reader", may_name_paths=False)
    assert 'value="hybrid+mine"> hybrid+mine: puts passages with most words first' in html
    assert 'value="hybrid+reader" checked> hybrid+reader: то и другое' in html
    assert read_systems(["hybrid+mine"]) == ("hybrid+mine",)


def test_eval_runs_it_on_questions_of_the_samples(mine, dateline, tmp_path, monkeypatch):
    monkeypatch.setenv("DATELINE_CACHE", str(tmp_path / "cache"))
    file = tmp_path / "questions.jsonl"
    asked = [
        ("a", QUESTION, "003_c478da7ede625d0a.txt", "Dmitry Medvedev"),
        ("b", "Who is the vice-president of Abkhazia?", "004_ac8b6d61d6b7d856.txt", "Gabniya"),
    ]
    for name, text, article, words in asked:
        start = (ROOT / "seeds" / article).read_text("utf-8").index(words)
        gold = {"article": article, "text": words, "start": start, "end": start + len(words)}
        with file.open("a") as stream:
            stream.write(json.dumps({"id": name, "question": text, "answers": [gold]}) + "\n")
    called = dateline(
        "eval", file, "--articles", ROOT / "seeds", "--system", "hybrid+mine", "--json",
        "--min-confidence", "0",
    )  # fmt: skip
    assert called.code == 0, called.err
    assert called.json["metrics"]["questions"] == 2
    assert [item["status"] for item in called.json["questions"]] == ["answered"] * 2
    assert called.json["metrics"]["offsets_exact"] == 1


def test_every_row_of_the_table_can_be_found_and_says_what_it_does():
    for row in extensions.READERS:
        assert callable(extensions.load_code(row.make))
        assert re.fullmatch(r"[a-z][\w-]*", row.name)
        assert row.help
    assert Settings().system == "hybrid+reader"


def test_the_example_of_the_documentation_works(monkeypatch, library):
    monkeypatch.setattr(extensions, "READERS", [*extensions.READERS])
    section = (ROOT / "docs" / "extending.md").read_text("utf-8").split("## A reader or")[1]
    exec(section.split("```python\n")[1].split("```")[0], {})
    answer = ask(library, "hybrid+words")
    assert (answer.trace.reader, answer.notes) == ("words", ())
    assert "European security treaty" in answer.citations[0].quote
