"""Each wrong behaviour of ciphering shows itself when it is provoked, and only then."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from reference_meter.deviations import tr_conf_05b, tr_conf_05b_proof
from reference_meter.deviations.family import Deviation
from reference_meter.meter import Meter
from reference_meter.play_keys import TEST_SECURITY

GET_NAME = "C001C1 0001 00002A0000FF 02 00"
GOT_NAME = "c401c1000910" + b"CFM0000000000001".hex()
SET_TITLE = "C101C1 0040 00002B0000FF 04 00 0908 4142434445464748"
PLAIN = bytes.fromhex(GET_NAME)
FAMILIES = (*tr_conf_05b.FAMILIES, *tr_conf_05b_proof.FAMILIES)
FAMILY = {family.name: family for family in FAMILIES}

Story = Callable[[Any], None]


def wrong_tag(client: Any, plain: str = GET_NAME, counter: int | None = None) -> list[bytes]:
    octets = bytearray(client.protected(bytes.fromhex(plain), counter=counter))
    octets[-1] ^= 1
    answers: list[bytes] = client.send(bytes(octets))
    return answers


def provoke(client: Any, other: Callable[[], Any]) -> None:
    """Do everything that shows one of the defects."""
    second = other()
    client.counter = second.counter
    first = client.protected(PLAIN)
    client.send(first)
    wrong_tag(client)
    client.send(first)
    wrong_tag(client, SET_TITLE)
    client.send(PLAIN)
    for code in ("0001 0000630000FF 02", "000F 0000280000FF 07"):
        client.send(client.protected(bytes.fromhex(f"C001C1 {code} 00")))
    wrong_tag(client, counter=client.counter + 100)
    second.send(first)
    client.link.cut(0.0)


def play(meter: Meter, client: Any, make_client: Callable[..., Any]) -> None:
    def other() -> Any:
        second = make_client(meter, sap=2)
        second.counter = client.counter + 1000
        return second.associate()

    provoke(client, other)


@pytest.mark.parametrize("name", FAMILY)
def test_deviation_fires_when_provoked_and_not_before(meter: Meter, make_client: Callable[..., Any], name: str) -> None:
    fired = []
    for draw in range(6):
        played = Meter(meter.configuration)
        FAMILY[name].install(played, Random(f"{name}/{draw}"))
        client = make_client(played, sap=1).associate()
        assert client.ask(GET_NAME) == GOT_NAME
        assert played.fired() == 0
        play(played, client, make_client)
        fired.append(played.fired())
    # A draw may stand for something that this story does not show; most of them have to.
    assert sum(count > 0 for count in fired) >= 3


def test_story_breaks_nothing_in_a_right_meter(meter: Meter, make_client: Callable[..., Any]) -> None:
    client = make_client(meter, sap=1).associate()
    play(meter, client, make_client)
    assert meter.model.security is not None
    assert meter.model.security.client_title == TEST_SECURITY.client_system_title
    assert meter.fired() == 0


def installed(meter: Meter, name: str, draw: int = 0) -> Meter:
    FAMILY[name].install(meter, Random(f"{name}/{draw}"))
    return meter


def test_wrong_tag_is_accepted(meter: Meter, make_client: Callable[..., Any]) -> None:
    client = make_client(installed(meter, "tag-not-checked"), sap=1).associate()
    assert len(wrong_tag(client)) == 1


def test_association_is_dropped(meter: Meter, make_client: Callable[..., Any]) -> None:
    client = make_client(installed(meter, "association-dropped"), sap=1).associate()
    for _ in range(3):
        wrong_tag(client)
    assert client.send(client.protected(PLAIN)) == [bytes.fromhex("D80101")]


def test_wrong_request_is_carried_out_silently(meter: Meter, make_client: Callable[..., Any]) -> None:
    client = make_client(installed(meter, "silent-but-done"), sap=1).associate()
    assert wrong_tag(client, SET_TITLE) == []
    assert meter.model.security is not None
    assert meter.model.security.client_title == b"ABCDEFGH"


def test_refusal_goes_out_plain(meter: Meter, make_client: Callable[..., Any]) -> None:
    client = make_client(installed(meter, "plain-refusal"), sap=1).associate()
    assert [answer.hex() for answer in client.send(PLAIN)] == ["c401c1010d"]
    assert client.ask(GET_NAME) == GOT_NAME


def test_counter_of_a_wrong_tag_locks_out(meter: Meter, make_client: Callable[..., Any]) -> None:
    client = make_client(installed(meter, "counter-of-bad-tag"), sap=1).associate()
    wrong_tag(client, counter=client.counter + 100)
    assert client.send(client.protected(PLAIN)) == []


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_family_says_what_it_violates(family: Deviation) -> None:
    assert family.clauses == ("TR-Conf.05b",)
    assert family.about.endswith(".")
