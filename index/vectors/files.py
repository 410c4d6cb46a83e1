"""The files of a vector engine: drafted, checked, put in place in one step each."""

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.vectors.flat import FaissVectors

VECTORS_NAME = "vectors.faiss"
HEADER_NAME = "vectors.json"
HEADER_FORMAT = 1

HIGHEST_DIMENSION = 65_536


@dataclass(frozen=True, slots=True)
class Header:
    """What is said about a saved index; it is used only when all of it is true.

    ``owner`` is the library's own id and ``version`` the store's at the time.
    """

    owner: str
    version: int
    dimension: int
    count: int
    sha256: str
    format: int = HEADER_FORMAT


def save_vectors(engine: FaissVectors, folder: Path, owner: str, version: int) -> None:
    """Writes the index and its header; a crash leaves the old pair or one that is not believed.

    Raises:
        OSError: the disk is full, read-only or failing; the old file is kept where possible.
    """
    draft = folder / f"{VECTORS_NAME}.draft"
    header_draft = folder / f"{HEADER_NAME}.draft"
    try:
        engine.write(draft)
        sync(draft)
        header = Header(owner, version, engine.dimension, len(engine), hash_file(draft))
        header_draft.write_text(json.dumps(asdict(header)), "utf-8")
        sync(header_draft)
        draft.replace(folder / VECTORS_NAME)
        header_draft.replace(folder / HEADER_NAME)
        sync(folder)
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
            header_draft.unlink(missing_ok=True)


def load_vectors(folder: Path, owner: str, dimension: int) -> tuple[FaissVectors, int] | None:
    """The saved index and its version; ``None`` when there is none that can be believed."""
    header = read_header(folder / HEADER_NAME)
    file = folder / VECTORS_NAME
    if header is None or (header.owner, header.dimension) != (owner, dimension):
        return None
    try:
        if hash_file(file) != header.sha256:
            return None
    except OSError:
        return None
    engine = FaissVectors.read(file, dimension, header.count)
    return None if engine is None else (engine, header.version)


def read_header(file: Path) -> Header | None:
    """The header in a file; ``None`` when it is missing, damaged or of another format."""
    try:
        values: Any = json.loads(file.read_text("utf-8"))
        header = Header(**values)
    except (OSError, ValueError, TypeError):
        return None
    numbers = (header.version, header.dimension, header.count, header.format)
    texts = (header.owner, header.sha256)
    sound = (
        all(type(number) is int and number >= 0 for number in numbers)
        and all(isinstance(text, str) for text in texts)
        and header.format == HEADER_FORMAT
        and 0 < header.dimension <= HIGHEST_DIMENSION
    )
    return header if sound else None


def hash_file(file: Path) -> str:
    """The SHA-256 of the file's bytes, in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sync(path: Path) -> None:
    """Waits until the file or folder is on the disk; where folders cannot be, it does nothing."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except PermissionError:
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
