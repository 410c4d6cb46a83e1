"""Passage vectors in engines that find the nearest, and the files that keep them.

Engines see ids and arrays, never text. They stand in the table of ``index.extensions``; small
libraries are searched exactly (``flat.py``), large ones by clusters (``ivf/``), and ``choose.py``
says which. The files are a cache: they are used only when their header says that they are as they
were written.
"""

from index.vectors.engine import VECTORS_NAME, Source, VectorEngine, import_faiss
from index.vectors.files import HEADER_NAME, load_vectors, save_vectors

__all__ = [
    "HEADER_NAME",
    "VECTORS_NAME",
    "Source",
    "VectorEngine",
    "import_faiss",
    "load_vectors",
    "save_vectors",
]
