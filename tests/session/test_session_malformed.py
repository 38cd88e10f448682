"""What a malformed frame may bring about, and what is never sent at all."""

from typing import Any

import pytest

from harness.errors import Inconclusive
from harness.headend.stimuli.hammer import AssociationHammer, LinkHammer, RequestHammer, open_client
from harness.headend.stimuli.malformed import Demand, cannot_be_valid, demand_of, is_harmless
from harness.protocol.hdlc import Frame
from harness.protocol.wrapper import WrapperFrame
from harness.wire.recipe import Recipe
from tests.session.conftest import Place, Reading, Say

GET = bytes.fromhex("C001C100030100010800FF0200")


def wrapped(apdu: bytes, client: int = 16) -> bytes:
    return WrapperFrame(source=client, destination=1, payload=apdu).to_bytes()


def framed(apdu: bytes, address: bytes = b"\x03") -> bytes:
    information = bytes.fromhex("E6E600") + apdu
    return Frame(destination=address, source=b"\x21", control=0x10, segmented=False, information=information).to_bytes()


def recipe(layer: Any, field: str, **how: Any) -> Recipe:
    return Recipe(layer=layer, field=field, mutation=how.pop("mutation", "flip"), **how)


@pytest.mark.parametrize("length", range(13))
def test_a_request_that_is_cut_short_cannot_be_valid(length: int) -> None:
    assert cannot_be_valid(GET[:length])


@pytest.mark.parametrize(
    "octets",
    [
        GET,
        GET + b"\x00\x01",  # octets behind a whole request may be passed over
        GET[:-1] + b"\xff",  # any octet but 0 may say that a selection follows
        bytes.fromhex("C002C100000001"),
        bytes.fromhex("C001C100030100010800FF7F00"),  # another attribute, which may exist
        bytes.fromhex("E0C0000100000D") + GET,
        bytes.fromhex("DB00") + GET,
    ],
)
def test_what_may_be_valid_is_not_judged(octets: bytes) -> None:
    assert not cannot_be_valid(octets)


@pytest.mark.parametrize("octets", ["C07FC100030100010800FF0200", "7A01C100030100010800FF0200", "61", "C4", "00"])
def test_unknown_choices_and_tags_cannot_be_answered_with_data(octets: str) -> None:
    assert cannot_be_valid(bytes.fromhex(octets))


def test_demands() -> None:
    cut = recipe("apdu", "octets", mutation="cut", at=9)
    assert demand_of(cut, wrapped(GET[:9]), "wrapper", {1}) is Demand.NO_DATA
    assert demand_of(cut, wrapped(GET), "wrapper", {1}) is Demand.NOTHING
    assert demand_of(recipe("wrapper", "version"), b"\x00\x02" + wrapped(GET)[2:], "wrapper", {1}) is Demand.SILENCE
    assert demand_of(recipe("wrapper", "length"), wrapped(GET), "wrapper", {1}) is Demand.NOTHING
    assert demand_of(recipe("hdlc", "fcs"), framed(GET), "hdlc", {1}) is Demand.SILENCE
    assert demand_of(recipe("hdlc", "control"), framed(GET), "hdlc", {1}) is Demand.NOTHING


@pytest.mark.parametrize(
    ("address", "devices", "demand"),
    [
        ("1B", {1}, Demand.SILENCE),  # logical device 13, reserved
        ("1B", {1, 13}, Demand.NOTHING),
        ("21", {1}, Demand.NOTHING),  # logical device 16, which the meter may have
        ("7F", {1}, Demand.NOTHING),
        ("1A23", {1}, Demand.SILENCE),
        ("020203", {1}, Demand.SILENCE),  # three octets, which no address has
    ],
)
def test_only_addresses_of_nobody_demand_silence(address: str, devices: set[int], demand: Demand) -> None:
    to = recipe("hdlc", "destination")
    assert demand_of(to, framed(GET, bytes.fromhex(address)), "hdlc", devices) is demand


def test_nothing_is_sent_that_would_change_the_device_or_pose_as_somebody_else() -> None:
    assert is_harmless(wrapped(GET), "wrapper", 16)
    assert is_harmless(b"\xff" * 20, "wrapper", 16)
    assert not is_harmless(wrapped(GET, client=1), "wrapper", 16)
    for tag in ("C1", "C3", "C8", "C9", "CB", "21", "D1", "D3", "D9", "06", "DB", "E0", "E6"):
        assert not is_harmless(wrapped(bytes.fromhex(tag) + GET[1:]), "wrapper", 16)
        assert not is_harmless(framed(bytes.fromhex(tag) + GET[1:]), "hdlc", 16)


@pytest.mark.parametrize("door", ["wrapper", "udp", "hdlc"])
def test_a_spoilt_request_goes_out_in_an_association_that_is_kept(place: Place, door: str) -> None:
    head_end = place.head_end(door)
    place.meter.script = lambda request: [Say(apdu=b"\xd8\x02\x03")] if request.apdu[:2] == b"\xc0\x7f" else None
    hammer = RequestHammer(head_end, open_client(head_end, without_secret=False), Reading(place, door).register)
    choice = recipe("apdu", "octets", at=1, octets=b"\x7e")
    first, second = hammer.strike(choice), hammer.strike(choice)
    assert first is not None
    assert second is not None
    assert (first.reaction.name, first.demand) == ("exception:2/3", Demand.NO_DATA)
    assert len({request.link for request in place.meter.requests if request.apdu[:2] == b"\xc0\x7f"}) == 1
    assert hammer.good_request().data is not None
    assert hammer.strike(recipe("apdu", "octets", at=0, octets=b"\x01")) is None  # would be a SET
    hammer.rest()


def test_a_spoilt_association_request_and_a_spoilt_link_request(place: Place) -> None:
    head_end = place.head_end("hdlc")
    public = open_client(head_end, without_secret=True)
    assert public.id == "public"
    stroke = AssociationHammer(head_end, public).strike(recipe("apdu", "octets", mutation="cut", at=9))
    assert stroke is not None
    assert stroke.reaction.name.startswith("aare:")
    damaged = LinkHammer(head_end, public).strike(recipe("hdlc", "fcs", number=1))
    assert damaged is not None
    assert (damaged.reaction.name, damaged.demand) == ("silence", Demand.SILENCE)
    sound = LinkHammer(head_end, public).strike(recipe("hdlc", "control", mutation="set", number=0x53))
    assert sound is not None
    assert (sound.reaction.name, sound.demand) == ("ua", Demand.NOTHING)


def test_without_a_client_that_needs_no_secret_no_association_request_is_spoilt(place: Place) -> None:
    head_end = place.head_end("wrapper")
    others = tuple(one for one in place.declaration.associations if one.mechanism_id)
    head_end.declaration = place.declaration.model_copy(update={"associations": others})
    assert open_client(head_end, without_secret=False).id == "reading"
    with pytest.raises(Inconclusive, match="no client without a secret"):
        open_client(head_end, without_secret=True)
