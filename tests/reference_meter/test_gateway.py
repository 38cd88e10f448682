import pytest

from reference_meter.gateway.gateway import OWN, Gateway
from reference_meter.gateway.loop import make
from reference_meter.gateway.settings import GatewaySettings
from reference_meter.gateway.variants import VARIANTS
from reference_meter.server.link import Send, ServerLink

AARQ = "601DA109060760857405080101BE10040E01000000065F1F040000 1E1D 0400"
GET_NAME = "C001C1 0001 00002A0000FF 02 00"
NOT_POSSIBLE = "d80101"
FIRST, LAST = "flat-1-electricity", "flat-3-electricity"


def ask(
    link: ServerLink, apdu: str, *, client: int = 16, server: int = 1, line_now: float = 0.0
) -> list[tuple[str, float]]:
    """Send one APDU and return each answer without its wrapper, with the time at which it is due."""
    octets = bytes.fromhex(apdu)
    ports = client.to_bytes(2, "big") + server.to_bytes(2, "big")
    link.receive(b"\x00\x01" + ports + len(octets).to_bytes(2, "big") + octets, line_now)
    return [(event.data[8:].hex(), event.due) for event in link.take_events() if isinstance(event, Send)]


def codes(gateway: Gateway, log: str) -> list[tuple[int, bytes]]:
    rows = gateway.logs.logs["interaction" if log == "interaction" else "condition"].profile.rows
    return [(row.values[1][1], row.values[2][1]) for row in rows]


def let(gateway: Gateway, name: str, condition: str) -> None:
    assert gateway.control({"op": "child", "name": name, "condition": condition}) == {"ok": True}


def name_of(answer: str) -> bytes:
    return bytes.fromhex(answer)[-16:]


def test_envelope_leads_to_its_device_and_back() -> None:
    gateway = Gateway()
    link = gateway.open("wrapper", 0.0)
    for at, own, place in (
        ("e6010101", b"CFM0000000000101", "e7010101"),
        ("e602020203", b"CFM0000000000103", "e702020203"),
    ):
        ((opened, _),) = ask(link, at + AARQ)
        assert opened.startswith(place + "61")
        ((answer, _),) = ask(link, at + GET_NAME)
        assert answer.startswith(place + "c401c1")
        assert name_of(answer) == own
    assert codes(gateway, "interaction") == [
        (10, FIRST.encode()),
        (11, FIRST.encode()),
        (10, LAST.encode()),
        (11, LAST.encode()),
    ]


def test_without_envelope_the_gateway_answers_itself() -> None:
    gateway = Gateway()
    link = gateway.open("wrapper", 0.0)
    ask(link, AARQ)
    ((answer, _),) = ask(link, GET_NAME)
    assert name_of(answer) == b"CFM0000000000100"
    assert codes(gateway, "interaction") == []


def test_nobody_at_an_address() -> None:
    gateway = Gateway()
    link = gateway.open("wrapper", 0.0)
    assert [answer for answer, _ in ask(link, "e6010177" + AARQ)] == ["e7010177" + NOT_POSSIBLE]
    assert ask(link, "e601") == []
    assert codes(gateway, "interaction") == codes(gateway, "condition") == []


@pytest.mark.parametrize(
    ("condition", "code", "wait_s"),
    [
        ("silent", 20, 3.0),
        ("late", 22, 1.0),
        ("damaged", 23, 1.0),
        ("foreign", 24, 1.0),
        ("undecipherable", 28, 1.0),
        ("replaying", 29, 1.0),
    ],
)
def test_trouble_is_told_late_and_recorded_once(condition: str, code: int, wait_s: float) -> None:
    gateway = Gateway()
    link = gateway.open("wrapper", 0.0)
    let(gateway, FIRST, condition)
    ((answer, due),) = ask(link, "e6010101" + AARQ, line_now=5.0)
    assert (answer, due) == ("e7010101" + NOT_POSSIBLE, 5.0 + wait_s)
    assert codes(gateway, "condition") == [(code, FIRST.encode())]
    assert codes(gateway, "interaction") == []


