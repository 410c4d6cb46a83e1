"""``dateline eval`` and ``dateline compare`` keep their contract."""

import json
from pathlib import Path

import pytest
from evaluation import QRELS, QUERIES, write_beir, write_lines


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("DATELINE_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def questions(tmp_path, articles):
    """Questions on the sample articles, the gold taken from their text."""
    text = (articles / "library.txt").read_text()
    start = text.index("seven in the morning")
    gold = {"article": "library.txt", "start": start, "end": start + 20}
    first = {
        "id": "c1",
        "question": "When will the city library open in the morning?",
        "answers": [{**gold, "text": "seven in the morning"}],
        "accept": ["seven"],
    }
    second = {"id": "c2", "question": "Who discovered penicillin in London?", "answers": []}
    return write_lines(tmp_path / "questions.jsonl", [first, second])


def test_eval_prints_metrics_and_questions_with_the_fields_of_ask(
    dateline, questions, articles, tmp_path
):
    run = tmp_path / "out.run"
    called = dateline("eval", questions, "--articles", articles, "--json", "--run-out", run)
    assert called.code == 0
    first = called.json["questions"][0]
    assert {"id", "question", "status", "text", "confidence", "date", "citations", "passages",
            "timings_ms"} <= set(first)  # fmt: skip
    assert called.json["metrics"]["questions"] == 2
    assert called.json["metrics"]["offsets_exact"] == 1
    rows = [line.split() for line in run.read_text().splitlines()]
    assert {row[0] for row in rows} <= {"c1", "c2"}
    assert rows[0][2:4] == ["library.txt", "1"]


def test_several_systems_are_all_there_and_the_first_is_on_top(dateline, tmp_path):
    folder = write_beir(tmp_path / "set")
    called = dateline(
        "eval", folder, "--system", "bm25", "--system", "dense", "--json",
        "--run-out", tmp_path / "out.run",
    )  # fmt: skip
    assert list(called.json["systems"]) == ["bm25", "dense"]
    assert called.json["metrics"] == called.json["systems"]["bm25"]["metrics"]
    assert (tmp_path / "out.dense.run").exists()


def test_figures_are_printed_for_a_person(dateline, tmp_path):
    called = dateline("eval", write_beir(tmp_path / "set"), "--system", "bm25")
    assert "nDCG@10" in called.out
    assert "count as unanswerable" in called.out


def test_questions_that_cannot_be_asked_are_named_on_standard_error(dateline, tmp_path):
    queries = [*QUERIES, {"_id": "q9", "text": "?!"}]
    folder = write_beir(tmp_path / "set", queries=queries, test=[*QRELS, "q9\td1\t1"])
    called = dateline("eval", folder, "--system", "bm25")
    assert called.code == 1
    assert "question 'q9' was not asked: The question is empty" in called.err


def test_a_gate_fails_with_one_and_says_why(dateline, tmp_path):
    folder, run = write_beir(tmp_path / "set"), tmp_path / "base"
    assert dateline("eval", folder, "--system", "bm25", "--save", run).code == 0
    gate = ["eval", folder, "--system", "bm25", "--baseline", run, "--fail-if"]
    assert dateline(*gate, "nDCG@10 < -0.02").code == 0
    called = dateline(*gate, "nDCG@10 > 0.5", "--junit", tmp_path / "out.xml", "--json")
    assert called.code == 1
    assert called.json["gate"][0]["failed"] is True
    assert 'failures="1"' in (tmp_path / "out.xml").read_text()


@pytest.mark.parametrize(
    "options",
    [
        ["--fail-if", "nonsense"],
        ["--fail-if", "nDCG@10 < -0.02"],
        ["--mode", "skim"],
        ["--report", "out.pdf"],
        ["--limit", "0"],
    ],
)
def test_a_wrong_command_line_is_told_before_anything_is_asked(dateline, tmp_path, options):
    called = dateline("eval", write_beir(tmp_path / "set"), *options)
    assert called.code == 2
    assert not (tmp_path / "cache").exists()


def test_options_of_runs_are_refused_where_rules_are_scored(dateline):
    rules = Path(__file__).parent / "data" / "datelines.jsonl"
    called = dateline("eval", rules, "--fail-if", "publication_exact < 2", "--limit", "3")
    assert called.code == 2
    assert "--limit, --fail-if" in " ".join(called.err.split())


def test_a_run_of_another_system_that_is_not_there_is_told(dateline, tmp_path):
    called = dateline("eval", write_beir(tmp_path / "set"), "--system", tmp_path / "none.run")
    assert called.code == 1
    assert "there is no such file" in called.err


def test_questions_that_another_systems_run_lacks_are_named_and_missing(dateline, tmp_path):
    ranked = write_lines(tmp_path / "theirs.run", ["q1 Q0 d1 1 2.0 theirs"])
    folder, saved = write_beir(tmp_path / "set"), tmp_path / "saved"
    called = dateline(
        "eval", folder, "--system", "bm25", "--system", ranked, "--json", "--save", saved
    )
    theirs = called.json["systems"]["theirs"]
    assert theirs["metrics"]["nDCG@10"] == 0.5
    assert "has nothing for 2 questions (q2, q3); they score 0." in theirs["notes"][-1]
    blame = dateline("compare", saved, "--json").json["blame"]
    assert blame["theirs"] == {"missing": 2, "right": 1}


def test_data_that_cannot_be_used_fail_with_file_and_line(dateline, tmp_path):
    folder = write_beir(tmp_path / "set", test=["q1\td1\t1"])
    called = dateline("eval", folder)
    assert called.code == 1
    assert "qrels/test.tsv:1: the header row is missing" in called.err


def test_a_run_is_kept_though_its_gate_cannot_be_judged(dateline, tmp_path):
    folder = write_beir(tmp_path / "data")
    saved, ranked = tmp_path / "run.json", tmp_path / "out.run"
    called = dateline(
        "eval", folder, "--system", "bm25", "--fail-if", "no_such_metric > 0",
        "--save", saved, "--run-out", ranked,
    )  # fmt: skip
    assert called.code == 1
    assert "no_such_metric" in called.err
    assert json.loads(saved.read_text())["metrics"]["questions"] == 3
    assert ranked.read_text()


def test_compare_tells_the_difference_and_writes_reports(dateline, tmp_path):
    folder, runs = write_beir(tmp_path / "set"), tmp_path / "runs"
    dateline("eval", folder, "--system", "bm25", "--system", "dense", "--save", runs)
    called = dateline(
        "compare", runs / "bm25", runs / "dense", "--json", "--report", tmp_path / "out.html",
        "--markdown", tmp_path / "out.md",
    )  # fmt: skip
    assert called.code == 0
    assert called.json["baseline"] == "bm25"
    names = [item["metric"] for item in called.json["differences"]]
    assert "nDCG@10" in names
    assert (tmp_path / "out.html").read_text().startswith("<!doctype html>")
    assert "Against bm25" in (tmp_path / "out.md").read_text()


def test_compare_refuses_runs_of_different_data(dateline, tmp_path):
    for name, rows in (("one", "q1\td1\t1"), ("two", "q2\td3\t1")):
        folder = write_beir(tmp_path / name, test=["query-id\tcorpus-id\tscore", rows])
        dateline("eval", folder, "--system", "bm25", "--save", tmp_path / f"{name}.json")
    called = dateline("compare", tmp_path / "one.json", tmp_path / "two.json")
    assert called.code == 1
    assert "different data" in called.err


def test_a_saved_case_is_evaluated_on_the_library_it_came_from(dateline, articles, tmp_path):
    cases = tmp_path / "cases.jsonl"
    dateline("add", articles)
    dateline(
        "ask",
        "What began sailing between the islands?",
        "--save-case",
        cases,
        "--min-confidence",
        "0",
    )
    called = dateline("eval", cases, "--json")
    assert called.code == 0, called.err
    assert called.json["metrics"]["questions"] == 1
    saved = json.loads(cases.read_text())
    assert saved["answers"][0]["article"] == "ferry.txt"


def test_trec_topics_are_asked_of_a_library(dateline, articles, tmp_path):
    folder = tmp_path / "trec"
    write_lines(folder / "topics.tsv", ["t1\tWhat carries 120 cars?", "t2\tWho won the cup?"])
    write_lines(folder / "qrels.txt", ["t1 0 ferry.txt 2"])
    dateline("add", articles)
    called = dateline(
        "eval", folder, "--library", tmp_path / "library", "--system", "bm25", "--json"
    )
    assert called.code == 0, called.err
    assert called.json["metrics"]["nDCG@10"] == 1
    assert [item["answerable"] for item in called.json["questions"]] == [True, False]


def test_trec_qrels_of_an_unknown_article_are_refused(dateline, articles, tmp_path):
    folder = tmp_path / "trec"
    write_lines(folder / "topics.tsv", ["t1\tWhat carries 120 cars?"])
    write_lines(folder / "qrels.txt", ["t1 0 ferry.txt 2", "t1 0 tram.txt 1"])
    called = dateline("eval", folder, "--articles", articles)
    assert called.code == 1
    assert "qrels.txt:2: document 'tram.txt' is not in the library" in called.err


def test_squad_paragraphs_must_be_found_in_open_mode(dateline, tmp_path):
    paragraphs = [
        ("Kiev fell in 1240.", "q1", "When did Kiev fall?", "1240", 13),
        ("Oslo burned down in 1624.", "q2", "When did Oslo burn down?", "1624", 20),
    ]
    data = [
        {
            "title": "Towns",
            "paragraphs": [
                {
                    "context": context,
                    "qas": [
                        {
                            "id": name,
                            "question": question,
                            "answers": [{"text": answer, "answer_start": start}],
                        }
                    ],
                }
                for context, name, question, answer, start in paragraphs
            ],
        }
    ]
    path = tmp_path / "towns.json"
    path.write_text(json.dumps({"data": data}))
    predictions = tmp_path / "predictions.json"
    called = dateline("eval", path, "--system", "bm25", "--json", "--predictions-out", predictions)
    assert called.json["metrics"]["Success@1"] == 1
    assert called.json["metrics"]["evidence@1"] == 1
    assert set(json.loads(predictions.read_text())) == {"q1", "q2"}
    again = dateline("eval", path, "--system", predictions, "--json")
    for name in ("exact", "f1", "best_f1"):
        assert again.json["metrics"][name] == pytest.approx(called.json["metrics"][name])


def test_an_articles_folder_is_evaluated_again_after_it_changed(dateline, questions, articles):
    first = dateline("eval", questions, "--articles", articles, "--json")
    (articles / "tram.txt").write_text("A tram opens at seven in the morning, the mayor said.\n")
    second = dateline("eval", questions, "--articles", articles, "--json")
    counts = [called.json["about"]["library"]["articles"] for called in (first, second)]
    assert counts == [3, 4]
