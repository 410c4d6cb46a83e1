"""Leaves out of what was found what was answered before: "who else?" does not want it again."""

import re

from index.text.stopwords import is_stop_word
from qa.reader.evidence import Evidence, Findings
from qa.types import FollowUp

NAME = re.compile(r"[^\W\d_a-zа-яё][\w’'-]+(?:\s+[^\W\d_a-zа-яё][\w’'-]+)*")


def drop_answered(findings: Findings, followup: FollowUp) -> Findings:
    """The findings without evidence that gives the earlier answers alone."""
    if not (followup.answered or followup.quotes):
        return findings
    return findings.without("answered before", lambda item: repeats_answer(item, followup))


def repeats_answer(item: Evidence, followup: FollowUp) -> bool:
    """Whether evidence says nothing beyond what was answered before.

    A span is compared with the answers; in a sentence that was cited before it must also be a new
    name. A sentence repeats them when it was cited before or has one of them, and no name that is
    neither among them nor in the question.
    """
    cited = item.quote in followup.quotes
    if item.span and item.span.text.strip():
        said = item.span.text
        names = find_names(said) if followup.answered else []
        return any(same_text(said, answer) for answer in followup.answered) or (cited and not names)
    told = any(answer.lower() in item.quote.lower() for answer in followup.answered)
    if cited and re.match(r"(?i)\W*(?:and\s+)?(?:what|why|how)\b", followup.question):
        return True
    known = [*followup.answered, *find_names(followup.query)]
    names = find_names(item.quote)
    new = [name for name in names if not any(same_name(name, other) for other in known)]
    return (cited or told) and not new


def find_names(text: str) -> list[str]:
    """The runs of capitalised words, but for a single small word that begins a sentence."""
    found = (match.group().removesuffix("'s").removesuffix("’s") for match in NAME.finditer(text))
    return [name for name in dict.fromkeys(found) if not is_stop_word(name.lower())]


def same_name(one: str, other: str) -> bool:
    """Whether one of two names is the other or its last or first part."""
    a, b = one.lower().split(), other.lower().split()
    short, long = sorted((a, b), key=len)
    return bool(short) and (long[-len(short) :] == short or long[: len(short)] == short)


def same_text(one: str, other: str) -> bool:
    """Whether two answers are the same words, or one the end of the other."""
    a, b = one.strip(" .,").lower(), other.strip(" .,").lower()
    return a == b or (len(a.split()) <= 4 and same_name(a, b))
