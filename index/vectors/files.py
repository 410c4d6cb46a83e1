"""The files of a vector engine: drafted, checked, put in place in one step each.

An exact engine is one file, believed when all of its bytes are as they were written. An engine of
clusters is three: the base with its trained clusters, what came since, and which ids are there.
They have names of their own, so that the header, which is written last, moves from one set to the
next in one step. The base is mapped and not read: what FAISS trusts of it (everything up to the
first cluster) is checked when it is opened, the codes themselves by ``dateline verify``. A damaged
code can hide a passage, never show a wrong one, since every answer is compared by the store's
vector.
"""

import hashlib
import json
import os
import re
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.vectors.engine import Source, VectorEngine, import_faiss
from index.vectors.flat import FaissVectors
from index.vectors.ivf.erasing import erase_removed
from index.vectors.ivf.inverted import IVFVectors

VECTORS_NAME = "vectors.faiss"
OUR_FILES = re.compile(rf"{re.escape(VECTORS_NAME)}(\.draft|\.[0-9a-f]{{8}}(\.\w+)*)?")
HEADER_NAME = "vectors.json"
HEADER_FORMAT = 1

HIGHEST_DIMENSION = 65_536
HIGHEST_ID_BYTES = 1 << 30
ORPHAN_SECONDS = 3600
"""How old a file must be that no header names: a younger one may be about to be named."""


@dataclass(frozen=True, slots=True)
class Clusters:
    """What is said about the files of an engine of clusters; names are within the folder.

    ``trained`` is how many vectors the base has and ``head`` how many bytes are before its codes;
    the header's ``sha256`` is of those. ``newer`` is how many vectors came since.
    """

    base: str
    bytes: int
    head: int
    lists: int
    trained: int
    fresh: str
    fresh_sha256: str
    newer: int
    present: str
    present_sha256: str


@dataclass(frozen=True, slots=True)
class Header:
    """What is said about a saved index; it is used only when all of it is true.

    ``owner`` is the library's own id and ``version`` the store's at the time. ``clusters`` is there
    for an engine of clusters.
    """

    owner: str
    version: int
    dimension: int
    count: int
    sha256: str
    format: int = HEADER_FORMAT
    clusters: Clusters | None = None

    @property
    def files(self) -> set[str]:
        """The names of the files that it speaks of."""
        if self.clusters is None:
            return {VECTORS_NAME}
        return {self.clusters.base, self.clusters.fresh, self.clusters.present}


def save_vectors(engine: VectorEngine, folder: Path, owner: str, version: int) -> None:
    """Writes the index and its header; a crash leaves the old pair or one that is not believed.

    Raises:
        OSError: the disk is full, read-only or failing; the old file is kept where possible.
    """
    if isinstance(engine, IVFVectors):
        header = save_clustered(engine, folder, owner, version)
    elif isinstance(engine, FaissVectors):
        header = save_flat(engine, folder, owner, version)
    else:
        raise TypeError(f"{engine.kind} has no file")
    remove_orphans(folder, header)


def save_flat(engine: FaissVectors, folder: Path, owner: str, version: int) -> Header:
    """Writes an exact index and its header; as ``save_vectors``."""
    draft = folder / f"{VECTORS_NAME}.draft"
    try:
        engine.write(draft)
        sync(draft)
        header = Header(owner, version, engine.dimension, len(engine), hash_file(draft))
        write_header(header, folder, lambda: draft.replace(folder / VECTORS_NAME))
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    return header


def save_clustered(engine: IVFVectors, folder: Path, owner: str, version: int) -> Header:
    """Writes what changes of an engine of clusters, and its header; as ``save_vectors``.

    Its base is in a file already.
    """
    base = engine.file
    if base is None or base.parent != folder or not base.exists():
        raise OSError(None, "the trained clusters are not in a file of the library")
    fresh = folder / f"{base.name}.{version}.fresh"
    present = folder / f"{base.name}.{version}.ids"
    try:
        import_faiss().write_index(engine.fresh, str(fresh))
    except RuntimeError as error:
        raise OSError(None, f"FAISS could not write {fresh.name}") from error
    present.write_bytes(np.packbits(engine.present, bitorder="little").tobytes())
    for file in (fresh, present):
        sync(file)
    head = head_bytes(engine.base)
    clusters = Clusters(
        base=base.name,
        bytes=base.stat().st_size,
        head=head,
        lists=engine.lists,
        trained=engine.trained,
        fresh=fresh.name,
        fresh_sha256=hash_file(fresh),
        newer=int(engine.fresh.ntotal),
        present=present.name,
        present_sha256=hash_file(present),
    )
    hashed = hash_file(base, head)
    header = Header(owner, version, engine.dimension, len(engine), hashed, HEADER_FORMAT, clusters)
    write_header(header, folder)
    erase_removed(engine)
    return header


def write_header(header: Header, folder: Path, before: Any = lambda: None) -> None:  # noqa: ANN401
    """Puts the header in place in one step, after ``before`` has put its file there."""
    draft = folder / f"{HEADER_NAME}.draft"
    try:
        draft.write_text(json.dumps(asdict(header)), "utf-8")
        sync(draft)
        before()
        draft.replace(folder / HEADER_NAME)
        sync(folder)
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def remove_orphans(folder: Path, header: Header) -> None:
    """Removes files of earlier engines; those of a training that may be under way are left.

    So are files whose names are not as we give them: a copy that someone keeps there.
    """
    for file in folder.glob(f"{VECTORS_NAME}*"):
        if not OUR_FILES.fullmatch(file.name):
            continue
        with suppress(OSError):
            replaced = file.name == VECTORS_NAME or file.suffix in (".fresh", ".ids")
            old = time.time() - file.stat().st_mtime > ORPHAN_SECONDS
            if file.name not in header.files and (replaced or old):
                file.unlink()


