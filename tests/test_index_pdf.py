"""The text of a PDF stands in the order in which people read it, in whole sentences."""

import json
import zlib
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path

import pytest
from drawn_pdf import Shown, draw_pdf, set_lines
from hypothesis import given
from hypothesis import strategies as st

from index import Article, ArticleError
from index.articles.pdf import Piece, join_pages
from index.articles.reading import read_file
from index.passages import split_article
from qa.chat.quotes import format_bibtex, format_plain
from qa.output.export import conversation_to_html, conversation_to_markdown
from qa.output.render import answer_to_dict, describe_article
from qa.types import Answer, Citation

LEFT = [
    "Ministers met in Velmora on Friday to",
    "settle the dispute over the northern",
    "channel. The talks, led by Admiral Juno",
    "Sarkis, ended with a truce.",
]
RIGHT = [
    "The orchard growers of the north have",
    "reported the poorest harvest for years.",
    "Frost in April destroyed two thirds of",
    "the blossom, the guild said.",
]

Read = Callable[[Sequence[Sequence[Shown]]], Article]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Draw a PDF and read it."""

    def read_drawn(pages: Sequence[Sequence[Shown]]) -> Article:
        (tmp_path / "a.pdf").write_bytes(draw_pdf(pages))
        return read_file(tmp_path / "a.pdf")

    return read_drawn


def set_pieces(lines: Sequence[str], left: float = 50, top: float = 700) -> list[Piece]:
    """Lines under one another in letters that are all 5 points wide."""
    tops = [top - 12 * row for row in range(len(lines))]
    return [
        Piece(line, left, above - 10, left + 5 * len(line), above, line=1000 - int(above))
        for line, above in zip(lines, tops, strict=True)
    ]


def join(*pages: Sequence[str]) -> list[str]:
    return join_pages([set_pieces(page) for page in pages])[0].split("\n\n")


def test_columns_are_read_one_after_the_other_however_they_were_drawn(read: Read) -> None:
    head = [(50.0, 740.0, "The Coastline Review of the Provinces of the North and of the South")]
    left, right = set_lines(LEFT), set_lines(RIGHT, left=250)
    by_rows = [*head, *chain.from_iterable(zip(left, right, strict=True))]
    for drawn in (by_rows, [*head, *left, *right], [*right, *left, *head]):
        text = read([drawn]).text
        assert " ".join(LEFT) in text
        assert " ".join(RIGHT) in text
        assert text.index(LEFT[0]) < text.index(RIGHT[0])


def test_a_sentence_goes_on_in_the_next_column(read: Read) -> None:
    left, right = set_lines(LEFT[:3]), set_lines([LEFT[3], *RIGHT], left=250)
    rows = chain.from_iterable(zip(left, right, strict=False))
    assert " ".join(LEFT) in read([[*rows, *right[3:]]]).text


def test_a_table_is_read_row_by_row(read: Read) -> None:
    rows = [("Norwick", "12 crowns"), ("Tarn", "9 crowns"), ("Velmora", "31 crowns")]
    drawn = [
        (left, 700.0 - 12 * number, cell)
        for number, row in enumerate(rows)
        for left, cell in zip((50.0, 250.0), row, strict=True)
    ]
    assert read([drawn]).text.split("\n\n") == [" ".join(row) for row in rows]


def test_the_lines_of_a_paragraph_are_joined() -> None:
    assert join(
        [
            "The bridge over the river was opened again on",
            "Wednesday, three weeks after the storm that closed",
            "it to traffic.",
            "The mayor of the town was the first to go across,",
            "and others followed.",
        ]
    ) == [
        "The bridge over the river was opened again on Wednesday, three weeks after the storm that "
        "closed it to traffic.",
        "The mayor of the town was the first to go across, and others followed.",
    ]


def test_a_paragraph_ends_at_a_gap_and_at_an_indent() -> None:
    full = "The bridge over the river was opened again today."
    apart = set_pieces([full]) + set_pieces([full, full], top=660)
    assert join_pages([apart])[0].split("\n\n") == [full, f"{full} {full}"]
    lines = set_pieces([full, full, full])
    indented = [line._replace(left=line.left + 10 * (row == 2)) for row, line in enumerate(lines)]
    assert join_pages([indented])[0].split("\n\n") == [f"{full} {full}", full]


def test_the_items_of_a_list_stay_apart() -> None:
    items = ["• the harbour, its piers and its lighthouse", "• the tram line, and the bridges"]
    assert join(items) == items


def test_a_word_that_was_divided_is_whole() -> None:
    lines = ["The council put her in charge of the recon-", "struction of the bridge in Norwick."]
    assert join(lines) == [
        "The council put her in charge of the reconstruction of the bridge in Norwick."
    ]
    soft = [line.replace("recon-", "recon\u00ad") for line in lines]
    assert "the reconstruction" in join(soft)[0]


def test_a_compound_keeps_its_hyphen() -> None:
    lines = [
        "A well-known judge met another who was well-",
        "known, and with both of them the Franco-",
    ]
    assert "was well-known, and with both of them the Franco-German" in join([*lines, "German."])[0]


def test_where_words_are_not_divided_a_hyphen_is_the_writers() -> None:
    plain = ["The council met in the old hall and heard a long speech."] * 40
    told = join([*plain, "It was said of the envoy to Tarn that she was self-", "made."])
    assert told[-1].endswith("she was self-made.")


def test_a_sentence_goes_on_over_a_page_and_its_running_heads(read: Read) -> None:
    first = "The plan to close the road passed on Tuesday, after a debate of the council and its"
    second = "transport committee, which had worked on it since the spring of the last year."
    head = "Tuesday 5 March 2024"
    article = read(
        [
            [(50, 760, head), (50, 700, body), (50, 30, f"Page {number}")]
            for number, body in enumerate((first, second), start=1)
        ]
    )
    assert article.text == f"{first} {second}"
    assert article.pages == (0, len(first) + 1)
    assert article.published is not None
    assert article.published.iso == "2024-03-05"


def test_the_address_that_a_browser_prints_gives_the_date(read: Read) -> None:
    foot = "https://www.coastline.example/2021/03/05/mill-fire"
    story = "Nine people were hurt in the fire of the old mill in Tarn."
    pages = [[(50.0, 700.0, story)], [(50.0, 700.0, "The mill had stood empty since 1988.")]]
    article = read([[*page, (50, 30, f"{foot} {n}/2")] for n, page in enumerate(pages, start=1)])
    assert article.published is not None
    assert (article.published.iso, article.published.origin) == ("2021-03-05", "url")
    assert foot not in article.text


def test_pages_that_are_all_alike_keep_their_text() -> None:
    assert join(["The same."], ["The same."]) == ["The same.", "The same."]


@given(st.lists(st.lists(st.text(alphabet="ab-.A\u00ad", min_size=1, max_size=60)), max_size=5))
def test_every_page_starts_where_it_is_said_to(pages: list[list[str]]) -> None:
    text, starts, heads = join_pages([set_pieces(page) for page in pages])
    assert len(starts) == len(pages)
    assert list(starts) == sorted(starts)
    if heads:
        return
    for start, page in zip(starts, pages, strict=True):
        letters = [letter for letter in "".join(page) if letter in "abA"]
        if letters:
            assert next(x for x in text[start:] if x in "abA") == letters[0]


def test_a_page_without_text_is_named(read: Read) -> None:
    article = read([[(50, 700, "The council met.")], [], [(50, 700, "It closed at nine.")]])
    assert article.notes[0] == "1 pages have no text: 2."


def test_a_file_that_unpacks_to_more_than_may_be_read_is_refused(tmp_path: Path) -> None:
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * (1 << 20)) for _ in range(2048)) + packer.flush()
    head, _, tail = draw_pdf([[]]).partition(
        b"<< /Length 15 >>\nstream\nBT /F1 10 Tf ET\nendstream"
    )
    stream = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream"
    (tmp_path / "a.pdf").write_bytes(head + stream % (len(packed), packed) + tail)
    with pytest.raises(ArticleError, match="takes more than two minutes or 2 GB"):
        read_file(tmp_path / "a.pdf")


def test_the_page_stands_with_every_citation(read: Read) -> None:
    sold = "The lighthouse was sold for 310 crowns to Piet Aldan."
    article = read([set_lines(["The harbour has two piers."]), set_lines([sold])])
    start = article.text.index(sold)
    (passage,) = split_article(article, words=0)
    citation = Citation(1, article, passage, sold, start, start + len(sold))
    answer = Answer("Who bought it?", "answered", "Piet Aldan", 0.9, citations=(citation,))
    told = answer_to_dict(answer)
    assert told["citations"][0]["page"] == 2
    assert describe_article(article, start).endswith("a.pdf · page 2")
    assert format_plain(article, sold, start).endswith("page 2")
    assert "pages = {2}" in format_bibtex(article, sold, start)
    talk = {"title": "", "turns": [{"asked": "", "answer": json.loads(json.dumps(told))}]}
    for written in (conversation_to_markdown(talk), conversation_to_html(talk)):  # type: ignore[arg-type]
        assert "page 2" in written


def test_an_article_without_pages_is_cited_without_one() -> None:
    article = Article("a.txt", "The road", "The road was closed.")
    assert article.page_at(0) is None
    assert describe_article(article, 0) == "a.txt"
