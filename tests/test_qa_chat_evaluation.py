"""What the Evaluate tab and the judging of answers stand on: cases, data, runs, one job at once."""

import json
import threading
from datetime import datetime

import pytest
from evaluation import make_case, make_result, make_small_run

from index import Library
from index.errors import DatasetError, QuestionError
from index.settings import Settings
from qa.chat.evaluation.caselist import delete_case, edit_case, restore_case, review_case
from qa.chat.evaluation.data import DataRequest, find_data, read_number, read_systems
from qa.chat.evaluation.jobs import Evaluator
from qa.chat.evaluation.polling import EvaluationStopped, PolledWatcher
from qa.chat.evaluation.saved import choose_name, find_run, list_saved, render_saved
from qa.chat.evaluation.view import describe_job
from qa.chat.judgements import Judgement, cases_of, find_kept, keep_judgement
from qa.chat.texts import Say, read_texts
from qa.chat.uploads import Uploads
from qa.evaluate.report.summary import LEADING
from qa.evaluate.runner import EvaluationOptions
from qa.evaluate.runs import save_runs

QUESTION = "How long does the ferry charge its batteries?"


@pytest.fixture
def library(tmp_path, articles):
    settings = Settings(library=tmp_path / "library", encoder="test")
    with Library.open(tmp_path / "library", settings=settings, create=True) as opened:
        opened.add_paths([articles])
        yield opened


def make_place(library, words):
    article = library.article("ferry.txt")
    start = article.text.index("It carries")
    span = article.text.index(words)
    return {
        "article": article.id,
        "digest": article.digest,
        "passage": [start, article.text.index("\n", start)],
        "span": [span, span + len(words)],
    }


def judge(library, verdict, **more):
    keep_judgement(library, Judgement.parse({"question": QUESTION, "verdict": verdict, **more}))
    return cases_of(library.path).list_cases()


def test_a_thumb_does_not_overrule_what_was_reviewed(library):
    place = make_place(library, "nine")
    (case,) = judge(library, "right", place=place, text="nine minutes", date="2019")
    assert (case.reviewed, case.record["accept"]) == (False, ["nine minutes"])
    assert case.record["date"] == "2019"
    (case,) = judge(library, "passage", place=make_place(library, "120 cars"))
    assert not case.record["answers"], "the same evidence again takes it back"
    (case,) = judge(library, "passage", place=place)
    assert case.reviewed
    (case,) = judge(library, "wrong")
    assert case.record["answers"][0]["text"] == "nine"
    assert not case.is_open
    assert find_kept(library.path, f"  {QUESTION} ").verdict == "wrong"
    assert judge(library, "withdrawn") == []


def test_a_withheld_answer_that_is_right_is_an_unanswerable_case(library):
    (case,) = judge(library, "right", answered=False)
    assert (case.record["answers"], case.is_open) == ([], False)
    (case,) = judge(library, "wrong", answered=False)
    assert case.is_open


def test_a_judgement_that_makes_no_sense_is_refused(library):
    for payload in (
        None,
        {"question": " ", "verdict": "right"},
        {"question": "Who?", "verdict": "perfect"},
        {"question": "Who?", "verdict": "right"},
        {"question": "Who?", "verdict": "passage", "place": {"article": "ferry.txt"}},
        {"question": "Who?" * 5000, "verdict": "nothing"},
    ):
        with pytest.raises(QuestionError):
            keep_judgement(library, Judgement.parse(payload))
    assert cases_of(library.path).list_cases() == []


def test_a_judgement_of_a_text_that_changed_is_refused(library):
    place = make_place(library, "nine") | {"digest": "of another text"}
    with pytest.raises(QuestionError, match="has changed"):
        judge(library, "passage", place=place)


def test_cases_are_edited_reviewed_deleted_and_restored(library):
    (case,) = judge(library, "right", place=make_place(library, "nine"))
    cases = cases_of(library.path)
    form = {"question": QUESTION, "words": ["nine minutes"], "accept": "9\n\n9", "date": "2019-05"}
    edit_case(library, cases, case.id, form)
    record = dict(cases.find(case.id) or {})
    gold = record["answers"][0]
    text = library.article("ferry.txt").text
    assert text[gold["start"] : gold["end"]] == "nine minutes"
    assert (record["accept"], record["date"], record["reviewed"]) == (["9"], "2019-05", True)
    for wrong in ({"question": ""}, {"words": ["ten"]}, {"date": "May"}):
        with pytest.raises(DatasetError):
            edit_case(library, cases, case.id, form | wrong)
    assert cases.find(case.id) == record
    edit_case(library, cases, case.id, form | {"words": [""]})
    with pytest.raises(DatasetError, match="not known yet"):
        review_case(cases, case.id, reviewed=True)
    deleted = delete_case(cases, case.id)
    assert cases.list_cases() == []
    restore_case(cases, deleted)
    assert [item.id for item in cases.list_cases()] == [case.id]


