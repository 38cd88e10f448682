from dataclasses import replace

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from harness.errors import DecodeError
from harness.protocol import mbus
from reference_meter.mbus.settings import GAS_KEY, MBusSettings
from reference_meter.meter import Meter
from reference_meter.model.configuration import MeterConfiguration
from reference_meter.server.link import Send

ELECTRICITY = mbus.SecondaryAddress(identification="12345678", manufacturer="CFM", version=1, medium=2)


class Master:
    """Sends frames into a meter and gives what comes back."""

    def __init__(self, meter: Meter) -> None:
        self.meter = meter
        self.link = meter.open("mbus", 0.0)
        self.now = 0.0

    def octets(self, data: bytes) -> bytes:
        self.now += 1.0
        self.link.receive(data, self.now)
        return b"".join(event.data for event in self.link.take_events() if isinstance(event, Send))

    def short(self, control: int, address: int) -> bytes:
        return self.octets(mbus.ShortFrame(control=control, address=address).to_bytes())

    def long(self, control: int, address: int, information: int, data: bytes = b"") -> bytes:
        frame = mbus.LongFrame(control=control, address=address, information=information, data=data)
        return self.octets(frame.to_bytes())

    def telegram(self, control: int, address: int, key: bytes | None = None) -> mbus.Telegram | mbus.ApplicationError:
        frame = mbus.frame_from_bytes(self.short(control, address))
        assert isinstance(frame, mbus.LongFrame)
        return mbus.telegram_of(frame, key=key, address=mbus.slave_of(frame) or ELECTRICITY)


def master(**changes: object) -> Master:
    return Master(Meter(MeterConfiguration(mbus=replace(MBusSettings(), **changes))))  # type: ignore[arg-type]  # by name


def said(telegram: mbus.Telegram | mbus.ApplicationError) -> dict[str, str]:
    assert isinstance(telegram, mbus.Telegram)
    return dict(str(record).split(" = ") for record in telegram.records)


def test_the_same_bit_repeats_and_the_other_one_reads_anew() -> None:
    bus = master()
    assert bus.short(0x40, 1) == b"\xe5"
    first = bus.short(0x7B, 1)
    bus.meter.model.metering.advance(3600)
    assert bus.short(0x7B, 1) == first
    assert bus.short(0x5B, 1) != first


def test_registers_are_those_of_the_meter() -> None:
    bus = master()
    total = bus.meter.model.metering.energy.register_value("import", None, 0)
    values = said(bus.telegram(0x7B, 1))
    assert values["energy"] == f"{total} Wh"
    assert values["date and time"] == "2026-03-02T11:00:00"
    assert values["date storage 1"] == "2026-03-01"


@pytest.mark.parametrize(
    "changes",
    [
        {"decimal": True},
        {"long_header": False},
        {"reversed_order": True},
        {"manufacturer_data": b"\x01\x02", "records_of_manufacturer": True},
        {"key": bytes(range(16))},
        {"key": bytes(range(16)), "long_header": False},
        {"key": bytes(range(16)), "mode": 7},
        {"key": bytes(range(16)), "mode": 7, "long_header": False},
    ],
)
def test_other_forms_say_the_same(changes: dict[str, object]) -> None:
    bus, plain = master(**changes), master()
    found = said(bus.telegram(0x7B, 1, bus.meter.configuration.mbus.key))
    found.pop("manufacturer specific", None)
    assert found == said(plain.telegram(0x7B, 1))


def test_a_reading_in_several_telegrams() -> None:
    bus = master(telegrams=2)
    first, second = bus.telegram(0x7B, 1), bus.telegram(0x5B, 1)
    assert isinstance(first, mbus.Telegram)
    assert isinstance(second, mbus.Telegram)
    assert (first.content.more_follows, second.content.more_follows) == (True, False)
    assert said(first) | said(second) == said(master().telegram(0x7B, 1))
    assert bus.long(0x73, 1, 0x50) == b"\xe5"
    assert said(bus.telegram(0x5B, 1)) == said(first)


