"""One reader a format: bytes of a file → its canonical text and what its metadata says.

The table of formats is in ``index.extensions``. ``.txt`` and ``.md`` keep the file's own text,
character by character; ``.html`` becomes the main text of the page. PDF and Word have modules of
their own.
"""

import logging
import re
import tomllib
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from index.articles.decoding import decode_text, storable_text
from index.articles.documents import Document, metadata_date
from index.errors import ArticleError
from index.pages.headlines import strip_site

# Front matter and the first heading of Markdown stand this near the top.
_FRONT_CHARACTERS = 20_000
_LONGEST_HEADING = 300


def read_txt(data: bytes, name: str) -> Document:
    """The text of a ``.txt`` file, exactly."""
    text, notes = decode_text(data, name)
    return Document(text, notes=notes)


def read_markdown(data: bytes, name: str) -> Document:
    """The text of a Markdown file, exactly; title, date and source from its front matter."""
    text, notes = decode_text(data, name)
    front = _read_front_matter(text)
    title = front.get("title", "") or _first_heading(text)
    return Document(
        text,
        title=title,
        source=front.get("source", "") or front.get("publisher", ""),
        url=front.get("url", "") or front.get("link", ""),
        published=metadata_date(
            next((front[key] for key in ("date", "published", "pubdate") if front.get(key)), ""),
            "front matter",
        ),
        notes=notes,
    )


def read_html(data: bytes, name: str) -> Document:
    """The main text of a web page, with title, site and date from its metadata.

    Raises:
        ArticleError: the page has no text or is past a bound.
    """
    from index.articles.bounds import bound_markup

    markup, notes = decode_text(data, name, declared=_declared_charset(data))
    markup = bound_markup(markup, name)
    from trafilatura import bare_extraction, baseline

    with _quiet("trafilatura", "htmldate", "charset_normalizer"):
        # Dates are taken from metadata only: what stands in the text is for index.pages.provenance.
        page = bare_extraction(
            markup,
            include_comments=False,
            with_metadata=True,
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
        found = page if page is not None and not isinstance(page, dict) else None
        text = (found.text if found else "") or baseline(markup)[1]
    if not text or not text.strip():
        raise ArticleError(f"{name} has no article text: it is a page of links, scripts or frames.")
    if found is None:
        return Document(text, notes=notes)
    site = found.sitename or ""
    return Document(
        text,
        title=strip_site(found.title or "", site),
        site=site or found.hostname or "",
        url=found.url or "",
        published=metadata_date(found.date or "", "HTML metadata"),
        notes=notes,
    )


@contextmanager
def _quiet(*loggers: str) -> Iterator[None]:
    """Keep the named libraries from logging and warning about what is reported here anyway."""
    levels = {name: logging.getLogger(name).level for name in loggers}
    try:
        for name in loggers:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


def _read_front_matter(text: str) -> dict[str, str]:
    """The plain ``key: value`` lines of YAML front matter, or TOML's; empty without one."""
    lines = [line.rstrip() for line in text[:_FRONT_CHARACTERS].splitlines()]
    fence = lines[0] if lines else ""
    if fence not in ("---", "+++"):
        return {}
    ends = [i for i, line in enumerate(lines[1:], start=1) if line in (fence, "...")]
    if not ends:
        return {}
    block = lines[1 : ends[0]]
    if fence == "+++":
        try:
            table = tomllib.loads("\n".join(block))
        except tomllib.TOMLDecodeError:
            return {}
        return {key.lower(): str(value) for key, value in table.items()}
    pairs = (line.partition(":") for line in block if line[:1].isalpha())
    return {key.lower(): _unquote(value.strip()) for key, _, value in pairs}


def _unquote(value: str) -> str:
    """``value`` without the quotation marks around it."""
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
    return value[1:-1] if quoted else value


def _first_heading(text: str) -> str:
    """The first level-one heading of a Markdown text, ``# Title`` or underlined with ``=``."""
    lines = [line.strip() for line in text[:_FRONT_CHARACTERS].splitlines()]
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        if line.startswith("# "):
            heading = line.strip("# ")
        elif line and len(below) >= 3 and set(below) == {"="}:
            heading = line
        else:
            continue
        if heading:
            plain = re.sub(r"\[([^\]\[]*)\]\([^()]*\)", r"\1", heading[:_LONGEST_HEADING])
            return re.sub(r"(?<!\w)[*_`]{1,3}|[*_`]{1,3}(?!\w)", "", plain)
    return ""


def _declared_charset(data: bytes) -> str:
    """The character set that a page, or a header saved with it, declares in its first bytes."""
    match = re.search(
        rb"""(?im)(?:^content-type:[^\r\n]{0,200}charset|<meta[^>]{0,200}charset"""
        rb"""|<\?xml[^>]{0,200}encoding)\s*=\s*["']?([\w.:-]+)""",
        data[:4096],
    )
    return match[1].decode("ascii") if match else ""


def document_title(title: str) -> str:
    """A title property, unless it is a file name or what a program wrote there by itself."""
    value = re.sub(r"\s+", " ", storable_text(title)).strip()
    generated = re.search(
        r"(?i)^(?:untitled|microsoft word\b|document\d*|word document|powerpoint\b|print|slide 1|"
        r"\(?anonymous\)?|unspecified)|\.(?:docx?|pdf|tex|dvi|indd|qxd|rtf|txt|odt|pptx?|html?)$",
        value,
    )
    return "" if generated or len(value) < 4 or " " not in value else value


def give_reason(error: BaseException) -> str:
    """What a library says of an error, on one line and without its full stop."""
    said = " ".join(str(error).split())[:120].rstrip(".")
    return said or type(error).__name__
