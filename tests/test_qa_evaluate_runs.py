"""Runs are kept as they go, go on where they stopped, and say the same when they run again."""

import json
from dataclasses import replace

import pytest
from evaluation import (
    make_case,
    make_citation,
    make_result,
    make_small_run,
    read_corpus,
    write_beir,
)

from index.encoding.encoders import HashingEncoder
from index.errors import DatasetError, QuestionError
from index.settings import Settings
from qa.evaluate.data.datasets import read_dataset
from qa.evaluate.data.records import Result
from qa.evaluate.libraries import find_cache, open_library
from qa.evaluate.runner import EvaluationOptions, choose_cases, evaluate_cases, run_evaluation
from qa.evaluate.runs import (
    export_predictions,
    export_run,
    load_run,
    load_runs,
    runs_to_dict,
    save_run,
    save_runs,
)
from qa.output.records import read_json, write_json

CASES = [make_case(f"q{number}", "Nicaragua") for number in range(5)]
ABOUT = {"system": "fake", "dataset": {"name": "small", "path": "small.json", "digest": "same"}}
HEADER = {"format": 1, "name": "fake", "about": ABOUT}


class Asked:
    """Answers every case and remembers which it was asked; can be stopped or refuse one."""

    def __init__(self, stop_at: str = "", refuse: str = "") -> None:
        self.ids: list[str] = []
        self.stop_at = stop_at
        self.refuse = refuse

    def __call__(self, case):
        if case.id == self.stop_at:
            raise KeyboardInterrupt
        if case.id == self.refuse:
            raise QuestionError("The question is empty; type what you want to know.")
        self.ids.append(case.id)
        return make_result(
            case,
            "it",
            citations=[make_citation("a", 0, 60)],
            ranking=[("a", 1.0), ("b", 0.5)],
            evidence_rank=1,
        )


def evaluate(observe, work, **options):
    """A run of the fake over the cases."""
    return evaluate_cases(CASES, observe, name="fake", about=ABOUT, work=work, **options)


def test_a_result_survives_its_json():
    result = Asked()(CASES[0])
    assert read_json(Result, write_json(result)) == result


def test_a_stopped_run_goes_on_where_it_was(tmp_path):
    first = Asked(stop_at="q3")
    with pytest.raises(KeyboardInterrupt):
        evaluate(first, tmp_path)
    second = Asked()
    run = evaluate(second, tmp_path, resume=True)
    assert (first.ids, second.ids) == (["q0", "q1", "q2"], ["q3", "q4"])
    assert run.metrics == evaluate(Asked(), tmp_path / "other").metrics
    assert [result.case.id for result in run.results] == [case.id for case in CASES]


def test_a_line_cut_short_is_asked_again(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        evaluate(Asked(stop_at="q2"), tmp_path)
    (path,) = tmp_path.glob("*/results.jsonl")
    path.write_bytes(path.read_bytes()[:-40])
    again = Asked()
    evaluate(again, tmp_path, resume=True)
    assert again.ids == ["q1", "q2", "q3", "q4"]


def test_without_resume_everything_is_asked_anew(tmp_path):
    evaluate(Asked(), tmp_path)
    again = Asked()
    evaluate(again, tmp_path)
    assert len(again.ids) == len(CASES)


def test_a_run_of_other_settings_is_not_resumed(tmp_path):
    evaluate(Asked(), tmp_path)
    again = Asked()
    about = {**ABOUT, "settings": {"system": "bm25"}}
    evaluate_cases(CASES, again, name="fake", about=about, work=tmp_path, resume=True)
    assert len(again.ids) == len(CASES)


def test_what_every_answer_notes_is_a_note_of_the_run(tmp_path):
    def observe(case):
        result = Asked()(case)
        return replace(result, answer={**result.answer, "notes": [f"{case.id}.", "No reader."]})

    assert evaluate(observe, tmp_path).notes == ("No reader.",)


def test_a_question_that_cannot_be_asked_is_counted_and_scores_zero(tmp_path):
    run = evaluate(Asked(refuse="q1"), tmp_path)
    assert run.metrics["errors"] == 1
    assert run.results[1].status == "error"
    assert run.scores["q1"]["right"] == run.scores["q1"]["nDCG@10"] == 0
    assert run.metrics["right"] == pytest.approx(4 / 5)


@pytest.mark.parametrize("name", ["run", "run.json"])
def test_a_saved_run_is_loaded_the_same(tmp_path, name):
    run = evaluate(Asked(), tmp_path / "work")
    save_run(run, tmp_path / name)
    save_run(run, tmp_path / name)
    loaded = load_run(tmp_path / name)
    assert loaded == run
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["work", name])


