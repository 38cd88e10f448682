"""Object lists of all versions of the association, decoded strictly."""

import tomllib
from pathlib import Path

import pytest

from harness.errors import DecodeError
from harness.headend.rights.object_list import ObjectList, RequestProtection, Right, decode_object_list
from harness.protocol import axdr

VECTORS = {
    vector["name"]: bytes.fromhex(vector["hex"])
    for vector in tomllib.loads((Path(__file__).parents[1] / "vectors/object_list.toml").read_text())["vector"]
}
PLAIN = RequestProtection()
SECURED = RequestProtection(authenticated=True, encrypted=True)


def decoded(name: str, protection: RequestProtection = PLAIN) -> ObjectList:
    return decode_object_list(axdr.decode(VECTORS[name]), protection)


def test_version_0_enumerates_modes_and_has_booleans_for_methods() -> None:
    announced = decoded("clock, association version 0")
    clock = announced.find(8, "0.0.1.0.0.255")
    assert clock is not None
    assert announced.association_version == 0
    assert (clock.may_read(2), clock.may_write(2)) == (Right.GRANTED, Right.GRANTED)
    assert (clock.may_invoke(1), clock.may_invoke(6)) == (Right.GRANTED, Right.DENIED)


def test_an_authenticated_right_is_unsure_without_authentication() -> None:
    name = "clock, association version 0"
    plain = decoded(name).find(8, "0.0.1.0.0.255")
    secured = decoded(name, SECURED).find(8, "0.0.1.0.0.255")
    assert plain is not None
    assert secured is not None
    assert (plain.may_read(4), plain.may_write(4)) == (Right.DENIED, Right.UNSURE)
    assert (secured.may_read(4), secured.may_write(4)) == (Right.DENIED, Right.GRANTED)


def test_version_1_has_numbers_for_methods_and_authenticated_modes() -> None:
    profile = decoded("profile with selectors, association version 1", SECURED).find(7, "1.0.99.1.0.255")
    assert profile is not None
    assert (profile.may_read(2), profile.may_write(2)) == (Right.GRANTED, Right.DENIED)
    assert (profile.may_read(4), profile.may_write(4)) == (Right.GRANTED, Right.GRANTED)
    assert (profile.may_invoke(1), profile.may_invoke(2)) == (Right.GRANTED, Right.GRANTED)
    plain = decoded("profile with selectors, association version 1").find(7, "1.0.99.1.0.255")
    assert plain is not None
    assert (plain.may_invoke(1), plain.may_invoke(2)) == (Right.UNSURE, Right.GRANTED)


def test_version_3_has_bit_masks_that_demand_protection() -> None:
    name = "bit masks, association version 3"
    plain = decoded(name).find(3, "1.0.1.8.0.255")
    secured = decoded(name, SECURED).find(3, "1.0.1.8.0.255")
    assert plain is not None
    assert secured is not None
    assert plain.may_read(2) is Right.DENIED
    assert (secured.may_read(2), secured.may_write(2)) == (Right.GRANTED, Right.DENIED)
    assert (plain.may_read(3), plain.may_write(3)) == (Right.GRANTED, Right.GRANTED)
    assert (plain.may_invoke(1), secured.may_invoke(1)) == (Right.DENIED, Right.GRANTED)


def test_what_is_not_listed_is_denied_but_for_what_goes_without_saying() -> None:
    announced = decoded("profile with selectors, association version 1")
    profile = announced.find(7, "1.0.99.1.0.255")
    association = announced.find(15, "0.0.40.0.0.255")
    assert profile is not None
    assert association is not None
    assert (profile.may_read(1), profile.may_read(5)) == (Right.UNSURE, Right.DENIED)
    assert association.may_read(5) is Right.UNSURE
    assert association.may_invoke(1) is Right.UNSURE
    assert profile.may_invoke(3) is Right.DENIED
    assert announced.find(3, "1.0.99.1.0.255") is None


@pytest.mark.parametrize(
    ("octets", "about"),
    [
        ("02 00", "structure"),
        ("01 01 02 03 12 0003 11 00 09 00", "3 elements"),
        ("01 01 02 04 11 03 11 00 09 06 0100010800FF 02 02 01 00 01 00", "class_id"),
        ("01 01 02 04 12 0003 11 00 09 05 0100010800 02 02 01 00 01 00", "logical name"),
        ("01 01 02 04 12 0003 11 00 09 06 0100010800FF 02 02 01 01 02 03 0F 02 11 01 00 01 00", "mode"),
        ("01 01 02 04 12 0003 11 00 09 06 0100010800FF 02 02 01 00 01 01 02 02 0F 01 11 01", "mode"),
        ("01 01 02 04 12 000F 11 01 09 06 0000280000FF 02 02 01 01 02 03 0F 02 16 09 00 01 00", "access mode 9"),
    ],
)
def test_a_malformed_list_is_refused(octets: str, about: str) -> None:
    with pytest.raises(DecodeError, match=about):
        decode_object_list(axdr.decode(bytes.fromhex(octets)), PLAIN)


def test_without_its_own_association_the_modes_tell_the_version() -> None:
    octets = "01 01 02 04 12 0003 11 00 09 06 0100010800FF 02 02 01 01 02 03 0F 02 16 0D 00 01 00"
    announced = decode_object_list(axdr.decode(bytes.fromhex(octets)), SECURED)
    register = announced.find(3, "1.0.1.8.0.255")
    assert register is not None
    assert register.may_read(2) is Right.GRANTED
