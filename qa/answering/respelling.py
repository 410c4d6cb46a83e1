"""A question's misspelt words, and names as others write them, as the articles have them."""

import re

from index import Library

WORD = re.compile(r"\w+")


def respell_question(question: str, library: Library) -> tuple[str, str]:
    """The question in the articles' spelling, and a note of what was read as what; empty if none.

    Only words are changed that no passage has, and no dictionary.
    """
    written = library.respell(question)
    changed: dict[str, str] = {}

    def spell(match: re.Match[str]) -> str:
        other = written.get(match.group().lower())
        if other:
            changed[match.group()] = other
        return other or match.group()

    spelled = WORD.sub(spell, question)
    read = ", ".join(f"“{word}” as “{other}”" for word, other in changed.items())
    return spelled, f"Read {read}, as your articles write it." if read else ""