def test_silence_is_recorded_once_until_the_device_is_there_again() -> None:
    gateway = Gateway()
    link = gateway.open("wrapper", 0.0)
    let(gateway, LAST, "silent")
    for _ in range(3):
        ask(link, "e602020203" + AARQ)
    let(gateway, LAST, "good")
    ask(link, "e602020203" + AARQ)
    assert [code for code, _ in codes(gateway, "condition")] == [20, 21]


def test_an_old_answer_is_not_taken_for_a_new_one() -> None:
    gateway = Gateway()
    link = gateway.open("wrapper", 0.0)
    ask(link, "e6010101" + AARQ)
    let(gateway, FIRST, "replaying")
    ((answer, _),) = ask(link, "e6010101" + AARQ)
    assert answer == "e7010101" + NOT_POSSIBLE
    let(gateway, FIRST, "good")
    ask(link, "e6010101" + AARQ)
    assert [code for code, _ in codes(gateway, "condition")] == [29]
    assert [code for code, _ in codes(gateway, "interaction")] == [10, 10]


def test_a_removed_device_is_neither_listed_nor_asked_and_its_records_stay() -> None:
    gateway = Gateway()
    link = gateway.open("wrapper", 0.0)
    ask(link, "e602020203" + AARQ)
    gateway.registration.execute(6)
    assert [answer for answer, _ in ask(link, "e602020203" + AARQ)] == ["e702020203" + NOT_POSSIBLE]
    assert len(gateway.device_list()[1]) == 2
    gateway.registration.execute(5)
    gateway.registration.execute(5)
    ((answer, _),) = ask(link, "e602020203" + AARQ)
    assert answer.startswith("e70202020361")
    assert codes(gateway, "interaction") == [(code, LAST.encode()) for code in (10, 15, 14, 10)]


def test_announcements_stand_in_the_log_at_once() -> None:
    gateway = Gateway()
    let(gateway, FIRST, "tampered")
    let(gateway, LAST, "power_lost")
    assert codes(gateway, "condition") == [(26, FIRST.encode()), (27, LAST.encode())]


def test_wrong_orders_are_told() -> None:
    gateway = Gateway()
    assert "there are flat-1-electricity" in gateway.control({"op": "child", "name": "x", "condition": "good"})["error"]
    assert "condition is one of good" in gateway.control({"op": "child", "name": FIRST, "condition": "odd"})["error"]
    assert gateway.control({"op": "now"})["ok"] is True


def test_power_cut_keeps_the_records_and_time_is_the_same_for_all() -> None:
    gateway = Gateway()
    let(gateway, FIRST, "tampered")
    assert gateway.control({"op": "power_cut"})["ok"]
    assert gateway.control({"op": "advance", "seconds": 60})["ok"]
    assert gateway.control({"op": "power_restore"})["ok"]
    assert codes(gateway, "condition") == [(26, FIRST.encode())]
    assert {child.meter.model.metering.now for child in gateway.children} == {gateway.model.metering.now}


def test_devices_as_logical_devices() -> None:
    gateway = Gateway(OWN, GatewaySettings(routing="sap"))
    link = gateway.open("wrapper", 0.0)
    ask(link, AARQ, server=18)
    ((answer, _),) = ask(link, GET_NAME, server=18)
    assert name_of(answer) == b"CFM0000000000102"
    ask(link, AARQ)
    ((own, _),) = ask(link, GET_NAME)
    assert name_of(own) == b"CFM0000000000100"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"variant": "odd"}, "gateway-logical-devices"),
        ({"deviation": "odd"}, "device-list-doubled"),
        ({"colour": "red"}, "allowed: variant"),
        ({"draw": "1"}, "draw needs a deviation"),
    ],
)
def test_unknown_options_are_told_with_what_is_allowed(options: dict[str, str], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        make(options)


@pytest.mark.parametrize("name", VARIANTS)
def test_every_variant_can_be_made(name: str) -> None:
    assert make({"variant": name}).settings == VARIANTS[name].settings
