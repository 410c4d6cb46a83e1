"""The library: what goes in comes out, once, from every engine, until it is removed."""

import os
import re
import subprocess
import sys
import threading
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

import numpy as np
import pytest

from index import (
    Article,
    ArticleNotFoundError,
    Filters,
    Library,
    LibraryBusyError,
    LibraryMismatchError,
    LibraryNotFoundError,
    NotALibraryError,
    Passage,
    PublicationDate,
    QuestionError,
    SettingsError,
    SkippedFile,
)
from index.adding import WINDOW_ARTICLES
from index.articles.reading import count_articles
from index.cores import Companion
from index.encoding.encoders import HashingEncoder
from index.inputs import passage_input
from index.settings import Settings
from index.words.engine import WordIndex

SEEDS = Path(__file__).parent.parent / "seeds"
SETTINGS = Settings(encoder="test")
SYSTEMS = ["dense", "bm25", "hybrid"]

HARBOUR = "The harbour bridge reopened on Friday after eleven months of repairs."
LIBRARY = "The city library will open at seven in the morning from June."
FERRY = "An electric ferry named Havbris began sailing between the islands."


def make_article(name, text, **details):
    return Article(name, details.pop("title", ""), text, location=f"/news/{name}", **details)


def make_three():
    return [
        make_article("harbour.txt", HARBOUR),
        make_article("library.txt", LIBRARY),
        make_article("ferry.txt", FERRY),
    ]


@pytest.fixture
def library(tmp_path):
    with Library.open(tmp_path / "library", settings=SETTINGS, create=True) as opened:
        yield opened


def find_ids(library, query, system="bm25", **options):
    return [hit.article.id for hit in library.search(query, system=system, **options)]


def forbid_encoding(monkeypatch):
    def refuse(settings):
        raise AssertionError("the encoder was loaded")

    monkeypatch.setattr("index.library_encoder.load_encoder", refuse)


# --- adding ---


@pytest.mark.parametrize("system", SYSTEMS)
def test_an_added_article_is_found(library, system):
    report = library.add(make_three())
    assert report.added == ("harbour.txt", "library.txt", "ferry.txt")
    assert report.passages == 3
    hit = library.search("electric ferry between islands", system=system)[0]
    assert hit.article.id == "ferry.txt"
    assert hit.passage.text == FERRY
    assert hit.article.text[hit.passage.start : hit.passage.end] == hit.passage.text


def test_a_text_added_twice_is_stored_once(library):
    library.add(make_three())
    report = library.add([make_article("copy.txt", FERRY)])
    assert report.duplicates == (("copy.txt", "ferry.txt"),)
    assert report.added == ()
    assert len(library.articles()) == 3


def test_a_text_twice_in_one_run_is_stored_once(library):
    report = library.add([make_article("a.txt", FERRY), make_article("b.txt", FERRY)])
    assert (report.added, report.duplicates) == (("a.txt",), (("b.txt", "a.txt"),))


def test_duplicates_are_kept_when_asked_for(library):
    twins = [make_article("1", FERRY), make_article("2", FERRY)]
    assert library.add(twins, keep_duplicates=True).added == ("1", "2")
    assert find_ids(library, "ferry") == ["1", "2"]


def test_adding_the_same_again_changes_nothing(library, monkeypatch):
    library.add(make_three())
    counter = library.change_counter
    forbid_encoding(monkeypatch)
    report = library.add(make_three())
    assert report.unchanged == ("harbour.txt", "library.txt", "ferry.txt")
    assert library.change_counter == counter


def test_a_file_added_through_another_folder_is_unchanged(library, articles):
    library.add_paths([articles])
    before = library.articles()
    report = library.add_paths([articles.parent])
    assert set(report.unchanged) == {item.id for item in before}
    assert [item.id for item in library.articles()] == [item.id for item in before]


