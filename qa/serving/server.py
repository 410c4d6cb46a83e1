"""The chat's server: on this machine alone unless told otherwise, and silent towards the rest."""

import asyncio
import logging
import socket
import sys
import tempfile
import threading
import webbrowser
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index import Library, SettingsError
from index.offline import forbid_calling_out
from index.settings import Settings
from qa.assistant import Assistant
from qa.chat.delivery import PageDelivery
from qa.chat.libraries import Libraries
from qa.chat.theme import HERE, make_theme
from qa.chat.uploads import UPLOAD_PATH, Uploads, add_upload_route
from qa.serving.warming import warm_up

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    # Gradio's page is made of inline scripts and functions built from text, so those are allowed;
    # what no page of ours may ever do is load from or send to another host.
    "content-security-policy": (
        "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; "
        "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
    ),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


class SecurityHeaders:
    """An application that adds ``HEADERS`` to every response of another."""

    def __init__(self, app: "ASGIApp") -> None:
        self.app = app

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Pass the request on, and the response back with the headers."""

        async def send_with_headers(message: "Message") -> None:
            if message["type"] == "http.response.start":
                extra = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
                message = {**message, "headers": [*message.get("headers", []), *extra]}
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class QuietEnd(logging.Filter):
    """Leaves out what uvicorn says of open pages when the chat ends: that is no error of anyone."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is about anything else."""
        error = record.exc_info[1] if record.exc_info else None
        cancelled = isinstance(error, asyncio.CancelledError)
        return not cancelled and "timeout graceful shutdown exceeded" not in record.getMessage()


def build_app(
    library: Library,
    settings: Settings,
    *,
    others: Sequence[Path] = (),
    mcp: bool = False,
    token: str = "",
) -> "FastAPI":
    """The web application: the page at ``/``, the API at ``/api``, with ``mcp`` MCP at ``/mcp``.

    Whoever calls has to know ``token``, unless it is empty.
    """
    forbid_calling_out(online=settings.online)
    import gradio as gr
    from fastapi import FastAPI

    from qa.chat.page import build_page
    from qa.serving.access import TokenAccess
    from qa.serving.api import build_api
    from qa.serving.guard import Guard, is_loopback
    from qa.serving.page_routes import PageRoutes

    assistant = Assistant(library, settings=settings)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    # The last one that is added is the first that a request meets.
    app.add_middleware(PageDelivery)
    app.add_middleware(PageRoutes, beside=("/api", UPLOAD_PATH, *(["/mcp"] if mcp else [])))
    if token:
        app.add_middleware(TokenAccess, token=token)
    app.add_middleware(Guard, host=settings.host)
    app.add_middleware(SecurityHeaders)
    app.mount("/api", build_api(library, assistant))
    if mcp:
        from qa.serving.mcp import mount_mcp

        mount_mcp(app, assistant)
    libraries, uploads = Libraries(library, settings, others), Uploads(settings.max_file_mb)
    app.state.closing = (libraries.close, uploads.close)
    add_upload_route(app, uploads)
    # Who may look for files of this machine: its user, who is known by the token alone.
    known = bool(token) and is_loopback(settings.host)
    page = build_page(libraries, uploads, may_name_paths=known)
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        page,
        path="/",
        server_name=settings.host,
        server_port=settings.port,
        footer_links=[],
        run_history=False,
        pwa=False,
        mcp_server=False,
        ssr_mode=False,
        show_error=True,
        enable_monitoring=False,
        max_file_size=f"{settings.max_file_mb}mb",
        blocked_paths=["/"],
        favicon_path=str(HERE / "favicon.svg"),
        theme=make_theme(),
    )
    # Gradio checks which files an event may name only once it launched the page itself.
    page.has_launched = True
    return mounted


def open_socket(host: str, port: int) -> socket.socket:
    """A socket bound to the address; port 0 takes any that is free.

    Raises:
        SettingsError: the address cannot be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise SettingsError(
            f"The chat cannot listen on {host}:{port} ({error.strerror or error}); "
            "stop what uses that port or choose another one with --port or DATELINE_PORT."
        ) from error
    return listener


def launch(
    library: Library,
    settings: Settings,
    *,
    open_browser: bool = False,
    announce: Callable[[str], object] | None = None,
    others: Sequence[Path] = (),
    mcp: bool = False,
    open_to_all: bool = False,
) -> None:
    """Serve the chat until it is interrupted.

    On an address of this machine alone, whoever calls needs the token of ``settings``, or the one
    that is made now and stands in the page's address.

    Args:
        library: what is asked.
        settings: ``host`` and ``port`` say where, ``max_file_mb`` how much may be uploaded.
        open_browser: show the page in the user's browser once it can be.
        others: more libraries to choose from in the page; without any, those that lie in the
            folder beside the library.
        announce: called with the page's address once it can be opened, instead of printing it.
        mcp: offer the library to agents too, at ``/mcp``.
        open_to_all: listen on an address that others reach, too.

    Raises:
        SettingsError: the address cannot be used, or others would reach it unasked.
    """
    import uvicorn

    from qa.serving.access import choose_token
    from qa.serving.guard import is_loopback

    local = is_loopback(settings.host)
    if not local and not open_to_all:
        raise SettingsError(
            f"{settings.host} is reached from other machines, and everybody who reaches it may "
            "read and remove everything; start `dateline serve` with --open if that is meant, or "
            "leave --host out."
        )
    token = choose_token(settings.token, local=local)
    listener = open_socket(settings.host, settings.port)
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    address = f"http://{host}:{listener.getsockname()[1]}"
    if not local:
        warn_open(address, token)
    if token:
        address += f"/?token={token}"

    class Server(uvicorn.Server):
        """A server that says when it can be reached, and leaves nothing behind."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            (announce or announce_address)(address)
            if open_browser:
                way = tempfile.TemporaryDirectory(prefix="dateline-open-")
                app.state.closing += (way.cleanup,)
                threading.Thread(target=show_page, args=(address, way.name), daemon=True).start()

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            """End the server; what it opened and received is closed, whatever signal ended it."""
            await super().shutdown(sockets)
            for close in app.state.closing:
                close()

    with listener:
        app = build_app(library, settings, others=others, mcp=mcp, token=token)
        warm_up(library)
        config = uvicorn.Config(
            app, log_level="warning", access_log=False, timeout_graceful_shutdown=1
        )
        logging.getLogger("uvicorn.error").addFilter(QuietEnd())
        Server(config).run(sockets=[listener])


def launch_agent(library: Library, settings: Settings) -> None:
    """Serve the tools for agents on standard input and output until the input ends."""
    from qa.serving.mcp import serve_stdio

    serve_stdio(Assistant(library, settings=settings))


def announce_address(address: str) -> None:
    """Tell the person at the terminal where the page is, on one line that can be clicked."""
    sys.stderr.write(f"Dateline is at {address} (Ctrl+C ends it)\n")
    sys.stderr.flush()


def warn_open(address: str, token: str) -> None:
    """Tell the person at the terminal what listening for others means."""
    who = "has the token" if token else "reaches it"
    sys.stderr.write(
        f"Dateline listens on {address} for other machines too: everybody who {who} may read and "
        "remove everything.\n"
    )


def show_page(address: str, folder: str) -> None:
    """Open the page in the user's browser.

    Other users of the machine see with what a program was started, so the browser is given a file
    in ``folder``, which only this user can read and which leads to the address.
    """
    way = Path(folder, "open.html")
    way.write_text(f'<meta http-equiv="refresh" content="0; url={address}">', "utf-8")
    webbrowser.open(way.as_uri())
