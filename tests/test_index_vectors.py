"""Vector engines: one contract for each, with an exact numpy engine as the measure."""

import json
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.vectors import (
    HEADER_NAME,
    VECTORS_NAME,
    FaissVectors,
    IVFVectors,
    import_faiss,
    load_vectors,
    save_vectors,
)
from index.vectors.engine import VectorEngine
from index.vectors.ivf import inverted
from index.vectors.ivf.inverted import make_empty_like
from index.vectors.ivf.training import train_clusters

DIMENSION = 16


class NumpyVectors:
    """The exact engine in its plainest form: every product, sorted."""

    kind = "exact (numpy)"

    def __init__(self, dimension):
        self.dimension = dimension
        self.rows = {}

    def __len__(self):
        return len(self.rows)

    def ids(self):
        return np.array(sorted(self.rows), np.int64)

    def add(self, ids, vectors):
        ids = [int(row) for row in ids]
        if vectors.shape != (len(ids), self.dimension) or not np.isfinite(vectors).all():
            raise ValueError("does not fit")
        if len(set(ids)) < len(ids) or set(ids) & set(self.rows):
            raise ValueError("an id is there already")
        halves = vectors.astype(np.float16).astype(np.float32)
        self.rows.update(zip(ids, halves, strict=True))

    def remove(self, ids):
        return sum(self.rows.pop(int(row), None) is not None for row in ids)

    def search(self, vector, k, allowed=None):
        ids = self.ids() if allowed is None else np.intersect1d(self.ids(), allowed)
        if not len(ids):
            return ids, np.empty(0, np.float32)
        scores = self.fetch(ids) @ vector
        order = np.lexsort((ids, -scores))[:k]
        return ids[order], scores[order]

    def score(self, vector, ids):
        ids = np.intersect1d(self.ids(), ids)
        return ids, self.fetch(ids) @ vector

    def fetch(self, ids):
        return np.array([self.rows[int(row)] for row in ids], np.float32).reshape(
            -1, self.dimension
        )

    def agrees(self, ids, vectors):
        return np.array_equal(self.fetch(ids), vectors)


