"""The tools for agents: what a model reads of them, exact quotes, only the protocol on the wire."""

import json
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client, StdioServerParameters, stdio_client
from mcp.types import CallToolResult, TextContent
from serving import running_app

from index import Library
from index.settings import Settings

pytestmark = pytest.mark.process

ROOT = Path(__file__).parent.parent
QUESTION = "How many cables did engineers replace?"
TOOLS = ["ask", "search", "read_article", "list_articles"]

# The command as an agent starts it, in a process that notes every address beyond this machine and
# prints where it should not.
SERVER = """
import sys
sys.path.insert(0, "tests")
from pathlib import Path
from chat_server import watch_network
watch_network(Path(sys.argv.pop(1)))
import qa.output.render
describe = qa.output.render.describe_article
def chatter(article, start=None):
    print("stray words")
    return describe(article, start)
qa.output.render.describe_article = chatter
from qa.serving.cli import main
main()
"""


@pytest.fixture
def library(tmp_path: Path, articles: Path) -> Iterator[Library]:
    folder = tmp_path / "library"
    settings = Settings(library=folder, encoder="test")
    with Library.open(folder, settings=settings, create=True) as opened:
        opened.add_paths([articles])
        yield opened


@pytest.fixture
def url(library: Library) -> Iterator[str]:
    """Where the tools are offered over HTTP, guarded as on the chat's server."""
    from fastapi import FastAPI

    from qa.assistant import Assistant
    from qa.serving.guard import Guard
    from qa.serving.mcp import mount_mcp

    app = FastAPI(openapi_url=None)
    mount_mcp(app, Assistant(library))
    app.add_middleware(Guard, host="127.0.0.1")
    with running_app(app) as address:
        yield f"{address}/mcp"


def say(result: CallToolResult) -> str:
    """What a tool tells the model."""
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


def speak(server: Any, dialogue: Callable[[Client], Awaitable[None]], **options: Any) -> None:
    """Hold a dialogue with a server as a real client does.

    In a thread of its own: the browser tests leave an event loop running in this one.
    """

    async def hold() -> None:
        async with Client(server, **options) as client:
            await dialogue(client)

    with ThreadPoolExecutor(1) as thread:
        thread.submit(anyio.run, hold).result()


def test_the_tools_explain_themselves_and_change_nothing(url: str) -> None:
    async def dialogue(client: Client) -> None:
        tools = (await client.list_tools()).tools
        assert [tool.name for tool in tools] == TOOLS
        for tool in tools:
            assert tool.description and len(tool.description) > 100
            assert tool.annotations and tool.annotations.read_only_hint
            assert tool.output_schema and tool.output_schema["properties"]
            for name, field in tool.input_schema["properties"].items():
                assert field.get("description") or name in ("question", "query"), name
        assert "not_found" in (tools[0].description or "")
        assert "exact quotes" in (client.instructions or "")
        assert (await client.list_resources()).resources == []
        assert (await client.list_prompts()).prompts == []

    speak(url, dialogue)
    speak(url, dialogue, mode="legacy")


def test_answers_quote_exactly_and_say_when_there_is_none(url: str, library: Library) -> None:
    async def dialogue(client: Client) -> None:
        found = await client.call_tool("ask", {"question": QUESTION})
        answer = found.structured_content
        assert answer and answer["status"] == "answered"
        citation = answer["citations"][0]
        text = library.article(citation["article"]).text
        assert text[citation["start"] : citation["end"]] == citation["quote"]
        shown = say(found)
        assert f"“{citation['quote']}”" in shown
        assert citation["title"] in shown
        missing = await client.call_tool("ask", {"question": "Zzyzx qwerty plugh?"})
        assert missing.structured_content and missing.structured_content["citations"] == []
        assert say(missing).startswith("Nothing in the library answers this.")
        found = await client.call_tool("search", {"query": "electric ferry", "limit": 1})
        (passage,) = found.structured_content["passages"]
        assert passage["article"] == "ferry.txt"
        assert library.article("ferry.txt").text[passage["start"] : passage["end"]] in (say(found))

    speak(url, dialogue)


