"""What 10⁸ and 10¹⁰ passages would take, from the figures in ``results/scale.json``.

    python -m benchmarks.scale_plan

Nothing here is measured: every line is the largest measured library, multiplied, and ``Assumed``.
The work for a question is taken to grow as the passages do. From 100,000 to 300,000 it doubled, so
this is the careful side; split into shards of one size, it is what happens.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.scale import RESULTS
from benchmarks.scale_tables import render

SIZES = (1_000_000, 100_000_000, 10_000_000_000)


@dataclass(frozen=True)
class Assumed:
    """What is not from a measurement; money in US dollars, as rented by the hour or month."""

    core_hour: float = 0.04
    memory_gb_month: float = 3.0
    disk_gb_month: float = 0.08
    accelerator_hour: float = 3.0
    accelerator_flops: float = 790e12 * 0.1
    """A tenth of what an H200 does in bfloat16: the model is small and batches are uneven."""
    passage_flops: float = 4e9
    """Six layers, 384 wide, of 150 word pieces: 2 × 10.6 million weights each, and attention."""
    resident_share: float = 1.0
    """Of clusters and words that must be in memory for the measured times to hold."""
    shard: int = 1_000_000
    """Passages of one shard."""


def main() -> None:
    """Print the plan's tables."""
    known = json.loads((RESULTS / "scale.json").read_text("utf-8"))
    print(render_plan(known, Assumed()))


def render_plan(known: Mapping[str, Sequence[Mapping[str, Any]]], assumed: Assumed) -> str:
    """What each size takes, a column each."""
    largest, encoding = known["libraries"][-1], known["encoding"][-1]
    columns = [multiply(largest, encoding, size, assumed) for size in SIZES]
    rows = [[name, *(column[name] for column in columns)] for name in columns[0]]
    return "\n".join(
        render(
            f"From {largest['passages']:,} passages, multiplied",
            ["", *(f"{size:,}" for size in SIZES)],
            rows,
        )
    )


def multiply(
    largest: Mapping[str, Any], encoding: Mapping[str, Any], size: int, assumed: Assumed
) -> dict[str, str]:
    """What ``size`` passages take, in words."""
    times = size / largest["passages"]
    parts = {part: largest["bytes"][part] * times for part in ("database", "vectors", "words")}
    memory = (parts["vectors"] + parts["words"]) * assumed.resident_share
    hours = encoding["processor_s"] / encoding["passages"] * size / 3600
    storing = largest["build_processor_s"] * times / 3600
    accelerated = size * assumed.passage_flops / assumed.accelerator_flops / 3600
    shards = max(1, round(size / assumed.shard))
    search = largest["times"]["hybrid"]["processor_p50"] * times
    whole = largest["times"]["read"]["processor_p50"] - largest["times"]["hybrid"]["processor_p50"]
    monthly = (
        memory / 1e9 * assumed.memory_gb_month + sum(parts.values()) / 1e9 * assumed.disk_gb_month
    )
    return {
        "disk: database": say_bytes(parts["database"]),
        "disk: vectors": say_bytes(parts["vectors"]),
        "disk: words": say_bytes(parts["words"]),
        "memory, clusters and words resident": say_bytes(memory),
        "encoding, core hours": say_number(hours),
        "encoding, dollars on processors": say_number(hours * assumed.core_hour),
        "encoding, accelerator hours": say_number(accelerated),
        "encoding, dollars on an accelerator": say_number(accelerated * assumed.accelerator_hour),
        "storing and indexing, core hours": say_number(storing),
        f"shards of {assumed.shard:,}": f"{shards:,}",
        "dollars a month for memory and disk": say_number(monthly),
        "searching everything, core seconds a question": say_number(search / 1000),
        "dollars for 1,000 such questions": say_number(search / 3600 * assumed.core_hour),
        "reading and dating, core seconds a question": say_number(whole / 1000),
    }


def say_number(value: float) -> str:
    """A number with two digits that count, more of them before the point."""
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"


def say_bytes(count: float) -> str:
    """A number of bytes in the unit that suits it."""
    for unit, size in (("TB", 1e12), ("GB", 1e9)):
        if count >= size:
            return f"{count / size:,.1f} {unit}"
    return f"{count / 1e6:,.0f} MB"


if __name__ == "__main__":
    main()
