"""Judging answers in a real browser: what is said becomes a case that `dateline eval` runs."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import ChatServer, Visit
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

Open = Callable[..., Visit]


def test_judgements_become_cases_with_exact_offsets(
    visit: Open, stock_chat: Callable[..., ChatServer], articles: Path
) -> None:
    chat = stock_chat(articles)
    file = chat.library / "questions.jsonl"
    file.unlink(missing_ok=True)
    question = "When did the harbour bridge reopen after eleven months of repairs?"

    def kept() -> list[dict[str, Any]]:
        return [json.loads(line) for line in file.read_text("utf-8").splitlines()]

    seen = visit(chat)
    page = seen.page
    seen.ask(question)
    bar = page.get_by_role("group", name="Is this right?")
    told = bar.get_by_role("status")
    right = bar.get_by_role("button", name="The answer is right")
    right.press("Enter")
    expect(told).to_contain_text("to be reviewed")
    expect(right).to_have_attribute("aria-pressed", "true")
    (case,) = kept()
    (gold,) = case["answers"]
    text = (articles / gold["article"]).read_text("utf-8")
    assert text[gold["start"] : gold["end"]] == gold["text"]
    assert "reopened" in text[gold["evidence_start"] : gold["evidence_end"]]
    assert (case["question"], case["verdict"], case["reviewed"]) == (question, "right", False)

    bar.get_by_role("button", name="The answer is wrong").click()
    expect(told).to_contain_text("If you know better")
    assert [(item["open"], item["answers"]) for item in kept()] == [(True, [])]

    passage = page.locator(".dl-card").first.get_by_role("button", name="This passage of")
    passage.click()
    expect(passage).to_have_attribute("aria-pressed", "true")
    (case,) = kept()
    assert case["reviewed"]
    assert "open" not in case
    assert [item["article"] for item in case["answers"]] == ["harbour.txt"]

    bar.get_by_role("button", name="Add a note").click()
    page.get_by_label("Note on this answer").fill("the year is in the dateline <b>")
    page.get_by_role("button", name="Save the note").click()
    expect(told).to_contain_text("note was saved")
    assert [item["note"] for item in kept()] == ["the year is in the dateline <b>"]

    page.reload()
    page.get_by_label("Your question").wait_for()
    seen.ask(question)
    expect(passage).to_have_attribute("aria-pressed", "true")
    nothing = bar.get_by_role("button", name="Should have said nothing")
    nothing.click()
    expect(nothing).to_have_attribute("aria-pressed", "true")
    expect(passage).to_have_attribute("aria-pressed", "false")
    assert [(item["answers"], item["reviewed"]) for item in kept()] == [([], True)]
    nothing.click()
    expect(told).to_contain_text("Taken back")
    assert kept() == []

    (articles / "harbour.txt").write_text("The harbour bridge was torn down.\n", encoding="utf-8")
    stock_chat(articles)
    right.click()
    expect(told).to_contain_text("has changed since the answer")
    assert kept() == []
    assert seen.complaints == []
