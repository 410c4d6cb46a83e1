"""``dateline tune`` and what ``dateline info`` says of the search."""

import json

import pytest

from index.vectors import choose
from index.vectors.ivf import training


@pytest.fixture(autouse=True)
def small_sizes(monkeypatch):
    monkeypatch.setattr(choose, "EXACT_UP_TO", 40)
    monkeypatch.setattr(training, "ROUNDS", 2)


@pytest.fixture
def records(tmp_path):
    def write(count):
        file = tmp_path / "articles.jsonl"
        lines = (
            {"_id": str(n), "title": "", "text": f"The ferry to quay {n} sails {n % 9 + 2} times."}
            for n in range(count)
        )
        file.write_text("".join(json.dumps(line) + "\n" for line in lines))
        return file

    return write


def test_a_small_library_has_nothing_to_tune(dateline, records):
    dateline("add", records(30))
    called = dateline("tune")
    assert (called.code, called.out) == (
        0,
        "Nothing to tune: exact, 16-bit (FAISS): up to 40 passages all are compared.\n",
    )
    assert dateline("tune", "--json").json["tuning"] is None
    assert "up to 40 passages all are compared" in dateline("info").out


def test_a_large_library_is_tuned_to_the_recall_asked_for(dateline, records):
    dateline("add", records(60))
    assert "(wanted: 0.98)" in dateline("info").out
    called = dateline("tune", "--recall", "0.9")
    assert called.code == 0
    assert "clusters are searched: recall@10" in called.out
    assert "(wanted: 0.9)" in dateline("info").out
    tuning = dateline("tune", "--recall", "1", "--json").json["tuning"]
    assert tuning["recall_10"] == tuning["target"] == 1
    assert dateline("verify").code == 0


@pytest.mark.parametrize("recall", ["0", "-1", "1.01", "much"])
def test_a_recall_that_is_no_share_is_refused(dateline, records, recall):
    dateline("add", records(3))
    called = dateline("tune", "--recall", recall)
    assert called.code in (1, 2)
    assert called.out == ""
    assert "recall" in called.err


def test_how_vectors_are_searched_can_be_set(dateline, records, monkeypatch):
    monkeypatch.setenv("DATELINE_VECTORS", "exact")
    dateline("add", records(60))
    assert "exact, 16-bit (FAISS): the settings ask for it" in dateline("info").out
    monkeypatch.setenv("DATELINE_VECTORS", "fast")
    called = dateline("info")
    assert called.code == 1
    assert "choose auto, exact or clusters" in called.err
