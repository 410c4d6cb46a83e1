"""Answers, lists and progress for a terminal; rich draws, nothing here decides."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from index import AddReport, Article, Hit, Passage
from index.types import ArticleSummary, Progress
from qa.dates import TimelineEntry, spell_date
from qa.output.render import confidence_in_words, describe_article
from qa.output.story import tell_story, word_story
from qa.types import Answer, Citation

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
SHOW_PROGRESS_AFTER = 2.0
"""Seconds of work before a progress bar appears."""


def make_console(*, stderr: bool = False) -> "Console":
    """A console that writes words as they are: no markup, no emoji, no guessed highlights."""
    from rich.console import Console

    return Console(stderr=stderr, markup=False, emoji=False, highlight=False, soft_wrap=False)


def clean(text: str) -> str:
    """The text without control characters, which could drive the terminal, and soft hyphens."""
    return "".join(
        character if character.isprintable() or character in "\n\t" else "\ufffd"
        for character in text.translate(_UNSEEN)
    )


def draw_answer(console: "Console", answer: Answer) -> None:
    """The answer, then each citation with title, source, date and the quoted sentence."""
    from rich.text import Text

    if answer.followup:
        line = f"Understood as: {clean(answer.followup.query)}"
        console.print(Text(line, style="dim"))
    if answer.status == "not_found":
        console.print(Text(answer.text, style="bold"))
        for note in answer.notes:
            console.print(Text(clean(note), style="italic"))
        if answer.hits:
            console.print(Text("The nearest passages, which do not answer it:", style="dim"))
            draw_hits(console, answer.hits[:3])
        return
    sure = f"{confidence_in_words(answer.confidence)}, {answer.confidence:.0%}"
    console.print(Text.assemble((clean(answer.text), "bold"), ("  (" + sure + ")", "dim")))
    if answer.date and answer.date.note not in ("", answer.text):
        console.print(Text(clean(answer.date.note), style="italic"))
    for note in answer.notes:
        console.print(Text(clean(note), style="italic"))
    for citation in answer.citations:
        console.print()
        title = clean(citation.article.title)
        console.print(Text.assemble((f"[{citation.number}] ", "bold cyan"), (title, "bold")))
        print_indented(
            console, Text(clean(describe_article(citation.article, citation.start)), style="dim")
        )
        print_indented(console, mark_quote(citation))


def draw_story(console: "Console", answer: Answer, lost: str = "") -> None:
    """Why this answer, step by step; then where what was expected was ``lost``."""
    from rich.text import Text

    console.print()
    console.print(Text("Why this answer:", style="bold"))
    for number, sentence in enumerate(word_story(tell_story(answer)), start=1):
        print_indented(console, Text(f"{number}. {clean(sentence)}"))
    if lost:
        console.print()
        console.print(Text("What was expected:", style="bold"))
        print_indented(console, Text(clean(lost)))


def mark_quote(citation: Citation) -> "Text":
    """The quote with the answering words set off, in brackets too where there is no colour."""
    from rich.text import Text

    quote, span = citation.quote, citation.span
    if span is None:
        return Text(f"“{clean(quote)}”")
    first, last = span.start - citation.start, span.end - citation.start
    return Text.assemble(
        f"“{clean(quote[:first])}",
        (f"»{clean(quote[first:last])}«", "bold reverse"),
        f"{clean(quote[last:])}”",
    )


def print_indented(console: "Console", text: "Text") -> None:
    """Print a paragraph, every line of it indented."""
    from rich.padding import Padding

    console.print(Padding(text, (0, 0, 0, 4)))


def draw_hits(console: "Console", hits: Sequence[Hit]) -> None:
    """The ranked passages with their scores."""
    from rich.text import Text

    if not hits:
        console.print("No passage matches.")
    for hit in hits:
        console.print()
        head = f"{hit.rank}. {clean(hit.article.title)}"
        console.print(Text.assemble((head, "bold"), (f"  {hit.score:.3f}", "dim")))
        where = f"{clean(describe_article(hit.article))}:{hit.passage.start}-{hit.passage.end}"
        print_indented(console, Text(where, style="dim"))
        print_indented(console, Text(clean(" ".join(hit.passage.text.split()))))


def draw_timeline(console: "Console", entries: Sequence[TimelineEntry]) -> None:
    """Each date with the sentence that tells it and where that stands."""
    from rich.text import Text

    if not entries:
        console.print("No dated statement about this was found.")
    for entry in entries:
        first = entry.text.find(entry.expression)
        sentence = Text(clean(entry.text))
        if first >= 0:
            sentence.stylize("bold", first, first + len(entry.expression))
        console.print(Text(spell_date(entry.iso), style="bold cyan"))
        print_indented(console, sentence)
        where = f"{clean(entry.article)}:{entry.start}-{entry.end}"
        if entry.reprints:
            where += f" · also in {clean(', '.join(entry.reprints))}"
        print_indented(console, Text(where, style="dim"))


def draw_article(console: "Console", article: Article, passages: Sequence[Passage] | None) -> None:
    """What was found about an article, then its text or its passages."""
    from rich.text import Text

    console.print(Text(clean(article.title), style="bold"))
    published = article.published
    date = (
        f"{spell_date(published.iso)} ({published.note or published.origin})" if published else ""
    )
    for name, value in (
        ("id", article.id),
        ("source", article.source),
        ("published", date),
        ("language", article.language),
        ("location", article.location),
        *(("note", note) for note in article.notes),
    ):
        if value:
            console.print(Text.assemble((f"{name}: ", "dim"), clean(value)))
    console.print()
    if passages is None:
        console.print(Text(clean(article.text)))
    for passage in passages or ():
        console.print(Text(f"[{passage.start}-{passage.end}]", style="dim"))
        console.print(Text(f"{clean(passage.text)}\n"))


def draw_articles(console: "Console", articles: Sequence[ArticleSummary]) -> None:
    """The table of contents."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for heading in ("Id", "Title", "Source", "Published"):
        table.add_column(heading, overflow="fold")
    table.add_column("Passages", justify="right")
    for item in articles:
        date = spell_date(item.published.iso) if item.published else ""
        table.add_row(
            clean(item.id), clean(item.title), clean(item.source), date, str(item.passages)
        )
    console.print(table)


