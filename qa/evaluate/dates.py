"""How well dates are read, completed and joined, and answers grouped, on files of gold examples.

Four files of JSON lines, described in ``docs/dates.md``: time expressions in sentences, tops of
articles with their publication date, evidence with the date that it makes together, and statements
with the groups that they form.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from index import Article, DatasetError
from index.pages.provenance import find_provenance
from qa.agreement import Statement, group_answers
from qa.dates import DatedEvidence, TimeSpan, answer_date, complete_year, find_dates
from qa.evaluate.data.files import read_records
from qa.evaluate.data.problems import Problems

Examples = Sequence[dict[str, Any]]
Pairs = set[tuple[int, ...]]
INCOMPLETE = (AttributeError, IndexError, KeyError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class RuleScores:
    """The figures of a file that tests rules, and a line for every record that was got wrong."""

    metrics: dict[str, float]
    wrong: list[str]


def score_dates(examples: Examples) -> RuleScores:
    """How ``find_dates`` does on sentences with ``text``, ``published`` and ``expected`` spans.

    ``expression_exact`` are those in the gold whose first overlapping span has the same EDTF;
    ``spurious`` is what was found where the gold has nothing.
    """
    expressions = exact = spurious = 0
    wrong: list[str] = []
    for example in examples:
        found = find_dates(example["text"], example["published"])
        used: set[int] = set()
        for gold in example["expected"]:
            expressions += 1
            places = _find_overlaps(found, gold["start"], gold["end"])
            used.update(places)
            given = found[places[0]].iso if places else "nothing"
            exact += given == gold["iso"]
            if given != gold["iso"]:
                wrong.append(f"{example['id']}: “{gold['text']}” is {gold['iso']}, not {given}")
        extra = [span for place, span in enumerate(found) if place not in used]
        spurious += len(extra)
        wrong += [f"{example['id']}: “{span.text}” is no date, not {span.iso}" for span in extra]
    metrics = {
        "expressions": expressions,
        "expression_exact": _share(exact, expressions),
        "expression_precision": _share(exact, expressions + spurious, of_none=1.0),
        "spurious": spurious,
    }
    return RuleScores(metrics, wrong)


def _share(some: float, total: int, of_none: float = 0.0) -> float:
    return some / total if total else of_none


def _find_overlaps(spans: Sequence[TimeSpan], start: int, end: int) -> list[int]:
    return [place for place, span in enumerate(spans) if span.start < end and start < span.end]


def score_publications(examples: Examples) -> RuleScores:
    """How publication dates are read from the tops of articles and completed from ``others``."""
    wrong: list[str] = []
    for example in examples:
        others = [
            Article(id=f"other-{number}", title="", text=text)
            for number, text in enumerate(example.get("others", ()), start=1)
        ]
        read = find_provenance(example["text"]).published
        found = complete_year(read, example["text"], others)
        given = (found.iso, found.precision, found.origin) if found else None
        gold = example["published"]
        wanted = (gold["iso"], gold["precision"], gold["origin"]) if gold else None
        if given != wanted:
            wrong.append(f"{example['id']}: {wanted} was read as {given}")
    count = len(examples)
    exact = _share(count - len(wrong), count)
    return RuleScores({"articles": count, "publication_exact": exact}, wrong)


def score_joins(examples: Examples) -> RuleScores:
    """How ``answer_date`` joins ``evidence`` to the gold ``date``, which may be null.

    ``support`` are the places of the evidence that the date is made of.
    """
    exact = supported = 0
    wrong: list[str] = []
    for example in examples:
        joined = answer_date(example["question"], [_read_piece(x) for x in example["evidence"]])
        given = (joined.iso, sorted(joined.evidence)) if joined else (None, [])
        exact += given[0] == example["date"]
        supported += given[1] == sorted(example["support"])
        if given != (example["date"], sorted(example["support"])):
            wanted = f"{example['date']} from {example['support']}"
            wrong.append(f"{example['id']}: {wanted} was made {given[0]} from {given[1]}")
    count = len(examples)
    metrics = {
        "questions": count,
        "joined_exact": _share(exact, count),
        "support_exact": _share(supported, count),
    }
    return RuleScores(metrics, wrong)


def _read_piece(record: dict[str, Any]) -> DatedEvidence:
    text, answer = record["text"], record["answer"]
    start = text.index(answer) if answer else 0
    return DatedEvidence(text, record["published"], start, start + len(answer))


def score_groups(examples: Examples) -> RuleScores:
    """How ``group_answers`` does: groups, ``conflicts`` between them, ``independent`` articles.

    ``group_f1`` is of the pairs of statements in one group; the others are the cases in which every
    conflict, and every number of independent articles, is that of the gold.
    """
    shared = pairs = conflicts = independent = 0
    wrong: list[str] = []
    for example in examples:
        statements = [Statement(**statement) for statement in example["statements"]]
        groups = group_answers(example["question"], statements)
        found = _pair_up([group.statements for group in groups])
        gold = _pair_up(example["groups"])
        shared += len(found & gold)
        pairs += len(found) + len(gold)
        if found != gold:
            values = [[statements[index].answer for index in group.statements] for group in groups]
            wrong.append(f"{example['id']}: grouped as {values}")
        members = [frozenset(group.statements) for group in groups]
        against = {
            frozenset((members[place], members[other]))
            for place, group in enumerate(groups)
            for other in group.conflicts_with
        }
        wanted = [frozenset(group) for group in example["groups"]]
        conflicts += against == {
            frozenset((wanted[one], wanted[other])) for one, other in example["conflicts"]
        }
        counts = {frozenset(group.statements): group.independent for group in groups}
        independent += counts == dict(zip(wanted, example["independent"], strict=True))
    count = len(examples)
    metrics = {
        "cases": count,
        "group_f1": _share(2 * shared, pairs, of_none=1.0),
        "conflicts_exact": _share(conflicts, count),
        "independent_exact": _share(independent, count),
    }
    return RuleScores(metrics, wrong)


def _pair_up(groups: Iterable[Iterable[int]]) -> Pairs:
    return {pair for group in groups for pair in combinations(sorted(group), 2)}


def score_rules(path: Path) -> RuleScores | None:
    """The figures of a file that tests the date and agreement rules; None when it is another file.

    A file of time expressions has ``expected`` in its records, of datelines ``published`` as an
    object, of joined answers ``evidence``, of answer groups ``statements``.

    Raises:
        DatasetError: every record that lacks a field or holds what is no date or offset.
    """
    if path.suffix != ".jsonl" or not path.is_file():
        return None
    problems = Problems()
    examples = [record for _, record in read_records(path, problems)]
    if problems.found or not examples:
        return None  # Whoever reads questions says what is wrong, with every line.
    score = next((score for knows, score in RULES if knows(examples[0])), None)
    if score is None:
        return None
    try:
        return score(examples)
    except INCOMPLETE as error:
        for number, example in enumerate(examples, start=1):
            try:
                score([example])
            except INCOMPLETE as reason:
                problems.add(path, 0, f"record {number} is not complete ({reason!r}).")
        problems.raise_any()
        raise DatasetError(f"{path} cannot be scored: {error!r}; see docs/dates.md.") from error


RULES: tuple[tuple[Callable[[dict[str, Any]], bool], Callable[[Examples], RuleScores]], ...] = (
    (lambda record: "statements" in record, score_groups),
    (lambda record: "expected" in record, score_dates),
    (lambda record: isinstance(record.get("evidence"), list), score_joins),
    (
        lambda record: "question" not in record and isinstance(record.get("published"), dict),
        score_publications,
    ),
)