def test_several_runs_are_kept_in_one_folder(tmp_path):
    runs = [make_small_run(name, [Asked()(case) for case in CASES]) for name in ("b", "a")]
    for place, run in enumerate(runs):
        runs[place] = replace(run, about={**run.about, "started": f"2026-01-0{place + 1}"})
    save_runs(runs, tmp_path / "runs")
    assert [run.name for run in load_runs([tmp_path / "runs"])] == ["b", "a"]
    with pytest.raises(DatasetError, match="can hold one run"):
        save_runs(runs, tmp_path / "runs.json")


def test_a_folder_that_is_no_run_is_not_replaced(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    run = make_small_run("x", [Asked()(CASES[0])])
    for save in (
        lambda: save_run(run, tmp_path / "mine"),
        lambda: save_runs([run, run], tmp_path / "mine"),
    ):
        with pytest.raises(DatasetError, match="is there and is no run"):
            save()
    assert (tmp_path / "mine" / "thesis.txt").exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[]", "but must be an object"),
        (HEADER | {"format": 99}, "format is 99, but must be 1"),
        (HEADER | {"about": {}}, "dataset is missing"),
        (HEADER | {"results": []}, "never happened"),
        (HEADER | {"results": [{}]}, r"results\[0\].case is missing"),
        ("[" * 5000, "is not valid JSON"),
    ],
)
def test_what_is_no_run_is_refused(tmp_path, content, words):
    (tmp_path / "x.json").write_text(content if isinstance(content, str) else json.dumps(content))
    with pytest.raises(DatasetError, match=words):
        load_run(tmp_path / "x.json")
    with pytest.raises(DatasetError, match="There is no run at"):
        load_run(tmp_path / "none")


@pytest.mark.parametrize(
    ("written", "damaged", "words"),
    [
        ('"name": "x",', "", "name is missing"),
        ('"text": "it",', "", r"results[0].answer.text is missing"),
        ('"evidence_rank": 1,', "", "results[0].evidence_rank is missing"),
        ('"confidence": 0.5', '"confidence": "0.5"', "confidence is '0.5', but must be a valid"),
        ('"confidence": 0.5', '"confidence": 1.5', "confidence is 1.5, but must be less than"),
        ('"confidence": 0.5', '"confidence": NaN', "is nan, but must be a finite number"),
        ('"confidence": 0.5', f'"confidence": 9{"0" * 400}', "…, but must be a finite number"),
        ('"evidence_rank": 1', '"evidence_rank": true', "is True, but must be a valid integer"),
        ('"evidence_rank": 1', f'"evidence_rank": 1{"0" * 5000}', "is not valid JSON (number out"),
        ('"status": "answered"', '"status": "sure"', "but must be 'answered', 'not_found'"),
        ('"speed": {', '"speed": {"total": -Infinity, ', "speed.total is -inf, but must"),
        ('"digest": "same"', '"digest": 7', "dataset.digest is 7, but must be a valid string"),
        ('"format": 1', f'"format": "{"x" * 500}"', "…, but must be 1"),
    ],
)
def test_a_damaged_run_is_refused_in_one_sentence(tmp_path, written, damaged, words):
    file = tmp_path / "run.json"
    save_run(make_small_run("x", [Asked()(CASES[0])]), file)
    text = " ".join(file.read_text().split())
    assert written in text
    file.write_text(text.replace(written, damaged))
    with pytest.raises(DatasetError) as refused:
        load_run(file)
    told = str(refused.value)
    assert told.startswith(f"{file} is not a saved run of `dateline eval`: ")
    assert told.endswith("; evaluate again with --save.")
    assert words in told
    assert len(told) < len(str(file)) + 200
    assert "\n" not in told


def test_a_run_cut_short_is_refused_wherever_it_ends(tmp_path):
    file = tmp_path / "run.json"
    save_run(make_small_run("x", [Asked()(CASES[0])]), file)
    whole = file.read_bytes()
    for length in range(0, len(whole) - 2, 97):
        file.write_bytes(whole[:length])
        with pytest.raises(DatasetError, match="it is not valid JSON"):
            load_run(file)


