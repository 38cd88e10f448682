"""Meters that answer wrongly, late, too much or not at all: every exchange ends in time and says whose fault it is."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from harness.errors import (
    ConnectionLost,
    DecodeError,
    DeviceError,
    Garbled,
    Inconclusive,
    NonConformity,
    ProtocolViolation,
    Refused,
    Silent,
)
from tests.session.conftest import AARE, VALUE, Place, Reading, Request, Say

Says = Callable[[Request], list[Say]]
Raised = type[DeviceError]

NOTIFICATION = bytes.fromhex("0F000000010009027E7E")
EVENT = bytes.fromhex("C20000030100010800FF020600000001")
VERSION_2 = bytes.fromhex("0002000100020000")
FOR_ANOTHER = bytes.fromhex("000100010063000100")
EXCHANGED = bytes.fromhex("000100020001000100")
NOISE = bytes.fromhex("80FF13A5C3E101") * 3


def ok(request: Request, value: bytes = VALUE) -> bytes:
    return b"\xc4\x01" + request.invoke + b"\x00" + value


def other_id(request: Request) -> bytes:
    return b"\xc4\x01" + bytes([request.invoke[0] ^ 0x05]) + b"\x00" + VALUE


def block(request: Request, number: int, raw: bytes, *, last: bool = False) -> bytes:
    length = bytes([len(raw)]) if len(raw) < 128 else b"\x81" + bytes([len(raw)])
    return b"\xc4\x02" + request.invoke + bytes([last]) + number.to_bytes(4, "big") + b"\x00" + length + raw


def due_block(request: Request) -> int:
    return int.from_bytes(request.apdu[3:7], "big") + 1 if request.apdu[:2] == b"\xc0\x02" else 1


def half(octets: bytes) -> list[tuple[float, bytes]]:
    return [(0.0, octets[: len(octets) // 2])]


def drip(gap_s: float) -> Callable[[bytes], list[tuple[float, bytes]]]:
    return lambda octets: [(at * gap_s, octets[at : at + 1]) for at in range(len(octets))]


def five_pieces(octets: bytes) -> list[tuple[float, bytes]]:
    size = -(-len(octets) // 5)
    return [(at * 0.01, octets[at : at + size]) for at in range(0, len(octets), size)]


def twice(octets: bytes) -> list[tuple[float, bytes]]:
    return [(0.0, octets + octets)]


def with_last_octet_changed(octets: bytes) -> list[tuple[float, bytes]]:
    return [(0.0, octets[:-3] + bytes([octets[-3] ^ 1]) + octets[-2:])]


def followed_by(more: bytes) -> Callable[[bytes], list[tuple[float, bytes]]]:
    return lambda octets: [(0.0, octets + more)]


@dataclass(frozen=True, kw_only=True)
class Broken:
    """How the meter answers a request for the register, and what an exchange makes of it."""

    name: str
    says: Says
    wrapper: Raised
    hdlc: Raised
    saying: str = ""
    """A part of the message."""

    def raised(self, door: str) -> Raised:
        return self.wrapper if door == "wrapper" else self.hdlc


def broken(name: str, says: Says, wrapper: Raised, hdlc: Raised | None = None, saying: str = "") -> Broken:
    return Broken(name=name, says=says, wrapper=wrapper, hdlc=hdlc or wrapper, saying=saying)


BROKEN = (
    broken("silence", lambda r: [], Silent, saying="nothing"),
    broken("noise", lambda r: [Say(raw=NOISE)], ProtocolViolation, Garbled),
    broken("noise for ever", lambda r: [Say(raw=NOISE, after_s=at) for at in range(40)], ProtocolViolation, Garbled),
    broken("half a frame, then closed", lambda r: [Say(apdu=ok(r), shape=half, hang_up=True)], ConnectionLost),
    broken("half a frame, then silence", lambda r: [Say(apdu=ok(r), shape=half)], Garbled),
    broken("closed at once", lambda r: [Say(hang_up=True)], ConnectionLost),
    broken("one octet a second", lambda r: [Say(apdu=ok(r), shape=drip(1.0))], Garbled),
    broken("an answer to another request", lambda r: [Say(apdu=other_id(r))], ProtocolViolation, saying="invoke-id"),
    broken("half a minute late", lambda r: [Say(apdu=ok(r), after_s=30.0)], Silent),
    broken(
        "blocks without end",
        lambda r: [Say(apdu=block(r, due_block(r), bytes(100)))],
        ProtocolViolation,
        saying="without end",
    ),
    broken(
        "blocks of one octet without end",
        lambda r: [Say(apdu=block(r, due_block(r), bytes(1)))],
        ProtocolViolation,
        saying="257 octets in 257 blocks",
    ),
    broken(
        "empty blocks without end",
        lambda r: [Say(apdu=block(r, due_block(r), b""))],
        ProtocolViolation,
        saying="0 octets in 9 blocks",
    ),
    broken(
        "a block left out",
        lambda r: [Say(apdu=block(r, due_block(r) + (due_block(r) > 1), bytes(4)))],
        ProtocolViolation,
        saying="block 3 where block 2 is due",
    ),
    broken(
        "the same block again",
        lambda r: [Say(apdu=block(r, 1, bytes(4)))],
        ProtocolViolation,
        saying="block 1 where block 2 is due",
    ),
    broken(
        "an undivided answer to a request for a block",
        lambda r: [Say(apdu=block(r, 1, bytes(4)) if due_block(r) == 1 else ok(r))],
        ProtocolViolation,
        saying="get-response-normal",
    ),
    broken("an array with too few elements", lambda r: [Say(apdu=ok(r, b"\x01\x03\x11\x01\x11\x02"))], DecodeError),
    broken("an array with too many elements", lambda r: [Say(apdu=ok(r, b"\x01\x01\x11\x01\x11\x02"))], DecodeError),
    broken("an octet behind the value", lambda r: [Say(apdu=ok(r, VALUE + b"\x00"))], DecodeError),
    broken("a nesting bomb", lambda r: [Say(apdu=ok(r, b"\x01\x01" * 100 + b"\x00"))], DecodeError),
    broken("an array of a billion", lambda r: [Say(apdu=ok(r, b"\x01\x84\x3b\x9a\xca\x00\x00"))], DecodeError),
    broken("an APDU of an unknown kind", lambda r: [Say(apdu=b"\x99\x01\x02")], DecodeError),
    broken("an AARE", lambda r: [Say(apdu=AARE)], ProtocolViolation, saying="AARE"),
    broken("a set-response", lambda r: [Say(apdu=b"\xc5\x01" + r.invoke + b"\x00")], ProtocolViolation),
    broken("an exception", lambda r: [Say(apdu=b"\xd8\x01\x01")], Refused, saying="operation-not-possible"),
    broken("a confirmed service error", lambda r: [Say(apdu=b"\x0e\x05\x05\x01")], Refused, saying="read"),
    broken(
        "nothing but notifications",
        lambda r: [Say(apdu=NOTIFICATION)] * 300,
        ProtocolViolation,
        saying="200 APDUs",
    ),
    broken("a wrapper header of version 2", lambda r: [Say(raw=VERSION_2)], ProtocolViolation, Garbled),
    broken("a wrapper frame for another client", lambda r: [Say(raw=FOR_ANOTHER)], Silent, Garbled),
    broken("a wrapper frame with its ends exchanged", lambda r: [Say(raw=EXCHANGED)], ProtocolViolation, Garbled),
)  # fmt: skip

DOORS = ("wrapper", "hdlc")


def on_the_register(says: Says, *, only_first: bool = False) -> Callable[[Request], list[Say] | None]:
    done = 0

    def script(request: Request) -> list[Say] | None:
        nonlocal done
        if not request.asks_register or (only_first and done):
            return None
        done += 1
        return says(request)

    return script


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("case", BROKEN, ids=lambda case: case.name)
def test_broken_answer_ends_the_exchange_in_time(
    place: Place, reading_at: Callable[[str], Reading], door: str, case: Broken
) -> None:
    reading = reading_at(door)
    place.meter.script = on_the_register(case.says)
    with pytest.raises(case.raised(door)) as ended:
        reading.get()
    assert case.saying in str(ended.value)


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("case", BROKEN, ids=lambda case: case.name)
def test_broken_answer_each_time_is_a_finding(
    place: Place, reading_at: Callable[[str], Reading], door: str, case: Broken
) -> None:
    reading = reading_at(door)
    place.meter.script = on_the_register(case.says)
    if case.raised(door) is Refused:
        with pytest.raises(Refused):
            reading.client.read(reading.wanted)
        return
    with pytest.raises(NonConformity) as found:
        reading.client.read(reading.wanted)
    assert found.value.clause == "TR-Conf.99a"
    assert "repeated over a new connection" in found.value.observed
    assert found.value.frame


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("case", [case for case in BROKEN if case.wrapper is not Refused], ids=lambda case: case.name)
def test_answer_broken_once_is_put_down_to_the_line(
    place: Place, reading_at: Callable[[str], Reading], door: str, case: Broken
) -> None:
    reading = reading_at(door)
    # Blocks are broken in several answers of one read, so the second association is the sound one.
    broken_links = {place.meter.links[-1].number}
    place.meter.script = lambda request: (
        case.says(request) if request.asks_register and request.link in broken_links else None
    )
    with pytest.raises(Inconclusive) as ended:
        reading.client.read(reading.wanted)
    assert ended.value.missing == "line"
    assert "GET 1.0.1.8.0.255 attribute 2" in str(ended.value)


def third_of_value(request: Request, number: int) -> bytes:
    return block(request, number, VALUE[number * 2 - 2 :][:2], last=number == 3)


def between(*before: bytes) -> Says:
    return lambda request: [Say(apdu=one) for one in (*before, ok(request))]


LEGAL: tuple[tuple[str, Says], ...] = (
    ("in five segments", lambda r: [Say(apdu=ok(r), shape=five_pieces)]),
    ("slowly, but in time", lambda r: [Say(apdu=ok(r), shape=drip(0.03))]),
    ("after half the silence", lambda r: [Say(apdu=ok(r), after_s=1.0)]),
    ("after a data-notification", between(NOTIFICATION)),
    ("after an event-notification", between(EVENT)),
    ("after the answer to an older request", lambda r: [Say(apdu=other_id(r)), Say(apdu=ok(r), after_s=0.1)]),
    ("in blocks", lambda r: [Say(apdu=third_of_value(r, due_block(r)))]),
)  # fmt: skip


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(("name", "says"), LEGAL, ids=[name for name, _ in LEGAL])
def test_legal_answer_is_taken(
    place: Place, reading_at: Callable[[str], Reading], door: str, name: str, says: Says
) -> None:
    reading = reading_at(door)
    place.meter.script = on_the_register(says)
    assert reading.get() == VALUE
    kept = reading.client.conversation.notifications
    assert len(kept) == ("notification" in name)
    place.meter.script = lambda request: None
    assert reading.get() == VALUE, "the conversation is still of use"


@pytest.mark.parametrize("door", DOORS)
def test_flags_inside_the_content_are_content(place: Place, reading_at: Callable[[str], Reading], door: str) -> None:
    reading = reading_at(door)
    flags = b"\x09\x06\x7e\x7e\xa0\x07\x7e\x7e"
    place.meter.script = on_the_register(lambda request: [Say(apdu=ok(request, flags))])
    assert reading.get() == flags


@pytest.mark.parametrize("door", DOORS)
def test_second_answer_in_the_segment_does_not_answer_the_next_request(
    place: Place, reading_at: Callable[[str], Reading], door: str
) -> None:
    reading = reading_at(door)
    values = iter((b"\x11\x01", b"\x11\x02"))
    place.meter.script = on_the_register(lambda request: [Say(apdu=ok(request, next(values)), shape=twice)])
    assert reading.get() == b"\x11\x01"
    assert reading.get() == b"\x11\x02"


def test_octets_behind_the_answer_are_found_in_the_next_exchange(
    place: Place, reading_at: Callable[[str], Reading]
) -> None:
    reading = reading_at("wrapper")
    place.meter.script = on_the_register(
        lambda request: [Say(apdu=ok(request), shape=followed_by(b"\xff\xff"))], only_first=True
    )
    assert reading.get() == VALUE
    with pytest.raises(ProtocolViolation, match="begin no other"):
        reading.get()
