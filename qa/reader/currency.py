"""Of answers that cannot all hold, the one that holds at the time that is asked about.

A question in the present tense asks about now: of those who held an office one after another, the
one that the latest article tells of answers. (That later values of anything replace earlier ones
was tried too, and made more answers wrong than right: docs/decisions.md.)
"""

import re
from collections.abc import Sequence

from index import Article
from index.text.verbs import PAST_FORMS
from qa.agreement import Statement, group_answers
from qa.dates import is_when_question
from qa.reader.evidence import Evidence

LATER_NOW = 0.7
"""The share of the best answer's score that a later one needs to go before it, asked about now."""

NOW = re.compile(
    r"\b(?:now|currently|current|these days|today|at the moment|at present|nowadays|latest|newest|"
    r"(?:by|until|up to) now|so far|still)\b",
    re.IGNORECASE,
)
FIRST = re.compile(
    r"\b(?:first|initial(?:ly)?|original(?:ly)?|earli(?:er|est)|former(?:ly)?|previous(?:ly)?|"
    r"before|back then|at the time|used to|in (?:19|20)\d\d)\b",
    re.IGNORECASE,
)
PRESENT = re.compile(r"\W*(?:who|what|which|where|how)(?:['’]?s)?\b", re.IGNORECASE)
PAST = re.compile(r"was|were|did|had|been|[^\W\d_]{2,}ed", re.IGNORECASE)
WORD = re.compile(r"[^\W\d_]+")


def asks_about_now(question: str) -> bool:
    """Whether it is in the present tense or says so, and names no other time."""
    if FIRST.search(question) or is_when_question(question):
        return False
    if NOW.search(question):
        return True
    words = [word.lower() for word in WORD.findall(question)]
    tells = any(PAST.fullmatch(word) or word in PAST_FORMS for word in words)
    return bool(PRESENT.match(question)) and not tells


def prefer_current(question: str, evidence: Sequence[Evidence]) -> list[Evidence]:
    """The evidence, best first; asked about now, the answer of the latest article before the rest.

    Only answers are compared whose article has a date, and whose score is not far under the best
    one's. Two of one day keep their order.
    """
    if not evidence or not asks_about_now(question):
        return list(evidence)
    least = LATER_NOW * evidence[0].score
    dated = [
        item for item in evidence if item.span and date_of(item.hit.article) and item.score >= least
    ]
    if not dated or evidence[0] is not dated[0]:
        return list(evidence)
    statements = [
        Statement(item.quote, item.span.text if item.span else "", item.hit.article.id)
        for item in dated
    ]
    newest = [
        (max(date_of(dated[index].hit.article) for index in group.statements), group.statements)
        for group in group_answers(question, statements, conflicts=False)
    ]
    latest, rows = max(newest, key=lambda each: each[0])
    if any(0 in others and date >= latest for date, others in newest):
        return list(evidence)
    best = dated[rows[0]]
    return [best, *(item for item in evidence if item is not best)]


def date_of(article: Article) -> str:
    """The ISO date of the article, empty when it has none with a year."""
    published = article.published
    return published.iso[:10] if published and published.iso[:4].isdecimal() else ""
