"""The readers of this process; it imports little, so that loading can begin before the rest."""

import threading
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING

from index.errors import ReaderError, first_line
from index.extensions import Reader, load_code
from qa.reader.model import Reader as Model

if TYPE_CHECKING:
    from qa.reader.protocol import Picker

LOADING = threading.Lock()


def shared_reader(row: Reader, threads: int) -> "Picker":
    """The reader of a row of the table, made once for all who use as many threads.

    Raises:
        ReaderError: it cannot be made.
    """
    with LOADING:
        return load_shared_reader(row, threads)


@lru_cache(maxsize=4)
def load_shared_reader(row: Reader, threads: int) -> "Picker":
    """As ``shared_reader``; two who ask at once would each make it."""
    try:
        made: Picker = load_code(row.make)(threads)
    except ReaderError:
        raise
    except Exception as error:
        raise blame_reader(row, "could not be loaded", error) from error
    return made


def blame_reader(row: Reader, what: str, error: Exception) -> ReaderError:
    """The error for a reader that raised something other than one."""
    why = f"{type(error).__name__}: {first_line(error)}"
    return ReaderError(f"The reader {row.name!r} {what} ({why}); mend it or choose another system.")


def prepare_reader(row: Reader, threads: int) -> None:
    """Begins to make a reader in a thread, so that the first question waits for less.

    What goes wrong there is told to whoever needs the reader.
    """

    def load() -> None:
        with suppress(ReaderError):
            shared_reader(row, threads)

    threading.Thread(target=load).start()


def make_reader(threads: int) -> "Picker":
    """The reader that comes with Dateline; its weights are loaded before what chooses answers.

    Raises:
        ReaderError: its files cannot be used.
    """
    model = Model.load(threads=threads)
    from qa.reader.picker import ReaderPicker

    return ReaderPicker(model)
