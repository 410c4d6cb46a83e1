"""What is asked of the assistant: everything that an answer depends on, as one record."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TypedDict, Unpack

from index import Filters
from index.settings import Settings
from qa.followups import PastTurn
from qa.requests import check_question


class Options(TypedDict, total=False):
    """What may be said beside a question; what is left out is the settings' choice."""

    passages: int | None
    """How many hits the answer carries."""
    system: str | None
    """One of ``index.extensions.list_systems()``."""
    filters: Filters | None
    """Which articles may be used."""
    min_confidence: float | None
    """Withhold the answer below this."""
    after: Sequence[PastTurn]
    """The turns before, the last one last; a question that needs them is understood from them,
    and ``followup`` of the answer says how."""
    without: Collection[str]
    """Words not to be carried over from them."""


@dataclass(frozen=True, slots=True)
class Request:
    """A question, checked, with all that its answer depends on.

    ``state`` is ``Library.state``: it is another one after every change, whichever process made it.
    ``min_confidence`` is below 0 where the reader's own threshold holds.
    """

    state: str
    settings: Settings
    question: str
    wanted: int
    filters: Filters
    min_confidence: float
    after: tuple[PastTurn, ...]
    without: frozenset[str]


def make_request(
    question: str, state: str, settings: Settings, **options: Unpack[Options]
) -> Request:
    """The request, with what was left to the settings.

    Raises:
        QuestionError: the question is empty.
        SettingsError: there is no such system.
    """
    system, least = options.get("system"), options.get("min_confidence")
    return Request(
        state,
        settings if system is None else replace(settings, system=system),
        check_question(question),
        options.get("passages") or settings.passages,
        options.get("filters") or Filters(),
        settings.min_confidence if least is None else least,
        tuple(options.get("after", ())),
        frozenset(options.get("without", ())),
    )
