"""Adding as a pipeline: what the windows under way may and may not change."""

import random
import threading
from dataclasses import replace

import pytest

from index import Article, Library, Progress, SkippedFile, StorageError
from index.adding import WINDOW_ARTICLES, split_and_encode
from index.encoding.encoders import HashingEncoder
from index.pipeline import UNDER_WAY, Pipeline
from index.settings import Settings

SETTINGS = Settings(encoder="test", passage_words=20)
PATIENCE = 60
TEXTS = [f"The {name} opened. It cost {n} million kroner." for n, name in enumerate("abcdefgh")]


@pytest.fixture
def small_windows(monkeypatch):
    monkeypatch.setattr("index.adding.WINDOW_ARTICLES", 3)


@pytest.fixture
def library(tmp_path):
    with Library.open(tmp_path / "library", settings=SETTINGS, create=True) as opened:
        yield opened


def make_articles(count, first=0):
    return [Article(f"{n}.txt", "", f"Report {n} of the council.") for n in range(first, count)]


class GatedEncoder(HashingEncoder):
    """Encodes once it is let."""

    def __init__(self):
        super().__init__()
        self.gate = threading.Event()

    def encode_passages(self, texts):
        assert self.gate.wait(PATIENCE)
        return super().encode_passages(texts)


class EagerPipeline(Pipeline):
    """Stores each window before the next one is begun, as if there were no threads."""

    def submit(self, window):
        super().submit(window)
        self.drain()


class ReluctantPipeline(Pipeline):
    """Encodes a window only when the caller can no longer do without."""

    def __init__(self, encode, commit, told):
        self._needed = threading.Event()

        def encode_late(texts, encoded):
            assert self._needed.wait(PATIENCE)
            self._needed.clear()
            return encode(texts, encoded)

        super().__init__(encode_late, commit, told)

    def _wait_until(self, ready):
        def look():
            done = ready()
            if not done:
                self._needed.set()
            return done

        super()._wait_until(look)


def make_stream(seed):
    """Articles that come new, again, changed, moved, copied, renamed and broken."""
    draw = random.Random(seed)
    stream: list[Article | SkippedFile] = []
    for _ in range(40):
        place, text = draw.choice("uvwxyz"), draw.choice(TEXTS)
        location = draw.choice([f"/news/{place}.txt", f"/other/{place}.txt", ""])
        title = draw.choice(["", "", "News"])
        stream.append(Article(f"{place}.txt", title, text, location=location))
    stream.insert(20, SkippedFile("/news/broken.pdf", "It is broken."))
    stream.insert(30, Article("half.txt", "", "half \ud83d pair"))
    return stream


def add_stream(folder, stream, pipeline, monkeypatch):
    monkeypatch.setattr("index.adding.Pipeline", pipeline)
    with Library.open(folder, settings=SETTINGS, create=True) as library:
        report = library.add(stream)
        assert library.verify() == []
        articles = [library.article(item.id) for item in library.articles()]
        passages = [library.passages(article.id) for article in articles]
    return replace(report, seconds=0), articles, passages


@pytest.mark.slow
@pytest.mark.usefixtures("small_windows")
@pytest.mark.parametrize("seed", range(3))
def test_what_is_under_way_changes_no_decision(tmp_path, monkeypatch, seed):
    stream = make_stream(seed)
    expected = add_stream(tmp_path / "eager", stream, EagerPipeline, monkeypatch)
    assert add_stream(tmp_path / "late", stream, ReluctantPipeline, monkeypatch) == expected
    report = expected[0]
    assert report.added
    assert report.updated
    assert report.duplicates
    assert len(report.skipped) == 2


@pytest.mark.usefixtures("small_windows")
def test_reading_goes_on_while_others_are_encoded_but_not_far(tmp_path):
    encoder = GatedEncoder()
    ahead = []
    with Library.open(tmp_path / "lib", settings=SETTINGS, encoder=encoder, create=True) as library:

        def read():
            for n, article in enumerate(make_articles(24)):
                ahead.append(n - len(library))
                if n == 3 * UNDER_WAY:
                    encoder.gate.set()
                yield article

        assert len(library.add(read()).added) == 24
    assert 3 * UNDER_WAY <= max(ahead) <= 3 * (UNDER_WAY + 1)


@pytest.mark.usefixtures("small_windows")
def test_progress_counts_what_is_encoded_not_what_is_read(tmp_path):
    encoder = GatedEncoder()
    told: list[Progress] = []
    with Library.open(tmp_path / "lib", settings=SETTINGS, encoder=encoder, create=True) as library:

        def read():
            for n, article in enumerate(make_articles(12)):
                if n == 3 * UNDER_WAY:
                    assert told[-1].articles == told[-1].passages == 0
                    encoder.gate.set()
                yield article

        library.add(read(), progress=told.append, total=12)
    assert (told[-1].articles, told[-1].passages) == (12, 12)
    for name in ("articles", "passages"):
        counts = [getattr(item, name) for item in told]
        assert counts == sorted(counts)


@pytest.mark.usefixtures("small_windows")
@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
def test_stopping_gives_up_what_is_not_encoded_and_keeps_whole_articles(library, error):
    def read():
        yield from make_articles(7)
        while not len(library):
            yield from make_articles(1)
        raise error

    with pytest.raises(error):
        library.add(read())
    ids = [item.id for item in library.articles()]
    assert ids in [[f"{n}.txt" for n in range(count)] for count in (3, 6, 7)]
    assert library.verify() == []
    library.add(make_articles(9))
    assert len(library) == 9
    assert library.verify() == []


@pytest.mark.usefixtures("small_windows")
def test_an_encoder_that_fails_is_told_and_what_was_stored_is_kept(tmp_path):
    class FailingEncoder(HashingEncoder):
        def encode_passages(self, texts):
            if any("Report 4 " in text for text in texts):
                raise MemoryError("no room for the batch")
            return super().encode_passages(texts)

    others = set(threading.enumerate())
    with Library.open(
        tmp_path / "lib", settings=SETTINGS, encoder=FailingEncoder(), create=True
    ) as library:
        with pytest.raises(MemoryError, match="no room"):
            library.add(make_articles(60))
        assert [item.id for item in library.articles()] == ["0.txt", "1.txt", "2.txt"]
        assert library.verify() == []
    assert set(threading.enumerate()) <= others


@pytest.mark.usefixtures("small_windows")
def test_a_store_that_fails_ends_the_reading_too(library, monkeypatch):
    def fail(*arguments):
        raise StorageError("The disk is full.")

    monkeypatch.setattr(library._store, "commit", fail)
    articles = iter(make_articles(90))
    with pytest.raises(StorageError, match="full"):
        library.add(articles)
    assert 90 - len(list(articles)) <= 3 * (UNDER_WAY + 2)
    assert len(library) == 0


def test_passages_and_vectors_are_those_of_each_article_alone(library):
    library.add(make_articles(WINDOW_ARTICLES + 5))
    for n in (0, WINDOW_ARTICLES - 1, WINDOW_ARTICLES + 4):
        article = library.article(f"{n}.txt")
        (write,) = split_and_encode([article], [None], SETTINGS, HashingEncoder)
        (passage,) = library.passages(article.id)
        assert [(passage.start, passage.end)] == write.spans
        same = [hit for hit in library.search(article.text, system="dense") if hit.score > 0.999]
        assert article.id in {hit.article.id for hit in same}
