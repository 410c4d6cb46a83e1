"""Follow-ups and kept conversations in a real browser: carried words, topics, history."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ChatServer, Visit
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

Open = Callable[..., Visit]
TITLE = "Bridge <img src=x onerror='window.hacked=1'> reopens"
BRIDGE = (
    f"{TITLE}\n\nThe harbour bridge in Veldam reopened on 6 May 2019 after repairs.\n\n"
    "The harbour bridge cost 42 million crowns, the <b>city</b> council said.\n"
)
TUNNEL = (
    "Tunnel opens\n\nThe Ormond Tunnel opened on 2 June 2021 under the river.\n\n"
    "Fishermen said that the herring would not come back before the spring.\n"
)
FIRST = "When did the harbour bridge in Veldam reopen?"
ABOUT = "did the harbour bridge in Veldam reopen"
MEANT = f"How much did it cost? ({ABOUT})"


@pytest.fixture
def chat(stock_chat: Callable[..., ChatServer], tmp_path: Path) -> ChatServer:
    (tmp_path / "bridge.txt").write_text(BRIDGE, encoding="utf-8")
    (tmp_path / "tunnel.txt").write_text(TUNNEL, encoding="utf-8")
    return stock_chat(tmp_path / "bridge.txt", tmp_path / "tunnel.txt")


def check_access(page: Page) -> None:
    from axe_playwright_python.sync_playwright import Axe

    found = [
        (item["id"], [node["html"] for node in item["nodes"]])
        for item in Axe().run(page).response["violations"]
        if item["impact"] in ("serious", "critical")
    ]
    assert found == []


def test_carried_words_are_shown_and_taken_away(visit: Open, chat: ChatServer) -> None:
    seen = visit(chat)
    page = seen.page
    seen.ask(FIRST)
    seen.ask("How much did it cost?")
    understood = page.locator(".dl-understood")
    expect(understood.locator("q")).to_have_text(MEANT)
    expect(page.locator("#dl-sources .dl-pane")).to_contain_text(MEANT)
    chip = understood.get_by_role("button", name=f"Ask again without {ABOUT}")
    check_access(page)
    chip.press("Enter")
    expect(understood).to_contain_text("Asked as it was typed")
    expect(page.locator("#dl-sources .dl-pane")).to_contain_text("How much did it cost?")
    understood.get_by_role("button", name="Carry over everything again").press("Enter")
    expect(understood.locator("q")).to_have_text(MEANT)
    assert page.locator(".dl-question").count() == 2
    page.get_by_role("button", name="New topic").press("Enter")
    expect(page.get_by_role("separator")).to_contain_text("New topic")
    expect(page.get_by_label("Your question")).to_be_focused()
    seen.ask("Why?")
    expect(understood).to_have_count(1)
    assert seen.complaints == []


def test_a_conversation_is_kept_and_made_anew(
    visit: Open, chat: ChatServer, tmp_path: Path
) -> None:
    from index import Library
    from index.settings import Settings

    seen = visit(chat, viewport={"width": 390, "height": 844}, accept_downloads=True)
    page = seen.page
    seen.ask(FIRST)
    seen.ask("And the Ormond Tunnel?")
    answers = page.locator(".dl-answer").all_inner_texts()
    page.reload()
    page.locator("#dl-sources .dl-pane").wait_for()
    panel = page.get_by_role("dialog", name="History")
    page.get_by_role("button", name="History").press("Enter")
    row = panel.locator("li")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("2 questions")
    check_access(page)
    # Renamed: what is typed is text, here and in files.
    name = "<img src=x onerror='window.hacked=1'> of Veldam"
    panel.get_by_role("button", name="Rename").press("Enter")
    panel.get_by_role("textbox").fill(name)
    panel.get_by_role("textbox").press("Enter")
    expect(row.get_by_role("button", name=name, exact=True)).to_be_focused()
    # Deleted, and taken back.
    panel.get_by_role("button", name="Delete").press("Enter")
    expect(row).to_have_count(0)
    panel.get_by_role("button", name="Undo").press("Enter")
    expect(row).to_have_count(1)
    # Exported, with where each quote stands.
    for label, suffix in (("Markdown", ".md"), ("HTML", ".html"), ("JSON", ".json")):
        with page.expect_download() as download:
            panel.get_by_role("button", name=f"Save as {label}").press("Enter")
        assert download.value.suggested_filename.endswith(suffix)
        text = Path(download.value.path()).read_text("utf-8")
        assert "The harbour bridge in Veldam reopened on" in text
        markup = text.replace("\\<", "")  # what Markdown escapes
        assert "<img" not in markup or suffix == ".json"
        if suffix == ".json":
            citation = json.loads(text)["turns"][0]["answer"]["citations"][0]
            assert BRIDGE[citation["start"] : citation["end"]] == citation["quote"]
    # Opened after one of its articles went away: quoted as then, and said so.
    settings = Settings(library=chat.library, encoder="test")
    with Library.open(chat.library, settings=settings) as library:
        library.remove(["bridge.txt"])
    row.get_by_role("button", name=name, exact=True).press("Enter")
    expect(page.locator(".dl-answer")).to_have_count(2)
    first = page.locator(".dl-answer").first
    expect(first).to_contain_text("Source removed or changed: [1]")
    expect(first).to_contain_text(answers[0].splitlines()[0].split("[")[0].strip())
    expect(page.locator(".dl-understood q")).to_have_text(f"And the Ormond Tunnel? ({FIRST})")
    first.locator(".dl-cite").first.press("Enter")
    card = page.locator(".dl-card.is-current")
    expect(card).to_contain_text("source removed")
    expect(card.locator("mark.dl-quote")).to_contain_text("reopened on 6 May 2019")
    card.locator(".dl-open").press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("removed from the library")
    page.keyboard.press("Escape")
    # Going on goes on in the same conversation, from its last turn.
    seen.ask("Why?")
    expect(page.locator(".dl-understood q").last).to_contain_text("Why? (And the Ormond Tunnel)")
    page.get_by_role("button", name="History").press("Enter")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("3 questions")
    assert page.evaluate("window.hacked") is None
    assert seen.complaints == []


def test_what_a_browser_kept_is_checked_and_bounded(visit: Open, chat: ChatServer) -> None:
    seen = visit(chat)
    page = seen.page
    seen.ask(FIRST)
    page.evaluate(
        """() => {
          const [key] = Object.keys(localStorage).filter((name) => name.includes("-talk-"));
          const good = JSON.parse(localStorage[key]);
          const put = (id, change) => {
            const copy = structuredClone(good);
            change(copy);
            localStorage["dateline-talk-" + id] = JSON.stringify({ ...copy, id });
          };
          put("torn", (talk) => { talk.title = "Torn"; delete talk.turns[0].answer.citations; });
          put("false", (talk) => {
            talk.title = "False";
            const answer = talk.turns[0].answer;
            answer.text = "<img src=x onerror='window.hacked=1'>";
            answer.citations[0].quote = "<script>window.hacked=1</script>";
            answer.citations[0].article = "../../etc/passwd";
          });
          localStorage["dateline-talk-bad"] = "{";
          for (let number = 0; number < 3; number++) {
            put("old" + number, (talk) => {
              talk.title = "Old " + number;
              talk.changed = "2001-01-0" + (number + 1) + "T00:00:00Z";
              talk.padding = "x".repeat(900000);
            });
          }
        }"""
    )
    panel = page.get_by_role("dialog", name="History")

    def open_talk(title: str) -> None:
        page.get_by_role("button", name="History").press("Enter")
        panel.get_by_role("button", name=title, exact=True).press("Enter")

    open_talk("Torn")
    expect(page.locator(".dl-error")).to_contain_text("cannot be read")
    open_talk("False")
    expect(page.locator(".dl-answer")).to_contain_text("<img src=x")
    expect(page.locator("#dl-sources mark.dl-quote")).to_contain_text("<script>")
    expect(page.locator("#dl-sources .dl-card").first).to_contain_text("source removed")
    seen.ask("Who said that?")
    page.get_by_role("button", name="History").press("Enter")
    expect(panel).to_contain_text("oldest conversation")
    assert panel.get_by_role("button", name="Old 0", exact=True).count() == 0
    assert page.evaluate("window.hacked") is None
    assert seen.complaints == []
