"""Scripts that would change what is legally relevant, and the selectors that they get."""

import pytest

from harness.declaration import CosemObject
from harness.errors import ProtocolViolation
from harness.headend.data import double_long_unsigned, encoded, enum, long_unsigned, octet_string
from harness.headend.rights.legal_part import LegalAttribute
from harness.headend.rights.script_attack import harms, with_scripts
from harness.headend.tariff.rates import mask_selectors
from harness.protocol.axdr import Data, DataType

TOTAL = CosemObject.model_validate({"class": 3, "obis": "1.0.1.8.0.255"})
TOTAL_NAME = bytes((1, 0, 1, 8, 0, 255))
VALUE = LegalAttribute(target=TOTAL, number=2, counting=True)
UNIT = LegalAttribute(target=TOTAL, number=3, counting=False)


def _script(selector: int, *actions: Data) -> Data:
    return Data(DataType.STRUCTURE, (long_unsigned(selector), Data(DataType.ARRAY, actions)))


def _mask(name: bytes) -> Data:
    cells = (enum(1), long_unsigned(6), octet_string(b"\x00\x00\x0e\x00\x00\xff"), Data(DataType.INTEGER, 4))
    return Data(DataType.STRUCTURE, (*cells, octet_string(name)))


def test_register_that_counts_is_written_lower_and_reset() -> None:
    write, reset = harms((UNIT, VALUE), {VALUE.key: encoded(double_long_unsigned(1000))})
    cells = [cell.value for cell in write.action.value] if isinstance(write.action.value, tuple) else []
    assert cells == [1, 3, TOTAL_NAME, 2, 500]
    cells = [cell.value for cell in reset.action.value] if isinstance(reset.action.value, tuple) else []
    assert cells == [2, 3, TOTAL_NAME, 1, 0]


def test_nothing_is_aimed_at_what_cannot_be_read() -> None:
    assert harms((VALUE,), {}) == ()
    assert harms((UNIT,), {UNIT.key: encoded(enum(30))}) == ()


def test_scripts_of_the_table_stay_and_new_ones_come_after_them() -> None:
    old = Data(DataType.ARRAY, (_script(1), _script(7)))
    table, selectors = with_scripts(old, (_mask(b"A"), _mask(b"B")))
    assert selectors == (8, 9)
    assert table.value == (_script(1), _script(7), _script(8, _mask(b"A")), _script(9, _mask(b"B")))


def test_first_script_of_an_empty_table_is_the_first() -> None:
    assert with_scripts(Data(DataType.ARRAY, ()), (_mask(b"A"),))[1] == (1,)
    with pytest.raises(ProtocolViolation):
        with_scripts(enum(1), ())


def test_masks_are_found_by_the_scripts_that_put_them_in_force() -> None:
    scripts = Data(DataType.ARRAY, (_script(1, _mask(b"RATE1")), _script(2, _mask(b"RATE2")), _script(3)))
    assert mask_selectors(scripts) == {b"RATE1": 1, b"RATE2": 2}
