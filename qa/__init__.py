"""Question → answer: everything that speaks.

``Assistant`` is imported only when it is asked for, so that importing a part of it stays quick.
"""

import logging
from typing import TYPE_CHECKING, Any

from qa.types import Answer, AnswerDate, AnswerGroup, Citation, Span

if TYPE_CHECKING:
    from qa.assistant import Assistant

logging.getLogger(__name__).addHandler(logging.NullHandler())

__all__ = ["Answer", "AnswerDate", "AnswerGroup", "Assistant", "Citation", "Span"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - the one class that is loaded late
    """``Assistant``, loaded at its first use."""
    if name == "Assistant":
        from qa.assistant import Assistant

        return Assistant
    raise AttributeError(f"module 'qa' has no attribute {name!r}")
