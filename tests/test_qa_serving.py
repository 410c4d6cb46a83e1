"""What reaches the port does not reach the machine: files, network, other users and sites."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from chat_server import running_chat
from conftest import ChatServer

from index import Article, Library
from index.settings import Settings

pytestmark = pytest.mark.process

ROOT = Path(__file__).parent.parent
SECRET = "the-secret-of-this-machine"
STREAM_SECONDS = 20


@pytest.fixture(scope="module")
def chat(
    serve_chat: Callable[..., ChatServer], tmp_path_factory: pytest.TempPathFactory
) -> ChatServer:
    file = tmp_path_factory.mktemp("articles") / "harbour.txt"
    file.write_text("Harbour bridge reopens\n\nThe harbour bridge reopened on Friday.\n")
    return serve_chat(file, encoder="test")


@pytest.fixture
def client(chat: ChatServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=chat.url, headers=chat.headers, timeout=STREAM_SECONDS) as opened:
        yield opened


@pytest.fixture
def secrets(chat: ChatServer, tmp_path: Path) -> Iterator[list[Path]]:
    """Files with a secret outside and inside the working, temporary and library folders."""
    outside = Path.home() / ".dateline-test-secret.txt"
    inside = [ROOT / "dateline-test-secret.txt", tmp_path / "s.txt", chat.library / "secret.txt"]
    files = [outside, *inside]
    for file in files:
        file.write_text(SECRET)
    yield [*files, chat.library / "library.db", Path("/proc/self/environ")]
    for file in files:
        file.unlink()


def name_file(path: object, **more: object) -> dict[str, object]:
    """What Gradio takes for a file."""
    return {"path": str(path), "meta": {"_type": "gradio.FileData"}, **more}


def list_bodies(config: dict[str, Any], file: object) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every event of the page by every route that takes one, with a file for each input."""
    for event in config["dependencies"]:
        data = [file] * max(1, len(event["inputs"]))
        body = {"data": data, "fn_index": event["id"], "session_hash": "s"}
        names = {event["api_name"] or "predict", "predict"}
        yield "queue/join", {**body, "event_data": {"value": file}}
        for name in sorted(names):
            for route in ("run", "api", "call", "call/v2"):
                yield f"{route}/{name}", body
    for component in config["components"]:
        for name in component["props"].get("server_fns") or ():
            yield (
                "component_server/",
                {
                    "data": {"library": file, "nested": [file]},
                    "component_id": component["id"],
                    "fn_name": name,
                    "session_hash": "s",
                },
            )


@pytest.mark.slow
def test_no_event_takes_a_file_and_none_comes_out(
    client: httpx.Client, chat: ChatServer, secrets: list[Path]
) -> None:
    config = client.get("/config").json()
    tried = set()
    for path in secrets:
        for route, body in list_bodies(config, name_file(path)):
            if path != secrets[0] and route not in ("queue/join", "component_server/"):
                continue
            tried.add(route.split("/")[0])
            reply = client.post(f"/gradio_api/{route}", json=body)
            assert reply.status_code == 403, (route, reply.text[:200])
            assert "names no file" in reply.json()["error"]
    assert tried == {"queue", "run", "api", "call", "component_server"}
    assert chat.log.read_text() == ""


@pytest.mark.parametrize(
    "file",
    [
        {"path": "FILE"},
        {"path": "FILE", "url": "http://example.invalid/", "orig_name": "a"},
        {"url": "FILE"},
        {"file": {"path": "FILE"}},
        [[{"role": "user", "content": {"path": "FILE", "alt_text": "a"}}]],
        {"a": [{"b": {"meta": {"_type": "gradio.FileData"}}}]},
    ],
)
def test_whatever_gradio_could_take_for_a_file_is_refused(
    client: httpx.Client, secrets: list[Path], file: Any
) -> None:
    named = json.loads(json.dumps(file).replace("FILE", str(secrets[0])))
    body = {"data": [named], "fn_index": 0, "session_hash": "s"}
    assert client.post("/gradio_api/queue/join", json=body).status_code == 403


