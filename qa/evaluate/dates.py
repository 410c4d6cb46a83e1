"""How well dates are read, completed and joined, and answers grouped, on files of gold examples.

Four files of JSON lines, described in ``docs/dates.md``: time expressions in sentences, tops of
articles with their publication date, evidence with the date that it makes together, and statements
with the groups that they form.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from index import Article, DatasetError
from index.pages.provenance import find_provenance
from qa.agreement import Statement, group_answers
from qa.dates import DatedEvidence, TimeSpan, answer_date, complete_year, find_dates
from qa.evaluate.data.problems import Problems

Pairs = set[tuple[int, ...]]
INCOMPLETE = (AttributeError, IndexError, KeyError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class DateScores:
    """Of the gold expressions, how many were found and given their exact date.

    ``expressions`` are those in the gold; ``exact`` those whose first overlapping span has the
    same EDTF; ``spurious`` what was found where the gold has nothing; ``wrong`` a line each.
    """

    expressions: int
    exact: int
    spurious: int
    wrong: tuple[str, ...] = ()

    @property
    def accuracy(self) -> float:
        """The part of the gold expressions that is exact; 0 without any."""
        return self.exact / self.expressions if self.expressions else 0.0

    @property
    def precision(self) -> float:
        """The part of what was found that is exact, 1 when nothing was found."""
        found = self.expressions + self.spurious
        return self.exact / found if found else 1.0


@dataclass(frozen=True, slots=True)
class PublicationScores:
    """Of the articles, how many have the gold publication date, with its precision and origin."""

    articles: int
    exact: int
    wrong: tuple[str, ...] = ()

    @property
    def accuracy(self) -> float:
        """The part that is exact; 0 without any article."""
        return self.exact / self.articles if self.articles else 0.0


@dataclass(frozen=True, slots=True)
class JoinScores:
    """Of the when-questions, how many got the gold date, and how many cite the right evidence."""

    questions: int
    exact: int
    supported: int
    wrong: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupScores:
    """Pairs of statements in one group, in the gold and as grouped; conflicts and counts too.

    ``conflicts`` and ``independent`` count the cases in which every conflict, and every number of
    independent articles, is that of the gold.
    """

    cases: int
    shared: int
    grouped: int
    gold: int
    conflicts: int
    independent: int
    wrong: tuple[str, ...] = ()

    @property
    def f1(self) -> float:
        """Pairwise F1; 1 when there is no pair on either side."""
        total = self.grouped + self.gold
        return 2 * self.shared / total if total else 1.0


def read_examples(path: Path) -> list[dict[str, Any]]:
    """The records of a file of JSON lines.

    Raises:
        DatasetError: the file cannot be read, or a line is not a JSON object.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(f"{path} cannot be read: {error}; name a file of JSON lines.") from error
    records = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            raise DatasetError(f"{path}, line {number} is not JSON: {error.msg}.") from error
        if not isinstance(record, dict):
            raise DatasetError(f"{path}, line {number} is not a JSON object.")
        records.append(record)
    return records


def score_dates(examples: Iterable[dict[str, Any]]) -> DateScores:
    """How ``find_dates`` does on sentences with ``text``, ``published`` and ``expected`` spans."""
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
    return DateScores(expressions, exact, spurious, tuple(wrong))


def _find_overlaps(spans: Sequence[TimeSpan], start: int, end: int) -> list[int]:
    return [place for place, span in enumerate(spans) if span.start < end and start < span.end]


def score_publications(examples: Iterable[dict[str, Any]]) -> PublicationScores:
    """How publication dates are read from the tops of articles and completed from ``others``."""
    articles = exact = 0
    wrong: list[str] = []
    for example in examples:
        articles += 1
        others = [
            Article(id=f"other-{number}", title="", text=text)
            for number, text in enumerate(example.get("others", ()), start=1)
        ]
        read = find_provenance(example["text"]).published
        found = complete_year(read, example["text"], others)
        given = (found.iso, found.precision, found.origin) if found else None
        gold = example["published"]
        wanted = (gold["iso"], gold["precision"], gold["origin"]) if gold else None
        exact += given == wanted
        if given != wanted:
            wrong.append(f"{example['id']}: {wanted} was read as {given}")
    return PublicationScores(articles, exact, tuple(wrong))


