"""The house itself: the newcomer's path is true, and an arrow the wrong way is named."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LONGEST = 400
DATA = {"index/pages/boilerplate_phrases.py"}


def count_lines(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def test_the_eight_files_of_the_newcomer_are_there_and_short() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    named = re.findall(r"^\d\. `([\w/]+\.py)`", text, re.MULTILINE)
    assert len(named) == 8
    assert {name: count_lines(ROOT / name) < 250 for name in named} == dict.fromkeys(named, True)
    glossary = text.split("## Words of our own")[1]
    assert 0 < len(re.findall(r"^- \*\*", glossary, re.MULTILINE)) <= 10


def test_no_module_is_too_long_but_for_data() -> None:
    files = [path for folder in ("index", "qa") for path in (ROOT / folder).rglob("*.py")]
    long = {str(path.relative_to(ROOT)) for path in files if count_lines(path) > LONGEST}
    assert long <= DATA


@pytest.mark.process
@pytest.mark.parametrize(
    ("module", "line", "named"),
    [
        ("index/passages.py", "from qa.types import Answer", "index.passages -> qa.types"),
        ("qa/chat/why.py", "from qa.serving import options", "qa.chat.why -> qa.serving"),
    ],
)
def test_an_import_against_the_direction_fails_the_gate_and_is_named(
    tmp_path: Path, module: str, line: str, named: str
) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for folder in ("index", "qa"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("weights"))
    broken = tmp_path / module
    broken.write_text(f"{broken.read_text('utf-8')}\n{line}\n", "utf-8")
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert named in ran.stdout
