"""Articles made from the documents of data sets."""

import hashlib
from pathlib import Path

from index.types import Article


def make_article(name: str, title: str, text: str, path: Path, source: str = "") -> Article:
    """The document as an article; with a title, the text starts with it, as BEIR encodes it."""
    whole = f"{title}\n\n{text}" if title and not text.startswith(title) else text
    return Article(
        id=name,
        title=title,
        text=whole,
        source=source,
        digest=hashlib.sha256(whole.encode()).hexdigest(),
        location=f"{path}#{name}",
    )
