"""Whether a folder may be opened as a library, and with which settings and encoder."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from index.encoding.encoders import Encoder
from index.errors import LibraryMismatchError, NotALibraryError
from index.inputs import library_rule
from index.search.caches import WORDS_NAME
from index.settings import Settings
from index.storage.database import BUSY_SECONDS, telling_errors
from index.storage.private import close_to_others, keep_private, make_private_folder
from index.storage.store import Store
from index.storage.tables import DATABASE_NAME, describe_missing
from index.vectors import HEADER_NAME
from index.words.files import STATE

LOCK_NAME = "writer.lock"
SHARED_MEMORY_NAME = f"{DATABASE_NAME}-shm"
LEFTOVER_NAMES = (
    LOCK_NAME,
    f"{LOCK_NAME}-journal",
    f"{DATABASE_NAME}-wal",
    SHARED_MEMORY_NAME,
)


def open_store(path: Path, *, create: bool, busy_seconds: float = BUSY_SECONDS) -> Store:
    """The store of the library in the folder ``path``; made there when ``create`` and none is.

    One is made only in a folder where nothing is that could be lost.

    Raises:
        LibraryNotFoundError: there is none, and ``create`` is false.
        NotALibraryError: there is something else, or a library without its database.
        LibraryMismatchError: it is of a newer format.
        StorageError: it cannot be read or made.
    """
    if path.exists() and not path.is_dir():
        raise NotALibraryError(
            f"{path} is a file, and a library is a folder; name a folder that is empty or new."
        )
    if not create and not path.exists():
        raise describe_missing(path)
    with telling_errors(path / DATABASE_NAME):
        make_private_folder(path)
        found = [] if (path / DATABASE_NAME).exists() else list(path.iterdir())
        others = sorted(item.name for item in found if not is_leftover(item))
    # Looked for again: another process may just have made a library here.
    if others and not (path / DATABASE_NAME).exists():
        raise describe_others(path, others)
    if create:
        made = not (path / DATABASE_NAME).exists()
        if made:
            close_to_others(path)
        store = Store.create(path, busy_seconds=busy_seconds)
        if made:
            keep_private(path)
        return store
    return Store.open(path, busy_seconds=busy_seconds)


def is_leftover(item: Path) -> bool:
    """Whether it is a file that a library left and that holds nothing to be lost."""
    if item.name not in LEFTOVER_NAMES or not item.is_file():
        return False
    return item.name == SHARED_MEMORY_NAME or item.stat().st_size == 0


def describe_others(folder: Path, others: Sequence[str]) -> NotALibraryError:
    """The error that says what ``folder`` holds besides or instead of a library's database."""
    names = f"{others[0]}{', …' if others[1:] else ''}"
    if (folder / HEADER_NAME).is_file() or (folder / WORDS_NAME / STATE).is_file():
        return NotALibraryError(
            f"{folder} holds what is left of a library ({names}) and no {DATABASE_NAME}; "
            "put it back, or name a folder that is empty or new."
        )
    return NotALibraryError(
        f"{folder} holds other files ({names}) and no library; name a folder that is empty or new."
    )


def settings_of(manifest: Mapping[str, Any]) -> Settings:
    """The default settings with what the library was made with, as far as it says."""
    passages = manifest.get("passages", {})
    encoder = manifest.get("encoder", {})
    default = Settings()
    return replace(
        default,
        passage_words=passages.get("words", default.passage_words),
        overlap_sentences=passages.get("overlap_sentences", default.overlap_sentences),
        encoder=encoder.get("setting", default.encoder),
    )


def adopt_encoder(settings: Settings | None, manifest: Mapping[str, Any]) -> Settings:
    """The settings with the library's own encoder where they name none; its own without any."""
    own = settings_of(manifest)
    if settings is None:
        return own
    default = settings.encoder == Settings().encoder
    return replace(settings, encoder=own.encoder) if default else settings


def find_rule_mismatch(store: Store, settings: Settings) -> LibraryMismatchError | None:
    """Why articles split by these settings cannot go with those in the store, if so."""
    passages = store.manifest().get("passages", {})
    rule = library_rule(settings.passage_words, settings.overlap_sentences)
    if passages.get("rule", rule) == rule or not store.totals()[0]:
        return None
    return LibraryMismatchError(
        f"The library at {store.folder} has passages made by another rule "
        f"({passages['rule']}) than the settings ask for ({rule}); set passage_words = "
        f"{passages['words']} and overlap_sentences = {passages['overlap_sentences']}, or make "
        "its passages anew with `dateline rebuild --encode`."
    )


def find_encoder_mismatch(store: Store, encoder: Encoder) -> LibraryMismatchError | None:
    """Why vectors of this encoder cannot go with those in the store, if so."""
    known = store.manifest().get("encoder", {})
    if known.get("digest", encoder.fingerprint.digest) == encoder.fingerprint.digest:
        return None
    if not store.totals()[0]:
        return None
    return LibraryMismatchError(
        f"The library at {store.folder} was made with the encoder {known['description']} and this "
        f"is {encoder.fingerprint.describe()}; set encoder = {known['setting']!r}, or encode the "
        "library anew with `dateline rebuild --encode`."
    )


def describe_making(settings: Settings, encoder: Encoder | None) -> dict[str, Any]:
    """What the manifest keeps about how passages and vectors were made."""
    making: dict[str, Any] = {
        "passages": {
            "words": settings.passage_words,
            "overlap_sentences": settings.overlap_sentences,
            "rule": library_rule(settings.passage_words, settings.overlap_sentences),
        }
    }
    if encoder is not None:
        making["encoder"] = {
            "setting": settings.encoder,
            "description": encoder.fingerprint.describe(),
            "digest": encoder.fingerprint.digest,
            "dimension": encoder.dimension,
        }
    return making
