"""Asked about now, the answer of the latest article goes before older ones."""

import pytest

from index import Article, Hit, Passage, PublicationDate
from qa.reader.currency import asks_about_now, prefer_current
from qa.reader.evidence import Evidence
from qa.types import Span


def told(name: str, iso: str, score: float) -> Evidence:
    """Evidence that ``name`` is the mayor, in an article of the day."""
    text = f"{name} is the mayor of Harwick."
    published = PublicationDate(iso, "day", "dateline") if iso else None
    article = Article(f"{name}{iso}.txt", "Mayor", text, published=published)
    hit = Hit(Passage(1, article.id, 0, len(text), text), article, score, 1, {})
    return Evidence(hit, 0, len(text), score, Span(0, len(name), name, score))


OLD = told("Thomas Brandt", "2024-02-03", 0.9)
NEW = told("Elena Marsh", "2024-06-11", 0.8)
WEAK = told("Simon Okafor", "2025-01-01", 0.2)
UNDATED = told("Ada Brenn", "", 0.85)
YEARLESS = told("Ada Brenn", "--06-11", 0.85)


@pytest.mark.parametrize(
    "question",
    ["Who is the mayor of Harwick?", "who's the mayor", "Who runs Harwick these days?",
     "Who was elected and is mayor now?", "captain of the club at the moment?"],
)  # fmt: skip
def test_the_latest_article_answers_for_now(question: str) -> None:
    assert asks_about_now(question)
    first = prefer_current(question, [OLD, NEW, WEAK])[0]
    assert first is NEW


@pytest.mark.parametrize(
    "question",
    ["Who was the mayor of Harwick?", "Who won the election?", "Who is the former mayor?",
     "When is the vote?", "Who used to run Harwick?", "Who resigned?", "",
     "Did Marsh win?"],
)  # fmt: skip
def test_other_questions_keep_the_order(question: str) -> None:
    assert not asks_about_now(question)
    assert prefer_current(question, [OLD, NEW]) == [OLD, NEW]


@pytest.mark.parametrize(
    "evidence", [[OLD, UNDATED], [OLD, YEARLESS], [UNDATED, NEW], [], [NEW, OLD]]
)
def test_what_has_no_date_or_is_older_changes_nothing(evidence: list[Evidence]) -> None:
    assert prefer_current("Who is the mayor of Harwick?", evidence) == evidence


def test_articles_that_agree_count_by_their_newest() -> None:
    again = told("Thomas Brandt", "2025-03-03", 0.7)
    assert prefer_current("Who is the mayor of Harwick?", [OLD, NEW, again])[0] is OLD
