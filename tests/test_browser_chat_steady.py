"""Nothing on the page jumps, however slow the page and its answer are."""

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ChatServer, Visit
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

Open = Callable[..., Visit]

STORY = (
    "Harbour bridge reopens\n\nOSLO, May 3, 2019 (NTB) - The mayor Ingrid Solberg reopened the "
    "harbour bridge on Friday after eleven months of repairs.\n"
)
SLOWER = 4
# Shifts just after a key press count too, unlike in the metric: on a slow machine they come later.
WATCH = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    const moved = entry.sources.map((source) => {
      const [from, to] = [source.previousRect, source.currentRect].map(
        (box) => [box.x, box.y, box.width, box.height].map(Math.round).join(" "));
      return `${source.node?.id || source.node?.className}: ${from} -> ${to}`;
    });
    window.shifts.push([entry.value, moved]);
  }
}).observe({type: "layout-shift", buffered: true});
"""
PAINTED = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


@pytest.mark.parametrize("size", [(1280, 720), (390, 844)], ids=["desk", "phone"])
def test_nothing_jumps_when_page_and_answer_arrive(
    visit: Open, stock_chat: Callable[..., ChatServer], tmp_path: Path, size: tuple[int, int]
) -> None:
    (tmp_path / "story.txt").write_text(STORY, encoding="utf-8")
    chat = stock_chat(tmp_path / "story.txt")
    width, height = size
    seen = visit(chat, viewport={"width": width, "height": height}, script=WATCH, slower=SLOWER)
    page = seen.page
    box = page.get_by_label("Your question")
    for number in range(2):
        with chat.holding("rank"):
            box.fill("Which mayor reopened the harbour bridge on Friday after repairs?")
            box.press("Enter")
            page.locator(".dl-stage").wait_for()
            page.evaluate(PAINTED)
        expect(page.locator(".dl-answer")).to_have_count(number + 1)
        page.evaluate(PAINTED)
    shifts = page.evaluate("window.shifts")
    assert sum(value for value, _ in shifts) <= 0.02, shifts