def test_damaged_results_are_told_with_their_lines(tmp_path):
    save_run(make_small_run("x", [Asked()(CASES[0])]), tmp_path / "run")
    with (tmp_path / "run" / "results.jsonl").open("a") as stream:
        stream.write('{"case": 1}\nbroken\n')
    with pytest.raises(DatasetError, match=r"(?s)results\.jsonl:2: .*results\.jsonl:3: "):
        load_run(tmp_path / "run")


def test_the_exported_run_gives_the_field_s_tools_our_figures(tmp_path):
    import ir_measures

    results = []
    for place, case in enumerate(CASES):
        ranking = [("b", 0.7), ("a", 0.7), ("c", 0.7)][place % 3 :]
        results.append(make_result(case, "it", ranking=ranking))
    run = make_small_run("ties", [replace(r, ranking=strict(r.ranking)) for r in results])
    export_run(run, tmp_path / "out.run")
    read = list(ir_measures.read_trec_run(str(tmp_path / "out.run")))
    qrels = {case.id: dict(case.relevant) for case in CASES}
    names = ["nDCG@10", "RR@10", "AP", "R@100", "Success@1", "P@5", "Judged@10"]
    measures = [ir_measures.parse_measure(name) for name in names]
    theirs = ir_measures.calc_aggregate(measures, qrels, read)
    assert {str(name): value for name, value in theirs.items()} == pytest.approx(
        {name: run.metrics[name] for name in names}, abs=5e-5
    )


def strict(ranking):
    """The ranking as a result holds it."""
    from qa.evaluate.data.trec import make_strict

    return make_strict(ranking)


def test_exported_predictions_are_the_answers_that_were_scored(tmp_path):
    run = make_small_run(
        "x", [make_result(CASES[0], "it", confidence=0.75), make_result(CASES[1], confidence=0.25)]
    )
    beside = export_predictions(run, tmp_path / "out.json")
    assert json.loads((tmp_path / "out.json").read_text()) == {"q0": "it", "q1": ""}
    assert json.loads(beside.read_text()) == {"q0": 0.25, "q1": 0.75}


def test_the_first_of_several_systems_is_at_the_top():
    runs = [make_small_run(name, [Asked()(case) for case in CASES]) for name in ("one", "two")]
    record = runs_to_dict(runs)
    assert record["metrics"] == record["systems"]["one"]["metrics"]
    assert list(record["systems"]) == ["one", "two"]
    assert "systems" not in runs_to_dict(runs[:1])


# --- with a real library and the test encoder ---


@pytest.fixture
def settings(tmp_path, monkeypatch) -> Settings:
    """Settings of the test encoder, with a cache of their own."""
    monkeypatch.setenv("DATELINE_CACHE", str(tmp_path / "cache"))
    return Settings(encoder="test", library=tmp_path / "none")


def test_two_runs_of_the_same_settings_are_the_same(tmp_path, settings):
    options = EvaluationOptions(
        write_beir(tmp_path / "set"), systems=("dense", "bm25"), settings=settings
    )
    first, second = run_evaluation(options), run_evaluation(options)
    for one, other in zip(first, second, strict=True):
        assert one.metrics == other.metrics
        assert [r.ranking for r in one.results] == [r.ranking for r in other.results]
        assert [r.prediction for r in one.results] == [r.prediction for r in other.results]
    assert [run.name for run in first] == ["dense", "bm25"]
    assert first[1].metrics["nDCG@10"] == 1
    assert first[0].metrics["offsets_exact"] == 1


def test_a_library_is_built_once_for_a_content(tmp_path, settings, monkeypatch):
    dataset = read_dataset(write_beir(tmp_path / "set"))
    encoder = HashingEncoder()
    with open_library(dataset.corpus, settings, encoder) as (library, notes):
        assert library.info().articles == 3
        assert notes == ()
    moved = read_dataset(write_beir(tmp_path / "moved"))
    unread = replace(moved.corpus, articles=lambda: iter([]))
    with open_library(unread, settings, encoder) as (library, _):
        assert library.info().articles == 3
    other = replace(settings, passage_words=40)
    with open_library(moved.corpus, other, encoder) as (library, _):
        assert library.info().articles == 3
    built = [path for path in (find_cache() / "libraries").iterdir() if path.is_dir()]
    assert len(built) == 2


