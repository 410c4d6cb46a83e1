"""A question spelled as a passage spells it, so that the reader sees one thing where one is meant.

The words of a question may stand in a passage with other letters (``Odegard``, ``Ødegård``;
``Juergen``, ``Jürgen``), its numbers in other figures (``1250000``, ``1.25 million``), a name as
its initials (``WHO``) or these in full. Only the question is changed, each time for one passage.
"""

import re

from index.words.terms import fold_letters
from qa.agreement.quantities import find_quantities, same_quantity

WORD = re.compile(r"[^\W\d_]+")
DIGRAPHS = re.compile(r"(?<=[aou])e")
"""What is written after a vowel where its umlaut cannot be."""

INITIALS = re.compile(r"\b[A-Z]{3,6}\b")
IN_FULL = re.compile(r"\b(?!The\b)[A-Z]\w+(?: (?:of|for|and|the|on|in) (?=[A-Zt])| [A-Z]\w+)+")
SMALL = frozenset("of for and the on in".split())

SMALLEST = 100
"""The number from which on its figures are compared: smaller ones are written in one way."""


def mirror_question(question: str, passage: str) -> str:
    """The question with those of its words, numbers and names as the passage writes them.

    What stands there as it is asked stays, and so does what does not stand there at all.
    """
    question = mirror_numbers(question, passage)
    question = mirror_initials(question, passage)
    return question if question.isascii() and passage.isascii() else mirror_words(question, passage)


def mirror_words(question: str, passage: str) -> str:
    """The question's words with the accents and special letters that the passage gives them."""
    there = WORD.findall(passage)
    lower = {word.lower() for word in there}
    plain: dict[str, str] = {}
    for word in there:
        if not word.isascii() or not question.isascii():
            plain.setdefault(strip_letters(word), word)

    def spell(match: re.Match[str]) -> str:
        word = match.group()
        return word if word.lower() in lower else plain.get(strip_letters(word), word)

    return WORD.sub(spell, question)


def strip_letters(word: str) -> str:
    """A word in plain small letters, an umlaut and the "e" that stands for it left out."""
    return DIGRAPHS.sub("", fold_letters(word))


def mirror_numbers(question: str, passage: str) -> str:
    """The question's numbers in the figures or words of the passage."""
    there = None
    for start, end, asked in reversed(find_quantities(question)):
        if question[start:end] in passage or abs(asked.value) < SMALLEST:
            continue
        there = find_quantities(passage) if there is None else there
        for first, last, said in there:
            if same_quantity(asked, said) and asked.dimension == said.dimension:
                question = question[:start] + passage[first:last] + question[end:]
                break
    return question


def mirror_initials(question: str, passage: str) -> str:
    """A name in full as its initials, or the other way round, where only that stands there."""
    for match in INITIALS.finditer(question):
        if not re.search(rf"\b{match.group()}\b", passage):
            names = (name.group() for name in IN_FULL.finditer(passage))
            name = next((name for name in names if initials_of(name) == match.group()), "")
            if name:
                return question[: match.start()] + name + question[match.end() :]
    for match in IN_FULL.finditer(question):
        short = initials_of(match.group())
        if len(short) > 2 and match.group() not in passage and re.search(rf"\b{short}\b", passage):
            return question[: match.start()] + short + question[match.end() :]
    return question


def initials_of(name: str) -> str:
    """The first letters of a name's words, small words aside."""
    return "".join(word[0] for word in name.split() if word not in SMALL).upper()
