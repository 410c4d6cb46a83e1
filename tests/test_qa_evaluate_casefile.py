"""Cases that people change: no line is lost, none is there twice, `dateline eval` reads them."""

import json
import threading

import pytest

from index.errors import DatasetError
from qa.evaluate.data.casefile import CaseFile


def read_lines(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line[:1] == "{"]


def test_a_question_has_one_case_however_often_it_is_put(tmp_path):
    cases = CaseFile(tmp_path / "questions.jsonl")
    name, new = cases.put("Who reopened it?", lambda record: record | {"note": "first"})
    again, newer = cases.put("  Who  reopened it? ", lambda record: record | {"note": "second"})
    assert (name, new) == (again, True)
    assert not newer
    assert [line["note"] for line in read_lines(cases.path)] == ["second"]


def test_other_lines_stay_as_they_were(tmp_path):
    path = tmp_path / "questions.jsonl"
    lines = [
        '{"id":"a", "question": "A?",  "answers": [], "mine": 1}',
        "no json",
        "",
        '{"id": "b"}',
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    cases = CaseFile(path)
    cases.put("New\u2028line?", lambda record: record | {"answers": []})
    assert path.read_text("utf-8").split("\n")[:4] == lines
    kept = cases.list_cases()
    assert [bool(case.problem) for case in kept] == [False, True, True, False]
    assert kept[-1].question == "New\u2028line?"
    cases.change("a", lambda record: None)
    assert cases.find("a") is None
    assert cases.find("b") == {"id": "b"}
    with pytest.raises(DatasetError, match="not there any more"):
        cases.change("a", lambda record: record)


def test_windows_that_save_at_once_lose_nothing(tmp_path):
    def save(number):
        CaseFile(tmp_path / "questions.jsonl").put(f"Question {number}?", lambda record: record)

    threads = [threading.Thread(target=save, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(read_lines(tmp_path / "questions.jsonl")) == 12
    assert {item.name for item in tmp_path.iterdir()} == {"questions.jsonl", "questions.jsonl.lock"}


def test_a_librarys_own_cases_are_evaluated_by_its_name(dateline, articles, tmp_path, monkeypatch):
    monkeypatch.setenv("DATELINE_CACHE", str(tmp_path / "cache"))
    library = tmp_path / "library"
    dateline("add", articles)
    missing = dateline("eval", library)
    assert missing.code == 1
    assert "has no cases yet" in missing.err
    text = (articles / "ferry.txt").read_text()
    start = text.index("nine")
    gold = {"article": "ferry.txt", "start": start, "end": start + 4, "text": "nine"}
    cases = CaseFile(library / "questions.jsonl")
    cases.put("How long does the ferry charge?", lambda record: record | {"answers": [gold]})
    cases.put("Who won the cup?", lambda record: record | {"answers": [], "reviewed": False})
    cases.put("What is wrong?", lambda record: record | {"open": True})
    called = dateline("eval", library, "--json")
    assert called.code == 0, called.err
    assert called.json["metrics"]["questions"] == 2
    assert called.json["about"]["dataset"]["name"] == "library"
    assert any("1 of the questions left out" in note for note in called.json["notes"])
    only = dateline("eval", library, "--reviewed-only", "--system", "bm25")
    assert only.code == 0
    lines = [" ".join(line.split()) for line in only.out.splitlines()]
    assert lines[0] == "library: 1 question"
    assert "evidence in the first three passages 1 of 1 (100 %)" in lines[1:8]
    assert lines.index("Every figure:") > 4
