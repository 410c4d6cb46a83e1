"""Nothing calls out: sockets are watched while Dateline works, and the home folder stays empty."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SEEDS = Path(__file__).parent.parent / "seeds"

WATCH = """
import json, sys
calls = []
def watch(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        where = str(arguments)
        if "127.0.0.1" not in where and "localhost" not in where:
            calls.append(f"{event} {where}")
sys.addaudithook(watch)
from qa.serving.cli import main
code = 0
try:
    main(json.loads(sys.argv[1]))
except SystemExit as stop:
    code = stop.code or 0
heavy = [name for name in ("torch", "gradio", "transformers") if name in sys.modules]
print("\\n@@" + json.dumps({"calls": calls, "heavy": heavy, "code": code}))
"""


def run_watched(home: Path, *arguments: str) -> dict[str, object]:
    kept = ("PATH", "LANG", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "PYTHONPATH")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", WATCH, json.dumps(arguments)],
        env=environment | {"HOME": str(home)},
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(json.loads(done.stdout.rsplit("@@", 1)[1]))


@pytest.mark.model
def test_adding_and_asking_call_nobody_and_leave_the_home_folder_alone(tmp_path: Path) -> None:
    home, library = tmp_path / "home", str(tmp_path / "library")
    home.mkdir()
    added = run_watched(home, "add", str(SEEDS), "--library", library)
    assert added == {"calls": [], "heavy": [], "code": 0}
    question = "When did Russia recognize South Ossetia?"
    asked = run_watched(home, "ask", question, "--library", library)
    assert asked == {"calls": [], "heavy": [], "code": 0}
    assert [str(path) for path in home.rglob("*") if path.is_file()] == []


def test_help_imports_nothing_heavy(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from qa.serving.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "names = ('torch', 'faiss', 'gradio', 'openvino', 'numpy', 'tantivy', 'trafilatura')\n"
        "assert not [n for n in names if n in sys.modules], "
        "[n for n in names if n in sys.modules]\n"
    )
    subprocess.run(
        [sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL, env=os.environ
    )


def test_a_user_may_allow_the_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    from index.offline import SWITCHES, forbid_calling_out

    for name in SWITCHES:
        monkeypatch.setenv(name, "kept")
    monkeypatch.delenv("HF_HUB_OFFLINE")
    monkeypatch.delenv("GRADIO_ANALYTICS_ENABLED")
    forbid_calling_out(online=True)
    assert "HF_HUB_OFFLINE" not in os.environ
    assert os.environ["GRADIO_ANALYTICS_ENABLED"] == "False"
    forbid_calling_out()
    assert os.environ["HF_HUB_OFFLINE"] == "1"
    assert os.environ["DO_NOT_TRACK"] == "kept"
