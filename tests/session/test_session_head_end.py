"""What the head end makes of scripted answers: registers, lists, provoked reactions, idle waits, polls of Actor A."""

from collections.abc import Callable, Mapping, Sequence

import pytest

from harness.declaration import CosemObject
from harness.errors import NonConformity, ProtocolViolation, Refused
from harness.evidence.trace import read_trace
from harness.headend.client import item
from harness.headend.desk import OnDemandRequest
from harness.headend.on_demand import poll_device
from harness.headend.registers import read_clock, read_list, read_register
from harness.headend.stimuli.provoke import provoke
from tests.session.conftest import Place, Reading, Request, Say, Script

CLOCK = bytes.fromhex("0000010000FF")
REGISTER = bytes.fromhex("0100010800FF")
GET = bytes.fromhex("C001C100030100010800FF0200")
NOON = "090C07EA0302010C000000000000"
NOON_INVALID = "090C07EA0302010C000000000001"
WH = "02020FFF161E"


def attributes(values: Mapping[int, str]) -> Script:
    """Answer single reads of the register's attributes with these A-XDR octets."""

    def script(request: Request) -> list[Say] | None:
        if request.apdu[:2] != b"\xc0\x01" or REGISTER not in request.apdu:
            return None
        return [Say(apdu=b"\xc4\x01" + request.invoke + b"\x00" + bytes.fromhex(values[request.apdu[11]]))]

    return script


def test_register_has_value_unit_and_scaler(place: Place, reading_at: Callable[[str], Reading]) -> None:
    reading = reading_at("wrapper")
    place.meter.script = attributes({2: "0600003039", 3: WH})
    register = read_register(reading.client, reading.register, "TR-Conf.08a")
    assert str(register.value) == "1234.5"
    assert register.scaler_unit.unit_name == "Wh"


@pytest.mark.parametrize(
    ("value", "unit"), [("0901AA", WH), ("00", WH), ("0600003039", "00"), ("0600003039", "02020F00")], ids=range(4)
)
def test_register_of_another_form_is_a_finding_of_the_clause(
    place: Place, reading_at: Callable[[str], Reading], value: str, unit: str
) -> None:
    reading = reading_at("wrapper")
    place.meter.script = attributes({2: value, 3: unit})
    # The last unit is cut short, which the answer's own structure shows first.
    with pytest.raises(NonConformity) as found:
        read_register(reading.client, reading.register, "TR-Conf.08a")
    assert found.value.clause in ("TR-Conf.08a", "TR-Conf.99a")


def test_register_that_is_refused_raises_with_the_answers_name(
    place: Place, reading_at: Callable[[str], Reading]
) -> None:
    reading = reading_at("wrapper")
    place.meter.script = lambda request: (
        [Say(apdu=b"\xc4\x01" + request.invoke + b"\x01\x03")] if request.asks_register else None
    )
    with pytest.raises(Refused) as refused:
        read_register(reading.client, reading.register, "TR-Conf.08a")
    assert refused.value.answer == "dar:3"
    with pytest.raises(Refused):
        reading.client.read(reading.wanted)


def listing(*items: str) -> Script:
    """Answer every list with these items, everything else about the register with its unit."""

    def script(request: Request) -> Sequence[Say] | None:
        if request.apdu[:2] == b"\xc0\x03":
            raw = bytes([len(items)]) + b"".join(map(bytes.fromhex, items))
            return [Say(apdu=b"\xc4\x03" + request.invoke + raw)]
        return attributes({2: "1105", 3: WH})(request)

    return script


def test_bad_item_of_a_list_stays_at_its_place(place: Place, reading_at: Callable[[str], Reading]) -> None:
    reading = reading_at("wrapper")
    place.meter.script = listing("001105", "0104", "001107")
    listed = read_list(reading.client, [reading.wanted] * 3)
    assert [one.error for one in listed] == [None, "dar:4", None]
    assert [one.data is None for one in listed] == [False, True, False]


def clock_of(place: Place) -> CosemObject:
    clock = place.declaration.object("clock")
    assert isinstance(clock, CosemObject)
    return clock


