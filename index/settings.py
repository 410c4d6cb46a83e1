"""One frozen set of settings: defaults < config file < environment < flags."""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, cast

from index.errors import SettingsError
from index.extensions import ENGINES, list_systems, name_systems
from index.types import SystemName

NO_TOKEN = "off"
"""In place of a token: nobody is asked for one."""
TOKEN = re.compile(r"[\w.~-]{16,}", re.ASCII)

KINDS = {int: "a whole number", float: "a number", str: "text"}


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set, with its default; nothing is read when this is imported.

    ``encoder`` is ``default`` (a library's own, and the packaged all-MiniLM-L6-v2 for a new one),
    ``all-MiniLM-L6-v2``, ``bge-small-en-v1.5`` (of a package that is installed apart), ``test``
    (the deterministic test encoder) or the path or name of a sentence-transformers model.
    ``passage_words`` is about how many words a passage has; 0 keeps each article as one passage.
    ``overlap_sentences`` is how many sentences two passages share. ``candidates`` is how many
    passages each retriever gives to fusion, ``passages`` how many an answer shows,
    ``read_passages`` how many the reader reads at most. ``vectors`` is their engine by its name in
    the table, or ``auto``, which goes by the size of the library. ``min_confidence`` below 0 means
    the threshold that was fitted. ``threads`` 0 means every core. ``online`` allows a model to be
    fetched by name; nothing else ever uses the network. ``token`` is what a server asks whoever
    calls it for: empty for a new one at each start, ``off`` for none.
    """

    library: Path = Path()
    encoder: str = "default"
    passage_words: int = 120
    overlap_sentences: int = 1
    system: str = "hybrid+reader"
    candidates: int = 100
    passages: int = 10
    read_passages: int = 20
    vectors: str = "auto"
    min_confidence: float = -1.0
    max_file_mb: int = 100
    threads: int = 0
    online: bool = False
    host: str = "127.0.0.1"
    port: int = 7860
    token: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        """Refuse values that cannot work, with what would."""
        for name, low in (
            ("passage_words", 0),
            ("overlap_sentences", 0),
            ("candidates", 1),
            ("passages", 1),
            ("read_passages", 1),
            ("max_file_mb", 1),
            ("threads", 0),
        ):
            if getattr(self, name) < low:
                raise SettingsError(
                    f"{name} is {getattr(self, name)}, but must be {low} or more; "
                    f"set DATELINE_{name.upper()} or the config file accordingly."
                )
        if self.system not in list_systems():
            raise SettingsError(
                f"system is {self.system!r}, which Dateline does not know; choose {name_systems()}."
            )
        *engines, last = "auto", *ENGINES
        if self.vectors not in (*engines, last):
            raise SettingsError(
                f"vectors is {self.vectors!r}, which Dateline does not know; "
                f"choose {', '.join(engines)} or {last}."
            )
        if not 0 <= self.port <= 65535:
            raise SettingsError(f"port is {self.port}, but must be between 0 and 65535.")
        if self.token not in ("", NO_TOKEN) and not TOKEN.fullmatch(self.token):
            raise SettingsError(
                "token has fewer than 16 letters, digits, hyphens and underscores, or others; make "
                "one with `python -c 'import secrets; print(secrets.token_urlsafe())'`, or leave "
                "it out for a new one at each start."
            )
        if self.min_confidence > 1:
            raise SettingsError(
                f"min_confidence is {self.min_confidence}, but must be at most 1 "
                "(or below 0 for the fitted threshold)."
            )

    @property
    def retrieval(self) -> SystemName:
        """The system's part that ranks, without the reader."""
        return cast(SystemName, self.system.partition("+")[0])

    @property
    def reads(self) -> bool:
        """Whether the system's hits are read for the words that answer."""
        return "+" in self.system

    @classmethod
    def load(
        cls, overrides: Mapping[str, Any] | None = None, config: Path | None = None
    ) -> "Settings":
        """The settings of this machine: config file, then ``DATELINE_*``, then ``overrides``.

        The config file is ``config``, else ``$DATELINE_CONFIG``, else ``config.toml`` in the
        user's configuration folder when there is one. Overrides of ``None`` are ignored.

        Raises:
            SettingsError: a file, name or value that cannot be used, all of them listed.
        """
        values: dict[str, Any] = {"library": default_library()}
        values.update(read_config(config))
        values.update(read_environment(os.environ))
        values.update({k: v for k, v in (overrides or {}).items() if v is not None})
        return replace(cls(), **values)


def default_library() -> Path:
    """Where the library is when nobody says: the user's data folder."""
    from platformdirs import user_data_path

    return user_data_path("dateline") / "library"


def read_config(path: Path | None) -> dict[str, Any]:
    """The values of the TOML config file; empty when none was named and none is there."""
    from platformdirs import user_config_path

    named = path or (
        Path(os.environ["DATELINE_CONFIG"]) if "DATELINE_CONFIG" in os.environ else None
    )
    file = named or user_config_path("dateline") / "config.toml"
    if not named and not file.is_file():
        return {}
    try:
        table = tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(f"The config file {file} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"The config file {file} is not valid TOML: {error}.") from error
    known = {item.name for item in fields(Settings)}
    unknown = sorted(set(table) - known)
    if unknown:
        raise SettingsError(
            f"The config file {file} sets {', '.join(unknown)}, which Dateline does not know; "
            f"it knows {', '.join(sorted(known))}."
        )
    return {name: convert_value(name, value, str(file)) for name, value in table.items()}


def read_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    """The values that ``DATELINE_*`` variables set; names that are no setting are left alone."""
    values = {}
    for item in fields(Settings):
        variable = f"DATELINE_{item.name.upper()}"
        if variable in environment:
            values[item.name] = convert_value(item.name, environment[variable], variable)
    return values


def convert_value(name: str, value: object, where: str) -> Any:  # noqa: ANN401 - the field's type
    """``value`` as the type of the setting ``name``.

    Raises:
        SettingsError: it cannot be converted; ``where`` says whose value it is.
    """
    kind = type(getattr(Settings(), name))
    if kind is bool:
        words = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
        if isinstance(value, bool) or str(value).lower() in words:
            return value if isinstance(value, bool) else words[str(value).lower()]
        raise SettingsError(f"{where}: {name} is {value!r}, but must be true or false.")
    if issubclass(kind, Path):
        try:
            return Path(str(value)).expanduser()
        except RuntimeError as error:
            raise SettingsError(
                f"{where}: {name} is {str(value)!r}, but the home folder that it begins with is "
                "not known; write the whole path."
            ) from error
    try:
        if isinstance(value, bool):
            raise ValueError
        converted = kind(value)
    except (TypeError, ValueError) as error:
        raise SettingsError(f"{where}: {name} is {value!r}, but must be {KINDS[kind]}.") from error
    return converted
