"""How a library's SQLite file is opened, shared, locked, and how its errors are told.

No table is known here: that is the store's part.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from os import R_OK, W_OK, access
from pathlib import Path

from index.errors import (
    LibraryBusyError,
    LibraryError,
    LibraryNotFoundError,
    NotALibraryError,
    StorageError,
)
from index.storage.private import keep_private

BUSY_SECONDS = 5.0
"""How long a writer waits for another one before it gives up."""

PRAGMAS = ("PRAGMA trusted_schema = OFF", "PRAGMA cell_size_check = ON")
WRITER_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = FULL",
    # What was removed must not be readable in the file afterwards.
    "PRAGMA secure_delete = ON",
)


@contextmanager
def telling_errors(file: Path) -> Iterator[None]:
    """Turns what SQLite and the system say inside into the errors that a person reads.

    Raises:
        LibraryError: of the kind that fits.
    """
    try:
        yield
    except (sqlite3.OperationalError, sqlite3.DatabaseError) as error:
        converted = convert_error(error, file.parent)
        if converted is None:
            raise
        raise converted from error
    except OSError as error:
        raise StorageError(
            f"The library at {file.parent} cannot be written or read ({error.strerror}); "
            "see to the disk and run the command again."
        ) from error


def convert_error(error: sqlite3.Error, folder: Path) -> LibraryError | None:
    """What ``error`` means for the library in ``folder``; ``None`` when it is a bug of ours."""
    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return describe_busy(folder)
    if code == sqlite3.SQLITE_READONLY:
        return describe_read_only(folder)
    if code == sqlite3.SQLITE_NOTADB:
        return NotALibraryError(
            f"{folder} holds a library.db that is not a Dateline library ({error}); "
            "choose another folder."
        )
    said = {
        sqlite3.SQLITE_FULL: f"The disk under the library at {folder} is full; what was stored "
        "before is kept: free some space and run the command again.",
        sqlite3.SQLITE_CANTOPEN: f"The library at {folder} cannot be opened ({error}); check that "
        "the folder is there and that you may read and write it.",
        sqlite3.SQLITE_IOERR: f"The disk under the library at {folder} failed or has no room "
        f"({error}); what was stored before is kept: see to the disk and run the command again.",
        sqlite3.SQLITE_CORRUPT: f"The library at {folder} is damaged ({error}); restore it from a "
        "copy, or make a new one from the articles.",
    }.get(code)
    return StorageError(said) if said else None


def describe_busy(folder: Path) -> LibraryBusyError:
    """The error that says another writer is at work in ``folder``."""
    return LibraryBusyError(
        f"The library at {folder} is being written to by another command or window; "
        "wait until it is done and try again."
    )


def describe_read_only(folder: Path) -> StorageError:
    """The error that says nothing can be written to ``folder``."""
    return StorageError(
        f"The library at {folder} is read-only, so nothing can be added or removed; "
        "make the folder writable, or copy it to a place that is."
    )


def describe_gone(folder: Path) -> LibraryNotFoundError:
    """The error that says the library in ``folder`` is not there any more."""
    return LibraryNotFoundError(
        f"The library at {folder} was removed, moved or replaced while it was in use; "
        "put it back, or start Dateline again."
    )


class Database:
    """The connections to one SQLite file: one that writes, as many as needed that read.

    Each reading is one snapshot and each writing one transaction. A folder that cannot be written
    is read all the same. A file that was removed could be read for as long as it is open: it is
    looked for each time, so that nobody is told what is there no more.
    """

    def __init__(self, file: Path, *, busy_seconds: float = BUSY_SECONDS) -> None:
        """Connects on first use; ``file`` must exist, except for the first ``writing``."""
        self.file = file
        self.read_only = not access(file.parent, W_OK) or (file.exists() and not access(file, W_OK))
        self._busy_seconds = busy_seconds
        self._idle: list[sqlite3.Connection] = []
        self._writer: sqlite3.Connection | None = None
        self._writing = threading.Lock()
        self._closed = False
        self._identity: tuple[int, int] | None = None

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection that sees one state of the database for as long as it is held.

        Raises:
            LibraryNotFoundError: the file is not there any more, or is another one.
        """
        with telling_errors(self.file):
            self._refuse_gone()
            connection = self._idle.pop() if self._idle else self._connect_reader()
            try:
                connection.execute("BEGIN")
                yield connection
            finally:
                with suppress(sqlite3.Error):
                    connection.rollback()
                if self._closed:
                    connection.close()
                else:
                    self._idle.append(connection)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: kept when the block ends, undone when it raises."""
        if self.read_only:
            raise describe_read_only(self.file.parent)
        with self._writing, telling_errors(self.file):
            self._refuse_gone()
            if self._writer is None:
                self._writer = self._connect("rwc")
                for pragma in WRITER_PRAGMAS:
                    self._writer.execute(pragma)
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
                self._writer.execute("COMMIT")
            except BaseException:
                # A full disk can have rolled back already; then there is nothing left to undo.
                with suppress(sqlite3.Error):
                    self._writer.execute("ROLLBACK")
                raise

    def checkpoint(self) -> None:
        """Moves what was written into the main file, so that the log keeps nothing removed."""
        with self._writing, suppress(sqlite3.Error):
            if self._writer is not None:
                self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Closes every connection that is not in use, and the others when they are given back."""
        self._closed = True
        while self._idle:
            self._idle.pop().close()
        with self._writing:
            if self._writer is not None:
                self._writer.close()
                self._writer = None

    def _refuse_gone(self) -> None:
        """Raises when the file that was there at first is not there now."""
        try:
            status = self.file.stat()
        except FileNotFoundError:
            if self._identity is None:
                return
            raise describe_gone(self.file.parent) from None
        identity = (status.st_dev, status.st_ino)
        if self._identity is None:
            self._identity = identity
        elif self._identity != identity:
            raise describe_gone(self.file.parent)

    def _connect_reader(self) -> sqlite3.Connection:
        """A connection for reading, without any trace on the disk when the folder is read-only."""
        if not self.read_only:
            connection = self._connect("rw")
            connection.execute("PRAGMA query_only = ON")
            return connection
        if not access(self.file, R_OK):
            raise StorageError(f"The library at {self.file.parent} may not be read by you.")
        connection = self._connect("ro")
        try:
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        except sqlite3.OperationalError:
            # WAL needs a shared-memory file, which cannot be made here; without a log nothing
            # is lost by reading the main file alone.
            connection.close()
            log = self.file.with_name(self.file.name + "-wal")
            if log.exists() and log.stat().st_size:
                raise
            connection = self._connect("ro&immutable=1")
        return connection

    def _connect(self, mode: str) -> sqlite3.Connection:
        """A new connection with our settings; transactions are begun and ended by hand."""
        connection = sqlite3.connect(
            f"{self.file.absolute().as_uri()}?mode={mode}",
            uri=True,
            timeout=self._busy_seconds,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            for pragma in PRAGMAS:
                connection.execute(pragma)
        except sqlite3.Error:
            connection.close()
            raise
        connection.create_function("casefold", 1, str.casefold, deterministic=True)
        return connection


class WriterLock:
    """The right to change a library, held by one thread of one process at a time.

    It is an exclusive lock of SQLite on an empty file: the same on every system, and gone with
    the process that held it, however that ended.
    """

    def __init__(self, file: Path, *, busy_seconds: float = BUSY_SECONDS) -> None:
        """Locks nothing yet."""
        self._file = file
        self._busy_seconds = busy_seconds
        self._thread = threading.Lock()

    @contextmanager
    def held(self, seconds: float | None = None) -> Iterator[None]:
        """Holds the lock inside the block, after waiting for at most ``seconds``.

        Raises:
            LibraryBusyError: somebody else has it.
            LibraryNotFoundError: the folder is not there any more.
            StorageError: the folder is read-only.
        """
        seconds = self._busy_seconds if seconds is None else seconds
        if not self._file.parent.exists():
            raise describe_gone(self._file.parent)
        if not access(self._file.parent, W_OK):
            raise describe_read_only(self._file.parent)
        if not self._thread.acquire(timeout=seconds):
            raise describe_busy(self._file.parent)
        try:
            with telling_errors(self._file):
                connection = sqlite3.connect(self._file, timeout=seconds, isolation_level=None)
            try:
                with telling_errors(self._file):
                    connection.execute("BEGIN EXCLUSIVE")
                yield
            finally:
                keep_private(self._file.parent)
                connection.close()
        finally:
            self._thread.release()


class SharedLock:
    """A lock that many readers hold at once, or one writer alone; a waiting writer goes first."""

    def __init__(self) -> None:
        """Nobody holds it."""
        self._condition = threading.Condition()
        self._readers = 0
        self._writers_waiting = 0
        self._written = False

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Holds it together with other readers; not to be nested in one thread."""
        with self._condition:
            self._condition.wait_for(lambda: not self._written and not self._writers_waiting)
            self._readers += 1
        try:
            yield
        finally:
            with self._condition:
                self._readers -= 1
                self._condition.notify_all()

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Holds it alone."""
        with self._condition:
            self._writers_waiting += 1
            try:
                self._condition.wait_for(lambda: not self._written and not self._readers)
            finally:
                self._writers_waiting -= 1
            self._written = True
        try:
            yield
        finally:
            with self._condition:
                self._written = False
                self._condition.notify_all()
