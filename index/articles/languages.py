"""The language of a text, by py3langid."""

import re
from functools import lru_cache
from typing import Any

_ENOUGH_LETTERS = 40
_JUDGED_CHARACTERS = 800


def detect_language(text: str) -> str:
    """The ISO 639-1 code of the language of ``text``; empty when there is too little of it.

    Judged by the first paragraphs, because menus and lists of links are often in other languages.
    """
    top = text[: 8 * _JUDGED_CHARACTERS]
    paragraphs = [line for line in re.split(r"[\r\n]+", top) if len(line) >= 60]
    sample = "\n".join(paragraphs)[:_JUDGED_CHARACTERS] or top[:_JUDGED_CHARACTERS]
    if sum(map(str.isalpha, sample)) < _ENOUGH_LETTERS:
        return ""
    language, _ = _identifier().classify(sample)
    return str(language)


@lru_cache(maxsize=1)
def _identifier() -> Any:  # noqa: ANN401 - py3langid has no types
    """The classifier, read from disk (about half a second) when it is first needed."""
    import py3langid

    py3langid.classify("ready")
    return py3langid
