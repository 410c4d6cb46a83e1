"""What ``dateline doctor`` looks at: packages, models, processor, disk and library."""

import platform
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from index.errors import DatelineError, LibraryNotFoundError
from index.extensions import find_reader
from index.settings import Settings

PACKAGES = ("sentence-transformers", "faiss-cpu", "gradio", "numpy", "openvino", "tantivy")

LEAST_FREE_BYTES = 500_000_000


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: whether it is well and what was found."""

    name: str
    ok: bool
    finding: str


def examine(settings: Settings) -> list[Check]:
    """Every check, in the order in which a person would mend them."""
    return [
        Check("python", sys.version_info >= (3, 11), platform.python_version()),
        check_packages(),
        run_check("encoder", lambda: examine_encoder(settings)),
        run_check("reader", lambda: examine_reader(settings)),
        run_check("processor", examine_processor),
        check_disk(settings.library),
        check_library(settings),
    ]


def run_check(name: str, look: Callable[[], str]) -> Check:
    """The check whose finding is what ``look`` returns, or the error that it raises."""
    try:
        return Check(name, True, look())
    except (DatelineError, ImportError) as error:
        return Check(name, False, str(error))


def check_packages() -> Check:
    """Whether the packages are there, with their versions."""
    found, missing = [], []
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        return Check("packages", False, f"missing {', '.join(missing)}; run `make install`")
    return Check("packages", True, ", ".join(found))


def examine_encoder(settings: Settings) -> str:
    """The encoder, loaded and tried on one question, and what runs it."""
    from index.encoding.encoders import describe_engine, load_encoder

    encoder = load_encoder(settings)
    vector = encoder.encode_questions(["Is anybody there?"])[0]
    found = f"{encoder.fingerprint.describe()}, {len(vector)} numbers a vector"
    return ", ".join(filter(None, (found, describe_engine(encoder))))


def examine_reader(settings: Settings) -> str:
    """The reader, loaded and tried on one passage; where the system has none, that."""
    row = find_reader(settings.system)
    if row is None:
        return f"not used, since system is {settings.system}"
    from index import Article, Hit, Passage
    from qa.reader.choice import ask_reader
    from qa.reader.evidence import Findings
    from qa.reader.protocol import Terms
    from qa.reader.shared import shared_reader

    text = "Nobody is there."
    hit = Hit(Passage(0, "", 0, len(text), text), Article("", "", text), 1.0, 1)
    terms = Terms(lambda hits: Findings((), tuple(hits), 0.0, 0.0))
    ask_reader(row, shared_reader(row, settings.threads), "Is anybody there?", [hit], terms)
    return ", ".join(filter(None, (row.name, row.model, "loaded, and reads")))


def examine_processor() -> str:
    """The processor's cores and the number formats that speed it up."""
    import os

    from index.encoding.bert import import_openvino

    abilities = import_openvino().Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    fast = "bfloat16" if "BF16" in abilities else "float32 only, so adding articles is slower"
    return f"{os.cpu_count()} cores, {fast}"


def check_disk(path: Path) -> Check:
    """Whether there is room where the library is or will be."""
    folder = path.absolute()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    return Check("disk", free >= LEAST_FREE_BYTES, f"{free / 1e9:.1f} GB free at {folder}")


def check_library(settings: Settings) -> Check:
    """Whether the library opens and agrees with itself; none yet is well too."""
    from index import Library
    from index.storage.private import is_open_to_others

    try:
        with Library.open(settings.library, settings=settings) as library:
            problems = library.verify()
            count = library.info().articles
    except LibraryNotFoundError:
        return Check("library", True, f"none yet at {settings.library}; `dateline add` makes it")
    except DatelineError as error:
        return Check("library", False, str(error))
    finding = f"{settings.library}: {count} articles"
    if is_open_to_others(settings.library):
        finding += (
            f", which others of this machine may read; `chmod -R go= {settings.library}` ends it"
        )
    return Check("library", not problems, "; ".join([finding, *problems]))
