"""The library: what it holds is removed from every engine, looked at without models, and shared."""

import subprocess
import sys
from difflib import get_close_matches

import numpy as np
import pytest
from libraries import FERRY, HARBOUR, LIBRARY, SETTINGS, SYSTEMS, find_ids, make_article, make_three

from index import ArticleNotFoundError, Library, LibraryBusyError, Passage
from index.encoding.encoders import HashingEncoder
from index.inputs import passage_input


def forbid_encoding(monkeypatch):
    def refuse(settings):
        raise AssertionError("the encoder was loaded")

    monkeypatch.setattr("index.library_encoder.load_encoder", refuse)


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


# --- other processes ---


def run_other(library, statement):
    """Opens the library in another process and runs the statement there."""
    code = (
        "from pathlib import Path; from index import Article, Library\n"
        f"with Library.open(Path({str(library.path)!r})) as library:\n    {statement}\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@pytest.mark.process
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
        words, others = library._caches.words.engine, other._caches.words.engine
        assert words and others
        assert np.array_equal(words.ids(), others.ids())


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