@pytest.mark.parametrize("system", ["dense", "bm25"])
def test_a_changed_file_replaces_its_old_version(library, system):
    library.add(make_three())
    old = library.passages("ferry.txt")[0].id
    text = "Trams return to the old town after sixty years."
    report = library.add([make_article("ferry.txt", text)])
    assert report.updated == ("ferry.txt",)
    assert library.article("ferry.txt").text == text
    assert find_ids(library, "trams in the old town", system)[0] == "ferry.txt"
    rows = [hit.passage.id for hit in library.search(FERRY, system=system)]
    assert old not in rows
    assert library.verify() == []


def test_new_metadata_is_taken_in_without_encoding(library, monkeypatch):
    library.add(make_three())
    rows = [passage.id for passage in library.passages("ferry.txt")]
    forbid_encoding(monkeypatch)
    date = PublicationDate("2019-05-03", "day", "manifest")
    changed = make_article("ferry.txt", FERRY, source="NTB", published=date)
    assert library.add([changed]).updated == ("ferry.txt",)
    assert library.article("ferry.txt").source == "NTB"
    assert library.article("ferry.txt").published == date
    assert [passage.id for passage in library.passages("ferry.txt")] == rows
    found = library.search("ferry", system="bm25", filters=Filters(sources=("ntb",)))
    assert [hit.article.source for hit in found] == ["NTB"]


def test_a_new_title_is_found(library):
    library.add(make_three())
    library.add([make_article("ferry.txt", FERRY, title="Havbris launched at Moss")])
    assert find_ids(library, "Moss") == ["ferry.txt"]


def test_two_files_with_one_name_are_two_articles(library):
    first = make_article("report.txt", HARBOUR)
    second = replace(make_article("report.txt", FERRY), location="/elsewhere/report.txt")
    third = replace(make_article("report.txt", LIBRARY), location="/third/report.txt")
    assert library.add([first, second]).added == ("report.txt", "report (2).txt")
    assert library.add([third]).added == ("report (3).txt",)
    assert library.article("report (2).txt").text == FERRY
    assert library.add([second]).unchanged == ("report (2).txt",)


@pytest.mark.parametrize(("name", "second"), [("12", "12 (2)"), ("a/b.x/c.md", "a/b.x/c (2).md")])
def test_a_distinct_id_keeps_its_suffix(library, name, second):
    twin = replace(make_article(name, FERRY), location="/elsewhere")
    assert library.add([make_article(name, HARBOUR), twin]).added == (name, second)


@pytest.mark.parametrize("together", [True, False])
def test_an_article_without_a_location_is_updated_when_a_file_has_its_id(library, together):
    library.add([make_article("n", HARBOUR)])
    versions = [Article("n", "", FERRY), Article("n", "", LIBRARY)]
    if together:
        report = library.add(versions)
        assert (report.added, report.updated) == (("n (2)",), ("n (2)",))
    else:
        assert library.add(versions[:1]).added == ("n (2)",)
        assert library.add(versions[1:]).updated == ("n (2)",)
    assert library.add(versions[1:]).unchanged == ("n (2)",)
    assert library.add([Article("n (2)", "", LIBRARY)]).unchanged == ("n (2)",)
    assert library.add([Article("n (2)", "", FERRY)]).updated == ("n (2)",)
    assert library.add(versions).updated == ("n (2)",)
    assert [item.id for item in library.articles()] == ["n", "n (2)"]
    assert library.article("n").text == HARBOUR
    assert library.article("n (2)").text == LIBRARY
    assert library.verify() == []


def test_a_file_added_by_another_way_to_write_its_path_is_the_same(library, articles, monkeypatch):
    (articles / "sub").mkdir(exist_ok=True)
    before = library.add_paths([articles]).added
    monkeypatch.chdir(articles / "sub")
    assert set(library.add_paths([Path("..")]).unchanged) == set(before)


def test_an_article_of_a_location_kept_with_dots_is_known_without_them(library, tmp_path):
    clips = tmp_path / "clips"
    clips.mkdir()
    (clips / "a.txt").write_text(HARBOUR)
    dotted = Article("a.txt", "", HARBOUR, location=f"{clips}/../clips/a.txt")
    library.add([dotted])
    (clips / "a.txt").write_text(FERRY)
    assert library.add_paths([clips]).updated == ("a.txt",)
    assert library.add_paths([clips]).unchanged == ("a.txt",)
    assert library.article("a.txt").location == str(clips / "a.txt")


