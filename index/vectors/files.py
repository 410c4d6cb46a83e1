"""The files of a vector engine: drafted, checked, put in place in one step each.

Most engines are one file, believed when all of its bytes are as they were written. Others have
files with names of their own, so that the header, which is written last, moves from one set to the
next in one step. What is in the files is their engine's alone, and so is its part of the header.
"""

import hashlib
import json
import logging
import os
import re
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from index.errors import first_line
from index.extensions import ENGINES, EXACT
from index.vectors.choose import load_engine
from index.vectors.engine import VECTORS_NAME, Header, Source, VectorEngine

OUR_FILES = re.compile(rf"{re.escape(VECTORS_NAME)}(\.draft|\.[0-9a-f]{{8}}(\.\w+)*)?")
HEADER_NAME = "vectors.json"
FORMAT = 1
COMMON = ("owner", "version", "dimension", "count", "sha256", "format")

HIGHEST_DIMENSION = 65_536
ORPHAN_SECONDS = 3600
"""How old a file must be that no header names: a younger one may be about to be named."""

log = logging.getLogger(__package__)


def save_vectors(engine: VectorEngine, folder: Path, owner: str, version: int) -> None:
    """Writes the index and its header; a crash leaves the old pair or one that is not believed.

    Raises:
        OSError: the disk is full, read-only or failing; the old file is kept where possible.
        Exception: whatever else the engine raises.
    """
    draft = folder / f"{VECTORS_NAME}.draft"
    try:
        part = engine.save(draft, version)
        if (digest := part.pop("sha256", None)) is None:
            sync(draft)
            digest = hash_file(draft)
        count, dimension = len(engine), engine.dimension
        header = Header(owner, version, dimension, count, digest, FORMAT, engine.name, part)
        write_header(header, folder)
    finally:
        for file in (draft, folder / f"{HEADER_NAME}.draft"):
            with suppress(OSError):
                file.unlink(missing_ok=True)
    engine.erase_removed()
    remove_orphans(folder, header)


def load_vectors(
    folder: Path, owner: str, dimension: int, source: Source = lambda ids: ()
) -> tuple[VectorEngine, int] | None:
    """The saved index and its version; ``None`` when there is none that can be believed.

    ``source`` is the store's vectors, which some engines do not hold themselves.
    """
    header = read_header(folder / HEADER_NAME)
    if header is None or (header.owner, header.dimension) != (owner, dimension):
        return None
    file = folder / VECTORS_NAME
    try:
        if header.files == {file.name} and hash_file(file) != header.sha256:
            return None
        engine = load_engine(header.engine).load(file, header, source)
        if engine is not None and (engine.dimension, len(engine)) == (dimension, header.count):
            return engine, header.version
    except Exception as error:
        # It may be no fault: what another process replaces meanwhile cannot be read.
        said = f"{type(error).__name__}: {first_line(error)}"
        told = "The vectors that the engine %s saved cannot be read (%s); they are made anew."
        log.warning(told, header.engine, said)
    return None


def write_header(header: Header, folder: Path) -> None:
    """Puts the header in place in one step, and before it the file that was drafted, if any."""
    draft = folder / f"{HEADER_NAME}.draft"
    values = asdict(header)
    engine, part = values.pop("engine"), values.pop("part")
    draft.write_text(json.dumps(values | ({} if engine == EXACT else {engine: part})), "utf-8")
    sync(draft)
    if VECTORS_NAME in header.files:
        (folder / f"{VECTORS_NAME}.draft").replace(folder / VECTORS_NAME)
    draft.replace(folder / HEADER_NAME)
    sync(folder)


def read_header(file: Path) -> Header | None:
    """The header in a file; ``None`` when it is missing, damaged or of an unknown format or engine.

    That of an exact engine has no part, or as it was once written, one of clusters that is null.
    """
    try:
        values: Any = json.loads(file.read_text("utf-8"))
        said = {name: values.pop(name) for name in COMMON}
        parts = {name: part for name, part in values.items() if part is not None} or {EXACT: {}}
        ((engine, part),) = parts.items()
        header = Header(**said, engine=engine, part=part)
    except (OSError, ValueError, TypeError, AttributeError, KeyError):
        return None
    numbers = (header.version, header.dimension, header.count, header.format)
    sound = (
        all(type(number) is int and number >= 0 for number in numbers)
        and all(isinstance(text, str) for text in (header.owner, header.sha256))
        and header.engine in ENGINES
        and isinstance(header.part, dict)
        and all(Path(name).name == name for name in header.files)
        and header.format == FORMAT
        and 0 < header.dimension <= HIGHEST_DIMENSION
    )
    return header if sound else None


def remove_orphans(folder: Path, header: Header) -> None:
    """Removes files of earlier engines; those of a training that may be under way are left.

    So are files whose names are not as we give them: a copy that someone keeps there.
    """
    for file in folder.glob(f"{VECTORS_NAME}*"):
        if not (match := OUR_FILES.fullmatch(file.name)):
            continue
        with suppress(OSError):
            replaced = file.name == VECTORS_NAME or match[2]
            old = time.time() - file.stat().st_mtime > ORPHAN_SECONDS
            if file.name not in header.files and (replaced or old):
                file.unlink()


def hash_file(file: Path, size: int | None = None) -> str:
    """The SHA-256 of the file's bytes, or of its first ``size`` ones, in hexadecimal."""
    with file.open("rb") as stream:
        if size is None:
            return hashlib.file_digest(stream, "sha256").hexdigest()
        digest = hashlib.sha256()
        while size and (block := stream.read(min(size, 1 << 20))):
            digest.update(block)
            size -= len(block)
        return digest.hexdigest()


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
