"""Codes of removed passages overwritten in the mapped file, as the store overwrites their texts."""

import os

import numpy as np

from index.vectors.engine import import_faiss
from index.vectors.ivf.inverted import IVFVectors, read_ids


def erase_removed(engine: IVFVectors) -> None:
    """Overwrites with zeros, in the file of the base, the codes of what was removed from it.

    Raises:
        OSError: the file cannot be written.
    """
    if engine.file is None or not len(engine.removed):
        return
    known = read_ids(engine.base)
    places = np.flatnonzero(np.isin(known, engine.removed))
    sizes = [engine.base.invlists.list_size(number) for number in range(engine.lists)]
    ends = np.cumsum(sizes)
    runs = np.searchsorted(ends, places, "right")
    starts = import_faiss().downcast_InvertedLists(engine.base.invlists).lists
    width = int(engine.base.code_size)
    descriptor = os.open(engine.file, os.O_WRONLY)
    try:
        for place, run in zip(places.tolist(), runs.tolist(), strict=True):
            offset = place - int(ends[run]) + sizes[run]
            os.pwrite(descriptor, bytes(width), int(starts.at(run).offset) + offset * width)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    engine.removed = np.empty(0, np.int64)
