"""What a library says about itself."""

from typing import Any

from index.search.caches import WORDS_NAME
from index.storage.store import Store
from index.storage.tables import FORMAT, VERSION_BITS
from index.types import LibraryInfo
from index.vectors import HEADER_NAME, VECTORS_NAME, FaissVectors, IVFVectors
from index.vectors.choose import choose_engine
from index.vectors.files import read_header
from index.vectors.ivf.tuning import read_tuning


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
    clusters = header.clusters if header is not None else None
    choice = choose_engine(passages, setting, clustered=clusters is not None)
    if not choice.clustered:
        return f"{FaissVectors.kind}: {choice.reason}"
    if clusters is None:
        return (
            f"{FaissVectors.kind}: {choice.reason}, and clusters are not trained yet; "
            "`dateline tune` trains them"
        )
    tuning = read_tuning(manifest, clusters.base.removeprefix(f"{VECTORS_NAME}."))
    searched = f"{tuning.probes:,} searched" if tuning else "a fifth searched"
    measured = tuning.describe() if tuning else "not measured yet, see `dateline tune`"
    return (
        f"{IVFVectors.kind}, {clusters.lists:,} clusters, {searched}: {choice.reason}; {measured}"
    )
