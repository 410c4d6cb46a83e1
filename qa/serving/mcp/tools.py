"""What agents can do with a library; the docstrings and field descriptions are what models read."""

from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any, ParamSpec

from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import CallToolResult, TextContent
from pydantic import Field

from index import ArticleNotFoundError, DatelineError
from qa.assistant import Assistant
from qa.requests import ListingRequest, check_question, parse_filters, select_articles
from qa.serving.mcp import results

LONGEST_QUESTION = 10_000

Parameters = ParamSpec("Parameters")
Question = Annotated[str, Field(min_length=1, max_length=LONGEST_QUESTION)]
After = Annotated[
    str, Field(description="Only articles published from this date on: 2008, 2008-09 or 2008-09-17")
]
Before = Annotated[str, Field(description="Only articles published up to this date")]
Sources = Annotated[list[str] | None, Field(description="Only articles of these sources")]
Languages = Annotated[
    list[str] | None, Field(description="Only articles in these languages, as codes: en, ru")
]


def telling_errors(
    tool: Callable[Parameters, CallToolResult],
) -> Callable[Parameters, CallToolResult]:
    """The tool, with what Dateline refuses said in a sentence that a model can act on."""

    @wraps(tool)
    def call(*arguments: Parameters.args, **options: Parameters.kwargs) -> CallToolResult:
        try:
            return tool(*arguments, **options)
        except ArticleNotFoundError as error:
            sentence = str(error).replace("`dateline list` shows", "list_articles shows")
            raise ToolError(sentence) from error
        except DatelineError as error:
            raise ToolError(str(error)) from error

    return call


def give(text: str, value: Any) -> CallToolResult:  # noqa: ANN401 - one of the results' shapes
    """A tool's result: text for a model, the object for a program."""
    return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=value)


class Tools:
    """The tools, none of which changes anything; any number of threads may use them."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._library = assistant.library

    @telling_errors
    def ask(
        self,
        question: Question,
        published_after: After = "",
        published_before: Before = "",
        sources: Sources = None,
        languages: Languages = None,
        passages: Annotated[
            int, Field(ge=1, le=20, description="How many passages to give beside the answer")
        ] = 3,
    ) -> Annotated[CallToolResult, results.AskResult]:
        """Answer a question of fact (who, what, when, where, how many) from the user's articles.

        Returns the answer, how sure it is, and citations. Each `quote` is the article's text from
        `start` to `end`, character for character, so it can be repeated as a quotation.
        `published` lacks the year (`--02-27`) when nothing gives it. status `not_found` means that
        nothing in the library answers: the passages are then only the nearest ones and must not be
        taken for an answer. Ask one thing at a time, in a full sentence.
        """
        filters = parse_filters(published_after, published_before, sources, languages)
        answer = self._assistant.ask(question, passages=passages, filters=filters)
        return give(results.tell_answer(answer), results.show_answer(answer))

    @telling_errors
    def search(
        self,
        query: Question,
        limit: Annotated[int, Field(ge=1, le=50, description="How many passages to give")] = 5,
        published_after: After = "",
        published_before: Before = "",
        sources: Sources = None,
        languages: Languages = None,
    ) -> Annotated[CallToolResult, results.SearchResult]:
        """Find the passages of the user's articles that match a query best, without answering.

        Use it for a topic, to compare what several articles say, or when ask found nothing.
        Returns passages, best first, each with its article's id and the offsets where it stands.
        There are nearly always some, also when none is about the query: judge them by their text.
        """
        filters = parse_filters(published_after, published_before, sources, languages)
        system = self._assistant.settings.retrieval
        hits = self._library.search(check_question(query), limit, system=system, filters=filters)
        text = "\n\n".join(map(results.tell_hit, hits)) or "No passage matches."
        return give(text, {"passages": [results.show_passage(hit) for hit in hits]})

    @telling_errors
    def read_article(
        self,
        article: Annotated[str, Field(description="The article's id, as the other tools give it")],
        offset: Annotated[int, Field(ge=0, description="Where to begin, in characters")] = 0,
        length: Annotated[
            int, Field(ge=200, le=50_000, description="About how many characters to give")
        ] = 6_000,
    ) -> Annotated[CallToolResult, results.ArticlePart]:
        """Read an article of the library, a part at a time.

        Returns its text from `offset` on; `next_offset` is where to go on, null at the end. To see
        what surrounds a quote, read from a little before the quote's `start`.
        """
        found = self._library.article(article)
        if offset > len(found.text):
            raise ToolError(
                f"offset is {offset}, but {article} has only {len(found.text)} characters."
            )
        part = results.show_part(found, offset, length)
        return give(results.tell_part(part), part)

    @telling_errors
    def list_articles(
        self,
        words: Annotated[
            str, Field(description="Only articles with all of these words in title, source or id")
        ] = "",
        offset: Annotated[int, Field(ge=0, description="How many articles to pass over")] = 0,
        limit: Annotated[int, Field(ge=1, le=200, description="How many articles to give")] = 50,
    ) -> Annotated[CallToolResult, results.ArticleList]:
        """List the library's articles with title, source and date, a page at a time.

        Use it to see what the library is about or to find an article's id; to find out what
        articles say, use search or ask.
        """
        request = ListingRequest(words=tuple(words.casefold().split()), descending=False)
        found = select_articles(self._library.articles(), request)
        page = results.list_page(found, offset, limit)
        return give(results.tell_list(page), page)
