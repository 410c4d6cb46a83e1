"""A quote with its citation, ready to be pasted: plain text, Markdown and BibTeX."""

import re
import unicodedata

from index import Article
from qa.output.render import describe_article, escape_markdown
from qa.output.safe_text import clean_text

BIBTEX_SPECIAL = re.compile(r"([&%$#_{}])")


def quote_forms(article: Article, quote: str, start: int | None = None) -> dict[str, str]:
    """The quote at ``start`` with its citation in each form, in the order of the menu."""
    return {
        "plain": format_plain(article, quote, start),
        "markdown": format_markdown(article, quote, start),
        "bibtex": format_bibtex(article, quote, start),
    }


def cite_article(article: Article, start: int | None = None) -> str:
    """Title, source, date and file of an article on one line, and the page of what is quoted."""
    return one_line(f"{article.title} · {describe_article(article, start)}")


def format_plain(article: Article, quote: str, start: int | None = None) -> str:
    """“Quote” with the citation on the next line."""
    return f"“{one_line(quote)}”\n{cite_article(article, start)}"


def format_markdown(article: Article, quote: str, start: int | None = None) -> str:
    """A block quote with the citation under it."""
    source = escape_markdown(cite_article(article, start))
    return f"> {escape_markdown(one_line(quote))}\n>\n> — {source}"


def format_bibtex(article: Article, quote: str, start: int | None = None) -> str:
    """A ``@misc`` entry with the quote as its note."""
    iso = article.published.iso if article.published else ""
    fields = {
        "title": f"{{{escape_bibtex(article.title or article.id)}}}",
        "howpublished": escape_bibtex(article.source),
        "year": iso[:4] if iso[:4].isdecimal() else "",
        "month": str(int(iso[5:7])) if re.fullmatch(r"\d{4}-\d\d(-\d\d)?", iso) else "",
        "pages": "" if start is None else str(article.page_at(start) or ""),
        "note": escape_bibtex(f"“{one_line(quote)}” ({article.id})"),
    }
    body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@misc{{{bibtex_key(article)},\n{body}\n}}"


def bibtex_key(article: Article) -> str:
    """A key of ASCII letters and digits: the title's first words, else the article's id."""
    plain = unicodedata.normalize("NFKD", article.title or article.id)
    words = re.findall(r"[A-Za-z0-9]+", plain) or re.findall(r"[A-Za-z0-9]+", article.id)
    return "-".join(words[:4]).lower() or "article"


def escape_bibtex(text: str) -> str:
    """``text`` on one line with BibTeX's special characters escaped."""
    without = one_line(text).replace("\\", "/").replace("~", "\\textasciitilde ")
    return BIBTEX_SPECIAL.sub(r"\\\1", without).replace("^", "\\textasciicircum ")


def one_line(text: str) -> str:
    """``text`` cleaned of controls, with every run of white space as one space."""
    return " ".join(clean_text(text).split())