@pytest.mark.parametrize(
    ("clock", "register", "valid", "error"),
    [
        (NOON, "00" + "0600003039", True, None),
        (NOON_INVALID, "00" + "0600003039", False, None),
        (NOON, "0104", True, "dar:4"),
    ],
    ids=["sound", "clock-invalid", "register-refused"],
)
def test_poll_for_actor_a_gives_what_the_meter_gave(
    place: Place, reading_at: Callable[[str], Reading], clock: str, register: str, valid: bool, error: str | None
) -> None:
    reading = reading_at("wrapper")
    place.meter.script = listing("00" + clock, register)
    result = poll_device(
        reading.client,
        OnDemandRequest(device="m", registers=("energy",)),
        {"energy": reading.register},
        clock_of(place),
        "BI.01.step3",
    )
    assert result.clock_valid is valid
    assert (result.readings[0].error, result.readings[0].value is None) == (error, error is not None)
    assert str(result.time).startswith("2026-03-02 12:00:00")


def test_poll_whose_clock_is_refused_has_no_time(place: Place, reading_at: Callable[[str], Reading]) -> None:
    reading = reading_at("wrapper")
    place.meter.script = listing("0104", "00" + "0600003039")
    result = poll_device(
        reading.client, OnDemandRequest(device="m", registers=("e",)), {"e": reading.register}, clock_of(place), "c"
    )
    assert (result.time, result.clock_valid) == (None, False)


@pytest.mark.parametrize("value", ["1105", "0903010203", "0A03414243"], ids=range(3))
def test_clock_of_another_form_is_a_violation(place: Place, reading_at: Callable[[str], Reading], value: str) -> None:
    reading = reading_at("wrapper")
    place.meter.script = lambda request: (
        [Say(apdu=b"\xc4\x01" + request.invoke + b"\x00" + bytes.fromhex(value))] if CLOCK in request.apdu else None
    )
    with pytest.raises(ProtocolViolation):
        read_clock(reading.client, clock_of(place))


PROVOKED: tuple[tuple[Say | None, str], ...] = (
    (Say(apdu=bytes.fromhex("C401C10104")), "dar:4"),
    (Say(apdu=bytes.fromhex("C401C1001105")), "data"),
    (Say(apdu=bytes.fromhex("D80202")), "exception:2/2"),
    (Say(apdu=bytes.fromhex("0E010601")), "confirmed:1/6/1"),
    (Say(apdu=bytes.fromhex("C401C100")), "malformed"),
    (Say(hang_up=True), "closed"),
    (None, "silence"),
)


@pytest.mark.parametrize("door", ["wrapper", "hdlc"])
@pytest.mark.parametrize(("said", "name"), PROVOKED, ids=[name for _, name in PROVOKED])
def test_every_reaction_has_a_name(
    place: Place, reading_at: Callable[[str], Reading], door: str, said: Say | None, name: str
) -> None:
    reading = reading_at(door)
    place.meter.script = lambda request: ([said] if said else []) if request.asks_register else None
    assert provoke(reading.client.conversation, GET, 0xC1).name == name


@pytest.mark.parametrize(("repeat", "frames"), [(False, 1), (True, 3)])
def test_what_is_provoked_is_repeated_unless_silence_is_judged(
    place: Place, reading_at: Callable[[str], Reading], repeat: bool, frames: int
) -> None:
    reading = reading_at("hdlc")
    place.meter.deaf = lambda now: True
    before = len(list(read_trace(place.trace_path)))
    assert provoke(reading.client.conversation, GET, 0xC1, repeat=repeat).name == "silence"
    sent = [record for record in list(read_trace(place.trace_path))[before:] if record["kind"] == "tx"]
    assert len(sent) == frames


def test_idle_wait_is_in_the_trace_from_open_to_close(place: Place) -> None:
    place.meter.deaf = lambda now: now < 60.0
    head_end = place.head_end("wrapper")
    assert head_end.recover()
    kinds: dict[int, list[str]] = {}
    for record in read_trace(place.trace_path):
        if "link" in record:
            kinds.setdefault(record["link"], []).append(record["kind"])
    assert ["open", "quiet", "close"] in kinds.values()
    assert all(one[0] == "open" and one[-1] == "close" for one in kinds.values())


@pytest.mark.parametrize("call", ["services", "conversation"])
def test_client_without_an_association_is_a_mistake_of_ours(place: Place, call: str) -> None:
    client = place.head_end("wrapper").associate("reading")
    client.close()
    with pytest.raises(ValueError, match="not associated"):
        getattr(client, call)


def test_items_address_declared_objects(place: Place) -> None:
    descriptor, selection = item(clock_of(place), 2)
    assert (descriptor.class_id, descriptor.attribute, selection) == (8, 2, None)
