"""The head end and the reference meter, each with ciphering of its own, understand each other."""

import json

import pytest

from harness.declaration import CosemObject
from harness.headend.client import item
from tests.headend.conftest import DOORS, POLICIES, Open, counters_sent, reading_of, signing_keys


@DOORS
def test_all_objects_are_read_in_a_ciphered_association(place: Open, door: str) -> None:
    plain = place(door, reading_of("lls", ciphered=False))
    ciphered = place(door, reading_of("hls-gmac", ciphered=True))
    assert ciphered.read(ciphered.head_end()) == plain.read(plain.head_end())
    frames = [json.loads(line) for line in ciphered.trace.path.read_text().splitlines()]
    # Nothing of the answer's content is readable on the line: the device name is "CFM" and a number.
    sent = "".join(frame["data"] for frame in frames if frame["kind"] in ("tx", "rx", "chunk"))
    assert b"CFM0000000000001".hex() not in sent
    assert b"CFM0000000000001".hex() in "".join(frame["data"] for frame in frames if frame["kind"] == "apdu_rx")


@pytest.mark.parametrize("mechanism", ["lls", "hls-md5", "hls-sha1", "hls-gmac", "hls-sha256"])
@pytest.mark.parametrize("ciphered", [False, True])
def test_mechanisms_in_both_contexts(place: Open, mechanism: str, ciphered: bool) -> None:
    at = place("loop-wrapper", reading_of(mechanism, ciphered=ciphered))
    assert at.read(at.head_end())


@pytest.mark.parametrize("suite", [0, 1, 2])
@pytest.mark.parametrize("dedicated", [False, True])
@pytest.mark.parametrize("general", [False, True])
def test_suites_forms_and_dedicated_keys(place: Open, suite: int, dedicated: bool, general: bool) -> None:
    more = {"dedicated_key": dedicated, "general_ciphering": general}
    reading = reading_of("hls-gmac", ciphered=True, suite=suite, **more)
    if general:
        reading["conformance"] = ["GENERAL_PROTECTION", "GET", "SET", "ACTION", "SELECTIVE_ACCESS", "BLOCK_GET"]
    at = place("loop-wrapper", reading)
    assert at.read(at.head_end())


@pytest.mark.parametrize("policy", list(POLICIES))
@DOORS
def test_policies(place: Open, policy: str, door: str) -> None:
    at = place(door, reading_of("hls-gmac", ciphered=True, policy=policy))
    assert at.read(at.head_end())


def test_two_clients_with_one_key_share_its_counter(place: Open) -> None:
    at = place("loop-wrapper", reading_of("hls-gmac", ciphered=True))
    head_end = at.head_end()
    first, second = head_end.associate("reading"), head_end.associate("reading")
    clock = at.declaration.object("clock")
    assert isinstance(clock, CosemObject)
    for _ in range(3):
        assert first.read(item(clock, 2)) == second.read(item(clock, 2))
    numbers = counters_sent(at)
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize("suite", [1, 2])
@pytest.mark.parametrize("ciphered", [False, True])
def test_both_sides_sign(place: Open, suite: int, ciphered: bool) -> None:
    at = place("loop-wrapper", reading_of("hls-ecdsa", ciphered=ciphered, suite=suite, **signing_keys(suite)))
    assert at.read(at.head_end())


@DOORS
def test_a_run_is_replayed_without_its_keys(place: Open, door: str) -> None:
    at = place(door, reading_of("hls-ecdsa", ciphered=True, suite=1, dedicated_key=True, **signing_keys(1)))
    values = at.read(at.head_end())
    at.trace.close()
    withheld = reading_of("hls-ecdsa", ciphered=True, suite=1, dedicated_key=True, **signing_keys(1))
    for name in ("encryption_key", "authentication_key", "signing_key"):
        withheld["security"][name] = "withheld:32" if name == "signing_key" else "withheld:16"
    again = place(door, withheld)
    again.replay(at)
    assert again.read(again.head_end()) == values
