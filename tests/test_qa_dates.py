"""Time expressions: found with exact offsets, resolved to EDTF, and no more than is known."""

from datetime import date
from pathlib import Path

import pytest
from evaluation import read_examples
from hypothesis import given
from hypothesis import strategies as st

from qa.dates import find_dates, read_bounds, read_precision
from qa.dates.edtf import is_date
from qa.evaluate.dates import score_dates

DATA = Path(__file__).parent / "data"


def isos(text: str, published: str | None = "2014-03-05") -> list[str]:
    return [span.iso for span in find_dates(text, published)]


def test_the_offsets_are_those_of_the_words():
    text = "Kosovo declared independence on 17 February 2008, in Pristina."
    (span,) = find_dates(text, None)
    assert (span.start, span.end, span.text) == (32, 48, "17 February 2008")
    assert text[span.start : span.end] == span.text
    assert (span.iso, span.precision) == ("2008-02-17", "day")


@pytest.mark.parametrize(
    ("text", "published", "expected"),
    [
        ("The treaty was signed last month.", "2008-09-17", ["2008-08"]),
        ("The ministry denied it on Wednesday.", "2008-02-27", ["2008-02-27"]),
        ("The ministry denied it on Thursday.", "2008-02-27", ["2008-02-21"]),
        ("The chamber will vote on Thursday.", "2008-02-27", ["2008-02-28"]),
        ("He met reporters late Friday.", "2008-09-27", ["2008-09-26"]),
        ("They met in late August.", "2014-10-02", ["2014-08-21/2014-08-31"]),
        ("Talks were held this week.", "2014-03-05", ["2014-03-03/2014-03-09"]),
        ("It began in the 1990s.", None, ["199X"]),
        ("It was built in the 19th century.", None, ["18XX"]),
        ("It burned in the summer of 2010.", None, ["2010-22"]),
        ("Sales fell in Q3 2012.", None, ["2012-07/2012-09"]),
    ],
)
def test_news_expressions_are_resolved_against_the_publication(text, published, expected):
    assert isos(text, published) == expected


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("MARCH 5TH, 2013", "2013-03-05"),
        ("5 march 2013", "2013-03-05"),
        ("the fifth of March, 2013", "2013-03-05"),
        ("5-Mar-2013", "2013-03-05"),
        ("5 March '98", "1998-03-05"),
        ("17.09.2008", "2008-09-17"),
        ("2008/09/17", "2008-09-17"),
        ("March 3, 4 and 5, 2008", "2008-03-03/2008-03-05"),
        ("August 26-28, 2008", "2008-08-26/2008-08-28"),
        ("28 February - 3 March 2013", "2013-02-28/2013-03-03"),
        ("June/July 2013", "2013-06/2013-07"),
        ("the second week of January 2013", "2013-01-08/2013-01-14"),
        ("the first Tuesday of November 2012", "2012-11-06"),
        ("the winter of 2013-14", "2013-24"),
        ("the XIX century", "18XX"),
        ("the night before last", "2014-03-03"),
        ("Tuesday last week", "2014-02-25"),
        ("late last year", "2013-09/2013-12"),
        ("in two years' time", "2016"),
    ],
)
def test_dates_are_read_in_many_styles(written, iso):
    assert isos(f"It was {written}, he said.") == [iso]


def test_a_day_without_a_year_takes_the_nearest_year_at_or_before_publication():
    assert isos("The fire broke out on December 20.") == ["2013-12-20"]


def test_a_day_that_is_still_to_come_takes_the_nearest_year_after():
    assert isos("The election will be held on May 25.") == ["2014-05-25"]


def test_without_the_year_of_publication_a_day_keeps_none():
    assert isos("On August 26 it was recognised.", "--09-27") == ["--08-26"]
    assert isos("On August 26 it was recognised.", None) == ["--08-26"]


def test_what_depends_on_an_unknown_publication_date_is_left_out():
    assert isos("It was signed yesterday, or last year, or on Friday.", None) == []


def test_the_end_of_february_of_an_unknown_year_is_not_guessed():
    assert isos("It rained yesterday.", "--03-01") == []
    assert isos("It rained yesterday.", "--03-02") == ["--03-01"]


