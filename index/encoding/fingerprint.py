"""What identifies an encoder's vectors."""

import hashlib
import json
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What two encoders must share for their vectors to be comparable.

    ``weights`` is a SHA-256 in hexadecimal, ``max_tokens`` where texts are cut.
    """

    name: str
    weights: str
    dimension: int
    question_prompt: str = ""
    passage_prompt: str = ""
    normalized: bool = True
    max_tokens: int = 256

    @property
    def digest(self) -> str:
        """A SHA-256 over every field, in hexadecimal."""
        text = json.dumps(asdict(self), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def describe(self) -> str:
        """One line for a person, such as ``all-MiniLM-L6-v2 (384 dimensions, 53aa51172d14)``."""
        return f"{self.name} ({self.dimension} dimensions, {self.weights[:12]})"
