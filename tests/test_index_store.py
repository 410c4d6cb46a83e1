"""The store: what is committed is there, whole, and nothing else is."""

import sqlite3
import threading
from dataclasses import replace
from hashlib import sha256

import numpy as np
import pytest

from index.errors import (
    LibraryBusyError,
    LibraryMismatchError,
    LibraryNotFoundError,
    NotALibraryError,
    StorageError,
)
from index.storage.database import SharedLock, WriterLock
from index.storage.store import Store
from index.storage.tables import DATABASE_NAME, Write
from index.types import Article, Filters, PublicationDate

TEXT = "Russia recognized South Ossetia on August 26, 2008. Georgia broke off relations."
DATE = PublicationDate("2008-08-26", "day", "dateline", 'dateline "MOSCOW, August 26"')


def make_article(name="a.txt", text=TEXT, **details):
    digest = sha256(text.encode()).hexdigest()
    return Article(name, "Recognition", text, digest=digest, location=f"/news/{name}", **details)


def unit_rows(count, dimension=8, seed=1):
    vectors = np.random.default_rng(seed).standard_normal((count, dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def make_write(article=None, row=None, seed=1):
    article = article or make_article()
    middle = article.text.index(". ") + 1
    spans = [(0, middle), (middle + 1, len(article.text))]
    return Write(article, spans, unit_rows(2, seed=seed), row)


@pytest.fixture
def store(tmp_path):
    made = Store.create(tmp_path)
    made.set_manifest({"encoder": {"dimension": 8}})
    yield made
    made.close()


def test_an_article_comes_back_as_it_was_stored(store):
    article = make_article(
        source="RIA Novosti",
        published=DATE,
        language="en",
        pages=(0, 30),
        notes=("The encoding was guessed.",),
    )
    store.commit([make_write(article)])
    found = store.find(article)
    assert store.articles([found.row]) == {found.row: article}


def test_a_passage_is_the_slice_of_its_article(store):
    store.commit([make_write()])
    passages = store.passages(store.find_id("a.txt").row)
    assert [passage.text for passage in passages] == [
        "Russia recognized South Ossetia on August 26, 2008.",
        "Georgia broke off relations.",
    ]
    assert all(TEXT[item.start : item.end] == item.text for item in passages)


def test_vectors_come_back_to_half_precision(store):
    store.commit([make_write(seed=3)])
    (batch,) = store.vectors(store.everything().added, 8)
    assert np.array_equal(batch[1], unit_rows(2, seed=3).astype(np.float16).astype(np.float32))


def test_the_oldest_article_of_a_digest_is_found(store):
    store.commit([make_write(), make_write(make_article("b.txt"))])
    assert store.find_digest(make_article().digest).id == "a.txt"


def test_an_article_without_a_location_is_found_by_its_id(store):
    article = replace(make_article(), location="")
    store.commit([make_write(article)])
    assert store.find(replace(article, digest="other")).id == "a.txt"
    assert store.find(make_article("a.txt")) is None


def test_an_article_without_a_location_is_found_by_the_id_that_it_asked_for(store):
    store.commit([make_write(make_article("n"))])
    store.commit([make_write(replace(make_article("n (2)"), location="id:n"))])
    for name in ("n", "n (2)"):
        assert store.find(replace(make_article(name), location="")).id == "n (2)"


def test_the_ids_nearest_to_another_come_first(store):
    names = ["harbour.txt", "ferry.txt", "tram.txt", "a/harbour.txt"]
    store.commit([make_write(make_article(name)) for name in names])
    assert store.near_ids("harbor.txt", 2) == ["harbour.txt", "a/harbour.txt"]
    assert sorted(store.near_ids("x", 9)) == sorted(names)
    assert store.near_ids("", 9) == []


def test_a_new_version_replaces_the_passages_and_keeps_the_row(store):
    store.commit([make_write()])
    before = store.find_id("a.txt")
    old = [passage.id for passage in store.passages(before.row)]
    text = "Georgia left the CIS. It said so in Tbilisi."
    store.commit([make_write(make_article(text=text), row=before.row)])
    after = store.find_id("a.txt")
    assert after.row == before.row
    assert store.articles([after.row])[after.row].text == text
    assert not set(old) & {passage.id for passage in store.passages(after.row)}
    assert store.places(old) == {}


def test_what_is_said_about_an_article_changes_without_its_passages(store):
    store.commit([make_write()])
    row = store.find_id("a.txt").row
    passages = store.passages(row)
    store.commit([Write(make_article(source="Reuters"), row=row)])
    assert store.articles([row])[row].source == "Reuters"
    assert store.passages(row) == passages


def test_rows_are_never_used_twice(store):
    store.commit([make_write()])
    first = store.everything().added.tolist()
    store.commit(removals=[store.find_id("a.txt").row])
    store.commit([make_write()])
    assert min(store.everything().added) > max(first)


def test_a_removed_text_is_in_no_byte_of_the_file(store):
    store.commit([make_write()])
    store.commit(removals=[store.find_id("a.txt").row])
    files = list(store.folder.glob("library.db*"))
    assert files
    assert not any(b"South Ossetia" in file.read_bytes() for file in files)


def test_a_failing_transaction_leaves_nothing(store):
    version = store.version()
    good, twin = make_write(), make_write(replace(make_article(), location="/elsewhere"))
    with pytest.raises(sqlite3.IntegrityError):
        store.commit([good, twin])
    assert store.version() == version
    assert store.totals() == (0, 0, 0)


def test_the_change_log_tells_what_a_cache_has_missed(store):
    start = store.version()
    store.commit([make_write()])
    middle = store.version()
    rows = store.everything().added.tolist()
    store.commit([make_write(make_article("b.txt"))], [store.find_id("a.txt").row])
    missed = store.changes_since(middle)
    assert missed.removed.tolist() == rows
    assert missed.added.tolist() == store.everything().added.tolist()
    whole = store.changes_since(start)
    assert whole.added.tolist() == store.everything().added.tolist()
    assert store.changes_since(store.version()).added.size == 0


def test_a_version_the_store_never_had_is_not_explained(store):
    store.commit([make_write()])
    assert store.changes_since(store.version() + 1) is None


def test_two_stores_that_went_other_ways_have_other_versions(tmp_path):
    versions = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        store = Store.create(tmp_path / name)
        versions.append(store.commit([make_write()]))
        store.close()
    assert versions[0] != versions[1]
    assert versions[0] >> 20 == versions[1] >> 20 == 1


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(published_after="2008-08"), {"august.txt", "september.txt"}),
        (Filters(published_before="2008-08"), {"july.txt", "august.txt"}),
        (Filters(published_after="2008-08-26", published_before="2008-08-26"), {"august.txt"}),
        (Filters(published_after="2009"), set()),
        (Filters(sources=("reuters", "none")), {"july.txt"}),
        (Filters(languages=("EN",)), {"july.txt"}),
        (Filters(articles=("AUGUST.txt", "undated.txt")), {"august.txt", "undated.txt"}),
        (Filters(sources=("RT",), published_after="2008-09"), {"september.txt"}),
        (Filters(), {"july.txt", "august.txt", "september.txt", "undated.txt", "year.txt"}),
    ],
)
def test_filters_admit_the_right_articles(store, filters, expected):
    def dated(iso, precision="day"):
        return PublicationDate(iso, precision, "metadata")

    articles = [
        make_article("july.txt", source="Reuters", published=dated("2008-07-01"), language="en"),
        make_article("august.txt", source="RT", published=dated("2008-08-26"), language="ru"),
        make_article("september.txt", source="RT", published=dated("2008-09-17")),
        make_article("undated.txt"),
        make_article("year.txt", published=dated("2008", "year")),
    ]
    store.commit([make_write(article) for article in articles])
    places = store.places(store.rows_within(filters).tolist()).values()
    found = store.articles({place.article for place in places})
    assert {article.id for article in found.values()} == expected


