import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference_meter.faults import FAULTS
from reference_meter.loop import make
from reference_meter.meter import DOORS, Meter
from reference_meter.server.link import Close, Send, ServerLink
from reference_meter.variants import VARIANTS

ROOT = Path(__file__).parents[2]

PUBLIC_AARQ = "601D A109060760857405080101 BE10040E 01000000065F1F0400 001E1D 0400"
NOTIFIED_AARQ = "601D A109060760857405080101 BE10040E 01000000065F1F0400 001E9F 0400"
GET_CLOCK = "C001C1 0008 0000010000FF 02 00"
GET_NAME = "C001C1 0001 00002A0000FF 02 00"
TEN_LOCAL = "c401c100090c 07ea030201 0b000000ffc400".replace(" ", "")
DATA_NOTIFICATION = (
    "0F00000001 0C 07ea0302010b000000ffc400 0202 090c 07ea0302010b000000ffc400 0910" + b"CFM0000000000001".hex()
)
EVENT_NOTIFICATION = "C200 0008 0000010000FF 02 090c 07ea0302010b000000ffc400"


def wrapped(apdu: str, client: int = 16) -> bytes:
    octets = bytes.fromhex(apdu)
    return b"\x00\x01" + client.to_bytes(2, "big") + b"\x00\x01" + len(octets).to_bytes(2, "big") + octets


def heard(link: ServerLink) -> list[str]:
    return [event.data.hex() for event in link.take_events() if isinstance(event, Send)]


def ask(link: ServerLink, apdu: str, line_now: float = 0.0, client: int = 16) -> list[str]:
    link.receive(wrapped(apdu, client), line_now)
    return [message[16:] for message in heard(link)]


def test_links_of_all_doors_share_one_state() -> None:
    meter = make({})
    stream, datagrams, line = (meter.open(door, 0.0) for door in ("wrapper", "wrapper-udp", "hdlc"))
    assert meter.links == [stream, datagrams, line]
    for link in (stream, datagrams):
        assert ask(link, PUBLIC_AARQ)[0].startswith("61")
    assert ask(stream, GET_CLOCK) == [TEN_LOCAL]
    assert meter.control({"op": "advance", "seconds": 3600})["utc"] == "2026-03-02T11:00:00+00:00"
    assert ask(datagrams, GET_CLOCK) == [TEN_LOCAL.replace("0b000000", "0c000000")]


def test_hdlc_door_answers_snrm() -> None:
    line = make({}).open("hdlc", 3.0)
    # SNRM of client 16 to server 1, without parameters.
    line.receive(bytes.fromhex("7EA0070321930F017E"), 3.0)
    (event,) = line.take_events()
    assert isinstance(event, Send)
    assert event.data[5] == 0x73
    assert event.due == pytest.approx(3.02)


def test_unknown_door_and_options_name_what_is_allowed() -> None:
    with pytest.raises(ValueError, match=r"unknown door 'm-bus'; allowed: wrapper, wrapper-udp, hdlc"):
        make({}).open("m-bus", 0.0)
    for options, text in (
        ({"speed": "9"}, "unknown option 'speed'; allowed: variant, deviation, draw"),
        ({"variant": "big"}, "unknown variant 'big'; allowed: default, small-pdu"),
        ({"deviation": "sulks"}, "unknown deviation 'sulks'; allowed: .*refuses-association-of-one-client"),
        ({"deviation": "clock-time-frozen", "draw": "x"}, "draw is a number"),
        ({"draw": "1"}, "draw needs a deviation"),
    ):
        with pytest.raises(ValueError, match=text):
            make(options)


def test_bench_moves_time_and_load() -> None:
    meter = make({})
    now = {"utc": "2026-03-02T10:00:00+00:00", "local": "2026-03-02T11:00:00", "deviation_min": -60}
    now["true_utc"] = now["utc"]
    assert meter.control({"op": "now"}) == {"ok": True, **now}
    assert meter.control({"op": "set_load", "import_w": 1800, "export_w": 0.0}) == {"ok": True}
    before = meter.model.metering.energy.register_value("import", None, 0)
    assert meter.control({"op": "advance", "seconds": 10})["utc"] == "2026-03-02T10:00:10+00:00"
    assert meter.model.metering.energy.register_value("import", None, 0) - before == 5
    assert meter.control({"op": "clock_invalid"}) == {"ok": True}
    assert meter.model.metering.clock.status() == 1
    assert meter.control({"op": "fired"}) == {"ok": True, "fired": 0}