def test_one_location_twice_in_a_run_is_one_article_in_its_last_version(library):
    report = library.add([make_article("a.txt", HARBOUR), make_article("a.txt", FERRY)])
    assert (report.added, report.updated) == (("a.txt",), ("a.txt",))
    assert library.article("a.txt").text == FERRY
    assert library.verify() == []


def test_two_files_that_swap_their_texts_both_keep_one(library):
    library.add([make_article("a.txt", HARBOUR), make_article("b.txt", FERRY)])
    library.add([make_article("a.txt", FERRY), make_article("b.txt", HARBOUR)])
    assert library.article("a.txt").text == FERRY
    assert library.article("b.txt").text == HARBOUR


@pytest.mark.parametrize("moved", ["older.txt", "a-first.txt"])
def test_a_text_that_moves_to_another_file_is_kept(library, moved):
    library.add([make_article("latest.txt", HARBOUR)])
    files = [make_article("latest.txt", FERRY), make_article(moved, HARBOUR)]
    report = library.add(sorted(files, key=lambda article: article.id))
    assert (report.added, report.updated, report.duplicates) == ((moved,), ("latest.txt",), ())
    assert library.article(moved).text == HARBOUR
    assert library.article("latest.txt").text == FERRY
    assert library.verify() == []


def test_of_several_copies_of_a_text_that_moved_one_is_kept(library):
    library.add([make_article("z.txt", HARBOUR)])
    report = library.add(
        [
            make_article("a.txt", HARBOUR),
            make_article("b.txt", HARBOUR),
            make_article("z.txt", FERRY),
        ]
    )
    assert (report.added, report.duplicates) == (("a.txt",), (("b.txt", "a.txt"),))
    assert library.verify() == []


def test_thousands_of_files_of_one_name_do_not_try_each_other_s_ids(library, monkeypatch):
    asked = []
    find_id = library._store.find_id
    monkeypatch.setattr(library._store, "find_id", lambda name: asked.append(name) or find_id(name))
    pages = [Article("index.html", "", f"Page {n}.", location=f"/{n}/") for n in range(100)]
    report = library.add(pages)
    assert report.added[:2] == ("index.html", "index (2).html")
    assert len(set(report.added)) == 100
    assert len(asked) < 300


def test_skipped_files_are_reported_and_the_others_added(library):
    broken = SkippedFile("/news/broken.pdf", "It is broken.")
    ignored = SkippedFile("/news/image.png", "Dateline does not read it.", failed=False)
    report = library.add([broken, *make_three(), ignored])
    assert report.skipped == (broken, ignored)
    assert report.failed == (broken,)
    assert len(report.added) == 3


def test_a_text_that_is_no_unicode_is_skipped(library):
    report = library.add([make_article("bad.txt", "half \ud83d pair"), *make_three()])
    assert [item.location for item in report.failed] == ["/news/bad.txt"]
    assert len(report.added) == 3


def test_what_is_said_of_an_article_is_made_storable_and_the_others_are_added(library):
    half = "half \ud800"
    date = PublicationDate("2019-05-03", "day", "manifest", half)
    odd = Article(half, half, FERRY, half, date, half, location=half, notes=(half,))
    assert library.add([make_article("good.txt", HARBOUR), odd]).added == (
        "good.txt",
        "half \ufffd",
    )
    stored = library.article(half)
    assert stored == library.article("half \ufffd")
    assert stored.published.note == "half \ufffd"
    assert {stored.title, stored.source, stored.location, *stored.notes} == {"half \ufffd"}
    assert library.add([odd]).unchanged == ("half \ufffd",)
    assert library.add([replace(odd, text=half)]).failed[0].location == "half \ufffd"


