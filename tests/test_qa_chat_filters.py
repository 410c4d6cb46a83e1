"""The chat's filters: from a form to ``Filters``, to words, and what cannot be used."""

import pytest

from index import ArticleSummary, Filters, QuestionError
from qa.chat.filters import (
    describe_filters,
    label_filters,
    list_languages,
    list_sources,
    note_filters,
    read_filters,
)


def test_an_empty_form_admits_every_article() -> None:
    assert read_filters("", "  ", None, []).is_empty
    assert note_filters(read_filters()) == ()


def test_dates_and_prefixes_of_dates_are_taken() -> None:
    filters = read_filters(" 2008 ", "2008-09-17", ["NTB", "NTB", " "], ["en"])
    assert filters == Filters("2008", "2008-09-17", ("NTB",), ("en",))
    assert read_filters("2008-09", "2008").published_before == "2008"


def test_one_name_is_not_taken_for_its_letters() -> None:
    assert read_filters(sources="Reuters").sources == ("Reuters",)


@pytest.mark.parametrize(
    "value",
    ["yesterday", "2008-13", "2008-02-30", "17.9.2008", "08", "0000", "2008-9-1", "２００８"],
)
def test_what_is_no_date_becomes_one_sentence(value: str) -> None:
    with pytest.raises(QuestionError, match="is not a date; write 2008, 2008-09 or 2008-09-17"):
        read_filters("", value)


def test_a_range_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(QuestionError, match="from 2010-01 to 2009: the range ends before"):
        read_filters("2010-01", "2009")


def test_filters_are_said_in_words() -> None:
    filters = Filters("2008", "2010-05", ("NTB", "Reuters"), ("en", "xx"))
    assert describe_filters(filters) == (
        "published from 2008 to May 2010, by NTB or Reuters, in English or xx"
    )
    assert note_filters(Filters(sources=("NTB",))) == ("Only articles by NTB were used.",)
    assert "without a full date were left out" in note_filters(Filters("2008"))[0]


def test_the_button_says_what_is_set() -> None:
    assert label_filters("", "", [], None) == "Filters"
    assert label_filters("2008", "", [], None) == "Filters: published from 2008"
    assert label_filters("20", "", [], None) == "Filters: check the dates"


def test_the_menus_list_what_most_articles_have_first() -> None:
    def article(name: str, source: str, language: str) -> ArticleSummary:
        return ArticleSummary(name, name, source, None, language, 9, 1, "2026-01-01T00:00:00")

    articles = [article("a", "NTB", "no"), article("b", "AP", "en"), article("c", "AP", "en")]
    assert list_sources([*articles, article("d", "", "")]) == [("AP", "AP"), ("NTB", "NTB")]
    assert list_sources([article("e", "N\ue000T\u202eB", "")]) == [("NTB", "N\ue000T\u202eB")]
    assert list_languages(articles) == [("English", "en"), ("Norwegian", "no")]
