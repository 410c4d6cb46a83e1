"""The figures of ``speed.py`` as Markdown and as a plot that stands alone."""

import math
from collections.abc import Mapping
from html import escape
from typing import Any

Record = Mapping[str, Any]

BAR, LEFT, RIGHT = 18, 210, 640
LOWEST, HIGHEST = 0.01, 1000.0
COLOURS = {"p50": "#1f5f8b", "p95": "#9ec3dd"}


def render_speed(known: Mapping[str, Record]) -> str:
    """Every set's tables."""
    lines = ["# Speed", "", "Made by `python -m benchmarks.speed`; what is what: `docs/speed.md`."]
    for name, record in known.items():
        machine = record["machine"]
        lines += [
            "",
            f"## {name}: {record['articles']:,} articles, {record['passages']:,} passages",
            "",
            f"{machine['cores']} cores ({machine['processor']}).",
            *warn_of_load(machine),
            "",
            *render_adding(record["adding"]),
            *render_stages("A stage alone, milliseconds", record["stages"]),
            *render_stages("Searching, milliseconds a question", record["searching"]),
        ]
        for system, stages in record["asking"].items():
            lines += render_stages(f"Asking with {system}, milliseconds a question", stages)
        lines += render_cold(record["cold"])
    return "\n".join(lines) + "\n"


def warn_of_load(machine: Record) -> list[str]:
    """What to make of wall times when others used the machine too."""
    load = machine["load"][0]
    if load <= machine["cores"]:
        return []
    return [
        "",
        f"**The load average was {load}: this process had {100 * machine['cores'] / load:.0f} % of "
        "the machine at most, so wall times say nothing about Dateline here. Compare processor "
        "times, and run it again on a machine at rest.**",
    ]


def render_adding(runs: list[Record]) -> list[str]:
    """Both ways of adding, run by run in the order in which they were run."""
    rows = [
        f"| {run['way']} | {run['seconds']} | {run['processor_seconds']} | "
        f"{run['articles_per_second']} | {run['passages_per_second']} | {run['peak_mb']:,} |"
        for run in runs
    ]
    return [
        "| adding | seconds | processor seconds | articles/s | passages/s | peak MB |",
        "|---|---:|---:|---:|---:|---:|",
        *rows,
        "",
    ]


def render_stages(title: str, stages: Mapping[str, Record]) -> list[str]:
    """One table of stages."""
    rows = [
        f"| {stage} | {figures.get('unit', 'question')} | {figures['p50']} | {figures['p95']} | "
        f"{figures.get('processor', '–')} | {figures['measured']:,} |"
        for stage, figures in stages.items()
    ]
    head = "| stage | of one | p50 | p95 | processor, mean | measured |"
    return [f"{title}:", "", head, "|---|---|---:|---:|---:|---:|", *rows, ""]


def render_cold(runs: Mapping[str, Record]) -> list[str]:
    """The commands that were run in new processes."""
    rows = [
        f"| `{name}` | {figures['seconds']:.2f} | {figures['processor_seconds']:.2f} | "
        f"{figures['peak_mb']:.0f} | {figures['measured']} |"
        for name, figures in runs.items()
    ]
    return [
        "From nothing, medians:",
        "",
        "| command | seconds | processor seconds | peak MB | runs |",
        "|---|---:|---:|---:|---:|",
        *rows,
    ]


def draw_stages(known: Mapping[str, Record]) -> str:
    """p50 and p95 of every stage as bars over a logarithmic axis of milliseconds."""
    bars: list[tuple[str, Record]] = []
    for name, record in known.items():
        groups = {"": record["stages"], "search: ": record["searching"], **record["asking"]}
        for group, stages in groups.items():
            prefix = group if group.endswith(": ") or not group else f"{group}: "
            bars += [(f"{name} · {prefix}{stage}", item) for stage, item in stages.items()]
    height = BAR * len(bars) + 50
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {RIGHT + 60} {height}" '
        'font-family="sans-serif" font-size="11">',
        "<title>Milliseconds of every stage: p50 dark, p95 light</title>",
        f'<rect width="100%" height="{height}" fill="#fff"/>',
    ]
    for power in range(-2, 4):
        across = place(10.0**power)
        parts += [
            f'<path d="M{across} 10V{height - 30}" stroke="#ddd"/>',
            f'<text x="{across}" y="{height - 12}" text-anchor="middle">{10.0**power:g} ms</text>',
        ]
    for row, (name, figures) in enumerate(bars):
        top = 12 + row * BAR
        parts.append(f'<text x="{LEFT - 6}" y="{top + 11}" text-anchor="end">{escape(name)}</text>')
        for key in ("p95", "p50"):
            width = max(place(figures[key]) - LEFT, 1)
            parts.append(
                f'<rect x="{LEFT}" y="{top + (3 if key == "p50" else 0)}" width="{width:.1f}" '
                f'height="{8 if key == "p50" else 14}" fill="{COLOURS[key]}"/>'
            )
    return "\n".join([*parts, "</svg>"]) + "\n"


def place(milliseconds: float) -> float:
    """Where a time is across the plot; outside values are put on the border."""
    low, high = math.log10(LOWEST), math.log10(HIGHEST)
    share = (math.log10(min(max(milliseconds, LOWEST), HIGHEST)) - low) / (high - low)
    return round(LEFT + share * (RIGHT - LEFT), 1)
