"""A vector engine that is added from outside: one class and one row."""

import json
import re

import numpy as np
import pytest
from test_vectors_contract import read_example

from index import Article, Library, LibraryError, SettingsError, extensions
from index.settings import Settings
from index.vectors import HEADER_NAME, VECTORS_NAME, VectorEngine

ARTICLES = [
    Article("ferry.txt", "", "The ferry of Oslo sails again after two years."),
    Article("bridge.txt", "", "The bridge of Bergen is closed until Friday."),
    Article("tram.txt", "", "Trams return to the old town after sixty years."),
]


def searched_by(engine):
    return Settings(encoder="test", vectors=engine)


@pytest.fixture(autouse=True)
def engine(monkeypatch):
    """The class of the example, in the table for one test alone."""
    for name in ("numpy", "trained"):
        monkeypatch.setitem(extensions.ENGINES, name, None)
        del extensions.ENGINES[name]
    return read_example()


@pytest.fixture
def folder(tmp_path):
    with Library.open(tmp_path / "library", settings=searched_by("numpy"), create=True) as library:
        library.add(ARTICLES)
    return tmp_path / "library"


def find(library, question="the ferry of Oslo"):
    hits = library.search(question, 5, system="dense")
    return [(hit.article.id, pytest.approx(hit.score, abs=1e-5)) for hit in hits]


def engine_of(library):
    library.search("ferry", 1, system="dense")
    return library._caches.vectors.engine


def read_header(folder):
    return json.loads((folder / HEADER_NAME).read_text())


def test_a_library_is_searched_by_the_engine_of_the_documentation(folder, engine, tmp_path):
    with (
        Library.open(folder, settings=searched_by("numpy")) as library,
        Library.open(tmp_path / "exact", settings=searched_by("exact"), create=True) as reference,
    ):
        reference.add(ARTICLES)
        assert isinstance(engine_of(library), engine)
        assert find(library) == find(reference)
        assert find(library)[0][0] == "ferry.txt"
        assert library.info().vectors == "exact, 32-bit (numpy): the settings ask for it"
        assert library.verify() == []


def test_what_is_changed_is_there_when_the_library_is_opened_again(folder, engine):
    with Library.open(folder, settings=searched_by("numpy")) as library:
        library.remove(["tram.txt"])
        library.add([Article("quay.txt", "", "The quay of Molde is rebuilt in stone.")])
        found = find(library)
        version = library._store.version()
    assert (read_header(folder)["numpy"], read_header(folder)["version"]) == ({}, version)
    with Library.open(folder, settings=searched_by("numpy")) as library:
        assert find(library) == found
        assert {name for name, _ in found} == {"ferry.txt", "bridge.txt", "quay.txt"}
        assert library.verify() == []


def test_the_saved_file_is_used_and_nothing_is_built_anew(folder, engine, monkeypatch):
    loaded = []
    load = engine.load

    def load_noted(*said):
        loaded.append(load(*said))
        return loaded[-1]

    monkeypatch.setattr(engine, "load", load_noted)
    with Library.open(folder, settings=searched_by("numpy")) as library:
        assert find(library)[0][0] == "ferry.txt"
        assert [engine_of(library)] == loaded


def test_a_library_changes_its_engine_with_the_settings(folder, engine):
    for setting, name in (("exact", "exact"), ("numpy", "numpy"), ("auto", "exact")):
        with Library.open(folder, settings=searched_by(setting)) as library:
            assert engine_of(library).name == name
            assert find(library)[0][0] == "ferry.txt"
        assert (name == "exact") != ("numpy" in read_header(folder))


def test_a_library_whose_engine_is_gone_is_made_anew(folder, monkeypatch):
    monkeypatch.delitem(extensions.ENGINES, "numpy")
    with Library.open(folder, settings=searched_by("auto")) as library:
        assert find(library)[0][0] == "ferry.txt"
        assert engine_of(library).name == "exact"
        assert library.verify() == []


def test_the_settings_name_every_engine_of_the_table():
    with pytest.raises(SettingsError, match="choose auto, exact, clusters or numpy"):
        Settings(vectors="fast")


def test_a_damaged_file_is_made_anew(folder):
    content = bytearray((folder / VECTORS_NAME).read_bytes())
    content[-30] ^= 1
    (folder / VECTORS_NAME).write_bytes(content)
    with Library.open(folder, settings=searched_by("numpy")) as library:
        assert find(library)[0][0] == "ferry.txt"
        assert library.verify() == []


# --- an engine that fails ---


def fail(*arguments):
    raise RuntimeError("out of order\nand more")


TOLD = "The vector engine 'numpy' failed (RuntimeError: out of order); run `dateline rebuild` to "


