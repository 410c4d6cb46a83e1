"""The one reader of this process; it imports little, so that loading can begin before the rest."""

import threading
from contextlib import suppress
from functools import lru_cache

from index import ReaderError
from qa.reader.model import Reader

LOADING = threading.Lock()


def shared_reader(threads: int) -> Reader:
    """The shipped reader, loaded once for all who use as many threads.

    Raises:
        ReaderError: its files cannot be used.
    """
    with LOADING:
        return load_shared_reader(threads)


@lru_cache(maxsize=2)
def load_shared_reader(threads: int) -> Reader:
    """As ``shared_reader``; two who ask at once would each load it."""
    return Reader.load(threads=threads)


def prepare_reader(threads: int) -> None:
    """Begins to load the shared reader in a thread, so that the first question waits for less.

    What goes wrong there is told to whoever needs the reader.
    """

    def load() -> None:
        with suppress(ReaderError):
            shared_reader(threads)

    threading.Thread(target=load).start()
