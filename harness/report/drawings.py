"""The plots of a scenario: data that its steps have noted in the trace, drawn as SVG images."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from harness.report.plots.clock_deviation import clock_deviation_svg
from harness.report.plots.load_profile import load_profile_svg
from harness.report.plots.tariff_timeline import tariff_timeline_svg

__all__ = ["PLOT", "PLOTS", "Drawing", "drawings", "drawings_by_key"]

PLOT: Final = "plot"
"""Event of the note that holds a plot's data, with the plot's name as ``plot`` and the data as ``data``."""

PLOTS: Final[Mapping[str, Callable[[Any], str]]] = {
    "load profile": load_profile_svg,
    "clock deviation": clock_deviation_svg,
    "tariff timeline": tariff_timeline_svg,
}
"""Name of a plot -> what draws it; a new plot is one more row."""

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """One plot, drawn."""

    name: str
    svg: str
    """The whole image as text."""


def drawings(records: Iterable[Record]) -> tuple[Drawing, ...]:
    """Draw all plots among trace records, in order; one that this version does not know is left out."""
    noted = [record["value"] for record in records if record["kind"] == "note" and record.get("event") == PLOT]
    return tuple(
        Drawing(name=value["plot"], svg=PLOTS[value["plot"]](value["data"]))
        for value in noted
        if value["plot"] in PLOTS
    )


def drawings_by_key(trace: Path) -> dict[str, tuple[Drawing, ...]]:
    """Draw the plots of every result key of a trace that has some; empty without a trace."""
    found: dict[str, list[Record]] = {}
    marked = f'"event":"{PLOT}"'
    if trace.exists():
        with trace.open(encoding="utf-8") as lines:
            for line in lines:
                # Few records are of this kind, and reading all of them as JSON takes far longer.
                if marked in line and line.endswith("\n"):
                    record = json.loads(line)
                    found.setdefault(record["key"], []).append(record)
    return {key: drawn for key, records in found.items() if (drawn := drawings(records))}
