"""Every problem of the input, collected and reported at once."""

from dataclasses import dataclass, field
from pathlib import Path

from index.errors import DatasetError

SHOWN = 50


@dataclass(slots=True)
class Problems:
    """What is wrong with the files that are read, each with its file and line.

    Reading goes on after a problem, so that one attempt shows them all; ``raise_any`` ends it.
    """

    found: list[str] = field(default_factory=list)

    def add(self, path: Path, line: int, sentence: str) -> None:
        """Remember that ``sentence`` is true of ``path`` at ``line`` (0 for the whole file)."""
        place = f"{path}:{line}" if line else str(path)
        self.found.append(f"{place}: {sentence}")

    def raise_any(self) -> None:
        """Go on when nothing was wrong.

        Raises:
            DatasetError: the problems, a line each; past the first 50 they are counted.
        """
        if not self.found:
            return
        if len(self.found) == 1:
            raise DatasetError(self.found[0])
        lines = [f"{len(self.found):,} problems:", *self.found[:SHOWN]]
        if len(self.found) > SHOWN:
            lines.append(f"… and {len(self.found) - SHOWN:,} more; mend these and try again.")
        raise DatasetError("\n".join(lines))
