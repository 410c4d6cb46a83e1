"""What the cited sources say together: who agrees, who does not, and what is newer."""

from collections.abc import Sequence
from dataclasses import replace

from qa.agreement import Group, Statement, group_answers, label_stories
from qa.agreement.meaning import Encode, Meaning
from qa.reader.currency import asks_about_now, date_of
from qa.reader.evidence import covered_share, matter_words
from qa.types import AnswerGroup, Citation

CONTRADICTS = 0.7
"""The least score of an answer that contradicts another or is contradicted."""

CONTRADICTS_SHARE = 0.85
"""The share of the better answer's score that the other one needs."""

CONTRADICTS_TOLD = 0.4
"""The share of what is asked that the sentences of both need to say: they are of one thing."""


def group_citations(
    question: str,
    citations: Sequence[Citation],
    encode: Encode | None = None,
    scores: Sequence[float] = (),
) -> tuple[AnswerGroup, ...]:
    """The citations that have answering words, grouped by what those say.

    Copies of one story count as one article; groups that cannot both be true name each other.

    Args:
        question: what they answer.
        citations: what is cited.
        encode: asked, once, only when the words leave several groups that are no dates, numbers or
            verdicts.
        scores: of each citation, how sure its answer is; only sure ones that tell of the same thing
            contradict each other. Without any, all do.
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
    made = tuple(make_group(group, answering) for group in groups)
    return settle_conflicts(question, made, citations, scores) if scores else made


def settle_conflicts(
    question: str,
    groups: Sequence[AnswerGroup],
    citations: Sequence[Citation],
    scores: Sequence[float],
) -> tuple[AnswerGroup, ...]:
    """The groups that contradict each other only where both are likely to be true of one thing.

    Asked about now, what an older article says was true then.
    """
    asked = matter_words(question)
    now = asks_about_now(question)
    rows = {citation.number: row for row, citation in enumerate(citations)}
    score, newest = {}, {}
    for place, group in enumerate(groups):
        cited = [rows[number] for number in group.citations]
        told = max(covered_share(asked, citations[row].quote) for row in cited)
        score[place] = max(scores[row] for row in cited) if told >= CONTRADICTS_TOLD else 0.0
        newest[place] = max(date_of(citations[row].article) for row in cited)

    def differ(one: int, other: int) -> bool:
        less, more = sorted((score[one], score[other]))
        outdated = now and newest[one] != newest[other]
        return less >= max(CONTRADICTS, CONTRADICTS_SHARE * more) and not outdated

    return tuple(
        replace(
            group,
            conflicts_with=(
                against := tuple(other for other in group.conflicts_with if differ(place, other))
            ),
            later=group.later and bool(against),
        )
        for place, group in enumerate(groups)
    )


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
