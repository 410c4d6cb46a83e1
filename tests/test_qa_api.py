"""The REST API: the command line's JSON over HTTP, one sentence for every error, nobody else's."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
from conftest import SEEDS, ChatServer
from serving import running_app

from index import Library
from index.settings import Settings

pytestmark = pytest.mark.process

ROOT = Path(__file__).parent.parent
QUESTION = "How many cables did engineers replace?"
BRIDGE = b"Footbridge opens\n\nThe footbridge over the harbour opened on Sunday, the mayor said.\n"


@pytest.fixture
def library(tmp_path: Path, articles: Path) -> Iterator[Library]:
    folder = tmp_path / "library"
    settings = Settings(library=folder, encoder="test", max_file_mb=1)
    with Library.open(folder, settings=settings, create=True, busy_seconds=0.1) as opened:
        opened.add_paths([articles])
        yield opened


@pytest.fixture
def http(library: Library) -> Iterator[httpx.Client]:
    """The API as it stands on the chat's server, without the page."""
    with serving(library) as client:
        yield client


class serving:  # noqa: N801 - reads as what it does
    """A client of a server with the API of a library."""

    def __init__(self, library: Library, assistant: Any = None) -> None:
        from fastapi import FastAPI

        from qa.assistant import Assistant
        from qa.serving.api import build_api
        from qa.serving.guard import Guard

        self.app = FastAPI(openapi_url=None)
        self.app.mount("/api", build_api(library, assistant or Assistant(library)))
        self.app.add_middleware(Guard, host="127.0.0.1")

    def __enter__(self) -> httpx.Client:
        self.running = running_app(self.app)
        self.client = httpx.Client(base_url=self.running.__enter__() + "/api", timeout=60)
        return self.client

    def __exit__(self, *error: object) -> None:
        self.client.close()
        self.running.__exit__(None, None, None)


def check_schema(http: httpx.Client, method: str, path: str, reply: object) -> None:
    """The reply is what the OpenAPI document says of it, and nothing beside that.

    Where an example of the documentation is not, ``python docs/api_examples.py`` makes it anew.
    """
    document = http.get("/openapi.json").json()
    operation = document["paths"][path][method.lower()]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    for shape in document["components"]["schemas"].values():
        shape["additionalProperties"] = False
    jsonschema.validate(reply, {**schema, "components": document["components"]})


def test_replies_are_what_the_command_line_prints_and_the_document_says(
    http: httpx.Client, dateline: Callable[..., Any]
) -> None:
    asked: dict[str, str | int] = {"question": QUESTION, "passages": 2}
    for method, path, query, command in (
        ("GET", "/ask", {**asked, "explain": True}, ("ask", QUESTION, "-k", 2)),
        ("GET", "/search", {"query": "ferry"}, ("search", "ferry")),
        ("GET", "/timeline", {"question": "bridge"}, ("timeline", "bridge")),
        ("GET", "/info", {}, ("info",)),
        ("GET", "/articles/harbour.txt", {}, ("show", "harbour.txt", "--passages")),
    ):
        reply = http.request(method, path, params=query).json()
        shown = re.sub(r"^/articles/.*", "/articles/{article}", path)
        check_schema(http, method, shown, reply)
        printed = dateline(*command, "--json").json
        for either in (reply, printed):
            either.pop("timings_ms", None)
            either.pop("cache_bytes", None)
        assert reply == printed, path
    answer = http.get("/ask", params=asked).json()
    assert "trace" not in answer
    citation = answer["citations"][0]
    text = http.get(f"/articles/{citation['article']}").json()["text"]
    assert text[citation["start"] : citation["end"]] == citation["quote"]
    assert "42 cables" in citation["quote"]
    posted = http.post("/ask", json=asked).json()
    assert posted | {"timings_ms": 0} == answer | {"timings_ms": 0}


def test_filters_and_systems_reach_the_answer(http: httpx.Client) -> None:
    ask = {"question": "Which bridge, ferry or library?", "system": "bm25"}
    of = http.post("/ask", json={**ask, "sources": ["NTB"]}).json()
    assert {item["article"] for item in of["passages"]} == {"harbour.txt"}
    assert http.get("/ask", params={**ask, "published_after": "2020"}).json()["passages"] == []
    sure = http.post("/ask", json={"question": QUESTION, "min_confidence": 1}).json()
    assert sure["status"] == "not_found"
    assert (
        http.get("/search?query=ferry&passages=1&system=dense").json()["passages"][0]["rank"] == 1
    )


def test_a_followup_is_understood_from_the_questions_before_it(http: httpx.Client) -> None:
    asked = {"question": "What about the city library?", "after": ["When did the ferry begin?"]}
    answer = http.post("/ask", json=asked).json()
    check_schema(http, "POST", "/ask", answer)
    assert answer["question"] == asked["question"]
    assert "library" in answer["followup"]["query"]
    assert "begin" in answer["followup"]["query"]
    assert http.post("/ask", json={**asked, "after": [" ?"]}).status_code == 422


