"""The chat as a process of its own for the browser tests: ``chat_server.py LIBRARY LOG``.

Prints its address as one line once it can be reached. Every address that Python looks up or
connects to beyond this machine is written to LOG.
"""

import sys
from pathlib import Path

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


def say(url: str) -> None:
    sys.stdout.write(f"{url}\n")
    sys.stdout.flush()


def main() -> None:
    folder, log = (Path(argument) for argument in sys.argv[1:])
    watch_network(log)
    log.touch()
    from index import Library
    from index.settings import Settings
    from qa.chat import launch

    settings = Settings.load({"library": folder})
    with Library.open(folder, settings=settings, create=True) as library:
        launch(library, settings, port=0, announce=say)


if __name__ == "__main__":
    main()
