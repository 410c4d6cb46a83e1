"""What reading some paths gives, told apart."""

from pathlib import Path

from index import Article, SkippedFile
from index.articles.reading import read_articles

STORY = (
    "The old bridge over the Elm was opened again on Wednesday, three weeks after the storm.\n"
    "Engineers said that its piers had held. The mayor was the first to cross the river.\n"
)


def read_all(*paths: Path, **options: object) -> tuple[list[Article], list[SkippedFile]]:
    """The articles and the skipped files at ``paths``."""
    items = list(read_articles(list(paths), **options))  # type: ignore[arg-type]
    articles = [item for item in items if isinstance(item, Article)]
    return articles, [item for item in items if isinstance(item, SkippedFile)]


def only_failure(*paths: Path, **options: object) -> str:
    """The reason of the one file that failed, when nothing was read."""
    articles, skipped = read_all(*paths, **options)
    assert articles == []
    assert [item.failed for item in skipped] == [True]
    return skipped[0].reason
