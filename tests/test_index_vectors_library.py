"""A library that grows beyond exact search: clusters trained beside it, moved to, kept level."""

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from index import Article, Library, SettingsError
from index.settings import Settings
from index.vectors import VECTORS_NAME, choose
from index.vectors.feeding import read_tuning
from index.vectors.flat import FaissVectors
from index.vectors.ivf import inverted as clusters
from index.vectors.ivf import training
from index.vectors.ivf.inverted import IVFVectors

pytestmark = pytest.mark.process

SETTINGS = Settings(encoder="test")
PLACES = "Oslo Bergen Tromso Bodo Molde Hamar Alta Voss Moss Narvik".split()
THINGS = "ferry tram bridge library harbour school museum tunnel stadium market".split()


def make_articles(first, last):
    """Short articles that differ in place, thing and number."""
    for n in range(first, last):
        place, thing = PLACES[n % 10], THINGS[n // 10 % 10]
        text = f"The {thing} of {place} opened as number {n} after {n % 7 + 2} years of building."
        yield Article(f"{n:04d}.txt", "", text)


@pytest.fixture(autouse=True)
def small_sizes(monkeypatch):
    monkeypatch.setattr(choose, "EXACT_UP_TO", 100)
    monkeypatch.setattr(choose, "EXACT_AGAIN", 50)
    monkeypatch.setattr(IVFVectors, "trained_from", 20)
    monkeypatch.setattr(clusters, "FEW", 10)
    monkeypatch.setattr(training, "ROUNDS", 2)


def make_library(folder, count, settings=SETTINGS):
    with Library.open(folder, settings=settings, create=True) as library:
        library.add(make_articles(0, count))
    return folder


@pytest.fixture
def large(tmp_path):
    return make_library(tmp_path / "library", 120)


def engine_of(library):
    library.search("ferry", 1, system="dense")
    return library._caches.vectors.engine


def find_all(library):
    """The ids of every article that a dense search can find."""
    return {hit.article.id for hit in library.search("opened", 1000, system="dense")}


def names(first, last):
    return {f"{n:04d}.txt" for n in range(first, last)}


def test_a_library_is_exact_up_to_its_size_and_clustered_beyond(tmp_path):
    folder = make_library(tmp_path / "library", 100)
    with Library.open(folder, settings=SETTINGS) as library:
        assert isinstance(engine_of(library), FaissVectors)
        assert "up to 100 passages all are compared" in library.info().vectors
        library.add(make_articles(100, 101))
    with Library.open(folder, settings=SETTINGS) as library:
        assert isinstance(engine_of(library), IVFVectors)
        assert "there are more than 100 passages" in library.info().vectors
        assert "recall@10" in library.info().vectors
        assert library.verify() == []


def test_clusters_give_the_scores_and_the_filters_of_exact_search(large, tmp_path):
    exact = make_library(tmp_path / "exact", 120, Settings(encoder="test", vectors="exact"))
    with (
        Library.open(large, settings=SETTINGS) as library,
        Library.open(exact, settings=Settings(encoder="test", vectors="exact")) as reference,
    ):
        engine = engine_of(library)
        assert isinstance(engine_of(reference), FaissVectors)
        assert "the settings ask for it" in reference.info().vectors
        engine.nprobe = engine.lists
        for question in ("ferry of Oslo", "bridge building years", "number 42"):
            for system in ("dense", "hybrid"):
                found = library.search(question, 20, system=system)
                wanted = reference.search(question, 20, system=system)
                assert [hit.article.id for hit in found] == [hit.article.id for hit in wanted]
                assert [hit.score for hit in found] == pytest.approx(
                    [hit.score for hit in wanted], abs=1e-5
                )


def test_answers_go_on_while_clusters_are_trained_and_nothing_is_missed(tmp_path, monkeypatch):
    begun, go_on = threading.Event(), threading.Event()
    train = training.train_clusters

    def train_slowly(*arguments, **options):
        trained = train(*arguments, **options)
        begun.set()
        assert go_on.wait(60)
        return trained

    monkeypatch.setattr(clusters, "train_clusters", train_slowly)
    folder = make_library(tmp_path / "library", 90)
    with Library.open(folder, settings=SETTINGS) as library:
        library.add(make_articles(90, 120))
        assert begun.wait(60)
        assert library.is_training
        assert isinstance(engine_of(library), FaissVectors)
        library.remove(["0007.txt", "0119.txt"])
        library.add(make_articles(120, 130))
        assert find_all(library) == names(0, 130) - {"0007.txt", "0119.txt"}
        go_on.set()
    with Library.open(folder, settings=SETTINGS) as library:
        assert isinstance(engine_of(library), IVFVectors)
        assert find_all(library) == names(0, 130) - {"0007.txt", "0119.txt"}
        assert library.verify() == []


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
@pytest.mark.parametrize("stage", ["training", "measuring"])
def test_leaving_by_an_error_gives_up_clusters_in_training(tmp_path, monkeypatch, error, stage):
    begun, left, steps = threading.Event(), threading.Event(), []
    owner, name = {"training": (training, "find_centroids"), "measuring": (clusters, "measure")}[
        stage
    ]
    work = getattr(owner, name)

    def work_on(first, second, *arguments):
        begun.set()
        steps.append(left.wait(2))
        return work(first, second, *arguments)

    monkeypatch.setattr(owner, name, work_on)
    folder = make_library(tmp_path / "library", 90)
    with pytest.raises(error), Library.open(folder, settings=SETTINGS) as library:
        library.add(make_articles(90, 120))
        assert begun.wait(60)
        stop = library._caches.training._stop

        def stop_and_tell():
            type(stop).set(stop)
            left.set()

        monkeypatch.setattr(stop, "set", stop_and_tell)
        raise error
    assert steps == [True]
    assert not library.is_training
    assert len(list(folder.glob("vectors.faiss*"))) == 1
    monkeypatch.setattr(owner, name, work)
    with Library.open(folder, settings=SETTINGS) as library:
        assert isinstance(engine_of(library), FaissVectors)
        assert find_all(library) == names(0, 120)
        library.add(make_articles(120, 121))
    with Library.open(folder, settings=SETTINGS) as library:
        assert isinstance(engine_of(library), IVFVectors)
        assert library.verify() == []


def test_changes_reach_trained_clusters_without_training_again(large):
    with Library.open(large, settings=SETTINGS) as library:
        name = engine_of(library).stamp
        library.add(make_articles(120, 150))
        library.remove([f"{n:04d}.txt" for n in range(100, 130)])
        assert find_all(library) == names(0, 100) | names(130, 150)
    with Library.open(large, settings=SETTINGS) as library:
        engine = engine_of(library)
        assert engine.stamp == name
        assert find_all(library) == names(0, 100) | names(130, 150)
        assert library.verify() == []
        wanted = [hit.article.id for hit in library.search("school number 42", 30, system="dense")]
        library.rebuild()
        assert engine_of(library).stamp != name
        again = [hit.article.id for hit in library.search("school number 42", 30, system="dense")]
        assert again[0] == wanted[0]
        assert find_all(library) == names(0, 100) | names(130, 150)


def test_what_is_removed_is_erased_from_the_mapped_file(large):
    with Library.open(large, settings=SETTINGS) as library:
        engine = engine_of(library)
        (passage,) = library.passages("0042.txt")
        vector = engine.fetch([passage.id])
        assert engine.agrees(np.array([passage.id]), vector)
        library.remove(["0042.txt"])
    with Library.open(large, settings=SETTINGS) as library:
        engine = engine_of(library)
        assert passage.id not in engine.ids()
        assert not engine.agrees(np.array([passage.id]), vector)
        assert library.verify() == []


def test_clusters_are_trained_anew_when_the_library_has_doubled(large):
    with Library.open(large, settings=SETTINGS) as library:
        name = engine_of(library).stamp
        library.add(make_articles(120, 240))
        assert not library.is_training
        library.add(make_articles(240, 241))
        library._caches.training.finish(wait=True)
        engine = engine_of(library)
        assert (engine.stamp != name, engine.trained) == (True, 241)
    assert len(list(large.glob("vectors.faiss*"))) == 4  # the old base is left for an hour
    with Library.open(large, settings=SETTINGS) as library:
        assert engine_of(library).trained == 241


def test_a_library_that_shrinks_goes_back_to_exact_search(large):
    with Library.open(large, settings=SETTINGS) as library:
        library.remove(sorted(names(40, 120)))
        assert isinstance(engine_of(library), FaissVectors)
        assert find_all(library) == names(0, 40)
        assert library.verify() == []


def test_another_process_s_clusters_are_taken_over(tmp_path):
    folder = make_library(tmp_path / "library", 90)
    with Library.open(folder, settings=SETTINGS) as reader:
        assert isinstance(engine_of(reader), FaissVectors)
        with Library.open(folder, settings=SETTINGS) as writer:
            writer.add(make_articles(90, 120))
        with Library.open(folder, settings=SETTINGS) as writer:
            writer.add(make_articles(120, 121))
        # The first change of the other one is seen before its clusters are; the next one after.
        assert find_all(reader) == names(0, 121)
        assert isinstance(engine_of(reader), IVFVectors)


def test_tuning_is_kept_and_told(large):
    with Library.open(large, settings=SETTINGS) as library:
        tuned = library.tune(0.5)
        assert tuned and tuned.recall_10 >= 0.5
        assert tuned.questions == 120
        better = library.tune(1.0)
        assert better and better.probes >= tuned.probes
    with Library.open(large, settings=SETTINGS) as library:
        kept = read_tuning(library._store.manifest())
        assert kept and kept.target == 1.0
        assert engine_of(library).nprobe == kept.probes
        assert kept.describe() in library.info().vectors
        with pytest.raises(SettingsError, match="at most 1"):
            library.tune(1.5)


def test_a_library_without_clusters_has_nothing_to_tune(tmp_path):
    folder = make_library(tmp_path / "library", 30)
    with Library.open(folder, settings=SETTINGS) as library:
        assert library.tune() is None


@pytest.mark.parametrize("suffix", [".fresh", ".ids", ""])
@pytest.mark.parametrize("damage", ["flip", "cut", "lose"])
def test_damaged_clusters_are_not_believed_and_nothing_is_lost(large, suffix, damage):
    files = [file for file in large.glob("vectors.faiss.*") if file.suffix.endswith(suffix)]
    file = min(files, key=lambda item: len(item.name))
    content = file.read_bytes()
    if damage == "flip":
        middle = min(len(content) // 2, 20)
        damaged = bytes([content[middle] ^ 8])
        file.write_bytes(content[:middle] + damaged + content[middle + 1 :])
    elif damage == "cut":
        file.write_bytes(content[: len(content) // 2])
    else:
        file.unlink()
    with Library.open(large, settings=SETTINGS) as library:
        assert find_all(library) == names(0, 120)
        assert library.verify() == []
        library.start_training()
        library._caches.training.finish(wait=True)
        assert isinstance(engine_of(library), IVFVectors)


def test_verify_sees_codes_that_are_not_the_store_s(large):
    (base,) = [
        file for file in large.glob("vectors.faiss.*") if file.suffix not in (".fresh", ".ids")
    ]
    content = bytearray(base.read_bytes())
    content[-10_000:] = bytes(10_000)
    base.write_bytes(content)
    with Library.open(large, settings=SETTINGS) as library:
        found = library.search("opened", 1000, system="dense")
        stored = {hit.passage.id for hit in found}
        assert stored <= set(library._store.everything().added.tolist())
        assert library.verify() != []
        library.rebuild()
        assert library.verify() == []


PROGRAM = """
import os, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from test_index_vectors_library import SETTINGS, make_articles
from index import Library
from index.search import caches
from index.vectors import growing as clustering
from index.vectors import choose, files
from index.vectors.ivf import inverted
choose.EXACT_UP_TO, choose.EXACT_AGAIN = 100, 50


def crash(owner, name, *, before):
    method = getattr(owner, name)

    def crashing(*arguments, **options):
        if not before:
            method(*arguments, **options)
        os._exit(42)

    setattr(owner, name, crashing)


POINT
with Library.open(Path(sys.argv[1]), settings=SETTINGS) as library:
    library.add(make_articles(90, 120))
"""
CRASHES = {
    "while training": 'crash(inverted, "write_index", before=True)',
    "after the base is written": 'crash(inverted, "write_index", before=False)',
    "after the tuning is kept": 'crash(clustering, "keep_tuning", before=False)',
    "after the engine is taken": 'crash(caches.VectorCache, "adopt", before=False)',
    "before the header is written": """
write = files.write_header
files.write_header = lambda header, *rest: os._exit(42) if header.part else write(header, *rest)
""",
    "before older files are removed": """
remove = files.remove_orphans
files.remove_orphans = lambda folder, header: os._exit(42) if header.part else None
""",
}


@pytest.mark.parametrize("point", CRASHES)
def test_a_crash_while_moving_to_clusters_leaves_a_working_library(tmp_path, point):
    folder = make_library(tmp_path / "library", 90)
    program = PROGRAM.replace("POINT", CRASHES[point])
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder), str(Path(__file__).parent)],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 42, done.stderr
    with Library.open(folder, settings=SETTINGS) as library:
        assert find_all(library) == names(0, 120)
        assert library.verify() == []
        library.start_training()
        library._caches.training.finish(wait=True)
        assert isinstance(engine_of(library), IVFVectors)
        assert find_all(library) == names(0, 120)


def test_without_room_on_the_disk_the_search_stays_exact(tmp_path, monkeypatch, caplog):
    class Full:
        free = 1000

    folder = make_library(tmp_path / "library", 90)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Full)
    with Library.open(folder, settings=SETTINGS) as library:
        library.add(make_articles(90, 120))
        library._caches.training.finish(wait=True)
        assert isinstance(engine_of(library), FaissVectors)
        assert find_all(library) == names(0, 120)
        assert "clusters are not trained yet" in library.info().vectors
    assert "are free" in caplog.text


def test_a_copy_that_someone_keeps_beside_our_files_stays(tmp_path):
    folder = make_library(tmp_path / "library", 30)
    names_kept = ("vectors.faiss.bak", "vectors.faiss.notes.ids", "vectors.faiss_old")
    orphan = folder / f"{VECTORS_NAME}.0123abcd.7.fresh"
    for name in (*names_kept, orphan.name):
        (folder / name).write_bytes(b"kept")
        os.utime(folder / name, (0, 0))
    with Library.open(folder, settings=SETTINGS) as library:
        library.add(make_articles(30, 40))
    assert all((folder / name).read_bytes() == b"kept" for name in names_kept)
    assert not orphan.exists()