def test_articles_are_listed_a_page_at_a_time(http: httpx.Client) -> None:
    page = http.get("/articles", params={"limit": 2, "order": "title"}).json()
    check_schema(http, "GET", "/articles", page)
    assert page["total"] == 3
    assert [item["id"] for item in page["articles"]] == ["library.txt", "harbour.txt"]
    rest = http.get("/articles", params={"limit": 2, "order": "title", "offset": 2}).json()
    assert [item["id"] for item in rest["articles"]] == ["ferry.txt"]
    found = http.get("/articles", params={"words": "NTB bridge"}).json()
    assert [item["id"] for item in found["articles"]] == ["harbour.txt"]
    assert http.get("/articles", params={"published_after": "2020"}).json()["total"] == 0


def test_files_are_uploaded_replaced_and_removed(http: httpx.Client, tmp_path: Path) -> None:
    files = [
        ("files", ("../../news/footbridge.txt", BRIDGE)),
        ("files", ("again.txt", BRIDGE)),
        ("files", ("broken.pdf", b"%PDF-1.7 but no more")),
    ]
    report = http.post("/articles", files=files).json()
    check_schema(http, "POST", "/articles", report)
    (name,) = report["added"]
    assert ".." not in name
    assert report["duplicates"] == [{"article": "again.txt", "same_as": name}]
    assert "broken.pdf" in report["skipped"][0]["reason"]
    assert str(tmp_path) not in json.dumps(report)
    newer = ("files", ("../../news/footbridge.txt", BRIDGE.replace(b"Sunday", b"Monday")))
    assert http.post("/articles", files=[newer]).json()["updated"] == [name]
    found = http.get("/search", params={"query": "footbridge mayor", "passages": 1}).json()
    assert "opened on Monday" in found["passages"][0]["text"]
    removed = http.delete(f"/articles/{name}")
    check_schema(http, "DELETE", "/articles/{article}", removed.json())
    assert removed.json() == {"removed": [name]}
    assert http.delete(f"/articles/{name}").status_code == 404


MISTAKES: tuple[tuple[str, str, dict[str, Any], int, str], ...] = (
    ("GET", "/ask", {}, 422, "question is missing"),
    ("GET", "/ask?question=%3F!", {}, 422, "The question is empty"),
    ("GET", "/ask?question=a&colour=red", {}, 422, "colour is not known"),
    (
        "GET",
        "/ask?question=a&passages=1000",
        {},
        422,
        "passages is '1000', but must be less",
    ),
    (
        "GET",
        "/ask?question=a&system=magic",
        {},
        422,
        "is 'magic', but must be dense, .* or hybrid",
    ),
    (
        "GET",
        "/ask?question=a&published_after=soon",
        {},
        422,
        "published_after is 'soon', which is no date",
    ),
    ("POST", "/ask", {"json": {"question": "x" * 10_001}}, 422, "at most 10000 characters"),
    ("POST", "/ask", {"json": ["question"]}, 422, "must be a JSON object"),
    ("POST", "/ask", {"content": '{"question": "a"}'}, 422, "content-type: application/json"),
    ("POST", "/ask", {"json": {"question": "x" * 1_100_000}}, 413, "larger than 1 MB"),
    ("POST", "/articles", {"files": {"files": b"x" * 2_100_000}}, 413, "larger than 2 MB"),
    ("POST", "/articles", {}, 422, "files is missing"),
    ("GET", "/articles/harbor.txt", {}, 404, "did you mean harbour.txt"),
    ("GET", "/articles?limit=0", {}, 422, "limit is '0'"),
    ("GET", "/nothing", {}, 404, "There is no /api/nothing"),
    ("DELETE", "/articles", {}, 405, "cannot be used with DELETE"),
)


def test_every_mistake_is_answered_with_one_sentence(http: httpx.Client) -> None:
    for method, path, sent, status, words in MISTAKES:
        reply = http.request(method, path, **sent)
        assert reply.status_code == status, reply.text
        assert set(reply.json()) == {"error"}
        assert re.search(words, reply.json()["error"]), reply.text
        assert len(reply.text) < 400


def test_bodies_that_are_malformed_or_grow_without_end_are_refused(http: httpx.Client) -> None:
    kind = {"content-type": "application/json"}
    broken = http.post("/ask", content=b'{"question": ', headers=kind)
    assert (broken.status_code, "not valid JSON" in broken.json()["error"]) == (400, True)
    endless = http.post("/ask", content=(b" " * 100_000 for _ in range(20)), headers=kind)
    assert (endless.status_code, "larger than 1 MB" in endless.json()["error"]) == (413, True)
    surrogate = http.post("/ask", content=rb'{"question": "\ud800?"}', headers=kind)
    assert (surrogate.status_code, set(surrogate.json())) == (422, {"error"})


