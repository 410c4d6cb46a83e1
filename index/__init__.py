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
    ArticleSummary,
    Filters,
    Hit,
    LibraryInfo,
    Passage,
    Progress,
    PublicationDate,
    SkippedFile,
)

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
