"""The deviations about the legally relevant part, rights and the seal show themselves, and nothing else does."""

from collections.abc import Callable
from contextlib import suppress

import pytest

from reference_meter.codec.axdr import Pair
from reference_meter.deviations import tr_conf_01, tr_conf_01_metering, tr_conf_02b, tr_conf_02c
from reference_meter.loop import make
from reference_meter.meter import Meter
from reference_meter.model.data import double_long_unsigned, integer, octet_string, structure
from reference_meter.model.objects import DataAccessResult
from reference_meter.server.model_port import AccessRefused

PUBLIC, MANAGEMENT, READING, PRE_ESTABLISHED = 16, 1, 2, 102
CLIENTS = (PUBLIC, READING, MANAGEMENT, PRE_ESTABLISHED)
MODULES = (tr_conf_01, tr_conf_01_metering, tr_conf_02b, tr_conf_02c)
NAMES = [family.name for module in MODULES for family in module.FAMILIES]
BY_PATH = {
    "set-with-list-skips-the-right",
    "set-in-blocks-skips-the-right",
    "access-skips-the-right",
    "unconfirmed-set-skips-the-right",
    "pre-established-client-writes-energy",
    "broadcast-writes-energy",
    "seal-ignored-by-lists",
    "seal-ignored-by-access",
    "seal-ignored-by-blocks",
    "seal-ignored-without-answer",
    "seal-ignored-by-broadcasts",
    "energy-reset-by-clients",
    "data-before-the-proof",
    "association-for-all-connections",
}
"""These are about whole requests, and the proof of the scenarios sends them."""


def reads(meter: Meter) -> None:
    for client in (PUBLIC, READING, MANAGEMENT):
        for item in [
            *meter.model.objects.values(),
            meter.model.find(client, 15, meter.configuration.instances.association),
        ]:
            for attribute in item.attributes:
                with suppress(AccessRefused):
                    meter.model.get(client, item.class_id, item.obis, attribute, None)


def writes(meter: Meter) -> None:
    for client in CLIENTS:
        for item in list(meter.model.objects.values()):
            for attribute, each in list(item.attributes.items()):
                if item.class_id in (1, 3) and attribute > 1:
                    meter.model.set(client, item.class_id, item.obis, attribute, None, each.read())


def calls(meter: Meter) -> None:
    for client in CLIENTS:
        for item in list(meter.model.objects.values()):
            for method in (1, 2, 3):
                meter.model.action(client, item.class_id, item.obis, method, integer(0))


def seals(meter: Meter) -> None:
    codes = meter.configuration.instances
    for to_open in (True, False):
        meter.control({"op": "seal", "open": to_open})
        for obis in (codes.transformer_ratio_current, codes.transformer_ratio_voltage):
            tag, value = meter.model.get(MANAGEMENT, 1, obis, 2, None)
            meter.model.set(MANAGEMENT, 1, obis, 2, None, (tag, value + 1))


def guesses(meter: Meter) -> None:
    for secret in (b"reading10", b"reading"):
        meter.model.authenticate(READING, 1, secret)


def associates(meter: Meter) -> None:
    for link in range(1, 12):
        meter.model.association_changed(READING, link, opened=True)
        meter.model.get(READING, 1, meter.configuration.instances.firmware_signature, 2, None)
    meter.model.association_changed(MANAGEMENT, 12, opened=True)
    meter.control({"op": "set_load", "import_w": 3000.0})
    for _ in range(20):
        meter.model.get(READING, 3, meter.configuration.instances.energy_import_total, 2, None)
    meter.control({"op": "advance", "seconds": 1})


def sets_clock(meter: Meter) -> None:
    clock = meter.configuration.instances.clock
    time = bytearray(meter.model.get(MANAGEMENT, 8, clock, 2, None)[1])
    for hours in (1, -1):
        time[5] += hours
        assert meter.model.set(MANAGEMENT, 8, clock, 2, None, octet_string(bytes(time))) == DataAccessResult.SUCCESS


def transfers_image(meter: Meter) -> None:
    code = meter.configuration.instances.image_transfer
    steps: tuple[tuple[int, Pair], ...] = (
        (1, structure(octet_string(b"X"), double_long_unsigned(128))),
        (2, structure(double_long_unsigned(0), octet_string(bytes(128)))),
        (3, integer(0)),
        (4, integer(0)),
    )
    for method, parameter in steps:
        meter.model.action(MANAGEMENT, 18, code, method, parameter)


STORY: tuple[Callable[[Meter], None], ...] = (
    reads,
    writes,
    calls,
    seals,
    guesses,
    associates,
    reads,
    sets_clock,
    transfers_image,
)


@pytest.mark.parametrize("draw", range(2))
@pytest.mark.parametrize("name", [name for name in NAMES if name not in BY_PATH])
def test_deviation_fires_in_the_story(name: str, draw: int) -> None:
    meter = make({"deviation": name, "draw": str(draw)})
    assert meter.fired() == 0
    for part in STORY:
        part(meter)
    assert meter.fired() > 0


def test_default_meter_goes_through_the_story_unmoved() -> None:
    meter = make({})
    codes = meter.configuration.instances
    before = meter.model.get(READING, 1, codes.firmware_signature, 2, None)
    for part in (reads, writes, calls):
        part(meter)
    assert meter.model.get(READING, 1, codes.firmware_signature, 2, None) == before
    assert meter.fired() == 0


def test_names_are_those_of_families() -> None:
    assert set(NAMES) >= BY_PATH
    assert len(set(NAMES)) == len(NAMES)
