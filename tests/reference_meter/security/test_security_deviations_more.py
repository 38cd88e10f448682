"""Wrong forms, wrong counters and wrong openings: each wrong behaviour shows itself when it is provoked, not before."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from reference_meter.deviations import (
    tr_conf_05b_answer,
    tr_conf_05b_counter,
    tr_conf_05b_event,
    tr_conf_05b_form,
)
from reference_meter.deviations.family import Deviation
from reference_meter.meter import Meter
from reference_meter.play_keys import TEST_SECURITY
from reference_meter.security.ciphering import CipherKeys

GET_NAME = "C001C1 0001 00002A0000FF 02 00"
PLAIN = bytes.fromhex(GET_NAME)
GENERAL = "48 1E1D"
DEDICATED = CipherKeys(encryption=bytes(range(64, 80)), authentication=TEST_SECURITY.keys.authentication)
FAMILIES = (
    *tr_conf_05b_form.FAMILIES,
    *tr_conf_05b_counter.FAMILIES,
    *tr_conf_05b_event.FAMILIES,
    *tr_conf_05b_answer.FAMILIES,
)
FAMILY = {family.name: family for family in FAMILIES}


def wrong_forms(client: Any) -> None:
    """Suites, sets of keys, titles and tags that are not the agreed ones."""
    for control in (0x31, 0x33, 0x3F, 0x70, 0x10, 0x20):
        client.send(client.protected(PLAIN, control=control))
    broadcast = CipherKeys(encryption=TEST_SECURITY.keys.broadcast, authentication=TEST_SECURITY.keys.authentication)
    client.send(client.protected(PLAIN, control=0x70, keys=broadcast))
    client.send(PLAIN)
    client.send(client.protected(PLAIN, title=b"CFM\x00\x00\x00\x00\x09"))
    own, client.title = client.title, b"CFM\x00\x00\x00\x00\x09"
    client.send(client.protected(PLAIN, title=client.title))
    client.title = own
    client.send(client.protected(PLAIN, tag=0xD0))
    for cut in (4, 8, 12):
        octets = client.protected(PLAIN)[:-cut]
        client.send(octets[:1] + bytes([len(octets) - 2]) + octets[2:])


def wrong_counters(client: Any) -> None:
    """Old counters and a new one that is far away."""
    first = client.protected(PLAIN)
    client.send(first)
    client.send(first)
    client.counter += 1500
    client.send(client.protected(PLAIN))


def wrong_openings(meter: Meter, client: Any, make_client: Callable[..., Any]) -> None:
    """Associations under a dedicated key, and requests for one that are wrong or old."""
    dedicated = make_client(meter, sap=2)
    dedicated.counter, dedicated.dedicated = client.counter, DEDICATED
    dedicated.associate()
    once = dedicated.dedicate(PLAIN)
    dedicated.send(once)
    dedicated.send(once)
    other = make_client(meter, sap=2)
    other.counter = dedicated.counter
    opening = other.aarq(other.protected(other.initiate()))
    other.send(opening)
    other.send(opening)
    octets = bytearray(other.aarq(other.protected(other.initiate())))
    octets[-1] ^= 1
    other.send(bytes(octets))
    client.counter = other.counter


def wrong_answer(meter: Meter, client: Any, make_client: Callable[..., Any]) -> None:
    """The third pass with a reply to another challenge."""
    other = make_client(meter, sap=2)
    other.counter = client.counter
    other.begin()
    other.send(other.protected(bytes.fromhex(other.third_pass(bytes(16)))))
    client.counter = other.counter


def late(client: Any) -> None:
    """A wrong tag, and good requests behind it."""
    octets = bytearray(client.protected(PLAIN))
    octets[-1] ^= 1
    client.send(bytes(octets))
    for _ in range(4):
        client.send(client.protected(PLAIN))


def at_another_door_and_behind_a_power_cut(meter: Meter, client: Any, make_client: Callable[..., Any]) -> None:
    public = make_client(meter, sap=16)
    public.send(bytes.fromhex("601D A109 0607 60857405080101 BE10 040E 01000000 065F1F0400 001E1D FFFF"))
    public.send(bytes.fromhex("C001C1 0001 00002B0100FF 02 00"))
    meter.cut_power()
    meter.restore_power()


def everything(meter: Meter, client: Any, make_client: Callable[..., Any]) -> None:
    wrong_forms(client)
    late(client)
    wrong_counters(client)
    wrong_openings(meter, client, make_client)
    wrong_answer(meter, client, make_client)
    at_another_door_and_behind_a_power_cut(meter, client, make_client)


@pytest.mark.parametrize("name", sorted(set(FAMILY) - {"counters-per-door"}))
def test_deviation_fires_when_provoked_and_not_before(meter: Meter, make_client: Callable[..., Any], name: str) -> None:
    fired = []
    for draw in range(6):
        played = Meter(meter.configuration)
        FAMILY[name].install(played, Random(f"{name}/{draw}"))
        client = make_client(played, sap=1).associate(conformance=GENERAL)
        assert played.fired() == 0
        everything(played, client, make_client)
        fired.append(played.fired())
    # A draw may stand for something that this story does not show; most of them have to.
    assert sum(count > 0 for count in fired) >= 3, fired


def test_story_breaks_nothing_in_a_right_meter(meter: Meter, make_client: Callable[..., Any]) -> None:
    client = make_client(meter, sap=1).associate(conformance=GENERAL)
    everything(meter, client, make_client)
    assert meter.fired() == 0


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_family_says_what_it_violates(family: Deviation) -> None:
    assert family.clauses == ("TR-Conf.05b",)
    assert family.about.endswith(".")
