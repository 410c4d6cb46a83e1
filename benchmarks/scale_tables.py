"""The figures of ``scale.py`` as Markdown and as a plot that stands alone."""

from collections.abc import Mapping, Sequence
from typing import Any

from qa.evaluate.report.plots import HEIGHT, SERIES, WIDTH, Axis, draw_axes, draw_path, place_point

Record = Mapping[str, Any]

CURVES = {
    "read": "an answer, hybrid+reader",
    "ask": "an answer, hybrid",
    "hybrid": "hybrid search",
    "exact": "dense, exact",
    "clusters": "dense, clusters",
    "bm25": "BM25, best 100",
}
ALONE = ", vectors alone"
COLOURS = ("#1f5f8b", "#b8551d", "#3b7a3b", "#7a3b7a", "#8a7a1d", "#555555")
STYLE = (
    "text{font:11px sans-serif;fill:#222}.axis{stroke:#222;fill:none}.grid{stroke:#ddd;fill:none}"
    ".line{fill:none;stroke-width:2}"
)
ROW = 16


def render_tables(known: Mapping[str, Sequence[Record]]) -> str:
    """Every size in four tables, and the vectors alone."""
    libraries, alone = known.get("libraries", []), known.get("alone", [])
    lines = ["# Scale", "", "By `python -m benchmarks.scale`; what is what: `docs/scale.md`."]
    if libraries:
        lines += describe_machine(libraries[-1])
        lines += render(
            "Made of passages that are split and encoded already",
            ["passages", "real texts", "real vectors", "seconds", "processor s"]
            + ["database MB", "vectors MB", "words MB", "replaced MB", "bytes a passage"],
            [
                [
                    f"{item['passages']:,}",
                    f"{item['real_texts']:,}",
                    f"{item['real_vectors']:,}",
                    f"{item['build_s']:.0f}",
                    f"{item['build_processor_s']:.0f}",
                    *(f"{item['bytes'][part] / 1e6:.1f}" for part in item["bytes"]),
                    f"{count_used(item['bytes']) / item['passages']:.0f}",
                ]
                for item in libraries
            ],
        )
        lines += render(
            "Opened in a new process, milliseconds (processor) and resident MB (of them anonymous)",
            ["passages", "library", "engines", "first search", "opened", "searched", "asked"],
            [render_cold(item) for item in libraries],
        )
        lines += render(
            "A question, milliseconds: p50 / p95 (p50 of processor time)",
            ["passages", *CURVES.values()],
            [
                [f"{item['passages']:,}", *(render_times(item["times"], name) for name in CURVES)]
                for item in libraries
            ],
        )
        lines += render(
            "Dense search for 100: recall@10 against exact",
            ["passages", "the library's own", "exact", "clusters", "searched", "trained with"],
            [
                [
                    f"{item['passages']:,}",
                    item["engine"],
                    *(render_share(item["recall_10"], name) for name in ("exact", "clusters")),
                    *render_tuned(item["tuned"]),
                ]
                for item in libraries
            ],
        )
    for item in known.get("encoding", []):
        lines += [
            "",
            f"Encoding {item['passages']:,} of the passages took {item['wall_s']:.1f} s and "
            f"{item['processor_s']:.1f} s of processor time: "
            f"{1000 * item['processor_s'] / item['passages']:.1f} ms of a core each "
            f"({item['encoder']}).",
        ]
    if alone:
        lines += render(
            "Vectors alone, milliseconds: p50 / p95 (p50 of processor time)",
            ["vectors", "exact", "clusters", "recall@10", "searched", "built in s"]
            + ["exact MB", "clusters MB"],
            [
                [
                    f"{item['passages']:,}",
                    *(render_times(item["times"], name) for name in ("exact", "clusters")),
                    render_share(item["recall_10"], "clusters"),
                    f"{item['probes']:,} of {item['lists']:,}",
                    f"{item['exact_build_s']:.0f} and {item['clusters_build_s']:.0f}",
                    f"{item['exact_mb']:,}",
                    f"{item['clusters_file_bytes'] / 1e6:,.0f}",
                ]
                for item in alone
            ],
        )
    return "\n".join(lines) + "\n"