def test_a_build_that_was_stopped_goes_on_and_ends_the_same(tmp_path, settings):
    dataset = read_dataset(write_beir(tmp_path / "set"))
    whole = list(read_corpus(dataset))

    def break_off():
        yield from whole[:2]
        raise KeyboardInterrupt

    for stopped in (break_off, break_off):
        corpus = replace(dataset.corpus, articles=stopped)
        with pytest.raises(KeyboardInterrupt), open_library(corpus, settings, HashingEncoder()):
            pass
    with open_library(dataset.corpus, settings, HashingEncoder()) as (library, _):
        assert [item.id for item in library.articles()] == ["d1", "d2", "d3"]
        assert library.verify() == []
    left = {path.suffix for path in (find_cache() / "libraries").iterdir()}
    assert ".part" not in left


def test_a_corpus_without_articles_is_refused(tmp_path, settings):
    dataset = read_dataset(write_beir(tmp_path / "set"))
    empty = replace(dataset.corpus, articles=lambda: iter([]))
    with (
        pytest.raises(DatasetError, match="no article to search"),
        open_library(empty, settings, HashingEncoder()),
    ):
        pass


def test_documents_without_text_are_noted_and_the_rest_is_searched(tmp_path, settings):
    corpus = [{"_id": "d1", "text": "The bridge."}, {"_id": "d0", "title": "", "text": ""}]
    queries = [{"_id": "q1", "text": "What bridge?"}]
    rows = ["query-id\tcorpus-id\tscore", "q1\td1\t1"]
    folder = write_beir(tmp_path / "set", corpus, queries, test=rows)
    (run,) = run_evaluation(EvaluationOptions(folder, systems=("bm25",), settings=settings))
    assert run.metrics["nDCG@10"] == 1
    assert any("1 documents are not searched" in note for note in run.notes)


def test_ranking_only_has_no_answers(tmp_path, settings):
    options = EvaluationOptions(
        write_beir(tmp_path / "set"), systems=("bm25",), ranking_only=True, settings=settings
    )
    (run,) = run_evaluation(options)
    assert run.metrics["nDCG@10"] == 1
    assert "right" not in run.metrics
    assert "answered" not in run.metrics


def test_a_foreign_run_is_scored_and_its_gaps_are_told(tmp_path, settings):
    foreign = tmp_path / "theirs.run"
    foreign.write_text("q1 Q0 d2 1 2.0 x\nq1 Q0 d1 2 1.0 x\n")
    options = EvaluationOptions(
        write_beir(tmp_path / "set"), systems=(str(foreign),), settings=settings
    )
    (run,) = run_evaluation(options)
    assert run.name == "theirs"
    assert run.metrics["RR@10"] == pytest.approx((1 / 2 + 0) / 2)
    assert any("nothing for 2 questions" in note for note in run.notes)


def test_limits_take_the_first_or_a_repeatable_choice(tmp_path):
    dataset = read_dataset(write_beir(tmp_path / "set"))
    assert [case.id for case in choose_cases(dataset, 2, None)] == ["q1", "q2"]
    assert choose_cases(dataset, 2, 7) == choose_cases(dataset, 2, 7)
    assert choose_cases(dataset, 9, 7) == list(dataset.cases)


def test_paragraphs_are_read_without_a_library(tmp_path, settings):
    context = "Kiev fell in 1240. It rose again."
    questions = [
        {"id": "s1", "question": "When did Kiev fall?",
         "answers": [{"text": "1240", "answer_start": 13}]},
        {"id": "s2", "question": "Who won the cup?", "answers": [], "is_impossible": True},
    ]  # fmt: skip
    data = [{"title": "K", "paragraphs": [{"context": context, "qas": questions}]}]
    path = tmp_path / "squad.json"
    path.write_text(json.dumps({"data": data}))
    options = EvaluationOptions(path, mode="read", min_confidence=0.0, settings=settings)
    (run,) = run_evaluation(options)
    assert run.metrics["HasAns_total"] == run.metrics["NoAns_total"] == 1
    assert run.metrics["offsets_exact"] == 1
    assert "nDCG@10" not in run.metrics
    assert not (find_cache() / "libraries").exists()