def test_values_of_the_manifest_are_kept_and_forgotten(store):
    store.set_manifest({"threshold": 0.25, "other": [1, 2]})
    store.set_manifest({"other": None})
    assert store.manifest()["threshold"] == 0.25
    assert "other" not in store.manifest()


def test_a_reader_sees_one_state_while_another_one_is_written(store):
    store.commit([make_write()])
    with store.database.reading() as connection:
        count = "SELECT count(*) FROM articles"
        assert connection.execute(count).fetchone() == (1,)
        store.commit([make_write(make_article("b.txt"))])
        assert connection.execute(count).fetchone() == (1,)
    assert store.totals()[0] == 2


def test_a_folder_without_a_database_is_no_library(tmp_path):
    with pytest.raises(LibraryNotFoundError, match="dateline add"):
        Store.open(tmp_path)


def test_a_database_whose_making_was_cut_short_is_no_library_yet(tmp_path):
    (tmp_path / DATABASE_NAME).touch()
    with pytest.raises(LibraryNotFoundError):
        Store.open(tmp_path)
    Store.create(tmp_path).close()
    Store.open(tmp_path).close()


def test_a_database_of_another_program_is_left_as_it_is(tmp_path):
    file = tmp_path / DATABASE_NAME
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE bookmarks (url TEXT)")
    connection.commit()
    connection.close()
    before = file.read_bytes()
    for opening in (Store.open, Store.create):
        with pytest.raises(NotALibraryError, match="other program"):
            opening(tmp_path)
    assert file.read_bytes() == before


def test_a_file_that_is_no_database_is_told(tmp_path):
    (tmp_path / DATABASE_NAME).write_bytes(b"not a database, just some text " * 100)
    with pytest.raises(NotALibraryError, match="not a Dateline library"):
        Store.open(tmp_path)


def test_a_newer_format_is_refused(store):
    with store.database.writing() as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(LibraryMismatchError, match="install a newer Dateline"):
        Store.open(store.folder)


def test_a_damaged_database_is_told_in_one_sentence(store):
    for number in range(50):
        store.commit([make_write(make_article(f"{number}.txt"), seed=number)])
    store.close()
    file = store.folder / DATABASE_NAME
    content = bytearray(file.read_bytes())
    content[8192:] = b"\xa5" * (len(content) - 8192)
    file.write_bytes(content)
    with pytest.raises(StorageError, match="is damaged"):
        damaged = Store.open(store.folder)
        try:
            damaged.summaries()
        finally:
            damaged.close()


def test_only_one_writer_at_a_time(tmp_path):
    first = WriterLock(tmp_path / "writer.lock", busy_seconds=0)
    second = WriterLock(tmp_path / "writer.lock", busy_seconds=0)
    with first.held():
        for lock in (first, second):
            with pytest.raises(LibraryBusyError, match="wait until it is done"), lock.held():
                pytest.fail("two writers at once")
    with second.held():
        pass


def test_readers_share_the_lock_and_a_writer_has_it_alone():
    lock = SharedLock()
    order = []
    inside = threading.Barrier(3, timeout=10)
    written = threading.Event()

    def read():
        with lock.shared():
            inside.wait()
            order.append("read")

    def write():
        with lock.exclusive():
            order.append("write")
        written.set()

    readers = [threading.Thread(target=read) for _ in range(2)]
    writer = threading.Thread(target=write)
    for reader in readers:
        reader.start()
    with lock.shared():
        writer.start()
        inside.wait()
        for reader in readers:
            reader.join(10)
        assert not written.is_set()
    writer.join(10)
    assert order == ["read", "read", "write"]
