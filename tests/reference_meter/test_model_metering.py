"""Values computed by hand: load in watts, time in seconds, energy in watt hours."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference_meter.model.configuration import MeterConfiguration, ProfileSettings
from reference_meter.model.energy import NANOJOULES_PER_WH
from reference_meter.model.model import MeterModel

QUIET = MeterConfiguration(history_days=0, import_w=0.0)
READING = 2


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def value(model: MeterModel, class_id: int, obis: bytes, attribute: int = 2) -> object:
    return model.get(READING, class_id, obis, attribute, None)[1]


def import_wh(model: MeterModel) -> tuple[object, object, object]:
    codes = model.configuration.instances
    return (
        value(model, 3, codes.energy_import_total),
        value(model, 3, codes.energy_import_rate(1)),
        value(model, 3, codes.energy_import_rate(2)),
    )


def test_energy_follows_the_load() -> None:
    model = MeterModel(QUIET)
    metering = model.metering
    assert import_wh(model) == (2_000_000, 1_000_000, 1_000_000)
    metering.energy.set_load(import_w=500.0, export_w=0.0)
    metering.advance(3600)
    assert import_wh(model) == (2_000_500, 1_000_500, 1_000_000)
    metering.energy.set_load(import_w=7200.0, export_w=0.0)
    metering.advance(1.5)  # 3 Wh
    assert import_wh(model) == (2_000_503, 1_000_503, 1_000_000)
    metering.energy.set_load(import_w=0.0, export_w=1000.0)
    metering.advance(36)  # 10 Wh out
    assert import_wh(model) == (2_000_503, 1_000_503, 1_000_000)
    assert value(model, 3, model.configuration.instances.energy_export_total) == 200_010
    assert value(model, 3, model.configuration.instances.power_export) == 1000
    assert value(model, 3, model.configuration.instances.power_import) == 0


def test_tariff_switch_divides_the_energy() -> None:
    model = MeterModel(QUIET)
    codes = model.configuration.instances
    model.metering.advance_to(utc("2026-03-02T20:30:00"))
    model.metering.energy.set_load(import_w=1000.0, export_w=0.0)
    model.metering.advance(3600)  # 22:00 local is half way
    assert import_wh(model) == (2_001_000, 1_000_500, 1_000_500)
    assert value(model, 1, codes.active_tariff) == 2


@given(st.lists(st.tuples(st.integers(0, 20_000_000), st.integers(0, 10**10)), min_size=1, max_size=8))
@settings(max_examples=30)
def test_total_is_the_exact_sum_of_power_times_time(steps: list[tuple[int, int]]) -> None:
    metering = MeterModel(QUIET).metering
    before = metering.energy.total_nj("import")
    for power_mw, elapsed_us in steps:
        metering.energy.set_load(import_w=power_mw / 1000, export_w=0.0)
        metering.advance(elapsed_us / 1_000_000)
    expected = sum(power_mw * elapsed_us for power_mw, elapsed_us in steps)
    assert metering.energy.total_nj("import") - before == expected


def test_one_long_advance_equals_many_short_ones() -> None:
    long, short = MeterModel(MeterConfiguration()), MeterModel(MeterConfiguration())
    long.metering.advance(86_400)
    for _ in range(864):
        short.metering.advance(100)
    assert long.metering.energy.energy_nj == short.metering.energy.energy_nj
    assert list(long.metering.profile.rows) == list(short.metering.profile.rows)
    assert long.metering.demand.highest == short.metering.demand.highest


def test_demand_of_each_period_and_the_highest() -> None:
    model = MeterModel(QUIET)
    codes, metering = model.configuration.instances, model.metering
    demand = codes.average_demand_import
    metering.energy.set_load(import_w=1000.0, export_w=0.0)
    metering.advance(450)
    assert value(model, 5, demand, 2) == 500
    assert value(model, 5, demand, 3) == 0
    metering.advance(450)
    assert (value(model, 5, demand, 2), value(model, 5, demand, 3)) == (0, 1000)
    assert value(model, 5, demand, 6) == bytes.fromhex("07EA0302 01 0B0F0000 FFC400")
    assert value(model, 5, demand, 7) == bytes.fromhex("07EA0302 01 0B0F0000 FFC400")
    metering.energy.set_load(import_w=400.0, export_w=0.0)
    metering.advance(900)
    assert value(model, 5, demand, 3) == 400
    assert value(model, 4, codes.max_demand_import, 2) == 1000
    assert value(model, 4, codes.max_demand_import, 5) == bytes.fromhex("07EA0302 01 0B0F0000 FFC400")


def test_equal_demand_later_leaves_the_first_time() -> None:
    model = MeterModel(MeterConfiguration(history_days=0))
    model.metering.advance(3 * 900)
    assert model.metering.demand.highest.ended == utc("2026-03-02T10:15:00")


def test_rows_come_exactly_at_the_boundaries() -> None:
    model = MeterModel(MeterConfiguration(history_days=0))
    model.metering.advance(899.999)
    assert not model.metering.profile.rows
    model.metering.advance(0.001)
    (row,) = model.metering.profile.rows
    assert row.captured_at == utc("2026-03-02T10:15:00")
    # 500 W for a quarter of an hour are 125 Wh.
    assert row.values == (
        (9, bytes.fromhex("07EA0302 01 0B0F0000 FFC400")),
        (17, 0),
        (6, 2_000_125),
        (6, 200_000),
    )


def test_history_gives_two_days_of_rows_and_starts_at_the_fixed_time() -> None:
    model = MeterModel(MeterConfiguration())
    rows = model.metering.profile.rows
    assert model.metering.now == utc("2026-03-02T10:00:00")
    assert len(rows) == 192
    assert rows[0].captured_at == utc("2026-02-28T10:15:00")
    assert rows[-1].captured_at == utc("2026-03-02T10:00:00")
    assert model.metering.energy.power_mw == {"import": 500_000, "export": 0}


def test_days_of_the_change_to_summer_time_and_back() -> None:
    spring = MeterModel(MeterConfiguration(history_days=0, start=utc("2026-03-28T23:00:00")))
    spring.metering.advance(23 * 3600)
    assert len(spring.metering.profile.rows) == 92
    before, after = list(spring.metering.profile.rows)[6:8]
    assert before.values[0][1].hex(" ") == "07 ea 03 1d 07 01 2d 00 00 ff c4 00"
    assert after.values[0][1].hex(" ") == "07 ea 03 1d 07 03 00 00 00 ff 88 80"
    assert (before.values[1], after.values[1]) == ((17, 0), (17, 8))
    autumn = MeterModel(MeterConfiguration(history_days=0, start=utc("2026-10-24T22:00:00")))
    autumn.metering.advance(25 * 3600)
    instants = [row.captured_at for row in autumn.metering.profile.rows]
    assert len(instants) == 100
    assert all(later - earlier == timedelta(minutes=15) for earlier, later in pairwise(instants))


def test_ring_forgets_the_oldest_row() -> None:
    model = MeterModel(MeterConfiguration(profile=ProfileSettings(entries=10)))
    assert value(model, 7, model.configuration.instances.load_profile, 7) == 10
    assert value(model, 7, model.configuration.instances.load_profile, 8) == 10
    model.metering.advance(900)
    assert model.metering.profile.rows[0].captured_at == utc("2026-03-02T08:00:00")


def test_invalid_clock_marks_the_rows_until_it_is_set() -> None:
    model = MeterModel(MeterConfiguration(history_days=0))
    model.metering.clock.invalid = True
    model.metering.advance(900)
    model.metering.set_time(utc("2026-03-02T10:20:00"))
    model.metering.advance(600)
    model.metering.advance(900)
    assert [row.values[1] for row in model.metering.profile.rows] == [(17, 0x06), (17, 0x20), (17, 0)]


def test_set_clock_moves_boundaries_but_no_energy() -> None:
    model = MeterModel(MeterConfiguration(history_days=0))
    energy = model.metering.energy.total_nj("import")
    model.metering.set_time(utc("2026-03-02T23:59:00"))
    assert model.metering.energy.total_nj("import") == energy
    assert model.metering.energy.active_rate == 2
    assert model.metering.demand.started == utc("2026-03-02T23:59:00")
    model.metering.advance(60)
    (row,) = model.metering.profile.rows
    assert row.captured_at == utc("2026-03-03T00:00:00")
    assert row.values[1] == (17, 0x20)
    # One minute of 500 W over a period of 900 s.
    assert model.metering.demand.last.value(0) == 33


def test_small_clock_step_is_not_marked() -> None:
    model = MeterModel(MeterConfiguration(history_days=0))
    model.metering.set_time(utc("2026-03-02T10:00:30"))
    assert not model.metering.capture.clock_adjusted


def test_metering_time_does_not_run_backwards() -> None:
    with pytest.raises(ValueError, match="backwards"):
        MeterModel(QUIET).metering.advance(-1)


def test_scalers_cut_the_exact_energy() -> None:
    fine = MeterModel(MeterConfiguration(history_days=0, energy_scaler=-1, power_scaler=1, import_w=1234.0))
    coarse = MeterModel(MeterConfiguration(history_days=0, energy_scaler=2, import_w=1234.0))
    for model in (fine, coarse):
        model.metering.advance(1800)  # 617 Wh
    codes = fine.configuration.instances
    assert value(fine, 3, codes.energy_import_total) == 20_006_170
    assert value(coarse, 3, codes.energy_import_total) == 20_006
    assert value(fine, 3, codes.power_import) == 123
    assert value(fine, 3, codes.energy_import_total, 3) == [(15, -1), (22, 30)]


def test_register_rolls_over_at_32_bits() -> None:
    model = MeterModel(QUIET)
    model.metering.energy.energy_nj["import", 1] = ((1 << 32) - 1_000_000 + 7) * NANOJOULES_PER_WH
    assert import_wh(model)[0] == 7


def test_a_year_takes_a_moment() -> None:
    model = MeterModel(MeterConfiguration(profile=ProfileSettings(entries=35_040)))
    model.metering.advance(365 * 86_400)
    assert len(model.metering.profile.rows) == 35_040
