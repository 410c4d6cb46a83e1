"""The commands ``dateline eval`` and ``dateline compare`` (being written)."""


def eval_command() -> None:
    """Evaluate."""


def compare_command() -> None:
    """Compare runs."""
