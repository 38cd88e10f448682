"""M-Bus: registers that a master can move, errors that are not told, sets that are not what was due."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from random import Random

from reference_meter.codec.mbus import Request
from reference_meter.deviations.family import deviation, wrap
from reference_meter.mbus.contents import TOTAL
from reference_meter.mbus.stored import StoredSet
from reference_meter.meter import Meter

__all__ = ["FAMILIES"]

_VENDOR_COMMANDS = (0xB2, 0xB4, 0xA0)
_MINUTES_LATE = (10, 60)


def _spoil(meter: Meter) -> None:
    """Take half of what was imported away."""
    energy = meter.model.metering.energy
    for direction, rate in energy.energy_nj:
        if direction == "import":
            energy.energy_nj[direction, rate] //= 2
    meter.fire()


@deviation("mbus-application-reset-clears", "TR-Conf.01a", about="An application reset moves the registers.")
def application_reset_clears(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def reset(original: Callable[[], None]) -> None:
        original()
        _spoil(meter)

    wrap(meter.model.parts.mbus.electricity, "reset_application", reset)


@deviation("mbus-refused-write-applied", "TR-Conf.01a", about="The write of a register is refused and has an effect.")
def refused_write_applied(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def refuse(original: Callable[[bytes], int], data: bytes) -> int:
        _spoil(meter)
        return original(data)

    wrap(meter.model.parts.mbus.electricity, "refuse_write", refuse)


@deviation("mbus-vendor-command-applied", "TR-Conf.01a", about="A command of the vendor moves the registers.")
def vendor_command_applied(meter: Meter, rng: Random) -> None:
    """Draw the command."""
    command = rng.choice(_VENDOR_COMMANDS)

    def refuse(original: Callable[[Request], int | None], request: Request) -> int | None:
        if request.information == command:
            _spoil(meter)
        return original(request)

    wrap(meter.model.parts.mbus.electricity, "refuse_information", refuse)


@deviation("mbus-link-reset-clears", "TR-Conf.01a", about="A reset of the link moves the registers.")
def link_reset_clears(meter: Meter, rng: Random) -> None:
    """Draw after how many resets."""
    patience = [rng.randrange(2, 4)]

    def reset(original: Callable[[Request], None], request: Request) -> None:
        original(request)
        patience[0] -= 1
        if patience[0] <= 0:
            _spoil(meter)

    wrap(meter.model.parts.mbus.electricity, "reset_link", reset)


@deviation("mbus-errors-untold", "TR-Conf.04a", about="What could not be carried out is not told.")
def errors_untold(meter: Meter, rng: Random) -> None:
    """Draw what: commands or writes."""
    method = rng.choice(("refuse_information", "refuse_write"))

    def refuse(original: Callable[..., int], asked: object) -> None:
        meter.fire()

    wrap(meter.model.parts.mbus.electricity, method, refuse)


@deviation("mbus-error-of-another-kind", "TR-Conf.04a", about="Errors are told with the code of another one.")
def error_of_another_kind(meter: Meter, rng: Random) -> None:
    """Draw the code."""
    code = rng.choice((0x00, 0x02, 0x09, 0x55))

    def error_frame(original: Callable[[int], bytes], error: int) -> bytes:
        meter.fire()
        return original(code)

    wrap(meter.model.parts.mbus.electricity, "error_frame", error_frame)


@deviation("mbus-stale-registers", "TR-Conf.08a", about="Registers show what they were at the last full hour or two.")
def stale_registers(meter: Meter, rng: Random) -> None:
    """Draw the age."""
    hours = rng.choice((1, 2))
    contents, metering = meter.model.parts.mbus.electricity.contents, meter.model.metering
    kept: dict[datetime, Mapping[int, int]] = {}

    def registers(original: Callable[[], Mapping[int, int]]) -> Mapping[int, int]:
        now = original()
        since = metering.true_time - timedelta(hours=hours)
        young = {at: values for at, values in kept.items() if at >= since}
        kept.clear()
        kept.update(young or {metering.true_time: now})
        shown = kept[min(kept)]
        if shown != now:
            meter.fire()
        return shown

    wrap(contents, "registers", registers)


@deviation("mbus-tariff-not-in-total", "TR-Conf.08a", about="The tariffs move otherwise than the total.")
def tariff_not_in_total(meter: Meter, rng: Random) -> None:
    """No parameter: the tariff that runs shows twice what it counts from the first reading on."""
    contents = meter.model.parts.mbus.electricity.contents
    first: dict[int, int] = {}

    def registers(original: Callable[[], Mapping[int, int]]) -> Mapping[int, int]:
        found = dict(original())
        for tariff, value in found.items():
            begun = first.setdefault(tariff, value)
            if tariff != TOTAL and value != begun:
                found[tariff] = 2 * value - begun
                meter.fire()
        return found

    wrap(contents, "registers", registers)


@deviation("mbus-set-missing", "TR-Conf.07a", about="At the due date nothing is stored.")
def set_missing(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def store(original: Callable[[], None]) -> None:
        meter.fire()

    wrap(meter.model.parts.mbus.electricity.contents.stored, "store", store)


@deviation("mbus-set-is-live", "TR-Conf.07a", about="The stored set shows the present registers.")
def set_is_live(meter: Meter, rng: Random) -> None:
    """No parameter."""
    contents = meter.model.parts.mbus.electricity.contents

    def stored_records(original: Callable[[StoredSet, int], list[bytes]], one: StoredSet, storage: int) -> list[bytes]:
        now = contents.registers()
        if now != one.registers:
            meter.fire()
        return original(StoredSet(local=one.local, registers=now), storage)

    wrap(contents, "stored_records", stored_records)


@deviation("mbus-set-with-wrong-day", "TR-Conf.07a", about="The stored set bears another date.")
def set_with_wrong_day(meter: Meter, rng: Random) -> None:
    """Draw by how many days."""
    days = timedelta(days=rng.choice((-1, 1, 30)))
    contents = meter.model.parts.mbus.electricity.contents

    def stored_records(original: Callable[[StoredSet, int], list[bytes]], one: StoredSet, storage: int) -> list[bytes]:
        meter.fire()
        return original(StoredSet(local=one.local + days, registers=one.registers), storage)

    wrap(contents, "stored_records", stored_records)


@deviation("mbus-set-too-early", "TR-Conf.07a", about="The set is stored hours before it is due.")
def set_too_early(meter: Meter, rng: Random) -> None:
    """Draw how many hours."""
    early = timedelta(hours=rng.choice((1, 6, 24)))
    stored = meter.model.parts.mbus.electricity.contents.stored

    def plan(original: Callable[[], None]) -> None:
        original()
        if stored.due - early > meter.model.metering.now:
            stored.due -= early

    def happen(original: Callable[[], None]) -> None:
        stored.store()
        meter.fire()
        stored.due += timedelta(days=27)

    wrap(stored, "plan", plan)
    wrap(stored, "happen", happen)
    stored.plan()


@deviation("mbus-reading-stores", "TR-Conf.08b", about="Each reading stores a set.")
def reading_stores(meter: Meter, rng: Random) -> None:
    """No parameter."""
    slave = meter.model.parts.mbus.electricity

    def respond(original: Callable[[Request], bytes], request: Request) -> bytes:
        answer = original(request)
        slave.contents.stored.store()
        meter.fire()
        return answer

    wrap(slave, "respond", respond)


@deviation("mbus-reading-unlogged", "TR-Conf.09a", about="Readings over M-Bus leave no entry.")
def reading_unlogged(meter: Meter, rng: Random) -> None:
    """No parameter."""
    slave = meter.model.parts.mbus.electricity

    def respond(original: Callable[[Request], bytes], request: Request) -> bytes:
        collection = meter.model.parts.collection
        selected, collection.selected = collection.selected, frozenset()
        try:
            return original(request)
        finally:
            collection.selected = selected
            meter.fire()

    wrap(slave, "respond", respond)


@deviation("mbus-filter-ignored", "TR-Conf.09b", about="Readings over M-Bus are logged whatever is selected.")
def filter_ignored(meter: Meter, rng: Random) -> None:
    """No parameter."""
    slave, collection = meter.model.parts.mbus.electricity, meter.model.parts.collection

    def respond(original: Callable[[Request], bytes], request: Request) -> bytes:
        answer = original(request)
        if not collection.selected:
            collection.record("readings_collected")
            meter.fire()
        return answer

    wrap(slave, "respond", respond)


@deviation("mbus-no-registers", "SU3.step2", about="The reading has no registers.")
def no_registers(meter: Meter, rng: Random) -> None:
    """Draw: without the record, or with one that ends within its value."""
    contents, cut = meter.model.parts.mbus.electricity.contents, rng.random() < 0.5

    def records(original: Callable[[], list[bytes]]) -> list[bytes]:
        meter.fire()
        found = original()
        return [*found[1:], found[0][:-1]] if cut else found[-1:]

    wrap(contents, "records", records)


FAMILIES = (
    application_reset_clears,
    refused_write_applied,
    vendor_command_applied,
    link_reset_clears,
    errors_untold,
    error_of_another_kind,
    stale_registers,
    tariff_not_in_total,
    set_missing,
    set_is_live,
    set_with_wrong_day,
    set_too_early,
    reading_stores,
    reading_unlogged,
    filter_ignored,
    no_registers,
)
