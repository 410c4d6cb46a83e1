"""Dates in articles, questions and answers: found, resolved, joined."""

from qa.dates.find import TimeSpan, find_dates

__all__ = ["TimeSpan", "find_dates"]
