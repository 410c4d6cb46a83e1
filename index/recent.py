"""What was used last, kept within bounds: the one cache of this kind."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Recent(Generic[K, V]):
    """Values by their keys; what was not asked for longest goes first (LRU).

    Safe to share between threads. ``most`` bounds how many are kept and ``largest`` what they may
    measure together by ``measure``; a value that alone measures more is not kept.
    """

    def __init__(
        self,
        most: int,
        *,
        largest: int | None = None,
        measure: Callable[[V], int] = lambda _: 0,
    ) -> None:
        """Holds nothing yet; with ``most`` 0 it never does."""
        self._most, self._largest, self._measure = most, largest, measure
        self._lock = threading.Lock()
        self._kept: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._size = 0

    def __len__(self) -> int:
        """How many values are kept."""
        return len(self._kept)

    def get(self, key: K) -> V | None:
        """The value under the key; ``None`` when it is not kept."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            self._kept.move_to_end(key)
            return found[0]

    def put(self, key: K, value: V) -> None:
        """Keeps a value, and drops those that were not asked for longest."""
        size = self._measure(value)
        with self._lock:
            self._size -= self._kept.pop(key, (value, 0))[1]
            if self._largest is not None and size > self._largest:
                return
            self._kept[key] = (value, size)
            self._size += size
            while len(self._kept) > self._most or (
                self._largest is not None and self._size > self._largest
            ):
                self._size -= self._kept.popitem(last=False)[1][1]

    def take(self, key: K) -> V | None:
        """The value under the key, kept no longer; ``None`` when it is not kept."""
        with self._lock:
            value, size = self._kept.pop(key, (None, 0))
            self._size -= size
            return value

    def clear(self) -> None:
        """Forgets all."""
        with self._lock:
            self._kept.clear()
            self._size = 0
