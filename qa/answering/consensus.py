"""What the cited sources say together: who agrees, who does not, and what is newer."""

from collections.abc import Sequence

from qa.agreement import Group, Statement, group_answers, label_stories
from qa.agreement.meaning import Encode, Meaning
from qa.types import AnswerGroup, Citation


def group_citations(
    question: str, citations: Sequence[Citation], encode: Encode | None = None
) -> tuple[AnswerGroup, ...]:
    """The citations that have answering words, grouped by what those say.

    Copies of one story count as one article; groups that cannot both be true name each other.
    ``encode`` is asked, once, only when the words leave several groups that are no dates, numbers
    or verdicts.
    """
    answering = [citation for citation in citations if citation.span]
    stories = label_stories([citation.article for citation in answering])
    statements = [
        make_statement(citation, str(story))
        for citation, story in zip(answering, stories, strict=True)
    ]
    groups = group_answers(question, statements)
    phrases = [group for group in groups if group.kind == "text"]
    if encode and len(phrases) > 1:
        answers = [
            statements[index].answer.strip() for group in phrases for index in group.statements
        ]
        groups = group_answers(question, statements, Meaning(answers, encode))
    return tuple(make_group(group, answering) for group in groups)


def make_statement(citation: Citation, story: str = "") -> Statement:
    """A citation as a statement: its sentence, its answering words, its article and date.

    The article stands for the source, since two articles of one agency are two articles.
    """
    published = citation.article.published
    return Statement(
        text=citation.quote,
        answer=citation.span.text if citation.span else "",
        source=citation.article.id,
        published=published.iso if published else None,
        story=story,
    )


def make_group(group: Group, citations: Sequence[Citation]) -> AnswerGroup:
    """The group with citations' numbers in place of statements' indices."""
    return AnswerGroup(
        value=group.value,
        citations=tuple(citations[index].number for index in group.statements),
        independent=group.independent,
        conflicts_with=group.conflicts_with,
        later=group.later,
    )


def describe_conflict(groups: Sequence[AnswerGroup]) -> str:
    """One line that shows both sides without a verdict; empty when the sources agree."""
    if not groups or not groups[0].conflicts_with:
        return ""
    sides = [0, *groups[0].conflicts_with]
    return "The sources differ: " + "; ".join(describe_side(groups[side]) for side in sides) + "."


def describe_side(group: AnswerGroup) -> str:
    """A value with its citations, such as ``“7,600” in 2 articles [1] [3], the later ones``."""
    count = f"{group.independent} article{'s' if group.independent != 1 else ''}"
    numbers = " ".join(f"[{number}]" for number in group.citations)
    later = ", later" if group.later else ""
    return f"“{group.value}” in {count} {numbers}{later}"