@pytest.mark.parametrize("text", ["", "  \n ", "nul \x00 inside", "emoji 😀 and é, Привет мир."])
def test_odd_texts_are_kept_as_they_are(library, text):
    library.add([make_article("odd.txt", text)])
    assert library.article("odd.txt").text == text
    assert library.verify() == []


def test_many_small_articles_span_several_windows(library):
    count = WINDOW_ARTICLES + 20
    items = (make_article(f"{n}.txt", f"Report number {n} of the council.") for n in range(count))
    told = []
    report = library.add(items, progress=told.append, total=count)
    assert len(report.added) == report.passages == count
    assert (told[-1].articles, told[-1].passages, told[-1].total) == (count, count, count)
    assert [item.articles for item in told] == sorted(item.articles for item in told)
    assert [item.passages for item in told] == sorted(item.passages for item in told)
    assert library.change_counter == 2
    assert library.verify() == []


def test_stopping_keeps_what_was_stored(library):
    def read():
        for n in range(WINDOW_ARTICLES):
            yield make_article(f"{n}.txt", f"Report number {n} of the council.")
        while len(library) < WINDOW_ARTICLES:
            yield make_article("0.txt", "Report number 0 of the council.")
        yield make_article("late.txt", "Too late.")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        library.add(read())
    assert len(library.articles()) == WINDOW_ARTICLES
    assert find_ids(library, "late") == []
    assert library.verify() == []
    assert library.add([make_article("late.txt", "Not too late.")]).added == ("late.txt",)


def test_files_are_added_with_their_progress(library, articles):
    told = []
    report = library.add_paths([articles], progress=told.append)
    assert len(report.added) == 3
    assert {item.total for item in told} == {3}


def test_articles_are_counted_before_they_are_read(tmp_path, articles):
    corpus = tmp_path / "corpus.jsonl"
    corpus.write_text('{"id": "1", "contents": "a"}\n{"id": "2", "contents": "b"}\n')
    assert count_articles([articles, corpus]) == 5
    assert count_articles([]) == 0


def test_a_pipe_is_not_waited_for_when_articles_are_counted(library, articles, tmp_path):
    os.mkfifo(tmp_path / "pipe.jsonl")
    told = []
    report = library.add_paths([tmp_path / "pipe.jsonl", articles], progress=told.append)
    assert [item.location for item in report.failed] == [str(tmp_path / "pipe.jsonl")]
    assert len(report.added) == 3


# --- asking ---


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

    def note_thread(self: WordIndex, *arguments: object) -> object:
        threads.add(threading.current_thread().name)
        return search(self, *arguments)

    monkeypatch.setattr("index.search.ranking.WORTH_SHARING", worth_sharing)
    monkeypatch.setattr(library._ranker, "_companion", companion)
    monkeypatch.setattr(WordIndex, "search", note_thread)
    timings = {}
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
    timings = {}
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


# --- removing ---


def test_a_removed_article_is_in_no_engine(library):
    library.add(make_three())
    rows = {passage.id for passage in library.passages("ferry.txt")}
    assert library.remove(["ferry.txt"]) == ["ferry.txt"]
    caches = library._caches
    assert rows.isdisjoint(caches.vectors.engine.ids().tolist())
    assert rows.isdisjoint(caches.words.engine.ids().tolist())
    assert rows.isdisjoint(library._store.everything().added.tolist())
    for system in SYSTEMS:
        assert "ferry.txt" not in find_ids(library, FERRY, system)
    with pytest.raises(ArticleNotFoundError):
        library.article("ferry.txt")


def test_a_removed_article_stays_away_after_opening_again(library):
    library.add(make_three())
    library.remove(["ferry.txt"])
    library.close()
    with Library.open(library.path, settings=SETTINGS) as again:
        for system in SYSTEMS:
            assert "ferry.txt" not in find_ids(again, FERRY, system)
        assert again.verify() == []


def test_a_removed_text_is_in_no_file(library):
    library.add([*make_three(), make_article("secret.txt", "The word is Zanzibarquartz.")])
    library.remove(["secret.txt"])
    library.close()
    files = [file for file in library.path.rglob("*") if file.is_file()]
    assert not any(b"Zanzibarquartz" in file.read_bytes() for file in files)


