"""Every error that Dateline raises on purpose.

    DatelineError
    ├── SettingsError            a setting has a value that cannot be used
    ├── ArticleError             a file or record cannot become an article
    ├── ManifestError            a metadata manifest cannot be used
    ├── EncoderError             an encoder is missing, damaged or cannot be loaded
    ├── LibraryError             something about a library folder
    │   ├── LibraryNotFoundError     there is no library at this path
    │   ├── NotALibraryError         the folder or file is something else
    │   ├── LibraryMismatchError     made with another encoder, passage rule or format
    │   ├── LibraryBusyError         another process is writing to it
    │   └── StorageError             the disk is full, read-only or failing
    ├── ArticleNotFoundError     no article of the library has this id
    ├── QuestionError            a question cannot be asked as it stands
    ├── ReaderError              the reader's model is missing, damaged or of another version
    ├── TraceError               a saved trace cannot be replayed
    └── DatasetError             evaluation data, a run or a comparison cannot be used

A message is one sentence that gives the value, the reason and what to do next. They are caught
only at the edges: the command line, the chat and the API.
"""


class DatelineError(Exception):
    """The base of every error raised on purpose; its text is fit to be shown to a person."""


class SettingsError(DatelineError):
    """A setting has a value that cannot be used."""


class ArticleError(DatelineError):
    """A file or record cannot become an article."""


class ManifestError(DatelineError):
    """A metadata manifest cannot be used; the message lists every bad line."""


class EncoderError(DatelineError):
    """An encoder is missing, damaged or cannot be loaded."""


class LibraryError(DatelineError):
    """Something about a library folder."""


class LibraryNotFoundError(LibraryError):
    """There is no library at the path."""


class NotALibraryError(LibraryError):
    """The folder or file at the path is something else than a library."""


class LibraryMismatchError(LibraryError):
    """The library was made with another encoder, passage rule or format."""


class LibraryBusyError(LibraryError):
    """Another process is writing to the library."""


class StorageError(LibraryError):
    """The disk under the library is full, read-only or failing."""


class ArticleNotFoundError(DatelineError):
    """No article of the library has the id."""


class QuestionError(DatelineError):
    """A question cannot be asked as it stands."""


class ReaderError(DatelineError):
    """The reader's model is missing, damaged or of another version."""


class TraceError(DatelineError):
    """A saved trace is damaged, of another version, or of another library."""


class DatasetError(DatelineError):
    """Evaluation data, a run or a comparison cannot be used; the message lists every problem."""


def first_line(error: Exception) -> str:
    """The first line of an error's text, or its class when it has none."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]
