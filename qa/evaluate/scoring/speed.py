"""How fast and how large: latency by stage, throughput, peak memory. Never part of a metric."""

import resource
import sys
from collections.abc import Sequence

from qa.evaluate.data.records import Result

PERCENTILES = (50, 95, 99)


def find_percentile(values: Sequence[float], percent: float) -> float:
    """The value below which ``percent`` of the values lie, interpolated linearly."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * percent / 100
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def summarize_speed(results: Sequence[Result], seconds: float) -> dict[str, float]:
    """``<stage>_p50`` … in milliseconds, ``questions_per_second`` and ``peak_memory_mb``."""
    stages: dict[str, list[float]] = {}
    for result in results:
        for stage, value in result.answer["timings_ms"].items():
            stages.setdefault(stage, []).append(value)
    speed = {
        f"{stage}_p{percent}": find_percentile(values, percent)
        for stage, values in stages.items()
        for percent in PERCENTILES
    }
    if seconds > 0:
        speed["questions_per_second"] = len(results) / seconds
    speed["peak_memory_mb"] = measure_peak_memory()
    return speed


def measure_peak_memory() -> float:
    """The most memory that this process has held, in MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)
