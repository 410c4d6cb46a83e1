"""What articles, questions and other people at the same time cannot do to the chat's page."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from conftest import PATIENCE_MS, ChatServer, Visit
from playwright.sync_api import expect

if TYPE_CHECKING:
    from gradio_client import Client

pytestmark = pytest.mark.browser

Open = Callable[..., Visit]
PATIENT = {"timeout": PATIENCE_MS / 1000}

HOSTILE_ID = 'x"><img src=x onerror="window.hacked=1">'
HOSTILE_TITLE = "<script>window.hacked=1</script> Mayor\x1b[31m opens\x1b[0m \u202ebridge"
HOSTILE_TEXT = (
    "The mayor opened the <b onclick='window.hacked=1'>harbour bridge</b> on Friday morning. "
    "<img src=x onerror=window.hacked=1> cost ${window.hacked=1} and {{value}} kroner in all. "
    "</p></blockquote></article></section><h1>Broken page</h1> said the \u202eengineer\u202c "
    "\x1b]0;title\x07 who built the bridge. &lt;script&gt; is what the sign over it reads now."
)


@pytest.fixture(scope="module")
def hostile_chat(
    serve_chat: Callable[..., ChatServer], tmp_path_factory: pytest.TempPathFactory
) -> ChatServer:
    file = tmp_path_factory.mktemp("hostile") / "corpus.jsonl"
    record = {"_id": HOSTILE_ID, "title": HOSTILE_TITLE, "text": HOSTILE_TEXT}
    file.write_text(json.dumps(record) + "\n", encoding="utf-8")
    return serve_chat(file, encoder="test")


@pytest.fixture(scope="module")
def towns_chat(
    serve_chat: Callable[..., ChatServer], tmp_path_factory: pytest.TempPathFactory
) -> ChatServer:
    folder = tmp_path_factory.mktemp("towns")
    for number in range(20):
        (folder / f"town{number}.txt").write_text(
            f"Town{number} elects a mayor\n\nThe people of Town{number} elected Person{number} "
            f"as their mayor on Sunday, the council of Town{number} said.\n",
            encoding="utf-8",
        )
    return serve_chat(folder, encoder="test")


def test_markup_in_an_article_is_shown_and_never_run(visit: Open, hostile_chat: ChatServer) -> None:
    seen = visit(hostile_chat)
    page = seen.page
    seen.ask("Who opened the harbour bridge on Friday morning?")
    card = page.locator(".dl-card").first
    expect(card.locator("h3")).to_have_text("<script>window.hacked=1</script> Mayor opens bridge")
    passage = card.locator(".dl-passage").inner_text()
    assert "<b onclick='window.hacked=1'>harbour bridge</b>" in passage
    assert "${window.hacked=1} and {{value}} kroner" in passage
    assert "&lt;script&gt;" in passage
    card.locator(".dl-open").click()
    body = page.get_by_role("dialog").locator(".dl-body")
    expect(body).to_contain_text("<img src=x onerror=window.hacked=1>")
    assert page.locator("h1").count() == 1
    assert page.locator("#dl-sources img, #dl-sources script, dialog img").count() == 0
    shown = page.locator("body").inner_text()
    assert not {"\x1b", "\u202e", "\u202c"} & set(shown)
    assert page.evaluate("window.hacked") is None
    assert seen.complaints == []


def test_markup_in_a_question_is_shown_and_never_run(visit: Open, hostile_chat: ChatServer) -> None:
    seen = visit(hostile_chat)
    question = "Is <img src=x onerror=window.hacked=1> **bold** $x^2$ `code` [a](http://b.example)?"
    seen.ask(question)
    expect(seen.page.locator(".dl-question")).to_have_text(question)
    assert seen.page.evaluate("window.hacked") is None
    assert seen.complaints == []


def test_odd_questions_get_a_sensible_reply(visit: Open, hostile_chat: ChatServer) -> None:
    seen = visit(hostile_chat, viewport={"width": 390, "height": 800})
    ten_thousand = "Who opened the bridge? " * 450
    for question in (ten_thousand, "Кто открыл мост в пятницу?", "谁在星期五开放了大桥？"):
        assert seen.ask(question).inner_text().strip()
        assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for question in ("?!", "   "):
        expect(seen.ask(question)).to_contain_text("The question is empty")
    assert seen.complaints == []


def test_an_empty_library_teaches_how_to_add(
    visit: Open, stock_chat: Callable[..., ChatServer]
) -> None:
    seen = visit(stock_chat())
    welcome = seen.page.locator(".dl-welcome")
    expect(welcome).to_contain_text("Your library is empty")
    reply = seen.ask("Who opened the bridge?")
    expect(reply).to_contain_text("no articles yet")
    assert seen.complaints == []


def test_an_article_that_was_removed_is_said_to_be(
    visit: Open, stock_chat: Callable[..., ChatServer], articles: Path
) -> None:
    seen = visit(stock_chat(articles))
    seen.ask("When did the harbour bridge reopen after repairs?")
    stock_chat()
    seen.page.locator(".dl-open").first.click()
    view = seen.page.get_by_role("dialog")
    expect(view).to_contain_text("This source was removed from the library")
    assert seen.complaints == []


def test_two_tabs_keep_their_own_conversations(visit: Open, towns_chat: ChatServer) -> None:
    first, second = visit(towns_chat), visit(towns_chat)
    first.ask("Who was elected mayor of Town3?")
    second.ask("Who was elected mayor of Town7?")
    first.ask("Who was elected mayor of Town11?")
    expect(first.page.locator(".dl-question")).to_have_text(
        ["Who was elected mayor of Town3?", "Who was elected mayor of Town11?"]
    )
    expect(second.page.locator(".dl-question")).to_have_text(["Who was elected mayor of Town7?"])


def open_client(server: ChatServer) -> "Client":
    from gradio_client import Client

    return Client(
        server.url,
        verbose=False,
        analytics_enabled=False,
        headers=server.headers,
        httpx_kwargs=PATIENT,
    )


def test_twenty_people_at_once_each_get_their_own_answer(towns_chat: ChatServer) -> None:
    def ask(number: int) -> dict[str, Any]:
        client = open_client(towns_chat)
        question = f"Who did the people of Town{number} elect as mayor?"
        return dict(client.predict(question, api_name="/ask"))

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(ask, range(20)))
    for number, answer in enumerate(answers):
        assert answer["question"] == f"Who did the people of Town{number} elect as mayor?"
        assert answer["passages"][0]["article"] == f"town{number}.txt"
    assert towns_chat.log.read_text() == ""


def test_the_api_speaks_as_the_command_line_does(towns_chat: ChatServer) -> None:
    from gradio_client.exceptions import AppError

    client = open_client(towns_chat)
    answer = client.predict("Who did the people of Town5 elect as mayor?", api_name="/ask")
    filtered = client.predict(
        "Who is the mayor?", published_after="2019", sources=["NTB"], api_name="/ask"
    )
    assert filtered["passages"] == []
    with pytest.raises(AppError, match="“soon” under “Published from” is not a date"):
        client.predict("Who is the mayor?", published_after="soon", api_name="/ask")
    expected = {"question", "status", "text", "confidence", "date", "citations", "passages"}
    assert expected <= set(answer)
    names = client.view_api(return_format="dict", print_info=False)["named_endpoints"]
    assert set(names) == {"/ask"}


def test_another_sites_name_for_this_machine_is_refused(towns_chat: ChatServer) -> None:
    import httpx

    reply = httpx.get(towns_chat.url, headers=towns_chat.headers | {"host": "evil.example"})
    assert reply.status_code == 400
    policy = httpx.get(towns_chat.url, headers=towns_chat.headers).headers[
        "content-security-policy"
    ]
    assert policy.startswith("default-src 'self'")
