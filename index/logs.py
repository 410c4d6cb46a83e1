"""Logging: one logger a package (``index``, ``qa.chat``, …), silent until it is turned on."""

import logging

from index.errors import SettingsError

ROOTS = ("index", "qa")
LEVELS = ("debug", "info", "warning", "error")
FORM = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def check_level(level: str) -> None:
    """Refuses what is no level.

    Raises:
        SettingsError: it is none of ``LEVELS``, and not empty.
    """
    if level and level not in LEVELS:
        raise SettingsError(
            f"log is {level!r}, which is no level; choose {', '.join(LEVELS[:-1])} or {LEVELS[-1]}."
        )


def turn_on_logs(level: str) -> None:
    """From now on messages of a level and above go to standard error; with "" all stays silent.

    Texts of articles and questions are in messages of the level ``debug`` only.
    """
    if not level:
        return
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter(FORM))
    for name in ROOTS:
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(level.upper())