def test_an_unknown_id_removes_nothing_and_names_what_is_near(library):
    library.add(make_three())
    with pytest.raises(ArticleNotFoundError, match=r"did you mean ferry\.txt"):
        library.remove(["harbour.txt", "fery.txt"])
    assert len(library.articles()) == 3


def test_an_unknown_id_is_compared_with_few_of_many_and_the_nearest_is_named(library, monkeypatch):
    monkeypatch.setattr("index.describing.COMPARED_IDS", 5)
    names = [f"news/2020/{n:03}.txt" for n in range(300)]
    library.add(make_article(name, f"Report {name}.") for name in [*names, "harbour.txt"])
    compared = []

    def compare(name, near, **options):
        compared.append(near)
        return get_close_matches(name, near, **options)

    monkeypatch.setattr("index.describing.get_close_matches", compare)
    for asked, meant in [
        ("news/2020/l23.txt", "news/2020/123.txt"),
        ("new/2020/234.txt", "news/2020/234.txt"),
        ("news/2O20/056.txt", "news/2020/056.txt"),
        ("harbor.txt", "harbour.txt"),
    ]:
        with pytest.raises(ArticleNotFoundError, match=f"did you mean.* {meant}"):
            library.article(asked)
    assert [len(near) for near in compared] == [5] * 4
    for asked in ["", "x", "?" * 50, "half \ud800"]:
        with pytest.raises(ArticleNotFoundError):
            library.article(asked)


def test_an_id_given_twice_is_removed_once(library):
    library.add(make_three())
    assert library.remove(["ferry.txt", "ferry.txt"]) == ["ferry.txt"]


def test_a_removed_article_can_be_added_again(library):
    library.add(make_three())
    library.remove(["ferry.txt"])
    assert library.add(make_three()).added == ("ferry.txt",)
    assert library.verify() == []


# --- looking ---


def test_looking_never_loads_the_encoder(library, monkeypatch):
    library.add(make_three())
    library.close()
    forbid_encoding(monkeypatch)
    with Library.open(library.path, settings=SETTINGS) as again:
        assert [item.id for item in again.articles()] == ["harbour.txt", "library.txt", "ferry.txt"]
        row = again.passages("ferry.txt")[0].id
        assert again.passages("ferry.txt") == [Passage(row, "ferry.txt", 0, len(FERRY), FERRY)]
        assert again.info().passages == 3
        assert again.verify() == []
        again.rebuild()
        again.remove(["ferry.txt"])


def test_info_tells_how_the_library_was_made(library):
    library.add(make_three())
    info = library.info()
    assert (info.articles, info.passages, info.dimension) == (3, 3, HashingEncoder().dimension)
    assert info.characters == len(HARBOUR + LIBRARY + FERRY)
    assert "test encoder" in info.encoder
    assert "120" in info.passage_rule
    assert info.database_bytes > 0
    assert info.cache_bytes > 0


def test_small_values_are_kept_without_a_change_of_the_library(library):
    counter = library.change_counter
    library.set_value("threshold", {"value": 0.25})
    assert library.change_counter == counter
    library.close()
    with Library.open(library.path, settings=SETTINGS) as again:
        assert again.get_value("threshold") == {"value": 0.25}
        assert again.get_value("library_id") is None
        again.set_value("threshold", None)
        assert again.get_value("threshold") is None


# --- opening ---


def test_a_path_without_a_library_is_told(tmp_path):
    with pytest.raises(LibraryNotFoundError, match="dateline add"):
        Library.open(tmp_path / "none", settings=SETTINGS)
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("create", [True, False])
def test_a_folder_of_other_things_is_no_library(articles, create):
    before = sorted(articles.iterdir())
    with pytest.raises(NotALibraryError, match=r"ferry\.txt"):
        Library.open(articles, settings=SETTINGS, create=create)
    assert sorted(articles.iterdir()) == before


