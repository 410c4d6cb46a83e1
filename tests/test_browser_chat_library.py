"""The Library tab in a real browser, and what holds on every tab: access."""

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ChatServer, Visit
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

Open = Callable[..., Visit]

STORY = (
    "Harbour bridge reopens\n\nOSLO, May 3, 2019 (NTB) - The mayor Ingrid Solberg reopened the "
    "harbour bridge on Friday after eleven months of repairs.\n"
)


@pytest.fixture
def shelf_chat(stock_chat: Callable[..., ChatServer], articles: Path) -> ChatServer:
    """A chat on three short articles, that a test may change."""
    return stock_chat(articles)


@pytest.fixture
def story_chat(stock_chat: Callable[..., ChatServer], tmp_path: Path) -> ChatServer:
    """A chat on one short article."""
    (tmp_path / "story.txt").write_text(STORY, encoding="utf-8")
    return stock_chat(tmp_path / "story.txt")


def open_library(seen: Visit) -> Page:
    seen.page.get_by_role("tab", name="Library").click()
    seen.page.locator(".dl-count").wait_for()
    return seen.page


def drop(page: Page, *files: Path) -> None:
    page.locator("#dl-drop input[type=file]").set_input_files(files)


def test_files_are_added_with_a_result_each(
    visit: Open, shelf_chat: ChatServer, tmp_path: Path
) -> None:
    good, empty, broken = (tmp_path / name for name in ("bridge.txt", "empty.txt", "broken.pdf"))
    good.write_text(STORY.replace("Ingrid Solberg", "Kari Nilsen"), encoding="utf-8")
    empty.write_text("")
    broken.write_bytes(b"%PDF-1.4 broken")
    seen = visit(shelf_chat)
    page = open_library(seen)
    expect(page.locator(".dl-list > li")).to_have_count(3)
    drop(page, good, empty, broken)
    results = page.locator(".dl-results li")
    expect(results).to_have_count(3)
    expect(results.nth(0)).to_contain_text("bridge.txt added, 1 passage")
    expect(results.nth(1)).to_contain_text("empty")
    expect(results.nth(2)).to_contain_text("broken PDF")
    assert "/tmp" not in page.locator(".dl-results").inner_text()
    expect(page.locator(".dl-list > li")).to_have_count(4)
    page.get_by_role("tab", name="Ask").click()
    seen.ask("Which mayor named Kari Nilsen reopened the harbour bridge?")
    expect(page.locator(".dl-card").first).to_contain_text("Kari Nilsen")
    assert seen.complaints == []


def test_a_file_that_is_added_again_is_not_added_twice(
    visit: Open, shelf_chat: ChatServer, tmp_path: Path
) -> None:
    file = tmp_path / "bridge.txt"
    file.write_text(STORY, encoding="utf-8")
    page = open_library(visit(shelf_chat))
    drop(page, file)
    expect(page.locator(".dl-results li")).to_contain_text("added, 1 passage")
    drop(page, file)
    expect(page.locator(".dl-results li")).to_contain_text("unchanged")
    file.write_text(STORY.replace("Friday", "Monday"), encoding="utf-8")
    drop(page, file)
    expect(page.locator(".dl-results li")).to_contain_text("new version")
    expect(page.locator(".dl-list > li")).to_have_count(4)


def test_articles_are_found_read_removed_and_put_back(visit: Open, shelf_chat: ChatServer) -> None:
    seen = visit(shelf_chat)
    page = open_library(seen)
    page.get_by_label("Find an article").fill("electric ferry")
    expect(page.locator(".dl-count")).to_have_text("1 of 3 articles")
    page.get_by_role("button", name="Read: New electric ferry").click()
    view = page.get_by_role("dialog")
    expect(view.locator(".dl-body")).to_contain_text("It carries 120 cars")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Remove: New electric ferry").click()
    expect(page.locator(".dl-results")).to_contain_text("Removed: New electric ferry")
    expect(page.locator(".dl-count")).to_have_text("0 of 2 articles")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".dl-results")).to_contain_text("Put back")
    expect(page.locator(".dl-count")).to_have_text("1 of 3 articles")
    expect(page.get_by_role("button", name="Undo")).to_be_hidden()
    assert seen.complaints == []


def test_an_article_removed_in_another_tab_is_said_to_be_gone(
    visit: Open, shelf_chat: ChatServer
) -> None:
    first, second = visit(shelf_chat), visit(shelf_chat)
    for seen in (first, second):
        open_library(seen)
    name = "Remove: New electric ferry starts service"
    first.page.get_by_role("button", name=name).click()
    expect(first.page.locator(".dl-results")).to_contain_text("Removed")
    second.page.get_by_role("button", name=name).click()
    expect(second.page.locator(".dl-results")).to_contain_text("ferry.txt")
    expect(second.page.locator(".dl-list > li")).to_have_count(2)


def test_a_quote_is_copied_with_its_citation(visit: Open, story_chat: ChatServer) -> None:
    seen = visit(story_chat, permissions=["clipboard-read", "clipboard-write"])
    page = seen.page
    seen.ask("Which mayor reopened the harbour bridge on Friday after repairs?")
    page.locator(".dl-copy summary").first.click()
    page.get_by_role("button", name="Plain text").first.click()
    expect(page.locator(".dl-copy").first).to_have_attribute("data-copied", "")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("“")
    assert copied.endswith("Harbour bridge reopens · NTB · 3 May 2019 · story.txt")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(visit: Open, story_chat: ChatServer, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    seen = visit(story_chat, color_scheme=scheme, reduced_motion="reduce")
    axe = Axe()

    def check(place: str) -> None:
        found = [
            (place, item["id"], [node["html"][:160] for node in item["nodes"]])
            for item in axe.run(seen.page).response["violations"]
            if item["impact"] in ("serious", "critical")
        ]
        assert found == []

    check("empty conversation")
    seen.ask("Which mayor reopened the harbour bridge on Friday after repairs?")
    seen.page.locator(".dl-why summary").first.click()
    seen.page.locator(".dl-timeline summary").click()
    seen.page.locator(".dl-line").wait_for()
    seen.page.get_by_role("button", name="Filters").click()
    seen.page.get_by_label("Published from").wait_for()
    check("answer, timeline and filters")
    seen.page.locator(".dl-open").first.click()
    seen.page.get_by_role("dialog").locator(".dl-body").wait_for()
    check("article")
    seen.page.keyboard.press("Escape")
    open_library(seen)
    check("library")
