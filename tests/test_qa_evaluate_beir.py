"""BEIR folders are read whole or refused with every problem, each with its file and line."""

import gzip
from pathlib import Path

from evaluation import CORPUS, QRELS, QUERIES, read_corpus, refusal, write_beir

from qa.evaluate.data.datasets import read_dataset
from qa.evaluate.data.problems import Problems


def test_a_beir_folder_gives_questions_grades_and_whole_documents(tmp_path):
    dataset = read_dataset(write_beir(tmp_path / "set"))
    articles = list(read_corpus(dataset))

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
    assert read_dataset(folder).corpus.ids == frozenset({"d1", "d2", "d3"})


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
