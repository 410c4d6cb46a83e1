"""Logging: one logger a package (``index``, ``qa.chat``, …), silent until it is turned on."""

import logging

from index.errors import SettingsError

ROOTS = ("index", "qa")
VARIABLE = "DATELINE_LOG"
LEVELS = ("debug", "info", "warning", "error")
FORM = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def turn_on_logs(level: str) -> None:
    """From now on messages of a level and above go to standard error; with "" all stays silent.

    Texts of articles and questions are in messages of the level ``debug`` only.

    Raises:
        SettingsError: ``level`` is none of ``LEVELS``, and not empty.
    """
    if not level:
        return
    if level not in LEVELS:
        raise SettingsError(
            f"The log's level is {level!r}, which Dateline does not know; choose "
            f"{', '.join(LEVELS[:-1])} or {LEVELS[-1]}."
        )
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter(FORM))
    for name in ROOTS:
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(level.upper())
