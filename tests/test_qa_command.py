"""The process of the command: its exit code, its output, and what is still done at its end."""

import os
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest

LATE = """
import atexit, sys, threading
from pathlib import Path
import qa.serving.cli, qa.serving.command
folder = Path(sys.argv.pop(1))

def work():
    threading.main_thread().join()
    (folder / "thread").touch()

class Heavy:
    def __del__(self):
        (folder / "taken apart").touch()

def main():
    atexit.register((folder / "registered").touch)
    threading.Thread(target=work).start()
    qa.serving.cli.heavy = Heavy()
    print("said", end="")
    CODE

qa.serving.cli.main = main
qa.serving.command.run()
"""


BUFFERED = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}


def run_process(
    code: str, *arguments: object, out: int | IO[str] = subprocess.PIPE
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        stdout=out,
        stderr=subprocess.PIPE,
        text=True,
        env=BUFFERED,
    )


@pytest.mark.parametrize(
    ("end", "code"),
    [
        ("pass", 0),
        ("raise SystemExit(3)", 3),
        ("raise SystemExit", 0),
        ("raise SystemExit('no')", 1),
        ("raise ValueError('unforeseen')", 1),
    ],
)
def test_the_end_is_quick_and_complete(end: str, code: int, tmp_path: Path) -> None:
    done = run_process(LATE.replace("CODE", end), tmp_path)
    assert (done.returncode, done.stdout) == (code, "said")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["registered", "thread"]
    assert ("unforeseen" in done.stderr) is ("ValueError" in end)


def test_the_command_prints_all_and_ends_with_its_exit_code(tmp_path: Path) -> None:
    run = "from qa.serving.command import run; run()"
    helped = run_process(run, "--help")
    assert helped.returncode == 0
    assert helped.stdout.rstrip().endswith("\u256f")
    missing = run_process(run, "info", "--library", tmp_path / "none")
    assert missing.returncode == 1
    assert missing.stderr.startswith("dateline: ")


PRINT = """
import qa.serving.cli, qa.serving.command
qa.serving.cli.main = lambda: print("{}")
qa.serving.command.run()
"""


def test_who_closes_the_pipe_early_sees_no_traceback() -> None:
    read, write = os.pipe()
    os.close(read)
    done = run_process(PRINT, out=write)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
def test_output_that_cannot_be_written_is_no_success() -> None:
    with Path("/dev/full").open("w") as full:
        done = run_process(PRINT, out=full)
    assert done.returncode == 1
    assert done.stderr.startswith("dateline: the output could not be written")
