"""Devices that come and go wrongly, records that a power cut halves, and conditions under another's code."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from reference_meter.deviations.family import Deviation, deviation, wrap
from reference_meter.gateway.child import Child
from reference_meter.gateway.deviations.recording import LISTED, NOTED, Record, gateway_of, leave_out, recording
from reference_meter.gateway.settings import ChildSettings, Recorded
from reference_meter.meter import Meter
from reference_meter.model.data import octet_string
from reference_meter.server.association import SessionKey

__all__ = ["FAMILIES"]

_CLASS_CLOCK = 8
_OTHER_CODE: dict[Recorded, Recorded] = {
    "device_undecipherable": "device_damaged",
    "device_replayed": "device_foreign",
    "device_damaged": "device_unreachable",
    "device_late": "device_unreachable",
}


@deviation("device-removed-stays-listed", LISTED, about="A device that was removed stays on the list.")
def stays_listed(meter: Meter, random: Random) -> None:
    gateway = gateway_of(meter)

    def device_list(original: Callable[[], object]) -> object:
        gone = [child for child in gateway.children if not child.installed]
        for child in gone:
            gateway.fire()
            child.installed = True
        shown = original()
        for child in gone:
            child.installed = False
        return shown

    wrap(gateway, "device_list", device_list)
    item = gateway.model.objects[gateway.settings.device_list]
    item.attributes[2] = replace(item.attributes[2], read=lambda: gateway.device_list())


@deviation("device-removal-erases-records", LISTED, about="The records of a device go with it.")
def erases_records(meter: Meter, random: Random) -> None:
    gateway = gateway_of(meter)

    def register(original: Callable[..., None], child: Child, *, installed: bool) -> None:
        original(child, installed=installed)
        if installed:
            return
        gateway.fire()
        name = octet_string(child.settings.name.encode())
        for log in gateway.logs.logs.values():
            kept = [row for row in log.profile.rows if name not in row.values]
            log.profile.rows.clear()
            log.profile.rows.extend(kept)

    wrap(gateway.registration, "register", register)


@deviation("device-registration-unrecorded", LISTED, about="That a device comes or goes leaves no record.")
def registration_unrecorded(meter: Meter, random: Random) -> None:
    leave_out(meter, random.choice(("device_installed", "device_removed")))


@deviation("device-removed-still-served", LISTED, about="A removed device is still asked, and nothing is recorded.")
def still_served(meter: Meter, random: Random) -> None:
    gateway = gateway_of(meter)

    def record(original: Callable[..., None], child: Child, key: SessionKey, apdu: bytes, answers: object) -> None:
        if child.installed:
            original(child, key, apdu, answers)
        else:
            gateway.fire()

    wrap(gateway.server, "serves", lambda original, child: True)
    wrap(gateway.server, "record_interaction", record)


@deviation("device-installed-again-unrecorded", LISTED, about="Of a device that came again nothing more is recorded.")
def again_unrecorded(meter: Meter, random: Random) -> None:
    gateway = gateway_of(meter)
    gone: set[str] = set()

    def record(original: Record, what: Recorded, child: ChildSettings) -> None:
        if what == "device_removed":
            gone.add(child.name)
        if child.name in gone and what not in ("device_removed", "device_installed"):
            gateway.fire()
        else:
            original(what, child)

    recording(gateway, record)


@deviation("device-record-halved-by-power-cut", LISTED, NOTED, about="A power cut halves the last record.")
def halved(meter: Meter, random: Random) -> None:
    gateway = gateway_of(meter)
    half = random.choice(("name", "time"))

    def cut_power(original: Callable[[], None]) -> None:
        original()
        for log in gateway.logs.logs.values():
            if not log.profile.rows:
                continue
            gateway.fire()
            row = log.profile.rows.pop()
            values = list(row.values)
            values[0 if half == "time" else -1] = octet_string(b"\xff" * 12 if half == "time" else b"")
            log.profile.rows.append(replace(row, values=tuple(values)))

    wrap(gateway, "cut_power", cut_power)


@deviation("device-condition-under-other-code", NOTED, about="One condition is recorded as another one.")
def under_other_code(meter: Meter, random: Random) -> None:
    gateway = gateway_of(meter)
    wrong = random.choice(list(_OTHER_CODE))

    def record(original: Record, what: Recorded, child: ChildSettings) -> None:
        if what == wrong:
            gateway.fire()
        original(_OTHER_CODE[what] if what == wrong else what, child)

    recording(gateway, record)


FAMILIES: tuple[Deviation, ...] = (
    stays_listed,
    erases_records,
    registration_unrecorded,
    still_served,
    again_unrecorded,
    halved,
    under_other_code,
)
