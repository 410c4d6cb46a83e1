"""Question → answer: everything that speaks."""

from qa.types import Answer, AnswerDate, AnswerGroup, Citation, Span

__all__ = ["Answer", "AnswerDate", "AnswerGroup", "Citation", "Span"]
