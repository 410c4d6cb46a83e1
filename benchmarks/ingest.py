"""Add a whole corpus with ``dateline add``, stopped and gone on with; writes ``ingest.json``.

    python benchmarks/ingest.py [--data FOLDER] [--articles N] [--every SECONDS] [--sample 300]
        [--library FOLDER]

The web news of ``--data``, ``$DATELINE_DATA`` or ``../shared/data``, which is no part of the
project, is added by the command as a user gives it, in a process of its own. It is interrupted
(Ctrl-C) every so many seconds and given again, until it says that all is there; in between, the
encoder alone encodes the passages of evenly chosen articles, so that both are measured on the
machine in the same state. What is compared: passages a second from the files to the library, all
starts and all that was lost by stopping included, and passages a second of the encoder.
``--library`` keeps what was made. The result is kept by how many articles there were.
"""

import argparse
import json
import lzma
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from typing import Any

from index import Article, Library
from index.adding import make_inputs, split_articles
from index.articles.reading import read_articles
from index.encoding.encoders import default_encoder
from index.settings import Settings
from qa.evaluate.provenance import describe_machine, find_revision, list_versions

ROOT = Path(__file__).resolve().parent.parent
RESULT = ROOT / "benchmarks" / "results" / "ingest.json"
COMMAND = Path(sys.executable).with_name("dateline")
LOST_PATIENCE = 120
"""Seconds after which a command that was interrupted should have ended."""