def test_data_is_found_where_it_may_be(library, tmp_path):
    uploads = Uploads(max_file_mb=1)

    def find(**fields):
        request = DataRequest.parse(fields)
        return find_data(library.path, request, uploads, may_name_paths=fields.get("may", True))

    with pytest.raises(DatasetError, match="no cases yet"):
        find(kind="cases")
    with pytest.raises(DatasetError, match="its own machine alone"):
        find(kind="path", location="/etc/passwd", may=False)
    with pytest.raises(DatasetError, match="did not arrive"):
        find(kind="upload", token="nonsense")
    for name, fits in (("../../mine.jsonl", True), ("photo.png", False)):
        token, file = uploads.begin(name)
        file.path.write_text('{"id": "q", "question": "Who?", "answers": []}\n')
        if not fits:
            with pytest.raises(DatasetError, match="no evaluation data"):
                find(kind="upload", token=token)
            continue
        kept = find(kind="upload", token=token)
        assert kept.name == "mine.jsonl"
        assert kept.is_relative_to(tmp_path / "library-runs" / "data")
        assert not file.path.exists()
    uploads.close()


def test_fields_of_the_form_are_checked():
    assert read_systems(["bm25", "bm25", "dense"]) == ("bm25", "dense")
    assert read_number("limit", " 12 ", 1) == 12
    assert read_number("seed", None, 0) is None
    for value in ("-1", "0", "ten", "1e3", "9" * 20):
        with pytest.raises(DatasetError, match="whole number"):
            read_number("limit", value, 1)
    with pytest.raises(DatasetError, match="no system"):
        read_systems(["../bm25"])


def test_saved_runs_are_listed_reported_and_found_by_name_alone(tmp_path):
    runs = [make_small_run(name, [make_result(make_case("q", "x"), "x")]) for name in ("a", "b")]
    save_runs(runs, tmp_path / "2026-01-01-small")
    save_runs(runs[:1], tmp_path / "2026-01-02-small")
    (tmp_path / "data").mkdir()
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / "run.json").write_text("{")
    listed = list_saved(tmp_path)
    assert [(item.name, item.systems) for item in listed] == [
        ("2026-01-02-small", ("a",)),
        ("2026-01-01-small", ("a", "b")),
    ]
    assert listed[0].figures[0][0].name == "right"
    assert "Against a #1" in render_saved(tmp_path, [item.name for item in listed])
    for name in ("..", "", "a/b", "/etc", "gone"):
        with pytest.raises(DatasetError, match="no run"):
            find_run(tmp_path, name)
    when = datetime(2026, 1, 2, 3, 4, 5)
    first = choose_name(tmp_path, "../my set", when)
    (tmp_path / first).mkdir()
    assert (first, choose_name(tmp_path, "../my set", when)) == (
        "2026-01-02-030405-my-set",
        "2026-01-02-030405-my-set-2",
    )


def test_one_evaluation_runs_at_a_time_and_what_is_done_is_gone_on_with(
    library, tmp_path, monkeypatch
):
    monkeypatch.setenv("DATELINE_CACHE", str(tmp_path / "cache"))
    data = tmp_path / "mine.jsonl"
    case = {"question": "Who won the cup?", "answers": []}
    data.write_text("".join(json.dumps({"id": f"q{n}", **case}) + "\n" for n in range(3)))
    asked, go = threading.Event(), threading.Event()
    rank = Library.rank

    def slow(self, *arguments, **named):
        asked.set()
        go.wait(60)
        return rank(self, *arguments, **named)

    monkeypatch.setattr(Library, "rank", slow)
    options = EvaluationOptions(data, systems=("bm25",), settings=library.settings)
    evaluator = Evaluator()
    evaluator.start(options, tmp_path / "runs", "library")
    assert asked.wait(60)
    with pytest.raises(DatasetError, match="Another evaluation"):
        evaluator.start(options, tmp_path / "runs", "library")
    assert describe_job(Say("en"), evaluator.state) == "bm25: 0 of 3 questions asked."
    assert evaluator.stop().state == "stopping"
    go.set()
    evaluator.wait()
    state = evaluator.state
    assert (state.state, state.standing.done) == ("stopped", 1)
    evaluator.resume()
    evaluator.wait()
    assert evaluator.state.state == "done"
    (saved,) = list_saved(tmp_path / "runs")
    assert (saved.name, saved.questions) == (evaluator.state.run, 3)


def test_a_watcher_guesses_the_time_left_over_all_systems():
    watcher = PolledWatcher(2)
    watcher.begin("a", 4)
    watcher.advance()
    assert watcher.standing.seconds_left is None
    watcher.advance()
    left = watcher.standing.seconds_left
    assert left is not None
    assert left >= 0
    watcher.stop()
    with pytest.raises(EvaluationStopped):
        watcher.advance()
    assert watcher.standing.done == 3


def test_every_leading_figure_has_its_words_in_both_languages():
    names = {name for listed in LEADING.values() for name in listed}
    for language in ("en", "ru"):
        texts = read_texts(language)
        assert [name for name in sorted(names) if f"evaluate.metric_{name}" not in texts] == []
