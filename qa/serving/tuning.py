"""The command ``dateline tune``."""

from typing import TYPE_CHECKING, Annotated

import typer

from qa.output.records import print_json
from qa.serving.options import JsonOption, LibraryOption, load_settings

if TYPE_CHECKING:
    from index.vectors.tuning import Tuning


def tune_command(
    library: LibraryOption = None,
    recall: Annotated[
        float,
        typer.Option(max=1, help="What part of the ten best of exact search shall be found."),
    ] = 0.98,
    as_json: JsonOption = False,
) -> None:
    """Measure how a large library is searched and pick the quickest way that finds enough."""
    from index import Library

    settings = load_settings(library)
    with Library.open(settings.library, settings=settings) as opened:
        tuning = opened.tune(recall)
        info = opened.info()
    if as_json:
        print_json({"vectors": info.vectors, "tuning": tuning})
    else:
        typer.echo(describe_tuning(tuning, info.vectors))


def describe_tuning(tuning: "Tuning | None", vectors: str) -> str:
    """What was chosen and measured, in sentences."""
    if tuning is None:
        return f"Nothing to tune: {vectors}."
    reached = (
        ""
        if tuning.recall_10 >= tuning.target
        else f"\nThe recall of {tuning.target:g} is not reached even so; "
        "DATELINE_VECTORS=exact compares all."
    )
    searched = f"{tuning.probes:,} of {tuning.lists:,} clusters are searched"
    return f"{searched}: {tuning.describe()}.{reached}"
