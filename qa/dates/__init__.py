"""Dates in articles, questions and answers: found, resolved, completed, joined.

The way of an expression: ``triggers`` says where one could be, the ``*_rules`` read it, ``find``
puts them in order. ``edtf`` holds what can be said of dates, ``reference`` what is counted from a
publication, ``tense`` whether a sentence looks ahead. ``answers``, ``publication``, ``questions``
and ``timeline`` are what the rest of the project uses it for.
"""

from qa.dates.answers import DatedEvidence, DateSupport, JoinedDate, answer_date, spell_date
from qa.dates.edtf import (
    DatePrecision,
    are_compatible,
    join_dates,
    read_bounds,
    read_precision,
)
from qa.dates.grammar.find import TimeSpan, find_dates
from qa.dates.publication import complete_year
from qa.dates.questions import is_when_question, resolve_as_of
from qa.dates.timeline import TimelineEntry, make_timeline

__all__ = [
    "DatePrecision",
    "DateSupport",
    "DatedEvidence",
    "JoinedDate",
    "TimeSpan",
    "TimelineEntry",
    "answer_date",
    "are_compatible",
    "complete_year",
    "find_dates",
    "is_when_question",
    "join_dates",
    "make_timeline",
    "read_bounds",
    "read_precision",
    "resolve_as_of",
    "spell_date",
]
