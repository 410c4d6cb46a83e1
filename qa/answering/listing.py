"""The items of a list: all that answer a question for several, in one sentence or beside it.

The reader gives the likeliest span and the next ones that do not overlap it. To "Which towns …?" or
"Who were …?" those of the same passage that stand in its sentence or next to it, and are not far
less likely, answer with it.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from index.text.numbers import NUMBER
from index.text.stopwords import AUXILIARIES
from index.text.verbs import PAST_FORMS
from qa.agreement.names import same_phrase
from qa.reader.evidence import Evidence, content_words

FAR = 4.5
"""How much lower an item's log odds against no answer may be than those of the best."""

BESIDE = 160
"""Characters between two items of one list, at most: a sentence lies between them, no more."""

COUNTS = "|".join((*list(NUMBER)[2:13], r"\d{1,2}", "other", "all", "the", "of"))
ASKS = re.compile(
    rf"\W*(?:(?:which|what) (?:(?:{COUNTS}) )*(?P<noun>[^\W\d_]+(?: [^\W\d_]+)?)|"
    r"who (?:are|were|else|all)\b|(?:name|list)\b(?! of\b))",
    re.IGNORECASE,
)
WORD = re.compile(r"[^\W\d_]+")
PLURAL = re.compile(r"people|men|women|children|[^\W\d_]+[^sui\W]s", re.IGNORECASE)


def asks_for_several(question: str) -> bool:
    """Whether a question asks for more than one thing: "Which towns", "Who were", "Name the"."""
    found = ASKS.match(question)
    if not found:
        return False
    if not found["noun"]:
        return True
    first, *second = [word.lower() for word in found["noun"].split()]
    if is_plural(first):
        return True
    # "Which liberal ministers resigned?", but "Which company owns the mill?".
    follows = [word.lower() for word in WORD.findall(question[found.end() :])[:1]]
    told = any(word in AUXILIARIES | PAST_FORMS or word.endswith("ed") for word in follows)
    return told and any(map(is_plural, second))


def is_plural(word: str) -> bool:
    """Whether a word in lower case looks like a noun in the plural."""
    return bool(PLURAL.fullmatch(word)) and word not in AUXILIARIES


def list_items(question: str, evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The evidence of the items that answer together, in the order of the text; the first alone.

    Args:
        question: as it is asked.
        evidence: best first, each with its span's log odds against no answer.
    """
    first = evidence[0]
    if not first.span or not asks_for_several(question):
        return (first,)
    items = [first]
    for item in evidence[1:]:
        if item.hit.passage.id == first.hit.passage.id and is_item(item, items, question):
            items.append(replace(item, score=first.score))
    return tuple(sorted(items, key=lambda item: item.span.start if item.span else 0))


def is_item(item: Evidence, items: Sequence[Evidence], question: str) -> bool:
    """Whether it is one more item, near one of those there are and not far less likely."""
    first = items[0].span
    if not item.span or not first or item.span.score < first.score - FAR:
        return False
    if content_words(item.span.text) <= content_words(question):
        return False
    near = any(
        other.span
        and (
            item.start <= other.start < item.end
            or min(abs(item.start - other.end), abs(other.start - item.end)) <= BESIDE
        )
        for other in items
    )
    return near and not any(
        other.span and same_phrase(item.span.text, other.span.text) for other in items
    )


def say_items(items: Sequence[Evidence]) -> str:
    """The items side by side, each as its article says it."""
    return "; ".join(item.span.text for item in items if item.span)
