"""TREC formats: qrels, topics and run files, read with their faults and written without any.

Ids are percent-encoded where they hold white space, which the formats use as separator.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote, unquote

import numpy as np

from index.errors import DatasetError
from qa.evaluate.data.files import read_lines
from qa.evaluate.data.problems import Problems
from qa.evaluate.data.records import HIGHEST_GRADE, LOWEST_GRADE

DEPTH = 100
Ranking = Sequence[tuple[str, float]]


def encode_id(name: str) -> str:
    """``name`` without white space, so that it is one column; most ids stay as they are."""
    return re.sub(r"[\s%]", lambda match: quote(match.group()), name)


def decode_id(column: str, known: frozenset[str] | None) -> str:
    """The id that a column stands for: itself where that is known, else percent-decoded."""
    return column if known and column in known else unquote(column)


def make_strict(ranking: Iterable[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    """The ranking with scores that fall strictly, as single-precision numbers.

    trec_eval sorts by a single-precision score and then by document id, so that equal scores (or
    a reader that reorders without rescoring) would give it another ranking than ours.

    Raises:
        DatasetError: a score is not a finite number.
    """
    strict: list[tuple[str, float]] = []
    last = np.float32(np.inf)
    for name, score in ranking:
        if not math.isfinite(score):
            raise DatasetError(f"{name} was ranked with the score {score}, which is no number.")
        single = np.float32(score)
        if not single < last:
            single = np.nextafter(last, np.float32(-np.inf))
        strict.append((name, float(single)))
        last = single
    return tuple(strict)


def write_run(path: Path, rankings: Mapping[str, Ranking], tag: str) -> None:
    """Write rankings as a TREC run file, at most 100 documents a question.

    Raises:
        DatasetError: the file cannot be written.
    """
    name = encode_id(tag) or "dateline"
    lines = (
        f"{encode_id(query)} Q0 {encode_id(document)} {rank} {score:.9g} {name}\n"
        for query, ranking in rankings.items()
        for rank, (document, score) in enumerate(make_strict(ranking[:DEPTH]), start=1)
    )
    try:
        with path.open("w", encoding="utf-8") as stream:
            stream.writelines(lines)
    except OSError as error:
        raise DatasetError(f"The run {path} cannot be written: {error.strerror}.") from error


def read_run(
    path: Path, queries: frozenset[str], documents: frozenset[str] | None, problems: Problems
) -> dict[str, list[tuple[str, float]]]:
    """The rankings of a TREC run file by query, best first.

    Problems: a row that is not ``query Q0 document rank score tag``, a score that is not finite,
    a document twice, a rank twice or out of order, a score above that of a better rank, a query
    or document that the data does not have.
    """
    rankings: dict[str, list[tuple[str, float]]] = {}
    seen: set[tuple[str, str]] = set()
    last: dict[str, tuple[int, float]] = {}
    for line, row in read_lines(path, problems):
        columns = row.split()
        if len(columns) != 6:
            problems.add(path, line, f"has {len(columns)} columns, not the 6 of a TREC run.")
            continue
        query = decode_id(columns[0], queries)
        document = decode_id(columns[2], documents)
        try:
            rank, score = int(columns[3]), float(columns[4])
        except ValueError:
            problems.add(path, line, f"rank {columns[3]!r} or score {columns[4]!r} is no number.")
            continue
        if not math.isfinite(score):
            problems.add(path, line, f"the score is {columns[4]}, which is not a finite number.")
            continue
        if query not in queries:
            problems.add(path, line, f"query {query!r} is not one of the data's questions.")
        if documents is not None and document not in documents:
            problems.add(path, line, f"document {document!r} is not in the corpus.")
        if (query, document) in seen:
            problems.add(path, line, f"document {document!r} is ranked twice for {query!r}.")
        if query in last:
            last_rank, last_score = last[query]
            if rank == last_rank:
                problems.add(path, line, f"rank {rank} is given twice for query {query!r}.")
            elif rank < last_rank:
                problems.add(path, line, f"rank {rank} follows rank {last_rank}; sort by rank.")
            if score > last_score:
                problems.add(
                    path, line, f"the score {score:g} is above the {last_score:g} of a better rank."
                )
        seen.add((query, document))
        last[query] = (rank, score)
        rankings.setdefault(query, []).append((document, score))
    return rankings


def read_trec_qrels(path: Path, problems: Problems) -> dict[str, dict[str, tuple[int, int]]]:
    """Grade and line of each judged document by query, of ``query 0 document grade`` rows."""
    qrels: dict[str, dict[str, tuple[int, int]]] = {}
    for line, row in read_lines(path, problems):
        columns = row.split()
        if len(columns) != 4:
            problems.add(path, line, f"has {len(columns)} columns, not the 4 of TREC qrels.")
            continue
        given = (unquote(columns[0]), unquote(columns[2]), columns[3])
        add_judgement(qrels, given, path, line, problems)
    return qrels


def add_judgement(
    qrels: dict[str, dict[str, tuple[int, int]]],
    row: tuple[str, str, str],
    path: Path,
    line: int,
    problems: Problems,
) -> None:
    """Add a row of query, document and grade; one that cannot be used is a problem."""
    query, document, grade = row
    try:
        value = int(grade)
    except ValueError:
        problems.add(path, line, f"the grade {grade!r} is not a whole number.")
        return
    if not LOWEST_GRADE <= value <= HIGHEST_GRADE:
        between = f"{LOWEST_GRADE} and {HIGHEST_GRADE}"
        problems.add(path, line, f"the grade {value} is not between {between}.")
        return
    judged = qrels.setdefault(query, {})
    if document in judged:
        problems.add(
            path,
            line,
            f"judges {document!r} for {query!r} again, after line {judged[document][1]}.",
        )
        return
    judged[document] = (value, line)


def read_topics(path: Path, problems: Problems) -> dict[str, tuple[str, int]]:
    """Text and line of each topic: ``id<TAB>text`` rows, or ``<top>`` blocks with num and title."""
    rows = list(read_lines(path, problems))
    if any(row.lstrip().lower().startswith("<top>") for _, row in rows):
        return read_topic_blocks(rows, path, problems)
    topics: dict[str, tuple[str, int]] = {}
    for line, row in rows:
        name, tab, text = row.partition("\t")
        if not tab or not name.strip() or not text.strip():
            problems.add(path, line, "is not a topic: an id, a tab, and the question.")
        elif name.strip() in topics:
            problems.add(path, line, f"gives topic {name.strip()!r} again.")
        else:
            topics[name.strip()] = (text.strip(), line)
    return topics


def read_topic_blocks(
    rows: list[tuple[int, str]], path: Path, problems: Problems
) -> dict[str, tuple[str, int]]:
    """The topics of TREC's own ``<top>`` blocks; the title is the question."""
    topics: dict[str, tuple[str, int]] = {}
    blocks: list[tuple[int, list[str]]] = []
    for line, row in rows:
        if row.lstrip().lower().startswith("<top>"):
            blocks.append((line, []))
        if blocks:
            blocks[-1][1].append(row)
    for line, parts in blocks:
        block = " ".join(parts)
        number = re.search(r"<num>\s*(?:Number:)?\s*([^\s<]+)", block, re.IGNORECASE)
        title = re.search(r"<title>\s*(?:Topic:)?\s*([^<]+)", block, re.IGNORECASE)
        if not number or not title or not title.group(1).strip():
            problems.add(path, line, "this topic has no <num> or no <title>.")
        elif number.group(1) in topics:
            problems.add(path, line, f"gives topic {number.group(1)!r} again.")
        else:
            topics[number.group(1)] = (" ".join(title.group(1).split()), line)
    return topics
