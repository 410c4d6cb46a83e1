"""How fast the chat is in a browser and for twenty people at once.

    python benchmarks/chat.py [--rounds 5]

Starts the chat on the sample articles with the default settings and writes
``benchmarks/results/chat.json``: milliseconds from Enter to the painted answer by the browser's own
clock, the largest contentful paint of a cold load and the layout shift of a visit, and how long
twenty people who ask at the same time wait. Needs Chromium, as the browser tests do.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.evaluate.provenance import describe_machine, find_revision, list_versions

ROOT = Path(__file__).resolve().parent.parent
RESULT = ROOT / "benchmarks" / "results" / "chat.json"
sys.path.insert(0, str(ROOT / "tests"))

from chat_server import running_chat  # noqa: E402
from chromium import HOW_TO, find_chromium  # noqa: E402

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PEOPLE = 20
LOADS = 5
QUESTIONS = (
    "When did Russia recognize South Ossetia?",
    "Who signed the treaties?",
    "Which country followed Russia in recognizing the two regions?",
    "For how long did Moscow suspend peacekeeping operations with NATO?",
    "Who is South Ossetia's ambassador to Abkhazia?",
    "What did Lavrov say about relations with NATO?",
    "What did Putin tell Aliyev?",
    "Which regions broke away from Georgia?",
)

OBSERVE = """() => {
  window.shift = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
  }).observe({type: 'layout-shift', buffered: true});
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.largest = entry.startTime;
  }).observe({type: 'largest-contentful-paint', buffered: true});
}"""

ASK = """question => new Promise(done => {
  const box = document.querySelector('#dl-question-box textarea');
  const count = () => document.querySelectorAll('.dl-answer').length;
  const before = count();
  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set.call(box, question);
  box.dispatchEvent(new InputEvent('input', {bubbles: true}));
  const asked = () => document.querySelectorAll('.dl-question').length;
  const already = asked();
  let start;
  // Gradio lets an event wait for the one before to be over, which an answer comes just before.
  const press = () => {
    start = performance.now();
    const key = {key: 'Enter', code: 'Enter', keyCode: 13, bubbles: true, cancelable: true};
    for (const type of ['keydown', 'keypress', 'keyup']) {
      box.dispatchEvent(new KeyboardEvent(type, key));
    }
    setTimeout(() => { if (asked() === already) press(); }, 2000);
  };
  requestAnimationFrame(() => {
    new MutationObserver((_, observer) => {
      if (count() > before) {
        observer.disconnect();
        requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
      }
    }).observe(document.body, {childList: true, subtree: true});
    press();
  });
})"""


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="times each question is asked")
    options = parser.parse_args()
    path = find_chromium()
    if path is None:
        sys.exit(HOW_TO)
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        chat = running_chat(folder / "library", folder / "log", paths=[ROOT / "seeds"])
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu"]
        )
        with chat as url:
            first = measure_answers(browser, url, 1)["p50_ms"]
            result = {
                "revision": find_revision(),
                "machine": describe_machine(),
                "versions": list_versions(),
                "first_answer_of_the_server_ms": first,
                "answer_painted": measure_answers(browser, url, options.rounds),
                "loads": measure_loads(browser, url),
                "people_at_once": measure_people(url),
            }
            browser.close()
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=2))


def summarize(milliseconds: list[float]) -> dict[str, float]:
    """Count, median and 95th percentile."""
    ordered = sorted(milliseconds)
    last = ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]
    return {
        "n": len(ordered),
        "p50_ms": round(statistics.median(ordered), 1),
        "p95_ms": round(last, 1),
    }


def measure_answers(browser: "Browser", url: str, rounds: int) -> dict[str, float]:
    """From Enter to the painted answer, in one visit a round."""
    times = []
    for _ in range(rounds):
        page = browser.new_page()
        page.goto(url)
        page.locator("#dl-question-box textarea").wait_for()
        page.locator("#dl-sources .dl-pane").wait_for()
        times += [page.evaluate(ASK, question) for question in QUESTIONS]
        page.close()
    return summarize(times)


def measure_loads(browser: "Browser", url: str) -> dict[str, Any]:
    """The largest contentful paint of cold loads, and the shift of each visit with one answer."""
    paints, shifts = [], []
    for _ in range(LOADS):
        page = browser.new_context().new_page()
        page.goto(url)
        page.locator("#dl-question-box textarea").wait_for()
        page.locator("#dl-sources .dl-pane").wait_for()
        page.evaluate(OBSERVE)
        page.wait_for_function("window.largest > 0")
        paints.append(page.evaluate("window.largest"))
        page.evaluate(ASK, QUESTIONS[0])
        shifts.append(page.evaluate("window.shift"))
        page.context.close()
    return {
        "largest_contentful_paint": summarize(paints),
        "most_layout_shift": round(max(shifts), 4),
    }


def measure_people(url: str) -> dict[str, Any]:
    """How long each of twenty people waits who ask at the same time, and whose answer they get."""
    from gradio_client import Client

    def connect(_: int) -> "Client":
        return Client(url, verbose=False, analytics_enabled=False, httpx_kwargs={"timeout": 60})

    with ThreadPoolExecutor(PEOPLE) as pool:
        clients = list(pool.map(connect, range(PEOPLE)))

        def ask(person: int) -> tuple[float, bool]:
            question = QUESTIONS[person % len(QUESTIONS)]
            begun = time.perf_counter()
            answer = clients[person].predict(question, api_name="/ask")
            return (time.perf_counter() - begun) * 1000, answer["question"] == question

        replies = list(pool.map(ask, range(PEOPLE)))
    return {
        "people": PEOPLE,
        **summarize([wait for wait, _ in replies]),
        "own_answer": all(own for _, own in replies),
    }


if __name__ == "__main__":
    main()
