"""Path → data set: finds out which of the field's formats it is and reads it whole."""

import os
from pathlib import Path

from index.errors import DatasetError
from index.storage.tables import DATABASE_NAME
from qa.evaluate.data.beir import is_beir, read_beir
from qa.evaluate.data.cases import CASES_NAME, read_questions
from qa.evaluate.data.files import digest_files
from qa.evaluate.data.problems import Problems
from qa.evaluate.data.records import Case, Corpus, Dataset, Mode, question_kind
from qa.evaluate.data.squad import read_squad
from qa.evaluate.data.trec import read_topics, read_trec_qrels

KNOWN = (
    "a BEIR folder (corpus.jsonl, queries.jsonl, qrels/), a folder of TREC topics and qrels, "
    "SQuAD JSON (.json) or questions (.jsonl)"
)


def read_dataset(
    path: Path,
    *,
    split: str | None = None,
    mode: Mode = "open",
    articles: Path | None = None,
    library: Path | None = None,
    default_library: Path | None = None,
    reviewed_only: bool = False,
) -> Dataset:
    """The data set at ``path``, complete and checked.

    ``articles`` or ``library`` say what ``questions.jsonl`` and TREC topics are asked of; without
    either it is the library that the file lies in, else ``default_library``, when there is one.
    A library's folder stands for the cases that are kept in it.

    Raises:
        DatasetError: it cannot be used, with every problem of its files.
    """
    if not path.exists():
        raise DatasetError(f"{path} does not exist; give {KNOWN}.")
    path = find_cases(path)
    kind = detect_kind(path)
    if mode == "read" and kind != "squad":
        raise DatasetError(f"{path} gives no paragraphs to read; --mode read is for SQuAD JSON.")
    if split is not None and kind != "beir":
        raise DatasetError(f"{path} has no splits; --split is for BEIR folders.")
    if kind in ("beir", "squad") and (articles or library):
        raise DatasetError(f"{path} brings its own articles; leave out --articles and --library.")
    if kind == "beir":
        return read_beir(path, split)
    if kind == "squad":
        return read_squad(path, mode)
    if articles is None and library is None:
        around = path.parent if (path.parent / DATABASE_NAME).is_file() else default_library
        library = around if around and around.exists() else None
    corpus = choose_corpus(path, articles, library)
    if kind == "questions":
        return read_questions(path, corpus, reviewed_only=reviewed_only)
    return read_trec(path, corpus)


def find_cases(path: Path) -> Path:
    """The file of a library's own cases when ``path`` is a library's folder, else ``path``.

    Raises:
        DatasetError: the library has no cases.
    """
    if not (path / DATABASE_NAME).is_file():
        return path
    if not (path / CASES_NAME).is_file():
        raise DatasetError(
            f"The library {path} has no cases yet; judge answers in `dateline serve`, or add some "
            f"with dateline ask … --save-case {path / CASES_NAME}."
        )
    return path / CASES_NAME


def detect_kind(path: Path) -> str:
    """Which format the path has.

    Raises:
        DatasetError: none that Dateline knows.
    """
    if path.is_dir():
        if is_beir(path):
            return "beir"
        if find_one(path, "topics") and find_one(path, "qrels"):
            return "trec"
    elif path.suffix == ".json":
        return "squad"
    elif path.suffix == ".jsonl":
        return "questions"
    raise DatasetError(f"{path} is no evaluation data that Dateline knows; give {KNOWN}.")


def find_one(folder: Path, word: str) -> Path | None:
    """The first file of the folder whose name starts or ends with ``word``."""
    for path in sorted(folder.iterdir()):
        if path.is_file() and (path.name.startswith(word) or path.stem.endswith(word)):
            return path
    return None


def choose_corpus(path: Path, articles: Path | None, library: Path | None) -> Corpus:
    """What the questions are asked of: a folder of articles or a library.

    Raises:
        DatasetError: neither or both were given, or the folder is not there.
    """
    if articles is not None and library is not None:
        raise DatasetError("Give --articles or --library, not both.")
    if library is not None:
        if not library.exists():
            raise DatasetError(f"There is no library at {library}; make one with dateline add.")
        return Corpus(digest=digest_library(library), library=library)
    if articles is None:
        raise DatasetError(
            f"{path} has questions alone; say of what with --articles DIR or --library DIR."
        )
    if not articles.exists():
        raise DatasetError(f"The articles {articles} do not exist; check --articles.")

    from index.articles.reading import read_articles

    return Corpus(
        digest=digest_articles(articles),
        articles=lambda: read_articles([articles]),
        place=str(articles.resolve()),
    )


def digest_articles(path: Path) -> str:
    """A SHA-256 over the names and bytes of a folder's files, or of one file."""
    if path.is_file():
        return digest_files([path], path.name)
    files = sorted(
        Path(folder) / name for folder, _, names in os.walk(path) for name in sorted(names)
    )
    return digest_files(files, *(file.relative_to(path).as_posix() for file in files))


def digest_library(path: Path) -> str:
    """A SHA-256 over the ids and texts of a library's articles."""
    from index import Library

    with Library.open(path, check=False) as library:
        names = [summary.id for summary in library.articles()]
        words = [f"{name}\0{library.article(name).digest}" for name in sorted(names)]
    return digest_files([], "library", *words)


def read_trec(path: Path, corpus: Corpus) -> Dataset:
    """A folder of TREC topics and qrels over ``corpus``; topics without qrels are unanswerable.

    Raises:
        DatasetError: every problem of the two files.
    """
    topics, qrels = find_one(path, "topics"), find_one(path, "qrels")
    if topics is None or qrels is None:
        raise DatasetError(f"{path} lacks topics or qrels; add them.")
    problems = Problems()
    questions = read_topics(topics, problems)
    judged = read_trec_qrels(qrels, problems)
    for query, rows in judged.items():
        if query not in questions:
            line = min(line for _, line in rows.values())
            problems.add(qrels, line, f"query {query!r} is not in {topics.name}.")
    problems.raise_any()
    if not questions:
        raise DatasetError(f"{topics}: there is no question in it; add some.")
    cases = tuple(
        Case(
            id=name,
            question=text,
            answerable=name in judged,
            relevant={item: grade for item, (grade, _) in judged.get(name, {}).items()},
            kind=question_kind(text),
            line=line,
        )
        for name, (text, line) in questions.items()
    )
    unanswerable = sum(not case.answerable for case in cases)
    return Dataset(
        name=path.resolve().name,
        path=path,
        kind="trec",
        cases=cases,
        corpus=corpus,
        digest=digest_files([topics, qrels], "trec", corpus.digest),
        named={
            item: (qrels, line)
            for rows in judged.values()
            for item, (_, line) in reversed(rows.items())
        },
        notes=(f"{unanswerable:,} topics have no judgement and count as unanswerable.",)
        if unanswerable
        else (),
    )
