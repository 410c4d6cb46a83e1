"""Python functions that a script of the page may call: checked payload in, an object out."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from index import DatelineError
from qa.chat.texts import Say, current_language

logger = logging.getLogger(__package__)

Payload = dict[str, Any]
Reply = dict[str, Any]
Owner = TypeVar("Owner")


def answering(action: Callable[[Owner, Payload, Say], Reply]) -> Callable[[Owner, object], Reply]:
    """The action as the page may call it: whatever goes wrong is a sentence under ``error``."""

    @wraps(action)
    def answer(owner: Owner, payload: object) -> Reply:
        fields = payload if isinstance(payload, dict) else {}
        say = Say(current_language())
        try:
            return action(owner, fields, say)
        except DatelineError as error:
            return {"error": str(error)}
        except Exception:
            logger.exception("%s failed.", action.__name__)
            return {"error": say("page.fault")}

    return answer


def as_function(action: Callable[[object], Reply]) -> Callable[[object], Reply]:
    """A bound method as a function of its own, which Gradio can mark as callable by the page."""

    def call(payload: object) -> Reply:
        return action(payload)

    call.__name__ = action.__name__
    return call
