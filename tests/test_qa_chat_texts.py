"""The interface's words: every language has every text, and counts as its grammar does."""

import pytest

from qa.chat.delivery import dress_page
from qa.chat.display import describe_date
from qa.chat.filters import name_language
from qa.chat.texts import (
    BUILDING,
    Say,
    choose_language,
    choose_say,
    fill_marks,
    find_problem,
    languages,
    plural_form,
    read_texts,
    say,
    say_known,
    speaking,
)
from qa.output.story import SENTENCES


@pytest.mark.parametrize("language", languages())
def test_every_language_has_every_text_with_the_same_values(language: str) -> None:
    assert find_problem(language, read_texts(language)) == ""


def test_the_page_and_the_core_tell_a_story_in_the_same_english() -> None:
    assert Say("en").group("story") == SENTENCES


def test_counts_and_dates_follow_the_grammar_of_the_language() -> None:
    told = {1: "1 статья", 3: "3 статьи", 12: "12 статей", 1204: "1\u00a0204 статьи"}
    with speaking("ru"):
        assert {count: say("count.articles", count=count) for count in told} == told
        assert describe_date("2008-08-26") == "26 августа 2008 г."
        assert describe_date("2008-08") == "август 2008 г."
        assert say_known("Nothing in your articles answers this.").startswith("В ваших статьях")
    assert say("count.articles", count=1204) == "1,204 articles"
    assert describe_date("2008-08-26") == "26 August 2008"
    assert plural_form("ru", 111) == "many"


def test_languages_are_named_as_the_page_speaks_and_unknown_ones_by_their_code() -> None:
    assert [name_language(code) for code in ("de", "ka", "qqq", "<b>")] == [
        "German", "Georgian", "qqq", "<b>",
    ]  # fmt: skip
    with speaking("ru"):
        assert name_language("ka") == "грузинский"
    with speaking("xx"):
        assert name_language("ka") == "Georgian"


def test_what_no_language_has_is_its_own_key_and_english_stands_in() -> None:
    assert choose_say("xx-YY")("count.articles", count=2) == "2 articles"
    assert say("no.such.text", count=1) == "no.such.text"


@pytest.mark.parametrize(
    ("accepted", "cookies", "expected"),
    [
        ("ru-RU,ru;q=0.9,en;q=0.8", {}, "ru"),
        ("de;q=1, ru;q=0.2, en;q=0.5", {}, "en"),
        ("ru", {"dateline-language": "en"}, "en"),
        ("ru", {"dateline-language": "<script>"}, "ru"),
        ("", {}, "en"),
        (";;q=,*", {}, "en"),
    ],
)
def test_the_browser_s_language_is_used_unless_it_was_switched(
    accepted: str, cookies: dict[str, str], expected: str
) -> None:
    assert choose_language({"accept-language": accepted}, cookies) == expected


def test_texts_of_a_page_that_is_built_once_are_told_in_each_language() -> None:
    with speaking(BUILDING):
        built = say("welcome.empty.add", library=f"<b>{say('tab.library')}</b>")
        counted = say("count.articles", count=3)
    page = f'<html lang="en"><head></head>{{"a": "{built}", "b": "{counted}"}}'
    shown = dress_page(page, Say("ru"))
    assert '<html lang="ru">' in shown
    assert "Откройте вкладку \\u003cb>Библиотека\\u003c/b>" in shown
    assert '"b": "3 статьи"' in shown
    assert not set("\ue000\ue001\ue002") & set(shown)
    assert fill_marks("nothing to exchange", Say("ru")) == "nothing to exchange"