def test_pages_of_other_sites_can_neither_read_nor_change_anything(http: httpx.Client) -> None:
    files, own = {"files": ("a.txt", BRIDGE)}, str(http.base_url).removesuffix("/api/")
    for headers in (
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": own, "sec-fetch-site": "cross-site"},
        {"origin": "http://localhost:1", "sec-fetch-site": "same-site"},
    ):
        reply = http.post("/articles", files=files, headers=headers)
        assert (reply.status_code, set(reply.json())) == (403, {"error"}), headers
    for host in ("evil.example", "127.0.0.1.evil.example", "127.0.0.1@evil.example", ""):
        reply = http.get("/ask", params={"question": QUESTION}, headers={"host": host})
        assert reply.status_code == 400, host
    assert http.get("/articles").json()["total"] == 3
    for headers in ({"origin": own}, {"origin": own, "sec-fetch-site": "same-origin"}):
        assert http.post("/ask", json={"question": QUESTION}, headers=headers).status_code == 200
    assert http.get("/health", headers={"host": "[::1]:7860"}).status_code == 200


def test_a_library_that_is_busy_or_gone_is_503_with_words(
    http: httpx.Client, library: Library
) -> None:
    assert http.get("/health").json()["status"] == "ok"
    with Library.open(library.path, settings=library.settings) as other, other._lock.held():
        busy = http.post("/articles", files={"files": ("a.txt", BRIDGE)})
        assert http.get("/ask", params={"question": QUESTION}).status_code == 200
    assert busy.status_code == 503
    assert "being written to" in busy.json()["error"]
    assert busy.headers["retry-after"] == "5"
    shutil.rmtree(library.path)
    for path in ("/health", "/info", f"/ask?question={QUESTION}", "/search?query=ferry",
                 "/timeline?question=ferry", "/articles", "/articles/ferry.txt"):  # fmt: skip
        reply = http.get(path)
        assert reply.status_code == 503, path
        assert "was removed" in reply.json()["error"]
    assert http.post("/articles", files={"files": ("a.txt", BRIDGE)}).status_code == 503
    assert not library.path.exists()


def test_a_fault_of_our_own_is_told_without_a_traceback(library: Library) -> None:
    class Broken:
        settings = library.settings

        def ask(self, *arguments: object, **options: object) -> None:
            raise RuntimeError("secret")

    with serving(library, Broken()) as http:
        reply = http.get("/ask", params={"question": QUESTION})
        assert reply.status_code == 500
        assert "a fault of its own" in reply.json()["error"]
        assert "secret" not in reply.text
        assert http.get("/health").status_code == 200


def test_the_documentation_loads_nothing_and_describes_everything(http: httpx.Client) -> None:
    page, document = http.get("/docs").text, http.get("/openapi.json").json()
    assert not re.search(r"<(script|link|img|iframe)|@import|url\(", page)
    assert not re.search(r"""(?:href|src)=["'](?:[a-z]+:)?//""", page)
    examples = 0
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert f"{method.upper()} /api{path}" in page
            assert operation["description"]
            for status, reply in operation["responses"].items():
                content = reply["content"]["application/json"]
                if status != "200":
                    assert content["schema"]["$ref"].endswith("/ErrorJson")
                elif "example" in content:
                    examples += 1
                    check_schema(http, method, path, content["example"])
    assert examples >= 9


def test_twenty_ask_while_others_upload_and_nobody_gets_anothers_answer(
    http: httpx.Client,
) -> None:
    def town(number: int) -> tuple[str, tuple[str, bytes]]:
        text = f"Town{number} elects Person{number} mayor\n\nPerson{number} won in Town{number}.\n"
        return "files", (f"town{number}.txt", text.encode())

    http.post("/articles", files=[town(number) for number in range(20)])
    stop = threading.Event()

    def upload() -> int:
        number = 20
        while not stop.is_set() or number < 60:
            reply = http.post("/articles", files=[town(number + item) for item in range(10)])
            assert reply.status_code in (200, 503), reply.text
            number += 10 if reply.status_code == 200 else 0
        return number

    def ask(number: int) -> None:
        question = f"Who was elected mayor of Town{number}?"
        answer = http.get("/ask", params={"question": question, "passages": 1}).json()
        assert answer["question"] == question
        assert f"Town{number}" in answer["passages"][0]["text"]
        for citation in answer["citations"]:
            text = http.get(f"/articles/{citation['article']}").json()["text"]
            assert text[citation["start"] : citation["end"]] == citation["quote"]

    with ThreadPoolExecutor(21) as pool:
        uploading = pool.submit(upload)
        for asked in [pool.submit(ask, number) for number in (*range(20), *range(20))]:
            asked.result()
        stop.set()
        last = uploading.result()
    assert http.get("/articles").json()["total"] == 3 + last


def test_the_example_clients_work_against_the_chat(
    serve_chat: Callable[..., ChatServer], articles: Path
) -> None:
    chat = serve_chat(SEEDS, encoder="test")

    def run(*arguments: object) -> str:
        command = [sys.executable, *map(str, arguments)]
        known = os.environ | {"DATELINE_TOKEN": chat.token}
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, check=True, env=known
        )
        return done.stdout

    question = "How many cables did engineers replace?"
    out = run("examples/client.py", question, "--url", chat.url, "--add", articles / "harbour.txt")
    assert "1 added, 0 skipped" in out
    assert "42 cables" in out
    assert "(exact)" in out
    assert "(not exact)" not in out
    assert "42 cables" in run("examples/gradio_ask.py", question, chat.url)
    assert chat.log.read_text() == ""
