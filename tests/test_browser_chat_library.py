"""The Library tab in a real browser, and what holds on every tab: access."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
DROP = """([place, files]) => {
  const dataTransfer = new DataTransfer();
  for (const [name, text] of files) dataTransfer.items.add(new File([text], name));
  for (const type of ['dragenter', 'dragover', 'drop']) {
    place.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
  }
}"""


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
    expect(seen.page.locator(".dl-count")).not_to_be_empty()
    return seen.page


def drop(page: Page, *files: Path) -> None:
    page.locator("#dl-drop input[type=file]").first.set_input_files(files)


def results(page: Page) -> list[str]:
    """What became of the files, once all are done."""
    expect(page.locator(".dl-happened-status")).to_contain_text("Done")
    return [" ".join(text.split()) for text in page.locator(".dl-results li").all_inner_texts()]


@contextmanager
def holding(chat: ChatServer, method: str) -> Iterator[None]:
    """Within it, the server's method waits."""
    pipe = chat.log.parent / f"hold-{method}"
    os.mkfifo(pipe)
    try:
        yield
    finally:
        waiting = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)
        pipe.unlink()
        os.close(waiting)


def test_files_and_folders_are_added_with_a_result_each(
    visit: Open, shelf_chat: ChatServer, tmp_path: Path
) -> None:
    seen = visit(shelf_chat)
    page = open_library(seen)
    expect(page.locator(".dl-list > li")).to_have_count(3)
    files = [
        ["../../bridge.txt", STORY.replace("Ingrid Solberg", "Kari Nilsen")],
        ["empty.txt", ""],
        ["broken.pdf", "%PDF-1.4 broken"],
        ["<img src=x onerror=alert(1)>.exe", "x"],
    ]
    page.locator("#dl-drop").evaluate(f"(place, files) => ({DROP})([place, files])", files)
    told = results(page)
    assert "bridge.txt added" in told[0] or "bridge.txt added" in told[1]
    assert any("empty.txt is empty" in line for line in told)
    assert any("broken PDF" in line for line in told)
    assert any(line.startswith("<img src=x") and "cannot be read" in line for line in told)
    assert str(tmp_path.parent.parent) not in " ".join(told)
    expect(page.locator(".dl-list > li")).to_have_count(4)
    expect(page.locator(".dl-list")).not_to_contain_text("..")

    folder = tmp_path / "clippings"
    (folder / "2019" / "may").mkdir(parents=True)
    (folder / "2019" / "may" / "ferry.txt").write_text("A second ferry sails from Moss.\n" * 3)
    (folder / "2019" / "table.xlsx").write_bytes(b"x")
    page.locator("#dl-drop input[data-folder]").set_input_files(folder)
    told = results(page)
    assert any(line.startswith("2019/may/ferry.txt") and "added" in line for line in told)
    assert any("1 file of another kind" in line for line in told)

    again = tmp_path / "moss.txt"
    again.write_text("A new bridge opens in Moss on Monday, the mayor said.\n", encoding="utf-8")
    for said in ("added", "unchanged"):
        drop(page, again)
        expect(page.locator(".dl-results li")).to_contain_text(said)
    again.write_text("A new bridge opens in Moss on Sunday, the mayor said.\n", encoding="utf-8")
    drop(page, again)
    expect(page.locator(".dl-results li")).to_contain_text("new version")
    page.get_by_role("tab", name="Ask").click()
    seen.ask("Which mayor named Kari Nilsen reopened the harbour bridge?")
    expect(page.locator(".dl-card").first).to_contain_text("Kari Nilsen")
    assert seen.complaints == []


def test_asking_goes_on_while_files_are_added(
    visit: Open, shelf_chat: ChatServer, tmp_path: Path
) -> None:
    file = tmp_path / "bridge.txt"
    file.write_text(STORY, encoding="utf-8")
    seen = visit(shelf_chat)
    page = open_library(seen)
    with holding(shelf_chat, "run"):
        drop(page, file)
        expect(page.locator(".dl-results progress")).to_be_visible()
        page.get_by_role("tab", name="Ask").click()
        seen.ask("What carries 120 cars and charges its batteries?")
        expect(page.locator(".dl-card").first).to_contain_text("120 cars")
        open_library(seen)
        expect(page.locator(".dl-results li")).to_contain_text("adding")
    assert results(page) == ["bridge.txt added"]
    expect(page.locator(".dl-list > li")).to_have_count(4)