def score_joins(examples: Iterable[dict[str, Any]]) -> JoinScores:
    """How ``answer_date`` joins ``evidence`` to the gold ``date``, which may be null.

    ``support`` are the places of the evidence that the date is made of.
    """
    questions = exact = supported = 0
    wrong: list[str] = []
    for example in examples:
        questions += 1
        joined = answer_date(example["question"], [_read_piece(x) for x in example["evidence"]])
        given = (joined.iso, sorted(joined.evidence)) if joined else (None, [])
        exact += given[0] == example["date"]
        supported += given[1] == sorted(example["support"])
        if given != (example["date"], sorted(example["support"])):
            wanted = f"{example['date']} from {example['support']}"
            wrong.append(f"{example['id']}: {wanted} was made {given[0]} from {given[1]}")
    return JoinScores(questions, exact, supported, tuple(wrong))


def _read_piece(record: dict[str, Any]) -> DatedEvidence:
    text, answer = record["text"], record["answer"]
    start = text.index(answer) if answer else 0
    return DatedEvidence(text, record["published"], start, start + len(answer))


def score_groups(examples: Iterable[dict[str, Any]]) -> GroupScores:
    """How ``group_answers`` does: groups, ``conflicts`` between them, ``independent`` articles."""
    cases = shared = grouped = gold_pairs = conflicts = independent = 0
    wrong: list[str] = []
    for example in examples:
        cases += 1
        statements = [Statement(**statement) for statement in example["statements"]]
        groups = group_answers(example["question"], statements)
        found = _pair_up([group.statements for group in groups])
        gold = _pair_up(example["groups"])
        shared += len(found & gold)
        grouped += len(found)
        gold_pairs += len(gold)
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
    return GroupScores(cases, shared, grouped, gold_pairs, conflicts, independent, tuple(wrong))


def _pair_up(groups: Iterable[Iterable[int]]) -> Pairs:
    return {pair for group in groups for pair in combinations(sorted(group), 2)}


def score_rules(path: Path) -> dict[str, Any] | None:
    """The figures of a file that tests the date and agreement rules; None when it is another file.

    A file of time expressions has ``expected`` in its records, of datelines ``published`` as an
    object, of joined answers ``evidence``, of answer groups ``statements``. ``metrics`` holds the
    figures, ``wrong`` a line for every record that was got wrong.

    Raises:
        DatasetError: every record that lacks a field or holds what is no date or offset.
    """
    if path.suffix != ".jsonl" or not path.is_file():
        return None
    try:
        examples = read_examples(path)
    except DatasetError:
        return None  # Whoever reads questions says what is wrong, with every line.
    first = examples[0] if examples else {}
    score = next((score for knows, score in RULES if knows(first)), None)
    if score is None:
        return None
    try:
        return score(examples)
    except INCOMPLETE as error:
        problems = Problems()
        for number, example in enumerate(examples, start=1):
            try:
                score([example])
            except INCOMPLETE as reason:
                problems.add(path, 0, f"record {number} is not complete ({reason!r}).")
        problems.raise_any()
        raise DatasetError(f"{path} cannot be scored: {error!r}; see docs/dates.md.") from error


def _describe_dates(examples: list[dict[str, Any]]) -> dict[str, Any]:
    scores = score_dates(examples)
    metrics = {
        "expressions": scores.expressions,
        "expression_exact": scores.accuracy,
        "expression_precision": scores.precision,
        "spurious": scores.spurious,
    }
    return {"metrics": metrics, "wrong": list(scores.wrong)}


def _describe_publications(examples: list[dict[str, Any]]) -> dict[str, Any]:
    scores = score_publications(examples)
    metrics = {"articles": scores.articles, "publication_exact": scores.accuracy}
    return {"metrics": metrics, "wrong": list(scores.wrong)}


def _describe_joins(examples: list[dict[str, Any]]) -> dict[str, Any]:
    scores = score_joins(examples)
    metrics = {
        "questions": scores.questions,
        "joined_exact": scores.exact / scores.questions if scores.questions else 0.0,
        "support_exact": scores.supported / scores.questions if scores.questions else 0.0,
    }
    return {"metrics": metrics, "wrong": list(scores.wrong)}


def _describe_groups(examples: list[dict[str, Any]]) -> dict[str, Any]:
    scores = score_groups(examples)
    metrics = {
        "cases": scores.cases,
        "group_f1": scores.f1,
        "conflicts_exact": scores.conflicts / scores.cases if scores.cases else 0.0,
        "independent_exact": scores.independent / scores.cases if scores.cases else 0.0,
    }
    return {"metrics": metrics, "wrong": list(scores.wrong)}


RULES: tuple[
    tuple[Callable[[dict[str, Any]], bool], Callable[[list[dict[str, Any]]], dict[str, Any]]], ...
] = (
    (lambda record: "statements" in record, _describe_groups),
    (lambda record: "expected" in record, _describe_dates),
    (lambda record: isinstance(record.get("evidence"), list), _describe_joins),
    (
        lambda record: "question" not in record and isinstance(record.get("published"), dict),
        _describe_publications,
    ),
)
