"""Every deviation shows itself in one scripted exchange, and only then; the default meter never does."""

from functools import cache
from typing import Any

import pytest

from reference_meter.deviations import (
    doors_amounts,
    doors_states,
    tr_conf_04_doors,
    tr_conf_05a_aarq,
    tr_conf_05a_authentication,
    tr_conf_05a_damage,
    tr_conf_05a_line,
    tr_conf_05a_link,
    tr_conf_05a_robustness,
    tr_conf_05a_services,
    tr_conf_07_billing,
)
from reference_meter.deviations.family import Deviation
from reference_meter.deviations.registry import DEVIATIONS
from reference_meter.faults import FAULTS
from reference_meter.loop import make
from reference_meter.meter import Meter
from reference_meter.server.link import Send

# Octets of a client that proposes get, set, action, selective access, blocks and multiple references.
OID_CONTEXT = "A109 0607 60857405080101"
OID_LLS = "8A02 0780 8B07 60857405080201"
INITIATE = "BE10 040E 01000000 065F1F0400 001E1D"

CLOCK = "0008 0000010000FF 02"
CLOCK_STATUS = "0008 0000010000FF 04"
NAME = "0001 00002A0000FF 02"
UNKNOWN = "0003 0100636363FF 02"
IMPORT, IMPORT_1, IMPORT_2 = "0003 0100010800FF 02", "0003 0100010801FF 02", "0003 0100010802FF 02"
EXPORT, POWER, EXPORT_POWER = "0003 0100020800FF 02", "0003 0100010700FF 02", "0003 0100020700FF 02"
MAX_DEMAND, MAX_DEMAND_TIME = "0004 0100010600FF 02", "0004 0100010600FF 05"
DEMAND, LAST_DEMAND = "0005 0100010400FF 02", "0005 0100010400FF 03"
PROFILE = "0007 0100630100FF 02"
CLOCK_COLUMN = "0204 120008 09060000010000FF 0F02 120000"

# What takes a ciphered client to show itself has tests of its own.
OF_MALFORMED_FRAMES = {*tr_conf_05a_damage.FAMILIES, *tr_conf_05a_robustness.FAMILIES}
OF_WRONG_REQUESTS = {
    family
    for module in (
        tr_conf_04_doors,
        tr_conf_05a_aarq,
        tr_conf_05a_authentication,
        tr_conf_05a_line,
        tr_conf_05a_link,
        tr_conf_05a_services,
    )
    for family in module.FAMILIES
}
OF_WHAT_IS_KEPT = ("TR-Conf.06", "TR-Conf.07", "TR-Conf.09", "TR-Conf.1", "MF.", "BI.02", "BI.03")
"""They show over days, cuts and settings: the proof tries them."""
OF_WRONG_REQUESTS |= {*tr_conf_07_billing.FAMILIES, *doors_amounts.FAMILIES, *doors_states.FAMILIES}
OF_OTHER_DOORS = ("mbus-", "local-port-", "consumer-", "han-", "push-", "child-")
"""They show where no DLMS is spoken, or at the meter behind."""
IN_CLEAR = [
    name
    for name, family in DEVIATIONS.items()
    if not name.startswith(OF_OTHER_DOORS)
    and not family.clauses[0].startswith(("TR-Conf.01", "TR-Conf.02", "TR-Conf.05b", "DF.", *OF_WHAT_IS_KEPT))
    and family not in OF_MALFORMED_FRAMES | OF_WRONG_REQUESTS
]

READING, MANAGEMENT, PUBLIC = 2, 1, 16
SECRETS = {READING: b"reading1", MANAGEMENT: b"manage-1"}


def aarq(client: int, pdu_octets: int) -> str:
    secret = SECRETS.get(client)
    authentication = f"{OID_LLS} AC0A 8008 {secret.hex()}" if secret else ""
    content = bytes.fromhex(OID_CONTEXT + authentication + INITIATE) + pdu_octets.to_bytes(2, "big")
    return (bytes([0x60, len(content)]) + content).hex()


def by_range(first: str, last: str) -> str:
    return f"C001C1 {PROFILE} 01 01 0204 {CLOCK_COLUMN} 090C {first} 090C {last} 0100"