def test_what_nobody_may_write() -> None:
    bus = master()
    before = said(bus.telegram(0x7B, 1))
    assert bus.long(0x53, 1, 0x51, bytes.fromhex("04 03 00 00 00 00")) == b"\xe5"
    assert bus.telegram(0x7B, 1) == mbus.ApplicationError(code=0x10)
    assert said(bus.telegram(0x5B, 1)) == before
    assert bus.long(0x73, 1, 0xB2) == b"\xe5"
    assert bus.telegram(0x5B, 1) == mbus.ApplicationError(code=0x01)
    status = master(errors_reported="status")
    status.long(0x53, 1, 0x51, bytes.fromhex("04 03 00 00 00 00"))
    told = status.telegram(0x7B, 1)
    assert isinstance(told, mbus.Telegram)
    assert told.header.status == 0x02


def test_addresses() -> None:
    bus = master()
    assert bus.long(0x53, 1, 0x51, b"\x01\x7a\x05") == b"\xe5"
    assert bus.short(0x5B, 1) == b""
    assert bus.short(0x40, 5) == b"\xe5"
    assert bus.short(0x40, 0xFF) == b""
    with pytest.raises(DecodeError):
        mbus.frame_from_bytes(bus.short(0x5B, 0xFE))


def test_selection() -> None:
    bus = master()
    everybody = mbus.SecondaryAddress()
    assert bus.short(0x5B, 0xFD) == b""
    assert bus.long(0x53, 0xFD, 0x52, everybody.to_bytes()) == b"\xe5"
    gas = mbus.SecondaryAddress(identification="12340001")
    assert bus.long(0x53, 0xFD, 0x52, gas.to_bytes()) == b"\xe5"
    assert said(bus.telegram(0x7B, 0xFD, GAS_KEY))["volume"] == "1009.6 m3"
    assert bus.short(0x40, 0xFD) == b"\xe5"
    assert bus.short(0x7B, 0xFD) == b""
    nobody = mbus.SecondaryAddress(identification="9FFFFFFF")
    assert bus.long(0x53, 0xFD, 0x52, nobody.to_bytes()) == b""


def test_the_clock_of_the_gas_meter_can_be_set() -> None:
    bus = master()
    assert bus.long(0x53, 2, 0x51, bytes.fromhex("04 6D 1A 0F 65 11")) == b"\xe5"
    assert said(bus.telegram(0x7B, 2, GAS_KEY))["date and time"] == "2011-01-05T15:26:00"
    assert bus.long(0x53, 1, 0x51, bytes.fromhex("04 6D 1A 0F 65 11")) == b"\xe5"
    assert bus.telegram(0x7B, 1) == mbus.ApplicationError(code=0x10)


def test_damaged_requests_are_not_answered_and_the_next_one_is() -> None:
    bus = master()
    for damaged in ("10 5B 01 5D 16", "10 5B 01 5C 17", "68 03 04 68 53 01 50 A4 16", "68 03 03 68 53 01 50", "55 55"):
        assert bus.octets(bytes.fromhex(damaged)) == b""
        assert bus.short(0x40, 1) == b"\xe5"


class Conversation(RuleBasedStateMachine):
    """A master that repeats at will and a slave that must tell repetitions from new requests."""

    def __init__(self) -> None:
        super().__init__()
        self.bus = master()
        self.bit = mbus.FrameCountBit()
        self.last = b""
        self.reset()

    @rule()
    def reset(self) -> None:
        assert self.bus.short(0x40, 1) == b"\xe5"
        self.bit.reset()
        self.last = b""

    @rule(answered=st.booleans(), seconds=st.integers(0, 5000))
    def read(self, answered: bool, seconds: int) -> None:
        self.bus.meter.model.metering.advance(seconds)
        answer = self.bus.short(self.bit.in_control(0x5B), 1)
        assert answer != self.last or not self.last or self.repeated
        self.repeated = False
        if answered:
            self.bit.accepted()
        else:
            assert self.bus.short(self.bit.in_control(0x5B), 1) == answer
            self.repeated = True
        self.last = answer

    @rule(octets=st.binary(min_size=1, max_size=20).filter(lambda data: data[0] not in (0x10, 0x68)))
    def noise(self, octets: bytes) -> None:
        assert self.bus.octets(octets) == b""

    @invariant()
    def answers_decode(self) -> None:
        if self.last:
            assert isinstance(mbus.frame_from_bytes(self.last), mbus.LongFrame)

    repeated = False


TestConversation = Conversation.TestCase
TestConversation.settings = settings(max_examples=25, stateful_step_count=15, deadline=None)
