"""What the API sends: JSON that is always valid, and one sentence for every error."""

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from fastapi import HTTPException
from starlette.datastructures import Headers
from starlette.responses import JSONResponse

from index import (
    ArticleNotFoundError,
    DatelineError,
    EncoderError,
    LibraryBusyError,
    LibraryError,
    ReaderError,
)
from qa.output.records import describe_problem, write_json
from qa.output.shapes import ErrorJson

if TYPE_CHECKING:
    from fastapi.exceptions import RequestValidationError
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

logger = logging.getLogger(__package__)

MEGABYTE = 1_000_000
PATIENCE = 4
"""How many times the limit of a body is received before the connection is ended."""
RETRY_SECONDS = 5
OWN_FAULT = (
    "Dateline failed on this request through a fault of its own; the terminal it runs in says more."
)


class Reply(JSONResponse):
    """One JSON object in UTF-8; a lone surrogate is escaped."""

    def render(self, content: object) -> bytes:
        """The body."""
        return write_json(content, allow_nan=False, separators=(",", ":")).encode()


class ErrorReply(Reply):
    """Why a request was not done, as ``{"error": sentence}``."""

    def __init__(
        self, status: int, sentence: str, headers: Mapping[str, str] | None = None
    ) -> None:
        body: ErrorJson = {"error": sentence}
        super().__init__(body, status, headers)


def describe_error(error: DatelineError) -> ErrorReply:
    """The reply to a request that failed: 404, 422, or 503 when it is not the request's fault."""
    if isinstance(error, ArticleNotFoundError):
        return ErrorReply(404, str(error))
    if isinstance(error, LibraryBusyError):
        return ErrorReply(503, str(error), {"retry-after": str(RETRY_SECONDS)})
    if isinstance(error, LibraryError | EncoderError | ReaderError):
        return ErrorReply(503, str(error))
    return ErrorReply(422, str(error))


def describe_invalid(error: "RequestValidationError") -> ErrorReply:
    """The reply to a request whose fields cannot be used, all of them named."""
    problems = [describe_field(problem) for problem in error.errors()]
    malformed = any(problem["type"] == "json_invalid" for problem in error.errors())
    return ErrorReply(400 if malformed else 422, "; ".join(dict.fromkeys(problems)) + ".")


def describe_field(problem: Mapping[str, Any]) -> str:
    """What is wrong with one field of a request."""
    place = tuple(problem["loc"])[1:]
    if problem["type"] == "json_invalid":
        return f"The body is not valid JSON ({problem['ctx']['error']})"
    if problem["type"] == "extra_forbidden":
        return f"{place[-1]} is not known here; /api/docs lists what is"
    if not place:
        return "The body must be a JSON object, sent with the header content-type: application/json"
    return describe_problem(problem, place)


class Limits:
    """An application that refuses bodies that are too large, and turns faults into a reply.

    A body that is not much too large is taken and thrown away first: who is still sending when the
    connection ends may never see the reply.

    Args:
        app: what answers.
        json_bytes: how large a body may be.
        upload_bytes: how large an upload may be.
    """

    def __init__(self, app: "ASGIApp", json_bytes: int, upload_bytes: int) -> None:
        self.app = app
        self.json_bytes = json_bytes
        self.upload_bytes = upload_bytes

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Pass the request on while it is small enough."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        upload = headers.get("content-type", "").startswith("multipart/")
        limit = self.upload_bytes if upload else self.json_bytes
        refusal = f"The request is larger than {limit / MEGABYTE:,.0f} MB; send less at once."
        declared = headers.get("content-length", "")
        taken, started = 0, False

        async def receive_limited() -> "Message":
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > limit:
                await throw_away(message, limit * PATIENCE)
                raise HTTPException(413, refusal)
            return message

        async def throw_away(message: "Message", most: int) -> None:
            nonlocal taken
            while message.get("more_body") and taken < most:
                message = await receive()
                taken += len(message.get("body", b""))

        async def send_noted(message: "Message") -> None:
            nonlocal started
            started = True
            await send(message)

        if declared.isdigit() and int(declared) > limit:
            if int(declared) < limit * PATIENCE and "expect" not in headers:
                await throw_away({"more_body": True}, limit * PATIENCE)
            await ErrorReply(413, refusal)(scope, receive, send)
            return
        try:
            await self.app(scope, receive_limited, send_noted)
        except Exception:
            logger.exception("%s %s failed.", scope["method"], scope["path"])
            if started:
                raise
            await ErrorReply(500, OWN_FAULT)(scope, receive, send)
