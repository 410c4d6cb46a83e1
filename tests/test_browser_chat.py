"""The chat on the sample articles, driven as a person would, in a real browser."""

from collections.abc import Callable

import pytest
from conftest import ChatServer, Visit
from playwright.sync_api import Locator, expect

pytestmark = [pytest.mark.browser, pytest.mark.model]

QUESTION = "When did Russia recognize South Ossetia?"
EVIDENCE = "On August 26, two weeks after the end of a five-day military operation"
SOURCE = "003_c478da7ede625d0a.txt"
UNANSWERABLE = "What is the best recipe for sourdough pancakes with rhubarb?"

Open = Callable[..., Visit]


def card_of(visit: Visit, article: str) -> Locator:
    """The first cited card that opens this article."""
    return visit.page.locator(
        ".dl-card.dl-cited", has=visit.page.locator(f'[data-open*="{article}"]')
    ).first


def is_in_view(inner: Locator, outer: Locator) -> bool:
    """Whether the whole of ``inner`` is inside the visible part of ``outer``."""
    a, b = inner.bounding_box(), outer.bounding_box()
    return bool(a and b and b["y"] <= a["y"] and a["y"] + a["height"] <= b["y"] + b["height"])


def test_a_question_is_answered_highlighted_and_found_in_its_article(
    visit: Open, sample_chat: ChatServer
) -> None:
    seen = visit(sample_chat)
    answer = seen.ask(QUESTION)
    expect(answer.locator(".dl-cite").first).to_be_visible()
    card = card_of(seen, SOURCE)
    expect(card.locator("mark.dl-quote").first).to_contain_text(EVIDENCE)
    expect(card.locator("mark.dl-quote .dl-span").first).to_contain_text("August 26")
    expect(card.locator("h3")).to_contain_text("FM Lavrov says")
    expect(card.locator(".dl-facts")).to_contain_text("27 September")
    opener = card.locator(".dl-open")
    opener.click()
    view = seen.page.get_by_role("dialog")
    mark = view.locator("mark.dl-quote", has_text=EVIDENCE).first
    expect(mark).to_be_visible()
    assert is_in_view(mark, view.locator(".dl-view-scroll"))
    expect(mark.locator(".dl-span")).to_contain_text("August 26")
    sentence, words = (
        node.evaluate("node => getComputedStyle(node).backgroundColor")
        for node in (mark, mark.locator(".dl-span"))
    )
    assert sentence != words
    body = view.locator(".dl-body").inner_text()
    assert "Subscribe" in body and "Relations between NATO and Russia have sunk" in body
    expect(view.locator("p.dl-boilerplate", has_text="Subscribe")).to_be_visible()
    seen.page.keyboard.press("Escape")
    expect(view).to_be_hidden()
    expect(opener).to_be_focused()
    assert seen.complaints == []


def test_the_timeline_opens_under_the_answer_and_each_statement_in_its_article(
    visit: Open, sample_chat: ChatServer
) -> None:
    seen = visit(sample_chat)
    answer = seen.ask(QUESTION)
    answer.locator(".dl-timeline summary").click()
    event = answer.locator(".dl-event", has_text=EVIDENCE)
    expect(event.locator("strong")).to_have_text("August 26")
    expect(answer.locator(".dl-when").first).to_contain_text("2008")
    opener = event.locator(".dl-link")
    opener.click()
    view = seen.page.get_by_role("dialog")
    mark = view.locator("mark.dl-quote.is-current", has_text=EVIDENCE)
    expect(mark).to_be_visible()
    assert is_in_view(mark, view.locator(".dl-view-scroll"))
    seen.page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    assert seen.complaints == []


def test_citation_and_card_find_each_other_across_turns(
    visit: Open, sample_chat: ChatServer
) -> None:
    seen = visit(sample_chat)
    first = seen.ask(QUESTION)
    seen.ask("Who is South Ossetia's ambassador to Abkhazia?")
    expect(seen.page.locator(".dl-pane-head")).to_contain_text("ambassador")
    first.locator(".dl-cite").first.click()
    expect(seen.page.locator(".dl-pane-head")).to_contain_text(QUESTION)
    card = seen.page.locator(".dl-card[data-card='1']")
    expect(card).to_have_class("dl-card dl-cited is-current")
    expect(card).to_be_focused()
    card.locator(".dl-number").click()
    expect(first.locator(".dl-cite").first).to_be_focused()


