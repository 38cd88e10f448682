"""Requests that ask for no answer: within an association, without one, and to all stations."""

from collections.abc import Callable

import pytest

from harness.declaration import parse_declaration, read_data
from harness.errors import Inconclusive, NotApplicable
from harness.evidence.trace import read_trace
from harness.protocol import apdu as xdlms
from harness.protocol import axdr
from tests.session.conftest import DEVICE, Place, Reading, Request, Say

DOORS = pytest.mark.parametrize("door", ["wrapper", "udp", "hdlc"])
SET = bytes.fromhex("C1010100030100010800FF020006000000FF")
ACTION = bytes.fromhex("C3010200030100010800FF01010F00")
NUMBER = axdr.Data(axdr.DataType.DOUBLE_LONG_UNSIGNED, 255)
NULL = axdr.Data(axdr.DataType.INTEGER, 0)


def quiet_meter(request: Request) -> list[Say] | None:
    """Answer whatever asks for an answer."""
    return None if request.apdu[0] in (0x60, 0x62) or request.invoke[0] & 0x40 else []


def with_pre_established(place: Place, **more: object) -> None:
    data = read_data(DEVICE)
    associations = data["associations"]
    assert isinstance(associations, list)
    declared = {"id": "always", "role": "other", "client_sap": 102, "mechanism": "none", "pre_established": True}
    associations.append({**declared, **more})
    place.declaration = parse_declaration(data, name="scripted", check_url=lambda url, protocol: None)


@DOORS
def test_unconfirmed_requests_are_sent_and_nobody_waits(
    place: Place, reading_at: Callable[[str], Reading], door: str
) -> None:
    place.meter.script = quiet_meter
    reading = reading_at(door)
    reading.client.send_unconfirmed_set(reading.wanted, NUMBER)
    reading.client.send_unconfirmed_action(reading.register, 1, NULL)
    assert reading.get() == bytes.fromhex("0600000001")
    assert [request.apdu for request in place.meter.requests][1:3] == [SET, ACTION]
    assert reading.client.conversation.unasked == []


@DOORS
def test_answer_to_an_unconfirmed_request_is_kept_and_the_right_one_taken(
    place: Place, reading_at: Callable[[str], Reading], door: str
) -> None:
    reading = reading_at(door)
    place.meter.script = lambda request: (
        [Say(apdu=b"\xc5\x01" + request.invoke + b"\x00")] if request.apdu[0] == 0xC1 else None
    )
    reading.client.send_unconfirmed_set(reading.wanted, NUMBER)
    assert reading.get() == bytes.fromhex("0600000001")
    assert [one.octets for one in reading.client.conversation.unasked] == [bytes.fromhex("C5010100")]


@DOORS
def test_listening_finds_an_answer_that_nobody_asked_for(
    place: Place, reading_at: Callable[[str], Reading], door: str
) -> None:
    place.meter.script = quiet_meter
    reading = reading_at(door)
    reading.client.send_unconfirmed_set(reading.wanted, NUMBER)
    assert reading.client.conversation.overhear() is None
    place.meter.script = lambda request: [Say(apdu=b"\xc5\x01" + request.invoke + b"\x03", after_s=1.0)]
    reading.client.send_unconfirmed_set(reading.wanted, NUMBER)
    heard = reading.client.conversation.overhear()
    assert heard is not None
    assert isinstance(heard.answer, xdlms.SetResponseNormal)
    assert heard.answer.result == 3


def test_long_unconfirmed_request_goes_in_as_many_segments_as_it_takes(
    place: Place, reading_at: Callable[[str], Reading]
) -> None:
    place.meter.script = quiet_meter
    reading = reading_at("hdlc")
    octets = axdr.Data(axdr.DataType.OCTET_STRING, bytes(range(220)))
    reading.client.send_unconfirmed_set(reading.wanted, octets)
    with pytest.raises(ValueError, match="not sent in blocks"):
        reading.client.services.send_unconfirmed_set(reading.wanted, bytes(600))
    assert place.meter.requests[-1].apdu.endswith(bytes(range(220)))


@DOORS
def test_pre_established_client_sends_without_an_association_request(place: Place, door: str) -> None:
    with_pre_established(place)
    place.meter.script = quiet_meter
    head_end = place.head_end(door)
    client = head_end.pre_established()
    client.send_unconfirmed_set(Reading(place, "wrapper").wanted, NUMBER)
    client.close()
    assert [(one.client, one.apdu) for one in place.meter.requests if one.client == 102] == [(102, SET)]
    with pytest.raises(ValueError, match="not associated"):
        _ = client.association


@pytest.mark.parametrize("which", [None, "other", "always"])
def test_pre_established_client_is_found_by_role_and_id(place: Place, which: str | None) -> None:
    with_pre_established(place)
    assert place.head_end("wrapper").pre_established(which).declared.id == "always"


def test_pre_established_client_that_is_not_there_is_told(place: Place) -> None:
    with pytest.raises(Inconclusive, match="does not mention a pre-established association"):
        place.head_end("wrapper").pre_established()
    with_pre_established(place, doors=["hdlc"])
    with pytest.raises(Inconclusive, match="does not mention a pre-established association reading"):
        place.head_end("hdlc").pre_established("reading")
    with pytest.raises(NotApplicable, match="door wrapper takes no client always"):
        place.head_end("wrapper").pre_established()


@pytest.mark.parametrize(
    ("door", "frame"),
    [
        ("wrapper", "0001 0002 007F 0012 " + SET.hex()),
        ("udp", "0001 0002 007F 0012 " + SET.hex()),
    ],
)
def test_broadcast_over_the_wrapper_goes_to_all_stations(place: Place, door: str, frame: str) -> None:
    place.meter.script = lambda request: []
    head_end = place.head_end(door)
    assert head_end.broadcast(place.declaration.associations[1], SET) == b""
    sent = [bytes.fromhex(record["data"]) for record in read_trace(place.trace_path) if record["kind"] == "tx"]
    assert sent == [bytes.fromhex(frame)]


def test_broadcast_over_hdlc_is_one_ui_frame_to_the_all_station_address(place: Place) -> None:
    place.meter.deaf = lambda now: True
    head_end = place.head_end("hdlc")
    assert head_end.broadcast(place.declaration.associations[1], SET) == b""
    sent = [bytes.fromhex(record["data"]) for record in read_trace(place.trace_path) if record["kind"] == "tx"]
    assert len(sent) == 1
    octets = place.declaration.door("hdlc").hdlc.address_octets
    address = {1: "FF", 2: "FEFF", 4: "FEFEFEFF"}[octets]
    assert sent[0][3:].startswith(bytes.fromhex(address + "05" + "03"))
    assert sent[0].endswith(SET + sent[0][-3:])
    with pytest.raises(ValueError, match="in a UI frame"):
        head_end.broadcast(place.declaration.associations[1], SET + bytes(200))


def test_answer_to_a_broadcast_is_given_back(place: Place) -> None:
    place.meter.script = lambda request: [Say(apdu=bytes.fromhex("C5010100"))]
    assert place.head_end("wrapper").broadcast(place.declaration.associations[1], SET).endswith(b"\xc5\x01\x01\x00")


def test_user_of_the_client_is_named_in_the_association_request(place: Place) -> None:
    with_pre_established(place, id="user", client_sap=3, pre_established=False, user_id=7)
    place.head_end("wrapper").associate_declared(place.declaration.associations[-1])
    assert bytes.fromhex("A903020107") in place.meter.requests[0].apdu
