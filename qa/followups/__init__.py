"""Follow-ups: "and who else did?", "when was that?", understood from the turns before them.

Without a language model: closed word classes, the form of the last question, and the names of its
answer. What is carried over is data, to be shown and taken away.
"""

from qa.followups.memory import remember_turn
from qa.followups.records import PastTurn
from qa.followups.resolving import resolve_question
from qa.types import Carried, FollowUp

__all__ = ["Carried", "FollowUp", "PastTurn", "remember_turn", "resolve_question"]
