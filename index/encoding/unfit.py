"""Whether a model's files say only what is understood."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ANY = None
"""Every value is well: nothing depends on it."""

NOTHING: tuple[Any, ...] = (None, {}, [], "")
"""The values of a key that is not used."""

Known = Mapping[str, tuple[Any, ...] | None]
"""The keys that are understood, and the values of each; ``ANY`` for every value."""


class Unfit(Exception):
    """A model that OpenVINO cannot run as sentence-transformers does; the text says why."""


def read_json(path: Path, *, optional: bool = False) -> Any:  # noqa: ANN401 - what the file holds
    """What a JSON file holds, nothing when it is ``optional`` and missing.

    Raises:
        Unfit: it cannot be read.
    """
    if optional and not path.exists():
        return {}
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Unfit(f"{path.name} is missing or cannot be read") from error


def check_values(values: Any, known: Known, where: str) -> None:  # noqa: ANN401 - of a JSON file
    """Refuse what is not understood.

    Raises:
        Unfit: ``values`` has another key than those, or another value.
    """
    if not isinstance(values, dict):
        raise Unfit(f"{where} holds no settings")
    for key, value in values.items():
        if key not in known:
            raise Unfit(f"{where} says {key}, which is not known here")
        allowed = known[key]
        if allowed is not ANY and value not in allowed:
            raise Unfit(f"{where} says {key} {value!r}")
