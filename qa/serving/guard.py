"""What stands before the whole server: pages of other sites can neither read, ask nor change.

A server on a person's own machine is reachable from every page which that person visits, those of
other ports of the machine among them. A request is therefore refused when a browser says that
another site's page made it, whatever its method; only a link that opens a page of ours in a tab is
let through. Requests of programs, which say nothing of the kind, pass: whether they may is the
start token's affair (``qa.serving.access``). Checked are Fetch Metadata (W3C, "Fetch Metadata
Request Headers") and ``Origin``; no reply allows another origin to read it.
"""

import ipaddress
import re
from typing import TYPE_CHECKING

from starlette.datastructures import Headers

from qa.serving.replies import ErrorReply

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOCAL_HOST = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?", re.IGNORECASE)
WRONG_NAME = (
    "This server is called by the name of another one; open it as http://127.0.0.1 with its port."
)
OTHER_SITE = "A page of another site may not use this server."
ALLOWS_READING = b"access-control-"


class Guard:
    """An application that refuses what pages of other sites send to another application.

    Args:
        app: what is guarded.
        host: the address that the server listens on. Where it is this machine's own, a request that
            calls it by another name is refused too: that is how a page whose name was pointed at
            this machine (DNS rebinding) would read from it.
    """

    def __init__(self, app: "ASGIApp", *, host: str) -> None:
        self.app = app
        self.host = host
        self.local = is_loopback(host)

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Pass the request on, or answer it with 400 or 403."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if not self.is_called_rightly(headers):
            await ErrorReply(400, WRONG_NAME)(scope, receive, send)
        elif not (is_own_page(headers) or is_opened_link(scope["method"], headers)):
            await ErrorReply(403, OTHER_SITE)(scope, receive, send)
        else:
            await self.app(scope, receive, without_sharing(send))

    def is_called_rightly(self, headers: Headers) -> bool:
        """Whether the one ``Host`` header, as a whole, is a name of this server."""
        names = headers.getlist("host")
        if not self.local:
            return len(names) <= 1
        if len(names) != 1:
            return False
        own = re.fullmatch(rf"{re.escape(self.host)}(:\d{{1,5}})?", names[0])
        return bool(own or LOCAL_HOST.fullmatch(names[0]))


def is_loopback(host: str) -> bool:
    """Whether an address to listen on is reached from this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_own_page(headers: Headers) -> bool:
    """Whether a request comes from our own page or from no page at all."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None and site not in ("same-origin", "none"):
        return False
    if origin is None or (origin == "null" and site is not None):
        return True
    # The scheme is not compared: a proxy before us may have ended the encryption.
    return re.sub(r"^https?://", "", origin) == headers.get("host")


def is_opened_link(method: str, headers: Headers) -> bool:
    """Whether somebody follows a link to us in a tab: then no other page sees what comes."""
    return (
        method in ("GET", "HEAD")
        and headers.get("sec-fetch-mode") == "navigate"
        and headers.get("sec-fetch-dest") == "document"
        and "origin" not in headers
    )


def without_sharing(send: "Send") -> "Send":
    """``send`` without the headers that let other origins read: Gradio adds them for localhost."""

    async def send_unshared(message: "Message") -> None:
        if message["type"] == "http.response.start":
            kept = [
                (name, value)
                for name, value in message.get("headers", [])
                if not name.lower().startswith(ALLOWS_READING)
            ]
            message = {**message, "headers": kept}
        await send(message)

    return send_unshared
