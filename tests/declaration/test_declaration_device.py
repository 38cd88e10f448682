from collections.abc import Callable

import pytest
from pydantic import ValidationError

from harness.declaration import (
    CONFORMANCE_DEFAULT,
    EFFECTS,
    ROLES,
    Absent,
    CosemObject,
    Declaration,
    Effects,
    check_answers,
    check_ceilings,
)
from harness.errors import DeclarationError, Inconclusive, NonConformity, NotApplicable

Load = Callable[[str], Declaration]


def test_defaults_are_those_of_the_template(tiny: Declaration) -> None:
    wan, optical = tiny.doors
    assert (wan.connections, wan.associations, wan.largest_answer_octets) == (1, 1, 16 * 1024 * 1024)
    assert (wan.timing.response_time_s, wan.timing.connect_timeout_s, wan.timing.reconnect_delay_s) == (1, 5, 0)
    assert (wan.timing.inactivity_timeout_s, wan.timing.repetitions) == (120, None)
    assert (optical.hdlc.max_information_transmit, optical.hdlc.max_information_receive) == (128, 128)
    assert (optical.hdlc.window_transmit, optical.hdlc.window_receive) == (1, 1)
    assert optical.hdlc.propose_parameters
    reading = tiny.association("reading")
    assert (reading.server_sap, reading.context, reading.max_receive_pdu_size) == (1, "ln", 1024)
    assert reading.conformance == CONFORMANCE_DEFAULT
    assert not reading.pre_established
    profile = tiny.profiles["load_profile"]
    assert (profile.selective_access, profile.order, profile.jitter_s) == (("range", "entry"), "fifo", 1)
    assert not profile.compressed
    assert (tiny.clock.tolerance_s, tiny.clock.sync_limit_s, tiny.clock.dst) == (2, 60, True)
    assert (tiny.metering.freshness_s, tiny.metering.accuracy_class, tiny.metering.atomic_list) == (10, 2, True)
    assert tiny.ciphering_error_policy == "silent"
    assert tiny.effects.allowed == {"reads"}
    assert tiny.identity.roles == ("meter",)
    assert not tiny.redacted


def test_declaration_is_frozen(tiny: Declaration) -> None:
    with pytest.raises(ValidationError):
        tiny.test_keys = False
    with pytest.raises(ValidationError):
        tiny.doors[0].timing.response_time_s = 9.0


@pytest.mark.parametrize(
    ("url", "protocol", "repetitions"),
    [
        ("tcp://h:1", "wrapper", 0),
        ("udp://h:1", "wrapper", 2),
        ("impaired+udp://h:1?drop=0.1", "wrapper", 2),
        ("impaired+tcp://h:1?drop=0.1", "wrapper", 0),
        ("loop://x", "wrapper", 0),
        ("loop://x?door=wrapper-udp", "wrapper", 2),
        ("tcp://h:1", "hdlc", 2),
        ("loop://x", "hdlc", 2),
    ],
)
def test_repetitions_default_to_two_where_octets_can_get_lost(
    url: str, protocol: str, repetitions: int, base: str, load: Load
) -> None:
    text = base.replace('protocol = "wrapper"\nurl = "tcp://192.0.2.1:4059"', f'protocol = "{protocol}"\nurl = "{url}"')
    door = load(text).door("wan")
    assert door.repetitions == repetitions
    text = text.replace(f'url = "{url}"', f'url = "{url}"\ntiming = {{ repetitions = 1 }}', 1)
    assert load(text).door("wan").repetitions == 1


def test_upper_address_is_the_server_sap_unless_declared(base: str, load: Load) -> None:
    text = base.replace("client_sap = 2", "client_sap = 2\nserver_sap = 16")
    declaration = load(text)
    reading = declaration.association("reading")
    assert declaration.door("optical").logical_device(reading) == 16
    declaration = load(text.replace("physical_device = 17", "physical_device = 17\nlogical_device = 0"))
    assert declaration.door("optical").logical_device(reading) == 0


def test_unknown_doors_and_associations_are_told(tiny: Declaration) -> None:
    with pytest.raises(
        DeclarationError, match=r':12: doors: has no "wann", did you mean "wan"\?; allowed: wan, optical$'
    ):
        tiny.door("wann")
    with pytest.raises(DeclarationError, match=r':26: associations: has no "x"; allowed: reading$'):
        tiny.association("x")


def test_associations_are_found_by_role(tiny: Declaration) -> None:
    assert tiny.association_of("reading") is tiny.association("reading")
    assert tiny.association_of("management") is None


