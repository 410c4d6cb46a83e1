"""The chat as a process of its own, for tests and measurements: ``main``, given LIBRARY and LOG.

Prints its address as one line once it can be reached. Every address that Python looks up or
connects to beyond this machine is written to LOG. While a pipe named ``hold-rank`` or ``hold-find``
stands beside LOG, ranking or finding the answer waits until somebody opens and closes it.
"""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCAL = ("127.0.0.1", "::1", "localhost", "", None)


def watch_network(log: Path) -> None:
    """From now on, note every name or address that is not this machine's own."""

    def note(event: str, arguments: tuple[object, ...]) -> None:
        if event == "socket.getaddrinfo":
            host = arguments[0]
        elif event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple):
            host = arguments[1][0]
        else:
            return
        if (host.decode() if isinstance(host, bytes) else host) not in LOCAL:
            with log.open("a", encoding="utf-8") as lines:
                lines.write(f"{event} {host}\n")

    sys.addaudithook(note)


def let_hold(owner: type, name: str, folder: Path) -> None:
    """From now on the method waits for the pipe ``hold-NAME`` while there is one."""
    method = getattr(owner, name)
    pipe = folder / f"hold-{name}"

    def waiting(*arguments: object, **named: object) -> object:
        if pipe.is_fifo():
            pipe.read_bytes()
        return method(*arguments, **named)

    setattr(owner, name, waiting)


def say(url: str) -> None:
    sys.stdout.write(f"{url}\n")
    sys.stdout.flush()


@contextmanager
def running_chat(
    library: Path,
    log: Path,
    *,
    paths: Sequence[Path] = (),
    settings: Mapping[str, str] | None = None,
    before: str = "",
) -> Iterator[str]:
    """The address of a chat on ``library``, to which ``paths`` are added first; then it is ended.

    Only ``settings`` apply, whatever this machine's own configuration says; no token is asked for
    unless they give one, which the address does not hold. ``before`` is run by the process first.
    """
    config = log.with_suffix(".toml")
    given = {"token": "off", **(settings or {})}
    config.write_text("".join(f'{name} = "{value}"\n' for name, value in given.items()))
    if paths:
        from index import Library
        from index.settings import Settings

        made = Settings(library=library, encoder=given.get("encoder", "default"))
        with Library.open(library, settings=made, create=True) as opened:
            opened.add_paths(paths)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DATELINE_")}
    process = subprocess.Popen(
        [sys.executable, "-c", f"{before}\nfrom chat_server import main\nmain()", library, log],
        stdout=subprocess.PIPE,
        text=True,
        env=kept | {"DATELINE_CONFIG": str(config), "PYTHONPATH": str(ROOT / "tests")},
        cwd=ROOT,
    )
    try:
        assert process.stdout
        url = process.stdout.readline().strip().partition("/?")[0]
        assert url.startswith("http://127.0.0.1:"), "the chat did not start"
        yield url
    finally:
        process.terminate()
        process.communicate(timeout=20)


def main() -> None:
    folder, log = (Path(argument) for argument in sys.argv[1:])
    watch_network(log)
    log.touch()
    from index import Library
    from index.adding import Adding
    from index.settings import Settings
    from qa.reader.evidence import SentencePicker
    from qa.serving.server import launch

    let_hold(Adding, "run", log.parent)
    let_hold(Library, "rank", log.parent)
    let_hold(SentencePicker, "find", log.parent)
    settings = Settings.load({"library": folder})
    with Library.open(folder, settings=settings, create=True) as library:
        launch(library, replace(settings, port=0), announce=say)
