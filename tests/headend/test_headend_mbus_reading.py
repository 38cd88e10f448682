from datetime import date
from decimal import Decimal

import pytest

from harness.declaration.door_mbus import MBusParameters
from harness.errors import ProtocolViolation
from harness.headend.mbus.reading import Reading
from harness.protocol import mbus


def reading(hexed: str, counts: str = "energy") -> Reading:
    frame = mbus.frame_from_bytes(bytes.fromhex(hexed))
    assert isinstance(frame, mbus.LongFrame)
    telegram = mbus.telegram_of(frame)
    assert isinstance(telegram, mbus.Telegram)
    settings = MBusParameters.model_validate({"primary": 1, "counts": counts})
    return Reading(telegrams=(telegram,), octets=(b"",), settings=settings, frame=1)


def of_records(hexed: str, counts: str = "energy") -> Reading:
    data = bytes.fromhex("78563412FA3001022A000000" + hexed)
    return reading(mbus.LongFrame(control=8, address=1, information=0x72, data=data).to_bytes().hex(), counts)


def test_total_and_tariffs() -> None:
    found = of_records("040340E20100" + "84100310270000" + "84200330BB0100")
    assert found.registers() == {0: Decimal(123456), 1: Decimal(10000), 2: Decimal(113456)}
    assert (found.total, found.resolution) == (Decimal(123456), Decimal(1))


def test_a_meter_with_tariffs_only_has_their_sum() -> None:
    emh = reading(
        "68 21 21 68 08 01 72 02 37 62 00 A8 15 00 02 07 00 00 00 8C 10 04 09 04 00 00"
        "C4 00 2A 00 00 00 00 01 FD 17 00 8C 16"
    )
    assert emh.registers() == {1: Decimal(4090)}
    assert (emh.total, emh.resolution) == (Decimal(4090), Decimal(10))


def test_what_is_qualified_is_no_register() -> None:
    assert of_records("04833C88130000").registers() == {}
    with pytest.raises(ProtocolViolation):
        _ = of_records("04833C88130000").total


def test_what_flows_forward_is_a_register_where_there_is_no_plain_one() -> None:
    forward, backward, plain = "04833B88130000", "04833C01000000", "040340E20100"
    assert of_records(backward + forward).registers() == {0: Decimal(5000)}
    assert of_records(forward + plain).registers() == {0: Decimal(123456)}
    assert of_records(forward + "440340E20100").registers() == {0: Decimal(5000)}


def test_joules_real_numbers_and_volumes() -> None:
    assert of_records("040E01000000").total == round(Decimal(1_000_000) / 3600, 9)
    assert of_records("05060000003F").total == Decimal(500)
    assert of_records("04132C010000", "volume").total == Decimal("0.3")


def test_stored_sets_newest_first_and_without_those_that_never_were() -> None:
    first, second, never = "426C4133440301000000", "82016C413484010302000000", "C2016CFFFFC4010300000000"
    found = of_records(first + second + never)
    assert [(one.storage, one.day, one.value) for one in found.stored] == [
        (2, date(2026, 4, 1), Decimal(2)),
        (1, date(2026, 3, 1), Decimal(1)),
    ]


def test_status_tells_an_error() -> None:
    assert not of_records("").tells_an_error
