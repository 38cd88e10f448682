"""Protection of a session, with the other side played by the vectors of the protocol and by hand."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from harness.errors import DecodeError, ProtocolViolation
from harness.protocol import acse, security
from harness.protocol import apdu as xdlms
from harness.protocol.security import (
    Ciphered,
    CipherKeys,
    Form,
    SecurityControl,
    SuiteId,
)
from harness.session import AssociationRequest, CipheredProtection, Credentials, aarq
from harness.session.high_level import challenge_of
from harness.session.recall import recalled

CLIENT, SERVER = b"CFM\x00\x00\x00\x00\x01", b"CFM\x00\x00\x00\x00\x02"
KEYS = CipherKeys(encryption=bytes(range(16)), authentication=bytes(range(16, 32)))
DEDICATED = bytes(range(32, 48))
BOTH = SecurityControl(suite=SuiteId.AES_GCM_128, authenticated=True, encrypted=True)
GET = bytes.fromhex("C001C100080000010000FF0200")
ANSWER = bytes.fromhex("C401C1000600001391")


def protection(**more: Any) -> CipheredProtection:
    given: dict[str, Any] = {
        "control": BOTH,
        "keys": KEYS,
        "client_title": CLIENT,
        "server_title": SERVER,
        "counter": count(1).__next__,
    }
    return CipheredProtection(**{**given, **more})


def from_server(
    plain: bytes = ANSWER,
    *,
    counter: int = 1,
    form: Form = Form.GLO,
    control: SecurityControl = BOTH,
    encryption: bytes = KEYS.encryption,
    title: bytes = SERVER,
) -> bytes:
    keys = CipherKeys(encryption=encryption, authentication=KEYS.authentication)
    return security.protect(plain, form=form, control=control, keys=keys, system_title=title, counter=counter)


def test_compressed_answer_is_refused_as_such() -> None:
    octets = bytearray(from_server())
    octets[2] |= security.COMPRESSED
    with pytest.raises(security.ProtectionMismatch, match="compressed"):
        protection().unprotect(bytes(octets))


def test_requests_carry_rising_counters_and_fit_into_the_overhead() -> None:
    for general in (False, True):
        subject = protection(general=general)
        for number in (1, 2, 3):
            octets = subject.protect(GET)
            ciphered = Ciphered.from_bytes(octets)
            assert (ciphered.counter, ciphered.form.general) == (number, general)
            assert ciphered.open(keys=KEYS, system_title=CLIENT) == GET
        long = GET + bytes(60_000)
        assert len(subject.protect(long)) == len(long) + subject.overhead_octets


def test_acse_and_exceptions_pass_as_they_are() -> None:
    subject = protection()
    for octets in (b"\x60\x00", b"\x61\x00", b"\x62\x00", b"\x63\x00", b""):
        assert subject.protect(octets) == octets
        assert subject.unprotect(octets) == octets
    assert subject.unprotect(b"\xd8\x01\x05") == b"\xd8\x01\x05"


def test_what_has_no_ciphered_form_goes_in_a_general_one() -> None:
    octets = protection().protect(b"\x99")
    assert Ciphered.from_bytes(octets).form is Form.GENERAL_GLO


@pytest.mark.parametrize("plain", [ANSWER, b"\x0e\x01\x01\x01", b"\x08\x00", b"\x0f\x00", b"\x00"])
def test_plain_answers_are_reported_with_what_they_say(plain: bytes) -> None:
    with pytest.raises(security.Underprotected, match="without protection") as caught:
        protection().unprotect(plain)
    assert caught.value.apdu == plain


def test_answers_with_less_protection_are_reported() -> None:
    weak = SecurityControl(suite=SuiteId.AES_GCM_128, authenticated=True, encrypted=False)
    with pytest.raises(security.Underprotected, match="suite 0, authenticated where due is"):
        protection().unprotect(from_server(control=weak))
    assert protection(control=weak).unprotect(from_server()) == ANSWER


@pytest.mark.parametrize("counters", [(5, 5), (5, 4), (5, 0), (0xFFFFFFFF, 1)])
def test_counters_of_the_device_must_rise(counters: tuple[int, int]) -> None:
    subject = protection()
    assert subject.unprotect(from_server(counter=counters[0])) == ANSWER
    other = bytes((*ANSWER[:-1], 0x92))
    with pytest.raises(security.CounterNotRising):
        subject.unprotect(from_server(other, counter=counters[1]))


def test_a_repetition_on_the_line_is_the_same_apdu() -> None:
    subject = protection()
    for _ in range(2):
        assert subject.unprotect(from_server()) == ANSWER


def test_a_counter_without_a_good_tag_is_not_kept() -> None:
    subject = protection()
    damaged = bytearray(from_server(counter=1000))
    damaged[-1] ^= 1
    with pytest.raises(security.BadTag):
        subject.unprotect(bytes(damaged))
    assert subject.unprotect(from_server(counter=2)) == ANSWER


def test_the_answer_to_a_key_transfer_may_come_under_the_new_key_or_the_old_one() -> None:
    coming = CipherKeys(encryption=DEDICATED, authentication=KEYS.authentication)
    for encryption in (KEYS.encryption, DEDICATED):
        subject = protection()
        subject.unprotect(from_server(counter=7))
        subject.may_change_to(coming, "coming")
        assert subject.unprotect(from_server(counter=8, encryption=encryption)) == ANSWER
    with pytest.raises(security.BadTag):
        subject.unprotect(from_server(counter=9, encryption=bytes(16)))
    assert Ciphered.from_bytes(subject.protect(GET)).open(keys=KEYS, system_title=CLIENT) == GET


def test_the_dedicated_key_has_counters_of_its_own_and_is_demanded_of_answers() -> None:
    subject = protection()
    subject.protect(GET)
    with pytest.raises(security.ProtectionMismatch, match="no dedicated key"):
        subject.unprotect(from_server(form=Form.DED, encryption=DEDICATED))
    subject.use_dedicated(DEDICATED)
    first = Ciphered.from_bytes(subject.protect(GET))
    assert (first.form, first.counter) == (Form.DED, 1)
    assert subject.unprotect(from_server(form=Form.DED, encryption=DEDICATED, counter=1)) == ANSWER
    with pytest.raises(security.ProtectionMismatch, match="dedicated key is due"):
        subject.unprotect(from_server(counter=9))
    # The content of a release stays with the global key.
    initiate = Ciphered.from_bytes(subject.protect(b"\x01\x00"))
    assert (initiate.form, initiate.counter) == (Form.GLO, 2)
    assert subject.unprotect(from_server(b"\x08\x00", counter=10)) == b"\x08\x00"


def test_system_titles_of_the_device() -> None:
    unknown = protection(server_title=None)
    with pytest.raises(ProtocolViolation, match="gives no system title"):
        unknown.unprotect(from_server())
    unknown.meet(SERVER)
    assert unknown.unprotect(from_server()) == ANSWER
    for wrong in (CLIENT, b"short"):
        with pytest.raises(ProtocolViolation, match="system title"):
            protection().meet(wrong)
    with pytest.raises(security.ProtectionMismatch):
        protection().unprotect(from_server(form=Form.GENERAL_GLO, title=CLIENT))


def test_the_association_request_is_that_of_the_published_example() -> None:
    keys = CipherKeys(encryption=bytes(range(16)), authentication=bytes(range(0xD0, 0xE0)))
    request = AssociationRequest(
        context=acse.ApplicationContext.LOGICAL_NAME_CIPHERED,
        mechanism=1,
        secret=b"12345678",
        conformance=xdlms.Conformance(0x007E1F),
        max_receive_pdu_size=0x04B0,
        credentials=Credentials(
            client_title=bytes.fromhex("4D4D4D0000BC614E"),
            control=BOTH,
            keys=keys,
            dedicated_key=bytes.fromhex("00112233445566778899AABBCCDDEEFF"),
            counter=lambda: 0x01234567,
        ),
    )
    subject = request.credentials.protection()
    assert subject is not None
    assert aarq(request, subject) == bytes.fromhex(
        "6066A109060760857405080103A60A04084D4D4D0000BC614E8A0207808B0760857405080201AC0A80083132333435363738"
        "BE34043221303001234567801302FF8A7874133D414CED25B42534D28DB0047720606B175BD52211BE6841DB204D39EE6FDB8E356855"
    )
    assert "secret" not in repr(request)
    assert "12345678" not in repr(request)


def aare(**more: Any) -> acse.Aare:
    given: dict[str, Any] = {
        "context": acse.ApplicationContext.LOGICAL_NAME,
        "result": 0,
        "diagnostic_source": "user",
        "diagnostic": 14,
        "mechanism": 5,
        "authentication_value": b"challenge of device",
    }
    return acse.Aare(**{**given, **more})


def test_the_challenge_of_the_device() -> None:
    assert challenge_of(aare(), 5, b"our challenge") == b"challenge of device"
    for wrong, told in (
        ({"diagnostic": 0}, "due is diagnostic authentication-required"),
        ({"mechanism": 1}, "names mechanism 1"),
        ({"authentication_value": None}, "challenge of 0 octets"),
        ({"authentication_value": b"7octets"}, "challenge of 7 octets"),
        ({"authentication_value": bytes(65)}, "challenge of 65 octets"),
        ({"authentication_value": b"our challenge"}, "our own challenge"),
    ):
        with pytest.raises(ProtocolViolation, match=told):
            challenge_of(aare(**wrong), 5, b"our challenge")


@pytest.mark.parametrize(
    "violation",
    [
        ProtocolViolation("a"),
        DecodeError("b", 3),
        security.BadTag("c"),
        security.NotAuthentic("d"),
        security.CounterNotRising("e"),
        security.Underprotected("f", b"\xc4\x01"),
    ],
)
def test_refusals_come_back_in_a_replay(violation: ProtocolViolation) -> None:
    recorded: list[bytes] = []

    def record(name: str, produce: Callable[[], bytes]) -> bytes:
        recorded.append(produce())
        return recorded[-1]

    def refuse() -> bytes:
        raise violation

    with pytest.raises(type(violation)) as first:
        recalled(record, "name", refuse)
    assert first.value is violation
    with pytest.raises(type(violation)) as again:
        recalled(lambda name, produce: recorded[0], "name", refuse)
    assert type(again.value) is type(violation)
    assert str(again.value) == str(violation)
    if isinstance(violation, security.Underprotected):
        assert isinstance(again.value, security.Underprotected)
        assert again.value.apdu == violation.apdu


def test_results_come_back_in_a_replay() -> None:
    recorded: list[bytes] = []

    def record(name: str, produce: Callable[[], bytes]) -> bytes:
        recorded.append(produce())
        return recorded[-1]

    assert recalled(record, "name", lambda: b"octets") == b"octets"
    assert recalled(lambda name, produce: recorded[0], "name", lambda: b"others") == b"octets"
