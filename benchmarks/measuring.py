"""What the scale benchmark measures with: clocks, memory, a forgetful disk, the machine."""

import os
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from index.vectors.engine import Vectors
from qa.evaluate.provenance import describe_machine, find_revision, list_versions
from qa.evaluate.scoring.speed import find_percentile

Question = tuple[str, Vectors]


class Clock:
    """Wall and processor milliseconds of single calls, by what was called."""

    def __init__(self) -> None:
        self.wall: dict[str, list[float]] = {}
        self.processor: dict[str, list[float]] = {}

    def time(self, name: str, call: Callable[[], Any]) -> Any:  # noqa: ANN401
        """What the call gives; its time is kept under ``name``."""
        wall, processor = perf_counter(), process_time()
        result = call()
        self.processor.setdefault(name, []).append((process_time() - processor) * 1000)
        self.wall.setdefault(name, []).append((perf_counter() - wall) * 1000)
        return result

    def summarize(self) -> dict[str, dict[str, float]]:
        """p50 and p95 of the wall and the median of the processor time, in milliseconds."""
        return {
            name: {
                "p50": round(find_percentile(values, 50), 2),
                "p95": round(find_percentile(values, 95), 2),
                "processor_p50": round(find_percentile(self.processor[name], 50), 2),
                "measured": len(values),
            }
            for name, values in self.wall.items()
        }


def say_where() -> dict[str, Any]:
    """The machine, how busy it was, and what ran on it."""
    machine = describe_machine() | {"load": [round(value, 1) for value in os.getloadavg()]}
    return {"machine": machine, "versions": list_versions(), "git": find_revision()}


def forget(file: Path) -> None:
    """Asks the system to drop the file from its cache, where it can be asked."""
    if hasattr(os, "posix_fadvise"):
        descriptor = os.open(file, os.O_RDONLY)
        os.fsync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(descriptor)


def read_memory() -> dict[str, float]:
    """What this process has in memory, in MB; zeros where Linux does not say."""
    status = Path("/proc/self/status")
    lines = status.read_text("utf-8").splitlines() if status.exists() else []
    values = {line.split(":")[0]: int(line.split()[1]) / 1000 for line in lines if "kB" in line}
    return {"resident": values.get("VmRSS", 0.0), "anonymous": values.get("RssAnon", 0.0)}