def unit_rows(count, seed=7, dimension=DIMENSION):
    vectors = np.random.default_rng(seed).standard_normal((count, dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@cache
def train_once(dimension):
    rows = np.arange(200)
    return train_clusters(rows, lambda ids: [(ids, unit_rows(200, 6, dimension)[ids])], dimension)


class StoredClusters(IVFVectors):
    """Clusters trained on other vectors, every one searched, with a store that is a dictionary."""

    def __init__(self, dimension):
        self.stored = NumpyVectors(dimension)
        empty = make_empty_like(train_once(dimension))
        super().__init__(empty, self.read_stored, name="test")
        self.nprobe = self.lists

    def read_stored(self, ids):
        found = np.intersect1d(ids, self.stored.ids())
        return [(found, self.stored.fetch(found))]

    def add(self, ids, vectors):
        super().add(ids, vectors)
        self.stored.add(ids, vectors)

    def remove(self, ids):
        self.stored.remove(ids)
        return super().remove(ids)


ENGINES: list[Callable[[int], VectorEngine]] = [NumpyVectors, FaissVectors, StoredClusters]


@pytest.fixture(autouse=True)
def many(monkeypatch):
    """Nothing here is so little that clusters are passed over, unless a test says so."""
    monkeypatch.setattr(inverted, "FEW", 0)


@pytest.fixture(params=ENGINES, ids=lambda engine: engine.__name__)
def engine(request):
    return request.param(DIMENSION)


@pytest.fixture
def filled(engine):
    engine.add(np.arange(100, 400), unit_rows(300))
    return engine


@pytest.fixture
def reference():
    exact = NumpyVectors(DIMENSION)
    exact.add(np.arange(100, 400), unit_rows(300))
    return exact


def test_every_search_agrees_with_the_exact_engine(filled, reference):
    for question in unit_rows(20, seed=8):
        ids, scores = filled.search(question, 10)
        expected, products = reference.search(question, 10)
        assert ids.tolist() == expected.tolist()
        assert np.allclose(scores, products, atol=1e-5)
        assert ids.dtype == np.int64
        assert scores.dtype == np.float32


def test_a_vector_finds_itself_first(filled):
    ids, scores = filled.search(unit_rows(300)[42], 1)
    assert ids.tolist() == [142]
    assert scores[0] == pytest.approx(1, abs=1e-3)


def test_an_empty_engine_finds_nothing(engine):
    ids, scores = engine.search(unit_rows(1)[0], 5)
    assert (len(ids), len(scores), len(engine)) == (0, 0, 0)


def test_more_than_there_are_gives_all(filled):
    assert len(filled.search(unit_rows(1)[0], 1000)[0]) == 300


def test_equal_scores_come_in_the_order_of_ids(engine):
    same = np.repeat(unit_rows(1), 12, axis=0)
    engine.add([31, 5, 12, 99, 7, 8, 1, 40, 41, 42, 43, 44], same)
    ids, _ = engine.search(same[0], 4)
    assert ids.tolist() == [1, 5, 7, 8]


def test_a_filter_gives_the_best_among_the_allowed(filled, reference):
    allowed = np.array([101, 150, 151, 222, 399])
    for question in unit_rows(5, seed=9):
        ids, _ = filled.search(question, 3, allowed)
        assert ids.tolist() == reference.search(question, 3, allowed)[0].tolist()


def test_a_filter_may_name_ids_that_are_not_there(filled):
    allowed = np.array([3, 101, 5000])
    assert filled.search(unit_rows(1)[0], 10, allowed)[0].tolist() == [101]


def test_scores_of_given_ids_are_those_of_a_search(filled):
    question = unit_rows(1, seed=12)[0]
    found = dict(zip(*map(np.ndarray.tolist, filled.search(question, 300)), strict=True))
    ids, scores = filled.score(question, np.array([3, 101, 222, 399, 5000]))
    assert ids.tolist() == [101, 222, 399]
    assert scores == pytest.approx([found[row] for row in ids.tolist()], abs=2e-6)


def test_an_empty_filter_gives_nothing(filled):
    assert len(filled.search(unit_rows(1)[0], 10, np.empty(0, np.int64))[0]) == 0


def test_what_was_removed_is_not_found(filled):
    assert filled.remove([142, 143, 9999]) == 2
    assert len(filled) == 298
    assert not {142, 143} & set(filled.ids().tolist())
    ids, _ = filled.search(unit_rows(300)[42], 298)
    assert not {142, 143} & set(ids.tolist())
    with pytest.raises(KeyError):
        filled.fetch([142])


def test_what_is_left_after_a_removal_keeps_its_vectors(filled, reference):
    filled.remove(range(100, 400, 3))
    left = filled.ids()
    assert np.array_equal(filled.fetch(left), reference.fetch(left))


def test_an_id_cannot_be_given_twice(filled):
    with pytest.raises(ValueError, match="already"):
        filled.add([100], unit_rows(1))
    with pytest.raises(ValueError, match="already"):
        filled.add([900, 900], unit_rows(2))
    assert len(filled) == 300


@pytest.mark.parametrize(
    "vectors",
    [unit_rows(3), unit_rows(2, dimension=8), np.full((2, DIMENSION), np.nan, np.float32)],
)
def test_vectors_that_do_not_fit_are_refused(engine, vectors):
    with pytest.raises(ValueError, match=r"fit|finite"):
        engine.add([1, 2], vectors)
    assert len(engine) == 0


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(1, 40)), max_size=40), st.integers(1, 50))
def test_any_order_of_changes_leaves_all_engines_alike(steps, k):
    exact, *others = (make(DIMENSION) for make in ENGINES)
    vectors = unit_rows(41)
    for adding, row in steps:
        present = row in exact.ids()
        for each in (exact, *others):
            if not adding:
                assert each.remove([row]) == present
            elif not present:
                each.add([row], vectors[row : row + 1])
    question = unit_rows(1, seed=11)[0]
    for other in others:
        assert other.ids().tolist() == exact.ids().tolist()
        assert other.search(question, k)[0].tolist() == exact.search(question, k)[0].tolist()


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


