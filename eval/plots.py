"""The plots as SVG text: no plotting library, nothing loaded from outside, all text escaped."""

import math
from collections.abc import Mapping, Sequence
from html import escape

WIDTH, LABEL, BAR, GAP = 640, 130, 18, 8  # pixels
SIDE, EDGE = 300, 60  # the square of a curve, and the room for its numbers
DASHED = 'stroke="currentColor" stroke-dasharray="4" fill="none"'
DOT = 12  # radius of the largest dot


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


def steps(curve: Sequence[tuple[float, float]], title: str, across: str, mark: float | None = None) -> str:
    """A line of steps that end at (coverage, risk) points, both 0 to 1, with axes; a dashed line at the mark."""
    starts = [0.0, *(x for x, _ in curve[:-1])]
    corners = [corner for start, (x, y) in zip(starts, curve, strict=False) for corner in ((start, y), (x, y))]
    dashed = "" if mark is None else f'<path d="M{_x(mark):.1f} {_y(0)}V{_y(1)}" {DASHED}/>'
    return _square(title, _line(corners) + dashed, across, "1")


def sure(bins: Sequence[tuple[float, float, int]], title: str) -> str:
    """A dot per (probability, share right, how many), its area as the number; on the line is as sure as right."""
    most = max((count for _, _, count in bins), default=1)
    dots = "".join(
        f'<circle cx="{_x(probability):.1f}" cy="{_y(right):.1f}" r="{DOT * math.sqrt(count / most):.1f}"'
        f' fill="#4a7ebb" fill-opacity=".7"><title>{count}</title></circle>'
        for probability, right, count in bins
    )
    even = f'<path d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}" {DASHED}/>'
    return _square(title, even + dots, "probability given", "1")


def slowest(seconds: Sequence[float], title: str) -> str:
    """Every question's seconds in order, quickest first."""
    most = max(seconds, default=0.0) or 1.0
    ordered = [((place + 0.5) / len(seconds), one / most) for place, one in enumerate(sorted(seconds))]
    return _square(title, _line(ordered), "share of the questions", f"{most:.2f} s")


def _square(title: str, drawn: str, across: str, top: str) -> str:
    """Axes from 0 to 1 across and from 0 to `top` upwards, with what is drawn between them."""
    axes = (
        f'<path d="M{_x(0)} {_y(1)}V{_y(0)}H{_x(1)}" fill="none" stroke="currentColor"/>'
        f'<text x="{EDGE - 6}" y="{_y(1) + 4}" text-anchor="end">{escape(top)}</text>'
        f'<text x="{EDGE - 6}" y="{_y(0)}" text-anchor="end">0</text>'
        f'<text x="{_x(1)}" y="{_y(0) + 18}" text-anchor="end">{escape(across)}</text>'
    )
    return _svg(EDGE + SIDE + 20, _y(0) + 30, title, axes + drawn)


def _line(points: Sequence[tuple[float, float]]) -> str:
    placed = " ".join(f"{_x(x):.1f},{_y(y):.1f}" for x, y in points)
    return f'<polyline points="{placed}" fill="none" stroke="#4a7ebb" stroke-width="2"/>'


def _x(share: float) -> float:
    return EDGE + SIDE * share


def _y(share: float) -> float:
    return 30 + SIDE * (1 - share)


def _svg(width: int, height: float, title: str, drawn: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="{escape(title)}" fill="currentColor" font-size="13">'
        f'<text x="0" y="16" font-weight="bold">{escape(title)}</text>{drawn}</svg>'
    )
