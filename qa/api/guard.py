"""What stands before the whole server: pages of other sites can neither ask nor change anything.

A server without passwords on a person's own machine is reachable from every page which that person
visits. A request that can change something is therefore refused when a browser says that another
site's page made it; requests of programs, which say neither, pass. The order of the checks is that
of Go's ``net/http.CrossOriginProtection``.
"""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from qa.api.replies import ErrorReply

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK = ("127.0.0.1", "localhost", "::1")
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
WRONG_NAME = (
    "This server is called by the name of another one; open it as http://127.0.0.1 with its port."
)
OTHER_SITE = "A page of another site may not use this server."


class Guard:
    """An application that refuses what pages of other sites send to another application.

    Args:
        app: what is guarded.
        local: whether it is reached as this machine's own only. Then a request that calls it by
            another name is refused too: that is how a page whose name was pointed at this machine
            (DNS rebinding) would read from it.
    """

    def __init__(self, app: "ASGIApp", *, local: bool) -> None:
        self.app = app
        self.local = local

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Pass the request on, or answer it with 400 or 403."""
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            if self.local and host_name(headers.get("host", "")) not in LOOPBACK:
                await ErrorReply(400, WRONG_NAME)(scope, receive, send)
                return
            if scope["method"] not in SAFE_METHODS and not is_same_origin(headers):
                await ErrorReply(403, OTHER_SITE)(scope, receive, send)
                return
        await self.app(scope, receive, send)


def host_name(host: str) -> str:
    """The name in a ``Host`` header, without the port and the brackets of IPv6."""
    return (urlsplit(f"//{host}").hostname or "") if "@" not in host else ""


def is_same_origin(headers: Headers) -> bool:
    """Whether a request comes from our own page or from no page at all."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = headers.get("origin")
    # Only the names are compared: a proxy before us may have ended the encryption.
    return origin is None or urlsplit(origin).netloc == headers.get("host")
