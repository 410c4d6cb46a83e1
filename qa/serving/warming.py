"""What is loaded before anybody asks."""

import threading
from typing import Any

from index import Library


def warm_up(library: Library) -> None:
    """Load what the first question needs, beside the page's own start."""
    if len(library):
        warming: Any = library.encode_question
        threading.Thread(target=warming, args=("warm up",), daemon=True).start()