def test_what_is_around_a_passage_shows_on_demand(visit: Open, sample_chat: ChatServer) -> None:
    seen = visit(sample_chat)
    seen.ask("For how long did Moscow suspend peacekeeping operations with NATO?")
    card = seen.page.locator(".dl-card").first
    card.get_by_role("button", name="Show what is around it").click()
    expect(card.locator(".dl-neighbour").first).to_be_visible()
    card.get_by_role("button", name="Hide what is around it").click()
    expect(card.locator(".dl-neighbour")).to_have_count(0)
    assert seen.complaints == []


def test_a_question_without_an_answer_is_answered_calmly(
    visit: Open, sample_chat: ChatServer
) -> None:
    seen = visit(sample_chat)
    answer = seen.ask(UNANSWERABLE)
    expect(answer).to_contain_text("Nothing in your articles answers this.")
    expect(answer.locator(".dl-cite")).to_have_count(0)
    expect(seen.page.locator(".dl-pane-note")).to_contain_text("do not answer")
    expect(seen.page.locator(".dl-card")).not_to_have_count(0)
    expect(seen.page.locator(".dl-card mark")).to_have_count(0)


def test_everything_works_by_keyboard(visit: Open, sample_chat: ChatServer) -> None:
    seen = visit(sample_chat)
    page = seen.page
    page.locator("h1").click()
    page.keyboard.press("/")
    expect(page.get_by_label("Your question")).to_be_focused()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    page.locator(".dl-answer").wait_for()
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.dl-open')"):
            break
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    view = page.get_by_role("dialog")
    expect(view.locator("mark.dl-quote").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(view).to_be_hidden()
    assert page.evaluate("document.activeElement.matches('.dl-open')")


def test_an_example_question_is_asked_by_a_click(visit: Open, sample_chat: ChatServer) -> None:
    seen = visit(sample_chat)
    seen.page.get_by_role("button", name=QUESTION).click()
    expect(seen.page.locator(".dl-answer")).to_be_visible()
    expect(seen.page.locator(".dl-question")).to_have_text(QUESTION)


def test_the_conversation_can_be_cleared(visit: Open, sample_chat: ChatServer) -> None:
    seen = visit(sample_chat)
    seen.ask(QUESTION)
    seen.page.get_by_role("button", name="Clear").click()
    expect(seen.page.locator(".dl-answer")).to_have_count(0)
    expect(seen.page.locator(".dl-card")).to_have_count(0)
    ambassador = "Who is South Ossetia's ambassador to Abkhazia?"
    first = seen.ask(ambassador)
    seen.ask(QUESTION)
    first.locator(".dl-cite").first.click()
    expect(seen.page.locator(".dl-pane-head")).to_contain_text(ambassador)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_cut_or_scrolls_sideways(
    visit: Open, sample_chat: ChatServer, scheme: str
) -> None:
    seen = visit(sample_chat, color_scheme=scheme)
    page = seen.page
    seen.ask(QUESTION)
    page.locator(".dl-timeline summary").click()
    page.locator(".dl-line").wait_for()
    page.get_by_role("button", name="Filters").click()
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, background.removeprefix("rgb(").removesuffix(")").split(","))) < 200) == (
        scheme == "dark"
    )
    for width in (360, 390, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        assert page.evaluate(CUT) == [], width
        left, right = page.evaluate(
            "['#dl-left', '#dl-right'].map(name => document.querySelector(name)"
            ".getBoundingClientRect().toJSON())"
        )
        if width < 900:
            assert right["top"] >= left["bottom"] - 1
        else:
            assert right["left"] >= left["right"] - 1


CUT = """[...document.querySelectorAll(
  '.dl-card, .dl-answer, .dl-question, #dl-question-box, #dl-filters, #dl-below'
)].filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.id || e.className)"""


def test_nothing_is_asked_of_another_host_and_nothing_of_gradio_shows(
    visit: Open, sample_chat: ChatServer
) -> None:
    seen = visit(sample_chat)
    seen.page.wait_for_function("!document.body.innerText.includes('Loading')")
    shown = seen.page.locator("body").inner_text()
    for word in ("Built with Gradio", "Use via API", "Settings", "Loading"):
        assert word not in shown
    assert seen.page.locator("footer:visible").count() == 0
    seen.ask(QUESTION)
    seen.page.locator(".dl-open").first.click()
    seen.page.get_by_role("dialog").locator(".dl-body").wait_for()
    foreign = [
        url for url in seen.requests if not url.startswith((sample_chat.url, "data:", "blob:"))
    ]
    assert foreign == []
    assert seen.complaints == []
    assert sample_chat.log.read_text() == ""
