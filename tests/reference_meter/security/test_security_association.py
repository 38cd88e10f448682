"""Ciphered associations from request to release, high level security, and the forms of protection."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from reference_meter.loop import configuration_of
from reference_meter.meter import Meter
from reference_meter.model.configuration import Client as ConfiguredClient
from reference_meter.play_keys import TEST_SECURITY
from reference_meter.security.ciphering import CipherKeys
from reference_meter.security.hls import Dialogue, digest_reply

GET_NAME = "C001C1 0001 00002A0000FF 02 00"
GOT_NAME = "c401c1000910" + b"CFM0000000000001".hex()
NOT_ASSOCIATED = bytes.fromhex("D80101")
# From public test code, equal to the standard's worked example: the client is 4D4D4D0000BC614E, counter 01234567.
AARQ_LLS = (
    "6066A109060760857405080103A60A04084D4D4D0000BC614E8A0207808B0760857405080201AC0A80083132333435363738"
    "BE34043221303001234567801302FF8A7874133D414CED25B42534D28DB0047720606B175BD52211BE6841DB204D39EE6FDB8E356855"
)


def meter_of(client: ConfiguredClient, **security: Any) -> Meter:
    configuration = configuration_of("ciphered")
    settings = replace(TEST_SECURITY, **security)
    return Meter(replace(configuration, clients=(client,), security=settings, history_days=0))


def test_association_request_of_others_is_deciphered(make_client: Callable[..., Any]) -> None:
    meter = meter_of(ConfiguredClient(sap=2, role="reading", mechanism=1, secret=b"12345678", ciphered=True))
    client = make_client(meter)
    client.title = bytes.fromhex("4D4D4D0000BC614E")
    (aare,) = client.send(bytes.fromhex(AARQ_LLS))
    assert bytes.fromhex("A109060760857405080103 A203020100 A305A103020100") in aare
    # Proposed 007E1F, of which all but attribute 0 referencing is there; the dedicated key of the request is in force.
    assert client.opened(aare[-31 - 2 :]).hex() == "0800065f1f0400005e1f04000007"
    client.dedicated = CipherKeys(
        encryption=bytes.fromhex("00112233445566778899AABBCCDDEEFF"), authentication=client.keys.authentication
    )
    (answer,) = client.send(client.dedicate(bytes.fromhex(GET_NAME)))
    assert answer[0] == 0xD4
    assert client.opened(answer).hex() == GOT_NAME
    assert meter.model.security is not None
    assert meter.model.security.announced_counter() == 0x01234567
    assert client.send(bytes.fromhex(AARQ_LLS)) == []


def test_third_and_fourth_pass_of_others(make_client: Callable[..., Any]) -> None:
    meter = meter_of(
        ConfiguredClient(sap=2, role="reading", mechanism=5), system_title=bytes.fromhex("4D4D4D0000BC614E")
    )
    meter.server.associations.make_challenge = lambda: b"P6wRJ21F"
    assert meter.model.security is not None
    sent = meter.model.security.counters
    sent._sent[TEST_SECURITY.keys.unicast] = 0x01234566
    client = make_client(meter)
    client.title = bytes.fromhex("4D4D4D0000000001")
    (aare,) = client.send(client.aarq(bytes.fromhex("01000000065F1F0400007E1F04B0"), context=1))
    assert bytes.fromhex("A203020100 A305A10302010E A40A04084D4D4D0000BC614E 88020780 8907 60857405080205") in aare
    assert bytes.fromhex("AA0A8008503677524A323146 BE10040E0800065F1F0400005E1F04000007") in aare
    assert client.send(bytes.fromhex(GET_NAME)) == [NOT_ASSOCIATED]
    third = "C301C1000F0000280000FF010109111000000001 1A52FE7DD3E72748973C1E28"
    (fourth,) = client.send(bytes.fromhex(third))
    assert fourth.hex() == "c701c100010009111001234567fe1466afb3dbcd4f9389e2b7"
    assert client.send(bytes.fromhex(GET_NAME))[0].hex() == GOT_NAME


def test_reading_over_a_ciphered_association(reader: Any) -> None:
    assert reader.ask(GET_NAME) == GOT_NAME
    assert reader.ask("C001C1 000F 0000280000FF 08 00") == "c401c1001602"
    assert reader.ask("C001C1 000F 0000280000FF 04 00").endswith("1103")
    assert reader.ask("C001C1 000F 0000280000FF 06 00").endswith("1105")
    assert reader.ask("C001C1 000F 0000280000FF 09 00") == "c401c100090600002b0000ff"


def test_before_the_third_pass_nothing_else_is_served(meter: Meter, make_client: Callable[..., Any]) -> None:
    client = make_client(meter)
    challenge = client.begin()
    assert meter.model.open_associations == set()
    for request in (GET_NAME, "C301C1 000F 0000280000FF 02 00", "C002C100000001", "C3FF"):
        assert client.send(client.protected(bytes.fromhex(request))) == [NOT_ASSOCIATED]
    assert client.ask(client.third_pass(challenge)).startswith("c701c10001000911")
    assert meter.model.open_associations == {(client.link.link_id, 2)}
    assert client.ask(GET_NAME) == GOT_NAME
    assert client.ask(client.third_pass(challenge)) == "c701c10300"


@pytest.mark.parametrize("wrong", ["challenge", "counter", "empty"])
def test_wrong_third_pass_is_told_and_ends_the_association(
    meter: Meter, make_client: Callable[..., Any], wrong: str
) -> None:
    client = make_client(meter)
    challenge = client.begin()
    requests = {
        "challenge": client.third_pass(challenge[::-1]),
        "counter": client.third_pass(challenge, counter=client.counter - 1),
        "empty": "C301C1000F0000280000FF0100",
    }
    assert client.ask(requests[wrong]) == "c701c10300"
    assert client.send(client.protected(bytes.fromhex(GET_NAME))) == [NOT_ASSOCIATED]
    assert meter.model.open_associations == set()
    assert client.associate().ask(GET_NAME) == GOT_NAME


def test_plain_third_pass_is_no_third_pass(meter: Meter, make_client: Callable[..., Any]) -> None:
    client = make_client(meter)
    challenge = client.begin()
    (answer,) = client.send(bytes.fromhex(client.third_pass(challenge)))
    assert client.opened(answer).hex() == "c701c10d00"
    assert client.ask(client.third_pass(challenge)).startswith("c701c10001000911")


@pytest.mark.parametrize("mechanism", [3, 4, 6])
def test_mechanisms_with_digests(make_client: Callable[..., Any], mechanism: int) -> None:
    meter = meter_of(ConfiguredClient(sap=2, role="reading", mechanism=mechanism, secret=b"shared"))
    client = make_client(meter)
    (aare,) = client.send(client.aarq(client.initiate(), context=1, mechanism=mechanism))
    start = aare.index(bytes.fromhex("AA128010")) + 4
    dialogue = Dialogue(
        own_title=client.title,
        other_title=TEST_SECURITY.system_title if mechanism == 6 else b"",
        own_challenge=b"K56iVagY",
        other_challenge=aare[start : start + 16],
        secret=b"shared",
    )
    reply = digest_reply(mechanism, dialogue)
    head = "C301C1000F0000280000FF010109"
    (answer,) = client.send(bytes.fromhex(head) + bytes([len(reply)]) + reply)
    assert answer[8:] == digest_reply(mechanism, dialogue.turned())
    assert client.send(bytes.fromhex(GET_NAME))[0].hex() == GOT_NAME


@pytest.mark.parametrize("conformance", ["40 1E1D", "00 1E1D"])
def test_dedicated_key(meter: Meter, make_client: Callable[..., Any], conformance: str) -> None:
    client = make_client(meter)
    client.dedicated = CipherKeys(encryption=bytes(range(16, 32)), authentication=client.keys.authentication)
    client.associate(conformance=conformance)
    for general in (False, True):
        answers = client.send(client.dedicate(bytes.fromhex(GET_NAME), general=general))
        if general and conformance.startswith("00"):
            assert answers == []
            continue
        assert answers[0][0] == (0xDC if general else 0xD4)
        assert client.opened(answers[0]).hex() == GOT_NAME
    assert client.ask(GET_NAME) == GOT_NAME


def test_dedicated_key_of_a_wrong_length_is_refused(meter: Meter, make_client: Callable[..., Any]) -> None:
    client = make_client(meter)
    wrong = bytes.fromhex("01 01 08 0001020304050607 0000 06 5F1F0400 001E1D FFFF")
    (aare,) = client.send(client.aarq(client.protected(wrong)))
    assert bytes.fromhex("A203020101") in aare
    assert client.opened(aare[aare.index(b"\xbe") + 4 :]).hex() == "0e010604"


def test_general_protection_where_it_was_negotiated(meter: Meter, make_client: Callable[..., Any]) -> None:
    client = make_client(meter).associate()
    (answer,) = client.send(client.protected(bytes.fromhex(GET_NAME), title=client.title))
    assert answer[:10] == b"\xdb\x08" + TEST_SECURITY.system_title
    assert client.opened(answer).hex() == GOT_NAME
    (answer,) = client.send(client.protected(b"\x7a", title=client.title))
    assert client.opened(answer).hex() == "d80202"
    without = make_client(meter)
    without.counter = client.counter
    without.associate(conformance="00 1E1D")
    assert without.send(without.protected(bytes.fromhex(GET_NAME), title=client.title)) == []


@pytest.mark.parametrize("policy", [0x00, 0x24, 0x48, 0x04, 0x08])
def test_answers_are_protected_as_policy_and_request_demand(
    make_meter: Callable[..., Meter], make_client: Callable[..., Any], policy: int
) -> None:
    client = make_client(make_meter(policy=policy)).associate()
    demanded = (policy & 0x60) >> 1
    for control in (0x10, 0x20, 0x30):
        if (policy & 0x0C) << 2 & ~control:
            continue
        (answer,) = client.send(client.protected(bytes.fromhex(GET_NAME), control=control))
        assert answer[2] == demanded | control
        assert client.opened(answer).hex() == GOT_NAME
    if not policy:
        assert client.send(bytes.fromhex(GET_NAME))[0].hex() == GOT_NAME


def test_suite_2(make_meter: Callable[..., Meter], make_client: Callable[..., Any]) -> None:
    long_keys = replace(
        TEST_SECURITY.keys, unicast=bytes(range(32)), authentication=bytes(32), broadcast=bytes(32), master=bytes(32)
    )
    client = make_client(make_meter(suite=2, keys=long_keys))
    client.suite = 2
    client.keys = CipherKeys(encryption=long_keys.unicast, authentication=long_keys.authentication)
    assert client.associate().ask(GET_NAME) == GOT_NAME


def test_undecipherable_association_request_is_discarded_and_ends_nothing(reader: Any) -> None:
    good = reader.protected(reader.initiate())
    assert reader.send(reader.aarq(good[:-1] + bytes([good[-1] ^ 1]))) == []
    assert reader.ask(GET_NAME) == GOT_NAME


def test_undecipherable_association_request_is_answered_where_settings_want_it(
    make_meter: Callable[..., Meter], make_client: Callable[..., Any]
) -> None:
    client = make_client(make_meter(ciphering_errors="exception"))
    (aare,) = client.send(client.aarq(client.protected(client.initiate(), counter=1)[:-1] + b"\0"))
    assert bytes.fromhex("A203020101 A305A10302010D") in aare
    assert aare.endswith(bytes.fromhex("BE0604040E010006"))


@pytest.mark.parametrize(
    ("change", "diagnostic"),
    [({"context": 1}, 1), ({"mechanism": 1}, 11), ({"challenge": b"short"}, 13), ({"challenge": bytes(65)}, 13)],
)
def test_refusals_of_association_requests(
    meter: Meter, make_client: Callable[..., Any], change: dict[str, Any], diagnostic: int
) -> None:
    client = make_client(meter)
    (aare,) = client.send(client.aarq(client.protected(client.initiate()), **change))
    assert bytes.fromhex(f"A203020101 A305A1030201{diagnostic:02x}") in aare
    assert bytes.fromhex("60857405080103") in aare
    assert client.send(client.protected(bytes.fromhex(GET_NAME))) == [NOT_ASSOCIATED]


def test_plain_initiate_request_and_missing_title_are_refused(meter: Meter, make_client: Callable[..., Any]) -> None:
    client = make_client(meter)
    (aare,) = client.send(client.aarq(client.initiate()))
    assert bytes.fromhex("A203020101 A305A103020101") in aare
    client.title = b""
    (aare,) = client.send(client.aarq(bytes.fromhex("2105 30 00000001")))
    assert bytes.fromhex("A203020101 A305A103020103") in aare


def test_public_client_is_not_ciphered(meter: Meter, make_client: Callable[..., Any]) -> None:
    client = make_client(meter, sap=16)
    (aare,) = client.send(client.aarq(bytes.fromhex("2105 30 00000001"), mechanism=0))
    assert bytes.fromhex("A203020101 A305A103020102") in aare
    (aare,) = client.send(bytes.fromhex("601DA109060760857405080101BE10040E01000000065F1F0400 401E1D 0400"))
    assert aare.hex().endswith("be10040e0800065f1f0400001e1d04000007")
    assert client.send(bytes.fromhex("C001C1 0001 00002B0100FF 02 00"))[0].hex() == "c401c1000600000000"


def test_release(reader: Any) -> None:
    content = reader.protected(reader.initiate())
    wrong = content[:-1] + bytes([content[-1] ^ 1])
    head = b"\x80\x01\x00\xbe" + bytes([len(content) + 2, 4, len(content)])
    assert reader.send(b"\x62" + bytes([len(head + wrong)]) + head + wrong) == []
    assert reader.ask(GET_NAME) == GOT_NAME
    content = reader.protected(reader.initiate())
    (rlre,) = reader.send(b"\x62" + bytes([len(head + content)]) + head + content)
    assert rlre[:5] == b"\x63" + bytes([len(rlre) - 2]) + b"\x80\x01\x00"
    assert reader.opened(rlre[9:])[:3] == bytes.fromhex("080006")
    assert reader.send(reader.protected(bytes.fromhex(GET_NAME))) == [NOT_ASSOCIATED]


def test_general_blocks_carry_ciphered_requests_and_answers(meter: Meter, make_client: Callable[..., Any]) -> None:
    client = make_client(meter).associate(conformance="60 1E1D", pdu_size=46)
    request = client.protected(bytes.fromhex(GET_NAME))
    first, second = request[:20], request[20:]
    client.send(b"\xe0\x01\x00\x01\x00\x00\x14" + first)
    answers = client.send(b"\xe0\x8a\x00\x02\x00\x00" + bytes([len(second)]) + second)
    assert all(len(answer) <= 46 for answer in answers)
    assert client.opened(b"".join(answer[7:] for answer in answers)).hex() == GOT_NAME


@pytest.mark.parametrize("general", [False, True])
def test_blocks_leave_room_for_the_protection(meter: Meter, make_client: Callable[..., Any], general: bool) -> None:
    client = make_client(meter).associate(pdu_size=90)
    title = client.title if general else None
    plain, number = b"", 0
    (answer,) = client.send(client.protected(bytes.fromhex("C001C1 000F 0000280000FF 02 00"), title=title))
    while True:
        assert len(answer) <= 90
        block = client.opened(answer)
        number += 1
        assert block[:9] == bytes.fromhex(f"C402C1{block[3]:02x}{number:08x}00")
        plain += block[10:]
        if block[3]:
            break
        (answer,) = client.send(client.protected(bytes.fromhex(f"C002C1{number:08x}"), title=title))
    visible = sum(item.visible_to("reading") for item in meter.model.objects.values())
    assert plain[:2] == bytes([1, visible + 1])


def test_notifications_are_ciphered(make_client: Callable[..., Any]) -> None:
    configuration = configuration_of("ciphered")
    meter = Meter(replace(configuration, notifies=True, history_days=0))
    client = make_client(meter).associate(conformance="40 9E9F")
    data, event, answer = client.send(client.protected(bytes.fromhex(GET_NAME)))
    assert (data[0], event[0], answer[0]) == (0xDB, 0xCA, 0xCC)
    assert client.opened(data)[:5] == bytes.fromhex("0F00000001")
    assert client.opened(event)[:4] == bytes.fromhex("C2000008")
    assert client.opened(answer).hex() == GOT_NAME


def test_without_general_protection_there_is_no_data_notification(
    meter: Meter, make_client: Callable[..., Any]
) -> None:
    client = make_client(meter).associate(conformance="00 9E9F")
    assert meter.server.notify(bytes.fromhex("0F00000001000000"), 0.0) == 0
    assert meter.server.notify(bytes.fromhex("C2000008"), 0.0) == 1
    assert len(client.link.take_events()) == 1


def test_a_client_that_has_not_proved_itself_is_not_notified(meter: Meter, make_client: Callable[..., Any]) -> None:
    make_client(meter).begin(conformance="40 9E9F")
    assert meter.server.notify(bytes.fromhex("C2000008"), 0.0) == 0