def test_association_is_limited_to_the_doors_that_it_names(base: str, load: Load) -> None:
    tiny = load(base.replace('role = "reading"', 'role = "reading"\ndoors = ["optical"]'))
    assert tiny.association_of("reading", "wan") is None
    assert tiny.association_of("reading", "optical") is tiny.association_of("reading")
    with pytest.raises(DeclarationError, match=r'doors\[0\]: is "optic", which is no door'):
        load(base.replace('role = "reading"', 'role = "reading"\ndoors = ["optic"]'))


def test_client_of_another_door_may_have_a_number_too_high_for_hdlc(base: str, load: Load) -> None:
    text = base.replace("client_sap = 2", 'client_sap = 300\ndoors = ["wan"]')
    assert load(text).association("reading").client_sap == 300


def test_good_exchanges_need_a_probe(base: str, load: Load) -> None:
    start, end = base.index("[[associations]]"), base.index("[profiles")
    with pytest.raises(DeclarationError, match=r"objects\.probe: is logical_device_name, which is not declared"):
        _ = load(base[:start] + base[end:]).probe


def test_bench_tells_the_constant_load(base: str, load: Load) -> None:
    assert load(base).bench.constant_load_w is None
    declared = load(base + '[bench]\nload = "realtime"\nconstant_load = { import_w = 230 }\n')
    assert declared.bench.constant_load_w == (230.0, 0.0)


def test_mechanisms_have_their_numbers(base: str, load: Load) -> None:
    assert load(base).association("reading").mechanism_id == 1
    text = base.replace('"lls"\nsecret = "text:hush-hush"', '"none"')
    assert load(text).association("reading").mechanism_id == 0


def test_objects_are_found_by_role(base: str, load: Load) -> None:
    tiny = load(base.replace("[profiles", 'power_export = "absent"\n\n[profiles'))
    profile = tiny.object("load_profile")
    assert isinstance(profile, CosemObject)
    assert (profile.class_id, profile.obis, profile.logical_name) == (7, "1.0.99.1.0.255", b"\x01\x00\x63\x01\x00\xff")
    assert tiny.object("power_export") is Absent.ABSENT
    assert tiny.object("clock") is None
    tariffs = tiny.objects_of("energy_import_tariffs")
    assert isinstance(tariffs, tuple)
    assert [tariff.obis for tariff in tariffs] == ["1.0.1.8.1.255", "1.0.1.8.2.255"]
    assert tiny.object("energy_import_tariffs") == tariffs[0]
    with pytest.raises(ValueError, match="unknown role 'clok'"):
        tiny.object("clok")


def test_required_objects_are_given(tiny: Declaration) -> None:
    assert tiny.require("load_profile", clause="TR-Conf.06a").class_id == 7
    assert len(tiny.require_all("energy_import_tariffs", clause="MF.3")) == 2


def test_required_object_that_is_not_mentioned_is_inconclusive(tiny: Declaration) -> None:
    with pytest.raises(Inconclusive) as caught:
        tiny.require("clock", clause="BI.01.step3")
    assert caught.value.missing == "declaration"
    assert "objects.clock" in caught.value.reason


def test_denying_what_the_requirements_demand_is_a_finding(base: str, load: Load) -> None:
    text = base[: base.index("[profiles")].replace('{ class = 7, obis = "1.0.99.1.0.255" }', '"absent"')
    with pytest.raises(NonConformity) as caught:
        load(text).require("load_profile", clause="TR-Conf.06a")
    assert (caught.value.clause, caught.value.note) == ("TR-Conf.06a", "declared absent")
    with pytest.raises(NonConformity) as caught:
        load(text).require("load_profile", clause="SU3.step2")
    assert caught.value.clause == "TR-Conf.06a", "found out by another clause's scenario"
    with pytest.raises(NotApplicable):
        load(text.replace('"electricity"', '"gas"')).require("load_profile", clause="TR-Conf.06a")


def test_denying_what_the_requirements_leave_open_makes_it_not_applicable(base: str, load: Load) -> None:
    declaration = load(base.replace("[profiles", 'power_export = "absent"\n\n[profiles'))
    with pytest.raises(NotApplicable) as caught:
        declaration.require("power_export", clause="TR-Conf.08a")
    assert caught.value.item == "objects.power_export"


def test_every_role_takes_each_of_its_classes(base: str, load: Load) -> None:
    for role, expected in ROLES.items():
        for class_id in expected.classes:
            table = f'{{ class = {class_id}, obis = "1.0.1.8.0.255", version = 1 }}'
            start = base.index("[objects]")
            entry = f"{role} = [{table}]" if expected.many else f"{role} = {table}"
            ldn = (
                ""
                if role == "logical_device_name"
                else 'logical_device_name = { class = 1, obis = "0.0.42.0.0.255" }\n'
            )
            assert load(f"{base[:start]}[objects]\n{ldn}{entry}\n").object(role) is not None


