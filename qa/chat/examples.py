"""What an empty conversation offers: questions about the sample articles, or how to begin."""

from collections.abc import Collection, Sequence

from index import ArticleSummary
from qa.chat.display import count_things, escape_text, shorten_text

SAMPLE_QUESTIONS = (
    ("When did Russia recognize South Ossetia?", "003_c478da7ede625d0a.txt"),
    ("Which country followed Russia in recognizing the two regions?", "002_7c9ce270a0dd1a06.txt"),
    (
        "For how long did Moscow suspend peacekeeping operations with NATO?",
        "003_c478da7ede625d0a.txt",
    ),
    ("Who is South Ossetia's ambassador to Abkhazia?", "004_ac8b6d61d6b7d856.txt"),
)
"""A question and the sample article that answers it; it is offered where that article is."""


def choose_questions(articles: Collection[str]) -> list[str]:
    """The example questions that articles of this library answer; none for other libraries."""
    known = set(articles)
    return [question for question, article in SAMPLE_QUESTIONS if article in known]


def render_welcome(articles: Sequence[ArticleSummary]) -> str:
    """What the empty conversation says, for a library with or without articles."""
    if not articles:
        return (
            '<div class="dl-welcome"><h2>Your library is empty</h2>'
            "<p>Open the <strong>Library</strong> tab and drop your articles there, or add them "
            "in a terminal:</p><p><code>dateline add PATH…</code></p>"
            "<p>Text, Markdown, HTML, PDF, Word and JSONL files, and folders of them.</p></div>"
        )
    titles = "".join(
        f'<li dir="auto">{escape_text(shorten_text(item.title or item.id, 90))}</li>'
        for item in articles[:3]
    )
    among = "" if choose_questions([item.id for item in articles]) else f"<ul>{titles}</ul>"
    lead = f"{count_things(len(articles), 'article')} to ask"
    return (
        f'<div class="dl-welcome"><h2>Ask your articles</h2><p>{lead}. Every answer quotes the '
        f"passages it stands on, word for word; open any of them in its article.</p>{among}</div>"
    )