def test_an_article_is_read_in_parts_that_make_the_whole(url: str, library: Library) -> None:
    async def dialogue(client: Client) -> None:
        listed = (await client.call_tool("list_articles", {"words": "ntb"})).structured_content
        assert listed and [item["article"] for item in listed["articles"]] == ["harbour.txt"]
        parts, offset = [], 0
        while offset is not None:
            sent = {"article": "harbour.txt", "offset": offset, "length": 200}
            part = (await client.call_tool("read_article", sent)).structured_content
            assert part and part["start"] == offset
            parts.append(part["text"])
            offset = part["next_offset"]
        assert len(parts) > 1
        assert "".join(parts) == library.article("harbour.txt").text
        first = await client.call_tool("list_articles", {"limit": 2})
        assert first.structured_content["next_offset"] == 2
        assert "Go on with offset 2." in say(first)

    speak(url, dialogue)


def test_mistakes_are_told_to_the_model(url: str) -> None:
    async def dialogue(client: Client) -> None:
        for name, sent, words in (
            ("ask", {"question": " ?"}, "The question is empty"),
            ("ask", {"question": "Who?", "published_after": "soon"}, "which is no date"),
            ("search", {"query": "ferry", "limit": 1_000}, "less than or equal to 50"),
            ("read_article", {"article": "harbor.txt"}, "did you mean harbour.txt"),
            ("read_article", {"article": "nothing-like-it"}, "list_articles shows them"),
            ("read_article", {"article": "ferry.txt", "offset": 99_999}, "has only"),
        ):
            told = await client.call_tool(name, sent)
            assert told.is_error, sent
            assert words in say(told)
            assert "Traceback" not in say(told)

    speak(url, dialogue)


def test_pages_of_other_sites_cannot_use_the_tools(url: str) -> None:
    import httpx

    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    accepted = {"accept": "application/json, text/event-stream"}
    assert httpx.post(url, json=call, headers=accepted).status_code == 200
    for name, value in (("origin", "http://evil.example"), ("sec-fetch-site", "cross-site")):
        assert httpx.post(url, json=call, headers={**accepted, name: value}).status_code == 403
    assert (
        httpx.post(url, json=call, headers={**accepted, "host": "evil.example"}).status_code == 400
    )


def test_over_standard_streams_nothing_is_said_but_the_protocol(
    library: Library, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    log, strays = tmp_path / "network.log", tmp_path / "strays.txt"
    (tmp_path / "settings.toml").write_text('encoder = "test"\n')
    command = [sys.executable, "-c", SERVER, str(log), "mcp", "--library", str(library.path)]
    environment = {"DATELINE_CONFIG": str(tmp_path / "settings.toml")}
    with strays.open("w+") as stray:
        server = StdioServerParameters(
            command=command[0], args=command[1:], cwd=ROOT, env=environment
        )

        async def dialogue(client: Client) -> None:
            assert [tool.name for tool in (await client.list_tools()).tools] == TOOLS
            found = await client.call_tool("ask", {"question": QUESTION})
            assert "42 cables" in say(found)

        speak(stdio_client(server, errlog=stray), dialogue)
        stray.seek(0)
        assert "stray words" in stray.read()
    assert caplog.records == []
    assert not log.exists()
    hello = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "1"},
        },
    }
    said = subprocess.run(
        command, input=json.dumps(hello) + "\n", cwd=ROOT, env=environment, text=True,
        capture_output=True, check=True,
    )  # fmt: skip
    (line,) = said.stdout.splitlines()
    assert json.loads(line)["result"]["serverInfo"]["name"] == "dateline"


def test_without_a_library_the_command_says_so(
    dateline: Callable[..., Any], tmp_path: Path
) -> None:
    called = dateline("mcp", "--library", tmp_path / "nowhere")
    assert called.code == 1
    assert called.out == ""
    assert "nowhere" in called.err
