"""The encoder of one library: loaded once, and checked against it."""

import threading
from collections.abc import Sequence
from contextlib import suppress

import numpy as np

from index.admission import find_encoder_mismatch, find_rule_mismatch
from index.encoding.encoders import Encoder, load_encoder
from index.errors import DatelineError
from index.settings import Settings
from index.storage.store import Store
from index.storage.tables import Vectors


class LibraryEncoder:
    """What encodes for one library; any number of threads may use it."""

    def __init__(self, store: Store, settings: Settings, encoder: Encoder | None = None) -> None:
        """Loads nothing yet; ``encoder`` is used in place of the one that the settings name."""
        self._store = store
        self._settings = settings
        self._encoder = encoder
        self._lock = threading.Lock()

    @property
    def loaded(self) -> Encoder | None:
        """The encoder, when it was needed already."""
        return self._encoder

    def load(self, *, check: bool = True) -> Encoder:
        """The encoder, loaded once; it must be the one that the library was made with.

        Raises:
            LibraryMismatchError: it is not, unless ``check`` is false.
            EncoderError: it cannot be loaded.
        """
        with self._lock:
            if self._encoder is None:
                self._encoder = load_encoder(self._settings)
            encoder = self._encoder
        if check and (mismatch := find_encoder_mismatch(self._store, encoder)):
            raise mismatch
        return encoder

    def prepare(self) -> None:
        """Begins to load it in a thread; what goes wrong there is told to whoever needs it."""

        def load() -> None:
            with suppress(DatelineError):
                self.load(check=False).encode_questions([])

        if self._store.dimension():
            threading.Thread(target=load).start()

    def refuse_mismatch(self) -> None:
        """Raises what speaks against the settings and the encoder; loads one only when it must.

        Raises:
            LibraryMismatchError: the library was made with another encoder or passage rule.
        """
        mismatch = find_rule_mismatch(self._store, self._settings)
        if mismatch is not None:
            raise mismatch
        made = self._store.manifest().get("encoder", {})
        known = made.get("setting", self._settings.encoder)
        if self._encoder is not None or known != self._settings.encoder:
            self.load()

    def encode_question(self, query: str) -> Vectors:
        """The question's vector, (dim,) float32."""
        return np.asarray(self.load().encode_questions([query])[0], np.float32)

    def encode_sentences(self, sentences: Sequence[str]) -> Vectors:
        """The sentences' vectors, (n, dim) float32, encoded as questions; for measuring."""
        return np.asarray(self.load(check=False).encode_questions(sentences), np.float32)
