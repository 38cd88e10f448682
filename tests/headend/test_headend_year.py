"""A year of virtual time: everything that comes in it is there, and its rows are read with flat memory."""

import tomllib
import tracemalloc
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from time import process_time

import pytest

from harness.checks.captures import rows_since
from harness.declaration import CosemObject, merge_patch, parse_declaration
from harness.evidence.trace import Trace
from harness.headend.client import Client, item
from harness.headend.head_end import HeadEnd, timing_of
from harness.headend.profiles import ProfileReader
from harness.headend.restoring.key_ring import KeyRing
from harness.keys import KeyStore
from harness.protocol.cosem import obis
from harness.transport.loop_world import LoopWorld
from harness.transport.urls import TransportFactory
from reference_meter.loop import make
from reference_meter.meter import Meter
from reference_meter.variants import VARIANTS

DEVICES = Path(__file__).parents[2] / "devices"
YEAR = VARIANTS["year-deep"]
ROWS_A_YEAR = 35_040
MOST_SECONDS = 30.0
MOST_OCTETS = 4_000_000


def reading_client(
    folder: Path, trace: Trace, meter: Meter, *, access: tuple[str, ...] = ("range", "entry")
) -> tuple[Client, Callable[[str], CosemObject], ProfileReader]:
    world = LoopWorld(makers={"reference": lambda options: meter})
    base = tomllib.loads((DEVICES / "reference-loop.toml").read_text(encoding="utf-8"))
    declaration = parse_declaration(merge_patch(base, YEAR.declaration), name="year")
    door = declaration.door("loop-wrapper")
    head_end = HeadEnd(
        declaration=declaration,
        door=door,
        transports=TransportFactory(world),
        trace=trace,
        timing=timing_of(door),
        clause="BI.02.step3",
        rest_for=lambda seconds: None,
        keys=KeyRing(KeyStore(folder / "state"), "test"),
    )

    def object_of(role: str) -> CosemObject:
        return declaration.require(role, clause="BI.02.step3")

    client = head_end.associate("reading")
    declared = declaration.profiles["load_profile"].model_copy(update={"selective_access": access})
    profile = ProfileReader(client, object_of("load_profile"), declared, object_of("clock"))
    return client, object_of, profile


def test_a_year_passes_in_seconds_and_its_rows_are_read_with_flat_memory(tmp_path: Path) -> None:
    meter = make(YEAR.options)
    began = process_time()
    meter.model.metering.energy.set_load(import_w=500, export_w=0)
    start = meter.model.metering.now
    meter.model.metering.advance_to(start + timedelta(seconds=ROWS_A_YEAR * 900))
    trace = Trace(tmp_path / "trace.jsonl")
    client, object_of, profile = reading_client(tmp_path, trace, meter)
    now = profile.now()
    since = now.later(-ROWS_A_YEAR * 900 + 1)
    profile.order()
    profile.columns()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        rows = sum(1 for _ in profile.stream_range(since, now))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert rows == ROWS_A_YEAR
    assert peak - before < MOST_OCTETS
    sets = {
        role: sum(1 for _ in client.rows(item(object_of(role), 2)))
        for role in ("daily_profile", "weekly_profile", "billing_profile", "yearly_profile")
    }
    assert sets == {"daily_profile": 40, "weekly_profile": 10, "billing_profile": 13, "yearly_profile": 1}
    client.close()
    trace.close()
    assert process_time() - began < MOST_SECONDS


def test_each_tariff_of_the_year_has_counted_its_hours() -> None:
    meter = make(YEAR.options)
    metering = meter.model.metering
    metering.energy.set_load(import_w=1000, export_w=0)
    before = dict(metering.energy.energy_nj)
    metering.advance_to(metering.now + timedelta(days=364))
    day = metering.energy.energy_nj["import", 1] - before["import", 1]
    night = metering.energy.energy_nj["import", 2] - before["import", 2]
    # 15 hours of each day are of the first tariff, 9 of the second.
    assert day * 9 == night * 15
    assert (day + night) == 1_000_000 * 364 * 86_400 * 1_000_000
    profile = meter.model.objects[obis("1.0.99.1.0.255")]
    assert profile.attributes[7].read()[1] >= 364 * 96


@pytest.mark.parametrize("access", [("range",), ("range", "entry"), ()])
def test_rows_ahead_of_a_clock_set_back_are_among_the_last(tmp_path: Path, access: tuple[str, ...]) -> None:
    meter = make(YEAR.options)
    metering = meter.model.metering
    metering.advance_to(metering.now + timedelta(days=20))
    trace = Trace(tmp_path / "trace.jsonl")
    client, _, profile = reading_client(tmp_path, trace, meter, access=access)
    before = profile.last_captured(30)
    meter.model.set_time(metering.now - timedelta(seconds=2 * 900))
    metering.advance_to(metering.now + timedelta(seconds=2 * 900))
    after = profile.last_captured(30)
    assert len(after) == 30
    assert len(rows_since(before, after)) == 2
    client.close()
    trace.close()
