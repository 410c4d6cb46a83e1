"""Who may call a server of this machine: whoever has the token that it printed when it started.

An address of loopback is open to every user of the machine, so a server on it makes a token at
each start, as Jupyter does. The page's address carries it once and is exchanged for a cookie;
programs send ``Authorization: Bearer TOKEN``, or ``?token=TOKEN`` where they can only be given an
address. Whoever listens on the same machine under another port and is visited by the same browser
is sent the cookie too, as cookies know no ports; Jupyter's are no different.
"""

import hmac
import secrets
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, RedirectResponse

from index.settings import NO_TOKEN
from qa.chat.texts import COOKIE, Say, choose_language, read_cookie
from qa.serving.replies import ErrorReply

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

TOKEN_BYTES = 24
NEEDED = (
    "This server answers whoever has its token: open the address that Dateline printed when it "
    "started, or send the header Authorization: Bearer TOKEN."
)
PAGE = (
    '<!doctype html><html lang="{language}"><meta charset="utf-8"><title>Dateline</title>'
    '<meta name="viewport" content="width=device-width">'
    '<meta name="color-scheme" content="light dark">'
    '<body style="font: 1.1rem/1.55 Georgia, serif; max-width: 34rem; '
    'margin: 15vh auto; padding: 1rem">'
    "<h1>Dateline</h1><p>{sentence}</p>"
)


def choose_token(setting: str, *, local: bool) -> str:
    """The token of a server that starts, empty when it needs none.

    Args:
        setting: the setting ``token``: a token, empty for a new one, or ``off``.
        local: whether the server listens on loopback. On other addresses ``--open`` has said that
            everybody may call, so a token is asked for only where one was set.
    """
    if setting == NO_TOKEN:
        return ""
    return setting or (secrets.token_urlsafe(TOKEN_BYTES) if local else "")


class TokenAccess:
    """An application that is reached with a token alone.

    Args:
        app: what is reached.
        token: what has to be known; not empty.
    """

    def __init__(self, app: "ASGIApp", *, token: str) -> None:
        self.app = app
        self.token = token

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Pass the request on when it knows the token, else answer it with 401."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":  # there are no web sockets here
            await send({"type": "websocket.close", "code": 1008})
            return
        headers = Headers(scope=scope)
        cookie = name_cookie(scope)
        given, query = split_query(scope["query_string"])
        rest = {**scope, "query_string": query}
        if any(map(self.is_token, given)):
            if wants_page(scope["method"], headers):
                await self.remember(rest, cookie)(scope, receive, send)
            else:
                await self.app(rest, receive, send)
        elif self.is_token(bearer_of(headers)) or self.is_token(
            read_cookie(headers.get("cookie", ""), cookie)
        ):
            await self.app(rest, receive, send)
        else:
            await refuse(scope["method"], headers)(scope, receive, send)

    def is_token(self, given: str) -> bool:
        """Whether it is the token; how long that takes tells nothing."""
        return hmac.compare_digest(given.encode("utf-8", "replace"), self.token.encode())

    def remember(self, scope: "Scope", cookie: str) -> "Response":
        """The way to the same address without the token, which the browser keeps as a cookie."""
        query = scope["query_string"].decode("latin-1")
        # The path is written anew from one that begins with a single slash: two lead elsewhere.
        path = "/" + scope["path"].lstrip("/\\")
        reply = RedirectResponse(path + (f"?{query}" if query else ""), status_code=303)
        reply.set_cookie(cookie, self.token, httponly=True, samesite="lax")
        reply.headers["cache-control"] = "no-store"
        return reply


def name_cookie(scope: "Scope") -> str:
    """The cookie's name, which has the port: servers on other ports have tokens of their own."""
    server = scope.get("server")
    return f"dateline-token-{server[1] if server else 0}"


def bearer_of(headers: Headers) -> str:
    """The token of the ``Authorization`` header (RFC 6750), empty when there is none."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def split_query(query: bytes) -> tuple[list[str], bytes]:
    """The values of a query string's field ``token``, and the rest as it is."""
    fields = query.split(b"&")
    given = [item for item in fields if item.startswith(b"token=")]
    rest = [item for item in fields if not item.startswith(b"token=")]
    values = [unquote_plus(item.decode("latin-1").partition("=")[2]) for item in given]
    return values, b"&".join(rest)


def wants_page(method: str, headers: Headers) -> bool:
    """Whether a browser asks, for somebody to look at."""
    return method == "GET" and "text/html" in headers.get("accept", "")


def refuse(method: str, headers: Headers) -> "Response":
    """What somebody without the token is told: a page in the browser's language, or an object."""
    known = {"www-authenticate": 'Bearer realm="dateline"', "cache-control": "no-store"}
    if not wants_page(method, headers):
        return ErrorReply(401, NEEDED, known)
    language = choose_language(headers, {COOKIE: read_cookie(headers.get("cookie", ""), COOKIE)})
    sentence = Say(language)("access.needed")
    page = PAGE.format(language=language, sentence=escape(sentence))
    return HTMLResponse(page, 401, known)
