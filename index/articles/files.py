"""Files on disk: which there are, and their bytes, with one clear sentence for what goes wrong."""

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from index.articles.decoding import storable_text
from index.errors import ArticleError

MEGABYTE = 1_000_000


def walk_folder(folder: Path, errors: list[OSError]) -> Iterator[Path]:
    """The files below ``folder`` in order, without hidden ones.

    ``errors`` takes what cannot be listed. Links to folders are not followed, for they may lead
    round in a circle.
    """
    for parent, folders, names in os.walk(folder, onerror=errors.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                yield Path(parent, name)


def read_bytes(path: Path, max_file_mb: int) -> bytes:
    """The bytes of a regular file of at most ``max_file_mb`` million bytes.

    Raises:
        ArticleError: it is missing, too large, no regular file, or cannot be read.
    """
    limit = max_file_mb * MEGABYTE
    size = check_file(path).st_size
    if size > limit:
        raise ArticleError(
            f"{printable_name(path)} is {size / MEGABYTE:,.0f} MB, more than the {max_file_mb} MB "
            "that a file may have; split it, or set DATELINE_MAX_FILE_MB higher."
        )
    try:
        with path.open("rb") as stream:
            data = stream.read(limit + 1)
    except OSError as error:
        raise ArticleError(describe_failure(path, error)) from error
    if len(data) > limit:
        raise ArticleError(
            f"{printable_name(path)} grew beyond {max_file_mb} MB while it was read; add it again "
            "when it is complete."
        )
    return data


def check_file(path: Path) -> os.stat_result:
    """What the system says of a regular file.

    Raises:
        ArticleError: it is missing or no regular file: a pipe would be waited for without end.
    """
    try:
        status = path.stat()
    except (OSError, ValueError) as error:
        raise ArticleError(describe_failure(path, error)) from error
    if stat.S_ISDIR(status.st_mode):
        raise ArticleError(f"{printable_name(path)} is a folder, not a file.")
    if not stat.S_ISREG(status.st_mode):
        raise ArticleError(f"{printable_name(path)} is a pipe or a device, not a file to read.")
    return status


def describe_failure(path: Path, error: Exception) -> str:
    """One sentence on why the system would not give the file, and what to do."""
    name = printable_name(path)
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        if path.is_symlink():
            return f"{name} is a link to a file that does not exist; correct or remove the link."
        return f"{name} does not exist; check the path, or add it again if it has moved."
    if isinstance(error, PermissionError):
        return f"{name} may not be read by you; change its permissions and add it again."
    if getattr(error, "errno", None) == errno.ELOOP:
        return f"{name} is a link that leads back to itself; correct or remove the link."
    reason = (getattr(error, "strerror", None) or str(error) or type(error).__name__).lower()
    return f"{name} cannot be read: {reason}."


def printable_name(path: Path) -> str:
    """The path as given, fit to be printed and stored."""
    return storable_name(str(path))


def location_of(path: Path) -> str:
    """The absolute path without ``..``, fit to be stored; links stay as they are written."""
    plain = Path(os.path.abspath(path))  # noqa: PTH100 - absolute() keeps ".."
    # Behind a link to a folder, ".." leads elsewhere than the path without it.
    if ".." in path.parts and not _is_same_file(path, plain):
        plain = resolve_path(path)
    return storable_name(str(plain))


def resolve_path(path: Path) -> Path:
    """The path without links and ``..``; merely absolute where links lead round in a circle."""
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):
        return path.absolute()


def is_folder(path: Path) -> bool:
    """Whether there is a folder at ``path``; false where you may not look."""
    try:
        return path.is_dir()
    except OSError:
        return False


def is_file(path: Path) -> bool:
    """Whether there is a regular file at ``path``; false where you may not look."""
    try:
        return path.is_file()
    except OSError:
        return False


def storable_name(name: str) -> str:
    """``name`` as valid Unicode: a file name may hold bytes that are no UTF-8."""
    if _is_valid(name):
        return name
    try:
        return os.fsencode(name).decode("utf-8", "replace")
    except UnicodeEncodeError:
        return storable_text(name)


def _is_same_file(path: Path, other: Path) -> bool:
    """Whether both paths lead to one file that is there."""
    try:
        return path.samefile(other)
    except (OSError, ValueError):
        return False


def _is_valid(name: str) -> bool:
    """Whether ``name`` can be written as UTF-8."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
