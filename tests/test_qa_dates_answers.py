"""When-questions: which dates are joined and which never are."""

from pathlib import Path

import pytest
from evaluation import read_examples
from hypothesis import given
from hypothesis import strategies as st

from index import Article, PublicationDate
from qa.dates import (
    DatedEvidence,
    answer_date,
    are_compatible,
    complete_year,
    join_dates,
    read_bounds,
)
from qa.evaluate.dates import score_publications

DATA = Path(__file__).parent / "data"
SEEDS = Path(__file__).parent.parent / "seeds"
RECOGNIZED = "When did Russia recognize South Ossetia?"


def evidence(text: str, answer: str = "", published: str | None = None) -> DatedEvidence:
    start = text.find(answer) if answer else 0
    return DatedEvidence(text, published, start, start + len(answer))


@pytest.fixture(scope="module")
def seeds() -> dict[str, Article]:
    datelines = {"000": "--02-27", "003": "--09-27"}
    return {
        path.name[:3]: Article(
            id=path.name,
            title="",
            text=path.read_text("utf-8"),
            published=PublicationDate(datelines[path.name[:3]], "month-day", "dateline", "dateline")
            if path.name[:3] in datelines
            else None,
        )
        for path in SEEDS.glob("*.txt")
    }


def test_a_day_and_a_year_of_two_articles_are_joined_and_each_is_cited(seeds):
    first = seeds["003"].text[700:1200]
    other = seeds["001"].text[1800:2200]
    joined = answer_date(
        RECOGNIZED, [evidence(first, "August 26", "--09-27"), evidence(other, "August 2008")]
    )
    assert joined is not None
    assert (joined.iso, joined.precision) == ("2008-08-26", "day")
    assert joined.evidence == (0, 1)
    assert [item.part for item in joined.support] == ["day and month", "year"]
    assert [item.text for item in joined.support] == ["August 26", "August 2008"]
    assert "August 26" in joined.note
    assert "August 2008" in joined.note


def test_the_passage_that_lends_the_year_needs_no_answer_of_its_own(seeds):
    first, other = seeds["003"].text[700:1200], seeds["004"].text[2700:3260]
    joined = answer_date(RECOGNIZED, [evidence(first, "August 26", "--09-27"), evidence(other)])
    assert joined is not None
    assert joined.iso == "2008-08-26"
    assert joined.evidence == (0, 1)


def test_a_year_told_of_another_matter_is_not_joined():
    joined = answer_date(
        RECOGNIZED,
        [
            evidence("On August 26 Russia recognized South Ossetia.", "August 26"),
            evidence("Russia annexed Crimea in 2014.", "2014"),
        ],
    )
    assert joined is not None
    assert joined.iso == "--08-26"
    assert joined.evidence == (0,)


def test_incompatible_dates_are_never_joined():
    joined = answer_date(
        RECOGNIZED,
        [
            evidence("On August 26 Russia recognized South Ossetia.", "August 26"),
            evidence("Russia recognized South Ossetia in September 2008.", "September 2008"),
        ],
    )
    assert joined is not None
    assert joined.iso == "--08-26"


def test_two_years_that_are_as_likely_leave_the_year_open():
    joined = answer_date(
        RECOGNIZED,
        [
            evidence("On August 26 Russia recognized South Ossetia.", "August 26"),
            evidence("Russia recognized South Ossetia in 2008.", "2008"),
            evidence("Russia recognized South Ossetia in 2009.", "2009"),
        ],
    )
    assert joined is not None
    assert joined.iso == "--08-26"


def test_a_year_is_made_more_precise_by_another_answer():
    joined = answer_date(
        RECOGNIZED,
        [
            evidence("Russia recognized South Ossetia in 2008.", "2008"),
            evidence("Russia recognized South Ossetia on 26 August 2008.", "26 August 2008"),
        ],
    )
    assert joined is not None
    assert joined.iso == "2008-08-26"
    assert joined.evidence == (0, 1)


