"""The examples of the API's documentation: each request made with curl on the sample articles.

    python docs/api_examples.py

Starts the chat, runs every command as it is shown and writes ``qa/serving/api/examples.json``; run
it when a reply has another field than before. Needs curl.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "qa" / "serving" / "api" / "examples.json"
SHOWN = "http://127.0.0.1:7860"
sys.path.insert(0, str(ROOT / "tests"))

from chat_server import running_chat  # noqa: E402

FIRST = "curl 'http://127.0.0.1:7860/api/ask?question=Who+signed+the+treaties%3F'"
COMMANDS = {
    "GET /api/ask": r"""curl -G http://127.0.0.1:7860/api/ask -d passages=1 \
  --data-urlencode 'question=When did Russia recognize South Ossetia?'""",
    "POST /api/ask": """curl http://127.0.0.1:7860/api/ask -H 'content-type: application/json' -d '{
  "question": "For how long did Moscow suspend peacekeeping operations with NATO?",
  "sources": ["RIA Novosti"], "passages": 1}'""",
    "GET /api/search": "curl 'http://127.0.0.1:7860/api/search?query=peacekeeping&passages=1'",
    "POST /api/search": """curl http://127.0.0.1:7860/api/search \\
  -H 'content-type: application/json' \\
  -d '{"query": "mutual defence treaty", "passages": 1, "system": "bm25"}'""",
    "GET /api/timeline": r"""curl -G http://127.0.0.1:7860/api/timeline \
  --data-urlencode 'question=South Ossetia'""",
    "POST /api/timeline": """curl http://127.0.0.1:7860/api/timeline \\
  -H 'content-type: application/json' -d '{"question": "peacekeepers"}'""",
    "POST /api/articles": "curl http://127.0.0.1:7860/api/articles -F files=@footbridge.txt",
    "GET /api/articles": r"""curl \
  'http://127.0.0.1:7860/api/articles?words=russia&order=title&limit=1'""",
    "GET /api/articles/{article}": "curl http://127.0.0.1:7860/api/articles/footbridge.txt",
    "DELETE /api/articles/{article}": r"""curl -X DELETE \
  http://127.0.0.1:7860/api/articles/footbridge.txt""",
    "GET /api/info": "curl http://127.0.0.1:7860/api/info",
    "GET /api/health": "curl http://127.0.0.1:7860/api/health",
}
ARTICLE = (
    "Footbridge opens\n\n"
    "OSLO, May 3, 2019 (NTB) - The footbridge over the harbour opened on Friday, the mayor said.\n"
)


def main() -> None:
    """Run every command, and write what came back; an error ends it."""
    if shutil.which("curl") is None:
        sys.exit("curl is needed; on Debian: apt-get install curl")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "footbridge.txt").write_text(ARTICLE, encoding="utf-8")
        with running_chat(folder / "library", folder / "log", paths=[ROOT / "seeds"]) as url:
            run_command(FIRST.replace(SHOWN, url), folder)  # loads what the others then need not
            examples = {
                route: {
                    "curl": command,
                    "reply": shorten_reply(run_command(command.replace(SHOWN, url), folder)),
                }
                for route, command in COMMANDS.items()
            }
    text = json.dumps(examples, ensure_ascii=False, indent=1)
    EXAMPLES.write_text(text + "\n", encoding="utf-8")


def run_command(command: str, folder: Path) -> dict[str, Any]:
    """What the server replies to a command of a shell."""
    quiet = command.replace("curl", "curl --silent --show-error", 1)
    done = subprocess.run(quiet, shell=True, cwd=folder, capture_output=True, text=True, check=True)
    reply: dict[str, Any] = json.loads(done.stdout)
    if "error" in reply:
        sys.exit(f"{command}\n{reply['error']}")
    return reply


def shorten_reply(reply: dict[str, Any]) -> dict[str, Any]:
    """A reply with two of what it has many of, and without the place of this run's library."""
    if "entries" in reply:
        reply["entries"] = reply["entries"][:2]
    if "path" in reply:
        reply["path"] = "/home/you/.local/share/dateline/library"
    return reply


if __name__ == "__main__":
    main()
