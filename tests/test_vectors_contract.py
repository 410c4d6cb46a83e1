"""What every vector engine of the table does, measured by an exact one in numpy."""

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.extensions import ENGINES
from index.vectors import HEADER_NAME, load_vectors, save_vectors
from index.vectors.choose import load_engine
from index.vectors.engine import round_halves
from index.vectors.files import read_header
from index.vectors.ivf import inverted, training
from index.vectors.ivf.inverted import IVFVectors
from index.vectors.ivf.parts import make_empty_like
from index.vectors.ivf.training import train_clusters

DIMENSION = 16


class NumpyVectors:
    """The exact engine in its plainest form: every product, sorted."""

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
        self.rows.update(zip(ids, vectors, strict=True))

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

    def read(self, ids):
        """What a store gives: the vectors of those of the ids that are there."""
        found = np.intersect1d(ids, self.ids())
        return [(found, self.fetch(found))]


def unit_rows(count, seed=7, dimension=DIMENSION):
    """Vectors as the store gives them: of about unit length, and halves."""
    vectors = np.random.default_rng(seed).standard_normal((count, dimension)).astype(np.float32)
    return round_halves(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


class Stored:
    """An engine of the table, and the store that it may read from, changed together."""

    def __init__(self, name, folder):
        self.stored = NumpyVectors(DIMENSION)
        self.engine = self.make(name, folder)

    def make(self, name, folder):
        """The engine, empty; one that is trained was trained with vectors that then went."""
        kind = load_engine(name)
        if not kind.trained_from:
            return kind(DIMENSION)
        rows = np.arange(10_000, 10_200)
        self.stored.add(rows, unit_rows(200, seed=6))
        engine = kind.train(
            rows, self.stored.read, DIMENSION, folder, lambda: None, lambda ids, vectors: None
        )
        assert engine.remove(rows) == self.stored.remove(rows) == 200
        return engine

    def add(self, ids, vectors):
        self.engine.add(ids, vectors)
        self.stored.add(ids, vectors)

    def remove(self, ids):
        self.stored.remove(ids)
        return self.engine.remove(ids)

    def __len__(self):
        return len(self.engine)

    def __getattr__(self, name):
        return getattr(self.engine, name)


@cache
def train_once(dimension):
    rows = np.arange(200)
    return train_clusters(rows, lambda ids: [(ids, unit_rows(200, 6, dimension)[ids])], dimension)


class StoredClusters(IVFVectors):
    """Clusters searched however few vectors there are, with a store that is a dictionary."""

    few = 0

    def __init__(self, dimension):
        self.stored = NumpyVectors(dimension)
        super().__init__(make_empty_like(train_once(dimension)), self.stored.read)
        self.nprobe = self.lists

    def add(self, ids, vectors):
        super().add(ids, vectors)
        self.stored.add(ids, vectors)

    def remove(self, ids):
        self.stored.remove(ids)
        return super().remove(ids)

    def search(self, vector, k, allowed=None):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(inverted, "FEW", self.few)
            return super().search(vector, k, allowed)


TABLE = [*ENGINES, "numpy"]
EVERY = ["the reference", *TABLE, "clusters, however few"]


def read_example():
    """The engine of the documentation, which puts itself into the table."""
    text = (Path(__file__).parent.parent / "docs" / "extending.md").read_text("utf-8")
    blocks = (block.split("```")[0] for block in text.split("```python\n")[1:])
    (example,) = (block for block in blocks if "ENGINES" in block)
    names = {"__name__": "example"}
    exec(example, names)
    return names["NumpyVectors"]


@pytest.fixture(autouse=True, scope="module")
def example():
    """The engine of the documentation, in the table for these tests alone."""
    read_example()
    yield
    del ENGINES["numpy"]


def make_engine(name, folder):
    if name == "the reference":
        return NumpyVectors(DIMENSION)
    return StoredClusters(DIMENSION) if name not in TABLE else Stored(name, folder)


@pytest.fixture(autouse=True)
def short_training(monkeypatch):
    monkeypatch.setattr(training, "ROUNDS", 2)


@pytest.fixture(params=EVERY)
def engine(request, tmp_path):
    return make_engine(request.param, tmp_path)


@pytest.fixture(params=EVERY, scope="module")
def lasting(request, tmp_path_factory):
    return make_engine(request.param, tmp_path_factory.mktemp("lasting"))


@pytest.fixture
def filled(engine):
    engine.add(np.arange(100, 400), unit_rows(300))
    return engine


@pytest.fixture
def reference():
    exact = NumpyVectors(DIMENSION)
    exact.add(np.arange(100, 400), unit_rows(300))
    return exact


# --- searching ---


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


def test_an_empty_filter_gives_nothing(filled):
    assert len(filled.search(unit_rows(1)[0], 10, np.empty(0, np.int64))[0]) == 0


def test_scores_of_given_ids_are_those_of_a_search(filled):
    question = unit_rows(1, seed=12)[0]
    found = dict(zip(*map(np.ndarray.tolist, filled.search(question, 300)), strict=True))
    ids, scores = filled.score(question, np.array([3, 101, 222, 399, 5000]))
    assert ids.tolist() == [101, 222, 399]
    assert scores == pytest.approx([found[row] for row in ids.tolist()], abs=2e-6)


# --- changing ---


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


def test_an_id_that_was_removed_may_come_again_with_another_vector(filled):
    filled.remove([142])
    filled.add([142], unit_rows(1, seed=99))
    assert filled.search(unit_rows(1, seed=99)[0], 1)[0].tolist() == [142]
    assert filled.search(unit_rows(300)[42], 1)[0].tolist() != [142]
    assert len(filled) == 300


def test_an_id_cannot_be_given_twice(filled):
    with pytest.raises(ValueError, match="already"):
        filled.add([100], unit_rows(1))
    with pytest.raises(ValueError, match="already"):
        filled.add([900, 900], unit_rows(2))
    assert len(filled) == 300


@pytest.mark.parametrize(
    "vectors",
    [unit_rows(3), unit_rows(2, dimension=8), np.full((2, DIMENSION), np.nan, np.float32)],
    ids=["another number", "another dimension", "not finite"],
)
def test_vectors_that_do_not_fit_are_refused(engine, vectors):
    with pytest.raises(ValueError, match=r"fit|finite"):
        engine.add([1, 2], vectors)
    assert len(engine) == 0


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(1, 40)), max_size=40), st.integers(1, 50))
def test_any_order_of_changes_leaves_every_engine_as_the_exact_one(lasting, steps, k):
    lasting.remove(lasting.ids())
    exact = NumpyVectors(DIMENSION)
    vectors = unit_rows(41)
    for adding, row in steps:
        present = row in exact.ids()
        for each in (exact, lasting):
            if not adding:
                assert each.remove([row]) == present
            elif not present:
                each.add([row], vectors[row : row + 1])
    question = unit_rows(1, seed=11)[0]
    assert lasting.ids().tolist() == exact.ids().tolist()
    assert lasting.search(question, k)[0].tolist() == exact.search(question, k)[0].tolist()


