"""Files, folders and records → articles, with what is known about each.

    for item in read_articles([Path("seeds")]):
        match item:
            case Article(): ...
            case SkippedFile(): ...   # one sentence says why; the others are still read

Reads what ``index.extensions.FORMATS`` names. Title, source and date come from the file's
metadata first, then from its text (``index.pages.headlines``,
``index.pages.provenance``); a manifest overrides both.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from index.articles.decoding import mark_encoding
from index.articles.documents import make_article
from index.articles.encodings import find_codec
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
from index.articles.manifest import Manifest, read_manifest
from index.articles.records import article_from_record
from index.errors import ArticleError, first_line
from index.extensions import find_format, load_code, name_formats
from index.types import Article, SkippedFile

__all__ = ["article_from_record", "count_articles", "read_articles", "read_file"]


def read_articles(
    paths: Sequence[Path],
    *,
    manifest: Path | None = None,
    max_file_mb: int = 100,
    encoding: str = "",
) -> Iterator[Article | SkippedFile]:
    """The articles at ``paths`` in order, and a ``SkippedFile`` for what could not be read.

    Folders are read with all that is in them, sorted, without hidden files and links to folders;
    the ids of their articles are paths relative to the folder. A file given twice is read once.
    With a manifest and no paths, the files that the manifest names are read. ``max_file_mb``
    (million bytes) holds for a file, and in a ``.jsonl`` file for a line. ``encoding`` is that of
    files of text, for which the likeliest is taken when it is empty.

    Raises:
        ArticleError: there is no such encoding; before anything is read.
        ManifestError: the manifest cannot be used; before anything is read.
    """
    if encoding:
        find_codec(encoding)
    listing = read_manifest(manifest, paths) if manifest else None
    return _read_all(paths, listing, max_file_mb, encoding)


def read_file(
    path: Path, *, article_id: str | None = None, max_file_mb: int = 100, encoding: str = ""
) -> Article:
    """The article in one file; its id is ``article_id``, else the file's name.

    Raises:
        ArticleError: the file cannot become an article, or not in that encoding; a ``.jsonl`` file
            holds many.
    """
    name = printable_name(path)
    row = find_format(path)
    if row is None or row.read_many:
        check_file(path)
        if row is not None:
            raise ArticleError(f"{name} holds many articles; use read_articles.")
        raise ArticleError(_unknown_format(path))
    data = read_bytes(path, max_file_mb)
    if not data.strip():
        raise ArticleError(f"{name} is empty; there is nothing to add.")
    try:
        if encoding and row.text:
            data = mark_encoding(data, encoding)
        document = load_code(row.read)(data, name)
        text = document.text.strip("\ufeff \t\r\n\f\v")
    except (ArticleError, MemoryError):
        raise
    except Exception as error:  # parsers of foreign files may raise anything
        raise ArticleError(_describe_fault(path, error)) from error
    if not text:
        raise ArticleError(f"{name} has no text; there is nothing to add.")
    article_id = storable_name(path.name if article_id is None else article_id)
    place = location_of(path)
    return make_article(document, article_id=article_id, location=place, file_name=path.name)


def count_articles(paths: Sequence[Path]) -> int:
    """About how many articles are at ``paths``: files, and lines of ``.jsonl`` files.

    For progress bars: only ``.jsonl`` files are opened, and nothing is checked or reported.
    """
    total = 0
    for path in paths:
        for file in walk_folder(path, []) if is_folder(path) else (path,):
            if row := find_format(file):
                total += load_code(row.count)(file) if row.count else 1
    return total


def _read_all(
    paths: Sequence[Path], manifest: Manifest | None, max_file_mb: int, encoding: str
) -> Iterator[Article | SkippedFile]:
    """What ``read_articles`` promises, once the manifest is known to be good."""
    if manifest is not None:
        yield from manifest.missing
        if not paths:
            base = manifest.path.resolve().parent
            for file in manifest.files:
                inside = file.is_relative_to(base)
                article_id = file.relative_to(base).as_posix() if inside else file.name
                items = _read_any(file, article_id, True, max_file_mb, encoding)
                yield from _describe(items, manifest, file)
            return
    # The manifest may lie among the articles and is none of them.
    seen = {manifest.path.resolve()} if manifest else set()
    for path in paths:
        if not is_folder(path):
            resolved = resolve_path(path)
            if resolved not in seen:
                seen.add(resolved)
                items = _read_any(path, path.name, True, max_file_mb, encoding)
                yield from _describe(items, manifest, resolved)
            continue
        errors: list[OSError] = []
        readable = False
        for file in walk_folder(path, errors):
            readable = readable or find_format(file) is not None
            resolved = resolve_path(file)
            if resolved not in seen:
                seen.add(resolved)
                article_id = file.relative_to(path).as_posix()
                items = _read_any(file, article_id, False, max_file_mb, encoding)
                yield from _describe(items, manifest, resolved)
        for error in errors:
            place = Path(str(error.filename))
            reason = describe_failure(place, error)
            yield SkippedFile(location_of(place), f"The folder {reason}")
        if not readable and not errors:
            reason = f"The folder {printable_name(path)} holds no articles; they end in"
            yield SkippedFile(location_of(path), f"{reason} {name_formats()}.")


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
    file: Path, article_id: str, named: bool, max_file_mb: int, encoding: str
) -> Iterator[Article | SkippedFile]:
    """The articles of one file of any format, or why there are none.

    ``named`` is true for a file that was asked for and false for one found in a folder.
    """
    row = find_format(file)
    if row is not None and row.read_many:
        # In a BEIR folder the questions lie beside the corpus and look like it.
        if not named and file.name == "queries.jsonl" and is_file(file.with_name("corpus.jsonl")):
            reason = f"{printable_name(file)} holds the questions on the corpus beside it."
            yield SkippedFile(location_of(file), reason, failed=False)
        else:
            try:
                yield from load_code(row.read_many)(file, max_file_mb)
            except MemoryError:
                raise
            except Exception as error:  # as in read_file
                yield SkippedFile(location_of(file), _describe_fault(file, error))
        return
    if row is None and not named:
        yield SkippedFile(location_of(file), _unknown_format(file), failed=False)
        return
    try:
        article = read_file(file, article_id=article_id, max_file_mb=max_file_mb, encoding=encoding)
    except ArticleError as error:
        reason = str(error)
        if not named and isinstance(error.__cause__, FileNotFoundError) and not file.is_symlink():
            reason = f"{printable_name(file)} vanished while its folder was read; add it again."
        yield SkippedFile(location_of(file), reason)
    else:
        yield article


def _describe_fault(path: Path, error: Exception) -> str:
    """The sentence for a file whose reader raised something other than an ``ArticleError``."""
    name, suffix = printable_name(path), path.suffix.lower()
    if isinstance(error, ImportError):
        return (
            f"{name} cannot be read, because a package for {suffix} is missing or broken "
            f"({first_line(error)}); run `make install` or reinstall Dateline."
        )
    said = " ".join(str(error).split())[:120].rstrip(".")
    return (
        f"{name} cannot be read as {suffix} ({type(error).__name__}: {said}); "
        "save it again or convert it to text."
    )


def _unknown_format(path: Path) -> str:
    """The sentence for a file of a format that Dateline does not read."""
    name = printable_name(path)
    what = f"files ending in {path.suffix}" if path.suffix else "files without an ending"
    return f"{name} was not read: Dateline reads {name_formats()}, not {storable_name(what)}."
