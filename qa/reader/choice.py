"""Who reads for a system: the reader that its name names, else the best-matching sentence."""

import logging
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, replace

from index import Hit, Library, LibraryError, ReaderError
from index.encoding.encoders import Vectors
from index.extensions import Reader, find_reader
from index.settings import Settings
from qa.reader.evidence import Findings, SentencePicker, number_hits, place_of
from qa.reader.protocol import Calibration, Picker, Terms
from qa.reader.shared import blame_reader, shared_reader

log = logging.getLogger(__package__)


def read_hits(
    question: str,
    vector: Vectors,
    hits: Sequence[Hit],
    library: Library,
    settings: Settings,
    sure: float = 0.0,
) -> tuple[Findings, tuple[str, ...]]:
    """What the hits say, and what to note when the system's reader cannot be used.

    Args:
        question: what was searched for.
        vector: its vector, (dim,) float32.
        hits: best first.
        library: where the hits are from.
        settings: name the system.
        sure: the confidence without which all passages are read.
    """
    sentences = SentencePicker(library.encoder)

    def pick_sentences(ordered: Iterable[Hit]) -> Findings:
        return replace(sentences.find(question, vector, number_hits(ordered)), reader="")

    row = find_reader(settings.system)
    if row is None:
        return sentences.find(question, vector, hits), ()
    try:
        picker = shared_reader(row, settings.threads)
        threshold = library_threshold(library, row, picker)
        terms = Terms(pick_sentences, settings.read_passages, sure, threshold)
        return ask_reader(row, picker, question, hits, terms), ()
    except ReaderError as error:
        log.debug("%s", error, exc_info=True)
        note = "cannot be used, so this is the best-matching sentence."
        noted = f"The reader of {settings.system} {note} {error}"
        return sentences.find(question, vector, hits), (noted,)


def ask_reader(
    row: Reader, picker: Picker, question: str, hits: Sequence[Hit], terms: Terms
) -> Findings:
    """The findings of a reader under its name, with all hits in them, ranked as they stand.

    Raises:
        ReaderError: it failed, or what it found cannot be.
    """
    try:
        found = picker.find(question, hits, terms)
        if not 0 <= found.confidence <= 1:
            raise ValueError(f"its confidence is {found.confidence}, but must be from 0 to 1")
        given, ordered = ({place_of(hit): hit for hit in each} for each in (hits, found.hits))
        if not ordered.keys() <= given.keys():
            raise ValueError("it found a passage that it was not given")
        found = found.ordered((ordered | given | ordered).values())
        for item in (*found.evidence, *found.dropped):
            item.require_exact()
    except ReaderError:
        raise
    except Exception as error:
        raise blame_reader(row, "failed on this question", error) from error
    name = found.reader or row.name
    return replace(found, reader=name)


def library_threshold(library: Library, row: Reader, picker: Picker) -> float | None:
    """The confidence under which a reader's answers from this library are withheld.

    It is kept in the library's manifest with the data that it was fitted on, so that it can be
    seen and replaced there; it is noted anew when other weights come, and not at all where the
    library cannot be written to now. ``None`` for a reader without a calibration.
    """
    own: Calibration | None = getattr(picker, "calibration", None)
    if own is None:
        return None
    key = f"{row.name}_threshold"
    noted = library.get_value(key)
    if isinstance(noted, dict) and noted.get("reader") == own.reader:
        return float(noted["threshold"])
    with suppress(LibraryError):
        library.set_value(key, asdict(own))
    return own.threshold
