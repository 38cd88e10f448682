"""Every deviation of an M-Bus slave shows itself in one scripted exchange; the default slave never does."""

import pytest

from harness.protocol import mbus
from reference_meter.deviations import mbus_link, mbus_rates, mbus_registers
from reference_meter.loop import make
from reference_meter.mbus.link import MBusLink
from reference_meter.meter import Meter
from reference_meter.server.link import Send

FAMILIES = [family.name for family in (*mbus_link.FAMILIES, *mbus_rates.FAMILIES, *mbus_registers.FAMILIES)]
GOOD = mbus.ShortFrame(control=0x7B, address=1).to_bytes()
LONG = mbus.LongFrame(control=0x53, address=1, information=0x50).to_bytes()
DAY_S = 86_400


class Master:
    """Sends octets with pauses, and keeps what it hears."""

    def __init__(self, meter: Meter) -> None:
        self.meter = meter
        link = meter.open("mbus", 0.0)
        assert isinstance(link, MBusLink)
        self.link = link
        self.now = 0.0
        self.heard: list[bytes] = []

    def send(self, octets: bytes) -> None:
        self.now += 1.0
        self.link.receive(octets, self.now)
        self.heard.append(b"".join(event.data for event in self.link.take_events() if isinstance(event, Send)))

    def read(self) -> None:
        self.send(mbus.ShortFrame(control=0x40, address=1).to_bytes())
        self.send(GOOD)

    def command(self, information: int, data: bytes = b"") -> None:
        self.read()
        frame = mbus.LongFrame(control=0x53, address=1, information=information, data=data)
        self.send(frame.to_bytes())
        self.send(mbus.ShortFrame(control=0x7B, address=1).to_bytes())

    def at(self, baud: int, framing: str = "8E1") -> None:
        self.link.set_line(baud, framing, self.now)

    def change_rate(self, information: int, baud: int) -> None:
        self.read()
        self.send(mbus.LongFrame(control=0x53, address=1, information=information).to_bytes())
        self.at(baud)

    def select(self, **wanted: str | int) -> None:
        data = mbus.SecondaryAddress(**wanted).to_bytes()  # type: ignore[arg-type]  # by name
        self.send(mbus.LongFrame(control=0x53, address=0xFD, information=0x52, data=data).to_bytes())


def whole_story(master: Master) -> None:
    master.read()
    master.send(GOOD)
    master.send(mbus.ShortFrame(control=0x5B, address=1).to_bytes())
    for information in (0x50, 0xB2, 0xB4, 0xA0, 0x59):
        master.command(information)
    master.command(0x51, bytes.fromhex("04 03 00 00 00 00"))
    for address in (0xFF, 200):
        master.send(mbus.ShortFrame(control=0x7B, address=address).to_bytes())
    for other in ({"manufacturer": "XYZ"}, {"version": 99}, {"medium": 99}):
        master.select(identification="12345678", **other)
    master.select(identification="12345678")
    master.select(identification="99999999")
    master.meter.control({"op": "advance", "seconds": 7200.0})
    master.read()
    master.meter.model.parts.collection.selected = frozenset()
    master.read()
    master.meter.control({"op": "advance", "seconds": 40.0 * DAY_S})
    master.read()
    for damaged in (GOOD[:-2] + b"\x00\x16", GOOD[:-1] + b"\x17", LONG[:1] + b"\x04" + LONG[2:]):
        master.send(damaged)
        master.read()

    change_rates(master)


def change_rates(master: Master) -> None:
    for baud, framing in ((2400, "8O1"), (600, "8E1")):
        master.at(baud, framing)
        master.send(GOOD)
        master.at(2400)
        master.read()
    master.send(mbus.ShortFrame(control=0x5A, address=1).to_bytes())
    for information, baud in ((0xB8, 300), (0xBD, 9600)):
        master.change_rate(information, baud)
        master.change_rate(0xBB, 2400)
        master.now += 200.0
        master.read()
        master.change_rate(information, baud)
        master.now += 200.0
        master.at(2400)
        master.read()


def test_a_slave_follows_its_master_and_falls_back() -> None:
    master = Master(make({}))
    master.change_rate(0xBD, 9600)
    master.read()
    assert master.heard[-2:-1] == [b"\xe5"]
    assert len(master.heard[-1]) > 20
    master.now += 130.0
    master.read()
    assert master.heard[-2:] == [b"", b""]
    master.at(2400)
    master.read()
    assert len(master.heard[-1]) > 20


def test_the_default_slave_never_fires() -> None:
    master = Master(make({}))
    whole_story(master)
    assert master.meter.fired() == 0


@pytest.mark.parametrize("draw", range(3))
@pytest.mark.parametrize("name", FAMILIES)
def test_each_family_fires_in_the_story(name: str, draw: int) -> None:
    master = Master(make({"deviation": name, "draw": str(draw)}))
    whole_story(master)
    assert master.meter.fired() > 0
