"""Answers of several passages, grouped by what they say, with what contradicts what."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from qa.agreement.names import normalise_words, same_phrase
from qa.agreement.quantities import Quantity, exclude_each_other, read_quantity, same_quantity
from qa.dates import are_compatible, find_dates, is_when_question, join_dates, read_bounds
from qa.dates.edtf import has_year, read_month_days
from qa.reprints import label_copies

Similarity = Callable[[str, str], float]
Kind = Literal["date", "number", "yes-no", "text"]

MIN_SIMILARITY = 0.65
"""From where on phrases in other words are one; chosen for ``Meaning`` on pairs: docs/dates.md."""
_COUNTING = re.compile(
    r"\bhow\s+(?:many|much|long|far|old|large|big|tall|high|deep|fast|heavy|often)\b"
    r"|\b(?:percentage|percent|share|population|death\s+toll|number|price|cost|size|age|height|"
    r"length|distance|amount|score)\b",
    re.IGNORECASE,
)
_BEGINS_AS_NUMBER = re.compile(r"\W*(?:US)?[\d$€£]\S*(?:\s+\S+){0,3}\s*$")
_LENGTH = re.compile(
    r"\bhow\s+(?:far|tall|high|deep|wide|long)\b|\b(?:height|length|distance|depth|width)\b",
    re.IGNORECASE,
)
_VERDICT = re.compile(
    r"^\W*(?:did|does|do|is|are|was|were|has|have|had|will|would|can|could|should)\b", re.IGNORECASE
)
_SINGLE = re.compile(
    r"^\W*(?:where|what\s+(?:is|was|['’]s|caused|currency|language|name|colou?r|nationality)|"
    r"who\s+(?:is|was|heads?|headed|leads?|led|won|wins|founded|succeeded|replaced|became|"
    r"commands?|commanded|chairs?|chaired|owns?|owned|wrote|invented|ruled|rules)|"
    r"(?:which|what)\s+(?!two|three|four|five|other|are|were|did)\w+(?<!s)\b|"
    r"(?:in|at|to|from|on|by)\s+(?:which|what|whom)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Statement:
    """What one passage answers: its text, the answer in it, its article and when that appeared.

    ``story`` names the story that the article tells, the same for its reprints; where it is
    empty, copies are told by ``text`` alone.
    """

    text: str
    answer: str
    source: str = ""
    published: str | None = None
    story: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Statements that give the same answer.

    ``statements`` are indices of the statements in order, ``value`` the fullest answer among
    them, ``iso`` its date when it is one. ``independent`` counts articles, copies of one story
    once. ``conflicts_with`` are the indices of groups that can't be true when this one is;
    ``later`` says that its newest source is newer than those of every group it conflicts with.
    """

    statements: tuple[int, ...]
    value: str
    independent: int
    kind: Kind = "text"
    iso: str = ""
    conflicts_with: tuple[int, ...] = ()
    later: bool = False


@dataclass(frozen=True, slots=True)
class _Value:
    """What an answer says, read: one of the fields is set, by its kind.

    ``lone`` is the date as it is written when that is without a year.
    """

    kind: Kind
    text: str
    iso: str = ""
    lone: str = ""
    quantity: Quantity | None = None


def group_answers(
    question: str,
    statements: Sequence[Statement],
    similarity: Similarity | None = None,
    *,
    conflicts: bool = True,
) -> list[Group]:
    """The statements grouped by value, in the order of each group's first statement.

    A statement joins a group only when it agrees with all of it, so likeness is not passed on:
    7,600 and 7,700 are not one because both are about 7,650. One that fits several groups that
    differ ("August", with 26 and 27 August told) stands alone. Where yes or no is asked for, words
    in place of these are on no side. ``similarity`` of two answers, 0
    to 1, is asked last, for phrases in other words. Without ``conflicts`` nothing is said of them.
    """
    values = [_read_value(question, statement) for statement in statements]
    groups = [_make_group(members, values, statements) for members in _cluster(values, similarity)]
    said = all(group.kind == "yes-no" for group in groups) or not asks_whether(question)
    if not conflicts or not said or not is_single_valued(question):
        return groups
    return _mark_conflicts(groups, values, statements)


def asks_whether(question: str) -> bool:
    """Whether yes or no would answer: "Did Brandt concede?", but not "Did Brandt or Marsh win?"."""
    return bool(_VERDICT.search(question)) and not re.search(r"\bor\b", question, re.IGNORECASE)


def is_single_valued(question: str) -> bool:
    """Whether only one answer can be true: when, how many, who is, which country, yes or no."""
    return bool(
        is_when_question(question)
        or _COUNTING.search(question)
        or _VERDICT.search(question)
        or _SINGLE.search(question)
    )


def _read_value(question: str, statement: Statement) -> _Value:
    answer = statement.answer.strip()
    words = normalise_words(answer)
    if _VERDICT.search(question) and words and words[0] in ("yes", "no"):
        return _Value("yes-no", words[0])
    if is_when_question(question):
        alone = find_dates(f"in {answer}", None)
        written = alone[0].iso if alone else ""
        iso = _read_date(statement, statement.published) or written
        if iso:
            lone = written if written and not has_year(written) else ""
            return _Value("date", answer, iso=iso, lone=lone)
    elif _COUNTING.search(question) or _BEGINS_AS_NUMBER.match(answer):
        quantity = read_quantity(answer, length=bool(_LENGTH.search(question)))
        if quantity:
            return _Value("number", answer, quantity=quantity)
    return _Value("text", answer)


