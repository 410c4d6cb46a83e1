"""Data sets are read whole or refused with every problem, each with its file and line."""

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from evaluation import read_corpus, refusal, write_beir, write_lines
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.errors import DatasetError
from qa.evaluate.data.cases import append_case, check_spans, read_questions
from qa.evaluate.data.datasets import read_dataset
from qa.evaluate.data.problems import Problems
from qa.evaluate.data.records import Corpus, question_kind
from qa.evaluate.data.squad import read_squad, write_predictions
from qa.evaluate.data.trec import read_run
from qa.evaluate.runs import load_run
from qa.types import Answer

NAMES = st.sampled_from(
    ["_id", "id", "text", "title", "question", "answers", "accept", "date", "data", "metadata",
     "paragraphs", "context", "qas", "answer_start", "about", "dataset", "digest", "results"]
)  # fmt: skip

NOTHING = Corpus(digest="none")


# --- SQuAD ---


def squad(
    tmp_path: Path, *questions: dict[str, Any], context: str = "Kiev fell in 1240. It rose."
) -> Path:
    """A SQuAD file of one paragraph."""
    data = [{"title": "Kiev", "paragraphs": [{"context": context, "qas": list(questions)}]}]
    path = tmp_path / "squad.json"
    path.write_text(json.dumps({"version": "v2.0", "data": data}, indent=1), encoding="utf-8")
    return path


WHEN = {"id": "s1", "question": "When?", "answers": [{"text": "1240", "answer_start": 13}]}
WHO = {"id": "s2", "question": "Who?", "answers": [], "is_impossible": True}


def test_squad_gives_spans_and_unanswerable_questions(tmp_path):
    dataset = read_squad(squad(tmp_path, WHEN, WHO), "open")
    first, second = dataset.cases
    assert (first.spans[0].start, first.spans[0].end) == (13, 17)
    assert first.relevant == {"0.0": 1}
    assert (second.answerable, second.answers) == (False, ())
    article = next(read_corpus(dataset))
    assert article.text[13:17] == "1240"


def test_reading_and_finding_are_different_data(tmp_path):
    path = squad(tmp_path, WHEN)
    assert read_squad(path, "open").digest != read_squad(path, "read").digest


def test_answers_at_wrong_offsets_are_refused_with_their_lines(tmp_path):
    wrong = {**WHEN, "id": "s3", "answers": [{"text": "1240", "answer_start": 12}]}
    path = squad(tmp_path, WHEN, wrong, {**wrong, "id": "s4"})
    lines = refusal(read_squad, path, "open")
    text = path.read_text().splitlines()
    assert lines[0] == "2 problems:"
    for line, name in zip(lines[1:], ("s3", "s4"), strict=True):
        assert f'"{name}"' in text[int(line.split(":")[1]) - 1]
        assert "the context has ' 124' at 12, not the answer '1240'" in line


def test_squad_without_questions_or_of_another_shape_is_refused(tmp_path):
    assert "no question" in refusal(read_squad, squad(tmp_path), "open")[0]
    other = tmp_path / "other.json"
    other.write_text("[1]")
    assert "no list 'data'" in refusal(read_squad, other, "open")[0]
    other.write_text("{\n broken")
    assert f"{other}:2: is not valid JSON" in refusal(read_squad, other, "open")[0]


def test_predictions_come_with_no_answer_probabilities(tmp_path):
    beside = write_predictions(tmp_path / "out.json", {"s1": "1240"}, {"s1": 0.25})
    assert json.loads((tmp_path / "out.json").read_text()) == {"s1": "1240"}
    assert json.loads(beside.read_text()) == {"s1": 0.25}


# --- questions.jsonl ---

GOLD = {
    "article": "a.txt",
    "start": 4,
    "end": 10,
    "text": "bridge",
    "evidence_start": 0,
    "evidence_end": 20,
}

ASKED = {
    "id": "c1",
    "question": "What reopened?",
    "answers": [GOLD],
    "accept": ["the bridge"],
    "date": "2019-05",
}


