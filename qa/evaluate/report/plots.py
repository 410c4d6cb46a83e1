"""Small plots as inline SVG: lines, bars, histograms. Colours come from the report's style sheet.

Text is escaped; every plot has a title and a description for those who do not see it.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 420, 260
LEFT, RIGHT, TOP, BOTTOM = 48, 12, 10, 40
SERIES = 6
BARS = 20


@dataclass(frozen=True, slots=True)
class Line:
    """A named curve; ``dots`` draws its points too."""

    name: str
    points: Sequence[tuple[float, float]]
    dots: bool = False


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis from ``low`` to ``high``; with ``log`` both must be above 0."""

    label: str
    low: float = 0.0
    high: float = 1.0
    log: bool = False

    def place(self, value: float) -> float:
        """Where a value is, from 0 to 1; outside values are put on the border."""
        low, high = self.low, self.high
        if self.log:
            low, high, value = math.log10(low), math.log10(high), math.log10(max(value, low))
        return min(max((value - low) / ((high - low) or 1.0), 0.0), 1.0)

    def ticks(self) -> list[float]:
        """About five round values."""
        if self.log:
            first, last = math.floor(math.log10(self.low)), math.ceil(math.log10(self.high))
            values = [step * 10.0**power for power in range(first, last + 1) for step in (1, 3)]
            return [value for value in values if self.low <= value <= self.high]
        rough = (self.high - self.low) / 5 or 1.0
        power = 10.0 ** math.floor(math.log10(rough))
        step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough)
        first = math.ceil(self.low / step)
        return [step * place for place in range(first, int(self.high / step + 1e-9) + 1)]


def draw_lines(
    title: str, lines: Sequence[Line], across: Axis, up: Axis, *, diagonal: bool = False
) -> str:
    """Curves over two axes, each with its own colour and dashes, named in a legend."""
    parts = [draw_axes(across, up)]
    if diagonal:
        parts.append(draw_path([(across.low, up.low), (across.high, up.high)], across, up, "guide"))
    for place, line in enumerate(lines):
        parts.append(draw_path(line.points, across, up, f"line s{place % SERIES}"))
        if line.dots:
            parts += [
                f'<circle class="dot s{place % SERIES}" cx="{x:.1f}" cy="{y:.1f}" r="3"/>'
                for x, y in (place_point(point, across, up) for point in line.points)
            ]
    words = f"{up.label} by {across.label} of {', '.join(line.name for line in lines)}"
    return frame_plot(title, words, parts, [line.name for line in lines])


def draw_bars(
    title: str, groups: Sequence[str], series: Mapping[str, Sequence[float | None]]
) -> str:
    """Bars across from 0 to 1, one a group and series, each with its figure."""
    height = 14
    step = height * len(series) + 10
    total = TOP + step * len(groups) + 20
    left = 120
    scale = WIDTH - left - 44
    parts = []
    for row, group in enumerate(groups):
        top = TOP + row * step
        middle = top + height * len(series) / 2 + 4
        parts.append(f'<text class="tick" x="{left - 6}" y="{middle:.1f}" text-anchor="end">')
        parts.append(f"{escape(group)}</text>")
        for place, values in enumerate(series.values()):
            value, y = values[row], top + place * height
            if value is None:
                continue
            parts.append(
                f'<rect class="bar s{place % SERIES}" x="{left}" y="{y}" '
                f'width="{max(scale * value, 0.5):.1f}" height="{height - 3}"/>'
                f'<text class="tick" x="{left + scale * value + 4:.1f}" y="{y + 10}">'
                f"{value:.2f}</text>"
            )
    words = "; ".join(
        f"{name}: " + ", ".join(f"{g} {v:.2f}" for g, v in zip(groups, values, strict=True) if v)
        for name, values in series.items()
    )
    return frame_plot(title, words, parts, list(series), total)


def draw_histogram(title: str, series: Mapping[str, Sequence[float]], across: Axis) -> str:
    """How many values fall where: the series drawn over each other, half transparent."""
    counts: dict[str, list[int]] = {}
    for name, values in series.items():
        counts[name] = [0] * BARS
        for value in values:
            counts[name][min(int(across.place(value) * BARS), BARS - 1)] += 1
    most = max((max(column) for column in counts.values()), default=0) or 1
    up = Axis("questions", 0, most)
    inner = WIDTH - LEFT - RIGHT
    parts = [draw_axes(across, up)]
    for place, column in enumerate(counts.values()):
        for number, count in enumerate(column):
            height = (HEIGHT - TOP - BOTTOM) * up.place(count)
            if count:
                parts.append(
                    f'<rect class="bar over s{place % SERIES}" '
                    f'x="{LEFT + inner * number / BARS:.1f}" y="{HEIGHT - BOTTOM - height:.1f}" '
                    f'width="{inner / BARS - 1:.1f}" height="{height:.1f}"/>'
                )
    words = ", ".join(f"{len(values)} {name}" for name, values in series.items())
    return frame_plot(title, f"{across.label}: {words}", parts, list(series))


def frame_plot(
    title: str, words: str, parts: Sequence[str], names: Sequence[str], height: int = HEIGHT
) -> str:
    """The plot as a figure with caption and legend."""
    legend = "".join(
        f'<li><span class="key s{place % SERIES}"></span>{escape(name)}</li>'
        for place, name in enumerate(names)
    )
    return (
        f"<figure><figcaption>{escape(title)}</figcaption>"
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}: '
        f'{escape(words)}">{"".join(parts)}</svg><ul class="legend">{legend}</ul></figure>'
    )


def draw_axes(across: Axis, up: Axis) -> str:
    """Both axes with ticks and labels."""
    bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    parts = [f'<path class="axis" d="M{LEFT} {TOP}V{bottom}H{right}"/>']
    for value in across.ticks():
        x = LEFT + (right - LEFT) * across.place(value)
        parts.append(
            f'<text class="tick" x="{x:.1f}" y="{bottom + 14}" text-anchor="middle">'
            f"{value:g}</text>"
        )
    for value in up.ticks():
        y = bottom - (bottom - TOP) * up.place(value)
        parts.append(
            f'<path class="grid" d="M{LEFT} {y:.1f}H{right}"/>'
            f'<text class="tick" x="{LEFT - 5}" y="{y + 4:.1f}" text-anchor="end">{value:g}</text>'
        )
    middle = (LEFT + right) / 2
    parts.append(
        f'<text class="label" x="{middle}" y="{HEIGHT - 6}" text-anchor="middle">'
        f"{escape(across.label)}</text>"
        f'<text class="label" transform="translate(12 {(TOP + bottom) / 2}) rotate(-90)" '
        f'text-anchor="middle">{escape(up.label)}</text>'
    )
    return "".join(parts)


def place_point(point: tuple[float, float], across: Axis, up: Axis) -> tuple[float, float]:
    """Where a point is in the picture."""
    return (
        LEFT + (WIDTH - LEFT - RIGHT) * across.place(point[0]),
        HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * up.place(point[1]),
    )


def draw_path(points: Sequence[tuple[float, float]], across: Axis, up: Axis, classes: str) -> str:
    """A line through the points, thinned to what the picture can show."""
    step = max(len(points) // 400, 1)
    kept = [*points[:-1:step], *points[-1:]]
    places = [place_point(point, across, up) for point in kept]
    steps = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    return f'<path class="{classes}" d="M{steps}"/>' if places else ""
