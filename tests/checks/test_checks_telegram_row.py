"""Telegrams one after the other: times, energy, tariffs beside their total."""

from datetime import datetime, timedelta

import pytest

from harness.checks.judged import Breach, Undecided
from harness.checks.telegram_row import adds_up, does_not_fall, goes_on
from harness.protocol.p1 import Quantity, Stamp

NOON = datetime(2026, 3, 2, 12)
BEGINS = [float(at) for at in range(12)]


def stamps(*seconds: float, summer: bool | None = False) -> list[Stamp]:
    return [Stamp(local=NOON + timedelta(seconds=one), summer=summer) for one in seconds]


def quantities(*texts: str) -> list[Quantity]:
    return [Quantity.parse(one) for one in texts]


@pytest.mark.parametrize("pace", [0.0, 0.5, 2.0])
def test_times_that_stand_still_or_run_are_wrong(pace: float) -> None:
    told = stamps(*(at * 10 * pace for at in BEGINS))
    assert isinstance(goes_on(told, [at * 10 for at in BEGINS], old_s=1.0, uncertainty_s=0.1), Breach)


def test_times_that_go_on_in_steps_are_right() -> None:
    # The time is renewed each other second, and telegrams begin a little late.
    told = stamps(*(int(at) // 2 * 2 for at in BEGINS))
    assert goes_on(told, [at * 1.02 for at in BEGINS], old_s=2.0, uncertainty_s=0.1) is None


def test_a_clock_that_is_set_meanwhile_decides_nothing() -> None:
    told = stamps(*(at + (60 if at > 8 else 0) for at in BEGINS))
    assert isinstance(goes_on(told, BEGINS, old_s=1.0, uncertainty_s=0.1), Undecided)


def test_a_change_of_summer_time_and_few_telegrams_decide_nothing() -> None:
    changed = [*stamps(0, 1, 2, 3), *stamps(3604, 3605, summer=True)]
    assert isinstance(goes_on(changed, BEGINS[:6], old_s=1.0, uncertainty_s=0.0), Undecided)
    assert isinstance(goes_on(stamps(0, 0, 0), BEGINS[:3], old_s=1.0, uncertainty_s=0.0), Undecided)


@pytest.mark.parametrize(
    ("texts", "wrong"),
    [
        (("000001.000*kWh", "000001.000*kWh", "000001.001*kWh"), False),
        (("000001.001*kWh", "000001.000*kWh"), True),
        (("612345.678*kWh", "000000.000*kWh"), True),
        (("999999.999*kWh", "000000.002*kWh"), False),
        (("9999999*Wh", "0000000*Wh"), False),
        (("000001.000*kWh", "000001.000*kW"), True),
    ],
)
def test_energy_does_not_fall(texts: tuple[str, ...], wrong: bool) -> None:
    assert isinstance(does_not_fall(quantities(*texts), "energy"), Breach) is wrong


@pytest.mark.parametrize(
    ("total", "every", "wrong"),
    [
        ("000003.579*kWh", True, False),
        ("000003.581*kWh", True, False),
        ("000003.590*kWh", True, True),
        ("000003.590*kWh", False, False),
        ("000003.500*kWh", False, True),
        ("3.5*kWh", True, False),
    ],
)
def test_tariffs_make_up_their_total(total: str, every: bool, wrong: bool) -> None:
    first, second = quantities("000001.234*kWh", "000002.345*kWh")
    judged = adds_up(Quantity.parse(total), {"1": first, "2": second}, every_rate=every, about="the total")
    assert isinstance(judged, Breach) is wrong
