"""Data sets are read whole or refused with every problem, each with its file and line."""

import contextlib
import gzip
import json
from pathlib import Path

import pytest
from evaluation import CORPUS, QRELS, QUERIES, write_beir, write_lines
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.errors import DatasetError
from index.types import Article
from qa.evaluate.data.cases import append_case, check_spans, read_questions
from qa.evaluate.data.datasets import read_dataset
from qa.evaluate.data.problems import Problems
from qa.evaluate.data.records import Corpus, question_kind
from qa.evaluate.data.squad import read_squad, write_predictions
from qa.evaluate.data.trec import read_run, write_run
from qa.evaluate.runs import load_run
from qa.types import Answer

NAMES = st.sampled_from(
    ["_id", "id", "text", "title", "question", "answers", "accept", "date", "data", "metadata",
     "paragraphs", "context", "qas", "answer_start", "about", "dataset", "digest", "results"]
)  # fmt: skip
NOTHING = Corpus(digest="none")


def refusal(call, *arguments, **options) -> list[str]:
    """The lines of the error that the call raises."""
    with pytest.raises(DatasetError) as caught:
        call(*arguments, **options)
    return str(caught.value).splitlines()


# --- BEIR ---


def test_a_beir_folder_gives_questions_grades_and_whole_documents(tmp_path):
    dataset = read_dataset(write_beir(tmp_path / "set"))
    articles = list(dataset.corpus.articles())

    assert [case.id for case in dataset.cases] == ["q1", "q2", "q3"]
    assert dataset.cases[0].relevant == {"d1": 2, "d2": 0}
    assert [article.id for article in articles] == ["d1", "d2", "d3"]
    assert articles[0].title == "Harbour"
    assert articles[2].title == ""
    assert dataset.corpus.whole
    assert dataset.split == "test"


def test_a_query_without_judgement_is_unanswerable_where_there_is_one_split(tmp_path):
    dataset = read_dataset(write_beir(tmp_path / "set"))
    assert [case.answerable for case in dataset.cases] == [True, True, False]
    assert dataset.notes == ("1 questions have no judgement and count as unanswerable.",)


def test_queries_of_other_splits_are_left_out_and_counted(tmp_path):
    folder = write_beir(tmp_path / "set", train=[QRELS[0], QRELS[3]], test=QRELS[:2])
    dataset = read_dataset(folder)
    assert [case.id for case in dataset.cases] == ["q1"]
    assert "2 queries" in dataset.notes[0]


def test_metadata_can_say_that_nothing_answers_in_a_set_of_many_splits(tmp_path):
    queries = [*QUERIES[:2], {**QUERIES[2], "metadata": {"answerable": False}}]
    folder = write_beir(
        tmp_path / "set", queries=queries, train=[QRELS[0], QRELS[3]], test=QRELS[:2]
    )
    assert [case.id for case in read_dataset(folder).cases] == ["q1", "q3"]


def test_a_split_can_be_chosen_and_an_unknown_one_is_refused(tmp_path):
    folder = write_beir(tmp_path / "set", train=[QRELS[0], QRELS[3]], test=QRELS[:2])
    assert [case.id for case in read_dataset(folder, split="train").cases] == ["q2"]
    assert "it has test, train" in refusal(read_dataset, folder, split="dev")[0]


def test_a_compressed_corpus_is_read(tmp_path):
    folder = write_beir(tmp_path / "set")
    plain = folder / "corpus.jsonl"
    (folder / "corpus.jsonl.gz").write_bytes(gzip.compress(plain.read_bytes()))
    plain.unlink()
    assert read_dataset(folder).corpus.ids == {"d1", "d2", "d3"}


def test_the_digest_follows_the_content_and_not_the_place(tmp_path):
    first = read_dataset(write_beir(tmp_path / "one"))
    second = read_dataset(write_beir(tmp_path / "two"))
    other = read_dataset(
        write_beir(tmp_path / "three", corpus=[*CORPUS[:2], {**CORPUS[2], "text": "x"}])
    )
    assert first.digest == second.digest
    assert first.digest != other.digest


def test_all_problems_of_a_folder_are_told_at_once(tmp_path):
    folder = write_beir(
        tmp_path / "set",
        corpus=[*CORPUS, CORPUS[0], "{broken", {"_id": "d9"}],
        queries=[*QUERIES, {"_id": "q1", "text": "again?"}, {"_id": "q8", "text": " "}, ["list"]],
        test=[*QRELS, "q1\td7\t1", "q7\td1\t1", "q1\td1\t1", "q1 d1 1", "q2\td1\tx"],
    )
    lines = refusal(read_dataset, folder)
    told = {line.removeprefix(f"{folder}/").split(": ", 1)[0] for line in lines[1:]}
    assert lines[0] == "11 problems:"
    assert told == {
        "corpus.jsonl:4",
        "corpus.jsonl:5",
        "corpus.jsonl:6",
        "queries.jsonl:4",
        "queries.jsonl:5",
        "queries.jsonl:6",
        "qrels/test.tsv:5",
        "qrels/test.tsv:6",
        "qrels/test.tsv:7",
        "qrels/test.tsv:8",
        "qrels/test.tsv:9",
    }


def test_qrels_without_their_header_row_are_refused(tmp_path):
    folder = write_beir(tmp_path / "set", test=QRELS[1:])
    lines = refusal(read_dataset, folder)
    assert lines == [
        f"{folder}/qrels/test.tsv:1: the header row is missing; "
        "add query-id<TAB>corpus-id<TAB>score as first line."
    ]


