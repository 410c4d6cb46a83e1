"""What keeps Dateline's dependencies from calling out."""

import os

SWITCHES = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "TOKENIZERS_PARALLELISM": "true",
}
"""Environment variables that dependencies read when they are imported; set ones are left alone,
so that ``HF_HUB_OFFLINE=0`` stays a user's own choice."""


def forbid_calling_out(*, online: bool = False) -> None:
    """Switch off what dependencies would send or fetch; call it before they are imported.

    Args:
        online: leave the Hugging Face hub reachable, because the user asked for a model by name.
    """
    for name, value in SWITCHES.items():
        if online and name.endswith("_OFFLINE"):
            continue
        os.environ.setdefault(name, value)
