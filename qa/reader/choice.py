"""Who reads for a system: the reader where it has one, else the best-matching sentence."""

from contextlib import suppress

from index import Library, LibraryError, ReaderError
from index.settings import Settings
from qa.reader.calibration import Fitted
from qa.reader.evidence import Picker, SentencePicker
from qa.reader.model import Reader

THRESHOLD_KEY = "reader_threshold"
BEST_SENTENCE = "The reader cannot be used, so this is the best-matching sentence."


def choose_picker(
    library: Library, settings: Settings, sure: float = 0.0
) -> tuple[Picker, tuple[str, ...]]:
    """The reader where the system has one, and what to note when it cannot be loaded.

    ``sure`` is the confidence without which all passages are read.
    """
    best_sentence = SentencePicker(library.encoder)
    if not settings.reads:
        return best_sentence, ()
    from qa.reader.picker import ReaderPicker
    from qa.reader.shared import shared_reader

    try:
        reader = shared_reader(settings.threads)
        threshold = library_threshold(library, reader)
        return (
            ReaderPicker(
                reader,
                settings.read_passages,
                threshold=threshold,
                otherwise=best_sentence,
                sure=sure,
            ),
            (),
        )
    except ReaderError as error:
        return best_sentence, (f"{BEST_SENTENCE} {error}",)


def library_threshold(library: Library, reader: Reader) -> float:
    """The confidence under which answers from this library are withheld.

    It is kept in the library's manifest with the data that it was fitted on, so that it can be
    seen and replaced there; it is noted anew when another reader comes, and not at all where the
    library cannot be written to now.
    """
    noted = library.get_value(THRESHOLD_KEY)
    if isinstance(noted, dict) and noted.get("reader") == reader.config["sha256"]:
        return float(noted["threshold"])
    fitted = Fitted.from_config(reader.config)
    value = {"reader": reader.config["sha256"], "threshold": fitted.threshold}
    with suppress(LibraryError):
        library.set_value(THRESHOLD_KEY, {**value, "fitted_on": fitted.data})
    return fitted.threshold