@pytest.mark.parametrize("method", ["search", "score", "remove", "add", "__len__", "__init__"])
def test_an_engine_that_raises_is_told_in_a_sentence_that_names_it(
    folder, engine, monkeypatch, method
):
    (folder / HEADER_NAME).unlink()
    if method == "score":
        # What only the words find is scored by the vectors too.
        nothing = np.empty(0, np.int64), np.empty(0, np.float32)
        monkeypatch.setattr(engine, "search", lambda *arguments: nothing)
    monkeypatch.setattr(engine, method, fail)
    with (
        Library.open(folder, settings=searched_by("numpy")) as library,
        pytest.raises(LibraryError, match=re.escape(TOLD)),
    ):
        library.search("the ferry of Oslo", system="hybrid")


@pytest.mark.parametrize("method", ["save", "load"])
def test_a_file_that_cannot_be_written_or_read_is_warned_of_and_made_anew(
    folder, engine, monkeypatch, caplog, method
):
    monkeypatch.setattr(engine, method, fail)
    with Library.open(folder, settings=searched_by("numpy")) as library:
        library.add([Article("quay.txt", "", "The quay of Molde is rebuilt in stone.")])
        assert find(library, "quay of Molde")[0][0] == "quay.txt"
        assert library.verify() == []
    (warning,) = {record.getMessage() for record in caplog.records if record.levelname == "WARNING"}
    assert "engine numpy" in warning
    assert "out of order" in warning
    assert not list(folder.glob("*.draft"))


def test_the_command_line_tells_a_fault_without_a_traceback_and_loses_nothing(
    dateline, articles, engine, monkeypatch
):
    monkeypatch.setenv("DATELINE_VECTORS", "numpy")
    with monkeypatch.context() as broken:
        broken.setattr(engine, "add", fail)
        called = dateline("add", articles)
        assert (called.code, called.err.strip().count("\n")) == (1, 0)
        assert called.err.startswith(f"\ndateline: {TOLD}")
    assert dateline("add", articles).code == 0
    for method, command in (("search", ("ask", "Who?")), ("agrees", ("verify",))):
        with monkeypatch.context() as broken:
            broken.setattr(engine, method, fail)
            called = dateline(*command)
            assert (called.code, TOLD in called.err, "Traceback" in called.err) == (1, True, False)
    monkeypatch.setattr(engine, "search", fail)
    monkeypatch.setattr(engine, "add", fail)
    monkeypatch.setenv("DATELINE_VECTORS", "exact")
    assert "Havbris" in dateline("search", "electric ferry").out
    assert dateline("verify").code == 0


class Nameless(VectorEngine):
    """An engine that lacks nearly everything."""

    name = "broken"
    kind = "broken"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("nowhere.to_be_found:Engine", "ModuleNotFoundError: No module named 'nowhere'"),
        ("index.vectors.flat:Missing", "AttributeError: module 'index.vectors.flat' has no"),
        ("index.vectors.flat:FaissVectors", "ValueError: its class calls itself 'exact'"),
        (Nameless, "TypeError: Can't instantiate abstract class Nameless"),
        (dict, "AttributeError: type object 'dict' has no attribute 'name'"),
    ],
    ids=["no module", "no class", "another name", "not all of it", "no engine"],
)
def test_a_row_that_is_wrong_is_told_in_a_sentence(dateline, articles, monkeypatch, row, said):
    monkeypatch.setitem(extensions.ENGINES, "broken", row)
    monkeypatch.setenv("DATELINE_VECTORS", "broken")
    called = dateline("add", articles)
    assert called.code == 1
    assert f"The vector engine 'broken' failed ({said}" in called.err
    assert "Traceback" not in called.err


# --- an engine that is trained ---


def test_an_engine_that_is_trained_takes_the_place_of_exact_search(folder, engine):
    class Trained(engine):  # type: ignore[valid-type,misc]
        """The engine of the documentation, as one that must be trained."""

        name = "trained"
        trained_from = 3

        @classmethod
        def train(cls, rows, source, dimension, folder, check, watch):
            made = cls(dimension)
            for ids, vectors in source(rows):
                made.add(ids, vectors)
                watch(ids, vectors)
                check()
            return made

    extensions.ENGINES["trained"] = Trained
    settings = searched_by("trained")
    with Library.open(folder, settings=settings) as library:
        library.remove(["tram.txt"])
        assert library.info().vectors.endswith("2 passages are too few for trained")
        assert engine_of(library).name == "exact"
        library.add(ARTICLES[2:])
        library._caches.training.finish(wait=True)
        assert engine_of(library).name == "trained"
        assert find(library)[0][0] == "ferry.txt"
        assert library.tune() is None
    with Library.open(folder, settings=settings) as library:
        assert engine_of(library).name == "trained"
        assert library.info().vectors == "exact, 32-bit (numpy): the settings ask for it"
        assert library.verify() == []
