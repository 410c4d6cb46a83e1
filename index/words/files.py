"""The files of the word index: their checksums, their copy where they can only be read, their end.

Nothing that is not ours is ever removed.
"""

import json
import re
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import StorageError

FORMAT = 3
STATE = "state.json"

OUR_FILES = re.compile(
    r"state\.json|\.state\.draft|meta\.json|\.managed\.json"
    r"|\.tantivy-(meta|writer)\.lock|\.tmp\w+|[0-9a-f]{32}\.[\w.]+"
)
"""The names of the files that tantivy and we write."""

# A panic inside tantivy is no ``Exception``, so the base class is caught, all but these.
PASSED_ON = (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError, TypeError)


class DamagedWordsError(Exception):
    """The word index is corrupt or somebody else's; the library rebuilds it from the store."""


def read_state(folder: Path, owner: str) -> tuple[int, dict[str, int]]:
    """The counter and the checksums that ``state.json`` in ``folder`` holds.

    Raises:
        DamagedWordsError: it is missing, unreadable, of another format or another owner's.
    """
    try:
        state = json.loads((folder / STATE).read_text("utf-8"))
        format_and_owner = state["format"], state["owner"]
        counter = int(state["counter"])
        checksums = {str(name): int(value) for name, value in state["checksums"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedWordsError(f"{folder / STATE} cannot be read: {error!r}.") from error
    if format_and_owner != (FORMAT, owner):
        raise DamagedWordsError(f"The word index {folder} belongs to another library or version.")
    return counter, checksums


def verify_files(folder: Path, checksums: dict[str, int]) -> None:
    """Refuse files that are not as they were written; ones that tantivy has since dropped may go.

    Raises:
        DamagedWordsError: a file differs.
    """
    for name, expected in checksums.items():
        file = folder / Path(name).name
        with reading(folder):
            if file.exists() and checksum(file) != expected:
                raise DamagedWordsError(f"The word index {folder} is damaged: {name} has changed.")


def checksum(file: Path) -> int:
    """The CRC-32 of the file's bytes."""
    value = 0
    with file.open("rb") as stream:
        while block := stream.read(1 << 20):
            value = zlib.crc32(block, value)
    return value


def copy_to_temporary(folder: Path) -> Path:
    """A copy of ``folder`` in which tantivy can take the locks that it needs even for reading.

    Raises:
        StorageError: there is no room for it; nothing of it is left then.
    """
    copy: Path | None = None
    try:
        copy = Path(tempfile.mkdtemp(prefix="dateline-words-"))
        for file in folder.iterdir():
            if file.is_file() and not file.name.endswith(".lock"):
                shutil.copyfile(file, copy / file.name)
    except BaseException as error:
        if copy is not None:
            shutil.rmtree(copy, ignore_errors=True)
        if not isinstance(error, OSError):
            raise
        raise StorageError(
            f"The word index {folder} is read-only and cannot be copied to the folder for "
            f"temporary files ({error}); free some space there, or set TMPDIR to another folder."
        ) from error
    return copy


def remove_index(path: Path) -> None:
    """Removes the word index at ``path``, damaged or not; what else may be there is left alone.

    Raises:
        StorageError: there is something else.
        OSError: it cannot be removed.
    """
    if not path.is_symlink() and not path.exists():
        return
    if not path.is_dir():
        raise describe_in_the_way(path, "is no folder")
    files = sorted(path.iterdir())
    for file in files:
        if not file.is_file() or not OUR_FILES.fullmatch(file.name):
            raise describe_in_the_way(path, f"holds {file.name}")
    if path.is_symlink():
        path.unlink()
        return
    for file in files:
        file.unlink(missing_ok=True)
    path.rmdir()


@contextmanager
def reading(folder: Path | None) -> Iterator[None]:
    """A block in which whatever tantivy raises means that the index in ``folder`` is damaged."""
    try:
        yield
    except (*PASSED_ON, DamagedWordsError):
        raise
    except BaseException as error:
        raise DamagedWordsError(f"The word index {folder} cannot be read: {error}.") from error


def describe_in_the_way(path: Path, what: str) -> StorageError:
    """The error that says that something at ``path`` is not a word index and is left alone."""
    return StorageError(
        f"The word index cannot be made at {path}, which {what}; move that to another place, then "
        "run `dateline rebuild`."
    )


def storage_error(folder: Path | None, error: BaseException) -> StorageError:
    """``error`` as what the disk under the library did."""
    return StorageError(
        f"The word index {folder} cannot be written ({error}); "
        "free some space or make the folder writable, then run `dateline rebuild`."
    )
