"""Windows of articles on their way into the store: encoded by one thread, stored by another.

While one window is stored, the next is encoded and the one after that is read and split by the
caller. Few are under way at a time, so memory is bounded; each is stored whole, in the order in
which it was handed over, or not at all.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import TracebackType
from typing import Self

from index.storage.tables import Vectors, Write
from index.types import Article, Passage

UNDER_WAY = 3
"""Windows at most that are encoded, stored or waiting for either."""

Encode = Callable[[Sequence[str], Callable[[int], None]], Vectors]
Commit = Callable[[Sequence[Write]], None]


class StoppedError(Exception):
    """Ends encoding between two steps, when nobody waits for the rest; never leaves the module."""


@dataclass(slots=True, eq=False)
class Window:
    """The articles that will be stored together, and what tells others from them.

    ``remarks`` are articles whose text stays; ``splits`` and ``texts`` are filled when it is full.
    """

    articles: list[tuple[Article, int | None]] = field(default_factory=list)
    remarks: list[Write] = field(default_factory=list)
    characters: int = 0
    keys: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)
    digests: dict[str, str] = field(default_factory=dict)
    splits: list[list[Passage]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    encoded: int = 0

    @property
    def size(self) -> int:
        """How many articles it holds."""
        return len(self.articles) + len(self.remarks)

    @property
    def encoded_articles(self) -> int:
        """About how many of its articles are encoded: passages are encoded by length."""
        return self.size * self.encoded // len(self.texts) if self.texts else 0

    def make_writes(self, vectors: Vectors) -> list[Write]:
        """What is stored of it, given the vectors of its ``texts``."""
        writes, first = list(self.remarks), 0
        for (article, row), passages in zip(self.articles, self.splits, strict=True):
            last = first + len(passages)
            spans = [(passage.start, passage.end) for passage in passages]
            writes.append(Write(article, spans, vectors[first:last], row))
            first = last
        return writes


class Pipeline:
    """Takes full windows and stores them, encoded, while the caller fills the next one.

    Used by one thread, as a context: leaving it with an error gives up what is not encoded yet
    and stores the rest. What goes wrong in a thread is raised by the caller's next call.
    """

    def __init__(self, encode: Encode, commit: Commit, told: Callable[[], None]) -> None:
        """Starts no thread before there is a window.

        Args:
            encode: the texts' vectors; told now and then how many it has.
            commit: stores a window.
            told: called in the caller's thread, while it waits, whenever things have moved on.
        """
        self._encode = encode
        self._commit = commit
        self._told = told
        self._changed = threading.Condition()
        self._under_way: deque[Window] = deque()
        self._to_encode: deque[Window] = deque()
        self._to_store: deque[tuple[Window, Vectors]] = deque()
        self._failure: BaseException | None = None
        self._stopped = False
        self._exhausted = False
        self._closed = False
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._changed:
            self._stopped = self._stopped or error is not None
            self._closed = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def submit(self, window: Window) -> None:
        """Hands over a full window, once there is room for it."""
        if not self._threads:
            self._threads = [
                threading.Thread(target=self._guard, args=(work,), daemon=True)
                for work in (self._encode_windows, self._store_windows)
            ]
            for thread in self._threads:
                thread.start()
        self._wait_until(lambda: len(self._under_way) < UNDER_WAY)
        with self._changed:
            self._under_way.append(window)
            self._to_encode.append(window)
            self._changed.notify_all()

    def drain(self) -> None:
        """Waits until every window that was handed over is stored."""
        self._wait_until(lambda: not self._under_way)

    def under_way(self) -> tuple[Window, ...]:
        """The windows that were handed over and are not known to be stored."""
        with self._changed:
            self._raise_failure()
            return tuple(self._under_way)

    def count_waiting(self) -> tuple[int, int]:
        """How many articles, about, and passages were handed over and are not encoded yet."""
        with self._changed:
            articles = sum(item.size - item.encoded_articles for item in self._under_way)
            passages = sum(len(item.texts) - item.encoded for item in self._under_way)
            return articles, passages

    def _wait_until(self, ready: Callable[[], bool]) -> None:
        """Waits for other threads, passing on what they say of themselves."""
        while True:
            with self._changed:
                self._raise_failure()
                if ready():
                    return
                self._changed.wait()
            self._told()

    def _raise_failure(self) -> None:
        if self._failure is not None:
            raise self._failure

    def _guard(self, work: Callable[[], None]) -> None:
        """Does the work of a thread and keeps what ends it for the caller."""
        try:
            work()
        except BaseException as error:  # the caller raises it, whatever it is
            with self._changed:
                self._failure = self._failure or error
                self._stopped = True
                self._changed.notify_all()

    def _encode_windows(self) -> None:
        """Encodes windows as they come, until there are no more."""
        try:
            while (window := self._next_to_encode()) is not None:
                vectors = self._encode(window.texts, partial(self._note_encoded, window))
                with self._changed:
                    self._to_store.append((window, vectors))
                    self._changed.notify_all()
        except StoppedError:
            return
        finally:
            with self._changed:
                self._exhausted = True
                self._changed.notify_all()

    def _next_to_encode(self) -> Window | None:
        """The next window, waited for; ``None`` when there will be none."""
        with self._changed:
            self._changed.wait_for(lambda: self._to_encode or self._stopped or self._closed)
            return None if self._stopped or not self._to_encode else self._to_encode.popleft()

    def _note_encoded(self, window: Window, count: int) -> None:
        """Keeps how many passages of a window are encoded, and ends it when nobody waits."""
        with self._changed:
            if self._stopped:
                raise StoppedError
            window.encoded = count
            self._changed.notify_all()

    def _store_windows(self) -> None:
        """Stores encoded windows in their order, until there can be no more."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._to_store or self._exhausted)
                if not self._to_store:
                    return
                window, vectors = self._to_store.popleft()
            self._commit(window.make_writes(vectors))
            with self._changed:
                self._under_way.popleft()
                self._changed.notify_all()