@pytest.mark.parametrize(
    "name", ["words/thesis.docx", "words", "words.txt", "vectors.faiss", "library.db.bak"]
)
@pytest.mark.parametrize("create", [True, False])
def test_a_folder_of_things_with_names_like_ours_is_no_library(tmp_path, name, create):
    thesis = tmp_path / "notes" / name
    thesis.parent.mkdir(parents=True)
    thesis.write_text("ten years of work")
    with pytest.raises(NotALibraryError, match=re.escape(name.split("/")[0])):
        Library.open(tmp_path / "notes", settings=SETTINGS, create=create)
    assert thesis.read_text() == "ten years of work"
    assert len(list((tmp_path / "notes").iterdir())) == 1


def test_a_library_is_made_where_one_left_nothing_but_its_lock(tmp_path):
    for name in ("writer.lock", "writer.lock-journal", "library.db-wal", "library.db-shm"):
        (tmp_path / name).touch()
    with Library.open(tmp_path, settings=SETTINGS, create=True) as made:
        made.add(make_three())
        assert made.verify() == []


@pytest.mark.parametrize("name", ["writer.lock", "library.db-wal"])
def test_a_lock_or_log_that_holds_something_is_left_alone(tmp_path, name):
    (tmp_path / name).write_text("something")
    with pytest.raises(NotALibraryError, match=name):
        Library.open(tmp_path, settings=SETTINGS, create=True)
    assert (tmp_path / name).read_text() == "something"


@pytest.mark.parametrize("create", [True, False])
def test_a_library_that_lost_its_database_is_told_and_kept_for_its_return(library, create):
    library.add(make_three())
    library.close()
    database, aside = library.path / "library.db", library.path.parent / "aside.db"
    database.rename(aside)
    before = sorted(library.path.rglob("*"))
    with pytest.raises(NotALibraryError, match=r"left of a library .* no library\.db; put it back"):
        Library.open(library.path, settings=SETTINGS, create=create)
    assert sorted(library.path.rglob("*")) == before
    aside.rename(database)
    with Library.open(library.path, settings=SETTINGS) as again:
        assert again.verify() == []


def test_a_file_is_no_library(articles):
    with pytest.raises(NotALibraryError, match="is a file"):
        Library.open(articles / "ferry.txt", settings=SETTINGS, create=True)


def test_an_existing_library_is_opened_and_not_made_anew(library):
    library.add(make_three())
    with Library.open(library.path, settings=SETTINGS, create=True) as again:
        assert len(again.articles()) == 3


def test_another_encoder_is_refused_with_what_to_do(library):
    library.add(make_three())
    with pytest.raises(LibraryMismatchError, match="rebuild --encode"):
        Library.open(library.path, settings=SETTINGS, encoder=HashingEncoder(64))


def test_another_passage_rule_is_refused_with_what_to_do(library):
    library.add(make_three())
    with pytest.raises(LibraryMismatchError, match="passage_words = 120"):
        Library.open(library.path, settings=replace(SETTINGS, passage_words=50))


def test_a_library_opens_with_its_own_settings_when_none_are_given(tmp_path):
    settings = replace(SETTINGS, passage_words=0)
    with Library.open(tmp_path / "beir", settings=settings, create=True) as library:
        library.add([make_article("1", FERRY, title="Havbris")])
    with Library.open(tmp_path / "beir") as again:
        assert (again.settings.passage_words, again.settings.encoder) == (0, "test")
        assert find_ids(again, "ferry", "dense") == ["1"]


def test_an_emptied_library_may_be_used_with_another_encoder(library):
    library.add(make_three())
    library.remove(["harbour.txt", "library.txt", "ferry.txt"])
    library.close()
    settings = replace(SETTINGS, passage_words=60)
    with Library.open(library.path, settings=settings, encoder=HashingEncoder(64)) as again:
        again.add(make_three())
        assert again.info().dimension == 64
        assert find_ids(again, "electric ferry", "dense")[0] == "ferry.txt"
        assert again.verify() == []