def _read_date(statement: Statement, published: str | None) -> str:
    """The date of an answer, read in its sentence; of two, what they make together if anything."""
    place = statement.text.find(statement.answer)
    found = []
    if place >= 0 and statement.answer:
        end = place + len(statement.answer)
        found = [
            span
            for span in find_dates(statement.text, published)
            if span.start < end and place < span.end
        ]
    # A bare "1642" is a year when it answers when.
    found = found or find_dates(f"in {statement.answer}", published)
    if not found:
        return ""
    iso = found[0].iso
    for span in found[1:]:
        iso = join_dates(iso, span.iso) or iso
    return iso


def _cluster(values: Sequence[_Value], similarity: Similarity | None) -> list[list[int]]:
    """Complete linkage, the most exact answers first."""
    clusters: list[list[int]] = []
    for index in sorted(range(len(values)), key=lambda place: (_vagueness(values[place]), place)):
        fitting = [
            cluster
            for cluster in clusters
            if all(_agree(values[index], values[member], similarity) for member in cluster)
        ]
        if len(fitting) == 1:
            fitting[0].append(index)
        else:
            clusters.append([index])
    return sorted(sorted(cluster) for cluster in clusters)


def _vagueness(value: _Value) -> float:
    """Lower for what says more: a day before a year, an exact number before a rounded one."""
    if value.iso:
        bounds = read_bounds(value.iso)
        if bounds:
            return bounds.days + 0.5 * bool(value.lone)
        days = read_month_days(value.iso)
        return 1.5 if days and days.first == days.last else 32.5
    if value.quantity:
        return ("exact", "about", "least", "most").index(value.quantity.hedge) + (
            0 if value.quantity.low == value.quantity.high else 4
        )
    return -float(len(normalise_words(value.text)))


def _agree(one: _Value, other: _Value, similarity: Similarity | None) -> bool:
    if one.iso and other.iso:
        return _agree_on_date(one, other)
    if one.quantity and other.quantity:
        return same_quantity(one.quantity, other.quantity)
    if one.kind != other.kind:
        return False
    if one.kind == "yes-no":
        return one.text == other.text
    if same_phrase(one.text, other.text):
        return True
    return bool(similarity and similarity(one.text, other.text) >= MIN_SIMILARITY)


def _agree_on_date(one: _Value, other: _Value) -> bool:
    """Whether the dates are compatible; a year that is only concluded does not part them."""
    if are_compatible(one.iso, other.iso):
        return True
    mine, theirs = one.lone or one.iso, other.lone or other.iso
    return (mine, theirs) != (one.iso, other.iso) and are_compatible(mine, theirs)


def _make_group(
    members: Sequence[int], values: Sequence[_Value], statements: Sequence[Statement]
) -> Group:
    fullest = min(members, key=lambda index: (_vagueness(values[index]), index))
    value = values[fullest]
    iso = value.iso
    for index in members:
        iso = join_dates(iso, values[index].lone or values[index].iso) or iso if iso else ""
    return Group(
        statements=tuple(members),
        value=value.text,
        independent=_count_independent([statements[index] for index in members]),
        kind=value.kind,
        iso=iso,
    )


def _count_independent(statements: Sequence[Statement]) -> int:
    """How many articles there are when copies, and passages of one article, count once.

    Statements with a story are copies when that is the same, whatever they quote.
    """
    labels = label_copies(["" if statement.story else statement.text for statement in statements])
    first: dict[tuple[str, str], int] = {}
    for index, statement in enumerate(statements):
        for name in (("article", statement.source), ("story", statement.story)):
            if not name[1]:
                continue
            kept, merged = first.setdefault(name, labels[index]), labels[index]
            labels = [kept if label == merged else label for label in labels]
            first = {key: kept if label == merged else label for key, label in first.items()}
    return len({*labels})


def _mark_conflicts(
    groups: Sequence[Group], values: Sequence[_Value], statements: Sequence[Statement]
) -> list[Group]:
    marked = []
    newest = [_find_newest(group, statements) for group in groups]
    for place, group in enumerate(groups):
        against = tuple(
            other
            for other, theirs in enumerate(groups)
            if other != place and _exclude(group, theirs, values)
        )
        later = bool(
            against
            and newest[place]
            and all(newest[other] and newest[place] > newest[other] for other in against)
        )
        marked.append(replace(group, conflicts_with=against, later=later))
    return marked


def _find_newest(group: Group, statements: Sequence[Statement]) -> str:
    """The latest publication date with a year among the group's statements, empty if none."""
    dates = (statements[index].published or "" for index in group.statements)
    return max((date for date in dates if date[:4].isdecimal()), default="")


def _exclude(one: Group, other: Group, values: Sequence[_Value]) -> bool:
    """Whether not both groups can be true; answers of different kinds are not compared."""
    if one.kind != other.kind:
        return False
    if one.kind == "number":
        pairs = [
            (values[mine].quantity, values[theirs].quantity)
            for mine in one.statements
            for theirs in other.statements
        ]
        return any(a and b and exclude_each_other(a, b) for a, b in pairs)
    return not any(
        _agree(values[mine], values[theirs], None)
        for mine in one.statements
        for theirs in other.statements
    )
