"""Datelines and bylines give source and publication date, and the story's own dates do not."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.pages.provenance import complete_month_day, find_provenance, read_url_date
from index.text.written_dates import find_written_dates, parse_iso_date, parse_written_date
from index.types import PublicationDate

BODY = (
    "The old bridge over the Elm was opened again, three weeks after the storm of 2 April 2013.\n\n"
    "Engineers said that its piers had held. The mayor was the first to cross the river.\n"
)


def dated(text: str, **options: str) -> tuple[str, str]:
    """The date that is found in ``text`` and its origin; two empty strings without one."""
    published = find_provenance(text, **options).published
    return (published.iso, published.origin) if published else ("", "")


# --- datelines --------------------------------------------------------------------------------

DATELINES = [
    ("MOSCOW, February 27 (RIA Novosti) - ", "RIA Novosti", "--02-27"),
    ("UNITED NATIONS, September 27 (RIA Novosti) - ", "RIA Novosti", "--09-27"),
    ("MOSCOW (Reuters) -- ", "Reuters", ""),
    ("WASHINGTON (AP) — ", "AP", ""),
    ("MALAGA, Spain (AP) — ", "AP", ""),
    ("St. Petersburg, Fla. (AP) — ", "AP", ""),
    ("PARIS, Sept. 3, 2012 (AFP) – ", "AFP", "2012-09-03"),
    ("LONDON, 5 March 2014 — ", "", "2014-03-05"),
    ("TBILISI, Georgia, Aug. 26, 2008 -- ", "", "2008-08-26"),
    ("NEW YORK — ", "", ""),
    ("(CNN) -- ", "CNN", ""),
    ("(CNN)", "CNN", ""),
    ("CNN — \n\n", "CNN", ""),
    ("New York CNN Business — \n\n", "CNN Business", ""),
    ("London (CNN Business) ", "CNN Business", ""),
    ("ISLAMABAD, Pakistan (CNN) -- ", "CNN", ""),
    ("МОСКВА, 27 фев - РИА Новости. ", "РИА Новости", "--02-27"),
    ("МОСКВА, 27 февраля. /ТАСС/. ", "ТАСС", "--02-27"),
    ("МОСКВА, 27 февраля 2014 г. (Интерфакс) – ", "Интерфакс", "2014-02-27"),
    ("MOSCOW, March 5. /TASS/. ", "TASS", "--03-05"),
    ("MOSCOW. March 5 (Interfax) - ", "Interfax", "--03-05"),
    ("BEIJING, March 5 (Xinhua) -- ", "Xinhua", "--03-05"),
    ("SEOUL, Feb. 27 (Yonhap) -- ", "Yonhap", "--02-27"),
    ("TOKYO, March 5, Kyodo - ", "Kyodo", "--03-05"),
    ("NEW DELHI, Mar 5 (PTI) ", "PTI", "--03-05"),
    ("Sept 17 (Reuters) - ", "Reuters", "--09-17"),
    ("KYIV/MOSCOW, Feb 24 (Reuters) - ", "Reuters", "--02-24"),
    ("WASHINGTON, D.C., March 5, 2014 (AP) - ", "AP", "2014-03-05"),
    ("TALLINN, 5 March (BNS) - ", "BNS", "--03-05"),
    ("Berlin (dpa) - ", "dpa", ""),
    ("Berlin, 5. März 2014 (dpa) - ", "dpa", "2014-03-05"),
    ("PARIS, 3 septembre 2012 (AFP) - ", "AFP", "2012-09-03"),
    ("MADRID, 5 de marzo de 2014 (EFE).- ", "EFE", "2014-03-05"),
    ("NEW YORK, March 3, 2014 /PRNewswire/ -- ", "PRNewswire", "2014-03-03"),
    ("SAN FRANCISCO, March 03, 2014 (GLOBE NEWSWIRE) -- ", "GLOBE NEWSWIRE", "2014-03-03"),
    ("NEW YORK--(BUSINESS WIRE)--", "BUSINESS WIRE", ""),
    ("Elmham, TN (Grassroots Newswire) July 27, 2021 - ", "Grassroots Newswire", "2021-07-27"),
]


@pytest.mark.parametrize(("dateline", "source", "iso"), DATELINES)
def test_a_dateline_gives_agency_and_day(dateline: str, source: str, iso: str) -> None:
    found = find_provenance(f"Bridge reopens after storm\n\n{dateline}{BODY}")
    assert found.source == source
    assert (found.published.iso if found.published else "") == iso
    if found.published:
        assert found.published.origin == "dateline"


def test_a_dateline_without_a_year_stays_without_one() -> None:
    published = find_provenance(f"MOSCOW, February 27 (RIA Novosti) - {BODY}").published
    assert published == PublicationDate(
        "--02-27", "month-day", "dateline", 'dateline "MOSCOW, February 27 (RIA Novosti)"'
    )


def test_a_dateline_is_found_below_menu_headline_and_lead() -> None:
    top = "- Example International\nRussia\n\nBridge reopens after storm\n\nSubscribe\n" + BODY
    found = find_provenance(f"{top}ELMHAM, March 5 (Reuters) - {BODY}")
    assert found.source == "Reuters"
    assert found.published is not None
    assert found.published.iso == "--03-05"


def test_a_dateline_is_only_looked_for_near_the_top() -> None:
    assert find_provenance(f"{BODY * 12}\nMOSCOW, March 5, 2014 (Reuters) - {BODY}").source == ""


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_line_breaks_of_every_kind(line_break: str) -> None:
    text = f"Bridge reopens\n\nMOSCOW, March 5 (Reuters) - {BODY}".replace("\n", line_break)
    found = find_provenance(text).dateline
    assert found is not None
    assert text[found.start : found.end] == "MOSCOW, March 5 (Reuters) - "


@pytest.mark.parametrize(
    "text",
    [
        "Vladimir Putin (left) — as seen on Monday by those who were there.",
        "Apple (AAPL) - shares fell on Monday after the company had reported.",
        "The senator (D-Del.) - who was there - said so.",
        "March 5, 2014 was a dark day for the town and for all who lived there.",
        "On March 5, 2014 the war began. It ended a year later.",
        "GENEVA, 31 February 2014 — That day does not exist.",
        "Mr. May said that March was bad. He may 5 go.",
        "June 28, 1910 — Joe Tinker stole home twice in one game.\n\n"
        "June 28, 1919 — Carl Mays won two games, and lost none of them.",
        "The battle of 5 March 2014\n\nwas the last one of that war, as far as we know.",
        "What happened\n\n5 March 2014\n\n6 March 2014\n\n7 March 2014\n\nIn the end, nothing.",
    ],
)
def test_a_date_that_the_story_tells_is_not_its_date(text: str) -> None:
    assert dated(f"{BODY}\n{text}\n\n{BODY}") == ("", "")


@pytest.mark.parametrize(
    "text",
    [
        "Final: game day\n\nWhen: April 18, 2019\n\n",
        "The recalled cars\n\nDate: October 27, 2015\n\nRecap: all went well.\n\n",
        "Winning Numbers July 4, 2026\n\n",
        "Sept. 22\n\nConcert in the park\n\nSept. 23\n\n",
        "June 28\n\n",
    ],
)
def test_the_day_of_an_event_is_not_the_day_of_publication(text: str) -> None:
    assert dated(f"{BODY}\n{text}{BODY}") == ("", "")


# --- bylines ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "iso"),
    [
        ("Published: 12 May 2015", "2015-05-12"),
        ("Published on 12 May 2015 at 10:30 GMT", "2015-05-12"),
        ("Updated 3:14 PM ET, Tue March 3, 2020", "2020-03-03"),
        ("March 4, 2021 / 5:11 PM / CBS News", "2021-03-04"),
        ("Posted on March 5, 2014 by admin", "2014-03-05"),
        ("Feb. 9, 2025 Updated Feb. 10, 2025, 10:07 a.m. ET", "2025-02-09"),
        ("Published 5:11 p.m. ET March 4, 2021 | Updated 6:00 p.m. ET March 5, 2021", "2021-03-04"),
        ("Updated: 6 March 2014. Published: 5 March 2014", "2014-03-05"),
        ("Wed 5 Mar 2014 12.30 GMT", "2014-03-05"),
        ("By JOHN SMITH | AP | March 5, 2014", "2014-03-05"),
        ("By Jane Doe, CNN, 5 March 2014", "2014-03-05"),
        ("2014-03-05", "2014-03-05"),
        ("2014-03-05T23:30:00-05:00", "2014-03-05"),
        ("05.03.2014, 12:30", "2014-03-05"),
        ("12/25/2014 09:30 AM EST", "2014-12-25"),
        ("25/12/2014", "2014-12-25"),
        ("03/04/2020", "2020"),
        ("Originally published 2/15/18.", "2018-02-15"),
        ("Published time: 20 Dec, 2013 14:13", "2013-12-20"),
        ("Edited time: December 20, 2013 16:41", "2013-12-20"),
        ("News.com | Published 5 Mar, 2014 10:11 | Updated 6 Mar, 2014", "2014-03-05"),
        ("Stand: 24.06.2021, 17:30 Uhr", "2021-06-24"),
        ("Veröffentlicht am 5. März 2014", "2014-03-05"),
        ("Publié le 3 septembre 2012 à 10h30", "2012-09-03"),
        ("Опубликовано 5 марта 2014, 12:30", "2014-03-05"),
        ("5 марта 2014, 12:30", "2014-03-05"),
        ("2014年3月5日", "2014-03-05"),
        ("Tbilisi, 26 August 2008", "2008-08-26"),
        ("Thu, 05 Mar 2014 10:00:00 +0000", "2014-03-05"),
        ("March 2014", "2014-03"),
        ("Published: 31 February 2014", ""),
        ("Published: 5 March 14", ""),
        ("Published: 5 March 2997", ""),
        ("26 Aug.'08 / 15:30", ""),
    ],
)
def test_a_line_of_its_own_gives_the_date(line: str, iso: str) -> None:
    assert dated(f"Bridge reopens after storm\n{line}\n\n{BODY}") == (iso, "byline" if iso else "")


def test_a_date_that_can_be_read_two_ways_says_so() -> None:
    published = find_provenance(f"Bridge reopens\n03/04/2020\n\n{BODY}").published
    assert published is not None
    assert published.precision == "year"
    assert "either way round" in published.note


@pytest.mark.parametrize(
    ("top", "source"),
    [
        ("By Jane Doe, CNN", "CNN"),
        ("By Jane Doe\nBBC News, Moscow", "BBC News"),
        ("Jane Doe | Milwaukee Journal Sentinel", "Milwaukee Journal Sentinel"),
        ("Jane Doe, USA TODAY", "USA TODAY"),
        ("Jane Doe\n\nThe Elmham Gazette", "The Elmham Gazette"),
        ("AP", "AP"),
        ("Jane Doe\n\nThe Elmham-Ledger", "The Elmham-Ledger"),
        ("Jane Doe\n\nSpecial to The Elmham Gazette", "The Elmham Gazette"),
        ("March 4, 2021 / 5:11 PM / CBS News", "CBS News"),
        ("- Sputnik International\nRussia", "Sputnik International"),
        ("By Jane Doe, Senior Staff Writer", ""),
        ("Breaking News", ""),
        ("Latest News\nWorld News", ""),
    ],
)
def test_a_byline_gives_the_outlet(top: str, source: str) -> None:
    assert find_provenance(f"{top}\n\n{BODY}").source == source


def test_the_agency_goes_before_the_outlet_and_the_outlet_before_the_site() -> None:
    byline = f"By Jane Doe, CNN\n\n{BODY}"
    assert find_provenance(byline, site="Example Herald").source == "CNN"
    assert find_provenance(BODY, site="Example Herald").source == "Example Herald"
    agency = f"By Jane Doe, CNN\n\nMOSCOW (Reuters) - {BODY}"
    assert find_provenance(agency, site="Example Herald").source == "Reuters"


# --- joining ----------------------------------------------------------------------------------


def test_a_partial_dateline_takes_its_year_from_a_date_line_of_the_same_days() -> None:
    story = f"MOSCOW, February 27 (RIA Novosti) - {BODY}"
    assert dated(f"Published: 28 February 2008\n{story}") == ("2008-02-27", "dateline")
    assert dated(story, url="https://e.example/2008/02/27/bridge") == ("2008-02-27", "dateline")
    note = find_provenance(f"Published: 28 February 2008\n{story}").published
    assert note is not None
    assert "the year from" in note.note


def test_a_partial_dateline_takes_no_year_from_a_date_far_from_it() -> None:
    story = f"MOSCOW, February 27 (RIA Novosti) - {BODY}"
    assert dated(f"Updated: 5 October 2019\n{story}") == ("--02-27", "dateline")


def test_a_year_can_turn_between_dateline_and_publication() -> None:
    january = PublicationDate("2009-01-01", "day", "byline")
    assert complete_month_day("--12-31", january) == "2008-12-31"
    assert complete_month_day("--02-29", PublicationDate("2009-02", "month", "url")) == ""


@pytest.mark.parametrize(
    ("url", "iso"),
    [
        ("https://e.example/2014/03/05/bridge", "2014-03-05"),
        ("https://e.example/2014/mar/05/bridge", "2014-03-05"),
        ("https://e.example/news/2014-03-05-bridge.html", "2014-03-05"),
        ("https://e.example/news/20140305/bridge.html", "2014-03-05"),
        ("https://e.example/2014/03/bridge", "2014-03"),
        ("https://e.example/2014/13/05/bridge", ""),
        ("https://e.example/a/201403051234", ""),
        ("https://e.example/2999/03/05/bridge", ""),
        ("", ""),
    ],
)
def test_a_web_address_can_hold_the_date(url: str, iso: str) -> None:
    found = read_url_date(url)
    assert (found.iso if found else "") == iso
    assert found is None or found.origin == "url"


# --- written dates ----------------------------------------------------------------------------

MONTHS = "January February March April May June July August September October November December"


@given(st.dates(min_value=date(1700, 1, 1), max_value=date(2099, 12, 31)))
def test_every_day_is_read_in_every_form(day: date) -> None:
    year, month, number = day.year, day.month, day.day
    name = MONTHS.split()[month - 1]
    for written in (
        f"{number} {name} {year}",
        f"{name} {number}, {year}",
        f"{name[:3]}. {number}, {year}",
        f"{year}-{month:02}-{number:02}",
        f"{number:02}.{month:02}.{year}",
    ):
        assert parse_written_date(written) == (str(day), "day")


@given(st.text(alphabet="0123456789 ./-,MarchMay5thфевраль年月日:\n", max_size=60))
def test_found_dates_are_slices_and_possible_days(text: str) -> None:
    end = 0
    for found in find_written_dates(text):
        assert end <= found.start < found.end <= len(text)
        end = found.end
        assert re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?|--\d\d-\d\d", found.iso)
        assert parse_iso_date(found.iso) == (found.iso, found.precision)


@pytest.mark.parametrize(
    "text",
    [
        "2014-02-30",
        "30 February",
        "31.02.2014",
        "you may 5",
        "march 5",
        "13/13/2014",
        "6/4/10",
        "2/30/18",
    ],
)
def test_what_is_no_date_is_not_read(text: str) -> None:
    assert list(find_written_dates(text)) == []


@given(st.text(max_size=300))
def test_any_text_has_a_provenance(text: str) -> None:
    found = find_provenance(text)
    if found.dateline is not None:
        assert 0 <= found.dateline.start < found.dateline.end <= len(text)


# --- what scraping does to a date line ----------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "iso"),
    [
        ("March 23, 20232:14 PM GMT+1Updated 2 years ago", "2023-03-23"),
        ("23 March 202311:05 GMT", "2023-03-23"),
        ("9 سبتمبر/أيلول 2023", "2023-09-09"),
        ("9 سبتمبر 2023", "2023-09-09"),
        ("2023-05-30 09:45 来源：新华社", "2023-05-30"),
    ],
)
def test_a_date_line_is_read_as_pages_give_it(line: str, iso: str) -> None:
    assert dated(f"The bridge is open again\n{line}\n\n{BODY}") == (iso, "byline")


def test_a_year_that_runs_into_a_time_dates_a_dateline() -> None:
    text = f"March 23, 20232:14 PM GMT+1Updated 2 years ago\n\nMarch 23 (Reuters) - {BODY}"
    assert dated(text) == ("2023-03-23", "dateline")


@pytest.mark.parametrize("number", ["March 23, 20235", "March 23, 20231:5", "March 23, 2023:14"])
def test_a_longer_number_is_no_year(number: str) -> None:
    assert "2023" not in " ".join(found.iso for found in find_written_dates(number))


@pytest.mark.parametrize(
    ("file", "found"),
    [
        ("2021-03-05 Mill fire.txt", ("2021-03-05", "file")),
        ("20210306_Mill-fire.md", ("2021-03-06", "file")),
        ("courier_2021-03-07.html", ("2021-03-07", "file")),
        ("2021-03 report.txt", ("", "")),
        ("1234567890.txt", ("", "")),
        ("2021-13-45.txt", ("", "")),
    ],
)
def test_a_file_name_can_hold_the_date(file: str, found: tuple[str, str]) -> None:
    assert dated(BODY, file=file) == found


def test_a_file_name_gives_way_to_the_text_and_lends_a_dateline_its_year() -> None:
    story = "TARN, March 5 (Coast) - " + BODY
    assert dated(story, file="2021-03-06_mill.txt") == ("2021-03-05", "dateline")
    assert dated(story, file="2023-08-06_mill.txt")[0] == "--03-05"
    published = "Published: 4 March 2021\n\n" + BODY
    assert dated(published, file="2023-08-06_mill.txt") == ("2021-03-04", "byline")
