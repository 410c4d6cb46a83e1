"""The Ask page for everyone: stages that are true, keys, languages, writing from right to left."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ChatServer, Visit
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

Open = Callable[..., Visit]
QUESTION = "When did the harbour bridge reopen after repairs?"
ARABIC = (
    "إعادة فتح جسر الميناء\n\nأعيد فتح جسر الميناء يوم الجمعة بعد أحد عشر شهرا من الإصلاحات. "
    "The harbour bridge reopened after repairs.\n"
)


@pytest.fixture
def chat(stock_chat: Callable[..., ChatServer], articles: Path) -> ChatServer:
    """A chat on four short articles, one of them a reprint and one in Arabic."""
    story = (articles / "harbour.txt").read_text("utf-8").replace("NTB", "Reuters")
    (articles / "reprint.txt").write_text(story.replace("Harbour bridge reopens", "Bridge opens"))
    (articles / "arabic.txt").write_text(ARABIC, encoding="utf-8")
    return stock_chat(articles)


def focused(page: Page, attribute: str) -> str:
    return str(page.evaluate(f"document.activeElement.dataset.{attribute} ?? ''"))


def test_stages_are_said_as_they_come_and_keys_reach_everything(
    visit: Open, chat: ChatServer
) -> None:
    seen = visit(chat, reduced_motion="reduce")
    page = seen.page
    box = page.get_by_label("Your question")
    stage = page.locator(".dl-stage")
    with chat.holding("rank"):
        box.fill(QUESTION)
        box.press("Enter")
        expect(stage).to_have_text("Searching 5 articles…")
        expect(box).to_be_editable()
    expect(page.locator(".dl-answer")).to_be_visible()
    with chat.holding("find"):
        box.fill(QUESTION)
        box.press("Enter")
        expect(stage).to_have_text("Reading the 5 nearest passages…")
    answer = page.locator(".dl-answer").nth(1)
    expect(answer).to_be_visible()

    sure = answer.locator(".dl-tipped > button")
    tip = answer.get_by_role("tooltip")
    expect(tip).to_be_hidden()
    sure.focus()
    expect(tip).to_contain_text("Of 100 answers that Dateline is as sure of as this one")
    assert sure.get_attribute("aria-describedby") == tip.get_attribute("id")
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()

    cite = answer.locator(".dl-cite").first
    cite.focus()
    page.keyboard.press("ArrowRight")
    assert focused(page, "cite") == "2"
    page.keyboard.press("Enter")
    second = page.locator("[data-card='2']")
    expect(second).to_be_focused()
    expect(second).to_be_visible()
    page.locator(".dl-card").first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".dl-card").nth(1)).to_be_focused()
    page.keyboard.press("/")
    expect(box).to_be_focused()

    reprints = page.locator(".dl-copies").first
    expect(reprints).to_have_attribute("open", "")  # since the citation led into it
    reprints.locator(".dl-link").first.press("Enter")
    view = page.get_by_role("dialog")
    expect(view.locator("h2")).to_contain_text(reprints.locator(".dl-link").first.inner_text())
    expect(view.locator("mark.dl-quote").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(view).to_be_hidden()
    assert seen.complaints == []


def test_the_page_speaks_russian_and_shows_arabic_from_right_to_left(
    visit: Open, chat: ChatServer
) -> None:
    seen = visit(chat, locale="ru-RU", box="Ваш вопрос")
    page = seen.page
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    expect(page.get_by_role("tab", name="Библиотека")).to_be_visible()
    expect(page.locator(".dl-welcome")).to_contain_text("Можно спрашивать 5 статей.")
    seen.ask(QUESTION)
    expect(page.locator(".dl-answer")).to_contain_text("Хронология")
    expect(page.get_by_role("button", name="Читать всю статью").first).to_be_visible()
    expect(page.locator(".dl-answer .dl-cite").first).to_have_accessible_name("Показать источник 1")
    title = page.locator(".dl-card h3, .dl-reprint .dl-link", has_text="جسر").first
    page.locator(".dl-more > summary").evaluate_all("all => all.forEach(one => one.click())")
    assert title.evaluate("node => getComputedStyle(node).direction") == "rtl"
    ours = page.evaluate("document.body.innerText")
    assert not set("\ue000\ue001\ue002") & set(ours)
    page.get_by_role("button", name="English").click()
    expect(page.get_by_label("Your question")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("tab", name="Library")).to_be_visible()
    assert seen.complaints == []


def test_a_library_that_is_removed_under_the_page_is_said_to_be(
    visit: Open, serve_chat: Callable[..., ChatServer], articles: Path
) -> None:
    server = serve_chat(articles, encoder="test")
    seen = visit(server)
    seen.ask(QUESTION)
    shutil.rmtree(server.library)
    reply = seen.ask("Which mayor announced the opening hours?")
    expect(reply).to_contain_text("any more")
    expect(reply).not_to_contain_text("Traceback")
    seen.page.locator(".dl-open").first.click()
    expect(seen.page.get_by_role("dialog")).to_contain_text("any more")
    assert seen.complaints == []
