"""The entry point of ``dateline``: the command line, and an end that does not keep anyone waiting.

Taking the models apart when the interpreter ends takes a quarter of a second after the answer is
printed. So the process ends at once, when all else that is done at the end is done: threads are
waited for, and what is registered with ``atexit`` is run.
"""

import atexit
import os
import sys
from contextlib import suppress


def run() -> None:
    """Run ``cli.main`` with the process's arguments and end the process with its exit code."""
    code = [1]
    atexit.register(lambda: end_at_once(code[0]))  # registered first, so it runs last
    try:
        from qa.serving.cli import main

        main()
        code[0] = 0
    except SystemExit as end:
        code[0] = end.code if isinstance(end.code, int) else int(end.code is not None)
        raise
    except KeyboardInterrupt:
        code[0] = 130
        raise


def end_at_once(code: int) -> None:
    """End the process, its output written, without taking the interpreter apart."""
    try:
        with suppress(AttributeError, BrokenPipeError):  # none, or its reader has seen enough
            sys.stdout.flush()
    except (OSError, ValueError) as error:
        code = code or 1
        with suppress(AttributeError, OSError, ValueError):
            sys.stderr.write(f"dateline: the output could not be written: {error}\n")
    with suppress(AttributeError, OSError, ValueError):
        sys.stderr.flush()
    os._exit(code)
