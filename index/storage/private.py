"""Whose a library is: its folder and files are made for their owner alone.

On systems without such rights nothing happens.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

OURS = ("library.db", "vectors", "writer.lock", "questions.jsonl")
"""How the names of a library's files begin; files that somebody else put there are left alone."""
WORDS = "words"
OTHERS, OTHERS_WRITE = 0o077, 0o022


def make_private_folder(path: Path) -> None:
    """Make the folder and those above it; one that is made is its owner's alone.

    Raises:
        OSError: it cannot be made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir(mode=0o700, exist_ok=True)


def close_to_others(folder: Path) -> None:
    """Takes the rights of others from a folder, unless its owner lets others write in it."""
    with suppress(OSError):
        mode = folder.stat().st_mode
        if not mode & OTHERS_WRITE:
            folder.chmod(mode & ~OTHERS)


def is_open_to_others(folder: Path) -> bool:
    """Whether somebody else may read what is in the folder."""
    return os.name != "nt" and bool(folder.stat().st_mode & OTHERS)


def keep_private(folder: Path) -> None:
    """Takes the rights of others from the files of a library whose folder gives them none.

    Who opened the folder to others meant the files too.
    """
    with suppress(OSError):
        if os.name == "nt" or folder.stat().st_mode & OTHERS:
            return
        for item in list_files(folder):
            if (mode := item.stat().st_mode) & OTHERS:
                item.chmod(mode & ~OTHERS)


def list_files(folder: Path) -> Iterator[Path]:
    """The files and folders that a library made in its folder."""
    yield from (item for item in folder.iterdir() if item.name.startswith(OURS))
    words = folder / WORDS
    if words.is_dir():
        yield words
        yield from words.iterdir()
