"""The libraries that data sets are searched in, built once and kept in the cache folder.

``$DATELINE_CACHE``, else the user's cache folder, holds ``libraries/<key>`` where the key stands
for the articles' content, the passage rule and the encoder's weights. A library is built beside its
place and moved there when it is whole; a build that was stopped goes on where it was.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from index import Article, Library
from index.encoding.encoders import Encoder
from index.errors import DatasetError
from index.inputs import library_rule
from index.settings import Settings
from index.storage.database import WriterLock
from index.storage.tables import FORMAT as LIBRARY_FORMAT
from index.types import AddReport, Progress
from qa.evaluate.data.records import Corpus

FORMAT = 1
Watch = Callable[[Progress], None]
WAIT_SECONDS = 24 * 3600.0


def find_cache() -> Path:
    """The folder of everything that can be made again."""
    named = os.environ.get("DATELINE_CACHE")
    if named:
        return Path(named).expanduser()
    from platformdirs import user_cache_path

    return user_cache_path("dateline")


def name_library(corpus: Corpus, settings: Settings, encoder: Encoder) -> str:
    """The key of the library of this corpus under these settings."""
    parts = [
        f"{FORMAT}.{LIBRARY_FORMAT}",
        corpus.digest,
        library_rule(settings.passage_words, settings.overlap_sentences),
        encoder.fingerprint.digest,
    ]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]


def fit_settings(corpus: Corpus, settings: Settings) -> Settings:
    """The settings that suit the corpus: documents of a benchmark stay whole, but for long ones.

    Of a long document an encoder sees the beginning alone, so it is cut into passages as articles
    are, and ranked by its best one.
    """
    if not corpus.whole or corpus.articles is None:
        return settings
    first = (item for item in corpus.articles() if isinstance(item, Article))
    words = [len(item.text.split()) for item in islice(first, JUDGED)]
    long = bool(words) and sum(words) / len(words) > LONG
    return settings if long else replace(settings, passage_words=0)


LONG = 380
"""The mean words of documents over which they are cut: twice what the default encoder reads.

Nearer to it cutting costs more than it brings (docs/decisions.md)."""

JUDGED = 1000
"""Documents by which that is judged."""


@contextmanager
def open_library(
    corpus: Corpus, settings: Settings, encoder: Encoder, watch: Watch | None = None
) -> Iterator[tuple[Library, tuple[str, ...]]]:
    """The library of the corpus and notes on what is not in it, closed afterwards.

    A corpus of neither articles nor a library gives an empty one, for reading given paragraphs.

    Raises:
        DatasetError: the corpus gives no article.
        LibraryError: a library cannot be made or opened.
    """
    with TemporaryDirectory() as empty:
        new, notes = Path(empty) / "library", []
        path = corpus.library or new
        if corpus.articles is not None and corpus.library is None:
            folder = find_cache() / "libraries" / name_library(corpus, settings, encoder)
            if not is_whole(folder):
                build_library(folder, corpus, settings, encoder, watch)
            path, notes = folder / "library", json.loads((folder / "notes.json").read_text("utf-8"))
        with Library.open(path, settings=settings, encoder=encoder, create=path == new) as library:
            yield library, tuple(notes)


def is_whole(folder: Path) -> bool:
    """Whether a cached library was built to its end."""
    return (folder / "notes.json").is_file() and (folder / "library").is_dir()


def build_library(
    folder: Path, corpus: Corpus, settings: Settings, encoder: Encoder, watch: Watch | None
) -> None:
    """Build the library of the corpus and move it to ``folder``; a second builder waits.

    Raises:
        DatasetError: the corpus gives no article.
    """
    place = hashlib.sha256(corpus.place.encode()).hexdigest()[:8]
    part = folder.with_name(f"{folder.name}.{place}.part")
    part.mkdir(parents=True, exist_ok=True)
    with WriterLock(folder.with_name(f"{folder.name}.lock")).held(WAIT_SECONDS):
        if is_whole(folder):
            shutil.rmtree(part, ignore_errors=True)
            return
        with Library.open(
            part / "library", settings=settings, encoder=encoder, create=True
        ) as library:
            read = corpus.articles() if corpus.articles else ()
            report = library.add(read, progress=watch, keep_duplicates=True)
            articles = library.info().articles
        if not articles:
            shutil.rmtree(part, ignore_errors=True)
            raise DatasetError("; ".join(["There is no article to search", *note_skipped(report)]))
        notes = json.dumps(note_skipped(report), ensure_ascii=False)
        (part / "notes.json").write_text(notes, "utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        part.replace(folder)


def note_skipped(report: AddReport) -> list[str]:
    """A sentence for each article that did not get into the library, files of no format aside."""
    failed = [f"{item.location}: {item.reason}" for item in report.failed]
    others = len(report.skipped) - len(failed)
    if others:
        first = next(item for item in report.skipped if not item.failed)
        failed.append(
            f"{others:,} documents are not searched, the first {first.location}: {first.reason}"
        )
    return failed
