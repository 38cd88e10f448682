"""Association requests that are wrong in one point, octet by octet, and what is read out of the answers."""

from dataclasses import replace

import pytest

from harness.headend.stimuli.aarq_variants import AARQ_VARIANTS, INITIATE_VARIANTS, initiate_error, initiate_response
from harness.headend.stimuli.provoke import Provoked
from harness.protocol import acse
from harness.protocol import apdu as xdlms
from harness.session.conversation import Received

LLS = (
    "60 36 A1 09 06 07 60 85 74 05 08 01 01 8A 02 07 80 8B 07 60 85 74 05 08 02 01 AC 0A 80 08 31 32 33 34 35 36 37 38 "
    "BE 10 04 0E 01 00 00 00 06 5F 1F 04 00 00 7E 1F 04 B0"
)
"""The AARQ with a password that the protocol's descriptions show."""

CHANGED = {
    "protocol-version": "60 3A 80 02 06 40 A1 09",
    "application-context": "60 36 A1 09 06 07 60 85 74 05 08 01 09 8A",
    "title-of-7": "60 41 A1 09 06 07 60 85 74 05 08 01 01 A6 09 04 07 00 00 00 00 00 00 00 8A",
    "title-of-9": "60 43 A1 09 06 07 60 85 74 05 08 01 01 A6 0B 04 09 00 00 00 00 00 00 00 00 00 8A",
    "mechanism-unknown": "60 36 A1 09 06 07 60 85 74 05 08 01 01 8A 02 07 80 8B 07 60 85 74 05 08 02 09 AC",
    "mechanism-missing": "60 2D A1 09 06 07 60 85 74 05 08 01 01 8A 02 07 80 AC 0A 80 08 31",
    "authentication-missing": "60 1D A1 09 06 07 60 85 74 05 08 01 01 BE 10",
    "user-unknown": "60 3B A1 09 06 07 60 85 74 05 08 01 01 A9 03 02 01 65 8A",
}
INITIATES = {
    "version-5": "01 00 00 00 05 5F 1F 04 00 00 7E 1F 04 B0",
    "version-7": "01 00 00 00 07 5F 1F 04 00 00 7E 1F 04 B0",
    "conformance-empty": "01 00 00 00 06 5F 1F 04 00 00 00 00 04 B0",
    "pdu-size-1": "01 00 00 00 06 5F 1F 04 00 00 7E 1F 00 01",
    "pdu-size-11": "01 00 00 00 06 5F 1F 04 00 00 7E 1F 00 0B",
    "pdu-size-0": "01 00 00 00 06 5F 1F 04 00 00 7E 1F 00 00",
    "as-it-is": "01 00 00 00 06 5F 1F 04 00 00 7E 1F 04 B0",
    "dedicated-key": "01 01 10 00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F 00 00 06 5F 1F 04 00 00 7E 1F 04 B0",
}
REFUSED = "61 1F A1 09 06 07 60 85 74 05 08 01 01 A2 03 02 01 01 A3 05 A1 03 02 01 01 BE 06 04 04 0E 01 06 01"
ACCEPTED = (
    "61 29 A1 09 06 07 60 85 74 05 08 01 01 A2 03 02 01 00 A3 05 A1 03 02 01 00 "
    "BE 10 04 0E 08 00 06 5F 1F 04 00 00 50 1F 01 F4 00 07"
)


def provoked(octets: str) -> Provoked:
    raw = bytes.fromhex(octets)
    received = Received(answer=xdlms.decode_answer(raw), octets=raw, frame=1, took_s=0.0)
    return Provoked(name="", description="", frame=1, received=received)


def test_every_variant_is_shown() -> None:
    assert CHANGED.keys() == AARQ_VARIANTS.keys()
    assert INITIATES.keys() == INITIATE_VARIANTS.keys()


@pytest.mark.parametrize("name", AARQ_VARIANTS)
def test_one_thing_is_changed(name: str) -> None:
    made = AARQ_VARIANTS[name](acse.Aarq.from_bytes(bytes.fromhex(LLS))).to_bytes()
    due = bytes.fromhex(CHANGED[name])
    assert made[: len(due)].hex(" ") == due.hex(" ")
    assert made[1] == len(made) - 2
    assert made.endswith(bytes.fromhex("01 00 00 00 06 5F 1F 04 00 00 7E 1F 04 B0"))


@pytest.mark.parametrize("name", INITIATE_VARIANTS)
def test_one_thing_inside_is_changed(name: str) -> None:
    good = xdlms.InitiateRequest.from_bytes(acse.Aarq.from_bytes(bytes.fromhex(LLS)).user_information)
    assert INITIATE_VARIANTS[name](good).to_bytes().hex(" ") == bytes.fromhex(INITIATES[name]).hex(" ")


def test_the_error_inside_is_named() -> None:
    assert initiate_error(provoked(REFUSED)) == "confirmed:1/6/1"
    assert initiate_error(provoked(ACCEPTED)) is None
    assert initiate_error(replace(provoked(REFUSED), received=None)) is None


def test_what_is_granted_is_read() -> None:
    granted = initiate_response(provoked(ACCEPTED))
    assert (granted.dlms_version, granted.server_max_receive_pdu_size) == (6, 500)