def test_single_word_allows_all_effects_before_it() -> None:
    assert Effects.model_validate({"ceiling": "clears"}).allowed == {"reads", "writes", "sets_clock", "clears"}
    assert Effects.model_validate({"ceiling": ["clears"]}).allowed == {"reads", "clears"}
    assert Effects.model_validate({"ceiling": "irreversible"}).allowed == set(EFFECTS)


def test_irreversible_effects_want_the_serial_number(base: str, load: Load) -> None:
    effects = '[effects]\nceiling = ["irreversible"]\nirreversible_serial = "77"\n'
    assert "irreversible" in load(base + effects).effects.allowed


CONDITIONS = {"unknown_object": ("dar:4", "dar:9"), "access_denied": ("dar:3",)}


def test_answers_may_choose_among_those_of_the_catalogue(base: str, load: Load) -> None:
    declaration = load(
        base.replace('url = "loop://tiny"', 'url = "loop://tiny"\nanswers = { unknown_object = ["dar:9"] }')
    )
    check_answers(declaration, CONDITIONS)
    assert declaration.answers_of("unknown_object", declaration.door("wan")) == ("dar:4",)
    assert declaration.answers_of("unknown_object", declaration.door("optical")) == ("dar:9",)
    assert declaration.answers_of("access_denied", declaration.door("optical")) is None


def test_answers_never_widen_those_of_the_catalogue(base: str, load: Load) -> None:
    text = base.replace('["dar:4"]', '["dar:4", "dar:250"]\nunknown_objects = ["dar:4"]')
    text = text.replace("[doors.hdlc]", '[doors.answers]\naccess_denied = ["silence"]\n[doors.hdlc]')
    with pytest.raises(DeclarationError) as caught:
        check_answers(load(text), CONDITIONS)
    told = [line.partition("device.toml:")[2] for line in str(caught.value).split("\n")]
    assert told == [
        '23: doors[1].answers.access_denied[0]: "silence" is not accepted here; allowed: dar:3',
        '48: answers.unknown_object[1]: "dar:250" is not accepted here; allowed: dar:4, dar:9',
        '49: answers.unknown_objects: is no condition, did you mean "unknown_object"?; allowed: '
        "unknown_object, access_denied",
    ]


def test_times_and_tolerances_stay_below_the_ceiling_of_the_catalogue(base: str, load: Load) -> None:
    text = base.replace('url = "loop://tiny"', 'url = "loop://tiny"\ntiming = { response_time_s = 31 }')
    declaration = load(text)
    check_ceilings(declaration, {"response_time_s": 31.0, "inter_octet_timeout_s": 1.0})
    with pytest.raises(
        DeclarationError, match=r":21: doors\[1\]\.timing\.response_time_s: is 31.0; allowed: at most 30.0$"
    ):
        check_ceilings(declaration, {"response_time_s": 30.0})
    with pytest.raises(DeclarationError) as caught:
        check_ceilings(declaration, {"clock_tolerance_s": 1.0, "accuracy_class_percent": 1.0})
    told = [line.rpartition("device.toml: ")[2] for line in str(caught.value).split("\n")]
    assert told == [
        "clock.tolerance_s: is 2.0; allowed: at most 1.0",
        "metering.accuracy_class: is 2.0; allowed: at most 1.0",
    ]


def test_placeholders_are_filled_everywhere(base: str, load: Load) -> None:
    text = base.replace("192.0.2.1:4059", "127.0.0.1:{port.dlms}").replace("loop://tiny", "serial://{folder}/tty")
    text += '[bench]\ncontrol = "tcp://127.0.0.1:{port.control}"\n'
    text += '[lab]\ndevice_command = ["{python}", "--in={folder}", "--at", "127.0.0.1:{port.dlms}"]\n'
    declaration = load(text)
    assert declaration.placeholder_ports() == {"dlms", "control"}
    given = declaration.with_placeholders({"dlms": 5001, "control": 5002}, "/tmp/run", "/usr/bin/python3")
    assert [door.url for door in given.doors] == ["tcp://127.0.0.1:5001", "serial:///tmp/run/tty"]
    assert given.bench.control == "tcp://127.0.0.1:5002"
    assert given.lab.device_command == ("/usr/bin/python3", "--in=/tmp/run", "--at", "127.0.0.1:5001")
    assert given.placeholder_ports() == frozenset()
    assert declaration.door("wan").url == "tcp://127.0.0.1:{port.dlms}"
    with pytest.raises(DeclarationError, match=r"device\.toml:12: doors"):
        given.door("nowhere")
    with pytest.raises(ValueError, match=r"no value for the placeholder \{port\.control\}"):
        declaration.with_placeholders({"dlms": 5001}, "/tmp/run", "python")


def test_control_takes_an_ipv6_address(base: str, load: Load) -> None:
    assert load(base + '[bench]\ncontrol = "tcp://[::1]:4060"\n').bench.control == "tcp://[::1]:4060"
