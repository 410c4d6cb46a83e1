"""The commands that look at a library and keep it in order."""

from dataclasses import asdict
from typing import Annotated

import typer

from qa.output.records import print_json
from qa.serving.options import (
    FAILED,
    EncoderOption,
    JsonOption,
    LibraryOption,
    load_settings,
    open_library,
)


def list_articles(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """List the articles."""
    from qa.output.terminal import draw_articles, make_console

    with open_library(load_settings(library)) as opened:
        articles = opened.articles()
    if as_json:
        print_json({"articles": articles})
    else:
        draw_articles(make_console(), articles)


def show(
    article: Annotated[str, typer.Argument(metavar="ID", help="An article's id; see `list`.")],
    library: LibraryOption = None,
    passages: Annotated[
        bool, typer.Option("--passages", help="Its passages in place of its text.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show an article and what was found about it."""
    from qa.output.render import article_to_dict
    from qa.output.terminal import draw_article, make_console

    with open_library(load_settings(library)) as opened:
        found = opened.article(article)
        parts = opened.passages(article) if passages else None
    if as_json:
        print_json(article_to_dict(found, parts))
    else:
        draw_article(make_console(), found, parts)


def remove(
    articles: Annotated[list[str], typer.Argument(metavar="ID…", help="Articles' ids.")],
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Remove articles from the library; the files they came from are left alone."""
    with open_library(load_settings(library)) as opened:
        removed = opened.remove(articles)
    if as_json:
        print_json({"removed": removed})
    else:
        print(f"{len(removed)} removed.")


def verify(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Check that store, vectors and words agree, and every passage with its article."""
    with open_library(load_settings(library)) as opened:
        problems = opened.verify()
    if as_json:
        print_json({"problems": problems})
    else:
        print("\n".join(problems) or "Everything agrees.")
    if problems:
        raise typer.Exit(FAILED)


def rebuild(
    library: LibraryOption = None,
    encode: Annotated[bool, typer.Option("--encode", help="Cut and encode anew too.")] = False,
    encoder: EncoderOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make the vector and word indexes anew from the store; by another encoder, all of it."""
    from qa.output.terminal import show_progress

    encode = encode or encoder is not None
    with (
        open_library(load_settings(library, encoder=encoder), check=not encode) as opened,
        show_progress(quiet=as_json) as progress,
    ):
        opened.rebuild(encode=encode, progress=progress)
        info = opened.info()
    if as_json:
        print_json({"articles": info.articles, "passages": info.passages})
    else:
        print(f"Rebuilt: {info.articles} articles, {info.passages} passages.")


def info(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Say what the library holds and how it was made."""
    with open_library(load_settings(library)) as opened:
        values = opened.info()
    if as_json:
        print_json(values)
        return
    for name, value in asdict(values).items():
        print(f"{name.replace('_', ' ')}: {value}")


def doctor(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Check this machine: packages, models, processor, library."""
    from qa.serving.doctor import examine

    checks = examine(load_settings(library))
    if as_json:
        print_json({"checks": checks})
    else:
        for check in checks:
            print(f"{'ok  ' if check.ok else 'FAIL'}  {check.name}: {check.finding}")
    if not all(check.ok for check in checks):
        raise typer.Exit(FAILED)
