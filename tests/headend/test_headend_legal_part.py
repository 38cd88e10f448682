"""What is legally relevant of a device, and the values that attempts write."""

import tomllib
from pathlib import Path

import pytest

from harness.declaration import CosemObject, parse_declaration
from harness.headend.rights.access_sweep import READING, WRITING, Aim, Rights, holds_secret, refusals
from harness.headend.rights.legal_part import LegalAttribute, changes_of, legal_part, other_value
from harness.headend.rights.object_list import AnnouncedObject, ObjectList, RequestProtection
from harness.headend.rights.write_paths import wrong_type
from harness.protocol import axdr

DEVICE = Path(__file__).parents[2] / "devices/reference-loop.toml"


def announced(class_id: int, obis: str) -> AnnouncedObject:
    return AnnouncedObject(
        class_id=class_id,
        version=0,
        obis=obis,
        attributes={2: 1, 3: 1},
        methods={},
        selectors={},
        bit_masks=False,
        protection=RequestProtection(),
    )


def test_announced_counting_registers_belong_to_it() -> None:
    declaration = parse_declaration(tomllib.loads(DEVICE.read_text(encoding="utf-8")), name="loop")
    objects = (
        announced(3, "1.1.16.8.8.255"),
        announced(4, "1.0.9.8.0.255"),
        announced(3, "1.0.1.7.0.255"),
        announced(3, "1.0.1.8.9.255"),
        announced(3, "1.0.1.8.0.101"),
        announced(3, "7.0.3.8.0.255"),
    )
    rights = Rights(lists={"reading": ObjectList(association_version=0, objects=objects)})
    legal = legal_part(declaration, rights)
    keys = {one.key for one in legal.attributes}
    assert {(3, "1.1.16.8.8.255", 2), (3, "1.1.16.8.8.255", 3), (4, "1.0.9.8.0.255", 2)} <= keys
    assert {(3, "1.0.1.8.0.255", 2), (3, "1.0.2.8.1.255", 3), (1, "1.0.0.3.0.255", 2)} <= keys
    assert not {obis for _, obis, _ in keys} & {
        "1.0.1.7.0.255",
        "1.0.1.8.9.255",
        "1.0.1.8.0.101",
        "7.0.3.8.0.255",
    }
    assert {(target.obis, number) for target, number in legal.methods} >= {("1.0.1.8.0.255", 1)}


@pytest.mark.parametrize(
    ("octets", "counting", "other"),
    [
        ("06 00000064", True, "06 00000032"),
        ("06 00000001", True, "06 000186A1"),
        ("12 0001", False, "12 0002"),
        ("11 FF", False, "11 FE"),
        ("09 02 0102", False, "09 02 0103"),
        ("09 00", False, "09 01 00"),
        ("03 01", False, "03 00"),
        ("02 02 0F 00 16 1E", False, "02 02 0F 01 16 1E"),
        ("00", False, None),
    ],
)
def test_another_value_has_the_same_type(octets: str, counting: bool, other: str | None) -> None:
    made = other_value(bytes.fromhex(octets), counting=counting)
    assert made == (None if other is None else bytes.fromhex(other))


@pytest.mark.parametrize("octets", ["06 00000064", "03 01", "09 02 0102", "02 02 0F 00 16 1E"])
def test_a_wrong_type_is_another_type(octets: str) -> None:
    there = bytes.fromhex(octets)
    assert axdr.decode(wrong_type(there)).type is not axdr.decode(there).type


def test_changes_are_told_by_whether_something_flows() -> None:
    total = LegalAttribute(
        target=CosemObject.model_validate({"class": 3, "obis": "1.0.1.8.0.255"}), number=2, counting=True
    )
    before, more, less = {total.key: b"\x12\x00\x05"}, {total.key: b"\x12\x00\x06"}, {total.key: b"\x12\x00\x04"}
    assert changes_of([total], before, more, standing=False) == []
    assert len(changes_of([total], before, more, standing=True)) == 1
    assert len(changes_of([total], before, less, standing=False)) == 1
    assert len(changes_of([total], before, {}, standing=False)) == 1


def test_numbers_that_are_no_integers_may_count_on_as_well() -> None:
    total = LegalAttribute(
        target=CosemObject.model_validate({"class": 3, "obis": "1.0.1.8.0.255"}), number=2, counting=True
    )
    before, more, less = (
        {total.key: axdr.encode(axdr.Data(axdr.DataType.FLOAT64, value))} for value in (5.0, 5.5, 4.5)
    )
    assert changes_of([total], before, more, standing=False) == []
    assert len(changes_of([total], before, less, standing=False)) == 1


def test_a_net_register_may_fall_while_energy_flows() -> None:
    net = LegalAttribute(
        target=CosemObject.model_validate({"class": 3, "obis": "1.0.16.8.0.255"}), number=2, counting=True
    )
    before, less = {net.key: b"\x12\x00\x05"}, {net.key: b"\x12\x00\x04"}
    assert changes_of([net], before, less, standing=False) == []
    assert len(changes_of([net], before, less, standing=True)) == 1


def test_a_write_may_be_refused_as_a_service_that_is_not_for_this_client() -> None:
    def accepted(condition: str) -> tuple[str, ...]:
        named = {"service_not_negotiated": ("exception:1/2",), "service_unknown": ("exception:2/2",)}
        return named.get(condition, ("dar:3",))

    one = announced(3, "1.0.1.8.0.255")
    aim = Aim(target=one.target, number=2, announced=one)
    writing = refusals(accepted, WRITING, aim, one.attributes, negotiated=True)
    assert writing == ["dar:3", "exception:1/1", "exception:1/2", "exception:1/3"]
    assert "exception:2/2" in refusals(accepted, WRITING, aim, one.attributes, negotiated=False)
    assert refusals(accepted, READING, aim, one.attributes, negotiated=True) == ["dar:3"]


@pytest.mark.parametrize(("octets", "told"), [("09 00", False), ("09 03 2A2A2A", False), ("09 03 616263", True)])
def test_a_row_of_asterisks_is_no_secret(octets: str, told: bool) -> None:
    association = CosemObject.model_validate({"class": 15, "obis": "0.0.40.0.0.255"})
    aim = Aim(target=association, number=7, announced=None)
    assert holds_secret(aim, bytes.fromhex(octets)) is told
