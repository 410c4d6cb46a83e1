"""Questions that compare two things: each side is asked alone, then their values are compared.

"Did Vosca or Pinar Alto lose more houses?" is "How many houses did Vosca lose?" and the same of
Pinar Alto. The answer shows both values with their quotes; with one side untold there is none.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from qa.agreement.quantities import exclude_each_other, read_quantity
from qa.types import Answer

ASKED = {
    "how long": ("longer", "shorter"),
    "how old": ("older", "younger"),
    "how high": ("higher taller", "lower"),
    "how much": ("bigger larger greater dearer costlier", "smaller cheaper"),
    "how fast": ("faster quicker", "slower"),
    "how heavy": ("heavier", "lighter"),
    "how far": ("farther further", "nearer closer"),
    "when": ("later last", "earlier first sooner"),
}
DEGREES = {
    word: (asked, sign)
    for asked, (more, less) in ASKED.items()
    for words, sign in ((more, 1), (less, -1))
    for word in words.split()
}
"""What to ask for by a comparative, and whether the greater value has it."""

AUX = r"(?P<aux>is|are|was|were|did|does|do|has|have|had|will)"
DEGREE = rf"(?:the )?(?P<degree>{'|'.join(DEGREES)})(?: one)?"
COUNT = r"(?P<degree>more|fewer|less) (?P<noun>\w+)"
TIME = r"(?P<degree>first|earlier|sooner|later|last)"
TOOK_PLACE = r"(?: happen| come| came| take place)"
ORDER = r"(?P<order>before|after)"
SIDES = r"(?P<one>[^,?]+?) or (?P<two>[^,?]+?)"
FORMS: tuple[tuple[str, "Form"], ...] = (
    (rf"{AUX} {SIDES} (?P<verb>\w+) {COUNT}(?P<rest>[^?]*)", "which"),
    (rf"(?:who|which|what) .*?(?P<verb>\w+) (?:the )?{COUNT}(?P<rest>[^?,]*)[,:] {SIDES}", "which"),
    (rf"(?:whose|which|what) (?P<noun>.+?) {AUX} {DEGREE}(?P<rest>[^?,]*)[,:] {SIDES}", "which"),
    (rf"(?:who|which|what) {AUX} {DEGREE}(?P<rest>[^?,]*)[,:] {SIDES}", "which"),
    (rf"{AUX} (?P<noun>[^,?]+?) {DEGREE},? {SIDES}(?P<rest>)", "which"),
    (rf"{AUX} {SIDES} {DEGREE}(?P<rest>)", "which"),
    (rf"(?:who|which|what) (?P<verb>\w+) {TIME}(?P<rest>)[,:] {SIDES}", "which"),
    (rf"{AUX} {COUNT} (?P<verb>\w+)(?P<rest>) {SIDES}", "which"),
    (
        rf"{AUX} (?P<one>[^,?]+?)(?:{TOOK_PLACE})? (?P<order>before) or after (?P<two>[^,?]+)",
        "which",
    ),
    (rf"{AUX} (?P<one>[^,?]+?){TOOK_PLACE} {ORDER} (?P<two>[^,?]+)", "whether"),
    (rf"{AUX} (?P<one>[^,?]+?) {DEGREE} than (?P<two>[^,?]+?)(?P<rest>)", "whether"),
    (
        rf"{AUX} (?P<one>[^,?]+?) (?P<verb>\w+) {COUNT}(?P<rest>[^?]*?) than (?P<two>[^,?]+)",
        "whether",
    ),
    (
        r"how many (?P<degree>more) (?P<noun>\w+) (?P<aux>did|were|was|are) (?P<one>[^,?]+?)"
        r" (?P<verb>\w+)(?P<rest>[^?]*?) than (?P<two>[^,?]+)",
        "difference",
    ),
    (
        r"how (?:long|much time|many (?P<unit>days|weeks|months|years)) (?:was there |were there |"
        r"passed |went by |lay )?between (?P<one>[^,?]+?) and (?P<two>[^?]+)",
        "difference",
    ),
)
"""What compares, most particular first; without a degree two days are compared."""

PREPOSITIONS = ("in ", "on ", "at ", "by ", "for ", "from ", "under ", "with ", "to ", "of ")

Form = Literal["which", "whether", "difference"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sides, the question about each, and what is asked of their values.

    ``sign`` is 1 where the greater value is wanted and -1 where the smaller is.
    """

    sides: tuple[str, str]
    questions: tuple[str, str]
    form: Form
    sign: int


