"""The parts of an engine of clusters, FAISS's inverted files, and the files that keep them.

The base is mapped and not read: what FAISS trusts of it (everything up to the first cluster) is
checked when it is opened, the codes themselves by ``dateline verify``. A damaged code can hide a
passage, never show a wrong one, since every answer is compared by the store's vector. Codes of
removed passages are overwritten in the mapped file, as the store overwrites their texts.
"""

import os
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.vectors.engine import Header, Ids, import_faiss, write_index
from index.vectors.files import hash_file, sync

HIGHEST_ID_BYTES = 1 << 30

Present = NDArray[np.bool_]
"""Which ids are there, by id."""


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

    @classmethod
    def read(cls, part: dict[str, Any]) -> "Clusters | None":
        """What an engine's part of a header says; ``None`` when it is not ours."""
        kinds = {item.name: item.type for item in fields(cls)}
        if kinds != {name: type(value) for name, value in part.items()}:
            return None
        return cls(**part)


def make_empty_like(base: Any) -> Any:  # noqa: ANN401 - faiss.IndexIVFScalarQuantizer
    """An index without vectors that has the clusters and the scale of ``base``."""
    faiss = import_faiss()
    centroids = faiss.IndexFlatIP(base.d)
    centroids.add(base.quantizer.reconstruct_n(0, base.nlist))
    kind = faiss.ScalarQuantizer.QT_8bit_uniform
    empty = faiss.IndexIVFScalarQuantizer(
        centroids, base.d, base.nlist, kind, faiss.METRIC_INNER_PRODUCT, base.by_residual
    )
    empty.sq = base.sq
    empty.is_trained = True
    return empty


def read_ids(part: Any) -> Ids:  # noqa: ANN401 - faiss.IndexIVFScalarQuantizer
    """The ids in a part, in the order of its clusters."""
    faiss = import_faiss()
    lists = part.invlists
    found = [
        np.array(faiss.rev_swig_ptr(lists.get_ids(number), size))
        for number in range(part.nlist)
        if (size := lists.list_size(number))
    ]
    return np.concatenate([np.empty(0, np.int64), *found]).astype(np.int64)


def write_parts(
    file: Path,
    base: Any,  # noqa: ANN401 - as above
    fresh: Any,  # noqa: ANN401 - as above
    present: Present,
    version: int,
) -> dict[str, Any]:
    """Writes all but the base, which is in its file; gives what the header shall say.

    Raises:
        OSError: the disk is full or failing.
    """
    newer = file.with_name(f"{file.name}.{version}.fresh")
    bits = file.with_name(f"{file.name}.{version}.ids")
    write_index(fresh, newer)
    bits.write_bytes(np.packbits(present, bitorder="little").tobytes())
    sync(newer)
    sync(bits)
    head = head_bytes(base)
    clusters = Clusters(
        base=file.name,
        bytes=file.stat().st_size,
        head=head,
        lists=base.nlist,
        trained=base.ntotal,
        fresh=newer.name,
        fresh_sha256=hash_file(newer),
        newer=fresh.ntotal,
        present=bits.name,
        present_sha256=hash_file(bits),
    )
    return {"sha256": hash_file(file, head), **asdict(clusters)}


def read_parts(folder: Path, header: Header) -> tuple[Any, Path, Any, Present] | None:
    """The base, its file, what is fresh and which ids are there; ``None`` if it is not ours."""
    clusters = Clusters.read(header.part)
    if clusters is None:
        return None
    names = (clusters.base, clusters.fresh, clusters.present)
    base, fresh, present = (folder / name for name in names)
    sound = (
        header.files == set(names)
        and base.stat().st_size == clusters.bytes
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
    return None if mapped is None or newer is None else (mapped, base, newer, bits.view(np.bool_))


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


def erase_codes(base: Any, file: Path, removed: Ids) -> None:  # noqa: ANN401 - as above
    """Overwrites with zeros, in the file of a base, the codes of what was removed from it.

    Raises:
        OSError: the file cannot be written.
    """
    places = np.flatnonzero(np.isin(read_ids(base), removed))
    sizes = [base.invlists.list_size(number) for number in range(base.nlist)]
    ends = np.cumsum(sizes)
    runs = np.searchsorted(ends, places, "right")
    starts = import_faiss().downcast_InvertedLists(base.invlists).lists
    width = int(base.code_size)
    descriptor = os.open(file, os.O_WRONLY)
    try:
        for place, run in zip(places.tolist(), runs.tolist(), strict=True):
            offset = place - int(ends[run]) + sizes[run]
            os.pwrite(descriptor, bytes(width), int(starts.at(run).offset) + offset * width)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
