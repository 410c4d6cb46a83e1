"""A timeline is in order, tells once what reprints tell, and spells dates for people."""

import pytest

from index import Article, Hit, Passage
from qa.dates import make_timeline, spell_date


def test_a_timeline_is_in_order_and_opens_its_sentences():
    text = (
        "The mine opened in 1890. Its owners sold the mine on 3 May 1921 to a bank. "
        "The weather was fine in 1950. The mine closed in 1988."
    )
    article = Article(id="mine.txt", title="", text="Title\n\n" + text)
    passage = Passage(7, article.id, 7, 7 + len(text), text)
    entries = make_timeline("What happened to the mine?", [Hit(passage, article, 1.0, 1)] * 2)
    assert [entry.iso for entry in entries] == ["1890", "1921-05-03", "1988"]
    assert all(article.text[entry.start : entry.end] == entry.text for entry in entries)
    assert entries[1].text == "Its owners sold the mine on 3 May 1921 to a bank."
    assert {entry.passage for entry in entries} == {7}


def test_a_timeline_tells_once_what_reprints_tell_and_sorts_days_without_a_year():
    told = "The mine of Kell was flooded on 9 October after a week of rain."
    stories = {
        "daily.txt": f"{told} Nobody was hurt. The mine had opened in 1988 and closed twice.",
        "evening.txt": f"(Wire) {told} Pumps were sent. In 1988 a queen had opened the mine.",
        "memory.txt": "The mine of Kell burned on 3 February, said the museum.",
    }
    hits = [
        Hit(Passage(rank, name, 0, len(text), text), Article(name, "", text), 1.0, rank)
        for rank, (name, text) in enumerate(stories.items(), start=1)
    ]
    entries = make_timeline("What happened to the mine?", hits)
    assert [entry.iso for entry in entries][-2:] == ["--02-03", "--10-09"]
    assert (entries[-1].article, entries[-1].reprints) == ("daily.txt", ("evening.txt",))
    # What is told in other words is told by each.
    assert {entry.article for entry in entries if entry.iso == "1988"} >= {
        "daily.txt",
        "evening.txt",
    }


def test_a_timeline_quotes_long_sentences_whole():
    long = (
        "The mine, which Sen. Robert T. Miles had called the pride of a valley that for as long as "
        "anyone there could remember had lived by sheep, by wool, by the little that the woods "
        "gave and by what its sons sent home from the towns of the plain and the ports beyond "
        "it, closed in 1988."
    )
    text = f"Nobody was surprised. {long} A museum followed."
    passage = Passage(7, "mine.txt", 0, len(text), text)
    hit = Hit(passage, Article(id="mine.txt", title="", text=text), 1.0, 1)
    (entry,) = make_timeline("When was the mine closed?", [hit])
    assert entry.text == long


@pytest.mark.parametrize(
    ("iso", "spelled"),
    [
        ("2008-08-26", "26 August 2008"),
        ("--08-26", "26 August"),
        ("2013-12", "December 2013"),
        ("2010-22", "summer 2010"),
        ("199X", "the 1990s"),
        ("18XX", "the 19th century"),
        ("2008-08-07/2008-08-12", "7 August 2008 to 12 August 2008"),
    ],
)
def test_dates_are_spelled_for_people(iso, spelled):
    assert spell_date(iso) == spelled
