"""What the exact engine and the one of clusters do beyond what every engine does."""

import json
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_vectors_contract import DIMENSION, NumpyVectors, Stored, StoredClusters, unit_rows

from index.vectors import HEADER_NAME, VECTORS_NAME, import_faiss, load_vectors, save_vectors
from index.vectors.engine import Header, Ids, VectorEngine, Vectors
from index.vectors.flat import FaissVectors


@pytest.mark.parametrize("probes", [1, 3])
@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 300).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, 2**32 - 1))),
    st.integers(1, 120),
)
def test_as_many_come_back_as_the_filter_allows(probes, drawn, k):
    count, seed = drawn
    engine, exact = StoredClusters(DIMENSION), NumpyVectors(DIMENSION)
    for each in (engine, exact):
        each.add(np.arange(300), unit_rows(300))
        each.remove(range(0, 300, 7))
    random = np.random.default_rng(seed)
    allowed = np.sort(random.choice(300, count, replace=False))
    question = unit_rows(1, seed=seed)[0]
    expected, products = exact.search(question, 300, allowed)
    known = dict(zip(expected.tolist(), products.tolist(), strict=True))
    engine.nprobe = probes
    ids, scores = engine.search(question, k, allowed)
    assert len(ids) == min(k, len(expected))
    assert scores.tolist() == pytest.approx([known[row] for row in ids.tolist()], abs=2e-6)
    engine.nprobe = engine.lists
    # By score, since two rows may be so near that rounding decides which comes first.
    found = [known[row] for row in engine.search(question, k, allowed)[0].tolist()]
    assert found == pytest.approx(products[:k].tolist(), abs=2e-6)


def test_few_allowed_ids_are_all_compared():
    engine, exact = StoredClusters(DIMENSION), NumpyVectors(DIMENSION)
    for each in (engine, exact):
        each.add(np.arange(300), unit_rows(300))
    engine.nprobe, engine.few = 1, 100
    allowed = np.arange(0, 300, 3)
    for question in unit_rows(10, seed=13):
        ids, _ = engine.search(question, 20, allowed)
        assert ids.tolist() == exact.search(question, 20, allowed)[0].tolist()


def test_what_the_store_has_lost_is_never_an_answer():
    engine = StoredClusters(DIMENSION)
    engine.add(np.arange(300), unit_rows(300))
    NumpyVectors.remove(engine.stored, [42])
    assert 42 not in engine.search(unit_rows(300)[42], 299)[0]


def test_the_exact_engine_rounds_as_the_store_does():
    vectors = np.random.default_rng(3).uniform(-1, 1, (300, DIMENSION)).astype(np.float32)
    engine = FaissVectors(DIMENSION)
    engine.add(np.arange(300), vectors)
    assert np.array_equal(engine.fetch(np.arange(300)), vectors.astype(np.float16))


@pytest.fixture
def saved(tmp_path):
    engine = FaissVectors(DIMENSION)
    engine.add(np.arange(100, 400), unit_rows(300))
    save_vectors(engine, tmp_path, "me", 5)
    return tmp_path


def load_saved(folder: Path) -> tuple[VectorEngine, int]:
    loaded = load_vectors(folder, "me", DIMENSION)
    assert loaded
    return loaded


def read_nothing(ids: Ids) -> Iterable[tuple[Ids, Vectors]]:
    return ()


def test_a_saved_engine_has_its_vectors_to_the_bit_in_one_file(saved):
    engine, version = load_saved(saved)
    assert version == 5
    assert np.array_equal(engine.fetch(range(100, 400)), unit_rows(300))
    assert sorted(file.name for file in saved.iterdir()) == [VECTORS_NAME, HEADER_NAME]


def test_a_flipped_bit_anywhere_is_noticed(saved):
    file = saved / VECTORS_NAME
    content = file.read_bytes()
    for position in range(0, len(content), 997):
        damaged = bytearray(content)
        damaged[position] ^= 0x10
        file.write_bytes(damaged)
        assert load_vectors(saved, "me", DIMENSION) is None
    file.write_bytes(content)
    assert load_vectors(saved, "me", DIMENSION) is not None


@pytest.mark.parametrize("size", [0, 10, 5000])
def test_a_file_cut_short_is_not_believed(saved, size):
    file = saved / VECTORS_NAME
    file.write_bytes(file.read_bytes()[:size])
    assert load_vectors(saved, "me", DIMENSION) is None


def test_an_index_of_another_kind_is_not_believed(saved):
    faiss = import_faiss()
    flat = faiss.IndexIDMap2(faiss.IndexFlatIP(DIMENSION))
    flat.add_with_ids(unit_rows(300), np.arange(100, 400))
    file = saved / VECTORS_NAME
    faiss.write_index(flat, str(file))
    said = partial(Header, "me", 5, DIMENSION, sha256="", format=1, engine="exact", part={})
    assert FaissVectors.load(file, said(300), read_nothing) is None
    faiss.write_index(faiss.IndexFlatIP(DIMENSION), str(file))
    assert FaissVectors.load(file, said(0), read_nothing) is None


def test_saving_again_replaces_the_file(saved):
    engine, _ = load_saved(saved)
    engine.remove([100])
    save_vectors(engine, saved, "me", 6)
    again, version = load_saved(saved)
    assert (len(again), version) == (299, 6)


HEADERS = {
    "exact": "owner version dimension count sha256 format",
    "clusters": "owner version dimension count sha256 format clusters",
}
CLUSTERS = "base bytes head lists trained fresh fresh_sha256 newer present present_sha256"


@pytest.mark.parametrize("name", HEADERS)
def test_headers_stay_as_older_versions_wrote_them(tmp_path, name):
    stored = Stored(name, tmp_path)
    stored.add([7], unit_rows(1))
    save_vectors(stored.engine, tmp_path, "me", 5)
    header = json.loads((tmp_path / HEADER_NAME).read_text())
    assert list(header) == HEADERS[name].split()
    assert list(header.get("clusters", {})) in ([], CLUSTERS.split())


def test_an_exact_engine_s_header_of_an_older_version_is_believed(saved):
    file = saved / HEADER_NAME
    file.write_text(json.dumps({**json.loads(file.read_text()), "clusters": None}))
    engine, version = load_saved(saved)
    assert (len(engine), version) == (300, 5)
