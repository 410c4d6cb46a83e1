"""Ask a running Dateline over HTTP, with Python's standard library alone.

    dateline serve &
    python examples/client.py "When did Russia recognize South Ossetia?"
    python examples/client.py "What did the port authority say?" --add article.txt

The address is http://127.0.0.1:7860 unless --url says otherwise. The token that the server asks
for is the one in the address that it prints; set DATELINE_TOKEN to one of your own for both
programs, or start the server with --no-token.
"""

import argparse
import json
import os
import sys
import uuid
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request, urlopen


class Client:
    """A Dateline server; every method gives the JSON object that it replies with."""

    def __init__(self, url: str, token: str = "") -> None:
        self.url = url.rstrip("/")
        self.known = {"Authorization": f"Bearer {token}"} if token else {}

    def ask(self, question: str, **options: Any) -> Any:
        """The answer; ``options`` are fields of the request, such as ``sources=["Reuters"]``."""
        return self.post("ask", json.dumps({"question": question, **options}).encode())

    def article(self, name: str) -> Any:
        """An article with its text and passages."""
        return self.call(Request(f"{self.url}/api/articles/{quote(name, safe='')}"))

    def add(self, *files: Path) -> Any:
        """What became of the files that were uploaded."""
        mark = uuid.uuid4().hex
        head = '--{}\r\nContent-Disposition: form-data; name="files"; filename="{}"\r\n\r\n'
        parts = [
            head.format(mark, quote(file.name, safe=" ")).encode() + file.read_bytes() + b"\r\n"
            for file in files
        ]
        body = b"".join((*parts, f"--{mark}--\r\n".encode()))
        return self.post("articles", body, f"multipart/form-data; boundary={mark}")

    def post(self, path: str, body: bytes, kind: str = "application/json") -> Any:
        """The reply to a body."""
        request = Request(f"{self.url}/api/{path}", body, {"Content-Type": kind})
        return self.call(request)

    def call(self, request: Request) -> Any:
        """The reply to a request; an error ends the program with the server's own sentence."""
        request.headers |= self.known
        try:
            with urlopen(request, timeout=120) as reply:
                return json.load(reply)
        except HTTPError as error:
            sys.exit(json.load(error)["error"])
        except URLError as error:
            sys.exit(f"No Dateline answers at {self.url} ({error.reason}); start `dateline serve`.")


def main() -> None:
    """Add files when there are some, ask, and print the quotes with where they stand."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("question")
    parser.add_argument("--add", type=Path, nargs="*", default=[], metavar="FILE")
    parser.add_argument("--url", default="http://127.0.0.1:7860")
    parser.add_argument("--token", default=os.environ.get("DATELINE_TOKEN", ""))
    options = parser.parse_args()
    client = Client(options.url, options.token)
    if options.add:
        report = client.add(*options.add)
        print(f"{len(report['added'])} added, {len(report['skipped'])} skipped")
    answer = client.ask(options.question)
    print(f"{answer['text']} ({answer['confidence']:.0%})")
    for citation in answer["citations"]:
        text = client.article(citation["article"])["text"]
        exact = text[citation["start"] : citation["end"]] == citation["quote"]
        print(f"[{citation['number']}] {citation['title']}, {citation['article']}")
        print(f"    “{citation['quote']}” ({'exact' if exact else 'not exact'})")


if __name__ == "__main__":
    main()
