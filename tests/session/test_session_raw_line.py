"""Raw octets over a door, and frames changed on their way out: what is sent, seen and recorded."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from harness.errors import ConnectionLost, Silent
from harness.evidence.trace import read_trace
from harness.headend.stimuli.provoke import provoke
from tests.session.conftest import AARE, Place, Reading, Say

AARQ_FRAME = bytes.fromhex("0001 0010 0001 001F 601DA109060760857405080101BE10040E01000000065F1F0400007E1FFFFF")


def records(place: Place) -> list[dict[str, Any]]:
    return list(read_trace(place.trace_path))


def test_a_raw_line_carries_octets_as_they_are_and_records_them(place: Place) -> None:
    line = place.head_end("wrapper").raw_line()
    line.send(AARQ_FRAME, "association request")
    received = line.receive(1.0)
    line.close()
    line.close()
    assert received.endswith(AARE)
    kinds = [(record["kind"], record.get("data")) for record in records(place)]
    assert kinds == [
        ("open", None),
        ("tx", AARQ_FRAME.hex()),
        ("rx", received.hex()),
        ("quiet", None),
        ("close", None),
    ]
    assert records(place)[1]["event"] == "association request"
    assert line.frame == 3


def test_silence_lasts_as_long_as_asked_and_no_longer(place: Place) -> None:
    line = place.head_end("wrapper").raw_line()
    before = line.now
    assert line.quiet(3.0)
    assert line.now - before == pytest.approx(3.0)
    assert line.lost is None


def test_enough_octets_end_the_wait(place: Place) -> None:
    line = place.head_end("wrapper").raw_line()
    before = line.now
    line.send(AARQ_FRAME)
    assert line.receive(60.0, enough=8)
    assert line.now - before < 1.0


def test_a_raw_line_has_no_link_of_its_own(place: Place) -> None:
    line = place.head_end("hdlc").raw_line()
    line.send(bytes.fromhex("7EA00702010361D4A17E"), "to nobody")
    line.close()
    assert [record["kind"] for record in records(place)] == ["open", "tx", "close"]


def test_a_line_that_the_device_ends_says_so(place: Place) -> None:
    place.meter.script = lambda request: [Say(raw=b"\x01\x02", hang_up=True)]
    line = place.head_end("wrapper").raw_line()
    line.send(AARQ_FRAME)
    assert line.receive(5.0) == b"\x01\x02"
    assert line.lost is not None
    assert line.quiet(5.0)
    with pytest.raises(ConnectionLost):
        line.send(b"\x00")
    assert [record["kind"] for record in records(place)] == ["open", "tx", "rx", "lost"]


def test_the_head_end_closes_raw_lines_with_everything_else(place: Place) -> None:
    head_end = place.head_end("wrapper")
    head_end.raw_line()
    head_end.close_all()
    assert records(place)[-1]["kind"] == "close"


@pytest.mark.parametrize("door", ["wrapper", "udp", "hdlc"])
def test_frames_are_changed_on_their_way_out(reading_at: Callable[[str], Reading], door: str) -> None:
    reading = reading_at(door)
    seen: list[tuple[bytes, int]] = []

    def doubled(octets: bytes, number: int) -> list[bytes]:
        seen.append((octets, number))
        return [octets, octets]

    before = len(records(reading.place))
    with reading.client.conversation.tampering(doubled):
        reading.get()
    sent = [record["data"] for record in records(reading.place)[before:] if record["kind"] == "tx"]
    assert [number for _, number in seen] == list(range(1, len(seen) + 1))
    assert sent == [octets.hex() for octets, _ in seen for _ in range(2)]


def test_a_dropped_frame_is_not_sent_and_tampering_ends_with_its_block(reading_at: Callable[[str], Reading]) -> None:
    reading = reading_at("wrapper")
    before = len(reading.place.meter.requests)
    with reading.client.conversation.tampering(lambda octets, number: ()), pytest.raises(Silent):
        reading.get()
    assert len(reading.place.meter.requests) == before
    assert reading.get()


def test_a_damaged_frame_is_recorded_as_sent(reading_at: Callable[[str], Reading]) -> None:
    reading = reading_at("hdlc")

    def damaged(octets: bytes, number: int) -> list[bytes]:
        return [octets[:-3] + bytes([octets[-3] ^ 0xFF]) + octets[-2:]]

    with reading.client.conversation.tampering(damaged):
        reaction = provoke(reading.client.conversation, bytes.fromhex("C001C100030100010800FF0200"), 1, repeat=False)
    assert reaction.name == "silence"
    sent = [record for record in records(reading.place) if record["kind"] == "tx"][-1]
    assert sent["event"].startswith("changed: ")


def test_no_octet_of_a_secret_is_recorded_where_a_frame_was_changed(place: Place) -> None:
    head_end = place.head_end("wrapper")
    secret = place.declaration.association_of("reading")
    assert secret is not None
    password = next(one.reveal() for _, one in place.declaration.secrets())
    conversation = head_end.connect(secret)

    def shifted(octets: bytes, number: int) -> list[bytes]:
        at = octets.index(password)
        return [octets[: at + 2] + b"\xff" + octets[at + 2 :]]

    with conversation.tampering(shifted):
        provoke(conversation, b"\x60\x0a\xac\x08" + password, repeat=False)
    text = json.dumps(records(place))
    assert password[:2].hex() + "ff" not in text
    assert password[2:].hex() not in text
