"""Files, folders and records → articles, with what is known about each.

    for item in read_articles([Path("seeds")]):
        match item:
            case Article(): ...
            case SkippedFile(): ...   # one sentence says why; the others are still read

Reads ``.txt .md .html .pdf .docx`` (one article a file) and ``.jsonl`` (one a line). Title,
source and date come from the file's metadata first, then from its text (``index.pages.headlines``,
``index.pages.provenance``); a manifest overrides both.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from index.articles.documents import make_article
from index.articles.files import (
    check_file,
    describe_failure,
    is_file,
    is_folder,
    location_of,
    printable_name,
    read_bytes,
    resolve_path,
    storable_name,
    walk_folder,
)
from index.articles.formats import READERS
from index.articles.manifest import Manifest, read_manifest
from index.articles.records import article_from_record, count_lines, read_records
from index.errors import ArticleError, first_line
from index.types import Article, SkippedFile

__all__ = ["SUFFIXES", "article_from_record", "count_articles", "read_articles", "read_file"]

SUFFIXES = (*READERS, ".jsonl")
_FORMATS = ".txt, .md, .html, .pdf, .docx and .jsonl"


def read_articles(
    paths: Sequence[Path], *, manifest: Path | None = None, max_file_mb: int = 100
) -> Iterator[Article | SkippedFile]:
    """The articles at ``paths`` in order, and a ``SkippedFile`` for what could not be read.

    Folders are read with all that is in them, sorted, without hidden files and links to folders;
    the ids of their articles are paths relative to the folder. A file given twice is read once.
    With a manifest and no paths, the files that the manifest names are read. ``max_file_mb``
    (million bytes) holds for a file, and in a ``.jsonl`` file for a line.

    Raises:
        ManifestError: the manifest cannot be used; before anything is read.
    """
    listing = read_manifest(manifest, paths) if manifest else None
    return _read_all(paths, listing, max_file_mb)


def read_file(path: Path, *, article_id: str | None = None, max_file_mb: int = 100) -> Article:
    """The article in one file; its id is ``article_id``, else the file's name.

    Raises:
        ArticleError: the file cannot become an article; a ``.jsonl`` file holds many.
    """
    suffix = path.suffix.lower()
    name = printable_name(path)
    reader = READERS.get(suffix)
    if reader is None:
        check_file(path)
        if suffix == ".jsonl":
            raise ArticleError(f"{name} holds many articles; use read_articles.")
        raise ArticleError(_unknown_format(path))
    data = read_bytes(path, max_file_mb)
    if not data.strip():
        raise ArticleError(f"{name} is empty; there is nothing to add.")
    try:
        document = reader(data, name)
    except (ArticleError, MemoryError):
        raise
    except ImportError as error:
        raise ArticleError(
            f"{name} cannot be read, because a package for {suffix} is missing or broken "
            f"({first_line(error)}); run `make install` or reinstall Dateline."
        ) from error
    except Exception as error:  # parsers of foreign files may raise anything
        said = " ".join(str(error).split())[:120].rstrip(".")
        raise ArticleError(
            f"{name} cannot be read as {suffix} ({type(error).__name__}: {said}); "
            "save it again or convert it to text."
        ) from error
    if not document.text.strip("\ufeff \t\r\n\f\v"):
        raise ArticleError(f"{name} has no text; there is nothing to add.")
    article_id = storable_name(path.name if article_id is None else article_id)
    return make_article(document, article_id=article_id, location=location_of(path))


def count_articles(paths: Sequence[Path]) -> int:
    """About how many articles are at ``paths``: files, and lines of ``.jsonl`` files.

    For progress bars: only ``.jsonl`` files are opened, and nothing is checked or reported.
    """
    total = 0
    for path in paths:
        for file in walk_folder(path, []) if is_folder(path) else (path,):
            if file.suffix.lower() == ".jsonl":
                total += count_lines(file)
            elif file.suffix.lower() in READERS:
                total += 1
    return total


def _read_all(
    paths: Sequence[Path], manifest: Manifest | None, max_file_mb: int
) -> Iterator[Article | SkippedFile]:
    """What ``read_articles`` promises, once the manifest is known to be good."""
    if manifest is not None:
        yield from manifest.missing
        if not paths:
            base = manifest.path.resolve().parent
            for file in manifest.files:
                inside = file.is_relative_to(base)
                article_id = file.relative_to(base).as_posix() if inside else file.name
                items = _read_any(file, article_id, True, max_file_mb)
                yield from _describe(items, manifest, file)
            return
    # The manifest may lie among the articles and is none of them.
    seen = {manifest.path.resolve()} if manifest else set()
    for path in paths:
        if not is_folder(path):
            resolved = resolve_path(path)
            if resolved not in seen:
                seen.add(resolved)
                items = _read_any(path, path.name, True, max_file_mb)
                yield from _describe(items, manifest, resolved)
            continue
        errors: list[OSError] = []
        readable = False
        for file in walk_folder(path, errors):
            readable = readable or file.suffix.lower() in SUFFIXES
            resolved = resolve_path(file)
            if resolved not in seen:
                seen.add(resolved)
                article_id = file.relative_to(path).as_posix()
                items = _read_any(file, article_id, False, max_file_mb)
                yield from _describe(items, manifest, resolved)
        for error in errors:
            place = Path(str(error.filename))
            reason = describe_failure(place, error)
            yield SkippedFile(location_of(place), f"The folder {reason}")
        if not readable and not errors:
            reason = f"The folder {printable_name(path)} holds no articles; they end in {_FORMATS}."
            yield SkippedFile(location_of(path), reason)


def _describe(
    items: Iterator[Article | SkippedFile], manifest: Manifest | None, file: Path
) -> Iterator[Article | SkippedFile]:
    """The items of one file, the articles with what the manifest says of it."""
    for item in items:
        if manifest is not None and isinstance(item, Article):
            yield manifest.describe(item, file)
        else:
            yield item


def _read_any(
    file: Path, article_id: str, named: bool, max_file_mb: int
) -> Iterator[Article | SkippedFile]:
    """The articles of one file of any format, or why there are none.

    ``named`` is true for a file that was asked for and false for one found in a folder.
    """
    suffix = file.suffix.lower()
    if suffix == ".jsonl":
        # In a BEIR folder the questions lie beside the corpus and look like it.
        if not named and file.name == "queries.jsonl" and is_file(file.with_name("corpus.jsonl")):
            reason = f"{printable_name(file)} holds the questions on the corpus beside it."
            yield SkippedFile(location_of(file), reason, failed=False)
        else:
            yield from read_records(file, max_file_mb)
        return
    if suffix not in READERS and not named:
        yield SkippedFile(location_of(file), _unknown_format(file), failed=False)
        return
    try:
        article = read_file(file, article_id=article_id, max_file_mb=max_file_mb)
    except ArticleError as error:
        reason = str(error)
        if not named and isinstance(error.__cause__, FileNotFoundError) and not file.is_symlink():
            reason = f"{printable_name(file)} vanished while its folder was read; add it again."
        yield SkippedFile(location_of(file), reason)
    else:
        yield article


def _unknown_format(path: Path) -> str:
    """The sentence for a file of a format that Dateline does not read."""
    name = printable_name(path)
    what = f"files ending in {path.suffix}" if path.suffix else "files without an ending"
    return f"{name} was not read: Dateline reads {_FORMATS}, not {storable_name(what)}."
