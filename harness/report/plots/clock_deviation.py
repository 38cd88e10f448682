"""By how much a clock that nobody set was off, over the time that was waited."""

from collections.abc import Sequence
from typing import TypedDict

from harness.report.plots.shapes import line, rect, round_step, sheet, text

__all__ = ["ClockDeviationData", "clock_deviation_svg"]

_WIDTH, _HEIGHT = 760, 320
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 16, 56, 46
_TICKS = 3
_SHOWN, _OFF, _LIMIT, _GRID, _BAND = "#3b6ea5", "#c2410c", "#1f2933", "#e5e9ee", "#d5dbe3"
_DAY_S, _HOUR_S, _MINUTE_S = 86_400, 3_600, 60


class ClockDeviationData(TypedDict):
    """What the plot shows; both lists are of one length."""

    elapsed_s: list[float]
    """When the clock was read, from the first reading on."""
    off_s: list[float]
    """By how much it was ahead of the bench's time then, beyond what it was at first."""
    uncertainty_s: float
    """How well that is known."""
    limit_s_per_day: float
    """What the clock may gather in a day."""


def clock_deviation_svg(data: ClockDeviationData, *, title: str = "Deviation of the clock") -> str:
    """Return the plot as the text of an SVG image; ``ValueError`` for lists of different lengths.

    Points are the readings with a bar for their uncertainty, the two lines the limit, which grows with time; a point
    beyond the limit has another colour and a mark.
    """
    if len(data["elapsed_s"]) != len(data["off_s"]):
        raise ValueError("times and deviations are not of one length")
    plot = _Plot(data)
    heading = text(_LEFT, 20, title, weight="600")
    if not data["off_s"]:
        return sheet(_WIDTH, _HEIGHT, title, heading, text(_LEFT + 12, _TOP + 40, "no readings to compare"))
    return sheet(_WIDTH, _HEIGHT, title, heading, *_legend(data), *plot.scale(), *plot.limits(), *plot.points())


class _Plot:
    """Where the readings lie on the sheet."""

    def __init__(self, data: ClockDeviationData) -> None:
        self._data = data
        self._longest_s = max((*data["elapsed_s"], 1.0))
        self._limit_s = data["limit_s_per_day"] * self._longest_s / _DAY_S
        widest = max(self._limit_s, *(abs(off) + data["uncertainty_s"] for off in (*data["off_s"], 0.0)))
        self._step = round_step(widest / _TICKS)
        self._top = self._step * -(-widest // self._step)

    def _x(self, elapsed_s: float) -> float:
        return _LEFT + elapsed_s / self._longest_s * (_WIDTH - _LEFT - _RIGHT - 12)

    def _y(self, off_s: float) -> float:
        middle = (_TOP + _HEIGHT - _BOTTOM) / 2
        return middle - off_s / self._top * (_HEIGHT - _TOP - _BOTTOM) / 2

    def scale(self) -> list[str]:
        """The grid with its numbers, and the units."""
        parts = [text(12, _TOP - 10, "s ahead")]
        count = round(self._top / self._step)
        for number in range(-count, count + 1):
            y = self._y(number * self._step)
            parts.append(line(_LEFT, y, _WIDTH - _RIGHT, y, _LIMIT if number == 0 else _GRID))
            parts.append(text(_LEFT - 8, y + 4, f"{number * self._step:g}", anchor="end"))
        unit_s, unit = next(
            one
            for one in ((_DAY_S, "days"), (_HOUR_S, "hours"), (_MINUTE_S, "minutes"), (1, "seconds"))
            if self._longest_s >= one[0]
        )
        for quarter in range(5):
            elapsed_s = self._longest_s * quarter / 4
            words = f"{elapsed_s / unit_s:.3g}"
            parts.append(text(self._x(elapsed_s), _HEIGHT - _BOTTOM + 18, words, anchor="middle"))
        return [*parts, text(_WIDTH - _RIGHT, _HEIGHT - 8, f"{unit} since the first look", anchor="end")]

    def limits(self) -> list[str]:
        """What the clock may be off by."""
        return [
            line(self._x(0), self._y(0), self._x(self._longest_s), self._y(sign * self._limit_s), _LIMIT, width=2)
            for sign in (1, -1)
        ]

    def points(self) -> list[str]:
        """The readings."""
        parts = []
        around_s = self._data["uncertainty_s"]
        for elapsed_s, off_s in zip(self._data["elapsed_s"], self._data["off_s"], strict=True):
            x = self._x(elapsed_s)
            is_off = abs(off_s) > self._data["limit_s_per_day"] * elapsed_s / _DAY_S + around_s
            upper = self._y(off_s + around_s)
            parts.append(rect(x - 2, upper, 4, max(self._y(off_s - around_s) - upper, 1), _BAND))
            told = f"after {elapsed_s:g} s: {off_s:+.3f} s"
            parts.append(
                f'<circle cx="{x:.1f}" cy="{self._y(off_s):.1f}" r="4" fill="{_OFF if is_off else _SHOWN}">'
                f"<title>{told}</title></circle>"
            )
            if is_off:
                parts.append(text(x, upper - 6, "!", anchor="middle", weight="700"))
        return parts


def _legend(data: ClockDeviationData) -> Sequence[str]:
    x, y = _WIDTH - _RIGHT - 330, 36
    return (
        rect(x, y - 10, 12, 12, _SHOWN),
        text(x + 18, y, "read"),
        line(x + 60, y - 4, x + 80, y - 4, _LIMIT, width=2),
        text(x + 86, y, f"limit {data['limit_s_per_day']:g} s a day"),
        rect(x + 220, y - 10, 12, 12, _OFF),
        text(x + 238, y, "! beyond"),
    )
