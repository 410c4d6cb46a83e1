"""What a library says about itself."""

from index.caches import WORDS_NAME
from index.store import Store
from index.tables import FORMAT, VERSION_BITS
from index.types import LibraryInfo
from index.vectors import HEADER_NAME, VECTORS_NAME, FaissVectors


def describe_library(store: Store) -> LibraryInfo:
    """What the library of this store holds and how it was made; no engine is loaded."""
    manifest = store.manifest()
    articles, passages, characters = store.totals()
    encoder = manifest.get("encoder", {})
    caches = [store.folder / name for name in (VECTORS_NAME, HEADER_NAME)]
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
        vectors=FaissVectors.kind,
        words="BM25 (tantivy)",
        database_bytes=sum(file.stat().st_size for file in (database, log) if file.is_file()),
        cache_bytes=sum(file.stat().st_size for file in caches if file.is_file()),
        change_counter=store.version() >> VERSION_BITS,
        created_at=manifest["created_at"],
        read_only=store.database.read_only,
    )
