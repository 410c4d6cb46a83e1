"""Files on their way from a browser into a library: received in pieces, kept apart, then deleted.

The page sends the bytes of one file a request and gets a token for it; what is done with the file
is asked for with the token. A file keeps the name that the browser gave only as text: on disk it
is called otherwise, so that no name leads anywhere.
"""

import secrets
import tempfile
import threading
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from index import ArticleError
from index.articles.files import MEGABYTE
from qa.uploads import Uploaded, clean_name

if TYPE_CHECKING:
    from fastapi import FastAPI

UPLOAD_PATH = "/dateline/upload"
PAGE_HEADER = "x-dateline-page"
"""A header of our own page's requests: a page of another site cannot send it unasked."""
MOST_WAITING = 5_000


class Uploads:
    """The files that were received and not used yet; they vanish with the server."""

    def __init__(self, max_file_mb: int) -> None:
        self.max_file_mb = max_file_mb
        self._folder = tempfile.TemporaryDirectory(
            prefix="dateline-upload-", ignore_cleanup_errors=True
        )
        self._waiting: dict[str, Uploaded] = {}
        self._lock = threading.Lock()

    def begin(self, name: str) -> tuple[str, Uploaded]:
        """A place for the bytes of a file of this name, and its token.

        Raises:
            ArticleError: too many files wait already.
        """
        shown = clean_name(name)
        token = secrets.token_urlsafe(12)
        suffix = PurePosixPath(shown).suffix[:12]
        uploaded = Uploaded(Path(self._folder.name, f"{token}{suffix}"), shown)
        with self._lock:
            if len(self._waiting) >= MOST_WAITING:
                raise ArticleError(
                    f"{MOST_WAITING:,} files are waiting to be added already; wait for them."
                )
            self._waiting[token] = uploaded
        return token, uploaded

    def take(self, token: str) -> Uploaded | None:
        """The file of this token, which is the caller's to delete; ``None`` when there is none."""
        with self._lock:
            return self._waiting.pop(token, None)

    def drop(self, token: str) -> None:
        """Delete the file of this token."""
        uploaded = self.take(token)
        if uploaded is not None:
            uploaded.path.unlink(missing_ok=True)

    def close(self) -> None:
        """Delete every file."""
        self._folder.cleanup()


def add_upload_route(app: "FastAPI", uploads: Uploads) -> None:
    """Let the page send files to ``UPLOAD_PATH``, each of at most ``max_file_mb``."""
    from fastapi import Request
    from fastapi.responses import JSONResponse

    def refuse(status: int, reason: str) -> JSONResponse:
        return JSONResponse({"error": reason}, status_code=status)

    async def receive(request: Request) -> JSONResponse:
        if request.headers.get(PAGE_HEADER) is None:
            return refuse(403, "Only Dateline's own page may send files here.")
        try:
            token, uploaded = uploads.begin(request.query_params.get("name", ""))
        except ArticleError as error:
            return refuse(429, str(error))
        limit = uploads.max_file_mb * MEGABYTE
        size = 0
        try:
            with uploaded.path.open("wb") as stream:
                async for piece in request.stream():
                    size += len(piece)
                    if size > limit:
                        raise ArticleError(
                            f"{uploaded.name} is larger than the {uploads.max_file_mb} MB that a "
                            "file may have; split it, or set DATELINE_MAX_FILE_MB higher."
                        )
                    stream.write(piece)
        except ArticleError as error:
            uploads.drop(token)
            return refuse(413, str(error))
        except OSError as error:
            uploads.drop(token)
            return refuse(507, f"{uploaded.name} cannot be received: {error.strerror}.")
        except BaseException:
            uploads.drop(token)
            raise
        return JSONResponse({"token": token, "name": uploaded.name})

    app.add_api_route(UPLOAD_PATH, receive, methods=["POST"], include_in_schema=False)
