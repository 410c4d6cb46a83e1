"""The Library tab: what its script asks of Python, and its place in the page."""

import secrets
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from index import Article, DatelineError
from index.errors import QuestionError
from index.extensions import list_suffixes
from index.recent import Recent
from qa.chat.actions import Payload, Reply, answering, as_function
from qa.chat.assets import read_asset
from qa.chat.libraries import Libraries
from qa.chat.shelf.adding import AddingQueue
from qa.chat.shelf.listing import parse_listing
from qa.chat.shelf.view import describe_result, render_libraries, render_listing, render_shelf
from qa.chat.texts import Say
from qa.chat.uploads import Uploads

if TYPE_CHECKING:
    from gradio.components import Component

REMOVED_KEPT = 100
"""How many removed articles can be put back, counted over all windows."""


class Shelf:
    """What the Library tab does; a page names its library with every request."""

    def __init__(self, libraries: Libraries, uploads: Uploads) -> None:
        self.libraries = libraries
        self.uploads = uploads
        self.queue = AddingQueue()
        self._removed: Recent[str, tuple[str, Article]] = Recent(REMOVED_KEPT)

    @answering
    def open_shelf(self, payload: Payload, say: Say) -> Reply:
        """The tab's HTML for the library that the page is about."""
        name = str(payload.get("library") or "") or self.libraries.first
        offered = self.libraries.list_offered()
        try:
            library = self.libraries.get(name).library
            articles = library.articles()
        except DatelineError as error:
            # The menu stays, so that another library can be chosen.
            html = render_libraries(say, name, offered, str(error))
            return {"html": html, "library": name}
        limit = self.uploads.max_file_mb
        html = render_shelf(say, name, offered, articles, list_suffixes(), limit)
        return {"html": html, "library": name}

    @answering
    def list_articles(self, payload: Payload, say: Say) -> Reply:
        """Rows of the list, how many articles there are, and whether more follow."""
        request = parse_listing(payload)
        articles = self.libraries.named_in(payload).library.articles()
        listing = render_listing(say, articles, request)
        return {"rows": listing.rows, "count": listing.count, "more": listing.more}

    @answering
    def add_files(self, payload: Payload, say: Say) -> Reply:
        """Begin to add the uploaded files of some tokens; gives the job's number."""
        tokens = payload.get("tokens")
        named = [str(token) for token in tokens] if isinstance(tokens, list) else []
        try:
            library = self.libraries.named_in(payload).library
        except DatelineError:
            for token in named:
                self.uploads.drop(token)
            raise
        taken = (self.uploads.take(token) for token in named)
        files = [file for file in taken if file is not None]
        if len(files) < len(named) or not files:
            raise QuestionError(say("shelf.not_received"))
        return {"job": self.queue.start(library, files).number}

    @answering
    def watch_adding(self, payload: Payload, say: Say) -> Reply:
        """How far a job is; when it is done, what became of each of its files."""
        job = self.queue.jobs.get(int(payload.get("job") or 0))
        if job is None:
            raise QuestionError(say("shelf.no_job"))
        if not job.done:
            doing = say("shelf.queued") if job.waiting else say("shelf.reading", count=job.seen)
            return {"done": False, "current": job.current or job.files[0].name, "doing": doing}
        lines = [
            {"place": item.place, "good": item.is_good, "text": describe_result(say, item)}
            for item in job.results
        ]
        return {"done": True, "lines": lines}

    @answering
    def remove_article(self, payload: Payload, say: Say) -> Reply:
        """Remove an article; gives the token that puts it back."""
        opened = self.libraries.named_in(payload)
        article = opened.library.article(str(payload.get("article") or ""))
        opened.library.remove([article.id])
        token = secrets.token_urlsafe(8)
        self._removed.put(token, (opened.name, article))
        return {"undo": token, "message": say("shelf.removed", title=article.title or article.id)}

    @answering
    def put_back(self, payload: Payload, say: Say) -> Reply:
        """Put an article back that was removed."""
        token = str(payload.get("undo") or "")
        known = self._removed.get(token)
        if known is None:
            return {"error": say("shelf.no_undo"), "gone": True}
        name, article = known
        self.libraries.get(name).library.add([article], keep_duplicates=True)
        self._removed.take(token)
        return {"message": say("shelf.put_back", title=article.title or article.id)}

    @answering
    def create_library(self, payload: Payload, say: Say) -> Reply:
        """A new library beside the others; gives its name."""
        return {"created": self.libraries.create(str(payload.get("name") or "")).name}


def build_shelf(
    libraries: Libraries,
    uploads: Uploads,
    elsewhere: "Sequence[Component]",
    refresh: Callable[[str], Sequence[Any]],
) -> None:
    """The Library tab, inside the page that is being built.

    ``refresh`` gives, for the name of a library, the updates of ``elsewhere``: the components of
    other tabs that show the library as it has become.
    """
    import gradio as gr

    shelf = Shelf(libraries, uploads)
    actions = (
        shelf.open_shelf, shelf.list_articles, shelf.add_files, shelf.watch_adding,
        shelf.remove_article, shelf.put_back, shelf.create_library,
    )  # fmt: skip
    tab = gr.HTML(
        '<div class="dl-shelf-root"></div>',
        elem_id="dl-shelf",
        apply_default_css=False,
        padding=False,
        server_functions=[as_function(action) for action in actions],
        js_on_load=read_asset("shelf/shelf.js"),
    )

    def show_change(event: gr.EventData) -> Sequence[Any]:
        return refresh(str(event.library or ""))

    tab.changed(
        show_change,
        None,
        list(elsewhere),
        show_progress="hidden",
        queue=False,
        api_visibility="private",
    )
