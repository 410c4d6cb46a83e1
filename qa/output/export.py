"""A conversation as a file: Markdown, HTML or JSON, with quotes, sources, dates and offsets.

The same for ``dateline ask --export`` and the chat's history. What articles and questions say is
text in all three: Markdown and HTML signs in it are escaped, and the HTML page may load and run
nothing.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from index.errors import StorageError
from qa.dates import spell_date
from qa.output.records import write_json
from qa.output.render import answer_to_dict, escape_markdown
from qa.output.safe_text import clean_text, escape_text
from qa.output.shapes import CitationJson, ConversationJson, TurnJson
from qa.types import Answer

SUFFIXES = (".md", ".html", ".json")
REMOVED = "source removed"
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
body {{ max-width: 42rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.55 Georgia, serif; }}
h2 {{ margin: 2.2rem 0 .3rem; font-size: 1.2rem; }}
.meta {{ color: #595959; font-size: .87rem; }}
blockquote {{ margin: .3rem 0 1rem; padding-left: .9rem; border-left: 3px solid #999; }}
mark {{ background: #ffe9a8; }}
</style>
</head>
<body>
<h1>{title}</h1>
{body}
</body>
</html>
"""


def check_export(path: Path) -> None:
    """Go on when a conversation can be written to a file of this name.

    Raises:
        StorageError: its suffix says no format, or its folder is not there.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise StorageError(
            f"{path} names no format that a conversation can be written in; "
            "let it end in .md, .html or .json."
        )
    if not path.resolve().parent.is_dir():
        raise StorageError(f"The folder of {path} does not exist; make it or name another.")


def export_answers(path: Path, answers: Sequence[Answer]) -> None:
    """Write answers, in order, as a conversation in the format of the file's suffix.

    Raises:
        StorageError: the suffix says no format, or the file cannot be written.
    """
    check_export(path)
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    turns: list[TurnJson] = [{"asked": now, "answer": answer_to_dict(item)} for item in answers]
    title = answers[0].question if answers else ""
    text = write_conversation({"title": title, "turns": turns}, path.suffix.lower())
    try:
        path.write_text(text, "utf-8", errors="backslashreplace")
    except OSError as error:
        raise StorageError(f"{path} cannot be written: {error.strerror}.") from error


def write_conversation(
    conversation: ConversationJson, suffix: str, removed: frozenset[str] = frozenset()
) -> str:
    """The conversation as the text of a file with this suffix.

    ``removed`` are the ids of articles that are there no more; their citations say so.
    """
    if suffix == ".json":
        return write_json(conversation, indent=2) + "\n"
    if suffix == ".md":
        return conversation_to_markdown(conversation, removed)
    return conversation_to_html(conversation, removed)


def conversation_to_markdown(
    conversation: ConversationJson, removed: frozenset[str] = frozenset()
) -> str:
    """The conversation in Markdown: a heading a question, a quotation a citation."""
    lines = [f"# {one_line(conversation['title'])}"]
    for turn in conversation["turns"]:
        answer = turn["answer"]
        lines += ["", f"## {one_line(answer['question'])}"]
        lines += [f"*{escape_markdown(fact)}*" for fact in list_facts(turn)]
        lines += ["", f"**{one_line(answer['text'])}**"]
        for note in answer["notes"]:
            lines += ["", one_line(note)]
        for citation in answer["citations"]:
            where = ", ".join(describe_citation(citation, removed))
            lines += ["", f"\\[{citation['number']}\\] {escape_markdown(where)}", ""]
            quote = clean_text(citation["quote"]).splitlines()
            lines += [f"> {escape_markdown(line)}" for line in quote]
    return "\n".join(lines) + "\n"


def conversation_to_html(
    conversation: ConversationJson, removed: frozenset[str] = frozenset()
) -> str:
    """The conversation as one page that loads nothing and runs nothing."""
    parts = []
    for turn in conversation["turns"]:
        answer = turn["answer"]
        parts.append(f'<h2 dir="auto">{escape_text(answer["question"])}</h2>')
        parts += [f'<p class="meta">{escape_text(fact)}</p>' for fact in list_facts(turn)]
        parts.append(f'<p dir="auto"><strong>{escape_text(answer["text"])}</strong></p>')
        parts += [f"<p>{escape_text(note)}</p>" for note in answer["notes"]]
        for citation in answer["citations"]:
            where = ", ".join(describe_citation(citation, removed))
            parts.append(f'<p class="meta">[{citation["number"]}] {escape_text(where)}</p>')
            parts.append(f'<blockquote dir="auto">{mark_answer(citation)}</blockquote>')
    return PAGE.format(title=escape_text(conversation["title"]), body="\n".join(parts))


def list_facts(turn: TurnJson) -> list[str]:
    """What a reader should know of a turn besides its words: how it was understood, when, how sure.

    One line each.
    """
    answer = turn["answer"]
    facts = []
    if followup := answer.get("followup"):
        facts.append(f"Understood as: {followup['query']}")
    known = [f"confidence {answer['confidence']:.0%}"] if answer["status"] == "answered" else []
    if answer["date"] and spell_date(answer["date"]) != answer["text"]:
        known.append(f"date {spell_date(answer['date'])}")
    if turn["asked"]:
        known.append(f"asked {turn['asked'].replace('T', ' ')}")
    return [*facts, "; ".join(known)] if known else facts


def describe_citation(citation: CitationJson, removed: frozenset[str]) -> list[str]:
    """Title, source, date, article, offsets and page of a citation."""
    facts = [citation["title"], citation["source"]]
    facts.append(spell_date(citation["published"]) if citation["published"] else "date unknown")
    facts.append(f"{citation['article']}:{citation['start']}-{citation['end']}")
    facts.append(f"page {citation['page']}" if "page" in citation else "")
    if citation["article"] in removed:
        facts.append(REMOVED)
    return [fact for fact in facts if fact]


def mark_answer(citation: CitationJson) -> str:
    """The quote as HTML, the answering words marked."""
    quote, answer = citation["quote"], citation["answer"]
    if answer is None:
        return escape_text(quote)
    first, last = answer["start"] - citation["start"], answer["end"] - citation["start"]
    return (
        f"{escape_text(quote[:first])}<mark>{escape_text(quote[first:last])}</mark>"
        f"{escape_text(quote[last:])}"
    )


def one_line(text: str) -> str:
    """The text in Markdown, on one line."""
    return escape_markdown(" ".join(clean_text(text).split()))
