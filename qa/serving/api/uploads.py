"""Uploaded files → articles of the library."""

import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from index import AddReport, Library
from qa.uploads import Reading, Uploaded, clean_name


def add_uploads(
    library: Library, uploads: Iterable[tuple[str, BinaryIO]], encoding: str = ""
) -> AddReport:
    """What became of the uploaded files, given by name and content; nothing of them is left behind.

    A file whose name was uploaded before is a new version of that one. ``encoding`` is that of the
    files of text; it is guessed when empty.

    Raises:
        ArticleError: there is no such encoding.
    """
    with tempfile.TemporaryDirectory(prefix="dateline-upload-") as folder:
        files = [
            keep_file(Path(folder), number, clean_name(name), content)
            for number, (name, content) in enumerate(uploads)
        ]
        return library.add(Reading(files, library.settings.max_file_mb, encoding).items())


def keep_file(folder: Path, number: int, name: str, content: BinaryIO) -> Uploaded:
    """A file of this content that is called otherwise on disk, so that no name leads anywhere."""
    path = folder / f"{number}{PurePosixPath(name).suffix[:12]}"
    with path.open("wb") as copy:
        shutil.copyfileobj(content, copy)
    return Uploaded(path, name)
