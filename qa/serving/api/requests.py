"""What may be asked of the API: the same fields in a query string and in a JSON body."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from index import Filters
from index.extensions import list_systems, name_systems
from index.types import SystemName
from qa.requests import ListingRequest, Order, parse_filters

LONGEST_QUESTION = 10_000
MOST_PASSAGES = 100
MOST_ARTICLES = 1_000
MOST_TURNS = 20
EXAMPLE = "When did Russia recognize South Ossetia?"

Text = Annotated[str, Field(min_length=1, max_length=LONGEST_QUESTION)]
Names = Annotated[list[str], Field(max_length=100)]


def check_system(value: object) -> object:
    """A system's name; a query string makes a space of the plus in ``hybrid+reader``."""
    name = value.replace(" ", "+") if isinstance(value, str) else value
    if name not in list_systems():
        raise ValueError(f"must be {name_systems()}")
    return name


System = Annotated[
    str,
    BeforeValidator(check_system),
    Field(json_schema_extra=lambda schema: schema.update(enum=list_systems())),
]


class FilterFields(BaseModel):
    """Which articles may be used."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    published_after: str = ""
    """Only articles from this date on: `2008`, `2008-09` or `2008-09-17`."""
    published_before: str = ""
    """Only articles up to this date."""
    sources: Names = []
    """Only articles of these sources."""
    languages: Names = []
    """Only articles in these languages: `en`, `ru`, …"""

    def read_filters(self) -> Filters:
        """The filters.

        Raises:
            QuestionError: a date that is none, or a range that ends before it begins.
        """
        return parse_filters(
            self.published_after, self.published_before, self.sources, self.languages
        )


class AskRequest(FilterFields):
    """A question."""

    question: Annotated[Text, Field(examples=[EXAMPLE])]
    """In plain words."""
    passages: Annotated[int, Field(ge=1, le=MOST_PASSAGES)] = 10
    """How many passages the reply carries beside the answer."""
    system: System | None = None
    """How to answer: a way to search, alone or with a reader after a plus, as `hybrid+reader`."""
    min_confidence: Annotated[float, Field(ge=0, le=1)] | None = None
    """Withhold answers less sure than this."""
    after: Annotated[list[Text], Field(max_length=MOST_TURNS)] = []
    """The questions before this one, the first one first; it may be understood from them."""
    without: Names = []
    """Words not to be carried over from them."""
    explain: bool = False
    """Whether the reply carries the `trace`: how the answer came about, stage by stage."""


class SearchRequest(FilterFields):
    """A search for passages."""

    query: Annotated[Text, Field(examples=["Ossetia treaty"])]
    """Words, or a question."""
    passages: Annotated[int, Field(ge=1, le=MOST_PASSAGES)] = 10
    """How many passages to give."""
    system: SystemName | None = None
    """How to rank."""


class TimelineRequest(FilterFields):
    """A question whose dated statements are wanted."""

    question: Annotated[Text, Field(examples=["South Ossetia"])]
    """What the statements shall be about."""


class ListRequest(BaseModel):
    """Which page of the library's table of contents is wanted."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    words: Annotated[str, Field(max_length=LONGEST_QUESTION)] = ""
    """Only articles with all of these words in title, source or id."""
    source: str = ""
    """Only articles of this source."""
    language: str = ""
    """Only articles in this language."""
    published_after: str = ""
    """Only articles from this date on: `2008`, `2008-09` or `2008-09-17`."""
    published_before: str = ""
    """Only articles up to this date."""
    order: Order = "added"
    """What to order by."""
    descending: bool = False
    """Whether the last comes first."""
    offset: Annotated[int, Field(ge=0)] = 0
    """How many to pass over."""
    limit: Annotated[int, Field(ge=1, le=MOST_ARTICLES)] = 100
    """How many to give."""

    def read_listing(self) -> ListingRequest:
        """What the list shows, and in which order.

        Raises:
            QuestionError: a date that is none, or a range that ends before it begins.
        """
        dates = parse_filters(self.published_after, self.published_before)
        return ListingRequest(
            words=tuple(self.words.casefold().split()),
            source=self.source,
            language=self.language,
            after=dates.published_after,
            before=dates.published_before,
            order=self.order,
            descending=self.descending,
        )
