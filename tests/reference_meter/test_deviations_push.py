"""Every deviation of a port that pushes shows itself in one scripted exchange; the default meter never does."""

import pytest

from reference_meter.deviations import han_envelope, han_facts, han_port, push
from reference_meter.loop import make
from reference_meter.meter import Meter

FAMILIES = [family.name for module in (han_envelope, han_facts, han_port, push) for family in module.FAMILIES]
HOUR = {"op": "advance", "seconds": 3600.0}


def whole_story(meter: Meter) -> None:
    now = 0.0
    for _ in range(2):
        han = meter.open("han", now)
        carrier = meter.open("push", now)
        for load in (3000.0, 500.0):
            meter.control({"op": "set_load", "import_w": load, "export_w": 0.0})
            for _ in range(8):
                meter.control(HOUR)
            han.receive(bytes(300), now)
            for count in range(40):
                now += 10.0
                meter.tick(now)
                if count == 1:
                    meter.control({"op": "advance", "seconds": 1200.0})
        instances = meter.configuration.instances
        meter.model.set(1, 71, instances.limiter, 4, None, (6, 4000))
        meter.model.action(1, 70, instances.disconnector, 1, (15, 0))
        for _ in range(2):
            now += 10.0
            meter.tick(now)
        meter.model.action(2, 40, meter.configuration.push.setup, 1, (15, 0))
        meter.model.action(1, 40, meter.configuration.push.setup, 1, (15, 0))
        meter.control({"op": "seal", "open": True})
        meter.control({"op": "seal", "open": False})
        meter.control({"op": "clock_invalid"})
        meter.model.set(1, 8, instances.clock, 2, None, (9, meter.model.metering.clock.time_octets()))
        assert carrier.take_events()
        meter.control({"op": "power_cut"})
        meter.control({"op": "power_restore"})


@pytest.mark.parametrize("draw", range(3))
@pytest.mark.parametrize("name", FAMILIES)
def test_each_deviation_fires(name: str, draw: int) -> None:
    meter = make({"deviation": name, "draw": str(draw)})
    whole_story(meter)
    assert meter.fired()


def test_a_right_meter_never_does() -> None:
    meter = make({})
    whole_story(meter)
    assert not meter.fired()
