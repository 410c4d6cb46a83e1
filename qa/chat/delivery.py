"""The page as a browser gets it: in its language, with our styles and texts in its head.

Gradio would load the styles late and twice, and knows one language a server. Here the page's HTML
and its configuration pass through on their way out: marks of ``qa.chat.texts`` become texts, and
the styles stand in the head before anything is drawn.
"""

import json
import re
from typing import TYPE_CHECKING

from qa.chat.assets import read_styles
from qa.chat.texts import (
    COOKIE,
    Say,
    choose_language,
    fill_marks,
    languages,
    read_cookie,
    read_texts,
)

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

DELIVERED = re.compile(r"/|/config|(/gradio_api)?/info")
LANGUAGE = re.compile(r'(<html\b[^>]*?\blang=")[^"]*(")')

# Gradio takes its own words, and the language that it says the page is in, from the browser.
GRADIO_LANGUAGE = (
    "Object.defineProperty(navigator,'language',{get:()=>dateline.language});"
    "Object.defineProperty(navigator,'languages',{get:()=>[dateline.language]})"
)


class PageDelivery:
    """An application whose pages come in the language of whoever asks for them."""

    def __init__(self, app: "ASGIApp") -> None:
        self.app = app

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Pass the request on; exchange the marks of what is delivered as text."""
        asked = scope["type"] == "http" and scope["method"] == "GET"
        if not asked or not DELIVERED.fullmatch(scope["path"]):
            await self.app(scope, receive, send)
            return
        from starlette.datastructures import Headers, MutableHeaders

        headers = Headers(scope=scope)
        chosen = read_cookie(headers.get("cookie", ""), COOKIE)
        language = choose_language(headers, {COOKIE: chosen})
        plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        start: Message = {}
        pieces: list[bytes] = []

        async def collect(message: "Message") -> None:
            if message["type"] == "http.response.start":
                start.update(message)
                return
            pieces.append(message.get("body", b""))
            if message.get("more_body"):
                return
            body = dress_page(b"".join(pieces).decode("utf-8"), Say(language)).encode("utf-8")
            answered = MutableHeaders(raw=start["headers"])
            answered["content-length"] = str(len(body))
            answered["vary"] = "Accept-Language, Cookie"
            answered["cache-control"] = "no-cache"
            await send(start)
            await send({"type": "http.response.body", "body": body})

        await self.app({**scope, "headers": plain}, receive, collect)


def dress_page(body: str, say: Say) -> str:
    """HTML or JSON of the page in a language; HTML with our styles and texts in its head too."""
    body = fill_marks(body, say)
    if "</head>" not in body:
        return body
    texts = {key: say.find(key) for key in read_texts("en")}
    given = {"language": say.language, "languages": languages(), "texts": texts}
    data = json.dumps(given, ensure_ascii=False).replace("<", "\\u003c")
    script = f"<script>window.dateline={data};{GRADIO_LANGUAGE}</script>"
    head = f"{script}<style>{read_styles()}</style></head>"
    return LANGUAGE.sub(rf"\g<1>{say.language}\g<2>", body, count=1).replace("</head>", head, 1)
