"""Two questions in one: "When was the lighthouse sold and who bought it?" has two answers.

The second part is asked as a follow-up of the first, which says what its "it" is.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from index import Hit
from index.text.stopwords import AUXILIARIES
from qa.reader.evidence import Place, number_hits, place_of
from qa.types import Answer, AnswerGroup, Citation

ASKING = r"who|whom|whose|what|when|where|which|why|how(?: (?:many|much|long|often|old|far))?"
TWO = re.compile(
    rf"(?P<one>\W*(?:{ASKING}|in|at|on|by|to|from|for|with|{'|'.join(sorted(AUXILIARIES))})\b.+?)"
    rf",? and (?P<two>(?:for |in |at |by |to |from )?(?:{ASKING})\b.*)",
    re.IGNORECASE,
)
BOTH = re.compile(rf"\W*(?P<one>{ASKING}) and (?P<two>{ASKING}) (?P<rest>.+)", re.IGNORECASE)
LEAST = 3
"""Words of a part that is asked alone."""


def split_question(question: str) -> tuple[str, str] | None:
    """The two questions that one asks; ``None`` for one that asks one thing.

    "Who and when …?" and "Who bought the mill, and when?" ask the rest with either word.
    """
    both = BOTH.fullmatch(question)
    if both:
        return f"{both['one']} {both['rest']}", f"{both['two']} {both['rest']}"
    found = TWO.fullmatch(question)
    if not found or len(found["one"].split()) < LEAST:
        return None
    one, two = found["one"].rstrip(" ?,"), found["two"]
    if re.fullmatch(ASKING, two.rstrip("? "), re.IGNORECASE):
        rest = re.sub(rf"^\W*(?:{ASKING})\b\s*", "", one, flags=re.IGNORECASE)
        two = f"{two.rstrip('? ')} {rest[:1].lower()}{rest[1:]}?"
    elif len(two.split()) < LEAST:
        return None
    return f"{one}?", two


def join_answers(question: str, answers: Sequence[Answer]) -> Answer:
    """The answers of a question's parts as one: what either says, with the citations of both.

    It is as sure as the less sure part that is answered, and a note names a part that is not. The
    trace is that of the first one that is; one at least has to be.
    """
    told = [answer for answer in answers if answer.status == "answered"]
    citations: list[Citation] = []
    groups: list[AnswerGroup] = []
    for answer in told:
        numbers = {}
        for citation in answer.citations:
            known = next((c for c in citations if same_place(c, citation)), None)
            if known is None:
                known = replace(citation, number=len(citations) + 1)
                citations.append(known)
            numbers[citation.number] = known.number
        shift = len(groups)
        groups += [
            replace(
                group,
                citations=tuple(numbers[number] for number in group.citations),
                conflicts_with=tuple(place + shift for place in group.conflicts_with),
            )
            for group in answer.groups
        ]
    hits: dict[Place, Hit] = {}
    for answer in told:
        for hit in answer.hits:
            hits.setdefault(place_of(hit), hit)
    most = max(len(answer.hits) for answer in told)
    notes = [note for answer in told for note in answer.notes]
    notes += [
        f"Nothing in your articles answers the part “{answer.question}”."
        for answer in answers
        if answer.status != "answered"
    ]
    return replace(
        told[0],
        question=question,
        text="; ".join(answer.text for answer in told),
        confidence=min(answer.confidence for answer in told),
        date=next((answer.date for answer in told if answer.date), None),
        citations=tuple(citations),
        groups=tuple(groups),
        hits=number_hits(list(hits.values())[:most]),
        notes=tuple(dict.fromkeys(notes)),
        timings=add_timings(answers),
    )


def same_place(one: Citation, other: Citation) -> bool:
    """Whether two citations quote the same words of an article."""
    return (one.article.id, one.start, one.end) == (other.article.id, other.start, other.end)


def add_timings(answers: Sequence[Answer]) -> dict[str, float]:
    """The milliseconds of each stage, of all answers together."""
    total: dict[str, float] = {}
    for answer in answers:
        for stage, spent in answer.timings.items():
            total[stage] = round(total.get(stage, 0.0) + spent, 3)
    return total
