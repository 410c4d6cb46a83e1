"""The routes of the API, all under ``/api``."""

from importlib.metadata import version
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import FastAPI, File, Query, UploadFile
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from index import DatelineError, Library, LibraryInfo
from index.extensions import name_formats
from qa.assistant import Assistant
from qa.conversation import replay_questions
from qa.output import shapes
from qa.output.records import as_shape
from qa.output.render import (
    answer_to_dict,
    article_to_dict,
    report_to_dict,
    search_to_dict,
    timeline_to_dict,
)
from qa.requests import check_question, select_articles
from qa.serving.api.documentation import ABOUT, EXAMPLES, list_operations, render_documentation
from qa.serving.api.requests import AskRequest, ListRequest, SearchRequest, TimelineRequest
from qa.serving.api.uploads import add_uploads
from qa.serving.replies import (
    MEGABYTE,
    ErrorReply,
    Limits,
    Reply,
    describe_error,
    describe_invalid,
)

if TYPE_CHECKING:
    from starlette.requests import Request

JSON_BYTES = MEGABYTE
DEFAULT_ERRORS = {
    400: "The request is not well formed",
    401: "The token is missing or wrong",
    403: "A page of another site sent it",
    404: "There is no such article",
    413: "The request is too large",
    422: "A field cannot be used",
    503: "The library is missing, damaged or being written to",
}
ASK, BROWSE, CHANGE, SERVER = "ask", "read", "change", "server"


def build_api(library: Library, assistant: Assistant) -> FastAPI:
    """The API of a library, to be mounted at ``/api``.

    Every function runs in a thread of its own, so that nobody waits for another's upload.
    """
    api = FastAPI(
        title="Dateline",
        version=version("dateline"),
        description=ABOUT,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        responses={
            status: {"model": shapes.ErrorJson, "description": words}
            for status, words in DEFAULT_ERRORS.items()
        },
        default_response_class=Reply,
        exception_handlers={
            DatelineError: reply_to_error,
            RequestValidationError: reply_to_invalid,
            HTTPException: reply_to_refusal,
        },
    )
    api.add_middleware(
        Limits,
        json_bytes=JSON_BYTES,
        upload_bytes=library.settings.max_file_mb * MEGABYTE + JSON_BYTES,
    )
    add_asking(api, library, assistant)
    add_articles(api, library)
    add_server(api, library)
    return api


def add_asking(api: FastAPI, library: Library, assistant: Assistant) -> None:
    """The routes that answer, each by GET with a query string and by POST with a JSON object."""

    def ask(request: AskRequest) -> Reply:
        system, filters = request.system, request.read_filters()
        answer = assistant.ask(
            request.question,
            passages=request.passages,
            system=system,
            filters=filters,
            min_confidence=request.min_confidence,
            after=replay_questions(assistant, request.after, system=system, filters=filters),
            without=request.without,
        )
        return Reply(answer_to_dict(answer, whole=request.explain))

    def search(request: SearchRequest) -> Reply:
        system = request.system or assistant.settings.retrieval
        query, filters = check_question(request.query), request.read_filters()
        hits = library.search(query, request.passages, system=system, filters=filters)
        return Reply(search_to_dict(request.query, hits))

    def timeline(request: TimelineRequest) -> Reply:
        entries = assistant.timeline(request.question, filters=request.read_filters())
        return Reply(timeline_to_dict(request.question, entries))

    @api.get("/ask", response_model=shapes.AnswerJson, tags=[ASK])
    def ask_by_query(request: Annotated[AskRequest, Query()]) -> Reply:
        """Answer a question from the library, with citations.

        `status` is `answered` or `not_found`. Each citation's `quote` is its article's text from
        `start` to `end`, exactly.
        """
        return ask(request)

    @api.post("/ask", response_model=shapes.AnswerJson, tags=[ASK])
    def ask_by_body(request: AskRequest) -> Reply:
        """Answer a question from the library, with citations."""
        return ask(request)

    @api.get("/search", response_model=shapes.SearchJson, tags=[ASK])
    def search_by_query(request: Annotated[SearchRequest, Query()]) -> Reply:
        """Give the passages that match best, without looking for an answer."""
        return search(request)

    @api.post("/search", response_model=shapes.SearchJson, tags=[ASK])
    def search_by_body(request: SearchRequest) -> Reply:
        """Give the passages that match best, without looking for an answer."""
        return search(request)

    @api.get("/timeline", response_model=shapes.TimelineJson, tags=[ASK])
    def timeline_by_query(request: Annotated[TimelineRequest, Query()]) -> Reply:
        """Give the dated sentences about a question, earliest first."""
        return timeline(request)

    @api.post("/timeline", response_model=shapes.TimelineJson, tags=[ASK])
    def timeline_by_body(request: TimelineRequest) -> Reply:
        """Give the dated sentences about a question, earliest first."""
        return timeline(request)


