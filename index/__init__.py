"""Articles → passages → vectors and words → ranked passages.

Everything public is imported from here; importing it loads neither torch nor faiss nor openvino,
and ``Library`` only when it is asked for.
"""

import logging
from typing import TYPE_CHECKING, Any

from index.errors import (
    ArticleError,
    ArticleNotFoundError,
    DatasetError,
    DatelineError,
    EncoderError,
    LibraryBusyError,
    LibraryError,
    LibraryMismatchError,
    LibraryNotFoundError,
    ManifestError,
    NotALibraryError,
    QuestionError,
    ReaderError,
    SettingsError,
    StorageError,
)
from index.types import (
    AddReport,
    Article,
    ArticleSummary,
    Filters,
    Hit,
    LibraryInfo,
    Passage,
    Progress,
    PublicationDate,
    SkippedFile,
)

if TYPE_CHECKING:
    from index.library import Library

logging.getLogger(__name__).addHandler(logging.NullHandler())

__all__ = [
    "AddReport",
    "Article",
    "ArticleError",
    "ArticleNotFoundError",
    "ArticleSummary",
    "DatasetError",
    "DatelineError",
    "EncoderError",
    "Filters",
    "Hit",
    "Library",
    "LibraryBusyError",
    "LibraryError",
    "LibraryInfo",
    "LibraryMismatchError",
    "LibraryNotFoundError",
    "ManifestError",
    "NotALibraryError",
    "Passage",
    "Progress",
    "PublicationDate",
    "QuestionError",
    "ReaderError",
    "SettingsError",
    "SkippedFile",
    "StorageError",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - what is asked for
    """``Library``, whose module is loaded on first use so that ``--help`` need not wait for it."""
    if name == "Library":
        from index.library import Library

        return Library
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
