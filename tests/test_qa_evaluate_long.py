"""Documents of a benchmark: whole as they come, but cut into passages where they are long."""

from collections.abc import Iterator

import pytest

from index import Article
from index.settings import Settings
from index.types import SkippedFile
from qa.evaluate.data.records import Corpus
from qa.evaluate.libraries import fit_settings


def make_corpus(*words: int, whole: bool = True) -> Corpus:
    def read() -> Iterator[Article | SkippedFile]:
        yield SkippedFile("empty", "it has no text", failed=False)
        for number, count in enumerate(words):
            yield Article(f"{number}", "", "word " * count)

    return Corpus("digest", read, whole=whole)


@pytest.mark.parametrize(
    ("corpus", "expected"),
    [
        (make_corpus(200, 300), 0),
        (make_corpus(100, 900), 90),
        (make_corpus(900, 700), 90),
        (make_corpus(20, whole=False), 90),
        (make_corpus(), 0),
        (Corpus("digest"), 90),
    ],
)
def test_documents_stay_whole_unless_they_are_long(corpus: Corpus, expected: int) -> None:
    assert fit_settings(corpus, Settings(passage_words=90)).passage_words == expected