def add_articles(api: FastAPI, library: Library) -> None:
    """The routes that read and change what the library holds."""

    @api.get("/articles", response_model=shapes.ArticlePageJson, tags=[BROWSE])
    def list_articles(request: Annotated[ListRequest, Query()]) -> Reply:
        """List the articles, a page at a time."""
        found = select_articles(library.articles(), request.read_listing())
        page: shapes.ArticlePageJson = {
            "articles": found[request.offset : request.offset + request.limit],
            "total": len(found),
            "offset": request.offset,
            "limit": request.limit,
        }
        return Reply(page)

    @api.post("/articles", response_model=shapes.ReportJson, tags=[CHANGE])
    def upload_articles(
        files: Annotated[list[UploadFile], File(description=f"{name_formats(' ', ' or ')} files")],
        encoding: Annotated[str, Query(description="of the files of text, else guessed")] = "",
    ) -> Reply:
        """Add the articles of uploaded files, and say what became of each.

        A file of a name that was uploaded before is its new version; a text that is there already
        is not stored twice. What cannot be read is under `skipped` with the reason.
        """
        uploads = ((upload.filename or "", upload.file) for upload in files)
        return Reply(report_to_dict(add_uploads(library, uploads, encoding)))

    @api.get("/articles/{article:path}", response_model=shapes.ArticleJson, tags=[BROWSE])
    def read_article(article: str) -> Reply:
        """Give an article: what is known about it, its text and its passages."""
        found = library.article(article)
        return Reply(article_to_dict(found, library.passages(article)))

    @api.delete("/articles/{article:path}", response_model=shapes.RemovedJson, tags=[CHANGE])
    def remove_article(article: str) -> Reply:
        """Remove an article from the library; the file it came from is left alone."""
        removed: shapes.RemovedJson = {"removed": library.remove([article])}
        return Reply(removed)


def add_server(api: FastAPI, library: Library) -> None:
    """The routes about library and server themselves."""

    @api.get("/info", response_model=as_shape(LibraryInfo), tags=[SERVER])
    def tell_info() -> Reply:
        """Say what the library holds and how it was made."""
        return Reply(library.info())

    @api.get("/health", response_model=shapes.HealthJson, tags=[SERVER])
    def tell_health() -> Reply:
        """Say that the library can be read; 503 when it cannot."""
        health: shapes.HealthJson = {
            "status": "ok",
            "version": version("dateline"),
            "articles": len(library),
        }
        return Reply(health)

    @api.get("/openapi.json", include_in_schema=False)
    def show_document() -> Reply:
        return Reply(describe_api(api))

    @api.get("/", include_in_schema=False, response_class=HTMLResponse)
    @api.get("/docs", include_in_schema=False, response_class=HTMLResponse)
    def show_documentation() -> HTMLResponse:
        return HTMLResponse(render_documentation(describe_api(api)))


def describe_api(api: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of the API with an example of each reply."""
    document = api.openapi()
    for method, path, operation in list_operations(document):
        example = EXAMPLES.get(f"{method} {path}")
        if example:
            reply = operation["responses"]["200"]["content"]["application/json"]
            reply["example"] = example["reply"]
    document["servers"] = [{"url": "/api"}]
    return document


async def reply_to_error(request: "Request", error: Any) -> Reply:  # noqa: ANN401 - DatelineError
    """What is said when Dateline refuses."""
    return describe_error(error)


async def reply_to_invalid(request: "Request", error: Any) -> Reply:  # noqa: ANN401
    """What is said when a field is missing or wrong."""
    return describe_invalid(error)


async def reply_to_refusal(request: "Request", error: Any) -> Reply:  # noqa: ANN401
    """What is said when there is no such route, or it may not be used so."""
    said = {
        404: f"There is no {request.url.path}; /api/docs lists what there is.",
        405: f"{request.url.path} cannot be used with {request.method}.",
    }
    return ErrorReply(error.status_code, said.get(error.status_code, error.detail), error.headers)