def test_articles_are_found_sorted_read_removed_and_put_back(
    visit: Open, shelf_chat: ChatServer
) -> None:
    seen, other = visit(shelf_chat), visit(shelf_chat)
    page, second = open_library(seen), open_library(other)
    titles = page.locator(".dl-list h3")
    sort = page.get_by_label("Sort by")
    sort.focus()
    page.keyboard.type("Title, A")
    expect(titles.first).to_contain_text("City library")
    sort.select_option("date down")
    expect(titles.first).to_contain_text("Harbour bridge")
    page.locator("#dl-shelf").get_by_label("Published from").fill("2020")
    expect(page.locator(".dl-count")).to_have_text("0 of 3 articles")
    page.locator("#dl-shelf").get_by_label("Published from").fill("20")
    expect(page.locator(".dl-count")).to_contain_text("is not a date")
    page.get_by_role("button", name="Clear filters").click()
    page.get_by_label("Find an article").fill("electric ferry")
    expect(page.locator(".dl-count")).to_have_text("1 of 3 articles")
    page.get_by_role("button", name="What was left out of the passages of: New elec").click()
    view = page.get_by_role("dialog")
    expect(view.locator(".dl-body")).to_contain_text("It carries 120 cars")
    expect(view.locator(".dl-view-place")).to_contain_text("left out", ignore_case=True)
    page.keyboard.press("Escape")
    name = "Remove: New electric ferry"
    page.get_by_role("button", name=name).click()
    expect(page.locator(".dl-happened-status")).to_have_text(
        "Removed: New electric ferry starts service"
    )
    expect(page.locator(".dl-count")).to_have_text("0 of 2 articles")
    second.get_by_role("button", name=name).click()
    expect(second.locator(".dl-happened-status")).to_contain_text("ferry.txt")
    expect(second.locator(".dl-list > li")).to_have_count(2)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".dl-happened-status")).to_contain_text("Put back")
    expect(page.locator(".dl-count")).to_have_text("1 of 3 articles")
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    assert seen.complaints == []


def test_two_windows_use_two_libraries_and_one_vanishes(
    visit: Open, shelf_chat: ChatServer, tmp_path: Path
) -> None:
    home = shelf_chat.library.parent
    made = home / "Port news"
    file = tmp_path / "bridge.txt"
    file.write_text(STORY.replace("Ingrid Solberg", "Kari Nilsen"), encoding="utf-8")
    try:
        first, second = visit(shelf_chat), visit(shelf_chat)
        page = open_library(first)
        page.locator(".dl-new summary").click()
        name = page.get_by_label("Name of the new library")
        name.fill("../elsewhere")
        page.get_by_role("button", name="Create").click()
        expect(page.locator(".dl-new .dl-form-error")).to_contain_text("cannot be called")
        name.fill("Port news")
        page.get_by_role("button", name="Create").click()
        expect(page.locator("#dl-shelf-title")).to_have_text("Port news")
        expect(page.locator(".dl-count")).to_contain_text("empty")
        drop(page, file)
        assert results(page) == ["bridge.txt added"]
        question = "Which mayor reopened the harbour bridge on Friday after repairs?"
        page.get_by_role("tab", name="Ask").click()
        expect(first.ask(question)).to_contain_text("Answered from the library “Port news”.")
        expect(second.ask(question)).to_contain_text("Answered from the library “library”.")
        expect(page.locator(".dl-card").first).to_contain_text("Kari Nilsen")
        expect(second.page.locator(".dl-card").first).to_contain_text("eleven months of repairs")
        page.locator(".dl-card .dl-open").first.click()
        expect(page.get_by_role("dialog").locator(".dl-body")).to_contain_text("Kari Nilsen")
        page.keyboard.press("Escape")

        made.rename(home / "moved")
        expect(first.ask(question)).to_contain_text("is not at")
        open_library_tab = page.get_by_role("tab", name="Library")
        open_library_tab.click()
        expect(page.locator(".dl-count")).to_contain_text("is not at")
        (home / "moved").rename(made)
        page.get_by_role("tab", name="Ask").click()
        expect(first.ask(question)).to_contain_text("Port news")
        open_library_tab.click()
        page.get_by_label("Library", exact=True).select_option("library")
        expect(page.locator("#dl-shelf-title")).to_have_text("library")
        expect(page.locator(".dl-list > li")).to_have_count(3)
        assert first.complaints == []
    finally:
        shutil.rmtree(made, ignore_errors=True)


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
def test_axe_finds_nothing_serious(
    visit: Open, story_chat: ChatServer, tmp_path: Path, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    case = {"id": "c", "question": "Who reopened the bridge?", "answers": [], "reviewed": False}
    cases = story_chat.library / "questions.jsonl"
    cases.write_text(json.dumps(case) + "\n", encoding="utf-8")
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
    seen.page.get_by_role("button", name="Add a note").click()
    seen.page.get_by_role("button", name="Filters").click()
    seen.page.get_by_label("Published from").wait_for()
    check("answer, timeline, note and filters")
    seen.page.locator(".dl-open").first.click()
    seen.page.get_by_role("dialog").locator(".dl-body").wait_for()
    check("article")
    seen.page.keyboard.press("Escape")
    page = open_library(seen)
    page.locator(".dl-new summary").click()
    drop(page, tmp_path / "story.txt")
    results(page)
    check("library")
    page.get_by_role("tab", name="Evaluate").click()
    page.get_by_role("button", name="Edit: Who reopened").click()
    check("evaluation")
    cases.unlink()
