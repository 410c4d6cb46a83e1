"""BM25 over passage words, kept in a tantivy index that is a cache of the store.

The folder holds tantivy's files and one of ours, ``state.json``, with the format, the owner, the
store's change counter and a checksum of every file. It is written after tantivy's own commit, so a
crash in between leaves a counter that lags behind the words and never one that runs ahead: catching
up again is harmless, since ``add`` replaces and ``remove`` of an absent id does nothing.

One process writes at a time and the caller serialises writes with searches in its own threads;
searches are safe with each other. Nothing here reads or keeps the text itself.
"""

import json
import os
import shutil
import weakref
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import tantivy
from numpy.typing import NDArray

from index.errors import LibraryBusyError
from index.words.bm25 import boosted_pair, boosted_term, inverse_frequency, schema, within
from index.words.files import (
    FORMAT,
    PASSED_ON,
    STATE,
    DamagedWordsError,
    checksum,
    copy_to_temporary,
    read_state,
    reading,
    remove_index,
    storage_error,
    verify_files,
)
from index.words.spelling import find_nearest
from index.words.terms import analyzer, list_words, query_pairs, query_terms, spell_words

MAX_TERMS = 64
FILTER_IN_QUERY = 1000
TIE_MARGIN = 16
FEW_PASSAGES = 50_000
"""Up to this many, all words are looked through for a misspelt one; else those that begin alike."""

WRITER_BYTES = 30_000_000

Ids = NDArray[np.int64]
Scores = NDArray[np.float32]


