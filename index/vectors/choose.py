"""Which engine a library gets by its size, and why, in words."""

from dataclasses import dataclass

from index.vectors.engine import VectorEngine
from index.vectors.ivf.inverted import IVFVectors

EXACT_UP_TO = 100_000
"""Passages up to which all vectors are compared: 20 ms a question on one core."""

EXACT_AGAIN = 50_000
"""A library that shrinks below goes back to the exact engine."""

FEWEST = 1_000
"""Passages below which clusters make no sense, whatever the settings say."""

GROWTH = 2.0
"""Clusters are trained anew when there are so many times the passages they were trained with."""

LOST_SHARE = 0.25
"""They are also trained anew when this share of what they were trained with was removed."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Whether a library shall be searched by clusters, and why."""

    clustered: bool
    reason: str


def choose_engine(count: int, setting: str, *, clustered: bool = False) -> Choice:
    """The engine for ``count`` passages.

    Args:
        count: how many passages there are.
        setting: ``auto``, ``exact`` or ``clusters``.
        clustered: whether it is searched by clusters now, which it is left to a while longer.
    """
    if setting == "exact":
        return Choice(False, "the settings ask for it")
    if setting == "clusters":
        if count < FEWEST:
            return Choice(False, f"{count:,} passages are too few for clusters")
        return Choice(True, "the settings ask for it")
    if count > EXACT_UP_TO:
        return Choice(True, f"there are more than {EXACT_UP_TO:,} passages")
    if clustered and count >= EXACT_AGAIN:
        return Choice(True, f"there were more than {EXACT_UP_TO:,} passages")
    return Choice(False, f"up to {EXACT_UP_TO:,} passages all are compared")


def needs_training(engine: VectorEngine | None, setting: str) -> bool:
    """Whether new clusters shall be trained for what the engine holds."""
    if engine is None:
        return False
    clustered = isinstance(engine, IVFVectors)
    if not choose_engine(len(engine), setting, clustered=clustered).clustered:
        return False
    if not isinstance(engine, IVFVectors):
        return True
    lost = engine.trained + int(engine.fresh.ntotal) - len(engine)
    return len(engine) > GROWTH * engine.trained or lost > LOST_SHARE * engine.trained


def is_outgrown(engine: VectorEngine, setting: str) -> bool:
    """Whether an engine of clusters must give way to the exact one."""
    clustered = isinstance(engine, IVFVectors)
    return clustered and not choose_engine(len(engine), setting, clustered=True).clustered
