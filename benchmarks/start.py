"""How long ``dateline`` takes from the command to the answer, in new processes.

    python benchmarks/start.py [--library FOLDER …] [--rounds 10]

Bare Python, ``dateline --help`` and one ``dateline ask`` of the samples and of each library named,
by turns. Files are in the system's cache, as they are after the first time. Writes
``benchmarks/results/start.json``: medians of wall seconds, of processor seconds (which other work
moves less), and of the peak memory.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from qa.evaluate.provenance import describe_machine, find_revision, list_versions
from qa.serving.options import NOT_FOUND

ROOT = Path(__file__).resolve().parent.parent
RESULT = ROOT / "benchmarks" / "results" / "start.json"
QUESTION = "When did Russia recognize South Ossetia?"
COMMAND = Path(sys.executable).with_name("dateline")


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--library", type=Path, nargs="*", default=[])
    parser.add_argument("--rounds", type=int, default=10)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        samples = Path(folder) / "samples"
        libraries = {"samples": samples, **{path.name: path for path in options.library}}
        if len(libraries) <= len(options.library):
            parser.error("Two libraries have folders of the same name; give each another one.")
        run([str(COMMAND), "add", str(ROOT / "seeds"), "--library", str(samples)])
        commands = {
            "python": [sys.executable, "-c", "pass"],
            "dateline --help": [str(COMMAND), "--help"],
        }
        for name, path in libraries.items():
            ask = [str(COMMAND), "ask", QUESTION, "--library", str(path)]
            commands[f"dateline ask, {name}"] = ask
        measured = measure(commands, options.rounds)
    result = {
        "revision": find_revision(),
        "machine": describe_machine() | {"load": [round(value, 1) for value in os.getloadavg()]},
        "versions": list_versions(),
        "rounds": options.rounds,
        "commands": measured,
    }
    RESULT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(measured, indent=1))


def measure(commands: dict[str, list[str]], rounds: int) -> dict[str, dict[str, float]]:
    """Medians of each command's seconds and its peak memory; each goes once before it counts."""
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in commands}
    for turn in range(rounds + 1):
        for name, command in commands.items():
            found = run(command)
            if turn:
                runs[name].append(found)
    return {
        name: {key: round(statistics.median(item[key] for item in found), 3) for key in found[0]}
        for name, found in runs.items()
    }


def run(command: list[str]) -> dict[str, Any]:
    """Wall and processor seconds and peak MB of a command that succeeds, if with no answer."""
    with tempfile.TemporaryFile() as errors:
        begun = time.perf_counter()
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - begun
        if os.waitstatus_to_exitcode(status) not in (0, NOT_FOUND):
            errors.seek(0)
            sys.exit(f"{' '.join(command)} failed: {errors.read().decode().strip()}")
    return {
        "wall_s": wall,
        "processor_s": usage.ru_utime + usage.ru_stime,
        "peak_mb": usage.ru_maxrss / 1024,
    }


if __name__ == "__main__":
    main()
