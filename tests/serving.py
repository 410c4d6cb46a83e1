"""An application on a port of this machine, for tests that speak HTTP."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp


@contextmanager
def running_app(app: "ASGIApp") -> Iterator[str]:
    """The address of an application that is served as the chat is; then it is ended."""
    import uvicorn

    from qa.serving.server import open_socket

    ready = threading.Event()

    class Server(uvicorn.Server):
        async def startup(self, sockets: object = None) -> None:
            await super().startup(sockets)  # type: ignore[arg-type]
            ready.set()

    config = uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1)
    with open_socket("127.0.0.1", 0) as listener:
        server = Server(config)
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            assert ready.wait(60), "the server did not start"
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
