"""Charts of the report as inline SVG: bars with intervals, the two error curves, and a small range for one figure.

Numbers in, markup out; every word comes from the caller. Colours are classes of `web/report.css`.
Bars use percentages and pixels instead of a view box, so that their words keep their size at any width.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

LABEL_CHARACTERS = 34
"""Characters of a bar's name on one line: with its value they fit 300 px at 14 px."""
_LINE, _BAR, _GAP = 19, 16, 14
_LEFT, _TOP, _WIDTH, _HEIGHT = 42, 12, 306, 190
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: a share 0..1 (None: not measured) with its interval, how it is written out, and how it is drawn.

    `marker` is a second share to compare with; `plain` draws the bar in grey.
    """

    label: str
    value: float | None
    low: float | None
    high: float | None
    written: str
    marker: float | None = None
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Curve:
    """A line over thresholds 0..1; `dot` is where the run itself ended. `style` is a class of the style sheet."""

    label: str
    points: tuple[tuple[float, float], ...]
    dot: float | None
    style: str


@dataclass(frozen=True, slots=True)
class Axes:
    """Words beside the lines: under the thresholds, above the shares, and for the upright line in use."""

    threshold: str
    share: str
    use: str


def bars(name: str, title: str, description: str, rows: Sequence[Bar]) -> Markup:
    """Draw horizontal bars from 0 to 1, one under the other. `name` makes the ids on the page unique."""
    parts, top = [], 0
    for row in rows:
        lines = textwrap.wrap(row.label, LABEL_CHARACTERS) or [""]
        parts.append(_bar(row, lines, top))
        top += _LINE * len(lines) + _BAR + _GAP
    opening = Markup('<svg class="bars" role="img" aria-labelledby="{0}-t {0}-d" width="100%" height="{1}">')
    return opening.format(name, top) + _named(name, title, description) + Markup("").join(parts) + Markup("</svg>")


def span(value: float, low: float, high: float) -> Markup:
    """Draw one figure in its interval on a line from 0 to 1; the words beside it say the same."""
    return Markup(
        '<svg class="span" aria-hidden="true" width="100%" height="14">'
        '<rect class="track" x="0" y="4" width="100%" height="6" rx="3"/>'
        '<rect class="interval" x="{}" y="4" width="{}" height="6" rx="3"/>'
        '<circle class="dot" cx="{}" cy="7" r="5"/></svg>'
    ).format(_percent(low), _percent(high - low), _percent(value))


def curves(name: str, title: str, description: str, lines: Sequence[Curve], at: float | None, words: Axes) -> Markup:
    """Draw lines over a threshold, with a vertical line and dots `at` the threshold in use."""
    entries = [(line.style, line.label) for line in lines] + ([("use", words.use)] if at is not None else [])
    legend = Markup("").join(_legend(style, label, number) for number, (style, label) in enumerate(entries))
    grid = Markup("").join(_grid(tick) for tick in _TICKS)
    drawn = Markup("").join(_curve(line, at) for line in lines)
    if at is not None:
        upright = Markup('<line class="use" x1="{0:.1f}" x2="{0:.1f}" y1="{1}" y2="{2}"/>')
        drawn = upright.format(_x(at), _TOP, _TOP + _HEIGHT) + drawn
    foot = Markup('<text x="{}" y="{}" text-anchor="middle">{}</text>').format(
        _LEFT + _WIDTH / 2, _TOP + _HEIGHT + 36, words.threshold
    )
    side = Markup('<text x="0" y="10">{}</text>').format(words.share)
    height = _TOP + _HEIGHT + 48 + 20 * len(entries) + 16
    opening = Markup('<svg class="curves" role="img" aria-labelledby="{0}-t {0}-d" viewBox="0 0 360 {1}">')
    body = Markup('<g transform="translate(0 16)">{}</g>').format(grid + drawn + foot + legend)
    return opening.format(name, height) + _named(name, title, description) + side + body + Markup("</svg>")


def _named(name: str, title: str, description: str) -> Markup:
    return Markup('<title id="{0}-t">{1}</title><desc id="{0}-d">{2}</desc>').format(name, title, description)


def _bar(row: Bar, lines: Sequence[str], top: int) -> Markup:
    parts = [
        Markup('<text x="0" y="{}">{}</text>').format(top + 14 + _LINE * number, line)
        for number, line in enumerate(lines)
    ]
    written = Markup('<text class="value" x="100%" y="{}" text-anchor="end">{}</text>')
    parts.append(written.format(top + 14, row.written))
    y = top + _LINE * len(lines) + 1
    shape = Markup('<rect class="{}" x="0" y="{}" width="{}" height="{}" rx="3"/>')
    parts.append(shape.format("track", y, "100%", _BAR))
    if row.value is not None:
        parts.append(shape.format("bar plain" if row.plain else "bar", y, _percent(row.value), _BAR))
    if row.low is not None and row.high is not None:
        middle = y + _BAR / 2
        line = Markup('<line class="{0}" x1="{1}" x2="{2}" y1="{3}" y2="{3}"/>')
        for style in ("halo", "whisker"):
            parts.append(line.format(style, _percent(row.low), _percent(row.high), middle))
    if row.marker is not None:
        tick = Markup('<line class="{0}" x1="{1}" x2="{1}" y1="{2}" y2="{3}"/>')
        for style in ("marker-halo", "marker"):
            parts.append(tick.format(style, _percent(row.marker), y - 2, y + _BAR + 2))
    return Markup("").join(parts)


def _grid(tick: float) -> Markup:
    y, x = _y(tick), _x(tick)
    return Markup(
        '<line class="grid" x1="{0}" x2="{1}" y1="{2:.1f}" y2="{2:.1f}"/>'
        '<text class="tick" x="{3}" y="{4:.1f}" text-anchor="end">{7}%</text>'
        '<text class="tick" x="{5:.1f}" y="{6}" text-anchor="middle">{7}%</text>'
    ).format(_LEFT, _LEFT + _WIDTH, y, _LEFT - 5, y + 4, x, _TOP + _HEIGHT + 16, round(100 * tick))


def _curve(line: Curve, at: float | None) -> Markup:
    points = " ".join(f"{_x(x):.1f},{_y(y):.1f}" for x, y in line.points)
    drawn = Markup('<polyline class="{}" points="{}"/>').format(line.style, points)
    if at is None or line.dot is None:
        return drawn
    circle = Markup('<circle class="{} end" cx="{:.1f}" cy="{:.1f}" r="5"/>')
    return drawn + circle.format(line.style, _x(at), _y(line.dot))


def _legend(style: str, label: str, number: int) -> Markup:
    y = _TOP + _HEIGHT + 58 + 20 * number
    return Markup('<line class="{0}" x1="{1}" x2="{2}" y1="{3}" y2="{3}"/><text x="{4}" y="{5}">{6}</text>').format(
        style, _LEFT, _LEFT + 30, y - 4, _LEFT + 38, y, label
    )


def _x(share: float) -> float:
    return _LEFT + _WIDTH * share


def _y(share: float) -> float:
    return _TOP + _HEIGHT * (1 - share)


def _percent(share: float) -> str:
    return f"{100 * min(max(share, 0.0), 1.0):.2f}%"