def test_questions_have_spans_accepted_strings_and_a_date(tmp_path):
    path = write_lines(
        tmp_path / "q.jsonl", [ASKED, {"id": "c2", "question": "Who?", "answers": []}]
    )
    first, second = read_questions(path, NOTHING).cases
    assert first.answers == ("bridge", "the bridge")
    assert first.date == "2019-05"
    assert first.relevant == {"a.txt": 1}
    assert not second.answerable


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ({**ASKED, "question": " "}, "the question is empty"),
        ({**ASKED, "question": "...?"}, "the question is empty"),
        ({**ASKED, "after": ["..."]}, "'after' must be a list"),
        ({**ASKED, "date": "2019-99"}, "no ISO date"),
        ({**ASKED, "id": None}, "'id' is None"),
        ({**ASKED, "question": "Who \ud800?"}, "cannot be stored"),
        ({**ASKED, "answers": None}, "'answers' must be a list"),
        ({**ASKED, "date": "May 2019"}, "no ISO date"),
        ({**ASKED, "accept": "bridge"}, "'accept' must be a list of strings"),
        ({**ASKED, "answers": [{**GOLD, "start": "4"}]}, "'start'"),
        ({**ASKED, "answers": [{**GOLD, "evidence_start": 5}]}, "not inside its evidence"),
        ({**ASKED, "answers": [{**GOLD, "text": ""}]}, "lacks 'article' or 'text'"),
    ],
)
def test_a_case_that_cannot_be_used_is_refused_with_its_line(tmp_path, record, words):
    path = write_lines(tmp_path / "q.jsonl", [{**ASKED, "id": "c0"}, record])
    line = refusal(read_questions, path, NOTHING)[-1]
    assert line.startswith(f"{path}:2: ")
    assert words in line


def test_gold_must_be_the_article_s_own_words(tmp_path):
    other = {**ASKED, "id": "c2", "answers": [{**GOLD, "article": "b.txt"}]}
    dataset = read_questions(write_lines(tmp_path / "q.jsonl", [ASKED, other]), NOTHING)
    texts = {"a.txt": "The tunnel reopened today."}
    lines = refusal(check_spans, dataset, texts.get)
    assert "q.jsonl:1: a.txt has 'tunnel' at 4, not the answer 'bridge'" in lines[1]
    assert "q.jsonl:2: article 'b.txt' is not among the articles" in lines[2]
    check_spans(
        read_questions(write_lines(tmp_path / "r.jsonl", [ASKED]), NOTHING),
        {"a.txt": "The bridge reopened today."}.get,
    )


def test_a_saved_case_can_be_read_back_and_is_saved_once(tmp_path):
    path = tmp_path / "mine" / "cases.jsonl"
    name = append_case(path, Answer("Who won?", "not_found", "Nothing.", 0.1))
    append_case(path, Answer("Who lost?", "not_found", "Nothing.", 0.1))
    assert [case.question for case in read_questions(path, NOTHING).cases] == [
        "Who won?",
        "Who lost?",
    ]
    assert name in path.read_text()
    again = refusal(append_case, path, Answer("Who won?", "not_found", "Nothing.", 0.1))
    assert f"{path}:1: the question is saved there already" in again[0]


# --- anything at all ---

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(JSON | st.dictionaries(NAMES, JSON, max_size=6), max_size=4), st.binary(max_size=30)
)
def test_no_file_whatsoever_breaks_a_reader(tmp_path, records, tail):
    content = "\n".join(json.dumps(record) for record in records).encode() + tail
    folder = write_beir(tmp_path / "set")
    for name in ("queries.jsonl", "corpus.jsonl", "qrels/test.tsv"):
        before = (folder / name).read_bytes()
        (folder / name).write_bytes(content)
        with contextlib.suppress(DatasetError):
            read_dataset(folder)
        (folder / name).write_bytes(before)
    path = tmp_path / "file"
    path.write_bytes(content)
    for read in (
        lambda: read_questions(path, NOTHING),
        lambda: read_squad(path, "open"),
        lambda: read_run(path, frozenset(), None, Problems()),
        lambda: load_run(path),
    ):
        with contextlib.suppress(DatasetError):
            read()


# --- which is which ---


def test_what_is_no_data_is_refused_with_what_is(tmp_path):
    assert "does not exist" in refusal(read_dataset, tmp_path / "none")[0]
    assert "is no evaluation data" in refusal(read_dataset, tmp_path)[0]
    beir = write_beir(tmp_path / "set")
    assert "--mode read is for SQuAD" in refusal(read_dataset, beir, mode="read")[0]
    assert "brings its own articles" in refusal(read_dataset, beir, articles=tmp_path)[0]
    asked = write_lines(tmp_path / "q.jsonl", [ASKED])
    assert "with --articles DIR" in refusal(read_dataset, asked)[0]
    assert "check --articles" in refusal(read_dataset, asked, articles=tmp_path / "none")[0]
    assert "has no splits" in refusal(read_dataset, asked, split="dev", articles=beir)[0]


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many troops are there?", "how many"),
        ("In what year did it fall?", "what"),
        ("By whom was it signed, and when?", "when"),
        ("Кто подписал договор?", "other"),
    ],
)
def test_the_kind_of_a_question_is_its_first_question_word(question, kind):
    assert question_kind(question) == kind
