"""Charts stand at their numbers, keep strange names as text, write numbers in Dutch, and stand out from the page."""

from __future__ import annotations

import re
from pathlib import Path

from evals.report import charts
from evals.report import words as report_words


def test_bars_stand_at_their_share_and_keep_strange_names_as_text() -> None:
    rows = [charts.Bar("<b>&", 0.25, 0.1, 0.5, "25%", marker=0.75), charts.Bar("leeg", None, None, None, "–")]
    drawn = str(charts.bars("x", "T<", "D", rows))
    assert '<rect class="bar" x="0" y="20" width="25.00%"' in drawn
    assert '<line class="whisker" x1="10.00%" x2="50.00%"' in drawn
    assert '<line class="marker" x1="75.00%" x2="75.00%"' in drawn
    assert drawn.count('class="bar"') == 1
    assert "&lt;b&gt;&amp;" in drawn
    assert '<title id="x-t">T&lt;</title><desc id="x-d">D</desc>' in drawn


def test_a_figure_is_a_dot_within_its_interval() -> None:
    drawn = str(charts.span(0.5, 0.25, 0.625))
    assert '<rect class="interval" x="25.00%" y="4" width="37.50%"' in drawn
    assert '<circle class="dot" cx="50.00%"' in drawn


def test_a_long_name_takes_more_lines_and_more_height() -> None:
    def height(label: str) -> int:
        found = re.search(r'height="(\d+)"', str(charts.bars("x", "", "", [charts.Bar(label, 1, 1, 1, "")])))
        assert found
        return int(found[1])

    assert height("woord " * 20) > height("woord")


def test_curves_go_through_their_points_and_mark_the_threshold_in_use() -> None:
    line = charts.Curve("fout", ((0.0, 1.0), (1.0, 0.0)), 0.5, "refused")
    drawn = str(charts.curves("c", "T", "D", [line], 0.5, charts.Axes("x", "y", "nu")))
    assert '<polyline class="refused" points="42.0,12.0 348.0,202.0"/>' in drawn
    assert 'cx="195.0" cy="107.0"' in drawn
    assert "<circle" not in str(charts.curves("c", "T", "D", [line], None, charts.Axes("x", "y", "nu")))


def test_numbers_are_written_in_dutch_and_a_limit_never_looks_like_its_value() -> None:
    assert [report_words.percent(value) for value in (0.5, 0.7343, 1.0, 0.0)] == ["50%", "73,4%", "100%", "0%"]
    assert report_words.percent(None) == "niet gemeten"
    assert report_words.written("mrr", 0.7154) == "0,72"
    assert report_words.apart("vital_facts", 0.6596, 0.66) == ("65,96%", "66%")
    assert report_words.apart("mrr", 0.71, 0.8) == ("0,71", "0,80")


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_every_text_and_every_bar_stands_out_against_what_lies_under_it() -> None:
    style = (Path(charts.__file__).parent / "web" / "report.css").read_text(encoding="utf-8")
    colour = dict(re.findall(r"--(\w+): (#[0-9A-F]{6})", style)) | {"white": "#FFFFFF"}
    for text in ("ink", "muted", "teal", "wrong"):
        for under in ("white", "soft"):
            assert _contrast(colour[text], colour[under]) >= 4.5, (text, under)
    assert _contrast(colour["ink"], colour["mark"]) >= 4.5
    for drawn in ("teal", "plain", "wrong"):
        assert _contrast(colour[drawn], colour["track"]) >= 3, drawn
    used = set(re.findall(r"#[0-9A-Fa-f]{3,6}\b", style.split("}", 1)[1]))
    assert used <= {"#fff"}