def test_few_allowed_ids_are_all_compared(monkeypatch):
    monkeypatch.setattr(inverted, "FEW", 100)
    engine, exact = StoredClusters(DIMENSION), NumpyVectors(DIMENSION)
    for each in (engine, exact):
        each.add(np.arange(300), unit_rows(300))
    engine.nprobe = 1
    allowed = np.arange(0, 300, 3)
    for question in unit_rows(10, seed=13):
        ids, _ = engine.search(question, 20, allowed)
        assert ids.tolist() == exact.search(question, 20, allowed)[0].tolist()


def test_what_the_store_has_lost_is_never_an_answer():
    engine = StoredClusters(DIMENSION)
    engine.add(np.arange(300), unit_rows(300))
    NumpyVectors.remove(engine.stored, [42])
    assert 42 not in engine.search(unit_rows(300)[42], 299)[0]


def test_an_engine_tells_its_vectors_from_others():
    for make in ENGINES:
        engine = make(DIMENSION)
        engine.add(np.arange(300), unit_rows(300))
        stored = unit_rows(300).astype(np.float16).astype(np.float32)
        assert engine.agrees(np.arange(50, 90), stored[50:90])
        assert not engine.agrees(np.arange(50, 90), stored[51:91])


@pytest.fixture
def saved(tmp_path):
    engine = FaissVectors(DIMENSION)
    engine.add(np.arange(100, 400), unit_rows(300))
    save_vectors(engine, tmp_path, "me", 5)
    return tmp_path


def load_saved(folder):
    loaded = load_vectors(folder, "me", DIMENSION)
    assert loaded
    return loaded


def test_a_saved_engine_comes_back(saved, reference):
    engine, version = load_saved(saved)
    assert version == 5
    assert np.array_equal(engine.fetch(engine.ids()), reference.fetch(reference.ids()))
    engine.remove([100])
    engine.add([1000], unit_rows(1))
    assert len(engine) == 300
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


def test_another_library_s_file_is_not_believed(saved):
    assert load_vectors(saved, "somebody else", DIMENSION) is None
    assert load_vectors(saved, "me", DIMENSION * 2) is None


@pytest.mark.parametrize("missing", [VECTORS_NAME, HEADER_NAME])
def test_half_of_the_pair_is_not_believed(saved, missing):
    (saved / missing).unlink()
    assert load_vectors(saved, "me", DIMENSION) is None


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"count": 299},
        {"count": -1},
        {"version": "5"},
        {"dimension": True},
        {"sha256": None},
        {"surprise": 1},
    ],
)
def test_a_header_that_is_not_ours_is_not_believed(saved, change):
    file = saved / HEADER_NAME
    file.write_text(json.dumps({**json.loads(file.read_text()), **change}))
    assert load_vectors(saved, "me", DIMENSION) is None


def test_a_header_that_is_no_object_is_not_believed(saved):
    for text in ("", "[]", "null", "{", '"x"'):
        (saved / HEADER_NAME).write_text(text)
        assert load_vectors(saved, "me", DIMENSION) is None


def test_an_index_of_another_kind_is_not_believed(saved):
    faiss = import_faiss()
    flat = faiss.IndexIDMap2(faiss.IndexFlatIP(DIMENSION))
    flat.add_with_ids(unit_rows(300), np.arange(100, 400))
    file = saved / VECTORS_NAME
    faiss.write_index(flat, str(file))
    assert FaissVectors.read(file, DIMENSION, 300) is None
    faiss.write_index(faiss.IndexFlatIP(DIMENSION), str(file))
    assert FaissVectors.read(file, DIMENSION, 0) is None


def test_saving_again_replaces_the_file(saved):
    engine, _ = load_saved(saved)
    engine.remove([100])
    save_vectors(engine, saved, "me", 6)
    again, version = load_saved(saved)
    assert (len(again), version) == (299, 6)
