"""What a reader found in a file → an article, completed from the article's own text."""

import hashlib
from dataclasses import dataclass

from index.articles.decoding import plain_name, storable_text
from index.articles.languages import detect_language
from index.pages.headlines import find_headline, strip_site
from index.pages.provenance import find_provenance
from index.text.written_dates import parse_iso_date, parse_written_date
from index.types import Article, PublicationDate


@dataclass(frozen=True, slots=True)
class Document:
    """What one file or record holds: canonical text, and metadata as far as there is any.

    ``source`` is given by the metadata and final; ``site`` is the name of a web site, which the
    agency of a dateline goes before. ``heads`` is what heads and foots the pages, outside the text.
    """

    text: str
    title: str = ""
    source: str = ""
    site: str = ""
    url: str = ""
    language: str = ""
    published: PublicationDate | None = None
    pages: tuple[int, ...] = ()
    heads: str = ""
    notes: tuple[str, ...] = ()


def make_article(
    document: Document, *, article_id: str, location: str, file_name: str = ""
) -> Article:
    """The article of a document: what its metadata lacks is looked for in its text, then its name.

    ``file_name`` is that of the file that holds this article alone.
    """
    text = storable_text(document.text)
    top = f"{document.heads}\n\n{text}" if document.heads else text
    provenance = find_provenance(top, site=document.site, url=document.url, file=file_name)
    title, notes = plain_name(document.title), document.notes
    if not title:
        headline = find_headline(text)
        title = plain_name(headline.title)
        notes = (*notes, headline.note) if headline.note else notes
    return Article(
        id=article_id,
        title=strip_site(title, plain_name(document.site)),
        text=text,
        source=plain_name(document.source) or plain_name(provenance.source),
        published=document.published or provenance.published,
        language=plain_name(document.language) or detect_language(text),
        digest=hashlib.sha256(text.encode("utf-8")).hexdigest(),
        location=location,
        pages=document.pages,
        notes=notes,
    )


def metadata_date(written: str, where: str) -> PublicationDate | None:
    """The date that metadata gives as ``written``; ``None`` when it is empty or no date."""
    value = written.strip()
    read = parse_iso_date(value) or parse_written_date(value)
    if read is None:
        return None
    return PublicationDate(*read, "metadata", f'{where} "{value[:60]}"')