def test_another_header_row_is_one_problem(tmp_path):
    folder = write_beir(tmp_path / "set", test=["qid\tdocid\trelevance", *QRELS[1:]])
    lines = refusal(read_dataset, folder)
    assert len(lines) == 1
    assert "test.tsv:1: the header row is 'qid\\tdocid\\trelevance'" in lines[0]


def test_qrels_without_a_row_are_refused(tmp_path):
    folder = write_beir(tmp_path / "set", test=QRELS[:1])
    assert "there is no judgement in it" in refusal(read_dataset, folder)[0]


def test_a_folder_without_queries_or_without_questions_is_refused(tmp_path):
    folder = write_beir(tmp_path / "set")
    (folder / "queries.jsonl").write_text("")
    assert any("there is no question in it" in line for line in refusal(read_dataset, folder))
    (folder / "queries.jsonl").unlink()
    assert "has no queries.jsonl" in refusal(read_dataset, folder)[0]


def test_past_fifty_problems_the_rest_is_counted():
    problems = Problems()
    for line in range(60):
        problems.add(Path("qrels.tsv"), line + 1, "is wrong.")
    lines = refusal(problems.raise_any)
    assert lines[0] == "60 problems:"
    assert len(lines) == 52
    assert "10 more" in lines[-1]


def test_a_line_that_is_not_utf8_is_told(tmp_path):
    folder = write_beir(tmp_path / "set")
    with (folder / "corpus.jsonl").open("ab") as stream:
        stream.write(b'{"_id": "d5", "text": "\xff"}\n')
    assert "corpus.jsonl:4: is not UTF-8" in refusal(read_dataset, folder)[0]


# --- SQuAD ---


def squad(tmp_path: Path, *questions: dict, context: str = "Kiev fell in 1240. It rose.") -> Path:
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
    article = next(iter(dataset.corpus.articles()))
    assert isinstance(article, Article)
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


# --- TREC ---


def test_a_run_is_written_so_that_it_reads_back_the_same(tmp_path):
    path = tmp_path / "out.run"
    write_run(path, {"q 1": [("my file.txt", 0.5), ("100%", 0.5)]}, "my system")
    assert all(len(line.split()) == 6 for line in path.read_text().splitlines())
    problems = Problems()
    read = read_run(path, frozenset(["q 1"]), frozenset(["my file.txt", "100%"]), problems)
    assert not problems.found
    assert [name for name, _ in read["q 1"]] == ["my file.txt", "100%"]


def test_every_fault_of_a_run_is_told_with_its_line(tmp_path):
    path = write_lines(
        tmp_path / "bad.run",
        [
            "q1 Q0 d1 1 0.9 x",
            "q1 Q0 d1 2 0.8 x",
            "q1 Q0 d2 2 0.7 x",
            "q1 Q0 d3 1 0.6 x",
            "q2 Q0 d1 1 nan x",
            "q2 Q0 d2 2 0.1 x",
            "q2 Q0 d3 3 0.5 x",
            "q9 Q0 d1 1 0.5 x",
            "q2 Q0 d9 4 0.1 x",
            "q2 Q0 d4",
            "q2 Q0 d4 five 0.1 x",
        ],
    )
    problems = Problems()
    known = frozenset(["d1", "d2", "d3", "d4"])
    read_run(path, frozenset(["q1", "q2"]), known, problems)
    told = [(int(line.split(":")[1]), line.split(": ", 1)[1]) for line in problems.found]
    expected = [
        (2, "ranked twice"),
        (3, "rank 2 is given twice"),
        (4, "rank 1 follows rank 2"),
        (5, "not a finite number"),
        (7, "above the 0.1 of a better rank"),
        (8, "not one of the data's questions"),
        (9, "not in the corpus"),
        (10, "not the 6 of a TREC run"),
        (11, "is no number"),
    ]
    assert [line for line, _ in told] == [line for line, _ in expected]
    for (_, sentence), (_, words) in zip(told, expected, strict=True):
        assert words in sentence


@pytest.mark.parametrize(
    "topics",
    [
        ["301\tWhat reopened?", "302\tWho won?"],
        ["<top>", "<num> Number: 301", "<title> What reopened?", "</top>", "<top>",
         "<num> Number: 302", "<title> Topic: Who won?", "<desc> d", "</top>"],
    ],
)  # fmt: skip
def test_trec_topics_and_qrels_are_read(tmp_path, topics):
    folder = tmp_path / "trec"
    write_lines(folder / "topics.txt", topics)
    write_lines(folder / "qrels.txt", ["301 0 a.txt 2", "301 0 b.txt 0"])
    articles = tmp_path / "articles"
    write_lines(articles / "a.txt", ["The bridge reopened."])
    first, second = read_dataset(folder, articles=articles).cases
    assert (first.id, first.question, first.relevant) == (
        "301",
        "What reopened?",
        {"a.txt": 2, "b.txt": 0},
    )
    assert (second.question, second.answerable) == ("Who won?", False)


def test_trec_qrels_of_an_unknown_topic_are_refused(tmp_path):
    folder = tmp_path / "trec"
    write_lines(folder / "topics.tsv", ["301\tWhat reopened?"])
    write_lines(folder / "qrels.txt", ["301 0 a.txt 1", "999 0 a.txt 1", "301 0 a.txt"])
    articles = write_lines(tmp_path / "articles" / "a.txt", ["The bridge."]).parent
    lines = refusal(read_dataset, folder, articles=articles)
    assert "qrels.txt:3: has 3 columns" in lines[1]
    assert "qrels.txt:2: query '999'" in lines[2]


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
