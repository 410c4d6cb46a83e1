"""Articles made from the documents of data sets, as `dateline add` makes them from records.

One thing differs: a document without a title stays without one. The title that would be guessed
from its text would be encoded with it, and the figures would not be those of the field.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from index.articles.reading import article_from_record
from index.errors import ArticleError
from index.types import Article, SkippedFile


def make_document(record: Mapping[str, Any], location: str) -> Article | SkippedFile:
    """The article of a BEIR record; a record without any text is not searched."""
    title = str(record.get("title") or "")
    try:
        article = article_from_record(record, location)
    except ArticleError as error:
        return SkippedFile(location, str(error), failed=False)
    text_is_title = not str(record.get("text") or "").strip()
    return replace(article, title="" if text_is_title else " ".join(title.split()))