def test_gradio_itself_gives_no_file_either(tmp_path: Path) -> None:
    """The second wall: with nothing before it, Gradio refuses what was not uploaded to it."""
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    unguarded = "from qa.serving import page_routes\npage_routes.names_file = lambda event: False"
    library, log = tmp_path / "library", tmp_path / "log"
    with (
        running_chat(library, log, settings={"encoder": "test"}, before=unguarded) as url,
        httpx.Client(base_url=url, timeout=STREAM_SECONDS) as client,
    ):
        for event in client.get("/config").json()["dependencies"]:
            data = [name_file(secret)] * max(1, len(event["inputs"]))
            body = {"data": data, "fn_index": event["id"], "session_hash": "s"}
            reply = client.post("/gradio_api/run/predict", json=body)
            assert not re.search(r"/gradio_api/file=|gradio/[0-9a-f]{40}", reply.text)


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=FILE",
        "/gradio_api/file/FILE",
        "/file=FILE",
        "/gradio_api/upload_progress?upload_id=a",
        "/gradio_api/proxy=https://example.invalid/a",
        "/gradio_api/stream/a/1/2/playlist.m3u8",
        "/gradio_api/custom_component/a/b/c/d",
        "/gradio_api/deep_link",
        "/gradio_api/openapi.json",
        "/gradio_api/dev/reload",
        "/gradio_api/vibe-code",
        "/gradio_api/runs",
        "/static/../../pyproject.toml",
        "/assets/%2e%2e/%2e%2e/pyproject.toml",
        "/monitoring",
        "/login_check",
        "//gradio_api/file=FILE",
    ],
)
def test_only_the_page_s_own_routes_are_there(
    client: httpx.Client, secrets: list[Path], path: str
) -> None:
    for secret in secrets[:3]:
        reply = client.get(path.replace("FILE", str(secret)))
        assert reply.status_code == 404
        assert SECRET not in reply.text
    for way in ("upload", "process_recording", "vibe-edit", "stream/a"):
        assert client.post(f"/gradio_api/{way}", json={}).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=http://example.invalid/a",
        "/gradio_api/file=https://example.invalid/a",
        "/gradio_api/file=//example.invalid/a",
        "/gradio_api/proxy=http://example.invalid/a",
        "/gradio_api/proxy=https://a.hf.space/a",
        "/?view=api&deep_link=http://example.invalid",
    ],
)
def test_no_request_makes_the_server_call_out(
    client: httpx.Client, chat: ChatServer, path: str
) -> None:
    for method in ("GET", "HEAD"):
        client.request(method, path)
    event = {"data": [name_file("http://example.invalid/a")], "fn_index": 0, "session_hash": "s"}
    client.post("/gradio_api/queue/join", json=event)
    assert chat.log.read_text() == ""


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[1]", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"\xff\xfe\x00", "application/json", 400),
        (b"data=1", "application/x-www-form-urlencoded", 415),
        (b"--a\r\n", "multipart/form-data; boundary=a", 415),
        (b"", "", 415),
        (b'"' + b"a" * 8_000_001 + b'"', "application/json", 413),
    ],
)
def test_an_event_is_a_json_object_of_bounded_size(
    client: httpx.Client, body: bytes, kind: str, status: int
) -> None:
    for route in ("queue/join", "component_server/", "run/predict"):
        reply = client.post(
            f"/gradio_api/{route}", content=body, headers={"content-type": kind} if kind else {}
        )
        assert (reply.status_code, list(reply.json())) == (status, ["error"])


MARKED = "\ue000key\ue002name=$<form action=http://evil.example><input name=q></form>\ue001"


def test_no_text_of_an_article_is_taken_for_a_mark_of_the_page(tmp_path: Path) -> None:
    """Put into the store as it is, as an earlier version did."""
    broken = "\ue000\ue002\ue002name\ue001 \ue000count.articles\ue002count=#none\ue001"
    titles = [(MARKED, "NTB"), (broken, broken), ("Plain", MARKED), ("\ue001\ue000", "\\ue000")]
    settings = Settings(library=tmp_path / "library", encoder="test")
    with Library.open(settings.library, settings=settings, create=True) as library:
        library.add(
            Article(str(n), title, f"The bridge {n} reopened.", source, None, "en", f"{n:064}")
            for n, (title, source) in enumerate(titles)
        )
    with running_chat(settings.library, tmp_path / "log", settings={"encoder": "test"}) as url:
        page, config = httpx.get(url), httpx.get(f"{url}/config")
    assert (page.status_code, config.status_code) == (200, 200)
    assert "<form action" not in page.text
    shown = next(
        item["props"]["placeholder"]
        for item in config.json()["components"]
        if item["props"].get("elem_id") == "dl-conversation"
    )
    assert "4 articles" in shown
    assert "Plain" in shown
    assert not set("\ue000\ue001\ue002") & set(shown)


