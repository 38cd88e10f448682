import re
import tomllib
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from harness.declaration import (
    EVENT_ROLES,
    NEEDS,
    ROLES,
    Available,
    CosemObject,
    Declaration,
    Event,
    LegallyRelevant,
    LockOut,
    Log,
    availability,
    check_ceilings,
    load_declaration,
)
from harness.declaration.section import Section

DEVICES = Path(__file__).parents[2] / "devices"


def _load(name: str) -> Declaration:
    return load_declaration(DEVICES / name, check_url=lambda url, protocol: None)


@pytest.mark.parametrize("name", sorted(path.name for path in DEVICES.glob("*.toml")))
@pytest.mark.skipif(not entry_points(group="conformeter.transports"), reason="the package is not installed")
def test_every_declaration_loads_with_its_urls_judged_by_the_transports(name: str) -> None:
    assert load_declaration(DEVICES / name).doors


def test_template_loads_as_it_is_and_holds_no_secret() -> None:
    template = _load("template.toml")
    assert template.effects.allowed == {"reads"}
    assert {secret.scheme for _, secret in template.secrets()} == {"env"}
    assert not template.test_keys


def _keys(section: Section) -> set[str]:
    return set(type(section).keys())


def test_template_shows_every_role_and_every_key() -> None:
    text = (DEVICES / "template.toml").read_text(encoding="utf-8")
    for role in ROLES:
        assert re.search(rf"^{role} = ", text, re.MULTILINE), role
    template = _load("template.toml")
    sections = [*template.doors, template]
    keys = {key for section in sections for key in _keys(section)}
    for part in ("hdlc", "timing"):
        keys |= _keys(getattr(template.doors[0], part))
    protection = ("security", "access", "metrology", "privacy", "robustness")
    for part in ("identity", "clock", "metering", *protection, "effects", "bench", "lab"):
        keys |= _keys(getattr(template, part))
    keys |= _keys(template.associations[0]) | _keys(template.profiles["load_profile"])
    security = template.association("ciphered").security
    assert security is not None
    keys |= _keys(security)
    for section in (Event, Log, LegallyRelevant, LockOut):
        keys |= set(section.keys())
    assert set(template.events.declared) == set(EVENT_ROLES)
    missing = [key for key in sorted(keys) if re.search(rf"\b{key}\b", text) is None]
    assert missing == []


def test_template_still_loads_with_every_option_uncommented(tmp_path: Path) -> None:
    text = (DEVICES / "template.toml").read_text(encoding="utf-8")
    text = re.sub(r"^# (\[doors\.answers\]|[a-z_]+ = (?!\"\.\.\.\").*)$", r"\1", text, flags=re.MULTILINE)
    path = tmp_path / "all.toml"
    path.write_text(text, encoding="utf-8")
    declaration = load_declaration(path, check_url=lambda url, protocol: None)
    assert declaration.door("wan").timing.reconnect_delay_s == 0.0
    assert declaration.answers_of("unknown_object", declaration.door("optical")) == ("dar:9",)
    assert declaration.placeholder_ports() == {"wan"}


def test_reference_meter_is_declared_alike_in_process_and_on_lines() -> None:
    in_process = tomllib.loads((DEVICES / "reference-loop.toml").read_text(encoding="utf-8"))
    on_lines = tomllib.loads((DEVICES / "reference.toml").read_text(encoding="utf-8"))
    assert on_lines["doors"][: len(in_process["doors"])] == in_process["doors"]
    for client in on_lines["associations"]:
        # Where silence takes real time, ciphering is tried on one door.
        assert set(client.pop("doors", [])) <= {door["id"] for door in on_lines["doors"]}
    shared = ("associations", "objects", "profiles", "events", "access", "metrology", "privacy", "effects")
    for section in shared:
        assert on_lines[section] == in_process[section], section


def test_reference_meter_has_what_scenarios_need() -> None:
    device = _load("reference-loop.toml")
    assert [door.id for door in device.dlms_doors] == ["loop-wrapper", "loop-hdlc"]
    lacking = {
        item
        for item in NEEDS
        for door in device.dlms_doors
        if not isinstance(availability(device, door, item, clause="TR-Conf.06d"), Available)
    }
    other_meters = {"security_log", "power_quality_log"}
    other_meters |= {"counter_jump_limit", "user_identification", "lock_out", "local_reconnection", "client_told"}
    other_doors = {"main_door", "hdlc_parameters", "consumer_key", "longer_lists", "data_request", "push_key"}
    other_doors |= {"formats"}
    of_gateways = {item for item in NEEDS if "device" in item} - {"logical_device_name", "bench_devices"}
    of_gateways |= {"gateway", "interaction_log", "condition_log", "recorded_interactions", "recorded_registrations"}
    assert lacking == other_meters | other_doors | of_gateways


def test_reference_gateway_has_what_its_scenarios_need() -> None:
    gateway = _load("reference-gateway.toml")
    items = [item for item in NEEDS if "device" in item]
    items += ["gateway", "interaction_log", "condition_log", "recorded_interactions", "recorded_once"]
    for item in items:
        assert isinstance(availability(gateway, gateway.doors[0], item, clause="TR-Conf.03a"), Available), item


def test_reference_meter_as_a_process_listens_where_its_doors_go() -> None:
    device = _load("reference.toml")
    ports = {name: 5000 + number for number, name in enumerate(sorted(device.placeholder_ports()))}
    assert set(ports) == {"tcp", "hdlc", "control", "push"}
    device = device.with_placeholders(ports, "/tmp/x", "python3")
    command = device.lab.device_command
    listens = {command[number + 1] for number, word in enumerate(command) if word == "--listen"}
    assert device.door("tcp").url in listens
    assert device.door("udp").url in listens
    assert device.door("hdlc-tcp").url.replace("tcp://", "hdlc+tcp://") in listens
    assert device.door("serial").url == "serial:///tmp/x/meter?baud=9600"
    assert "pty:///tmp/x/meter" in listens
    assert command[command.index("--control") + 1] == device.bench.control
    assert device.door("push-tcp").url == command[command.index("--push") + 1].replace("tcp://", "tcp-listen://")


def test_our_declarations_and_defaults_stay_below_the_ceilings_of_the_catalogue() -> None:
    book = tomllib.loads((DEVICES.parent / "requirements" / "accepted_answers.toml").read_text(encoding="utf-8"))
    ceilings = {row["id"]: row["value"] for row in book["ceiling"]}
    for path in sorted(DEVICES.glob("*.toml")):
        check_ceilings(_load(path.name), ceilings)
    defaults = {row["id"]: row["default"] for row in book["ceiling"]}
    device = _load("reference-loop.toml")
    assert device.doors[0].timing.response_time_s == defaults["response_time_s"]
    assert (device.clock.tolerance_s, device.clock.sync_limit_s) == (
        defaults["clock_tolerance_s"],
        defaults["sync_limit_s"],
    )
    assert device.profiles["load_profile"].jitter_s == defaults["jitter_s"]
    assert device.metering.freshness_s == defaults["freshness_s"]
    assert device.metering.accuracy_class == defaults["accuracy_class_percent"]


def test_reference_meter_probe_is_a_declared_object() -> None:
    device = _load("reference-loop.toml")
    assert isinstance(device.object(device.objects.probe), CosemObject)