def test_three_days_later_counts_from_the_date_before_it():
    text = "The cabinet was sworn in on 12 June 2011. Three days later a minister quit."
    assert isos(text, "2011-06-20") == ["2011-06-12", "2011-06-15"]


def test_three_days_later_without_a_date_before_it_is_none():
    assert isos("Three days later a minister quit.") == []


@pytest.mark.parametrize(
    ("text", "published", "expected"),
    [
        ("The cup runs June 8-14 in Lyon.", "2026-06-08", ["2026-06-08/2026-06-14"]),
        ("It takes place May 2-8 while the rest begins May 9.", "2022-05-02",
         ["2022-05-02/2022-05-08", "2022-05-09"]),
        ("It runs from Friday, Aug. 28, to Sunday, Aug. 30, in 2026.", "2026-03-11",
         ["2026-08-28/2026-08-30"]),
        ("Seats for the 2022 season go on sale Saturday, Nov. 20.", "2021-11-20",
         ["2022", "2021-11-20"]),
        ("Talks in Oslo failed on April 12.", "2026-04-07", ["2026-04-12"]),
        ("It appears in the June 6 report for May alone.", "2025-06-05",
         ["2025-06-06", "2025-05"]),
        ("In July, weeks before a scheduled vote, it collapsed.", "2017-11-30", ["2017-07"]),
        ("The recognition last month of both regions angered it.", "2008-09-27", ["2008-08"]),
        ("She spent her last month of service there.", "2008-09-27", []),
        ("The vote will be held in May.", "2025-06-05", ["2026-05"]),
        ("On Friday, buyers could see the watches.", "2015-04-13", ["2015-04-10"]),
        ("It lasted from August 7, 2008 to August 12.", "2013-08-05", ["2008-08-07/2008-08-12"]),
        ("It joined the 2024 campaign, he won the 2016 race at Euro 2020.", "2025-03-01",
         ["2024", "2016", "2020"]),
        ("It ran from December 28, 2007 to January 3.", "2008-12-05", ["2007-12-28/2008-01-03"]),
    ],
)  # fmt: skip
def test_the_year_that_fits_is_taken(text, published, expected):
    assert isos(text, published) == expected


def test_a_wrong_year_is_corrected_by_the_weekday():
    assert isos("Polling opens Saturday, June 25.", "2011-06-27") == ["2011-06-25"]


@pytest.mark.parametrize(
    "text",
    [
        "The letter is dated 31 February 2013.",
        "The form says 03/04/2013.",
        "The label reads 07/09/08.",
        "Operations were suspended for six months.",
        "The five-day war ended.",
        "Ministers may march on.",
        "She read the Sunday papers.",
        "He watches Monday Night Football.",
        "The Sunday Times broke the story.",
        "Some 2000 people and 2008 soldiers came.",
        "The guest in room 1998 called.",
        "The flight left at 1900 GMT.",
        "A second later, in the final second, he fell.",
        "Theresa May and April Jones sang.",
        "It opens every Sunday.",
        "It cost $1999.",
        "Call 555-2014.",
        "A man in his sixties.",
        "She plays the lead in the new “Halloween,” he said, in Halloween costumes.",
        "Today, few of them still smoke, and bread is dearer today than meat.",
        "It fades in the months after the flood.",
        "The form says 03/04/13.",
        "They won 6/4/10, the set 3-2 and the game 21/15/10.",
        "Version 10.04.12 runs on 10.12.14.15 and costs 10.12.",
        "Call 020 27-02-14 on 31/02/14.",
    ],
)
def test_what_only_looks_like_a_date_is_none(text):
    assert isos(text) == []


def test_the_notes_say_how_a_date_was_come_by():
    (span,) = find_dates("It fell on Friday.", "2014-03-05")
    assert span.iso == "2014-02-28"
    assert "before publication" in span.note


def test_a_time_of_day_and_zone_do_not_move_the_day():
    assert isos("It fell yesterday.", "2014-03-05T23:59:00-05:00") == ["2014-03-04"]
    assert isos("It fell at midnight on 2 March 2014, 00:00 GMT.") == ["2014-03-02"]


def test_an_unusable_publication_date_is_as_none():
    assert isos("It fell yesterday.", "2014-02-31") == []
    assert isos("It fell yesterday.", "last spring") == []


