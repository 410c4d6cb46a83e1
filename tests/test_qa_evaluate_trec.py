"""TREC runs, topics and qrels: written to be read back, refused with every fault and its line."""

import pytest
from evaluation import refusal, write_lines

from qa.evaluate.data.datasets import read_dataset
from qa.evaluate.data.problems import Problems
from qa.evaluate.data.trec import read_run, write_run


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
