"""What a library says about itself, and of what it does not have."""

from difflib import get_close_matches
from typing import Any

from index.articles.files import storable_name
from index.errors import ArticleNotFoundError
from index.extensions import EXACT
from index.search.caches import WORDS_NAME
from index.storage.store import Store
from index.storage.tables import FORMAT, VERSION_BITS, StoredArticle
from index.types import LibraryInfo
from index.vectors import HEADER_NAME, VECTORS_NAME
from index.vectors.choose import choose_engine, load_engine
from index.vectors.feeding import read_tuning
from index.vectors.files import read_header

COMPARED_IDS = 1000
"""Ids that an unknown one is compared with at most; each takes some 60 µs."""


def describe_library(store: Store, setting: str = "auto") -> LibraryInfo:
    """What the library of this store holds and how it was made; no engine is loaded."""
    manifest = store.manifest()
    articles, passages, characters = store.totals()
    encoder = manifest.get("encoder", {})
    caches = [*store.folder.glob(f"{VECTORS_NAME}*"), store.folder / HEADER_NAME]
    caches += (store.folder / WORDS_NAME).glob("*")
    database = store.database.file
    log = database.with_name(f"{database.name}-wal")
    return LibraryInfo(
        path=store.folder,
        format=FORMAT,
        articles=articles,
        passages=passages,
        characters=characters,
        encoder=encoder.get("description", ""),
        dimension=encoder.get("dimension", 0),
        passage_rule=manifest.get("passages", {}).get("rule", ""),
        vectors=describe_vectors(store, manifest, passages, setting),
        words="BM25 (tantivy)",
        database_bytes=sum(file.stat().st_size for file in (database, log) if file.is_file()),
        cache_bytes=sum(file.stat().st_size for file in caches if file.is_file()),
        change_counter=store.version() >> VERSION_BITS,
        created_at=manifest["created_at"],
        read_only=store.database.read_only,
    )


def describe_vectors(store: Store, manifest: dict[str, Any], passages: int, setting: str) -> str:
    """How vectors are searched, why, and what was measured of it."""
    header = read_header(store.folder / HEADER_NAME)
    choice = choose_engine(passages, setting, header.engine if header else "")
    engine = load_engine(choice.engine)
    part = header.part if header and header.engine == choice.engine else None
    if engine.trained_from and part is None:
        return (
            f"{load_engine(EXACT).kind}: {choice.reason}, and {choice.engine} are not trained yet; "
            "`dateline tune` trains them"
        )
    return engine.describe(choice.reason, part or {}, read_tuning(manifest))


def find_article(store: Store, article_id: str) -> StoredArticle:
    """Where the article with this id is.

    Raises:
        ArticleNotFoundError: there is none; the message names ids that look like it.
    """
    name = storable_name(article_id)
    found = store.find_id(name)
    if found is not None:
        return found
    near = store.near_ids(name, COMPARED_IDS)
    close = get_close_matches(name, near, n=3, cutoff=0.5)
    advice = f"did you mean {' or '.join(close)}?" if close else "`dateline list` shows them."
    raise ArticleNotFoundError(f"The library has no article {article_id!r}; {advice}")
