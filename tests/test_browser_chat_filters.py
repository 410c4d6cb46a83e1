"""The filters of the Ask tab in a real browser."""

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ChatServer, Visit
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

Open = Callable[..., Visit]

QUESTION = "When did the harbour bridge reopen after repairs?"


def test_filters_choose_which_articles_answer_and_say_so(
    visit: Open, stock_chat: Callable[..., ChatServer], articles: Path
) -> None:
    seen = visit(stock_chat(articles))
    page = seen.page
    toggle = page.get_by_role("button", name="Filters", exact=True)
    after = page.get_by_label("Published from")
    expect(after).to_be_hidden()
    expect(toggle).to_have_attribute("aria-expanded", "false")
    toggle.click()
    expect(after).to_be_focused()
    after.fill("2019-05")
    source = page.get_by_role("combobox", name="Source")
    source.fill("NT")
    page.get_by_role("option", name="NTB").click()
    set_filters = page.get_by_role(
        "button", name="Filters: published from May 2019, by NTB", exact=True
    )
    expect(set_filters).to_have_attribute("aria-expanded", "true")
    after.press("Escape")
    expect(after).to_be_hidden()
    expect(set_filters).to_be_focused()
    answer = seen.ask(QUESTION)
    expect(answer).to_contain_text("Only articles published from May 2019, by NTB were used")
    expect(page.locator(".dl-card h3")).to_have_text(["Harbour bridge reopens after repairs"])
    set_filters.click()
    page.get_by_role("button", name="Clear filters").click()
    expect(toggle).to_be_visible()
    expect(seen.ask(QUESTION)).not_to_contain_text("Only articles")
    expect(page.locator(".dl-card h3")).to_have_count(3)
    assert seen.complaints == []


def test_a_date_that_is_none_becomes_one_sentence_and_keeps_the_question(
    visit: Open, stock_chat: Callable[..., ChatServer], articles: Path
) -> None:
    seen = visit(stock_chat(articles))
    page = seen.page
    page.get_by_role("button", name="Filters").click()
    page.get_by_label("Published to").fill("last May")
    expect(page.get_by_role("button", name="Filters: check the dates")).to_be_visible()
    reply = seen.ask(QUESTION)
    expect(reply).to_have_text(
        "“last May” under “Published to” is not a date; write 2008, 2008-09 or 2008-09-17."
    )
    expect(page.get_by_label("Your question")).to_have_value(QUESTION)
    page.get_by_label("Published to").fill("2019-05-03")
    expect(page.get_by_role("button", name="Filters: published up to 3 May 2019")).to_be_visible()
    expect(seen.ask(QUESTION)).to_contain_text("Only articles published up to 3 May 2019")
