"""The deviations of the data flows show themselves in one request each, and the default meter never does."""

from collections.abc import Callable
from contextlib import suppress

import pytest

from reference_meter.codec.axdr import Pair
from reference_meter.deviations import df_1, df_3, df_4, df_5, df_6
from reference_meter.loop import make
from reference_meter.meter import Meter
from reference_meter.model.data import array, double_long_unsigned, enum, octet_string, structure
from reference_meter.server.model_port import AccessRefused, EntrySelection, Selection

PUBLIC, MANAGEMENT, READING = 16, 1, 2
MEASURED = (
    (3, "energy_import_total"),
    (3, "energy_export_total"),
    (3, "power_import"),
    (4, "max_demand_import"),
    (5, "average_demand_import"),
    (7, "load_profile"),
)
PARTS = EntrySelection(from_entry=1, to_entry=2, from_column=1, to_column=0)

Story = Callable[[Meter], None]


def get(
    meter: Meter, client: int, class_id: int, name: str, attribute: int = 2, selection: Selection | None = None
) -> None:
    obis = getattr(meter.configuration.instances, name)
    with suppress(AccessRefused):
        meter.model.get(client, class_id, obis, attribute, selection)


def public_reads(meter: Meter) -> None:
    for class_id, name in MEASURED:
        get(meter, PUBLIC, class_id, name)


def public_reads_parts(meter: Meter) -> None:
    get(meter, PUBLIC, 7, "load_profile", selection=PARTS)


def public_reads_beside_reading(meter: Meter) -> None:
    meter.model.association_changed(READING, 1, opened=True)
    public_reads(meter)


def reads_rows(meter: Meter) -> None:
    get(meter, READING, 7, "load_profile")


def reads_clock_and_maximum(meter: Meter) -> None:
    meter.control({"op": "clock_invalid"})
    get(meter, READING, 8, "clock")
    get(meter, READING, 4, "max_demand_import", 5)


def sets_period(client: int) -> Story:
    def story(meter: Meter) -> None:
        meter.model.set(client, 7, meter.configuration.instances.load_profile, 4, None, double_long_unsigned(30))

    return story


def reads_every_period(meter: Meter) -> None:
    for obis, item in list(meter.model.objects.items()):
        if item.class_id == 7:
            meter.model.get(READING, 7, obis, 4, None)


def reads_columns_of_logs(meter: Meter) -> None:
    for log in meter.model.parts.logs.logs.values():
        columns = meter.model.get(READING, 7, log.obis, 3, None)
        meter.model.set(READING, 7, log.obis, 3, None, array(columns[1]))


def power_fails(meter: Meter) -> None:
    meter.model.parts.cut_power()
    meter.model.parts.restore_power()


def reads_secrets(meter: Meter) -> None:
    for client in (READING, MANAGEMENT):
        get(meter, client, 15, "association", 7)
        for attribute in range(2, 7):
            get(meter, client, 64, "security_setup", attribute)


def transfers(wrapped: bytes) -> Story:
    def story(meter: Meter) -> None:
        parameter: Pair = array([structure(enum(1), octet_string(wrapped))])
        meter.model.action(MANAGEMENT, 64, meter.configuration.instances.security_setup, 2, parameter)

    return story


STORIES: dict[str, Story] = {
    "fine-period-taken": sets_period(MANAGEMENT),
    "fine-period-for-reading": sets_period(READING),
    "finer-profile-announced": reads_every_period,
    "rows-closer-than-told": reads_rows,
    "public-given-one-measured-value": public_reads,
    "selection-skips-the-right": public_reads_parts,
    "rights-of-the-other-client": public_reads_beside_reading,
    "maximum-without-its-time": reads_clock_and_maximum,
    "rows-share-one-time": reads_rows,
    "lost-time-passed-off-as-good": reads_clock_and_maximum,
    "log-captures-a-register": reads_columns_of_logs,
    "log-columns-written-by-reading": reads_columns_of_logs,
    "half-of-a-power-cut": power_fails,
    "association-shows-its-secret": reads_secrets,
    "security-setup-shows-a-key": reads_secrets,
    "key-taken-unwrapped": transfers(bytes(16)),
    "key-taken-under-any-wrap": transfers(bytes(24)),
}
ON_THE_LINE = {
    "list-skips-the-right",
    "standing-client-given-values",
    "list-with-stale-time",
    "key-transfer-in-the-clear",
}
"""These are about whole requests, and the proof of the scenarios sends them."""


def test_every_family_is_tried() -> None:
    families = {one.name for module in (df_1, df_3, df_4, df_5, df_6) for one in module.FAMILIES}
    assert families == set(STORIES) | ON_THE_LINE


@pytest.mark.parametrize("draw", range(3))
@pytest.mark.parametrize("name", sorted(STORIES))
def test_deviation_fires_in_its_story(name: str, draw: int) -> None:
    meter = make({"deviation": name, "draw": str(draw)})
    assert meter.fired() == 0
    STORIES[name](meter)
    assert meter.fired() > 0


def test_default_meter_refuses_all_of_it() -> None:
    meter = make({})
    profile = meter.configuration.instances.load_profile
    before = meter.model.get(READING, 7, profile, 4, None)
    for story in STORIES.values():
        story(meter)
    assert meter.fired() == 0
    assert meter.model.get(READING, 7, profile, 4, None) == before
