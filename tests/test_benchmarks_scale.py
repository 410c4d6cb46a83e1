"""The scale benchmark grows, opens and asks libraries, and says of them what is so."""

import json
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from benchmarks import scale
from benchmarks.growing import grow_library, take_texts
from benchmarks.measuring import say_where
from benchmarks.scale_alone import measure_alone
from index import Library
from index.encoding.encoders import load_encoder
from index.settings import Settings

SETTINGS = Settings(encoder="test", system="hybrid")
TOWNS = ("Oslo", "Bergen", "Tromsø", "Narvik", "Bodø", "Molde")
TEXTS = [
    f"The {kind} of {TOWNS[n % len(TOWNS)]} opened in {1900 + n} and carries {n * 7} people a day."
    for n, kind in enumerate(["ferry", "bridge", "tunnel"] * 50)
]


@pytest.fixture(scope="module")
def encoder():
    return load_encoder(SETTINGS)


@pytest.fixture(scope="module")
def work(tmp_path_factory, encoder):
    """Libraries of 60 and 150 passages."""
    folder = tmp_path_factory.mktemp("work")
    vectors = encoder.encode_passages(TEXTS)
    assert not grow_library(folder, [60, 150], TEXTS, vectors, SETTINGS, seconds=0)
    assert grow_library(folder, [60, 150], TEXTS, vectors, SETTINGS)
    return folder


@pytest.fixture(scope="module")
def questions(encoder):
    asked = ["When did the ferry of Oslo open?", "Which tunnel opened in 1950?", "Narvik bridge"]
    return list(zip(asked, encoder.encode_questions(asked), strict=True))


def test_passages_beyond_the_real_ones_are_made_of_their_words():
    texts = take_texts(TEXTS[:10], 5, 30)
    assert texts[:5] == TEXTS[5:10]
    assert texts[5:] == take_texts(TEXTS[:10], 10, 30)
    assert {word for text in texts for word in text.split()} <= set(" ".join(TEXTS[:10]).split())
    assert set(texts[5:]) - set(TEXTS)


def test_a_grown_library_is_as_one_that_was_added(work):
    record = json.loads((work / "150.json").read_text("utf-8"))
    assert (record["passages"], record["articles"], record["real_texts"]) == (150, 15, 150)
    files = [file for file in (work / "150").rglob("*") if file.is_file()]
    assert sum(record["bytes"].values()) == sum(file.stat().st_size for file in files)
    assert record["bytes"].pop("replaced") == 0
    assert min(record["bytes"].values()) > 0
    with Library.open(work / "60", settings=SETTINGS) as library:
        assert library.info().passages == 60
        # The digests of these articles are their names.
        assert [problem for problem in library.verify() if "digest" not in problem] == []
        hit = library.search(TEXTS[42], 1, system="bm25")[0]
        assert hit.passage.text == TEXTS[42]


def test_each_size_and_engine_is_asked_and_written_down(work, questions, tmp_path, monkeypatch):
    monkeypatch.setattr(scale, "FEWEST_CLUSTERED", 100)
    sizes = (60, 150)
    opened = {size: scale.open_both(work / str(size), SETTINGS, questions) for size in sizes}
    asked = scale.ask_all(opened, questions, 2, {"ask": "hybrid"})
    for item in opened.values():
        item.library.close()
    assert asked[60]["recall_10"] == {"exact": 1.0}
    assert asked[150]["recall_10"]["exact"] == 1.0
    assert 0.5 < asked[150]["recall_10"]["clusters"] <= 1.0
    counts = {name: times["measured"] for name, times in asked[150]["times"].items()}
    assert counts == {"exact": 3, "clusters": 3, "bm25": 3, "hybrid": 3, "ask": 2}

    records = [
        json.loads((work / f"{size}.json").read_text("utf-8"))
        | {"real_vectors": size, "cold": scale.open_cold(work / str(size), questions, SETTINGS)}
        | {"engine": opened[size].own, "tuned": opened[size].tuned}
        | asked[size]
        | say_where()
        for size in sizes
    ]
    assert records[0]["cold"]["open_ms"] > 0
    scale.write_results("libraries", records, tmp_path)
    scale.write_results("libraries", records[1:], tmp_path)
    known = json.loads((tmp_path / "scale.json").read_text("utf-8"))
    assert [item["passages"] for item in known["libraries"]] == [60, 150]
    table = (tmp_path / "scale.md").read_text("utf-8")
    assert f"{opened[150].tuned['probes']} of {opened[150].tuned['lists']}" in table
    plot = ElementTree.fromstring((tmp_path / "scale.svg").read_text("utf-8"))
    assert len(plot.findall(".//{http://www.w3.org/2000/svg}circle")) == 9


def test_vectors_alone_are_measured_against_exact_search(tmp_path):
    random = np.random.default_rng(0)
    rows = random.normal(size=(1200, 32)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    questions = [(str(n), rows[n * 10] + random.normal(size=32) * 0.05) for n in range(40)]
    questions = [(name, (row / np.linalg.norm(row)).astype(np.float32)) for name, row in questions]
    (record,) = measure_alone(rows.astype(np.float16), questions, tmp_path)
    assert record["passages"] == 1200
    assert record["recall_10"]["exact"] == 1.0
    assert record["recall_10"]["clusters"] > 0.9
    assert record["times"]["clusters"]["measured"] == 20
    assert list(tmp_path.iterdir()) == []