def test_a_clock_that_is_fast_leaves_the_true_time_alone() -> None:
    meter = make({})
    assert meter.control({"op": "drift", "ppm": 100.0}) == {"ok": True}
    now = meter.control({"op": "advance", "seconds": 10_000})
    assert (now["utc"], now["true_utc"]) == ("2026-03-02T12:46:41+00:00", "2026-03-02T12:46:40+00:00")


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        (
            {},
            "unknown op None; allowed: now, advance, set_load, clock_invalid, drift, drop_links, seal, button",
        ),
        ({"op": "fly"}, "unknown op 'fly'"),
        ({"op": "now", "seconds": 1}, "unknown key 'seconds'; allowed: op"),
        ({"op": "advance"}, "seconds is a number, not None"),
        ({"op": "advance", "seconds": True}, "seconds is a number"),
        ({"op": "advance", "seconds": float("nan")}, "seconds is a number"),
        ({"op": "advance", "seconds": -1}, "seconds is from 0"),
        ({"op": "advance", "seconds": 1e30}, "seconds is from 0"),
        ({"op": "set_load", "import_w": "1"}, "import_w is a number"),
        ({"op": "set_load", "import_w": -5}, "import_w is from 0"),
        ({"op": "drift", "ppm": "fast"}, "ppm is from -100000 to 100000"),
        ({"op": "seal"}, "open is true or false, not None"),
        ({"op": "seal", "open": 1}, "open is true or false, not 1"),
        ([1], "a request is a JSON object"),
    ],
)
def test_wrong_order_of_the_bench_changes_nothing(request_: object, error: str) -> None:
    meter = make({})
    answer = meter.control(request_)
    assert answer["ok"] is False
    assert error in answer["error"]
    assert meter.control({"op": "now"})["utc"] == "2026-03-02T10:00:00+00:00"


def test_dropped_links_are_cut_and_lose_their_associations() -> None:
    meter = make({})
    links = [meter.open("wrapper", 1.0), meter.open("hdlc", 1.0)]
    ask(links[0], PUBLIC_AARQ, 1.5)
    assert meter.model.open_associations == {(1, 16)}
    meter.tick(2.0)
    assert meter.control({"op": "drop_links"}) == {"ok": True}
    for link in links:
        assert link.take_events() == [Close(due=2.0)]
    assert meter.model.open_associations == set()
    assert meter.links == []
    assert ask(meter.open("wrapper", 2.0), GET_NAME, 2.0) == ["d80101"]


def test_closed_links_are_forgotten() -> None:
    meter = make({})
    for number in range(100):
        meter.open("wrapper", float(number)).closed_by_peer(float(number))
    assert meter.next_due() is None
    assert len(meter.links) == 0


def test_line_time_and_metering_time_are_apart() -> None:
    meter = make({})
    link = meter.open("hdlc", 0.0)
    link.receive(bytes.fromhex("7EA0070321930F017E"), 0.0)
    link.take_events()
    meter.control({"op": "advance", "seconds": 366 * 86_400})
    assert meter.next_due() == 120.0
    meter.tick(119.0)
    link.receive(bytes.fromhex("7EA0070321930F017E"), 119.0)
    assert heard(link)
    assert meter.control({"op": "now"})["utc"] == "2027-03-03T10:00:00+00:00"


def test_slow_variant_notifies_once_before_its_first_answer() -> None:
    link = make({"variant": "slow"}).open("wrapper", 0.0)
    assert len(ask(link, NOTIFIED_AARQ)) == 1
    data, event, answer = ask(link, GET_CLOCK)
    assert bytes.fromhex(data) == bytes.fromhex(DATA_NOTIFICATION)
    assert bytes.fromhex(event) == bytes.fromhex(EVENT_NOTIFICATION)
    assert answer == TEN_LOCAL
    assert ask(link, GET_CLOCK) == [TEN_LOCAL]
    link.receive(wrapped(GET_CLOCK), 9.0)
    assert [event.due for event in link.take_events()] == [pytest.approx(9.8)]


def test_slow_variant_keeps_quiet_where_nothing_was_negotiated() -> None:
    link = make({"variant": "slow"}).open("wrapper", 0.0)
    ask(link, PUBLIC_AARQ)
    assert ask(link, GET_CLOCK) == [TEN_LOCAL]


