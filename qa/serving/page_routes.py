"""What of Gradio may be reached: the routes that our page uses, with events that name no file.

Gradio offers every application routes that read, fetch, forward and receive files. No event of
ours takes a file, so none of these is let through, and what an event sends is looked at before
Gradio sees it: an object that Gradio would take for a file is refused.
"""

import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from starlette.datastructures import Headers

from qa.serving.replies import MEGABYTE, ErrorReply

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

READ = re.compile(
    r"""/ | /config | (/gradio_api)?/theme\.css | /favicon\.ico | /robots\.txt | /manifest\.json
    | /(assets|static|svelte)/[\w.@+/-]+                             # its own files
    | /gradio_api/(info | startup-events | queue/(data|status) | heartbeat/[\w-]+)
    | /gradio_api/call/\w+/[\w-]+""",
    re.VERBOSE,
)
SENT = re.compile(
    r"/gradio_api/(queue/join | (run|api|call|call/v2)/\w+/? | component_server/? | cancel"
    r" | reset/?)",
    re.VERBOSE,
)
FILE_FIELDS = frozenset({"path", "url", "meta", "_type"})
"""Fields of Gradio's ``FileData`` and its kin; none of our own events has one of that name."""
LARGEST_EVENT = 8 * MEGABYTE
"""Bytes; a kept conversation that is opened again is the largest thing that the page sends."""
NOT_HERE = "There is nothing at {path}."
NO_FILES = "An event of this page names no file; send text, numbers and lists of them."
ONLY_JSON = "An event is sent as a JSON object, with the header content-type: application/json."
TOO_LARGE = f"The request is larger than {LARGEST_EVENT // MEGABYTE} MB; send less at once."


class PageRoutes:
    """An application of which only our page's routes are reached, with events without files.

    Args:
        app: what has the page, and other things.
        beside: beginnings of paths that are not Gradio's and are passed on as they are.
    """

    def __init__(self, app: "ASGIApp", *, beside: Sequence[str]) -> None:
        self.app = app
        self.beside = beside

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Pass the request on, or answer it with 400, 403, 404, 413 or 415."""
        if scope["type"] != "http" or self.is_beside(scope["path"]):
            await self.app(scope, receive, send)
            return
        path, method = scope["path"], scope["method"]
        if method in ("GET", "HEAD") and READ.fullmatch(path) and ".." not in path:
            await self.app(scope, receive, send)
        elif method == "POST" and SENT.fullmatch(path):
            await self.pass_event(scope, receive, send)
        else:
            await ErrorReply(404, NOT_HERE.format(path=path[:100]))(scope, receive, send)

    def is_beside(self, path: str) -> bool:
        """Whether a path leads to something else than Gradio."""
        return any(path == start or path.startswith(f"{start}/") for start in self.beside)

    async def pass_event(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Pass an event on once all of it was looked at."""
        kind = Headers(scope=scope).get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            await ErrorReply(415, ONLY_JSON)(scope, receive, send)
            return
        body = await read_body(receive)
        if body is None:
            await ErrorReply(413, TOO_LARGE)(scope, receive, send)
            return
        try:
            event = json.loads(body)
        except (ValueError, RecursionError):
            event = None
        if not isinstance(event, dict):
            await ErrorReply(400, ONLY_JSON)(scope, receive, send)
        elif names_file(event):
            await ErrorReply(403, NO_FILES)(scope, receive, send)
        else:
            await self.app(scope, replay(body, receive), send)


async def read_body(receive: "Receive") -> bytes | None:
    """The whole body of a request; ``None`` when it is too large for an event."""
    pieces: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b""
        pieces.append(message.get("body", b""))
        size += len(pieces[-1])
        if size > LARGEST_EVENT:
            return None
        if not message.get("more_body"):
            return b"".join(pieces)


def replay(body: bytes, receive: "Receive") -> "Receive":
    """``receive`` as it was before the body was read."""
    given = False

    async def receive_again() -> "Message":
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again


def names_file(value: Any) -> bool:  # noqa: ANN401 - any JSON
    """Whether an object somewhere in ``value`` has a field of Gradio's files."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            if not FILE_FIELDS.isdisjoint(item):
                return True
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
    return False
