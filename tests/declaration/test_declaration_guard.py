"""How a device guards itself, and what it logs: declared, denied or not mentioned."""

from collections.abc import Callable

import pytest

from harness.declaration import (
    Absent,
    Available,
    Declaration,
    DeniedBySource,
    Event,
    Missing,
    NotOffered,
    availability,
)
from harness.errors import Inconclusive, NonConformity, NotApplicable

Load = Callable[[str], Declaration]


@pytest.mark.parametrize(
    ("policy", "general_protection", "deviates"),
    [
        ("silent", True, set()),
        ("mixed", True, {10, 11}),
        ("exception", False, {1, 2, 3, 4, 5, 7, 8, 10, 11}),
        ("exception", True, {1, 2, 3, 4, 5, 7, 8, 10, 11, 12}),
    ],
)
def test_declared_answers_to_wrong_ciphering(
    policy: str, general_protection: bool, deviates: set[int], base: str, load: Load
) -> None:
    device = load(base.replace("test_keys = true", f'test_keys = true\nciphering_error_policy = "{policy}"'))
    found = {
        number
        for number in range(1, 19)
        if device.answers_by_policy(f"C{number}", general_protection=general_protection)
    }
    assert found == deviates
    assert device.silence_is_judged("C12", general_protection=general_protection) is general_protection
    assert device.silence_is_judged("C1")
    assert not device.silence_is_judged("C14")
    with pytest.raises(ValueError, match="C1 to C18"):
        device.silence_is_judged("C19")


SECURED = """
[[associations]]
id = "{id}"
role = "{role}"
client_sap = {sap}
mechanism = "hls-gmac"
context = "ln-ciphered"
doors = ["{door}"]
[associations.security]
client_system_title = "4845530000000001"
encryption_key = "text:0123456789abcdef"
authentication_key = "text:0123456789abcdef"
"""


def test_first_ciphered_association_of_a_door_is_reading_before_management(base: str, load: Load) -> None:
    clients = [("m", "management", 3, "wan"), ("o", "other", 4, "wan"), ("r", "reading", 5, "wan")]
    more = "".join(SECURED.format(id=id, role=role, sap=sap, door=door) for id, role, sap, door in clients)
    device = load(base.replace("[objects]", more + "\n[objects]"))
    wan, optical = device.doors
    found = device.ciphered_association(wan)
    assert found is not None
    assert found.id == "r"
    managing = device.ciphered_association(wan, role="management")
    assert managing is not None
    assert managing.id == "m"
    assert device.ciphered_association(optical) is None
    assert isinstance(availability(device, wan, "second_ciphered_association", clause="TR-Conf.05b"), Available)
    assert isinstance(availability(device, optical, "ciphered_association", clause="TR-Conf.05b"), NotOffered)
    assert isinstance(availability(device, wan, "general_protection", clause="TR-Conf.05b"), NotOffered)
    assert isinstance(availability(device, wan, "management_key", clause="TR-Conf.05b"), Missing)


def test_events_are_codes_in_logs_absent_or_unknown(base: str, load: Load) -> None:
    events = (
        '[events]\nreplay = { code = 50, log = "fraud_log", accompanied_by = [13] }\nparameters_changed = "absent"\n'
    )
    events += 'power_up = "absent"\nlog_cleared = { code = 255 }\n'
    device = load(
        base.replace("[profiles", 'fraud_log = { class = 7, obis = "0.0.99.98.1.255" }\n[profiles', 1) + events
    )
    assert device.event("replay") == Event(code=50, log="fraud_log", accompanied_by=(13,))
    assert device.event("power_down") is None
    assert device.event("power_up") is Absent.ABSENT
    wan = device.doors[0]
    assert isinstance(availability(device, wan, "event_replay", clause="TR-Conf.05b"), Available)
    assert isinstance(availability(device, wan, "event_log_cleared", clause="TR-Conf.02a"), Available)
    assert isinstance(availability(device, wan, "event_power_up", clause="TR-Conf.02a"), NotOffered)
    assert isinstance(availability(device, wan, "event_power_down", clause="TR-Conf.02a"), Missing)
    assert availability(device, wan, "event_parameters_changed", clause="TR-Conf.05b") == DeniedBySource(
        clause="TR-Conf.02a", item="events.parameters_changed", reason="declared absent"
    )
    assert device.require_event("replay", clause="TR-Conf.05b").code == 50
    with pytest.raises(NonConformity) as caught:
        device.require_event("parameters_changed", clause="TR-Conf.11a")
    assert (caught.value.clause, caught.value.note) == ("TR-Conf.11a", "declared absent")
    with pytest.raises(NotApplicable):
        device.require_event("power_up", clause="TR-Conf.02a")
    with pytest.raises(Inconclusive):
        device.require_event("power_down", clause="TR-Conf.02a")
    with pytest.raises(ValueError, match="unknown event"):
        device.event("power_failure")


@pytest.mark.parametrize(
    ("access", "item", "answer"),
    [
        ("", "seal", Missing),
        ("seal = true\n", "seal", Available),
        ("seal = true\n", "sealed_parameter", Missing),
        ('seal = true\nsealed = [{ class = 1, obis = "1.0.0.4.2.255" }]\n', "sealed_parameter", Available),
        ("seal = false\n", "sealed_parameter", DeniedBySource),
        ("", "legally_relevant", Missing),
        ("", "lock_out", NotOffered),
        ("", "hdlc_parameters", NotOffered),
    ],
)
def test_what_guards_the_device_is_declared_or_asked_for(
    access: str, item: str, answer: type, base: str, load: Load
) -> None:
    device = load(base + "[access]\n" + access)
    assert isinstance(availability(device, device.doors[0], item, clause="TR-Conf.02c"), answer)