def test_small_pdu_variant_sends_blocks() -> None:
    link = make({"variant": "small-pdu"}).open("wrapper", 0.0)
    ask(link, PUBLIC_AARQ)
    (answer,) = ask(link, "C001C1 000F 0000280000FF 02 00")
    assert answer.startswith("c402c100")
    assert len(answer) == 2 * 64


def patched(data: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    merged = dict(data)
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
            continue
        merged[key] = patched(merged.get(key, {}), value) if isinstance(value, dict) else value
    return merged


@pytest.mark.parametrize("name", VARIANTS)
def test_variant_is_what_its_declaration_says(name: str) -> None:
    variant = VARIANTS[name]
    base = tomllib.loads((ROOT / "devices" / "reference-loop.toml").read_text())
    declared = patched(base, variant.declaration)
    meter = make(variant.options)
    role = next(association for association in declared["associations"] if association["role"] == "reading")
    client = role["client_sap"]
    if "secret" in role:
        assert meter.model.authenticate(client, 1, role["secret"].removeprefix("text:").encode())
    else:
        assert meter.model.security is not None
        keys, declared_keys = meter.model.security.cipher_keys, role["security"]
        assert f"hex:{keys.encryption.hex()}" == declared_keys["encryption_key"].lower()
        assert f"hex:{keys.authentication.hex()}" == declared_keys["authentication_key"].lower()
        assert meter.model.security.server_title.hex() == declared_keys["server_system_title"]
    for key, entry in declared["objects"].items():
        for each in entry if isinstance(entry, list) else [entry]:
            if each == "absent":
                continue
            code = bytes(map(int, each["obis"].split(".")))
            assert meter.model.get(client, each["class"], code, 1, None) == (9, code), key
    profile = declared["profiles"]["load_profile"]
    assert meter.model.metering.profile.period_s == profile["period_s"]
    assert meter.model.metering.profile.entries == profile["entries"]
    assert meter.model.metering.profile.compressed == profile.get("compressed", False)
    assert meter.configuration.serial_number.decode() == declared["identity"]["serial"]
    assert meter.configuration.firmware_id.decode() == declared["identity"]["firmware"]


@pytest.mark.parametrize("name", ["default", *VARIANTS])
def test_declared_clients_and_events_are_those_of_the_meter(name: str) -> None:
    declared = tomllib.loads((ROOT / "devices" / "reference-loop.toml").read_text())
    if name in VARIANTS:
        declared = patched(declared, VARIANTS[name].declaration)
    configuration = make({"variant": name}).configuration
    assert {one["id"]: one["client_sap"] for one in declared["associations"]} == {
        client.name: client.sap for client in configuration.clients
    }
    events = configuration.events
    noted: dict[str, tuple[int, str]] = {
        role: (event.code, f"{event.log}_log") for role, event in events.events.items()
    }
    noted["log_cleared"] = (events.log_cleared, "")
    if not configuration.has_seal:
        noted = {role: event for role, event in noted.items() if not role.startswith("seal_")}
    assert noted == {
        role: (event["code"], event.get("log", ""))
        for role, event in declared["events"].items()
        # What the parameter monitor keeps of changes is no event of the meter.
        if event != "absent" and event.get("log") != "parameter_monitor_log"
    }


def test_faults_list_everything_with_names_of_their_own() -> None:
    names = [deviation.name for deviation in FAULTS.deviations()]
    names += [variant.name for variant in FAULTS.variants()]
    assert len(names) == len(set(names))
    assert len(FAULTS.variants()) == len(VARIANTS) >= 13
    for variant in FAULTS.variants():
        assert variant.options == {"variant": variant.name}
        assert json.dumps(variant.declaration)


@given(st.sampled_from(sorted(DOORS)), st.lists(st.binary(max_size=80), max_size=6))
@settings(max_examples=60, deadline=None)
def test_garbage_leaves_the_meter_usable(door: str, pieces: list[bytes]) -> None:
    meter = make({})
    link = meter.open(door, 0.0)
    for number, piece in enumerate(pieces):
        link.receive(piece, float(number))
        link.take_events()
    fresh = meter.open("wrapper", 50.0)
    ask(fresh, PUBLIC_AARQ, 50.0)
    assert ask(fresh, GET_CLOCK, 50.0) == [TEN_LOCAL]


def test_meter_is_the_composition_of_model_and_server() -> None:
    meter = make({})
    assert isinstance(meter, Meter)
    assert meter.server.model is meter.model