def test_dates_in_other_languages_are_read():
    text = (
        "26 августа 2008 года. Am 17. Februar 2008. Le 14 juillet 2013. El 12 de octubre de 2009."
    )
    assert isos(text) == ["2008-08-26", "2008-02-17", "2013-07-14", "2009-10-12"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The letter of 27/02/14 was read.", ["2014-02-27"]),
        ("The letter of 02/27/14 was read.", ["2014-02-27"]),
        ("He was born on 13/05/87.", ["1987-05-13"]),
        ("Das Urteil vom 02.03.08 gilt.", ["2008-03-02"]),
        ("Выборы прошли 02.03.08.", ["2008-03-02"]),
        ("Die Sitzung am 03/04/2013 fiel aus.", ["2013-04-03"]),
        ("It ran from 27/02/2013 to 03/04/2013.", ["2013-02-27", "2013-04-03"]),
        ("It ran from 02/27/2013 to 03/04/2013.", ["2013-02-27", "2013-03-04"]),
    ],
)
def test_numbers_are_dates_where_something_tells_which_is_the_day(text, expected):
    assert isos(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2008年8月26日，俄罗斯承认南奥塞梯独立。", ["2008-08-26"]),
        ("他2月27日在莫斯科说，2013年12月已经签署。", ["2014-02-27", "2013-12"]),
        ("2008년 8월 26일 러시아는 승인했다.", ["2008-08-26"]),
        ("اعترفت روسيا في 26 أغسطس 2008 باستقلالها.", ["2008-08-26"]),
        ("في ٢٦ آب/أغسطس ٢٠٠٨ ثم في تشرين الثاني 2013", ["2008-08-26", "2013-11"]),
        ("في 5 كانون الأول 2013", ["2013-12-05"]),
        ("وفي 27 فبراير قال", ["2014-02-27"]),
        ("13月45日 2008年13月1日 99 أغسطس 2008", []),
    ],
)
def test_dates_in_other_scripts_are_read(text, expected):
    assert isos(text) == expected


def test_german_days_of_months_spelled_as_in_english_are_whole():
    assert isos("Am 26. August 2008 erkannte Russland sie an.") == ["2008-08-26"]
    assert isos("Die Wahl vom 3. November 2013, bestätigt am 4. Dezember 2013.") == [
        "2013-11-03", "2013-12-04",
    ]  # fmt: skip
    assert isos("He won 12. April 2014 was better.") == ["2014-04"]


def test_other_languages_are_read_in_whole_dates_where_the_text_is_not_english():
    assert isos("Dňa 5 októbra 2013 zasadala vláda.") == ["2013-10-05"]
    assert isos("Dňa 5 októbra zasadala vláda.") == []
    assert isos("Buy 5 Mart 2013 and the other at 5 Mart 2014.") == ["2013", "2014"]


@pytest.mark.parametrize(("split", "least"), [("written", 0.97), ("held", 0.95), ("fresh", 0.95)])
def test_the_projects_own_expressions_are_exact(split, least):
    examples = read_examples("time_expressions.jsonl")
    scores = score_dates([item for item in examples if item["split"] == split])
    assert scores.metrics["expressions"] >= 80
    assert scores.metrics["expression_exact"] >= least, scores.wrong
    assert scores.metrics["expression_precision"] >= least, scores.wrong


PIECES = st.sampled_from(
    "on in the last next May March 31 30 29 February 2008 1990s ' , - – / . two weeks ago later "
    "Monday Friday early late mid year decade month day after before 9/11 Q3 winter августа 00:00 "
    "of from to between and quarter century 0000 9999 2100 99 --02-27 week weekend this that same "
    "Christmas à".split(" ")
)


@given(
    st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=25).map(" ".join)),
    st.one_of(
        st.none(),
        st.dates().map(date.isoformat),
        st.sampled_from(["--02-29", "--03-01", "2014", "2014-03", "0001-01-01", "9999-12-31", "x"]),
    ),
)
def test_on_any_text_the_spans_are_exact_apart_and_real(text, published):
    end = 0
    for span in find_dates(text, published):
        assert text[span.start : span.end] == span.text
        assert end <= span.start < span.end
        assert is_date(span.iso)
        assert span.precision == read_precision(span.iso)
        bounds = read_bounds(span.iso)
        assert bounds is None or bounds.first <= bounds.last
        end = span.end
