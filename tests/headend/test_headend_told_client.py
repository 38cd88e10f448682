"""Which client a log tells of: alone, as text, as octets, or as the first of a structure."""

from typing import Any

import pytest

from harness.declaration import AssociationDeclaration
from harness.errors import DeclarationError, Inconclusive
from harness.headend.event_log import LogEntry
from harness.headend.told_client import client_cell, client_column, names_client
from harness.protocol.axdr import Data, DataType
from harness.protocol.cosem import DateTime
from tests.headend.conftest import described

PARTNERS = Data(
    DataType.STRUCTURE, (Data(DataType.INTEGER, 1), Data(DataType.LONG_UNSIGNED, 1))
)  # associated_partners_id of client 1 at the management logical device
ENTRY = LogEntry(
    time=DateTime.from_octets(bytes.fromhex("07EA0302010A0000FF800000")), code=47, row=1, cells=(b"", 47, 1)
)


def _association(**more: Any) -> AssociationDeclaration:
    return AssociationDeclaration.model_validate(
        {"id": "management", "role": "management", "client_sap": 1, "mechanism": "none", **more}
    )


@pytest.mark.parametrize("cell", [1, b"\x01", b"\x00\x01", PARTNERS])
def test_a_client_is_told_by_its_sap(cell: object) -> None:
    assert names_client(cell, _association())
    assert not names_client(cell, _association(client_sap=2))


@pytest.mark.parametrize(
    "cell", [True, b"", None, "1", Data(DataType.STRUCTURE, ()), Data(DataType.ARRAY, (PARTNERS,))]
)
def test_what_names_nobody_is_not_taken_for_a_client(cell: object) -> None:
    assert not names_client(cell, _association())


def test_a_client_is_told_as_declared() -> None:
    operator, user = _association(recorded_as="operator"), _association(recorded_as=7)
    assert names_client(b"operator\x00", operator)
    assert names_client("operator", operator)
    assert not names_client(1, operator)
    assert names_client(7, user)
    assert not names_client(PARTNERS, user)


def test_the_column_is_the_declared_one() -> None:
    declared = described(logs={"standard_log": {"client_column": 3}})
    assert client_column(declared, "standard_log") == 3
    assert client_column(declared, "fraud_log") is None
    assert client_cell(ENTRY, "standard_log", 3) == 1
    with pytest.raises(Inconclusive, match=r"logs.standard_log.client_column is 4, and standard_log has 3 columns"):
        client_cell(ENTRY, "standard_log", 4)


def test_the_first_column_is_1() -> None:
    with pytest.raises(
        DeclarationError, match=r"logs\.standard_log\.client_column: is 0; allowed: a whole number from 1"
    ):
        described(logs={"standard_log": {"client_column": 0}})