def test_what_metadata_names_is_stored_without_marks(tmp_path: Path) -> None:
    from index.articles.reading import read_articles

    record = {"_id": "a", "title": f"Bridge{MARKED}", "source": f"NTB{MARKED}", "text": "It is."}
    (tmp_path / "a.jsonl").write_text(json.dumps(record))
    (tmp_path / "b.txt").write_text("Ferry\n\nThe ferry sails.\n")
    table = "file_location,title,source\nb.txt,Fer\ue000ry,N\ue001TB\n"
    (tmp_path / "list.csv").write_text(table)
    paths = [tmp_path / "a.jsonl", tmp_path / "b.txt"]
    read = list(read_articles(paths, manifest=tmp_path / "list.csv"))
    articles = [item for item in read if isinstance(item, Article)]
    named = "".join(item.title + item.source for item in articles)
    assert not set("\ue000\ue001\ue002") & set(named)
    assert [item.source[:3] for item in articles] == ["NTB", "NTB"]
    assert [item.title[:6] for item in articles] == ["Bridge", "Ferry"]


FOREIGN = ["http://127.0.0.1:9999", "http://localhost:9999", "https://evil.example", "null"]


@pytest.mark.parametrize("origin", FOREIGN)
def test_pages_of_other_origins_read_nothing(client: httpx.Client, origin: str) -> None:
    for path in ("/", "/config", "/gradio_api/queue/data?session_hash=s", "/api/info"):
        reply = client.get(path, headers={"origin": origin})
        assert reply.status_code == 403
        assert not [name for name in reply.headers if name.startswith("access-control-")]
    flight = {"origin": origin, "access-control-request-method": "POST"}
    reply = client.options("/gradio_api/queue/join", headers=flight)
    assert reply.status_code == 403
    assert not [name for name in reply.headers if name.startswith("access-control-")]


def test_no_reply_allows_another_origin_to_read_it(client: httpx.Client, chat: ChatServer) -> None:
    for path in ("/", "/config", "/theme.css", "/gradio_api/info"):
        reply = client.get(path, headers={"origin": chat.url})
        assert reply.status_code == 200
        assert not [name for name in reply.headers if name.startswith("access-control-")]


@pytest.mark.parametrize(
    ("fetched", "status"),
    [
        ({"site": "same-origin", "mode": "cors", "dest": "empty"}, 200),
        ({"site": "none", "mode": "navigate", "dest": "document"}, 200),
        ({"site": "cross-site", "mode": "navigate", "dest": "document"}, 200),
        ({"site": "same-site", "mode": "navigate", "dest": "document"}, 200),
        ({"site": "same-site", "mode": "no-cors", "dest": "script"}, 403),
        ({"site": "same-site", "mode": "cors", "dest": "empty"}, 403),
        ({"site": "cross-site", "mode": "no-cors", "dest": "image"}, 403),
        ({"site": "cross-site", "mode": "navigate", "dest": "iframe"}, 403),
    ],
)
def test_other_sites_may_link_here_and_no_more(
    client: httpx.Client, fetched: dict[str, str], status: int
) -> None:
    headers = {f"sec-fetch-{name}": value for name, value in fetched.items()}
    assert client.get("/api/info", headers=headers).status_code == status
    if "same-origin" not in fetched.values() and "none" not in fetched.values():
        asked = client.post("/api/ask", json={"question": "Who?"}, headers=headers)
        assert asked.status_code == 403


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:PORT", 200),
        ("localhost:9000", 200),
        ("LOCALHOST", 200),
        ("[::1]:80", 200),
        ("127.0.0.1:PORT, evil.example", 400),
        ("127.0.0.1:PORT.evil.example", 400),
        ("evil.example", 400),
        ("user@127.0.0.1", 400),
        ("127.0.0.1:PORT/evil", 400),
        ("localhost.evil.example:PORT", 400),
        ("127.0.0.1:", 400),
        ("127.0.0.2", 400),
    ],
)
def test_hosts_are_compared_whole(
    client: httpx.Client, chat: ChatServer, host: str, status: int
) -> None:
    named = host.replace("PORT", chat.url.rpartition(":")[2])
    assert client.get("/api/info", headers={"host": named}).status_code == status
