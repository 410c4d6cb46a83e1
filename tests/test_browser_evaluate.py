"""The Evaluate tab in a real browser: run, watch, cancel, report, compare; cases looked over."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import ChatServer, Visit
from evaluation import write_beir, write_lines
from playwright.sync_api import expect

from qa.evaluate.compare import compare_runs
from qa.evaluate.runs import load_runs

pytestmark = pytest.mark.browser

Open = Callable[..., Visit]


@pytest.fixture
def judged_chat(stock_chat: Callable[..., ChatServer], articles: Path) -> Iterator[ChatServer]:
    """A chat whose library has three cases, one of them not reviewed and one open."""
    chat = stock_chat(articles)
    text = (articles / "ferry.txt").read_text("utf-8")
    start, first = text.index("nine"), text.index("It carries")
    gold = {
        "article": "ferry.txt", "start": start, "end": start + 4, "text": "nine",
        "evidence_start": first, "evidence_end": text.index("\n", first),
    }  # fmt: skip
    cases = [
        {"id": "a", "question": "How long does charging take?", "answers": [gold], "accept": []},
        {"id": "b", "question": "Who won <b>the cup</b>?", "answers": [], "reviewed": False},
        {"id": "c", "question": "What is open?", "answers": [], "open": True, "reviewed": False},
    ]
    write_lines(chat.library / "questions.jsonl", cases)
    yield chat
    (chat.library / "questions.jsonl").unlink()
    shutil.rmtree(chat.library.with_name("library-runs"), ignore_errors=True)


def test_cases_are_run_reported_compared_and_looked_over(
    visit: Open, judged_chat: ChatServer
) -> None:
    seen = visit(judged_chat)
    page = seen.page
    page.get_by_role("tab", name="Evaluate").click()
    expect(page.locator(".dl-cases .dl-count")).to_contain_text("3 cases. 2 not reviewed yet.")
    for system in ("bm25", "dense"):
        page.get_by_role("button", name="Run these").click()
        expect(page.locator(".dl-job-text")).to_contain_text("Done.")
        expect(page.locator(".dl-run-list > li")).to_have_count(1 if system == "bm25" else 2)
        page.get_by_label(f"{system}:").check()
    expect(page.locator(".dl-run-list > li").first).to_contain_text("2 questions")
    folder = judged_chat.library.with_name("library-runs")
    saved = load_runs(sorted(folder.iterdir()))
    assert [run.name for run in saved] == ["hybrid", "hybrid", "bm25"]
    assert compare_runs(saved).differences

    page.get_by_label("Choose: library").nth(0).check()
    page.get_by_label("Choose: library").nth(1).check()
    page.get_by_role("button", name="Compare the chosen runs").click()
    report = page.frame_locator("iframe[title=Comparison]")
    expect(report.get_by_role("heading", name="Against hybrid")).to_be_visible()
    expect(report.locator("figure").first).to_be_visible()
    report.get_by_role("button", name="How long does charging take?").click()
    expect(report.locator("blockquote mark.gold").first).to_have_text("nine")
    page.get_by_role("button", name="Close", exact=True).click()

    row = page.locator("[data-case=b]")
    expect(row.locator("h4")).to_have_text("Who won <b>the cup</b>?")
    row.get_by_role("button", name="Mark as reviewed").click()
    expect(page.locator(".dl-cases .dl-count")).to_contain_text("1 not reviewed yet.")
    row = page.locator("[data-case=a]")
    row.get_by_role("button", name="Edit").click()
    row.get_by_label("Answering words").fill("ten minutes")
    row.get_by_role("button", name="Save").click()
    expect(row.locator(".dl-form-error")).to_contain_text("does not stand in the passage")
    row.get_by_label("Answering words").fill("nine minutes")
    row.get_by_label("Other strings").fill("9\nnine min")
    row.get_by_role("button", name="Save").click()
    expect(row.locator("blockquote strong")).to_have_text("nine minutes")
    page.locator("[data-case=c]").get_by_role("button", name="Delete").click()
    expect(page.locator("[data-case]")).to_have_count(2)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("[data-case]")).to_have_count(3)
    lines = (judged_chat.library / "questions.jsonl").read_text("utf-8").splitlines()
    record = json.loads(lines[0])
    assert record["accept"] == ["9", "nine min"]
    assert record["answers"][0]["text"] == "nine minutes"
    assert [json.loads(line)["id"] for line in lines] == ["a", "b", "c"]
    assert seen.complaints == []


def test_a_run_is_watched_cancelled_and_gone_on_with(
    visit: Open, judged_chat: ChatServer, tmp_path: Path
) -> None:
    from test_browser_chat_library import holding

    seen = visit(judged_chat)
    page = seen.page
    page.get_by_role("tab", name="Evaluate").click()
    page.get_by_label("Path of the data").fill(str(tmp_path / "nothing"))
    page.get_by_role("button", name="Evaluate", exact=True).click()
    expect(page.locator(".dl-job-text")).to_contain_text("does not exist")
    data = write_beir(tmp_path / "harbour-set")
    page.get_by_label("Path of the data").fill(str(data))
    page.get_by_label("Questions at most").fill("2")
    with holding(judged_chat, "rank"):
        page.get_by_role("button", name="Evaluate", exact=True).click()
        expect(page.locator(".dl-job-text")).to_contain_text("0 of 2 questions asked")
        page.get_by_role("button", name="Evaluate", exact=True).click()
        expect(page.locator(".dl-form-error").first).to_contain_text("Another evaluation")
        page.get_by_role("button", name="Cancel").click()
        expect(page.locator(".dl-job-text")).to_contain_text("Stopping")
    expect(page.locator(".dl-job-text")).to_contain_text("Stopped after 1 of 2 questions")
    page.get_by_role("button", name="Go on").click()
    expect(page.locator(".dl-run-list > li")).to_contain_text("harbour-set")

    questions = write_lines(
        tmp_path / "mine.jsonl", [{"id": "q", "question": "Who?", "answers": []}]
    )
    page.get_by_label("File of questions").set_input_files(questions)
    page.get_by_role("button", name="Evaluate", exact=True).click()
    expect(page.locator(".dl-run-list > li").first).to_contain_text("mine")
    page.get_by_role("button", name="Delete: mine").click()
    page.get_by_role("button", name="Delete for good?").click()
    expect(page.locator(".dl-run-list > li")).to_have_count(1)
    assert seen.complaints == []