def test_encoding_anew_mends_a_mismatch(library):
    library.add(make_three())
    library.close()
    settings = replace(SETTINGS, passage_words=50)
    options = {"settings": settings, "encoder": HashingEncoder(64)}
    with Library.open(library.path, check=False, **options) as other:
        with pytest.raises(LibraryMismatchError):
            other.search("ferry")
        with pytest.raises(LibraryMismatchError):
            other.add([make_article("new.txt", "Something new.")])
        told = []
        other.rebuild(encode=True, progress=told.append)
        assert told[-1].articles == told[-1].total == 3
        assert find_ids(other, "electric ferry", "dense")[0] == "ferry.txt"
        assert other.verify() == []
    with Library.open(library.path, **options) as again:
        assert again.info().dimension == 64


def test_rebuilding_gives_the_same_hits(library):
    library.add_paths([SEEDS])
    query = "When did Russia recognize South Ossetia?"
    before = {system: library.search(query, system=system) for system in SYSTEMS}
    library.rebuild()
    assert {system: library.search(query, system=system) for system in SYSTEMS} == before
    assert library.verify() == []


def test_opening_and_searching_load_neither_torch_nor_openvino(library):
    library.add_paths([SEEDS])
    library.close()
    code = (
        "import sys; from pathlib import Path; from index import Library\n"
        f"library = Library.open(Path({str(library.path)!r}))\n"
        "assert 'faiss' not in sys.modules\n"
        "assert library.search('Who recognized South Ossetia?')\n"
        "assert 'faiss' in sys.modules\n"
        "heavy = {'torch', 'openvino', 'transformers', 'index.pages.boilerplate'}\n"
        "assert not heavy & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


# --- other processes ---


def run_other(library, statement):
    """Opens the library in another process and runs the statement there."""
    code = (
        "from pathlib import Path; from index import Article, Library\n"
        f"with Library.open(Path({str(library.path)!r})) as library:\n    {statement}\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@pytest.mark.parametrize("system", SYSTEMS)
def test_what_another_process_does_is_seen_by_the_next_search(library, system):
    library.add(make_three())
    assert find_ids(library, "trams", system)[:1] != ["tram.txt"]
    run_other(library, "library.add([Article('tram.txt', '', 'Trams return to the old town.')])")
    assert find_ids(library, "trams return old town", system)[0] == "tram.txt"
    run_other(library, "library.remove(['tram.txt', 'ferry.txt'])")
    assert not {"tram.txt", "ferry.txt"} & set(find_ids(library, FERRY + " trams", system))
    assert library.verify() == []


def test_two_handles_of_one_process_see_each_other(library):
    with Library.open(library.path, settings=SETTINGS) as other:
        library.add(make_three())
        assert find_ids(other, "ferry") == ["ferry.txt"]
        other.remove(["ferry.txt"])
        assert find_ids(library, "ferry") == []
        assert np.array_equal(library._caches.words.engine.ids(), other._caches.words.engine.ids())


def test_a_second_writer_is_told_to_wait(library):
    refused = []

    def read():
        with (
            Library.open(library.path, settings=SETTINGS, busy_seconds=0) as other,
            pytest.raises(LibraryBusyError, match="wait until it is done") as caught,
        ):
            other.add([make_article("b.txt", HARBOUR)])
        refused.append(caught.value)
        yield make_article("a.txt", FERRY)

    library.add(read())
    assert len(refused) == 1
    assert [item.id for item in library.articles()] == ["a.txt"]


# --- what the engines are given ---


@pytest.mark.parametrize(
    ("title", "text", "words", "expected"),
    [
        ("Title", "Text.", 120, "Title\nText."),
        ("Title", "Title\n\nText.", 120, "Title\n\nText."),
        ("", "Text.", 120, "Text."),
        ("Title", "Text.", 0, "Title Text."),
        ("", "Text.", 0, "Text."),
    ],
)
def test_a_passage_is_read_under_its_title(title, text, words, expected):
    assert passage_input(title, text, passage_words=words) == expected
