"""The processor's cores: how many this process may use, and work shared between two of them."""

import math
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import TypeVar

CPU_QUOTA = Path("/sys/fs/cgroup/cpu.max")
"""Where Linux says how much of a processor's time a container may have, as ``200000 100000``."""

T = TypeVar("T")
U = TypeVar("U")


def count_cores(quota: Path = CPU_QUOTA) -> int:
    """How many cores this process may use, by its affinity and, in a container, by its quota."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    try:
        allowed, period = quota.read_text("utf-8").split()
        granted = math.ceil(int(allowed) / int(period))
    except (OSError, ValueError, ZeroDivisionError):
        return usable or 1
    return max(1, min(usable or 1, granted))


class Companion:
    """One thread that takes work off others, for what lets go of the interpreter's lock.

    It serves whoever asks while it is free; nobody waits for it while it works for another, so many
    askers at once are no slower than without it. On one core it does nothing.
    """

    def __init__(self, cores: int | None = None) -> None:
        """``cores``: how many there are; counted when left out. The thread starts when needed."""
        self._cores = cores
        self._lock = threading.Lock()
        self._pool: ThreadPoolExecutor | None = None

    def run_both(self, here: Callable[[], T], there: Callable[[], U]) -> tuple[T, U]:
        """What ``here`` and ``there`` give, the second by the other thread when it is free.

        Both have ended when this returns or raises, or the second was never begun. What they raise,
        it raises, ``here`` first.
        """
        under_way = self._submit(there)
        if under_way is None:
            return here(), there()
        try:
            found = here()
            return found, (there() if under_way.cancel() else under_way.result())
        finally:
            if not under_way.cancel():
                wait([under_way])

    def close(self) -> None:
        """Ends the thread once it has done what it is at; from then on it does nothing."""
        with self._lock:
            self._cores = 1
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown()

    def _submit(self, work: Callable[[], U]) -> "Future[U] | None":
        """``work`` given to the thread, which is started when there is a core for it.

        ``None`` where there is none, or where no thread can be started any more.
        """
        with self._lock:
            if self._cores is None:
                self._cores = count_cores()
            if self._cores == 1:
                return None
            try:
                if self._pool is None:
                    self._pool = ThreadPoolExecutor(1, thread_name_prefix="dateline-companion")
                return self._pool.submit(work)
            except RuntimeError:
                # The interpreter is ending, or the system gives no more threads.
                self._cores, self._pool = 1, None
                return None
