"""Who gets in: addresses for others, the token, and what those are told who have none."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from chat_server import running_chat
from conftest import ChatServer

from index.errors import SettingsError
from index.settings import Settings

pytestmark = pytest.mark.process

ROOT = Path(__file__).parent.parent
TOKEN = "a-token-that-only-we-know"


@pytest.fixture(scope="module")
def chat(
    serve_chat: Callable[..., ChatServer], tmp_path_factory: pytest.TempPathFactory
) -> ChatServer:
    file = tmp_path_factory.mktemp("articles") / "harbour.txt"
    file.write_text("Harbour bridge reopens\n\nThe harbour bridge reopened on Friday.\n")
    return serve_chat(file, encoder="test")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "example.invalid"])
def test_an_address_for_others_has_to_be_meant(
    dateline: Callable[..., Any], articles: Path, host: str
) -> None:
    dateline("add", articles)
    called = dateline("serve", "--host", host, "--port", 0)
    assert called.code == 1
    assert "everybody who reaches it may read and remove everything" in called.err
    assert "--open" in called.err
    assert len(called.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("options", "told", "status"),
    [
        (["--host", "0.0.0.0", "--open"], "everybody who reaches it may read and remove", 200),
        (["--no-token"], "", 200),
        ([], "", 401),
    ],
)
def test_the_command_says_who_may_call(
    tmp_path: Path, articles: Path, options: list[str], told: str, status: int
) -> None:
    config = tmp_path / "dateline.toml"
    config.write_text('encoder = "test"\nsystem = "hybrid"\n')
    process = subprocess.Popen(
        [sys.executable, "-c", "from qa.serving.cli import main; main()", "serve", "--port", "0"]
        + ["--library", str(tmp_path / "library"), *options],
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ | {"DATELINE_CONFIG": str(config)},
    )
    try:
        assert process.stderr
        lines = [process.stderr.readline()]
        while "Dateline is at" not in lines[-1]:
            assert lines[-1], "the command ended"
            lines.append(process.stderr.readline())
        assert told in "".join(lines)
        address = lines[-1].split()[3].replace("0.0.0.0", "127.0.0.1")
        base = address.partition("/?")[0]
        for path in ("/", "/api/info", "/config"):
            assert httpx.get(base + path).status_code == status
        if status == 401:
            with httpx.Client() as browser:
                page = browser.get(address, headers={"accept": "text/html"}, follow_redirects=True)
                assert page.status_code == 200
                assert "token" not in str(page.url)
                assert browser.get(f"{base}/api/info").status_code == 200
    finally:
        process.terminate()
        process.communicate(timeout=20)


PATHS = ["/", "/config", "/api/info", "/api/docs", "/assets/a.js", "/gradio_api/queue/data", "/mcp"]


def test_nobody_gets_in_without_the_token(chat: ChatServer) -> None:
    wrong: tuple[dict[str, str], ...] = (
        {},
        {"authorization": "Bearer wrong"},
        {"authorization": f"Basic {chat.token}"},
        {"cookie": f"{name_cookie(chat)}=wrong"},
        {"cookie": f"dateline-token-1={chat.token}"},
        {"authorization": "Bearer"},
    )
    for headers in wrong:
        for path in PATHS:
            assert httpx.get(chat.url + path, headers=headers).status_code == 401
        asked = httpx.post(f"{chat.url}/api/ask", json={"question": "Who?"}, headers=headers)
        assert asked.status_code == 401
        assert "printed when it started" in asked.json()["error"]
        removed = httpx.delete(f"{chat.url}/api/articles/harbour.txt", headers=headers)
        assert removed.status_code == 401
    assert httpx.get(f"{chat.url}/?token=wrong").status_code == 401


def name_cookie(chat: ChatServer) -> str:
    return f"dateline-token-{chat.url.rpartition(':')[2]}"


def test_the_token_lets_in_as_header_address_or_cookie(chat: ChatServer) -> None:
    for headers in (chat.headers, {"cookie": f"{name_cookie(chat)}={chat.token}"}):
        assert httpx.get(f"{chat.url}/api/info", headers=headers).status_code == 200
    query = {"token": chat.token, "question": "Which bridge reopened on Friday? Ærø & co"}
    reply = httpx.get(f"{chat.url}/api/ask", params=query)
    assert reply.status_code == 200
    assert reply.json()["question"] == query["question"]


def test_the_printed_address_leaves_no_token_in_the_browser_s_history(chat: ChatServer) -> None:
    reply = httpx.get(f"{chat.address}&q=a", headers={"accept": "text/html"})
    assert (reply.status_code, reply.headers["location"]) == (303, "/?q=a")
    cookie = reply.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    away = httpx.get(
        f"{chat.url}//evil.example/?token={chat.token}", headers={"accept": "text/html"}
    )
    assert not away.headers.get("location", "").startswith("//")


def test_headers_of_any_length_are_read_at_once() -> None:
    """Anybody may send them; matching that looked at each sign again would take hours for these."""
    from qa.chat.texts import choose_language, read_cookie

    for asked in ("en" + " " * 1_000_000 + "x", "a-" * 1_000_000, ";" * 1_000_000):
        assert choose_language({"accept-language": f"{asked}, ru"}, {}) == "ru"
    cookies = 'a="' + "\\" * 1_000_000 + '"; name=value; name=other'
    assert read_cookie(cookies, "name") == "value"
    assert read_cookie(cookies, "none") == ""


def test_who_is_not_known_names_no_path(tmp_path: Path) -> None:
    (tmp_path / "questions.jsonl").write_text('{"id": "a", "question": "Who?", "answers": []}\n')
    for token in ("off", TOKEN):
        settings = {"encoder": "test", "system": "hybrid", "token": token}
        with (
            running_chat(
                tmp_path / token / "library", tmp_path / f"{token}.log", settings=settings
            ) as url,
            httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}) as client,
        ):
            components = client.get("/config").json()["components"]
            tab = next(c for c in components if c["props"].get("elem_id") == "dl-evaluate")
            data = {"data": {"kind": "path", "location": str(tmp_path / "questions.jsonl")}}
            body = {"component_id": tab["id"], "session_hash": "s", "data": data}
            reply = client.post(
                "/gradio_api/component_server/", json={**body, "fn_name": "start_evaluation"}
            ).json()
            assert ("its own machine alone" in reply.get("error", "")) is (token == "off")


def test_the_browser_is_started_without_the_token_in_its_arguments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qa.serving.server import show_page

    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    show_page(f"http://127.0.0.1:7860/?token={TOKEN}", str(tmp_path))
    assert opened == [(tmp_path / "open.html").as_uri()]
    assert f"url=http://127.0.0.1:7860/?token={TOKEN}" in (tmp_path / "open.html").read_text()


def test_who_opens_the_page_without_the_token_is_told_in_their_language(chat: ChatServer) -> None:
    reply = httpx.get(chat.url, headers={"accept": "text/html", "accept-language": "ru"})
    assert reply.status_code == 401
    assert "Откройте адрес" in reply.text
    assert "default-src 'self'" in reply.headers["content-security-policy"]


@pytest.mark.parametrize("token", ["short", "with spaces in it, long", "ünïcödé-ünïcödé-ü"])
def test_a_token_that_could_be_guessed_is_refused(token: str) -> None:
    with pytest.raises(SettingsError, match="fewer than 16") as refused:
        Settings(token=token)
    assert token not in str(refused.value)
    assert TOKEN not in repr(Settings(token=TOKEN))


def test_each_start_makes_a_token_of_its_own() -> None:
    from qa.serving.access import choose_token

    first, second = (choose_token("", local=True) for _ in range(2))
    assert first != second
    assert len(first) >= 32
    assert choose_token("off", local=True) == choose_token("", local=False) == ""
    assert choose_token(TOKEN, local=False) == TOKEN
