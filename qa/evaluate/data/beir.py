"""BEIR folders: ``corpus.jsonl``, ``queries.jsonl`` and ``qrels/<split>.tsv`` with a header row.

Which questions count: those with a row in the split. A query without a row in any qrels file is
unanswerable when its metadata says so (``"answerable": false``), or when the folder has the one
split, so that it can belong to no other. With several splits, queries without a row are left out,
and the notes say how many.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from index.errors import DatasetError
from index.types import Article, SkippedFile
from qa.evaluate.data.files import digest_files, find_file, read_lines, read_records, text_field
from qa.evaluate.data.problems import Problems
from qa.evaluate.data.records import Case, Corpus, Dataset, question_kind
from qa.evaluate.data.trec import add_judgement

HEADER = ["query-id", "corpus-id", "score"]
Qrels = dict[str, dict[str, tuple[int, int]]]


def is_beir(path: Path) -> bool:
    """Whether the folder looks like BEIR: it has a corpus or queries, and no TREC topics."""
    return path.is_dir() and any(find_file(path, f"{name}.jsonl") for name in ("corpus", "queries"))


def read_beir(path: Path, split: str | None) -> Dataset:
    """The BEIR folder as a data set; without ``split``, ``test``, else the only one there is.

    Raises:
        DatasetError: every problem of corpus, queries and qrels.
    """
    corpus, queries = find_file(path, "corpus.jsonl"), find_file(path, "queries.jsonl")
    if corpus is None or queries is None:
        missing = "corpus.jsonl" if corpus is None else "queries.jsonl"
        raise DatasetError(f"{path} has no {missing}, which a BEIR folder must have; add it.")
    chosen, splits = choose_split(path, split)
    problems = Problems()
    documents = read_corpus_ids(corpus, problems)
    asked = read_queries(queries, problems)
    qrels = read_qrels(chosen, problems)
    check_qrels(chosen, qrels, asked, documents, problems)
    problems.raise_any()
    cases, notes = build_cases(asked, qrels, others=len(splits) > 1)
    if not cases:
        raise DatasetError(f"{chosen} judges no query; give a split that does.")
    corpus_digest = digest_files([corpus])
    return Dataset(
        name=name_folder(path),
        path=path,
        kind="beir",
        cases=cases,
        corpus=Corpus(
            digest=corpus_digest,
            articles=lambda: read_corpus(corpus),
            whole=True,
            ids=frozenset(documents),
            place=str(corpus.resolve()),
        ),
        digest=digest_files([queries, chosen], "beir", corpus_digest),
        split=chosen.stem,
        notes=notes,
    )


def name_folder(path: Path) -> str:
    """A name for the data: the folder's, with its parent's where it alone says little."""
    folder = path.resolve()
    plain = folder.name.startswith("beir") and folder.parent.name
    return f"{folder.parent.name}/{folder.name}" if plain else folder.name


def choose_split(path: Path, split: str | None) -> tuple[Path, list[Path]]:
    """The qrels file of the split and all qrels files of the folder.

    Raises:
        DatasetError: there is no such split, or none was named and several could be meant.
    """
    splits = sorted((path / "qrels").glob("*.tsv"))
    names = ", ".join(item.stem for item in splits)
    if not splits:
        raise DatasetError(f"{path} has no qrels/<split>.tsv; add the judgements.")
    if split is None and len(splits) == 1:
        return splits[0], splits
    for item in splits:
        if item.stem == (split or "test"):
            return item, splits
    if split is None:
        raise DatasetError(f"{path} has several splits ({names}); choose one with --split.")
    raise DatasetError(f"{path} has no split {split!r}; it has {names}.")


def read_corpus_ids(path: Path, problems: Problems) -> dict[str, int]:
    """The line of each document id; records without id or text, and ids twice, are problems."""
    ids: dict[str, int] = {}
    for line, record in read_records(path, problems):
        name = text_field(record, "_id", path, line, problems)
        text_field(record, "text", path, line, problems)
        if name is None:
            continue
        if name in ids:
            problems.add(path, line, f"document {name!r} is there already, at line {ids[name]}.")
        ids.setdefault(name, line)
    return ids


def read_corpus(path: Path) -> Iterator[Article | SkippedFile]:
    """The documents as articles, in order."""
    from qa.evaluate.data.corpora import make_document

    for _, record in read_records(path, Problems()):
        yield make_document(record, f"{path.resolve()}#{record['_id']}")


def read_queries(path: Path, problems: Problems) -> dict[str, tuple[int, dict[str, Any]]]:
    """Line and record of each query; those without id or words, or twice, are problems."""
    queries: dict[str, tuple[int, dict[str, Any]]] = {}
    for line, record in read_records(path, problems):
        name = text_field(record, "_id", path, line, problems)
        text = text_field(record, "text", path, line, problems)
        if text is not None and not text.strip():
            problems.add(path, line, "the question is empty.")
        if name is None:
            continue
        if name in queries:
            problems.add(
                path, line, f"query {name!r} is there already, at line {queries[name][0]}."
            )
        queries.setdefault(name, (line, record))
    if not queries and not problems.found:
        problems.add(path, 0, "there is no question in it; add some.")
    return queries


def read_qrels(path: Path, problems: Problems) -> Qrels:
    """Grade and line of each judged document by query; the first row must be the header."""
    qrels: Qrels = {}
    first = True
    for line, row in read_lines(path, problems):
        columns = [column.strip() for column in row.split("\t")]
        if first:
            first = False
            if columns == HEADER:
                continue
            wanted = "<TAB>".join(HEADER)
            if len(columns) == 3 and not columns[2].lstrip("-").isdigit():
                problems.add(path, line, f"the header row is {row!r}; it must be {wanted}.")
                continue
            problems.add(path, line, f"the header row is missing; add {wanted} as first line.")
        if len(columns) != 3:
            problems.add(path, line, f"has {len(columns)} columns, not the 3 of BEIR qrels.")
            continue
        add_judgement(qrels, (columns[0], columns[1], columns[2]), path, line, problems)
    if not qrels:
        problems.add(path, 0, "there is no judgement in it; add some.")
    return qrels


def check_qrels(
    path: Path,
    qrels: Qrels,
    queries: dict[str, tuple[int, dict[str, Any]]],
    documents: dict[str, int],
    problems: Problems,
) -> None:
    """Note every row that names a query or a document that the folder does not have."""
    for query, judged in qrels.items():
        for document, (_, line) in judged.items():
            if query not in queries:
                problems.add(path, line, f"query {query!r} is not in queries.jsonl.")
            if document not in documents:
                problems.add(path, line, f"document {document!r} is not in corpus.jsonl.")


def build_cases(
    queries: dict[str, tuple[int, dict[str, Any]]], qrels: Qrels, *, others: bool
) -> tuple[tuple[Case, ...], tuple[str, ...]]:
    """The questions that count, in the file's order, and notes on those that need a decision."""
    cases, left_out, empty = [], 0, 0
    for name, (line, record) in queries.items():
        metadata = record.get("metadata")
        metadata = metadata if isinstance(metadata, dict) else {}
        relevant = {document: grade for document, (grade, _) in qrels.get(name, {}).items()}
        if not relevant and others and metadata.get("answerable") is not False:
            left_out += 1
            continue
        empty += bool(relevant) and not any(grade > 0 for grade in relevant.values())
        answers = metadata.get("answers")
        answers = answers if relevant and isinstance(answers, list) else []
        cases.append(
            Case(
                id=name,
                question=str(record["text"]),
                answerable=bool(relevant),
                relevant=relevant,
                answers=tuple(str(item) for item in answers),
                kind=str(metadata.get("type") or question_kind(str(record["text"]))),
                line=line,
            )
        )
    unanswerable = sum(not case.answerable for case in cases)
    notes = [
        (unanswerable, "questions have no judgement and count as unanswerable"),
        (left_out, "queries have no judgement in this split of several and are left out"),
        (empty, "questions have judgements but nothing relevant; they score 0, as in trec_eval"),
    ]
    return tuple(cases), tuple(f"{count:,} {words}." for count, words in notes if count)
