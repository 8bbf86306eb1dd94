"""Two plots as SVG text: no plotting library, nothing loaded from outside, all text escaped."""

from collections.abc import Mapping, Sequence
from html import escape

WIDTH, LABEL, BAR, GAP = 640, 130, 18, 8  # pixels
SIDE, EDGE = 300, 40  # the square of a curve, and the room for its numbers


def bars(scores: Mapping[str, tuple[float, float, float]], title: str) -> str:
    """A bar per name for (value, low, high), all 0 to 1, with a line from low to high."""
    room = WIDTH - LABEL - 60
    drawn = []
    for place, (name, (value, low, high)) in enumerate(scores.items()):
        top = 30 + place * (BAR + GAP)
        middle = top + BAR / 2
        drawn.append(
            f'<text x="{LABEL - 8}" y="{middle + 4}" text-anchor="end">{escape(name)}</text>'
            f'<rect x="{LABEL}" y="{top}" width="{room * value:.1f}" height="{BAR}" fill="#4a7ebb"/>'
            f'<line x1="{LABEL + room * low:.1f}" x2="{LABEL + room * high:.1f}" y1="{middle}" y2="{middle}"'
            ' stroke="currentColor" stroke-width="2"/>'
            f'<text x="{LABEL + room + 8}" y="{middle + 4}">{value:.2f}</text>'
        )
    return _svg(WIDTH, 40 + len(scores) * (BAR + GAP), title, "".join(drawn))


def steps(curve: Sequence[tuple[float, float]], title: str) -> str:
    """A line of steps that end at (coverage, risk) points, both 0 to 1, with axes."""
    starts = [0.0, *(x for x, _ in curve[:-1])]
    corners = [corner for start, (x, y) in zip(starts, curve, strict=False) for corner in ((start, y), (x, y))]
    points = " ".join(f"{EDGE + SIDE * x:.1f},{30 + SIDE * (1 - y):.1f}" for x, y in corners)
    bottom = 30 + SIDE
    axes = (
        f'<path d="M{EDGE} 30V{bottom}H{EDGE + SIDE}" fill="none" stroke="currentColor"/>'
        f'<text x="{EDGE - 6}" y="34" text-anchor="end">1</text>'
        f'<text x="{EDGE - 6}" y="{bottom}" text-anchor="end">0</text>'
        f'<text x="{EDGE + SIDE}" y="{bottom + 18}" text-anchor="end">share of the answers taken</text>'
    )
    line = f'<polyline points="{points}" fill="none" stroke="#4a7ebb" stroke-width="2"/>'
    return _svg(WIDTH, bottom + 30, title, axes + line)


def _svg(width: int, height: float, title: str, drawn: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="{escape(title)}" fill="currentColor" font-size="13">'
        f'<text x="0" y="16" font-weight="bold">{escape(title)}</text>{drawn}</svg>'
    )
