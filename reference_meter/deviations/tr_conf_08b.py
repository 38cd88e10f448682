"""TR-Conf.08b: reading current values leaves the periodic process alone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from reference_meter.deviations.family import deviation, wrap
from reference_meter.deviations.reading import Read, after_read
from reference_meter.meter import Meter
from reference_meter.model.row import Row
from reference_meter.server.association import SessionKey

__all__ = ["FAMILIES"]

_REGISTER = 3


@deviation(
    "read-closes-demand-period",
    "TR-Conf.08b",
    about="Reading the average demand ends the demand period.",
)
def read_closes_demand_period(meter: Meter, rng: Random) -> None:
    """Draw the attribute: the current or the last average."""
    attribute = rng.choice((2, 3))

    def tell(read: Read) -> None:
        if read.is_of(meter.configuration.instances.average_demand_import, attribute):
            meter.model.metering.end_demand_period()
            meter.fire()

    after_read(meter, tell)


@deviation("read-resets-max-demand", "TR-Conf.08b", about="Reading the highest demand sets it back to zero.")
def read_resets_max_demand(meter: Meter, rng: Random) -> None:
    """No parameter."""
    metering = meter.model.metering

    def tell(read: Read) -> None:
        if read.is_of(meter.configuration.instances.max_demand_import) and metering.demand.highest.energy_nj:
            metering.demand.reset_highest(metering.now)
            meter.fire()

    after_read(meter, tell)


@deviation("read-adds-profile-row", "TR-Conf.08b", about="Reading the import energy adds a row to the load profile.")
def read_adds_profile_row(meter: Meter, rng: Random) -> None:
    """Draw after how many readings."""
    every = rng.randint(1, 10)
    reads = 0

    def tell(read: Read) -> None:
        nonlocal reads
        if read.is_of(meter.configuration.instances.energy_import_total):
            reads += 1
            if reads % every == 0:
                meter.model.metering.capture.capture_row()
                meter.fire()

    after_read(meter, tell)


@deviation(
    "capture-skipped-while-association-open",
    "TR-Conf.08b",
    about="No profile row is captured while a client is associated.",
)
def capture_skipped(meter: Meter, rng: Random) -> None:
    """No parameter."""
    metering = meter.model.metering

    def happen(original: Callable[[], None]) -> None:
        if not meter.model.open_associations:
            original()
            return
        metering.capture.plan()
        meter.fire()

    wrap(metering.capture, "happen", happen)


@deviation(
    "late-capture-under-load",
    "TR-Conf.08b",
    about="The row of a period with many readings has a time stamp that is late.",
)
def late_capture(meter: Meter, rng: Random) -> None:
    """Draw how many readings are many, and the delay."""
    metering = meter.model.metering
    many, delay = rng.randint(5, 15), timedelta(seconds=rng.randint(3, 40))
    reads = 0

    def tell(read: Read) -> None:
        nonlocal reads
        reads += read.class_id == _REGISTER

    def store(original: Callable[[Row], None], row: Row) -> None:
        nonlocal reads
        if reads >= many:
            late = row.captured_at + delay
            row = replace(row, captured_at=late, values=((9, metering.clock.stamp(late)), *row.values[1:]))
            meter.fire()
        reads = 0
        original(row)

    after_read(meter, tell)
    wrap(metering.profile, "store", store)


@deviation(
    "aborted-block-transfer-stops-captures",
    "TR-Conf.08b",
    about="When a client vanishes in the middle of a long answer, no row is captured until a client associates again.",
)
def aborted_block_transfer(meter: Meter, rng: Random) -> None:
    """No parameter."""
    metering, associations = meter.model.metering, meter.server.associations
    stopped = False

    def close(original: Callable[[SessionKey], None], key: SessionKey) -> None:
        nonlocal stopped
        association = associations.find(key)
        stopped = stopped or (association is not None and association.long_get is not None)
        original(key)

    def open_association(original: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal stopped
        stopped = False
        return original(*arguments)

    def happen(original: Callable[[], None]) -> None:
        if not stopped:
            original()
            return
        metering.capture.plan()
        meter.fire()

    wrap(associations, "close", close)
    wrap(associations, "open_association", open_association)
    wrap(metering.capture, "happen", happen)


@deviation(
    "association-cycle-shifts-schedule",
    "TR-Conf.08b",
    about="Many associations within one period move the capture at its end.",
)
def association_cycle_shifts_schedule(meter: Meter, rng: Random) -> None:
    """Draw how many are many, and by how much the capture moves."""
    metering = meter.model.metering
    many, shift = rng.randint(10, 30), timedelta(seconds=rng.randint(30, 300))
    cycles = 0
    moved_to: datetime | None = None

    def association_changed(original: Callable[..., None], client: int, link_id: int, *, opened: bool) -> None:
        nonlocal cycles, moved_to
        original(client, link_id, opened=opened)
        cycles += opened
        if opened and cycles == many:
            metering.capture.due += shift
            moved_to = metering.capture.due

    def happen(original: Callable[[], None]) -> None:
        nonlocal cycles
        cycles = 0
        original()
        if metering.now == moved_to:
            meter.fire()

    wrap(meter.model, "association_changed", association_changed)
    wrap(metering.capture, "happen", happen)


FAMILIES = (
    read_closes_demand_period,
    read_resets_max_demand,
    read_adds_profile_row,
    capture_skipped,
    late_capture,
    aborted_block_transfer,
    association_cycle_shifts_schedule,
)
