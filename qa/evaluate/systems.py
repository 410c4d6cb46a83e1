"""Names of systems: which part of the pipeline, with which encoder, or another system's run.

``dense``, ``bm25``, ``hybrid`` …, each may be followed by ``@ENCODER`` (a name or path of an
encoder, as the setting ``encoder`` takes it): ``dense@test``. A path of a file is a TREC run, or
SQuAD predictions when it ends in ``.json``.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from index.errors import DatasetError
from index.settings import Settings


@dataclass(frozen=True, slots=True)
class System:
    """A system to evaluate: ``search`` and ``encoder`` are ``None`` for what the settings say."""

    name: str
    search: str | None = None
    encoder: str | None = None
    file: Path | None = None

    def apply(self, settings: Settings) -> Settings:
        """The settings with the system's own choices."""
        return replace(
            settings,
            system=self.search or settings.system,
            encoder=self.encoder or settings.encoder,
        )


def parse_systems(names: tuple[str, ...], settings: Settings) -> list[System]:
    """The systems of these names; without any, the one that ``ask`` uses.

    Raises:
        DatasetError: a name is given twice or is empty.
    """
    if not names:
        return [System(settings.system)]
    systems = [parse_system(name) for name in names]
    labels = [system.name for system in systems]
    doubled = sorted({label for label in labels if labels.count(label) > 1})
    if doubled:
        raise DatasetError(f"--system names {', '.join(doubled)} twice; name each system once.")
    return systems


def parse_system(name: str) -> System:
    """The system of one name.

    Raises:
        DatasetError: the name lacks a part, or is the path of a file that is not there.
    """
    if Path(name).is_file():
        return System(Path(name).stem, file=Path(name))
    search, at, encoder = name.partition("@")
    if "/" in search or Path(search).suffix:
        raise DatasetError(
            f"--system {name}: there is no such file; give the path of a TREC run or of SQuAD "
            "predictions, or the name of a system, such as dense."
        )
    if not search or (at and not encoder):
        raise DatasetError(
            f"--system {name!r} lacks a part; write dense, dense@ENCODER or a run's path."
        )
    return System(name, search=search, encoder=encoder or None)
