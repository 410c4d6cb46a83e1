"""A search gives the best passages of every engine, filtered, in one order."""

import threading
from dataclasses import replace

import pytest
from libraries import FERRY, SETTINGS, SYSTEMS, find_ids, make_article, make_three

from index import Filters, Library, QuestionError, SettingsError
from index.cores import Companion
from index.encoding.encoders import HashingEncoder
from index.words.engine import WordIndex


def forbid_encoding(monkeypatch):
    def refuse(settings):
        raise AssertionError("the encoder was loaded")

    monkeypatch.setattr("index.library_encoder.load_encoder", refuse)


@pytest.mark.parametrize("system", SYSTEMS)
def test_hits_are_ranked_with_the_best_first(library, system):
    library.add(make_three())
    hits = library.search("the electric ferry and the library", system=system)
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


@pytest.mark.parametrize(
    ("worth_sharing", "helped"), [(0, True), (3, True), (4, False)], ids=["any", "as many", "fewer"]
)
def test_words_are_searched_beside_the_vectors_of_large_libraries(
    library, monkeypatch, worth_sharing, helped
):
    library.add(make_three())
    alone = library.search("the electric ferry and the library")
    companion, threads = Companion(2), set()
    search = WordIndex.search

    def note_thread(self, *arguments):
        threads.add(threading.current_thread().name)
        return search(self, *arguments)

    monkeypatch.setattr("index.search.ranking.WORTH_SHARING", worth_sharing)
    monkeypatch.setattr(library._ranker, "_companion", companion)
    monkeypatch.setattr(WordIndex, "search", note_thread)
    timings: dict[str, float] = {}
    assert library.search("the electric ferry and the library", timings=timings) == alone
    companion.close()
    assert any(name.startswith("dateline-companion") for name in threads) == helped
    assert {"dense", "words", "fuse"} <= set(timings)


def test_signals_hold_each_retriever_s_score(library):
    library.add(make_three())
    hit = library.search("electric ferry")[0]
    assert set(hit.signals) == {"dense", "bm25"}
    (dense,) = library.search("electric ferry", 1, system="dense")
    assert hit.signals["dense"] == pytest.approx(dense.score)


@pytest.mark.parametrize("system", SYSTEMS)
def test_k_bounds_the_hits(library, system):
    library.add(make_three())
    assert len(library.search("the", 2, system=system)) <= 2
    assert len(library.search("ferry library bridge", 1000, system=system)) == 3
    assert library.search("ferry", 0, system=system) == []


@pytest.mark.parametrize("system", SYSTEMS)
def test_equal_passages_come_in_the_order_in_which_they_were_added(library, system):
    twins = [make_article(f"{n}.txt", FERRY) for n in (5, 3, 4, 1, 2)]
    library.add(twins, keep_duplicates=True)
    assert find_ids(library, FERRY, system, k=3) == ["5.txt", "3.txt", "4.txt"]


@pytest.mark.parametrize("system", SYSTEMS)
def test_filters_leave_k_hits_when_there_are_k(tmp_path, system):
    settings = replace(SETTINGS, candidates=5)
    with Library.open(tmp_path / "small", settings=settings, create=True) as library:
        strong = [make_article(f"s{n}", f"Ferry ferry ferry {n}.", source="A") for n in range(30)]
        weak = [
            make_article(f"w{n}", f"A long account of trade, with a ferry in it, part {n}.",
                         source="B")
            for n in range(4)
        ]  # fmt: skip
        library.add([*strong, *weak])
        found = library.search("ferry", 4, system=system, filters=Filters(sources=("b",)))
        assert sorted(hit.article.id for hit in found) == ["w0", "w1", "w2", "w3"]


def test_a_filter_date_that_is_none_is_refused(library):
    library.add(make_three())
    with pytest.raises(QuestionError, match="2008-09-17"):
        library.search("ferry", filters=Filters(published_after="last week"))


def test_a_system_that_there_is_not_is_refused(library):
    with pytest.raises(SettingsError, match="choose one of dense, bm25, hybrid, rrf, sum"):
        library.search("ferry", system="magic")


@pytest.mark.parametrize("query", ["", "  \n", "?!", "ferry AND (", "x" * 10_000, "Привет мир"])
@pytest.mark.parametrize("system", SYSTEMS)
def test_any_text_is_a_question(library, query, system):
    library.add(make_three())
    assert isinstance(library.search(query, system=system), list)


@pytest.mark.parametrize("system", SYSTEMS)
def test_an_empty_library_finds_nothing_and_loads_nothing(library, system, monkeypatch):
    forbid_encoding(monkeypatch)
    assert library.search("ferry", system=system) == []


def test_the_stages_can_be_timed(library):
    library.add(make_three())
    timings: dict[str, float] = {}
    library.search("ferry", timings=timings)
    assert set(timings) == {"encode", "dense", "words", "fuse", "load"}
    assert all(value >= 0 for value in timings.values())


def test_a_question_encoded_before_ranks_the_same(library):
    library.add(make_three())
    vector = library.encode_question("electric ferry")
    assert vector.shape == (HashingEncoder().dimension,)
    assert library.rank("electric ferry", vector) == library.search("electric ferry")


def test_words_alone_need_no_encoder(library, monkeypatch):
    library.add(make_three())
    library.close()
    forbid_encoding(monkeypatch)
    with Library.open(library.path, settings=SETTINGS) as again:
        assert find_ids(again, "ferry") == ["ferry.txt"]


@pytest.mark.slow
def test_many_threads_search_while_one_adds(library):
    library.add(make_three())
    failures = []
    done = threading.Event()

    def ask():
        while not done.is_set():
            try:
                found = library.search("electric ferry", 3)
                assert found[0].article.id == "ferry.txt"
            except BaseException as error:
                failures.append(error)
                return

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for n in range(15):
        library.add([make_article(f"{n}.txt", f"Council meeting number {n}.")])
        library.remove([f"{n}.txt"])
    done.set()
    for thread in threads:
        thread.join(30)
    assert failures == []
    assert len(library.articles()) == 3
    assert library.verify() == []
