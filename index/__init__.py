"""Articles → passages → vectors and words → ranked passages.

Everything public is imported from here; importing it loads neither torch nor faiss nor openvino.
"""

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
    Filters,
    Hit,
    Passage,
    PublicationDate,
    SkippedFile,
)

__all__ = [
    "AddReport",
    "Article",
    "ArticleError",
    "ArticleNotFoundError",
    "DatasetError",
    "DatelineError",
    "EncoderError",
    "Filters",
    "Hit",
    "LibraryBusyError",
    "LibraryError",
    "LibraryMismatchError",
    "LibraryNotFoundError",
    "ManifestError",
    "NotALibraryError",
    "Passage",
    "PublicationDate",
    "QuestionError",
    "ReaderError",
    "SettingsError",
    "SkippedFile",
    "StorageError",
]
