"""What is left out of a text."""

from index.pages.boilerplate import find_boilerplate
from index.types import Article


def make(text, title="", **more):
    return Article("a.txt", title, text, **more)


def removed(text, title="", repeated=(), **more):
    """The lines that are boilerplate."""
    return [
        text[item.start : item.end]
        for item in find_boilerplate(make(text, title, **more), repeated)
    ]
