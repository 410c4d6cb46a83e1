"""Records of JSONL become articles, or one clear sentence says why not."""

import json
from pathlib import Path

import pytest
from reading import STORY, read_all

from index import ArticleError
from index.articles.reading import article_from_record


def test_a_beir_record_gives_its_metadata() -> None:
    record = {
        "_id": "d1",
        "title": "Bridge  reopens",
        "text": STORY,
        "metadata": {"published": "2014-03-05T10:00:00Z", "source": "Example Herald"},
    }
    article = article_from_record(record, "/data/corpus.jsonl#d1")
    assert (article.id, article.title, article.text) == ("d1", "Bridge reopens", STORY)
    assert article.source == "Example Herald"
    assert article.published is not None
    assert (article.published.iso, article.published.origin) == ("2014-03-05", "metadata")
    assert article.location == "/data/corpus.jsonl#d1"


def test_a_record_of_id_and_contents() -> None:
    article = article_from_record({"id": 7, "contents": STORY}, "c.jsonl#7")
    assert (article.id, article.text) == ("7", STORY)
    assert article.title == (
        "The old bridge over the Elm was opened again on Wednesday, three weeks after the storm"
    )


def test_a_web_address_dates_a_record() -> None:
    record = {"_id": "a", "text": STORY, "metadata": {"url": "https://e.example/2014/03/05/elm"}}
    published = article_from_record(record, "a").published
    assert published is not None
    assert (published.iso, published.origin) == ("2014-03-05", "url")


def test_what_cannot_be_stored_is_replaced_and_keeps_offsets() -> None:
    article = article_from_record({"_id": "a", "text": "ab\ud800cd\x00ef, a text."}, "a")
    assert article.text == "ab\ufffdcd\ufffdef, a text."
    assert article.notes[0] == "Characters that cannot be stored were replaced."


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ({"text": "a"}, "no _id or id"),
        ({"_id": "", "text": "a"}, "no _id or id"),
        ({"_id": True, "text": "a"}, "no _id or id"),
        ({"_id": "a"}, "no text"),
        ({"_id": "a", "text": " \n"}, "no text"),
        ({"_id": "a", "text": 5}, "its text is of type int"),
        ({"_id": "a", "text": "b", "title": ["c"]}, "its title is of type list"),
    ],
)
def test_a_record_that_is_no_article(record: dict[str, object], said: str) -> None:
    with pytest.raises(ArticleError, match=said):
        article_from_record(record, "a")


def test_invalid_jsonl_names_the_line_and_the_others_are_added(tmp_path: Path) -> None:
    file = tmp_path / "corpus.jsonl"
    file.write_bytes(
        b'\xef\xbb\xbf{"_id": "d1", "text": "One."}\n'
        b"\n"
        b'{"_id": "d2", "text": \n'
        b"[1, 2]\n"
        b'{"_id": "d3", "text": "caf\xe9"}\n'
        b'{"_id": "d1", "text": "Again."}\n'
        b'{"_id": "d4", "text": "Four."}'
    )
    articles, skipped = read_all(file)
    assert [article.id for article in articles] == ["d1", "d4"]
    assert articles[0].location == f"{file}#d1"
    assert [item.reason.split(" of ")[0] for item in skipped] == [
        "Line 3",
        "Line 4",
        "Line 5",
        "Line 6",
    ]
    assert "not valid JSON" in skipped[0].reason
    assert "line 1 has the id 'd1' already" in skipped[3].reason


def test_a_line_above_the_limit_is_skipped_and_the_next_is_read(tmp_path: Path) -> None:
    file = tmp_path / "corpus.jsonl"
    long = json.dumps({"_id": "long", "text": "x" * 2_500_000})
    file.write_text(f'{long}\n{{"_id": "next", "text": "A text."}}\n')
    articles, skipped = read_all(file, max_file_mb=1)
    assert [article.id for article in articles] == ["next"]
    assert "longer than 1 MB" in skipped[0].reason


def test_a_file_of_another_shape_is_not_reported_line_by_line(tmp_path: Path) -> None:
    file = tmp_path / "log.jsonl"
    file.write_text("no json\n" * 1000)
    articles, skipped = read_all(file)
    assert articles == []
    assert len(skipped) == 101
    assert skipped[-1].reason.startswith("900 more lines")
