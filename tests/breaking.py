"""A library in another process that crashes where it is told to, and what must be left of it."""

import subprocess
import sys

from index import Article, Library
from index.settings import Settings

SETTINGS = Settings(encoder="test")
FERRY = "An electric ferry named Havbris began sailing between the islands."
TRAM = "Trams return to the old town after sixty years."
QUAY = "The quay was closed."
SYSTEMS = ["dense", "bm25", "hybrid"]
PRELUDE = """
import ctypes, os, resource, sys
from pathlib import Path
from index import Article, Library, LibraryError
from index.vectors import flat
from index.search import caches
from index.settings import Settings
from index.storage.store import Store
from index.words.engine import WordIndex

folder = Path(sys.argv[1])
SETTINGS = Settings(encoder="test")
TRAM = Article("tram.txt", "", "Trams return to the old town after sixty years.")


def crash(owner, name, *, before):
    method = getattr(owner, name)

    def crashing(*arguments, **options):
        if not before:
            method(*arguments, **options)
        os._exit(42)

    setattr(owner, name, crashing)


def read_only():
    # Root may write anywhere; without its capabilities it is bound by the permissions, like others.
    for root, folders, files in os.walk(folder):
        for name in files:
            os.chmod(os.path.join(root, name), 0o444)
        os.chmod(root, 0o555)
    if os.geteuid() == 0:
        header = (ctypes.c_uint32 * 2)(0x20080522, 0)
        assert ctypes.CDLL(None).capset(header, (ctypes.c_uint32 * 6)()) == 0
    assert not os.access(folder, os.W_OK)
"""

IN_STORE = 'sys.modules["index.storage.store"]'
CRASHES = {
    "before the transaction": 'crash(Store, "commit", before=True)',
    "inside the transaction": f'crash({IN_STORE}, "write_passages", before=False)',
    "at the end of the transaction": f'crash({IN_STORE}, "log_change", before=False)',
    "after the transaction": 'crash(Store, "commit", before=False)',
    "before the vectors follow": 'crash(caches.VectorCache, "catch_up", before=True)',
    "before the words follow": 'crash(caches.WordCache, "catch_up", before=True)',
    "before the words are committed": 'crash(WordIndex, "commit", before=True)',
    "between the words and their state": 'crash(WordIndex, "_write_state", before=True)',
    "after the words are committed": 'crash(WordIndex, "commit", before=False)',
    "before the vectors are saved": 'crash(caches, "save_vectors", before=True)',
    "after the vectors are drafted": 'crash(flat.FaissVectors, "save", before=False)',
    "between the vectors and their header": """
replace = Path.replace
Path.replace = lambda self, target: (replace(self, target), os._exit(42))
""",
    "after the vectors are saved": 'crash(caches, "save_vectors", before=False)',
}


def run(folder, code, check=True):
    """Runs the code in a process of its own; gives its exit code and what it printed."""
    program = PRELUDE + code
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder)], capture_output=True, text=True, timeout=120
    )
    if check:
        assert done.returncode == 0, done.stderr
    return done


def make_library(folder):
    with Library.open(folder, settings=SETTINGS, create=True) as library:
        library.add([Article("ferry.txt", "", FERRY)])
    return folder


def open_library(folder):
    return Library.open(folder, settings=SETTINGS)


def check_whole(folder, expected):
    """Every engine finds exactly the expected articles, and nothing is wrong."""
    with open_library(folder) as library:
        assert {item.id for item in library.articles()} == expected
        for system in SYSTEMS:
            hits = library.search(f"{FERRY} {TRAM} {QUAY}", system=system)
            assert {hit.article.id for hit in hits} == expected, system
        assert library.verify() == []
