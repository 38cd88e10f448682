"""Tariffs over time: when which one was due, and what was shown at each look."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TypedDict
from xml.sax.saxutils import escape

from harness.report.plots.shapes import line, rect, sheet, text

__all__ = ["TariffTimelineData", "tariff_timeline_svg"]

_WIDTH, _LANE = 760, 44
_LEFT, _RIGHT, _TOP, _BOTTOM = 90, 44, 56, 60
_MOST_TIMES = 6
_CLOSE = 60.0
_DUE, _WINDOW, _SHOWN, _OFF, _GRID = "#d5dbe3", "#edd9b0", "#3b6ea5", "#c2410c", "#e5e9ee"


class TariffTimelineData(TypedDict):
    """What the plot shows; instants are ISO 8601 in UTC, tariffs positions in ``tariffs``."""

    tariffs: list[str]
    """Their names, as they are shown."""
    first: int
    """The tariff due at first."""
    shifts: list[tuple[str, str, int]]
    """Earliest and latest instant of each shift and the tariff from then on, in order."""
    looks: list[tuple[str, str, int]]
    """The device's time before and after each look, and the tariff shown."""


def tariff_timeline_svg(data: TariffTimelineData, *, title: str = "Tariffs, shown against due") -> str:
    """Return the plot as the text of an SVG image.

    Each tariff has a lane, with a bar while it is due; a shift that may come at any instant of a span is a bar of
    another colour. Dots are looks; one at a tariff that is not due has another colour and a mark.
    """
    height = _TOP + max(1, len(data["tariffs"])) * _LANE + _BOTTOM
    heading = text(_LEFT, 20, title, weight="600")
    if not data["looks"]:
        return sheet(_WIDTH, height, title, heading, text(_LEFT + 12, _TOP + 26, "nothing was looked at"))
    plot = _Plot(data, height)
    return sheet(_WIDTH, height, title, heading, *_legend(), *plot.lanes(), *plot.bars(), *plot.times(), *plot.dots())


class _Plot:
    """Where the data lie on the sheet."""

    def __init__(self, data: TariffTimelineData, height: int) -> None:
        self._data = data
        self._height = height
        self._shifts = [(_instant(first), _instant(last), rate) for first, last, rate in data["shifts"]]
        self._looks = [(_instant(began), _instant(ended), rate) for began, ended, rate in data["looks"]]
        instants = [instant for began, ended, _ in (*self._shifts, *self._looks) for instant in (began, ended)]
        self._begin = min(instants)
        self._span_s = max((max(instants) - self._begin).total_seconds(), _CLOSE)

    def _x(self, instant: datetime) -> float:
        share = (instant - self._begin).total_seconds() / self._span_s
        return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)

    def _y(self, rate: int) -> float:
        return _TOP + rate * _LANE

    def lanes(self) -> list[str]:
        """One for each tariff."""
        parts = []
        for rate, name in enumerate(self._data["tariffs"]):
            parts.append(line(_LEFT, self._y(rate) + _LANE / 2, _WIDTH - _RIGHT, self._y(rate) + _LANE / 2, _GRID))
            parts.append(text(_LEFT - 10, self._y(rate) + _LANE / 2 + 4, f"tariff {name}", anchor="end"))
        return parts

    def bars(self) -> list[str]:
        """When each tariff is due, and the spans in which a shift may come."""
        parts, rate, since = [], self._data["first"], self._begin
        for earliest, latest, following in self._shifts:
            parts.append(self._bar(rate, since, earliest, _DUE))
            if latest > earliest:
                parts += [self._bar(one, earliest, latest, _WINDOW) for one in (rate, following)]
            rate, since = following, latest
        end = self._begin + timedelta(seconds=self._span_s)
        return [*parts, self._bar(rate, since, end, _DUE)]

    def _bar(self, rate: int, begin: datetime, end: datetime, colour: str) -> str:
        x = self._x(begin)
        return rect(x, self._y(rate) + 8, max(self._x(end) - x, 0), _LANE - 16, colour)

    def dots(self) -> list[str]:
        """The looks."""
        parts = []
        for began, ended, rate in self._looks:
            x, y = self._x(began), self._y(rate) + _LANE / 2
            is_off = rate not in self._due(began, ended)
            told = f"{began:%Y-%m-%d %H:%M:%S}: tariff {self._data['tariffs'][rate]}"
            parts.append(
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{_OFF if is_off else _SHOWN}">'
                f"<title>{escape(told)}</title></circle>"
            )
            if is_off:
                parts.append(text(x, y - 8, "!", anchor="middle", weight="700"))
        return parts

    def _due(self, began: datetime, ended: datetime) -> set[int]:
        rates = [self._data["first"], *(rate for _, latest, rate in self._shifts if latest <= began)]
        return {rates[-1], *(rate for earliest, latest, rate in self._shifts if earliest <= ended and latest > began)}

    def times(self) -> Sequence[str]:
        """The scale of time."""
        parts = []
        for number in range(_MOST_TIMES):
            instant = self._begin + timedelta(seconds=self._span_s * number / (_MOST_TIMES - 1))
            x = self._x(instant)
            parts.append(text(x, self._height - _BOTTOM + 18, f"{instant:%H:%M:%S}", anchor="middle"))
            parts.append(text(x, self._height - _BOTTOM + 34, f"{instant:%Y-%m-%d}", anchor="middle"))
        return [*parts, text(_WIDTH - _RIGHT, self._height - 6, "UTC", anchor="end")]


def _instant(words: str) -> datetime:
    return datetime.fromisoformat(words).astimezone(UTC)


def _legend() -> Sequence[str]:
    x, y = _WIDTH - _RIGHT - 330, 36
    return (
        rect(x, y - 10, 12, 12, _DUE),
        text(x + 18, y, "due"),
        rect(x + 60, y - 10, 12, 12, _WINDOW),
        text(x + 78, y, "shift may come"),
        rect(x + 180, y - 10, 12, 12, _SHOWN),
        text(x + 198, y, "shown"),
        rect(x + 250, y - 10, 12, 12, _OFF),
        text(x + 268, y, "! not due"),
    )