class Script:
    """A client that writes down all that it hears, with the delay."""

    def __init__(self, meter: Meter) -> None:
        self.meter = meter
        self.now = 0.0
        self.heard: list[tuple[float, str]] = []

    def connect(self, client: int, pdu_octets: int = 0x0400, *, associate: bool = True) -> "Connection":
        connection = Connection(self, client)
        if associate:
            connection.ask(aarq(client, pdu_octets))
        return connection

    def control(self, **request: Any) -> None:
        self.meter.control(request)


class Connection:
    """One stream of wrapper messages."""

    def __init__(self, script: Script, client: int) -> None:
        self.script = script
        self.client = client
        self.link = script.meter.open("wrapper", script.now)

    def ask(self, apdu: str) -> list[bytes]:
        octets = bytes.fromhex(apdu)
        ports = self.client.to_bytes(2, "big") + b"\x00\x01"
        self.link.receive(b"\x00\x01" + ports + len(octets).to_bytes(2, "big") + octets, self.script.now)
        answers = []
        for event in self.link.take_events():
            assert isinstance(event, Send)
            answers.append(event.data[8:])
            self.script.heard.append((round(event.due - self.script.now, 3), event.data.hex()))
        if not answers:
            self.script.heard.append((0.0, ""))
        self.script.now += 5.0
        return answers

    def read(self, *attributes: str) -> None:
        for attribute in attributes:
            self.ask(f"C001C1 {attribute} 00")

    def read_list(self, *attributes: str) -> None:
        self.ask(f"C003C1 {len(attributes):02X}" + "".join(f"{attribute} 00" for attribute in attributes))

    def fetch(self, request: str) -> None:
        """Ask, then fetch what is left block by block."""
        answers = self.ask(request)
        for _ in range(200):
            if not answers or answers[-1][:2] != b"\xc4\x02" or answers[-1][3]:
                return
            answers = self.ask("C002C1" + answers[-1][4:8].hex())
        raise AssertionError("a long answer without end")

    def release(self) -> None:
        self.ask("6203800100")
        self.hang_up()

    def hang_up(self) -> None:
        self.link.closed_by_peer(self.script.now)


def whole_story(script: Script) -> None:
    """Touches all that a deviation may be about."""
    loner = script.connect(READING, associate=False)
    loner.read(IMPORT)
    loner.hang_up()
    for client in (PUBLIC, MANAGEMENT, READING):
        script.connect(client).release()
    values(script)
    rows(script)
    periodic_process(script)
    powers(script)
    lost_link_and_clock(script)


def values(script: Script) -> None:
    reading = script.connect(READING)
    script.control(op="set_load", import_w=3000.0, export_w=1000.0)
    script.control(op="advance", seconds=1200)
    reading.read(IMPORT, EXPORT, POWER, MAX_DEMAND, MAX_DEMAND_TIME, MAX_DEMAND, CLOCK, CLOCK_STATUS, UNKNOWN)
    reading.read_list(CLOCK, IMPORT, IMPORT_1, IMPORT_2)
    reading.read_list(CLOCK, UNKNOWN, IMPORT, EXPORT)
    reading.ask(f"C001C1 {IMPORT} 01 02 00")  # selective access on a register
    reading.ask("C001C1 0003 0100010800FF")  # cut short
    reading.ask("C002C1 00000001")  # next block of nothing
    reading.release()
    script.control(op="set_load", import_w=0.0, export_w=0.0)
    script.control(op="advance", seconds=1800)
    reading = script.connect(READING)
    reading.read(IMPORT)
    reading.release()


def rows(script: Script) -> None:
    reading = script.connect(READING, 200)
    reading.fetch(by_range("07EA0302 FF 060000FF8000FF", "07EA0302 FF 080000FF8000FF"))
    reading.fetch(by_range("07EB0302 FF 060000FF8000FF", "07EB0302 FF 080000FF8000FF"))
    reading.fetch(f"C001C1 {PROFILE} 01 02 0204 06000000B4 06000000B9 120001 120000")
    reading.release()


