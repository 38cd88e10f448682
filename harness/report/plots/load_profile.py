"""The energies of a load profile, recorded against expected."""

import math
from collections.abc import Sequence
from typing import TypedDict
from xml.sax.saxutils import escape

from harness.report.plots.shapes import line, rect, round_step, sheet, text

__all__ = ["LoadProfileData", "load_profile_svg"]

_WIDTH, _HEIGHT = 760, 340
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 16, 56, 60
_TICKS = 5
_MOST_TIMES = 8
_RECORDED, _OFF, _EXPECTED, _BAND, _GRID = "#3b6ea5", "#c2410c", "#1f2933", "#d5dbe3", "#e5e9ee"


class LoadProfileData(TypedDict):
    """What the plot shows; the three lists are of one length."""

    times: list[str]
    """End of each period, as ISO 8601 with date and time."""
    recorded_wh: list[float]
    """What the device has recorded in it."""
    expected_wh: list[float]
    """What flowed in it."""
    uncertainty_wh: float
    """How far both may be apart."""


def load_profile_svg(data: LoadProfileData, *, title: str = "Load profile, recorded against expected") -> str:
    """Return the plot as the text of an SVG image; ``ValueError`` for lists of different lengths.

    Bars are what was recorded, the line what was expected, the band around it its uncertainty; a bar that leaves the
    band has another colour and a mark above it.
    """
    count = len(data["times"])
    if not len(data["recorded_wh"]) == len(data["expected_wh"]) == count:
        raise ValueError("times, recorded and expected energies are not of one length")
    plot = _Plot(data)
    return sheet(
        _WIDTH,
        _HEIGHT,
        title,
        text(_LEFT, 20, title, weight="600"),
        *_legend(data["uncertainty_wh"]),
        *plot.scale(),
        *(plot.parts() if count else (text(_LEFT + 12, _TOP + 40, "no rows to compare"),)),
    )


class _Plot:
    """Where the data lie on the sheet."""

    def __init__(self, data: LoadProfileData) -> None:
        self._data = data
        self._band = data["uncertainty_wh"]
        highest = max((*data["recorded_wh"], *(one + self._band for one in data["expected_wh"]), 0.0))
        lowest = min((*data["recorded_wh"], 0.0))
        self._step = round_step((highest - lowest) / _TICKS)
        self._top = math.ceil(highest / self._step) * self._step or self._step
        self._base = math.floor(lowest / self._step) * self._step
        self._slot = (_WIDTH - _LEFT - _RIGHT) / max(1, len(data["times"]))

    def _y(self, energy_wh: float) -> float:
        share = (energy_wh - self._base) / (self._top - self._base)
        return _HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM)

    def _x(self, number: int) -> float:
        return _LEFT + number * self._slot

    def scale(self) -> list[str]:
        """The grid with its numbers, and the unit."""
        parts = [text(12, _TOP - 10, "Wh in the period")]
        for number in range(round((self._top - self._base) / self._step) + 1):
            value = self._base + number * self._step
            y = self._y(value)
            parts.append(line(_LEFT, y, _WIDTH - _RIGHT, y, _GRID))
            parts.append(text(_LEFT - 8, y + 4, f"{value:g}", anchor="end"))
        return parts

    def parts(self) -> list[str]:
        """Band, bars, line and times."""
        return [*self._bands(), *self._bars(), *self._expected(), *self._times()]

    def _bands(self) -> list[str]:
        return [
            rect(self._x(number), self._y(energy + self._band), self._slot, self._height(2 * self._band), _BAND)
            for number, energy in enumerate(self._data["expected_wh"])
        ]

    def _height(self, energy_wh: float) -> float:
        return self._y(0) - self._y(energy_wh)

    def _bars(self) -> list[str]:
        parts = []
        for number, (time, recorded, expected) in enumerate(
            zip(self._data["times"], self._data["recorded_wh"], self._data["expected_wh"], strict=True)
        ):
            is_off = abs(recorded - expected) > self._band
            x, width = self._x(number) + 0.2 * self._slot, 0.6 * self._slot
            top, bottom = self._y(max(recorded, 0)), self._y(min(recorded, 0))
            told = f"{time}: recorded {recorded:g} Wh, expected {expected:g} Wh"
            parts.append(
                f'<rect x="{x:.1f}" y="{top:.1f}" width="{width:.1f}" height="{max(bottom - top, 1):.1f}" '
                f'fill="{_OFF if is_off else _RECORDED}"><title>{escape(told)}</title></rect>'
            )
            if is_off:
                parts.append(text(x + width / 2, top - 4, "!", anchor="middle", weight="700"))
        return parts

    def _expected(self) -> list[str]:
        return [
            line(self._x(number), self._y(energy), self._x(number + 1), self._y(energy), _EXPECTED, width=2)
            for number, energy in enumerate(self._data["expected_wh"])
        ]

    def _times(self) -> list[str]:
        times = self._data["times"]
        every = max(1, math.ceil(len(times) / _MOST_TIMES))
        parts = []
        before = ""
        for number in range(0, len(times), every):
            x, (day, time) = self._x(number) + self._slot / 2, _spoken(times[number])
            parts.append(text(x, _HEIGHT - _BOTTOM + 18, time, anchor="middle"))
            if day != before:
                parts.append(text(x, _HEIGHT - _BOTTOM + 34, day, anchor="middle"))
            before = day
        return [*parts, text(_WIDTH - _RIGHT, _HEIGHT - 8, "end of the period, UTC", anchor="end")]


def _spoken(time: str) -> tuple[str, str]:
    day, _, rest = time.partition("T")
    return day, rest[:8].removesuffix(":00")


def _legend(uncertainty_wh: float) -> Sequence[str]:
    x, y = _WIDTH - _RIGHT - 390, 36
    return (
        rect(x, y - 10, 12, 12, _RECORDED),
        text(x + 18, y, "recorded"),
        line(x + 90, y - 4, x + 110, y - 4, _EXPECTED, width=2),
        text(x + 116, y, "expected"),
        rect(x + 184, y - 10, 12, 12, _BAND),
        text(x + 202, y, f"± {uncertainty_wh:.3g} Wh"),
        rect(x + 290, y - 10, 12, 12, _OFF),
        text(x + 308, y, "! outside"),
    )
