"""The declarations of the meter on wall-clock time say the same as that of the meter on every door."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from harness.declaration import load_declaration

DEVICES = Path(__file__).parents[2] / "devices"
_OF_THEIR_OWN = ("doors", "bench", "lab", "metering", "identity")


def shared(name: str) -> dict[str, Any]:
    """What both kinds have in common."""
    data = tomllib.loads((DEVICES / name).read_text(encoding="utf-8"))
    for section in _OF_THEIR_OWN:
        data.pop(section, None)
    for association in data["associations"]:
        association.pop("doors", None)
    data["profiles"]["load_profile"].pop("period_s")
    return data


@pytest.mark.parametrize(
    ("name", "time"), [("reference-realtime.toml", "realtime"), ("reference-clock-setting.toml", "clock_setting")]
)
def test_only_doors_bench_and_periods_differ(name: str, time: str) -> None:
    assert shared(name) == shared("reference.toml")
    declaration = load_declaration(DEVICES / name)
    assert declaration.bench.time == time
    assert declaration.bench.load == "reference"
    assert (declaration.bench.power, declaration.bench.hands) == (None, None)
    assert declaration.profiles["load_profile"].period_s == declaration.metering.demand_period_s == 60
