"""SU3 for Actor A: one poll of registers and the clock in one list."""

from harness.checks.clock import DOUBTFUL, INVALID
from harness.checks.value import numeric
from harness.declaration import CosemObject
from harness.headend.client import Client, item
from harness.headend.desk import OnDemandRequest, PollResult, Reading
from harness.headend.registers import Listed, clock_of, read_clock_status, read_list, read_scaler_unit

__all__ = ["poll_device"]

_VALUE = 2
_NOT_SPECIFIED = 0xFF


def poll_device(
    client: Client, request: OnDemandRequest, objects: dict[str, CosemObject], clock: CosemObject, clause: str
) -> PollResult:
    """Read the clock and the wanted registers in one list, then each register's unit and scaler."""
    wanted = [item(clock, _VALUE), *(item(objects[name], _VALUE) for name in request.registers)]
    listed = read_list(client, wanted)
    readings = tuple(
        _reading(client, name, objects[name], one, clause)
        for name, one in zip(request.registers, listed[1:], strict=True)
    )
    if listed[0].data is None:
        return PollResult(readings=readings, time=None, clock_valid=False)
    time = clock_of(listed[0].data)
    # A time that says nothing about itself is as good as the clock says it is.
    status = time.clock_status if time.clock_status != _NOT_SPECIFIED else read_clock_status(client, clock)
    doubtful = bool(status & (INVALID | DOUBTFUL))
    return PollResult(readings=readings, time=time, clock_valid=not doubtful)


def _reading(client: Client, name: str, register: CosemObject, listed: Listed, clause: str) -> Reading:
    if listed.data is None:
        return Reading(register=name, error=listed.error)
    wrong = numeric(listed.data)
    if wrong is not None:
        return Reading(register=name, error=f"no number: {wrong.observed}")
    unit = read_scaler_unit(client, register, clause)
    return Reading(
        register=name,
        value=unit.applied(listed.data),
        unit=unit.unit_name,
        scaler=unit.scaler,
    )
