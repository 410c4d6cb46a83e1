"""Which engine a library gets, and why, in words."""

import logging
from dataclasses import dataclass

from index.errors import LibraryError, first_line
from index.extensions import CLUSTERS, ENGINES, EXACT, load_code
from index.vectors.engine import VectorEngine

EXACT_UP_TO = 100_000
"""Passages up to which all vectors are compared: 20 ms a question on one core."""

EXACT_AGAIN = 50_000
"""A library that shrinks below goes back to the exact engine."""

log = logging.getLogger(__package__)


@dataclass(frozen=True, slots=True)
class Choice:
    """The engine that a library shall have, by its name, and why."""

    engine: str
    reason: str


def choose_engine(count: int, setting: str, current: str = "") -> Choice:
    """The engine for ``count`` passages.

    Args:
        count: how many passages there are.
        setting: ``auto`` or the name of an engine.
        current: the name of the engine in use; clusters are left a while longer.

    Raises:
        LibraryError: the code of the engine cannot be loaded.
    """
    if setting != "auto":
        if count < load_engine(setting).trained_from:
            return Choice(EXACT, f"{count:,} passages are too few for {setting}")
        return Choice(setting, "the settings ask for it")
    if count > EXACT_UP_TO:
        return Choice(CLUSTERS, f"there are more than {EXACT_UP_TO:,} passages")
    if current == CLUSTERS and count >= EXACT_AGAIN:
        return Choice(CLUSTERS, f"there were more than {EXACT_UP_TO:,} passages")
    return Choice(EXACT, f"up to {EXACT_UP_TO:,} passages all are compared")


def choose_beginning(count: int, setting: str) -> str:
    """The engine that begins with ``count`` passages: what is chosen, exact until it is trained."""
    name = choose_engine(count, setting).engine
    return EXACT if load_engine(name).trained_from else name


def choose_training(engine: VectorEngine | None, setting: str) -> str:
    """The engine that shall be trained for what the one in use holds; empty when none."""
    if engine is None:
        return ""
    name = choose_engine(len(engine), setting, engine.name).engine
    wanted = load_engine(name).trained_from and (name != engine.name or engine.is_worn())
    return name if wanted else ""


def is_outgrown(current: str, count: int, setting: str) -> bool:
    """Whether the engine ``current`` must give way to one that begins from the store."""
    name = choose_engine(count, setting, current).engine
    return current not in (name, choose_beginning(count, setting))


def load_engine(name: str) -> type[VectorEngine]:
    """The class of the engine that the table has under ``name``.

    Raises:
        LibraryError: it cannot be loaded.
    """
    try:
        engine: type[VectorEngine] = load_code(ENGINES[name])
        if engine.name != name:
            raise ValueError(f"its class calls itself {engine.name!r}")
    except Exception as error:
        raise describe_fault(name, error) from error
    return engine


def describe_fault(name: str, error: Exception) -> LibraryError:
    """The error that says that an engine, or the code of one, does not work."""
    log.info("The vector engine %s failed.", name, exc_info=error)
    return LibraryError(
        f"The vector engine {name!r} failed ({type(error).__name__}: {first_line(error)}); "
        "run `dateline rebuild` to make it anew, or set DATELINE_VECTORS to another one."
    )