def load_vectors(
    folder: Path, owner: str, dimension: int, source: Source | None = None
) -> tuple[FaissVectors | IVFVectors, int] | None:
    """The saved index and its version; ``None`` when there is none that can be believed.

    One of clusters needs ``source``, the store's vectors.
    """
    header = read_header(folder / HEADER_NAME)
    if header is None or (header.owner, header.dimension) != (owner, dimension):
        return None
    engine: FaissVectors | IVFVectors | None = None
    # What another process replaces meanwhile cannot be read and is no file to believe.
    with suppress(OSError):
        if header.clusters is not None:
            if source is not None:
                engine = load_clustered(folder, header, header.clusters, source)
        elif hash_file(folder / VECTORS_NAME) == header.sha256:
            engine = FaissVectors.read(folder / VECTORS_NAME, dimension, header.count)
    return None if engine is None else (engine, header.version)


def load_clustered(
    folder: Path, header: Header, clusters: Clusters, source: Source
) -> IVFVectors | None:
    """The engine of clusters that the header describes; ``None`` when its files are not that."""
    base, fresh, present = (
        folder / name for name in (clusters.base, clusters.fresh, clusters.present)
    )
    sound = (
        base.stat().st_size == clusters.bytes
        and hash_file(base, clusters.head) == header.sha256
        and hash_file(fresh) == clusters.fresh_sha256
        and present.stat().st_size <= HIGHEST_ID_BYTES
        and hash_file(present) == clusters.present_sha256
    )
    if not sound:
        return None
    bits = np.unpackbits(np.frombuffer(present.read_bytes(), np.uint8), bitorder="little")
    mapped = map_base(base, header.dimension, clusters.lists, clusters.trained)
    newer = read_part(fresh, 0, header.dimension, clusters.lists, clusters.newer)
    if mapped is None or newer is None or int(bits.sum()) != header.count:
        return None
    name = base.name.removeprefix(f"{VECTORS_NAME}.")
    engine = IVFVectors(mapped, source, name=name, fresh=newer, present=bits.view(np.bool_))
    engine.file = base
    return engine


def map_base(file: Path, dimension: int, lists: int, count: int) -> Any | None:  # noqa: ANN401
    """The trained index in a file, its codes mapped; ``None`` if it is not ours."""
    faiss = import_faiss()
    mapped = read_part(file, faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY, dimension, lists, count)
    if mapped is not None:
        # FAISS would start so many threads for each search to read ahead.
        faiss.downcast_InvertedLists(mapped.invlists).prefetch_nthread = 0
    return mapped


def read_part(file: Path, flags: int, dimension: int, lists: int, count: int) -> Any | None:  # noqa: ANN401
    """The inverted file in a FAISS file; ``None`` if it is not ours.

    What the file may make FAISS allocate is bounded by what it should hold.
    """
    faiss = import_faiss()
    bound = 4 * dimension * (count + lists + 1) + 16 * (lists + 1)
    faiss.set_deserialization_vector_byte_limit(max(1 << 20, bound))
    try:
        loaded = faiss.read_index(str(file), flags)
    except (RuntimeError, MemoryError):
        return None
    ours = (
        isinstance(loaded, faiss.IndexIVFScalarQuantizer)
        and loaded.sq.qtype == faiss.ScalarQuantizer.QT_8bit_uniform
        and loaded.metric_type == faiss.METRIC_INNER_PRODUCT
        and (loaded.d, loaded.nlist, loaded.ntotal) == (dimension, lists, count)
        and isinstance(faiss.downcast_index(loaded.quantizer), faiss.IndexFlat)
        and loaded.quantizer.ntotal == lists
        and loaded.invlists.compute_ntotal() == count
    )
    return loaded if ours else None


def head_bytes(mapped: Any) -> int:  # noqa: ANN401 - a mapped faiss.IndexIVFScalarQuantizer
    """How many bytes of its file are before the codes of the first cluster."""
    places = import_faiss().downcast_InvertedLists(mapped.invlists).lists
    return min(int(places.at(number).offset) for number in range(mapped.nlist))


def read_header(file: Path) -> Header | None:
    """The header in a file; ``None`` when it is missing, damaged or of another format."""
    try:
        values: Any = json.loads(file.read_text("utf-8"))
        clusters = values.get("clusters")
        parts = None if clusters is None else Clusters(**clusters)
        header = Header(**{**values, "clusters": parts})
    except (OSError, ValueError, TypeError, AttributeError):
        return None
    numbers = [header.version, header.dimension, header.count, header.format]
    texts = [header.owner, header.sha256]
    names = []
    if parts is not None:
        numbers += [parts.bytes, parts.head, parts.lists, parts.trained, parts.newer]
        names = [parts.base, parts.fresh, parts.present]
        texts += [*names, parts.fresh_sha256, parts.present_sha256]
    sound = (
        all(type(number) is int and number >= 0 for number in numbers)
        and all(isinstance(text, str) for text in texts)
        and all(Path(name).name == name and name.startswith(VECTORS_NAME) for name in names)
        and header.format == HEADER_FORMAT
        and 0 < header.dimension <= HIGHEST_DIMENSION
    )
    return header if sound else None


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
