"""Take the pictures of ``docs/images`` from the running chat.

    python docs/screenshots.py

Starts the chat on the sample articles with the default settings, asks a question, and saves what
Chromium shows. Needs Chromium, as the browser tests do.
"""

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
sys.path.insert(0, str(ROOT / "tests"))

from chat_server import running_chat  # noqa: E402
from chromium import HOW_TO, find_chromium  # noqa: E402

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

QUESTION = "When did Russia recognize South Ossetia?"
COLOURS = 256
WIDE = {"width": 1280, "height": 860}
TALL = {"width": 1280, "height": 1120}
NARROW = {"width": 390, "height": 844}


def main() -> None:
    """Save every picture."""
    path = find_chromium()
    if path is None:
        sys.exit(HOW_TO)
    from playwright.sync_api import sync_playwright

    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        chat = running_chat(folder / "library", folder / "log", paths=[ROOT / "seeds"])
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu"]
        )
        with chat as url:
            take_pictures(browser, url)
            browser.close()


def take_pictures(browser: "Browser", url: str) -> None:
    """The answer in light, dark, Russian and on a phone; its article, timeline and the library."""
    # The first answer of a server waits for the models; the pictures show the usual one.
    ask(open_page(browser, url, viewport=WIDE))
    page = open_page(browser, url, viewport=WIDE)
    ask(page)
    save(page, "chat.png")
    page.locator(".dl-open").first.click()
    page.get_by_role("dialog").locator("mark.dl-quote").first.wait_for()
    save(page, "article.png")
    page.keyboard.press("Escape")
    page.locator(".dl-timeline summary").click()
    page.locator(".dl-line").wait_for()
    page.set_viewport_size(TALL)
    save(page, "timeline.png")
    page.set_viewport_size(WIDE)
    page.get_by_role("tab", name="Library").click()
    page.locator(".dl-list > li").first.wait_for()
    save(page, "library.png")
    page = open_page(browser, url, viewport=WIDE, color_scheme="dark")
    ask(page)
    save(page, "chat-dark.png")
    page = open_page(browser, url, viewport=WIDE, locale="ru")
    ask(page)
    save(page, "chat-russian.png")
    page = open_page(browser, url, viewport=NARROW, device_scale_factor=2, is_mobile=True)
    ask(page)
    save(page, "chat-phone.png")


def open_page(browser: "Browser", url: str, **options: Any) -> "Page":  # noqa: ANN401 - passed on
    """The chat as it greets a visitor."""
    page = browser.new_context(**{"locale": "en-GB"} | options, reduced_motion="reduce").new_page()
    page.goto(url)
    page.locator("#dl-sources .dl-pane").wait_for()
    return page


def ask(page: "Page") -> None:
    """Ask the question and wait until its answer is there."""
    box = page.locator("#dl-question-box textarea")
    box.fill(QUESTION)
    box.press("Enter")
    page.locator(".dl-answer").wait_for()


def save(page: "Page", name: str) -> None:
    """A PNG of what is in view, with as many colours as it needs."""
    from io import BytesIO

    from PIL import Image

    page.mouse.move(1, 1)
    taken = Image.open(BytesIO(page.screenshot(animations="disabled", caret="hide")))
    taken.convert("RGB").quantize(COLOURS).save(IMAGES / name, optimize=True)


if __name__ == "__main__":
    main()