class WordIndex:
    """Passages by their words: ``search`` gives the best by BM25, with the ids of the store.

    What ``add``, ``remove`` and ``clear`` do is seen by nobody before ``commit``.
    """

    def __init__(
        self,
        folder: Path | None,
        engine: tantivy.Index,
        counter: int,
        owner: str,
        checksums: dict[str, int],
    ) -> None:
        self._folder = folder
        self._engine = engine
        self._counter = counter
        self._owner = owner
        self._checksums = checksums
        self._writer: tantivy.IndexWriter | None = None
        self._engine.register_tokenizer("words", analyzer())
        self._engine.config_reader("manual")
        self._searcher = self._engine.searcher()

    @classmethod
    def open(cls, path: Path, owner: str = "") -> "WordIndex":
        """The word index in the folder ``path``; an empty one is made when there is none.

        In a folder that cannot be written, the index is read from a temporary copy.

        Args:
            path: the folder, or where it shall be.
            owner: whose words these are (the identity of the store), compared with what was
                written when the index was made.

        Raises:
            DamagedWordsError: the files are damaged, of another format or another owner's.
            StorageError: there is no index and none can be written, or one can only be read and
                there is no room for its copy.
        """
        if not path.exists() or (path.is_dir() and not any(path.iterdir())):
            return cls.create(path, owner)
        counter, checksums = read_state(path, owner)
        verify_files(path, checksums)
        if os.access(path, os.W_OK):
            with reading(path):
                return cls(path, tantivy.Index.open(str(path)), counter, owner, checksums)
        copy = copy_to_temporary(path)
        try:
            with reading(path):
                words = cls(path, tantivy.Index.open(str(copy)), counter, owner, checksums)
        except BaseException:
            shutil.rmtree(copy, ignore_errors=True)
            raise
        weakref.finalize(words, shutil.rmtree, copy, ignore_errors=True)
        return words

    @classmethod
    def create(cls, path: Path | None, owner: str = "") -> "WordIndex":
        """A new, empty word index in the folder ``path``, in place of one that is there.

        Without ``path`` it lives in memory alone.

        Raises:
            StorageError: the folder cannot be written, or something else is there.
        """
        if path is None:
            return cls(None, tantivy.Index(schema()), 0, owner, {})
        try:
            remove_index(path)
            path.mkdir(parents=True)
            words = cls(path, tantivy.Index(schema(), path=str(path)), 0, owner, {})
            words._write_state()
            return words
        except (OSError, ValueError) as error:
            raise storage_error(path, error) from error

    @property
    def in_memory(self) -> bool:
        """Whether no folder has it."""
        return self._folder is None

    @property
    def counter(self) -> int:
        """The store's change counter as of the last commit."""
        return self._counter

    def __len__(self) -> int:
        """How many passages there are."""
        return int(self._searcher.num_docs)

    def ids(self) -> Ids:
        """The ids of all passages, ascending: ``(n,) int64``."""
        if not len(self):
            return np.empty(0, np.int64)
        ids, _ = self._fetch(tantivy.Query.all_query(), len(self))
        return np.sort(ids)

    def add(self, ids: Sequence[int], texts: Sequence[str]) -> None:
        """Take in the words of ``texts`` under ``ids``, in place of what an id stood for.

        Raises:
            LibraryBusyError: another process is writing.
            StorageError: the disk is full, read-only or failing.
        """
        rows = list(zip(map(int, ids), texts, strict=True))
        with self._writing() as writer:
            for number, text in rows:
                writer.delete_documents_by_term("id", number)
                document = tantivy.Document()
                document.add_integer("id", number)
                document.add_text("text", spell_words(text))
                writer.add_document(document)

    def remove(self, ids: Iterable[int]) -> None:
        """Forget the passages ``ids``; ids that are not there are ignored.

        Raises:
            LibraryBusyError: another process is writing.
            StorageError: the disk is full, read-only or failing.
        """
        with self._writing() as writer:
            for number in ids:
                writer.delete_documents_by_term("id", int(number))

    def clear(self) -> None:
        """Forget every passage, those not yet committed included.

        Raises:
            LibraryBusyError: another process is writing.
            StorageError: the disk is full, read-only or failing.
        """
        with self._writing() as writer:
            writer.delete_all_documents()

    def commit(self, counter: int) -> None:
        """Make everything since the last commit visible and lasting, as of ``counter``.

        Raises:
            LibraryBusyError: another process is writing.
            StorageError: the disk is full, read-only or failing; what was committed before stays.
        """
        with self._writing() as writer:
            writer.commit()
            writer.wait_merging_threads()
            self._writer = None
            self._counter = counter
            self._write_state()
            self._reload()

    def refresh(self) -> int:
        """The counter after taking in what another process has committed.

        Raises:
            DamagedWordsError: the files have become unreadable meanwhile.
        """
        if self._folder is not None and os.access(self._folder, os.W_OK):
            self._counter, self._checksums = read_state(self._folder, self._owner)
            self._reload()
        return self._counter

    def search(self, query: str, k: int, allowed: Ids | None = None) -> tuple[Ids, Scores]:
        """The ``k`` best passages for the words of ``query``: ids and BM25 scores, best first.

        Passages that share no word with the query are never among them, so there may be fewer.
        Equal scores are in the order of the ids. Any text is a query; it has no syntax.

        Args:
            query: a question.
            k: how many passages, at most.
            allowed: ids to choose from, ascending ``(m,) int64``; all when left out.

        Raises:
            DamagedWordsError: the files turned out to be damaged.
        """
        if k <= 0 or not len(self) or (allowed is not None and not len(allowed)):
            return np.empty(0, np.int64), np.empty(0, np.float32)
        weights = self._weigh_terms(query)
        if not weights:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        wanted = [boosted_term(term, count) for term, (_, count) in weights.items()]
        # Words that stand side by side in the question count for a little more where they do so.
        wanted += [
            boosted_pair(first, second)
            for first, second in sorted(query_pairs(query))
            if first in weights and second in weights
        ]
        request = tantivy.Query.boolean_query([(tantivy.Occur.Should, part) for part in wanted])
        if allowed is not None and len(allowed) <= FILTER_IN_QUERY:
            return self._rank(within(request, allowed), k, None)
        return self._rank(request, k, allowed)

    def ceiling(self, query: str) -> float:
        """The BM25 score no passage can exceed for the words of ``query`` one by one, 0 for none.

        Words that no passage has count too, as the rarest of all: a best score far below the
        ceiling means that nothing here has the words that matter.
        """
        return sum(
            count * inverse_frequency(len(self), frequency) * 2.2
            for frequency, count in self._weigh_terms(query, present=False).values()
        )

    def respell(self, query: str, familiar: Container[str]) -> dict[str, str]:
        """Words of the query, in lower case, that no passage has → the term that each stands for.

        ``familiar`` words are meant as they are; "When did he resign?" is not about whoever was
        reassigned. What is near to no term stays too (``index.words.spelling``).

        Raises:
            DamagedWordsError: the files turned out to be damaged.
        """
        found = {}
        for word in dict.fromkeys(list_words(query)):
            terms = analyzer().analyze(word)
            if word in familiar or len(terms) != 1 or self._searcher.doc_freq("text", terms[0]):
                continue
            prefix = terms[0][:1] if len(self) > FEW_PASSAGES else ""
            with reading(self._folder):
                known = dict(self._searcher.terms_with_prefix("text", prefix))
            nearest = find_nearest(terms[0], known)
            if nearest:
                found[word] = nearest
        return found

    def _weigh_terms(self, query: str, present: bool = True) -> dict[str, tuple[int, int]]:
        """Each term of the query → (passages that have it, times in the query), rarest kept."""
        counts = Counter(query_terms(query))
        weights = {
            term: (frequency, count)
            for term, count in counts.items()
            if (frequency := self._searcher.doc_freq("text", term)) or not present
        }
        if len(weights) <= MAX_TERMS:
            return weights
        rarest = sorted(weights.items(), key=lambda item: (item[1][0], item[0]))
        return dict(rarest[:MAX_TERMS])

    def _rank(self, request: tantivy.Query, k: int, allowed: Ids | None) -> tuple[Ids, Scores]:
        """The ``k`` best of ``request`` within ``allowed``, fetching more until they are sure."""
        total = len(self)
        share = 1.0 if allowed is None else max(len(allowed) / total, 1 / total)
        limit = int(k / share * 1.2) + TIE_MARGIN
        while True:
            ids, scores = self._fetch(request, min(limit, total))
            lowest = scores[-1] if len(scores) else np.float32(0)
            complete = limit >= total or len(ids) < limit
            if allowed is not None:
                kept = np.isin(ids, allowed, assume_unique=True)
                ids, scores = ids[kept], scores[kept]
            order = np.lexsort((ids, -scores))[:k]
            # A passage not fetched may tie with the last one, and go before it by its id.
            if complete or (len(order) == k and scores[order[-1]] > lowest):
                return ids[order], scores[order]
            limit *= 4

    def _fetch(self, request: tantivy.Query, limit: int) -> tuple[Ids, Scores]:
        """The hits of ``request`` as arrays, in tantivy's order."""
        with reading(self._folder):
            hits = self._searcher.search(request, limit, count=False).hits
            ids = self._searcher.fast_field_values("id", [address for _, address in hits])
        # Rounded: the order in which tantivy adds up the terms may differ between equal passages.
        scores = np.round([score for score, _ in hits], 4).astype(np.float32)
        return np.array(ids, np.int64), scores

    def _reload(self) -> None:
        """See the last commit."""
        with reading(self._folder):
            self._engine.reload()
            self._searcher = self._engine.searcher()

    @contextmanager
    def _writing(self) -> Iterator[tantivy.IndexWriter]:
        """The writer, opened when there is none; what fails inside leaves as one of our errors."""
        try:
            if self._writer is None:
                self._writer = self._engine.writer(WRITER_BYTES, 1)
            yield self._writer
        except (*PASSED_ON, DamagedWordsError):
            raise
        except BaseException as error:
            self._writer = None
            if "LockBusy" in str(error):
                raise LibraryBusyError(
                    f"Another process is writing to {self._folder}; try again when it has finished."
                ) from error
            raise storage_error(self._folder, error) from error

    def _write_state(self) -> None:
        """Write ``state.json`` as of now, in one step."""
        if self._folder is None:
            return
        files = {
            file.name
            for file in self._folder.iterdir()
            if not file.name.startswith(".") and file.name not in (STATE, "meta.json")
        }
        # tantivy never changes a file once it is written, so one checksum each is enough.
        self._checksums = {
            name: self._checksums.get(name) or checksum(self._folder / name)
            for name in sorted(files)
        }
        state = {
            "format": FORMAT,
            "owner": self._owner,
            "counter": self._counter,
            "checksums": self._checksums,
        }
        draft = self._folder / ".state.draft"
        draft.write_text(json.dumps(state), "utf-8")
        draft.replace(self._folder / STATE)
