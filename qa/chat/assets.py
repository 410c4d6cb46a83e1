"""The page's styles and script, each put together from the files of a folder.

A part of the page adds a file of its own to ``styles/`` or ``scripts/``; ``base`` comes first,
``start`` last, the others in the order of their names. All scripts share one scope.
"""

from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
# Every selector of a nested rule begins with this, which outweighs whatever Gradio says.
STRONGER = ":root:root:root:root"


def read_asset(name: str) -> str:
    """The text of a file of this package."""
    return (HERE / name).read_text("utf-8")


@cache
def read_styles() -> str:
    """The style sheet: ``base.css`` as it is, the others' rules stronger than Gradio's."""
    first, *others = ordered("styles", "css")
    nested = "\n".join(path.read_text("utf-8") for path in others)
    return f"{first.read_text('utf-8')}\n{STRONGER} {{\n{nested}\n}}\n"


@cache
def read_scripts() -> str:
    """The script of the page, to be run once with ``element`` and ``server`` in scope."""
    return "\n".join(path.read_text("utf-8") for path in ordered("scripts", "js"))


def ordered(folder: str, suffix: str) -> list[Path]:
    """The files of a folder: ``base``, the others by name, ``start``."""
    places = {"base": 0, "start": 2}
    files = (HERE / folder).glob(f"*.{suffix}")
    return sorted(files, key=lambda path: (places.get(path.stem, 1), path.stem))
