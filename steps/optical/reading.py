"""Readouts at the local port, and the same registers by DLMS."""

from dataclasses import dataclass
from decimal import Decimal

from pytest_bdd import given, parsers, then, when

from harness.checks.optical import in_base_units, shown_between, unmoved
from harness.errors import Inconclusive, NotApplicable
from harness.headend.optical import OpticalPort, Readout
from harness.headend.optical.behind_sign_on import read_behind_sign_on
from harness.headend.registers import number_in, read_register
from harness.headend.stimuli.same_error import read_at
from harness.run.trial import Trial

_HOUR_S = Decimal(3600)
_SLACK_S = Decimal(5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """One readout, and the counting registers by DLMS before and after it: role -> value in base units."""

    before: dict[str, Decimal]
    readout: Readout
    after: dict[str, Decimal]
    resolutions: dict[str, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadByHdlc:
    """A counting register read behind the sign-on, and at another door before and after: in base units."""

    role: str
    before: Decimal
    shown: Decimal
    after: Decimal
    resolution: Decimal


def port_of(trial: Trial) -> OpticalPort:
    """Return the hand-held unit at the scenario's door."""
    return trial.side(OpticalPort)


def counting(trial: Trial) -> dict[str, str]:
    """Return the declared registers that only count up, with their addresses."""
    found = {role: address for role, address in port_of(trial).settings.registers.items() if role.startswith("energy_")}
    if not found:
        raise Inconclusive("doors.iec62056_21.registers names no register of energy", missing="declaration")
    return found


def number_of(trial: Trial, readout: Readout, address: str) -> tuple[Decimal, Decimal]:
    """Return what a readout shows at an address and the weight of its last digit, in base units."""
    shown = readout.find(address)
    if shown is None:
        raise trial.fail(expected=f"{address} in the readout", observed="no such data set", frame=readout.frame)
    number, resolution = in_base_units(shown.number, shown.unit), in_base_units(shown.resolution, shown.unit)
    if number is None or resolution is None:
        raise Inconclusive(f"{address} is shown with the unit {shown.unit}", missing="device")
    return number, resolution


@given("the device has been read out", target_fixture="readout")
@when("the device is read out", target_fixture="readout")
def is_read_out(trial: Trial) -> Readout:
    return port_of(trial).judged_readout()


def check_neighbour(trial: Trial) -> None:
    """Make sure that the head end stands at another door of the same device."""
    door = trial.head_end.door
    # Doors in this process and doors of the lab lead to two devices of one kind.
    if not door.speaks_dlms or door.is_virtual != trial.door.is_virtual:
        raise NotApplicable("no door for DLMS leads to the device of this one", item="doors")


@when("the device is read out between two readings by DLMS", target_fixture="beside")
def read_out_between(trial: Trial) -> Beside:
    before, resolutions = _by_dlms(trial)
    readout = port_of(trial).judged_readout()
    after, _ = _by_dlms(trial)
    return Beside(before=before, readout=readout, after=after, resolutions=resolutions)


def _by_dlms(trial: Trial) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    """Read the registers at the first DLMS door: values and weights of the last digit."""
    check_neighbour(trial)
    values, resolutions = {}, {}
    with trial.basis():
        client = trial.head_end.associate("reading")
        for role in counting(trial):
            register = read_register(client, trial.object(role), trial.clause)
            values[role] = register.value
            resolutions[role] = Decimal(1).scaleb(register.scaler_unit.scaler)
    trial.head_end.close_all()
    return values, resolutions


@then("each register of the readout is that of DLMS")
def same_as_by_dlms(trial: Trial, beside: Beside) -> None:
    for role, address in counting(trial).items():
        shown, resolution = number_of(trial, beside.readout, address)
        coarser = max(resolution, beside.resolutions[role])
        judged = shown_between(address, shown, beside.before[role], beside.after[role], coarser)
        trial.judge(judged, beside.readout.frame)


@then("the readout names the device and shows its registers")
def shows_registers(trial: Trial, readout: Readout) -> None:
    for address in port_of(trial).settings.registers.values():
        if readout.find(address) is None:
            raise trial.fail(expected=f"{address} in the readout", observed="no such data set", frame=readout.frame)


def judge_unmoved(trial: Trial, before: Readout, began_s: float, about: str) -> None:
    """Read out again and judge that no register has moved by what was done meanwhile."""
    after = port_of(trial).judged_readout()
    passed = Decimal(str(trial.elapsed_s() - began_s)) + _SLACK_S
    largest_w = trial.declaration.metering.most_w
    for address in counting(trial).values():
        value, resolution = number_of(trial, before, address)
        now, _ = number_of(trial, after, address)
        most = largest_w * passed / _HOUR_S + resolution
        trial.judge(unmoved(address, value, now, most, about), after.frame)


@then(parsers.parse('the error register of the readout is "{role}" of DLMS'))
def same_error_register(trial: Trial, readout: Readout, role: str) -> None:
    address = port_of(trial).settings.error_register
    if address is None:
        raise NotApplicable("the readout has no error register", item="doors.iec62056_21.error_register")
    shown = readout.find(address)
    if shown is None:
        raise trial.fail(expected=f"{address} in the readout", observed="no such data set", frame=readout.frame)
    check_neighbour(trial)
    with trial.basis():
        by_dlms = int(number_in(read_at(trial.head_end, trial.object(role))))
    try:
        observed = int(shown.value or "0", 16)
    except ValueError:
        raise trial.fail(expected=f"digits at {address}", observed=shown.value, frame=readout.frame) from None
    if observed != by_dlms:
        raise trial.fail(
            expected=f"{address} to be {by_dlms:X}, as {role} by DLMS", observed=shown.value, frame=readout.frame
        )


@when(
    "the device goes over to HDLC and a register is read between two readings at another door", target_fixture="shown"
)
def reads_behind_sign_on(trial: Trial) -> ReadByHdlc:
    port = port_of(trial)
    if not port.settings.hdlc:
        raise NotApplicable("the local port does not go over to HDLC", item="doors.iec62056_21.hdlc")
    role = next(iter(counting(trial)))
    before, resolutions = _by_dlms(trial)
    declared = trial.head_end.association("reading")

    def attempt() -> Decimal:
        request = trial.head_end.association_request(declared)
        return read_behind_sign_on(port, declared, request, trial.object(role))

    value = port.judge.judged(f"a reading of {role} behind the sign-on", attempt, attempt, lambda: port.last_record)
    after, _ = _by_dlms(trial)
    shown = value * resolutions[role]
    return ReadByHdlc(role=role, before=before[role], shown=shown, after=after[role], resolution=resolutions[role])


@then("the register is that of the other door")
def same_as_at_other_door(trial: Trial, shown: ReadByHdlc) -> None:
    trial.judge(shown_between(shown.role, shown.shown, shown.before, shown.after, shown.resolution))