def main() -> int:
    """Measure, print and write; 1 when there is no corpus, or not all of it is in the library."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    data = os.environ.get("DATELINE_DATA") or ROOT.parent / "shared" / "data"
    parser.add_argument("--data", type=Path, default=Path(data))
    parser.add_argument("--articles", type=int, default=None, help="the first N of the corpus")
    parser.add_argument("--every", type=float, default=480, help="seconds between two stops")
    parser.add_argument("--sample", type=int, default=300, help="articles for the encoder alone")
    parser.add_argument("--library", type=Path, help="a folder that is not there yet")
    parser.add_argument("--encode", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.encode:
        print(json.dumps(encode_alone(options.encode)))
        return 0
    packed = options.data / "news_corpus" / "corpus.jsonl.xz"
    if not packed.is_file():
        print(f"There is no corpus in {options.data}; name its folder by --data.", file=sys.stderr)
        return 1
    if options.library and options.library.exists():
        parser.error(f"{options.library} is there already; name a folder that is not.")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        corpus, sample = place / "corpus.jsonl", place / "sample.jsonl"
        lines, words = unpack(packed, corpus, sample, options.articles, options.sample)
        library = options.library or place / "library"
        result = measure(corpus, sample, library, options.every)
        result |= {"lines": lines, "words": words}
    machine = describe_machine() | {"load": [round(value, 1) for value in os.getloadavg()]}
    result |= {"machine": machine, "versions": list_versions(), "git": find_revision()}
    known = json.loads(RESULT.read_text("utf-8")) if RESULT.exists() else {}
    known[str(lines)] = result
    RESULT.write_text(json.dumps(known, indent=1) + "\n", "utf-8")
    print(json.dumps(result, indent=1))
    return 0 if result["again"]["said"]["unchanged"] == result["articles"] else 1


def unpack(
    packed: Path, corpus: Path, sample: Path, articles: int | None, sampled: int
) -> tuple[int, int]:
    """Writes both files a line at a time; how many lines and words the first one has.

    A process that has much in memory would hand that on as the peak of those that it starts.
    """
    lines = words = 0
    with lzma.open(packed, "rt", encoding="utf-8") as stream:
        every = max(1, sum(1 for _ in islice(stream, articles)) // sampled)
    with (
        lzma.open(packed, "rt", encoding="utf-8") as stream,
        corpus.open("w", encoding="utf-8") as whole,
        sample.open("w", encoding="utf-8") as part,
    ):
        for line in islice(stream, articles):
            whole.write(line)
            if lines % every == 0:
                part.write(line)
            lines, words = lines + 1, words + len(line.split())
    return lines, words


def measure(corpus: Path, sample: Path, library: Path, every: float) -> dict[str, Any]:
    """The parts of the adding, the encoder alone between them, and what the library then has."""
    encoder = [measure_encoder(sample)]
    parts: list[dict[str, Any]] = []
    while not parts or parts[-1]["status"]:
        parts.append(add(corpus, library, every))
        encoder.append(measure_encoder(sample))
        print(f"{parts[-1]}\n{encoder[-1]}", file=sys.stderr, flush=True)
    again = add(corpus, library, None)
    seconds = sum(part["seconds"] for part in parts)
    with Library.open(library) as opened:
        articles, passages = len(opened), opened.info().passages
    own = statistics.median(each["passages_per_second"] for each in encoder)
    return {
        "articles": articles,
        "passages": passages,
        "seconds": round(seconds, 1),
        "passages_per_second": round(passages / seconds, 1),
        "encoder_passages_per_second": own,
        "share_of_encoder": round(passages / seconds / own, 3),
        "peak_mb": max(part["peak_mb"] for part in parts),
        "parts": parts,
        "encoder": encoder,
        "again": again,
        "library_mb": round(sum(f.stat().st_size for f in library.rglob("*")) / 1e6),
    }


def add(corpus: Path, library: Path, every: float | None) -> dict[str, Any]:
    """One ``dateline add``, interrupted after ``every`` seconds, and what it said at its end."""
    command = [str(COMMAND), "add", str(corpus), "--library", str(library), "--json"]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        # A shell's background jobs ignore Ctrl-C, and so would what they start.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        begun = time.perf_counter()
        child = subprocess.Popen(command, stdout=out, stderr=errors)
        interrupted = not wait(child.pid, every)
        if interrupted:
            child.send_signal(signal.SIGINT)
        stopped = time.perf_counter()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        ended = time.perf_counter()
        out.seek(0)
        errors.seek(0)
        said, complaint = out.read().decode(), errors.read().decode()
    if child.returncode and not interrupted:
        sys.exit(f"{' '.join(command)} failed: {complaint.strip()[-500:]}")
    counts = json.loads(said) if said.strip() else {}
    return {
        "status": child.returncode,
        "seconds": round(ended - begun, 2),
        "stopping_seconds": round(ended - stopped, 2) if interrupted else 0.0,
        "processor_seconds": round(usage.ru_utime + usage.ru_stime, 1),
        "peak_mb": round(usage.ru_maxrss / 1024),
        "said": {key: count(value) for key, value in counts.items()},
    }


def wait(process: int, seconds: float | None) -> bool:
    """Whether a process ended within ``seconds``; its status is left for who waits for it."""
    until = time.perf_counter() + (seconds if seconds is not None else float("inf"))
    while time.perf_counter() < until:
        if os.waitid(os.P_PID, process, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            return True
        time.sleep(0.2)
    return False


def count(value: Any) -> Any:  # noqa: ANN401 - of JSON
    """How many there are of what is listed; anything else as it is."""
    return len(value) if isinstance(value, list | dict) else value


def measure_encoder(sample: Path) -> dict[str, float]:
    """``encode_alone`` in a process of its own."""
    command = [sys.executable, __file__, "--encode", str(sample)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


def encode_alone(sample: Path) -> dict[str, float]:
    """How fast the encoder alone is on the passages of the sample, which it has at hand."""
    settings, encoder = Settings(), default_encoder()
    articles = [item for item in read_articles([sample]) if isinstance(item, Article)]
    texts = make_inputs(articles, split_articles(articles, settings), settings)
    encoder.encode_passages(texts[:200])
    wall, processor = time.perf_counter(), time.process_time()
    encoder.encode_passages(texts)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    return {
        "passages": len(texts),
        "passages_per_second": round(len(texts) / wall, 1),
        "passages_per_processor_second": round(len(texts) / processor, 1),
    }


if __name__ == "__main__":
    sys.exit(main())
