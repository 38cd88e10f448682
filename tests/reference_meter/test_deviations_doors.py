"""What one door alone shows otherwise fires when that door is looked at, and the others stay as they are."""

from typing import Any

import pytest

from reference_meter.deviations import doors_amounts, doors_states
from reference_meter.loop import make
from reference_meter.meter import Meter
from reference_meter.model.supply.modes import ControlState

FAMILIES = [family.name for module in (doors_amounts, doors_states) for family in module.FAMILIES]


def shown(meter: Meter) -> dict[str, Any]:
    """What is shown at every door but those for DLMS."""
    links: dict[str, Any] = {door: meter.open(door, meter.line_now) for door in ("iec62056_21", "p1", "han")}
    found = {
        "iec62056_21": links["iec62056_21"].registers.readout(),
        "p1": links["p1"].contents.telegram(),
        "han": links["han"].contents.telegram(longer=True),
        "mbus": (meter.model.parts.mbus.electricity.telegrams(), meter.model.parts.mbus.electricity.status()),
        "push": meter.model.parts.push.body(),
    }
    links["iec62056_21"].begin_hdlc()
    links["iec62056_21"].hear_hdlc(b"\x7e")
    meter.drop_links()
    return found


def lived_through(meter: Meter) -> dict[str, Any]:
    """Load of both directions, summer, a switched supply, a lost time and a fault; then a look at all doors."""
    meter.control({"op": "set_load", "import_w": 3000.0, "export_w": 300.0})
    meter.control({"op": "advance", "seconds": 30 * 86_400.0})
    shown(meter)
    meter.control({"op": "advance", "seconds": 1800.0})
    under_load = shown(meter)
    meter.model.parts.supply.disconnector.move(ControlState.DISCONNECTED)
    meter.control({"op": "clock_invalid"})
    meter.control({"op": "fault", "set": True})
    return {**shown(meter), "under load": under_load}


@pytest.mark.parametrize("name", FAMILIES)
def test_fires_where_its_door_is_looked_at(name: str) -> None:
    """One of the first draws meets a door at which no DLMS is spoken."""
    meters = [make({"deviation": name, "draw": str(draw)}) for draw in range(3)]
    for meter in meters:
        lived_through(meter)
    assert any(meter.fired() for meter in meters)


@pytest.mark.parametrize("name", FAMILIES)
def test_what_was_altered_is_as_before(name: str) -> None:
    meter, good = make({"deviation": name}), make({})
    for one in (meter, good):
        lived_through(one)
    for part in ("energy_nj", "power_mw", "active_rate"):
        assert getattr(meter.model.metering.energy, part) == getattr(good.model.metering.energy, part)
    assert meter.model.metering.clock.now == good.model.metering.clock.now
    assert meter.model.parts.supply.disconnector.state is good.model.parts.supply.disconnector.state
    assert meter.model.metering.capture.critical_error