def count_used(parts: Mapping[str, int]) -> int:
    """The bytes of all parts that a library uses."""
    return sum(count for part, count in parts.items() if part != "replaced")


def describe_machine(item: Record) -> list[str]:
    """The machine in a line, and a warning when it was busy with something else."""
    machine = item["machine"]
    line = f"{machine['cores']} cores ({machine['processor']}), {machine['memory_gib']} GiB."
    load = max(machine["load"])
    if load > machine["cores"]:
        line += (
            f" The load average was up to {load}: others used the machine, which lengthens wall "
            "times, those of p95 most. Compare columns with each other, and processor times."
        )
    return ["", line]


def render(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A titled table."""
    return [
        "",
        f"{title}:",
        "",
        f"| {' | '.join(head)} |",
        f"|{'---:|' * len(head)}",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]


def render_cold(item: Record) -> list[str]:
    """A size's cells of opening."""
    cold = item["cold"]
    return [
        f"{item['passages']:,}",
        *(
            f"{cold[f'{name}_ms']:.0f} ({cold[f'{name}_processor_ms']:.0f})"
            for name in ("open", "engines", "first")
        ),
        *(
            f"{cold[f'{name}_resident_mb']:.0f} ({cold[f'{name}_anonymous_mb']:.0f})"
            for name in ("opened", "searched", "asked")
        ),
    ]


def render_times(times: Record, name: str) -> str:
    """A cell of times; a dash where nothing was measured."""
    found = times.get(name)
    if found is None:
        return "–"
    return f"{found['p50']:.1f} / {found['p95']:.1f} ({found['processor_p50']:.1f})"


def render_share(shares: Record, name: str) -> str:
    """A cell of recall; a dash where nothing was measured."""
    return f"{shares[name]:.3f}" if name in shares else "–"


def render_tuned(tuned: Record) -> list[str]:
    """How many clusters are searched and what they were trained with."""
    if not tuned:
        return ["–", "–"]
    return [f"{tuned['probes']:,} of {tuned['lists']:,}", f"{tuned['trained']:,}"]


def draw_plot(known: Mapping[str, Sequence[Record]]) -> str:
    """The median of every kind of search over the number of passages, both axes logarithmic."""
    curves = {
        label: find_points(known.get("libraries", []), name) for name, label in CURVES.items()
    }
    for name in ("exact", "clusters"):
        curves[CURVES[name] + ALONE] = find_points(known.get("alone", []), name)
    curves = {label: points for label, points in curves.items() if points}
    sizes = [x for points in curves.values() for x, _ in points]
    times = [y for points in curves.values() for _, y in points]
    across = Axis("passages", min(sizes, default=1), max(sizes, default=10) * 1.2, log=True)
    up = Axis("ms, median", max(min(times, default=0.1), 0.01), max(times, default=1) * 1.2, True)
    height = HEIGHT + ROW * (len(curves) + 1)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}">',
        "<title>Milliseconds of a question by the number of passages</title>",
        f'<style>{STYLE}</style><rect width="100%" height="100%" fill="#fff"/>',
        draw_axes(across, up),
    ]
    colours = dict(zip(CURVES.values(), COLOURS, strict=True))
    for place, (label, points) in enumerate(curves.items()):
        colour = colours[label.removesuffix(ALONE)]
        # A hollow dot is of vectors that no library holds.
        fill = "#fff" if label.endswith(ALONE) else colour
        y = HEIGHT + ROW * (place + 1)
        dots = (place_point(point, across, up) for point in points)
        parts += [
            f'<g stroke="{colour}" fill="{fill}">',
            draw_path(points, across, up, f"line s{place % SERIES}"),
            *(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in dots),
            f'<rect x="60" y="{y - 8}" width="18" height="3"/></g>',
            f'<text x="86" y="{y - 3}">{label}</text>',
        ]
    return "\n".join([*parts, "</svg>"]) + "\n"


def find_points(records: Sequence[Record], name: str) -> list[tuple[float, float]]:
    """The medians by the number of passages, where there are any."""
    return [
        (item["passages"], item["times"][name]["p50"]) for item in records if name in item["times"]
    ]