def periodic_process(script: Script) -> None:
    script.control(op="set_load", import_w=3000.0, export_w=0.0)
    reading = script.connect(READING)
    script.control(op="advance", seconds=300)
    reading.read(DEMAND, LAST_DEMAND, *[IMPORT] * 20, DEMAND, LAST_DEMAND)
    script.control(op="advance", seconds=900)
    reading.release()
    for _ in range(40):
        script.connect(READING).release()
    script.control(op="advance", seconds=900)
    vanishing = script.connect(READING, 200)
    vanishing.ask(f"C001C1 {PROFILE} 00")
    vanishing.hang_up()
    script.control(op="advance", seconds=900)
    reading = script.connect(READING, 200)
    reading.fetch(f"C001C1 {PROFILE} 01 02 0204 06000000C0 0600000000 120001 120000")
    reading.read(MAX_DEMAND, MAX_DEMAND_TIME)
    reading.release()


def powers(script: Script) -> None:
    reading = script.connect(READING)
    for import_w, export_w in ((3000.0, 0.0), (1000.0, 0.0), (0.0, 0.0), (0.0, 2000.0), (1500.0, 500.0)):
        script.control(op="set_load", import_w=import_w, export_w=export_w)
        script.control(op="advance", seconds=10)
        reading.read(POWER, EXPORT_POWER)
    reading.release()


def lost_link_and_clock(script: Script) -> None:
    reading = script.connect(READING)
    reading.read(CLOCK, IMPORT)
    reading.hang_up()
    script.control(op="advance", seconds=30)
    reading = script.connect(READING)
    reading.read(CLOCK, IMPORT)
    script.control(op="clock_invalid")
    reading.read(CLOCK, CLOCK_STATUS)
    reading.release()


@cache
def default_story() -> tuple[tuple[float, str], ...]:
    script = Script(make({}))
    whole_story(script)
    return tuple(script.heard)


def test_default_meter_never_fires_and_is_deterministic() -> None:
    script = Script(make({}))
    whole_story(script)
    assert script.meter.fired() == 0
    assert tuple(script.heard) == default_story()
    assert max(delay for delay, _ in script.heard) == pytest.approx(0.02)


@pytest.mark.parametrize("draw", range(4))
@pytest.mark.parametrize("name", IN_CLEAR)
def test_deviation_fires_and_is_heard(name: str, draw: int) -> None:
    script = Script(make({"deviation": name, "draw": str(draw)}))
    assert script.meter.fired() == 0
    whole_story(script)
    assert script.meter.fired() > 0
    assert script.meter.control({"op": "fired"}) == {"ok": True, "fired": script.meter.fired()}
    assert tuple(script.heard) != default_story()


@pytest.mark.parametrize("name", IN_CLEAR)
def test_deviation_leaves_the_name_alone(name: str) -> None:
    """The exchange that shows that a meter lives; only the refused client of one family cannot have it."""
    expected, script = Script(make({})), Script(make({"deviation": name}))
    heard = []
    for each in (expected, script):
        for client in (PUBLIC, READING, MANAGEMENT):
            connection = each.connect(client)
            each.heard.clear()
            connection.read(NAME)
            heard.append(each.heard[-1])
            connection.release()
    differing = sum(a != b for a, b in zip(heard[:3], heard[3:], strict=True))
    assert differing == (1 if name == "refuses-association-of-one-client" else 0)
    if differing == 0 and name != "conformance-not-subset":
        assert script.meter.fired() == 0


@pytest.mark.parametrize("deviation", FAULTS.deviations(), ids=lambda deviation: deviation.name)
def test_deviation_names_what_it_violates(deviation: Deviation) -> None:
    assert deviation.clauses
    assert deviation.about.endswith(".")
    assert deviation.name == deviation.name.lower()
    assert " " not in deviation.name


def test_draws_differ_and_repeat() -> None:
    stories = []
    for draw in ("0", "1", "2", "3", "0"):
        script = Script(make({"deviation": "list-value-differs-from-single", "draw": draw}))
        values(script)
        stories.append(script.heard)
    assert stories[0] == stories[4]
    assert len({tuple(story) for story in stories}) > 1
