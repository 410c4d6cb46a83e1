"""What an empty conversation offers: questions about the sample articles, or how to begin."""

from collections.abc import Collection, Sequence

from index import ArticleSummary
from qa.chat.texts import say
from qa.output.safe_text import escape_text, shorten_text

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
        tab = f"<strong>{say('tab.library')}</strong>"
        return (
            f'<div class="dl-welcome"><h2>{say("welcome.empty.title")}</h2>'
            f"<p>{say('welcome.empty.add', library=tab)}</p><p><code>dateline add PATH…</code></p>"
            f"<p>{say('welcome.empty.kinds')}</p></div>"
        )
    below = f"<p>{say('welcome.examples')}</p>"
    if not choose_questions([item.id for item in articles]):
        titles = "".join(
            f'<li dir="auto">{escape_text(shorten_text(item.title or item.id, 90))}</li>'
            for item in articles[:3]
        )
        below = f"<p>{say('welcome.among')}</p><ul>{titles}</ul>"
    return (
        f'<div class="dl-welcome"><h2>{say("welcome.title")}</h2>'
        f"<p>{say('welcome.lead', count=len(articles))}</p>{below}</div>"
    )
