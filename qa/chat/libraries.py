"""The libraries that one server offers: the one it was started with, those beside it, new ones.

A page says with every request which library it means, so that two windows may use two libraries.
A library is opened when it is first used. Before each use its file is looked at: one that was
removed or replaced under the running page is never asked, nor written to, by its old name.
"""

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from index import Library
from index.encoding.encoders import Encoder
from index.errors import LibraryError, LibraryNotFoundError
from index.settings import Settings
from index.storage.tables import DATABASE_NAME
from qa.assistant import Assistant

NAME_LENGTH = 60
NAME = re.compile(r"\w[\w .-]*")
Identity = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Offered:
    """One library as the page names it; ``articles`` is ``None`` until it is opened."""

    name: str
    path: Path
    articles: int | None = None


@dataclass(frozen=True, slots=True)
class OpenLibrary:
    """A library in use, with its assistant; ``identity`` tells its file from another's."""

    name: str
    library: Library
    assistant: Assistant
    identity: Identity

    @property
    def path(self) -> Path:
        """The library's folder."""
        return self.library.path


class Libraries:
    """The libraries of one server, by name; any number of threads may use it."""

    def __init__(
        self, library: Library, settings: Settings | None = None, others: Sequence[Path] = ()
    ) -> None:
        """Offers ``library`` and ``others``, or without others what lies beside the library."""
        self.settings = settings or library.settings
        self.first = library.path.name or str(library.path)
        self._beside = not others
        self._home = library.path.absolute().parent
        self._paths: dict[str, Path] = {self.first: library.path}
        for path in others:
            with Library.open(path, check=False, create=True):
                self._offer(path)
        self._lock = threading.Lock()
        assistant = Assistant(library, settings=self.settings)
        self._open = {
            self.first: OpenLibrary(self.first, library, assistant, identify(library.path))
        }
        self._main = library

    def list_offered(self) -> list[Offered]:
        """Every library that is there now, the first one first, the others by name."""
        with self._lock:
            self._look_beside()
            present = [item for item in self._paths.items() if has_library(item[1])]
            counts = {
                name: len(item.library)
                for name, item in self._open.items()
                if item.identity == identify(item.path)
            }
        order = sorted(present, key=lambda item: (item[0] != self.first, item[0].casefold()))
        return [Offered(name, path, counts.get(name)) for name, path in order]

    def get(self, name: str = "") -> OpenLibrary:
        """The library of this name, open; without a name the one the server was started with.

        Raises:
            LibraryNotFoundError: it is not there, or not any more.
            LibraryError: it cannot be opened.
        """
        name = name or self.first
        with self._lock:
            if name not in self._paths:
                self._look_beside()
            path = self._paths.get(name)
            if path is None:
                raise LibraryNotFoundError(
                    f"There is no library {name[:NAME_LENGTH]!r} here; choose another one."
                )
            if not has_library(path):
                # Dropped and not closed: closing would write its indexes into a foreign folder.
                self._open.pop(name, None)
                raise LibraryNotFoundError(
                    f"The library {name!r} is not at {path} any more; put its folder back, or "
                    "choose another library."
                )
            known = self._open.get(name)
            if known is None or known.identity != identify(path):
                known = self._open[name] = self._open_library(name, path)
            return known

    def named_in(self, payload: object) -> OpenLibrary:
        """The library that a request of the page's script is about; as ``get``."""
        return self.get(str(payload.get("library") or "") if isinstance(payload, dict) else "")

    def create(self, name: str) -> OpenLibrary:
        """A new, empty library of this name, in the folder beside the first one.

        Raises:
            LibraryError: the name cannot be used or is taken, or the folder cannot be made.
        """
        chosen = " ".join(name.split())
        if not NAME.fullmatch(chosen) or len(chosen) > NAME_LENGTH or chosen.endswith("."):
            raise LibraryError(
                f"A library cannot be called {chosen[:NAME_LENGTH]!r}; use letters, digits, "
                f"spaces, hyphens and dots, at most {NAME_LENGTH}, with a letter or digit first."
            )
        path = self._home / chosen
        with self._lock:
            self._look_beside()
            taken = {item.casefold() for item in self._paths}
            if path.exists() or chosen.casefold() in taken:
                raise LibraryError(f"There is a {chosen!r} in {self._home} already; take another.")
            settings = replace(self.settings, library=path)
            library = Library.open(path, settings=settings, create=True)
            self._paths[chosen] = path
            made = OpenLibrary(
                chosen, library, Assistant(library, settings=settings), identify(path)
            )
            self._open[chosen] = made
            return made

    def close(self) -> None:
        """Close what was opened here; the library that was handed over is its owner's to close."""
        with self._lock:
            for item in self._open.values():
                if item.library is not self._main and item.identity == identify(item.path):
                    item.library.close()
            self._open.clear()

    def _offer(self, path: Path) -> None:
        """Offer the library at ``path`` under its folder's name, numbered when that is taken."""
        known = [item.absolute() for item in self._paths.values()]
        if path.absolute() in known:
            return
        name, number = path.name, 1
        while name in self._paths:
            number += 1
            name = f"{path.name} ({number})"
        self._paths[name] = path

    def _look_beside(self) -> None:
        """Offer the libraries that lie beside the first one, if those are offered."""
        if not self._beside:
            return
        try:
            folders = sorted(item for item in self._home.iterdir() if item.name[:1] != ".")
        except OSError:
            return
        for folder in folders:
            if has_library(folder):
                self._offer(folder)

    def _open_library(self, name: str, path: Path) -> OpenLibrary:
        """The library at ``path`` with this server's settings and the rules it was made with."""
        with Library.open(path, check=False) as looked_at:
            made = looked_at.settings
        settings = replace(
            self.settings,
            library=path,
            encoder=made.encoder,
            passage_words=made.passage_words,
            overlap_sentences=made.overlap_sentences,
        )
        library = Library.open(path, settings=settings, encoder=self._share_encoder(settings))
        return OpenLibrary(name, library, Assistant(library, settings=settings), identify(path))

    def _share_encoder(self, settings: Settings) -> Encoder | None:
        """The first library's encoder where it fits, so that one is loaded; else ``None``."""
        if settings.encoder != self._main.settings.encoder:
            return None
        try:
            return self._main.encoder
        except LibraryError:  # it was removed itself
            return None


def has_library(path: Path) -> bool:
    """Whether a library lies at ``path``."""
    try:
        return (path / DATABASE_NAME).is_file()
    except OSError:
        return False


def identify(path: Path) -> Identity:
    """What tells the library's file from any other that ever lay at ``path``."""
    try:
        found = (path / DATABASE_NAME).stat()
    except OSError:
        return (0, 0)
    return (found.st_dev, found.st_ino)
