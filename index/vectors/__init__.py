"""Passage vectors in FAISS, and the files that keep them.

Engines see ids and arrays, never text. Small libraries are searched exactly (``flat.py``), large
ones by clusters (``clustered.py``); ``choose.py`` says which. The files are a cache: they are used
only when their header says that what FAISS would trust is as it was written.
"""

from index.vectors.engine import Source, VectorEngine, import_faiss
from index.vectors.files import (
    HEADER_NAME,
    VECTORS_NAME,
    load_vectors,
    save_vectors,
)
from index.vectors.flat import FaissVectors
from index.vectors.ivf.inverted import IVFVectors

__all__ = [
    "HEADER_NAME",
    "VECTORS_NAME",
    "IVFVectors",
    "FaissVectors",
    "Source",
    "VectorEngine",
    "import_faiss",
    "load_vectors",
    "save_vectors",
]
