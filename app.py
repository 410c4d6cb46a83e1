"""Open the library of the sample articles, building it when needed, and launch the chat on it."""

import os
import sys
from pathlib import Path

from index.offline import forbid_calling_out

ROOT = Path(__file__).resolve().parent


def main() -> int:
    """Serve the chat on the sample articles until it is interrupted; returns the exit code."""
    forbid_calling_out()
    from index import DatelineError, Library
    from index.logs import VARIABLE, turn_on_logs
    from index.settings import Settings
    from qa.serving.server import launch

    try:
        turn_on_logs(os.environ.get(VARIABLE) or "error")
        path = ROOT / ".dateline" / "seeds"
        settings = Settings.load({"library": path})
        with Library.open(path, settings=settings, create=True) as library:
            if not (library.info().read_only and len(library)):
                library.add_paths([ROOT / "seeds"])
            launch(library, settings)
    except DatelineError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