# --- saving and loading ---


@pytest.fixture(params=TABLE)
def stored(request, tmp_path):
    engine = Stored(request.param, tmp_path)
    engine.add(np.arange(100, 400), unit_rows(300))
    save_vectors(engine.engine, tmp_path, "me", 5)
    return engine


def load(stored, folder, owner="me", dimension=DIMENSION):
    return load_vectors(folder, owner, dimension, stored.stored.read)


def test_a_saved_engine_comes_back_and_goes_on(stored, reference, tmp_path):
    for version in (5, 6):
        engine, loaded = load(stored, tmp_path)
        assert (loaded, engine.name, engine.dimension) == (version, stored.name, DIMENSION)
        assert engine.ids().tolist() == reference.ids().tolist()
        for question in unit_rows(5, seed=8):
            found, expected = engine.search(question, 20), reference.search(question, 20)
            assert found[0].tolist() == expected[0].tolist()
        for each in (engine, stored.stored, reference):
            each.remove([100 + version])
            each.add([1000 + version], unit_rows(1, seed=version))
        save_vectors(engine, tmp_path, "me", version + 1)


def test_an_engine_tells_its_vectors_from_others(stored, tmp_path):
    vectors = unit_rows(300)
    for engine in (stored, load(stored, tmp_path)[0]):
        assert engine.agrees(np.arange(150, 190), vectors[50:90])
        assert not engine.agrees(np.arange(150, 190), vectors[51:91])


