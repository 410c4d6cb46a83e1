"""What is added is there once, in its last version, under an id of its own."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from libraries import FERRY, HARBOUR, LIBRARY, SYSTEMS, find_ids, make_article, make_three

from index import Article, Filters, Progress, PublicationDate, SkippedFile
from index.adding import WINDOW_ARTICLES
from index.articles.reading import count_articles


def forbid_encoding(monkeypatch):
    def refuse(settings):
        raise AssertionError("the encoder was loaded")

    monkeypatch.setattr("index.library_encoder.load_encoder", refuse)


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

    def find_id_noted(name):
        asked.append(name)
        return find_id(name)

    monkeypatch.setattr(library._store, "find_id", find_id_noted)
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
    told: list[Progress] = []
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
    told: list[Progress] = []
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
    told: list[Progress] = []
    report = library.add_paths([tmp_path / "pipe.jsonl", articles], progress=told.append)
    assert [item.location for item in report.failed] == [str(tmp_path / "pipe.jsonl")]
    assert len(report.added) == 3
