"""A meter of another medium as the device shows it: its M-Bus client, its register and the profile of it."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from harness.declaration import Child, ChildMethod, Profile
from harness.declaration import CosemObject as Object
from harness.errors import Inconclusive, ProtocolViolation, Refused
from harness.headend.blocks import takes_blocks
from harness.headend.client import Client, item
from harness.headend.data import NOTHING, Data, unsigned
from harness.headend.profiles import ProfileReader, moment_of
from harness.headend.registers import (
    read_register,
    stored_time,
)
from harness.headend.restoring.changes import Changes
from harness.headend.restoring.child_keys import CAPTURE, SET_KEY, TRANSFER_KEY
from harness.protocol import axdr

__all__ = ["ShownChild", "ShownValue"]

_PERIOD = 4
_PRIMARY, _IDENTIFICATION, _MANUFACTURER, _VERSION, _MEDIUM, _STATUS, _ALARM, _KEY_STATUS = 5, 6, 7, 8, 9, 11, 12, 14
_METHODS: Final[Mapping[ChildMethod, int]] = {
    "install": 1,
    "deinstall": 2,
    "capture": CAPTURE,
    "reset_alarm": 4,
    "synchronize_clock": 5,
    "set_encryption_key": SET_KEY,
    "transfer_key": TRANSFER_KEY,
}
_ATTRIBUTES = range(2, 20)
"""Of a client of any version, and some of nobody."""
_EXTENDED_REGISTER, _CAPTURE_TIME = 4, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownValue:
    """What the device shows that the meter has counted."""

    value: Decimal
    unit: int
    resolution: Decimal
    captured_at: datetime | None
    """None where the register does not say it."""
    frame: int


class ShownChild:
    """Reads what the device shows of one meter, as one client."""

    def __init__(self, client: Client, child: Child, clock: Object | None = None) -> None:
        """``clock`` is that of the device, where it has one."""
        self.client = client
        self.child = child
        self.clock = clock

    def number(self, attribute: int) -> int:
        """Read a numeric attribute of the M-Bus client; raises ``ProtocolViolation`` for anything else."""
        data = self.client.read(item(self.child.client, attribute))
        if not isinstance(data.value, int) or isinstance(data.value, bool):
            raise ProtocolViolation(f"{data} where a number is due")
        return data.value

    def identity(self) -> dict[str, int]:
        """Read who the meter is."""
        attributes = {
            "identification number": _IDENTIFICATION,
            "manufacturer": _MANUFACTURER,
            "version": _VERSION,
            "device type": _MEDIUM,
        }
        return {name: self.number(attribute) for name, attribute in attributes.items()}

    def all_shown(self) -> Iterator[tuple[int, bytes]]:
        """Read each attribute of the M-Bus client that may be read; gives its number and its encoded value."""
        for attribute in _ATTRIBUTES:
            with suppress(Refused):
                yield attribute, axdr.encode(self.client.read(item(self.child.client, attribute)))

    @property
    def primary(self) -> int:
        """Its primary address."""
        return self.number(_PRIMARY)

    @property
    def status(self) -> int:
        """The status octet that it has sent last."""
        return self.number(_STATUS)

    @property
    def alarm(self) -> int:
        """Bits of its alarm; 0 for none."""
        return self.number(_ALARM)

    @property
    def key_status(self) -> int:
        """Whether a key was set, transferred, or is in use."""
        return self.number(_KEY_STATUS)

    @property
    def may_capture(self) -> bool:
        """Whether the device can be told to ask the meter now."""
        return "capture" in self.child.methods

    def invoke(self, method: ChildMethod, parameter: Data = NOTHING) -> None:
        """Invoke a method of the client; raises ``Refused``."""
        self.client.action(self.child.client, _METHODS[method], parameter)

    def keep(self, changes: Changes, *, may_be_refused: bool) -> Data:
        """Have the meter installed at the end; return the parameter of that.

        Where it ``may_be_refused``, the meter may be installed already by then.
        """
        primary = self.primary if self.child.installed_as is None else self.child.installed_as
        parameter = unsigned(primary)
        changes.keep(self.client, self.child.client, _PERIOD)
        changes.invoke_at_end(
            self.client, self.child.client, _METHODS["install"], parameter, may_be_refused=may_be_refused
        )
        return parameter

    def value(self, register: Object, clause: str) -> ShownValue:
        """Read what it has counted, and when it was asked."""
        found = read_register(self.client, register, clause)
        at = None
        if register.class_id == _EXTENDED_REGISTER:
            at = moment_of(stored_time(self.client, self.clock, self.client.read(item(register, _CAPTURE_TIME))))
        return ShownValue(
            value=found.value,
            unit=found.scaler_unit.unit,
            resolution=found.scaler_unit.resolution,
            captured_at=at,
            frame=found.frame,
        )

    def rows(self, profile: Object, clock: Object) -> tuple[list[datetime], int]:
        """Read the times of all rows of the profile, and its period in seconds."""
        # Rows by number are asked for only where there are no blocks for all of them.
        declared = Profile(period_s=0, entries=1, selective_access=("entry",))
        reader = ProfileReader(self.client, profile, declared, clock)
        try:
            rows = reader.whole()
        except Refused as refused:
            if takes_blocks(self.client):
                raise
            reason = f"the profile may be too long for an answer in one piece, and there are no blocks: {refused}"
            raise Inconclusive(reason, missing="device") from refused
        return [moment_of(reader.time_of(row)) for row in rows], reader.capture_period_s()