@pytest.mark.parametrize(
    ("question", "answer", "other", "iso"),
    [
        (
            "When was the bridge over the Sarn destroyed?",
            "The bridge over the Sarn was destroyed on «3 June».",
            "The bridge over the Sarn, destroyed in 1999, was rebuilt in 2004.",
            "1999-06-03",
        ),
        (
            "When was the bridge over the Sarn rebuilt?",
            "The bridge over the Sarn was rebuilt in «May».",
            "The bridge over the Sarn, destroyed in 1999, was rebuilt in 2004.",
            "2004-05",
        ),
        (
            "When did the two presidents meet?",
            "The two presidents met on «August 26».",
            "The two presidents met in August 2009 in Minsk, and again in 2012.",
            "2009-08-26",
        ),
        (
            "When did Arno become president?",
            "Arno became president «two days later».",
            "Arno became president on 12 May 1999.",
            "1999-05-12",
        ),
        (
            "When did the union win the vote?",
            "The union won the vote on «9 May».",
            "The union lost the vote in 1984.",
            "--05-09",
        ),
    ],
)
def test_of_two_years_that_of_what_is_asked_is_taken(question, answer, other, iso):
    text = answer.replace("«", "").replace("»", "")
    pieces = [
        DatedEvidence(text, None, answer.index("«"), answer.index("»") - 1, "a.txt"),
        DatedEvidence(other, article="b.txt"),
    ]
    joined = answer_date(question, pieces)
    assert joined
    assert joined.iso == iso


def test_a_date_of_another_matter_is_not_taken_where_the_answer_has_none():
    pieces = [
        evidence("Captain Joseph Abara was detained last month.", "last month"),
        evidence("TURIN, December 6, 2007 - A fire broke out at the works.", "December 6, 2007"),
    ]
    assert answer_date("When was captain Joseph Abara detained?", pieces) is None
    told = evidence("Police detained captain Joseph Abara on May 3, 2010.", "May 3, 2010")
    joined = answer_date("When was captain Joseph Abara detained?", [*pieces, told])
    assert joined is not None
    assert (joined.iso, joined.evidence) == ("2010-05-03", (2,))


def test_no_date_in_the_evidence_is_no_answer():
    assert answer_date(RECOGNIZED, [evidence("Russia recognized it.", "recognized")]) is None
    assert answer_date(RECOGNIZED, []) is None


def test_the_year_of_a_dateline_is_completed_from_the_library_and_says_why(seeds):
    article = seeds["000"]
    others = [other for other in seeds.values() if other is not article]
    published = complete_year(article.published, article.text, others)
    assert published is not None
    assert (published.iso, published.origin) == ("2008-02-27", "inferred")
    assert "2008" in published.note
    start = article.text.index("February 17")
    dated = DatedEvidence(article.text, published, start, start + 11, article.id)
    answer = answer_date("When did Kosovo declare its independence?", [dated])
    assert answer is not None
    assert answer.iso == "2008-02-17"
    assert "appeared" in answer.note


def test_a_dateline_that_nothing_completes_stays_without_year_and_says_so():
    partial = PublicationDate("--08-14", "month-day", "dateline", "dateline")
    left = complete_year(partial, "HARBOUR TOWN, August 14 - The ferry sailed late.", [])
    assert left is not None
    assert (left.iso, left.origin) == ("--08-14", "dateline")
    assert "left open" in left.note


def test_a_date_with_a_year_is_not_touched():
    whole = PublicationDate("2014-03-05", "day", "metadata")
    assert complete_year(whole, "On 1 May 2001.", []) is whole
    assert complete_year(None, "On 1 May 2001.", []) is None


def test_the_projects_own_datelines_are_read_and_completed():
    scores = score_publications(read_examples("datelines.jsonl"))
    assert scores.metrics["articles"] >= 60
    assert scores.metrics["publication_exact"] >= 0.95, scores.wrong


@pytest.mark.parametrize(
    ("one", "other", "joined"),
    [
        ("--08-26", "2008-08", "2008-08-26"),
        ("2008", "--08-26", "2008-08-26"),
        ("--08-26", "2008-09", None),
        ("--08-26", "200X", None),
        ("2008", "2008-08-26", "2008-08-26"),
        ("2008", "2009-08-26", None),
        ("--02-29", "2007", None),
        ("2008-03-31/2008-04-06", "2008-04", None),
    ],
)
def test_dates_are_joined_only_when_one_holds_the_other(one, other, joined):
    assert join_dates(one, other) == joined
    assert join_dates(other, one) == joined


DATES = st.one_of(
    st.dates().map(lambda day: day.isoformat()),
    st.dates().map(lambda day: day.isoformat()[:7]),
    st.dates().map(lambda day: day.isoformat()[:4]),
    st.dates().map(lambda day: f"-{day.isoformat()[4:]}"),
)


@given(DATES, DATES)
def test_a_joined_date_is_compatible_with_both_and_no_longer(one, other):
    joined = join_dates(one, other)
    assert joined == join_dates(other, one)
    if joined is None:
        return
    assert are_compatible(joined, one)
    assert are_compatible(joined, other)
    bounds = read_bounds(joined)
    for part in (read_bounds(one), read_bounds(other)):
        assert part is None or (bounds is not None and part.holds(bounds))