def draw_report(console: "Console", report: AddReport) -> None:
    """What was added, what was not and why."""
    from rich.text import Text

    for item in report.skipped:
        style = "red" if item.failed else "dim"
        said = item.location in item.reason
        text = item.reason if said else f"{item.location}: {item.reason}"
        console.print(Text(clean(text), style=style))
    for new, old in report.duplicates:
        console.print(Text(clean(f"{new}: the same text as {old}; stored once."), style="dim"))
    for article, note in report.uncertain:
        console.print(Text(clean(f"{article}: {note}"), style="yellow"))
    counts = [
        f"{len(items)} {word}"
        for items, word in (
            (report.added, "added"),
            (report.updated, "updated"),
            (report.unchanged, "unchanged"),
            (report.duplicates, "already there under another name"),
            (report.skipped, "skipped"),
        )
        if items
    ]
    done = ", ".join(counts) or "nothing to add"
    passages = "1 passage" if report.passages == 1 else f"{report.passages} passages"
    console.print(f"{done}; {passages} in {report.seconds:.1f} s.")


@contextmanager
def show_progress(*, quiet: bool = False) -> Iterator[Callable[[Progress], None]]:
    """A callback that draws progress with rate and time left, once work takes over two seconds."""
    import time

    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.progress import (
        Progress as Bar,
    )

    started = time.monotonic()
    bar = Bar(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=make_console(stderr=True),
        transient=True,
    )
    task = bar.add_task("articles", total=None, rate="")

    def update(progress: Progress) -> None:
        elapsed = time.monotonic() - started
        if quiet or elapsed < SHOW_PROGRESS_AFTER:
            return
        bar.start()
        rate = f"{progress.passages / elapsed:.0f} passages/s"
        bar.update(task, completed=progress.articles, total=progress.total or None, rate=rate)

    try:
        yield update
    finally:
        bar.stop()
