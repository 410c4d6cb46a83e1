"""Fixtures that several test files share."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from libraries import SETTINGS

from index import Library

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, Response

SEEDS = Path(__file__).parent.parent / "seeds"
PATIENCE_MS = 30_000
"""How long a browser test waits for what must come; a busy machine is no failure."""
STREAMS = ("queue/data", "heartbeat/", "upload_progress")


@dataclass(frozen=True)
class Called:
    """What a call of the command did: its exit code and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def dateline(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Iterator[Callable[..., Called]]:
    """The command ``dateline`` with the test encoder and a library of its own."""
    from qa.serving.cli import main

    config = tmp_path / "no-settings.toml"
    config.write_text("")
    monkeypatch.setenv("DATELINE_CONFIG", str(config))
    monkeypatch.setenv("DATELINE_ENCODER", "test")
    monkeypatch.setenv("DATELINE_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("COLUMNS", "100")

    def call(*arguments: object) -> Called:
        capsys.readouterr()
        with pytest.raises(SystemExit) as stopped:
            main([str(argument) for argument in arguments])
        written = capsys.readouterr()
        code = stopped.value.code
        return Called(code if isinstance(code, int) else 0, written.out, written.err)

    yield call


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """An empty library with the test encoder."""
    with Library.open(tmp_path / "library", settings=SETTINGS, create=True) as opened:
        yield opened


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """A folder of three short articles."""
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, text in {
        "harbour.txt": "Harbour bridge reopens after repairs\n\nOSLO, May 3, 2019 (NTB) - The "
        "harbour bridge reopened on Friday after eleven months of repairs.\n\nEngineers replaced "
        "42 cables and the whole road surface, the port authority said.\n",
        "library.txt": "City library extends its opening hours\n\nThe city library will open at "
        "seven in the morning from June, the mayor Ingrid Solberg announced.\n\nThe change costs "
        "two million kroner a year and was asked for by students.\n",
        "ferry.txt": "New electric ferry starts service\n\nAn electric ferry named Havbris began "
        "sailing between the islands.\n\nIt carries 120 cars and charges its batteries in nine "
        "minutes at each quay.\n",
    }.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@dataclass(frozen=True)
class ChatServer:
    """A running chat: where it is, its library's folder and what it sent beyond this machine."""

    url: str
    library: Path
    log: Path
    token: str = "only-for-tests-0123456789"

    @property
    def address(self) -> str:
        """The address that was printed when it started."""
        return f"{self.url}/?token={self.token}"

    @property
    def headers(self) -> dict[str, str]:
        """What a program sends with every request."""
        return {"Authorization": f"Bearer {self.token}"}

    @contextmanager
    def holding(self, stage: str) -> Iterator[None]:
        """Within it, every question waits where ``rank`` or ``find`` would begin."""
        pipe = self.log.parent / f"hold-{stage}"
        os.mkfifo(pipe)
        try:
            yield
            writer = pipe.open("w")  # once the question has come to wait
        finally:
            pipe.unlink()
        writer.close()


@pytest.fixture(scope="session")
def serve_chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., ChatServer]]:
    """Start the chat on a new library of some paths; every chat ends with the session."""
    from chat_server import running_chat

    with ExitStack() as running:

        def serve(*paths: Path, encoder: str = "default") -> ChatServer:
            folder = tmp_path_factory.mktemp("chat")
            library, log = folder / "library", folder / "network.log"
            # What the tests of the page itself ask needs no model, so those chats load none.
            settings = {"encoder": "test", "system": "hybrid"} if encoder == "test" else {}
            settings |= {"token": ChatServer.token}
            chat = running_chat(library, log, paths=paths, settings=settings)
            return ChatServer(running.enter_context(chat), library, log)

        yield serve


@pytest.fixture(scope="session")
def sample_chat(serve_chat: Callable[..., ChatServer]) -> ChatServer:
    """The chat on the five sample articles."""
    return serve_chat(SEEDS)


@pytest.fixture(scope="session")
def changing_chat(serve_chat: Callable[..., ChatServer]) -> ChatServer:
    """A chat on an empty library, for ``stock_chat``."""
    return serve_chat(encoder="test")


@pytest.fixture
def stock_chat(changing_chat: ChatServer) -> Callable[..., ChatServer]:
    """A chat whose library holds some paths and nothing else, and that a test may change."""
    from index import Library
    from index.settings import Settings

    def stock(*paths: Path) -> ChatServer:
        settings = Settings(library=changing_chat.library, encoder="test")
        with Library.open(changing_chat.library, settings=settings) as library:
            library.remove([item.id for item in library.articles()])
            if paths:
                library.add_paths(paths)
        return changing_chat

    return stock


@pytest.fixture(scope="session")
def chromium() -> Iterator["Browser"]:
    """Headless Chromium; the test fails with what to install where there is none."""
    from chromium import HOW_TO, find_chromium
    from playwright.sync_api import sync_playwright

    path = find_chromium()
    if path is None:
        pytest.fail(HOW_TO, pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        )
        yield browser
        browser.close()


@dataclass
class Visit:
    """A page that was opened, and everything about it that went wrong since."""

    page: "Page"
    requests: list[str]
    complaints: list[str]
    box: str = "Your question"

    def ask(self, question: str) -> "Locator":
        """Ask a question by keyboard; gives the answer once it is there."""
        box = self.page.get_by_label(self.box)
        replies = self.page.locator(".dl-answer, .dl-error")
        before = replies.count()
        box.fill(question)
        box.press("Enter")
        answer = replies.nth(before)
        answer.wait_for()
        return answer


@pytest.fixture
def visit(chromium: "Browser") -> Iterator[Callable[..., Visit]]:
    """Open a page; everything it asks for must come from its own server, without a complaint."""
    from playwright.sync_api import expect

    contexts = []

    def open_page(
        server: ChatServer,
        *,
        script: str = "",
        slower: float = 1,
        box: str = "Your question",
        **options: Any,
    ) -> Visit:
        """``script`` runs before the page's own; ``slower`` is how many times slower it runs.

        ``box`` is the name of the question box in the language of the page.
        """
        context = chromium.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        if script:
            page.add_init_script(script)
        if slower > 1:
            session = context.new_cdp_session(page)
            session.send("Emulation.setCPUThrottlingRate", {"rate": slower})
        page.set_default_timeout(PATIENCE_MS)
        expect.set_options(timeout=PATIENCE_MS)
        seen = Visit(page, [], [], box)
        page.on("request", lambda request: seen.requests.append(request.url))
        page.on("console", lambda entry: note_console(seen, entry))
        page.on("pageerror", lambda error: seen.complaints.append(f"error: {error}"))
        page.on("response", lambda response: note_response(seen, response))
        page.on("requestfailed", lambda request: note_failure(seen, request))
        page.goto(server.address)
        page.get_by_label(box).wait_for()
        page.locator("#dl-sources .dl-pane").wait_for()
        return seen

    yield open_page
    for context in contexts:
        context.close()


def note_console(seen: Visit, entry: "ConsoleMessage") -> None:
    if entry.type == "error":
        seen.complaints.append(f"console: {entry.text}")


def note_response(seen: Visit, response: "Response") -> None:
    if response.status >= 400:
        seen.complaints.append(f"{response.status}: {response.url}")


def note_failure(seen: Visit, request: "Request") -> None:
    # Gradio's client ends an event stream itself when what it told of is finished.
    stream = any(f"/gradio_api/{name}" in request.url for name in STREAMS)
    if not (stream and request.failure == "net::ERR_ABORTED"):
        seen.complaints.append(f"failed: {request.url} {request.failure}")