def read_comparison(question: str) -> Comparison | None:
    """What a question compares; ``None`` for one that doesn't."""
    text = " ".join(question.split()).strip(" ?")
    for pattern, form in FORMS:
        found = re.fullmatch(pattern, text, re.IGNORECASE)
        if found:
            part = {name: said or "" for name, said in found.groupdict().items()}
            sides = part["one"], part["two"]
            one, two = (ask_side(part, side) for side in sides)
            degree = part.get("degree", "").lower()
            fewer = degree in ("fewer", "less") or part.get("order", "").lower() == "before"
            sign = -1 if fewer else DEGREES.get(degree, ("", 1))[1]
            return Comparison(sides, (one, two), form, sign)
    return None


def ask_side(part: dict[str, str], side: str) -> str:
    """The question about one side."""
    degree, verb, rest = (part.get(name, "").strip() for name in ("degree", "verb", "rest"))
    aux, noun = part.get("aux", "").lower(), part.get("noun", "")
    inside = side.lower().startswith(PREPOSITIONS)
    asked = DEGREES.get(degree.lower(), ("how many" if degree else "when was", 1))[0]
    words: tuple[str, ...] = (asked, side)
    if verb:
        words = (asked, noun, aux, *((verb, rest, side) if inside else (side, verb, rest)))
    elif degree:
        words = (asked, aux, *((noun, side) if inside else (side, noun)), rest)
    text = " ".join(word for word in words if word)
    return f"{text[:1].upper()}{text[1:]}?"


def compare(comparison: Comparison, answers: Sequence[Answer]) -> str:
    """What the comparison of two answers gives, both values said; empty where it can't be told."""
    one, two = answers
    if any(answer.status != "answered" for answer in answers):
        return ""
    names = map(name_side, comparison.sides)
    told = [f"{name}: {answer.text}" for name, answer in zip(names, answers, strict=True)]
    if one.date and two.date:
        gap, amount = subtract_days(one.date.iso, two.date.iso)
    else:
        gap, amount = subtract(one.text, two.text)
    if not gap or (comparison.form == "difference" and not amount):
        return ""
    if comparison.form == "difference":
        return f"{amount} ({'; '.join(told)})"
    wins = gap * comparison.sign > 0
    if comparison.form == "whether":
        return f"{'Yes' if wins else 'No'} ({'; '.join(told)})"
    first, second = told if wins else reversed(told)
    return f"{first} ({second})"


def name_side(side: str) -> str:
    """A side as the answer names it: "in Vosca" is Vosca, "Salo's" is Salo."""
    first = next((word for word in PREPOSITIONS if side.lower().startswith(word)), "")
    return side[len(first) :].removesuffix("'s").removesuffix("’s")


def subtract(one: str, two: str) -> tuple[float, str]:
    """The first number less the second, and how much that is; 0 where they may be the same."""
    first, second = read_quantity(one), read_quantity(two)
    if not first or not second or not exclude_each_other(first, second):
        return 0.0, ""
    gap = first.value - second.value
    return gap, f"{abs(gap):,.10g}" if not first.dimension else ""


def subtract_days(one: str, two: str) -> tuple[float, str]:
    """As ``subtract``, of two dates of EDTF; days between those that are days, 0 if unclear."""
    try:
        first, second = ([int(part) for part in iso.split("-")] for iso in (one, two))
    except ValueError:
        return 0.0, ""
    if len(first) == len(second) == len("ymd"):
        days = (date(*first) - date(*second)).days
        return days, f"{abs(days):,} day{'s' * (abs(days) != 1)}"
    shared = min(len(first), len(second))
    return (first[:shared] > second[:shared]) - (first[:shared] < second[:shared]), ""