def test_nothing_but_the_files_of_the_header_is_left(stored, tmp_path):
    stored.remove([100])
    save_vectors(stored.engine, tmp_path, "me", 6)
    header = read_header(tmp_path / HEADER_NAME)
    assert header
    assert header.files | {HEADER_NAME} == {file.name for file in tmp_path.iterdir()}


def test_an_engine_can_be_saved_without_a_vector(stored, tmp_path):
    stored.remove(stored.ids())
    save_vectors(stored.engine, tmp_path, "me", 6)
    assert len(load(stored, tmp_path)[0]) == 0


@pytest.mark.parametrize("damage", ["flip", "cut", "empty", "lose"])
def test_a_damaged_file_is_not_believed(stored, tmp_path, damage):
    header = read_header(tmp_path / HEADER_NAME)
    assert header
    for name in sorted(header.files | {HEADER_NAME}):
        file = tmp_path / name
        content = file.read_bytes()
        changed = {
            "flip": bytes([content[0] ^ 0x10]) + content[1:],
            "cut": content[: len(content) // 2],
            "empty": b"",
            "lose": b"",
        }[damage]
        file.write_bytes(changed)
        if damage == "lose":
            file.unlink()
        assert load(stored, tmp_path) is None, name
        file.write_bytes(content)
        assert load(stored, tmp_path) is not None, name


def test_another_library_s_file_is_not_believed(stored, tmp_path):
    assert load(stored, tmp_path, owner="somebody else") is None
    assert load(stored, tmp_path, dimension=DIMENSION * 2) is None


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"count": 299},
        {"count": -1},
        {"version": "5"},
        {"dimension": True},
        {"sha256": None},
        {"sha256": "0" * 64},
        {"surprise": 1},
        {"an engine that is gone": {}},
        {"exact": {}, "clusters": {}},
        {"clusters": {"base": "../vectors.faiss"}},
        {"clusters": {"base": ["vectors.faiss"]}},
        {"clusters": []},
    ],
    ids=str,
)
def test_a_header_that_is_not_ours_is_not_believed(stored, tmp_path, change):
    file = tmp_path / HEADER_NAME
    file.write_text(json.dumps({**json.loads(file.read_text()), **change}))
    assert load(stored, tmp_path) is None


def test_a_header_that_is_no_object_is_not_believed(stored, tmp_path):
    for text in ("", "[]", "null", "{", '"x"', "{}"):
        (tmp_path / HEADER_NAME).write_text(text)
        assert load(stored, tmp_path) is None


@pytest.mark.parametrize("other", TABLE)
def test_one_engine_s_file_is_not_taken_for_another_s(stored, tmp_path, other):
    if other == stored.name:
        return
    file = tmp_path / HEADER_NAME
    header = json.loads(file.read_text())
    part = header.pop(stored.name, {})
    file.write_text(json.dumps({**header, other: part}))
    assert load(stored, tmp_path) is None


def test_every_row_of_the_table_has_a_class_that_knows_its_name():
    for name in TABLE:
        assert (load_engine(name).name, bool(load_engine(name).kind)) == (name, True)
