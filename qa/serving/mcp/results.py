"""What the tools give: a compact object for a program and the same as text for a model."""

from collections.abc import Sequence

from index import Article, ArticleSummary, Hit
from qa.output.render import citation_to_dict, confidence_in_words, describe_article
from qa.output.shapes import CitationJson, JsonObject
from qa.types import Answer

NOTHING = (
    "Nothing in the library answers this. Say so; the passages below are only the nearest ones "
    "and do not answer the question."
)


class FoundPassage(JsonObject):
    """A passage: the text of the article `article` from `start` to `end`."""

    article: str
    title: str
    start: int
    end: int
    text: str


class AskResult(JsonObject):
    """An answer with the exact quotes that it stands on."""

    status: str
    """`answered`, or `not_found` when nothing in the library answers."""
    answer: str
    confidence: float
    """From 0 to 1."""
    date: str | None
    """The date that answers, as EDTF, when a date was asked for."""
    citations: list[CitationJson]
    notes: list[str]
    """On how the question was read, and on sources that differ."""
    passages: list[FoundPassage]
    """The nearest passages, for context; on `not_found` they do not answer."""


class SearchResult(JsonObject):
    """The passages that match best, best first."""

    passages: list[FoundPassage]


class ArticlePart(JsonObject):
    """A part of an article's text, from `start` to `end` of `characters`."""

    article: str
    title: str
    source: str
    published: str | None
    language: str
    characters: int
    """How long the whole text is."""
    start: int
    end: int
    next_offset: int | None
    """Where the next part begins; null at the end."""
    text: str


class ListedArticle(JsonObject):
    """An article of the library."""

    article: str
    """Its id."""
    title: str
    source: str
    published: str | None
    language: str
    characters: int


class ArticleList(JsonObject):
    """A page of the library's table of contents."""

    articles: list[ListedArticle]
    total: int
    next_offset: int | None
    """Where the next page begins; null at the end."""


def show_passage(hit: Hit) -> FoundPassage:
    """A hit without what only a program needs."""
    return {
        "article": hit.article.id,
        "title": hit.article.title,
        "start": hit.passage.start,
        "end": hit.passage.end,
        "text": hit.passage.text,
    }


def show_answer(answer: Answer) -> AskResult:
    """An answer without what only a program needs."""
    return {
        "status": answer.status,
        "answer": answer.text,
        "confidence": round(answer.confidence, 2),
        "date": answer.date.iso if answer.date else None,
        "citations": [citation_to_dict(citation) for citation in answer.citations],
        "notes": [
            *([answer.date.note] if answer.date and answer.date.note else []),
            *answer.notes,
        ],
        "passages": [show_passage(hit) for hit in answer.hits],
    }


def show_part(article: Article, start: int, length: int) -> ArticlePart:
    """The article's text from ``start`` on, about ``length`` characters of it."""
    end = find_break(article.text, start, length)
    return {
        "article": article.id,
        "title": article.title,
        "source": article.source,
        "published": article.published.iso if article.published else None,
        "language": article.language,
        "characters": len(article.text),
        "start": start,
        "end": end,
        "next_offset": end if end < len(article.text) else None,
        "text": article.text[start:end],
    }


def find_break(text: str, start: int, length: int) -> int:
    """Where a part that begins at ``start`` ends: after a line, else a word, else anywhere."""
    last = start + length
    if last >= len(text):
        return len(text)
    earliest = start + length * 3 // 4
    for mark in ("\n", " "):
        found = text.rfind(mark, earliest, last)
        if found >= 0:
            return found + 1
    return last


def list_page(found: Sequence[ArticleSummary], offset: int, limit: int) -> ArticleList:
    """A page of the articles that were found."""
    end = offset + limit
    return {
        "articles": [
            {
                "article": item.id,
                "title": item.title,
                "source": item.source,
                "published": item.published.iso if item.published else None,
                "language": item.language,
                "characters": item.characters,
            }
            for item in found[offset:end]
        ],
        "total": len(found),
        "next_offset": end if end < len(found) else None,
    }


def tell_answer(answer: Answer) -> str:
    """The answer as text: what is said, how sure it is, each quote with where it stands."""
    if answer.status == "not_found":
        return "\n\n".join((NOTHING, *map(tell_hit, answer.hits)))
    sure = f"{confidence_in_words(answer.confidence)}, {answer.confidence:.0%}"
    lines = [f"{answer.text} ({sure})", *show_answer(answer)["notes"]]
    for citation in answer.citations:
        article = citation.article
        lines.append(
            f"[{citation.number}] {article.title} · {describe_article(article, citation.start)} "
            f"({citation.start}-{citation.end})\n“{citation.quote}”"
        )
    return "\n\n".join(lines)


def tell_hit(hit: Hit) -> str:
    """A passage as text, with where it stands."""
    place = f"{describe_article(hit.article)} ({hit.passage.start}-{hit.passage.end})"
    return f"{hit.article.title} · {place}\n{hit.passage.text}"


def tell_part(part: ArticlePart) -> str:
    """A part of an article as text, with how to go on."""
    facts = " · ".join(filter(None, (part["source"], part["published"], part["article"])))
    more = part["next_offset"]
    follows = "This is the end." if more is None else f"Go on with offset {more}."
    where = f"Characters {part['start']}-{part['end']} of {part['characters']}. {follows}"
    return f"{part['title']}\n{facts}\n{where}\n\n{part['text']}"


def tell_list(listed: ArticleList) -> str:
    """A page of the table of contents as text, a line for each article."""
    lines = [
        " · ".join(
            part
            for part in (item["article"], item["title"], item["source"], item["published"])
            if part
        )
        for item in listed["articles"]
    ]
    more = listed["next_offset"]
    lines.append(f"{listed['total']} in all." if more is None else f"Go on with offset {more}.")
    return "\n".join(lines)
