"""What becomes of wrong keys, wrong ciphering and lost counters."""

from collections.abc import Callable

import pytest

from harness.errors import DeclarationError, NonConformity, NotApplicable, Refused, Silent
from harness.protocol.apdu import GetResponseNormal
from reference_meter.codec.conformance import GENERAL_PROTECTION
from tests.headend.conftest import DOORS, OF_CLIENT, Open, counters_sent, key, point, reading_of, signing_keys


@pytest.mark.parametrize("name", ["encryption_key", "authentication_key"])
def test_keys_of_wrong_length_are_told_and_not_shown(place: Open, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONFORMETER_TEST_KEY", "much too short")
    reading = reading_of("hls-gmac", ciphered=True)
    reading["security"][name] = "env:CONFORMETER_TEST_KEY"
    at = place("loop-wrapper", reading)
    with pytest.raises(DeclarationError, match=rf"{name} has a wrong length .* allowed: 16 octets") as caught:
        at.head_end().associate("reading")
    assert "too short" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("signing_key", "hex:" + "00" * 32, "signing_key: a private key of suite 1 is outside its range"),
        ("signing_key", "hex:0011", "signing_key: a private key of suite 1 has 32 octets"),
        ("server_public_key", "11" * 64, "server_public_key: a public key that is no point of the curve"),
    ],
)
def test_unusable_keys_for_signatures_are_told(place: Open, name: str, value: str, told: str) -> None:
    keys = {**signing_keys(1), name: value}
    declared = reading_of("hls-ecdsa", ciphered=True, suite=1, **keys)
    at = place("loop-wrapper", declared)
    with pytest.raises(DeclarationError, match=told):
        at.head_end().associate("reading")


def test_a_signature_of_somebody_else_is_a_finding(place: Open) -> None:
    keys = {**signing_keys(1), "server_public_key": point(OF_CLIENT, 1).hex()}
    at = place("loop-wrapper", reading_of("hls-ecdsa", ciphered=True, suite=1, **keys))
    with pytest.raises(NonConformity, match="signature over the challenges does not fit"):
        at.head_end().associate("reading")


def test_general_forms_that_the_device_does_not_grant_are_a_finding(place: Open) -> None:
    reading = reading_of("hls-gmac", ciphered=True, general_ciphering=True)
    reading["conformance"] = ["GENERAL_PROTECTION", "GET", "ACTION"]
    at = place("loop-wrapper", reading)
    at.refused_conformance = GENERAL_PROTECTION
    with pytest.raises(NonConformity, match="general protection is declared, and the device does not grant it"):
        at.head_end().associate("reading")


def test_general_forms_that_nobody_declares_are_tried_where_they_are_granted(place: Open) -> None:
    reading = reading_of("hls-gmac", ciphered=True)
    reading["conformance"] = ["GENERAL_PROTECTION", "GET", "ACTION"]
    for granted in (False, True):
        at = place("loop-wrapper", reading)
        at.refused_conformance = 0 if granted else GENERAL_PROTECTION
        declared = at.declaration.association("reading")
        assert declared.security is not None
        general = declared.security.model_copy(update={"general_ciphering": True})
        tried = declared.model_copy(update={"security": general})
        if granted:
            at.head_end().associate_declared(tried).close()
        else:
            with pytest.raises(NotApplicable, match="does not grant general protection"):
                at.head_end().associate_declared(tried)


def test_wrong_keys_end_in_silence_and_wrong_secrets_in_refusal(place: Open) -> None:
    at = place("loop-wrapper", reading_of("hls-gmac", ciphered=True), other_keys=True)
    with pytest.raises(NonConformity, match="association of client reading"):
        at.head_end().associate("reading")
    at = place("loop-wrapper", reading_of("hls-sha256", ciphered=False), other_keys=True)
    with pytest.raises(Refused, match="answer to the challenge"):
        at.head_end().associate("reading")


@DOORS
def test_counters_go_on_in_the_next_head_end_and_above_what_the_device_announces(place: Open, door: str) -> None:
    at = place(door, reading_of("hls-gmac", ciphered=True, counter="device"))
    assert at.read(at.head_end())
    assert at.read(at.head_end())
    # The store is lost: the device's counter tells where to go on.
    (at.folder.parent / "state").rename(at.folder.parent / "lost")
    assert at.read(at.head_end())
    numbers = counters_sent(at)
    assert numbers == sorted(set(numbers))
    assert len(numbers) > 60


def test_without_the_store_an_old_counter_is_discarded_in_silence(place: Open) -> None:
    at = place("loop-wrapper", reading_of("hls-gmac", ciphered=True))
    assert at.read(at.head_end())
    (at.folder.parent / "state").rename(at.folder.parent / "lost")
    with pytest.raises(NonConformity, match="association of client reading"):
        at.head_end().associate("reading")


def test_no_key_is_in_the_trace(place: Open) -> None:
    at = place("loop-wrapper", reading_of("hls-gmac", ciphered=True, dedicated_key=True))
    assert at.read(at.head_end())
    text = at.trace.path.read_text()
    for secret in (key(0, 0), key(100, 0)):
        assert secret.hex() not in text
        assert repr(secret) not in text


GET_DEVICE_NAME = bytes.fromhex("C001C1000100002A0000FF0200")


def flipped(octets: bytes, at: int) -> bytes:
    changed = bytearray(octets)
    changed[at] ^= 1
    return bytes(changed)


@DOORS
def test_wrongly_ciphered_requests_are_discarded_in_silence_and_the_next_good_one_is_answered(
    place: Open, door: str
) -> None:
    at = place(door, reading_of("hls-gmac", ciphered=True))
    client = at.head_end().associate("reading")
    conversation = client.conversation
    protect = conversation.protection.protect
    last: list[bytes] = []

    def kept(apdu: bytes) -> bytes:
        last.append(protect(apdu))
        return last[-1]

    good = conversation.exchange(GET_DEVICE_NAME, protect=kept)
    assert isinstance(good.answer, GetResponseNormal)
    wrong: list[Callable[[bytes], bytes]] = [
        lambda apdu: flipped(protect(apdu), -1),
        lambda apdu: flipped(protect(apdu), 8),
        lambda apdu: flipped(protect(apdu), 2),
        lambda apdu: flipped(protect(apdu), 6),
        lambda apdu: last[0],
    ]
    for stimulus in wrong:
        with pytest.raises(Silent):
            conversation.exchange(GET_DEVICE_NAME, repeat=False, protect=stimulus)
        again = conversation.exchange(GET_DEVICE_NAME)
        assert again.octets == good.octets
    client.close()


def test_a_plain_request_in_a_ciphered_association_gets_no_value(place: Open) -> None:
    at = place("loop-wrapper", reading_of("hls-gmac", ciphered=True))
    client = at.head_end().associate("reading")
    received = client.conversation.exchange(GET_DEVICE_NAME, protect=lambda apdu: apdu)
    assert isinstance(received.answer, GetResponseNormal)
    assert (received.answer.result, received.answer.data) == (13, None)
    client.close()
