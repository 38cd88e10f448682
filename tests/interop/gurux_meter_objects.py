# SPDX-License-Identifier: GPL-2.0-only
# Imports the Gurux server library, which is under GPL-2.0: part of the program ``gurux_meter.py``, carries its licence.
"""The objects of the meter made of the Gurux server classes: identity, clock, registers, profiles, switch.

Energy grows with the time of day, and the rows of the load profile are what the registers showed at their times.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from gurux_dlms import GXDateTime
from gurux_dlms.enums import AccessMode, DataType, ErrorCode, MethodAccessMode, ObjectType, Unit
from gurux_dlms.GXByteBuffer import GXByteBuffer
from gurux_dlms.internal._GXCommon import _GXCommon
from gurux_dlms.objects import (
    GXDLMSAssociationLogicalName,
    GXDLMSCaptureObject,
    GXDLMSClock,
    GXDLMSData,
    GXDLMSDisconnectControl,
    GXDLMSProfileGeneric,
    GXDLMSRegister,
    GXDLMSSapAssignment,
)
from gurux_dlms.objects.enums import ControlMode, ControlState, SortMethod

PUBLIC, READING, MANAGEMENT = 16, 2, 1

_START = datetime(2026, 1, 1, tzinfo=UTC)
_IMPORT_W, _EXPORT_W = 900, 0
_PERIOD_S, _ROWS = 900, 192
_FOR_EVERYBODY = {
    "0.0.40.0.0.255",
    "0.0.41.0.0.255",
    "0.0.42.0.0.255",
    "0.0.96.1.0.255",
    "1.0.0.2.0.255",
    "0.0.1.0.0.255",
}
_WRITABLE = {("0.0.1.0.0.255", 2), ("0.0.1.0.0.255", 3), ("0.0.96.3.10.255", 4)}


def energy_wh(moment: datetime) -> int:
    """Return what the import register shows at a moment, however the clock was set."""
    return 1_000_000 + int((moment - _START).total_seconds() * _IMPORT_W / 3600)


class Clock(GXDLMSClock):  # type: ignore[misc]  # the library ships no types
    """A clock that runs, and from another time when it is set."""

    def __init__(self) -> None:
        super().__init__()
        self.ahead = timedelta()
        self.begin = GXDateTime(datetime(2026, 3, 29, 1, tzinfo=UTC))
        self.end = GXDateTime(datetime(2026, 10, 25, 1, tzinfo=UTC))

    def now(self) -> datetime:
        """Return the time of this meter, whole seconds."""
        return (datetime.now(UTC) + self.ahead).replace(microsecond=0)

    def setValue(self, settings: Any, event: Any) -> None:  # noqa: N802  # the library's name
        """Run on from the time that was written; the library takes months and days that there are not."""
        if event.index == 2:  # the time
            datetime(
                int.from_bytes(event.value[:2], "big"), event.value[2], event.value[3], event.value[5], event.value[6]
            )
        super().setValue(settings, event)
        if event.index == 2:  # the time
            time = self.time.value
            self.ahead = (time if time.tzinfo else time.replace(tzinfo=UTC)) - datetime.now(UTC)


class Association(GXDLMSAssociationLogicalName):  # type: ignore[misc]  # the library ships no types
    """The current association; its list has the rights of the client that asks."""

    def __init__(self, meter: Any) -> None:
        super().__init__()
        self.meter = meter
        self.xDLMSContextInfo.cypheringInfo = b""

    def getValue(self, settings: Any, event: Any) -> Any:  # noqa: N802  # the library's name
        """Read an attribute for the client of this association."""
        event.server = self.meter
        self.clientSAP, self.serverSAP = settings.clientAddress, settings.serverAddress
        self.xDLMSContextInfo.conformance = settings.negotiatedConformance
        self.xDLMSContextInfo.maxReceivePduSize = settings.maxServerPDUSize
        self.xDLMSContextInfo.maxSendPduSize = settings.maxPduSize
        value = super().getValue(settings, event)
        return bytearray(value.array()) if isinstance(value, GXByteBuffer) else value


class Profile(GXDLMSProfileGeneric):  # type: ignore[misc]  # the library ships no types
    """A profile whose selections the library leaves half done: rows of a range, rows and columns by number."""

    def getValue(self, settings: Any, event: Any) -> Any:  # noqa: N802  # the library's name
        """Read an attribute; of the buffer what is selected."""
        if event.index != 2:  # the buffer
            return super().getValue(settings, event)
        settings.count = settings.index = 0
        try:
            rows, columns = self._selected(settings, event)
        except LookupError:
            event.error, event.byteArray = ErrorCode.OTHER_REASON, True
            return b""
        return bytearray(self.getData(settings, event, rows, columns))

    def _selected(self, settings: Any, event: Any) -> tuple[list[Any], list[Any]]:
        every = list(self.captureObjects)
        if event.selector == 1:
            restricting, first, last, wanted = event.parameters
            if self._column(restricting) is not every[0]:
                raise LookupError
            start, end = (self._moment(settings, octets) for octets in (first, last))
            rows = [row for row in self.buffer if start <= row[0].value <= end]
            return rows, [self._column(descriptor) for descriptor in wanted] or every
        if event.selector == 2:  # by entry
            start, end, first, last = event.parameters
            if not 1 <= start <= len(self.buffer) or not 1 <= first <= len(every):
                raise LookupError
            return self.buffer[start - 1 : end or None], every[first - 1 : last or None]
        return list(self.buffer), every

    def _column(self, descriptor: Any) -> Any:
        kind, name, attribute, _index = descriptor
        for target, captured in self.captureObjects:
            place = (target.objectType, _GXCommon.logicalNameToBytes(target.logicalName), captured.attributeIndex)
            if place == (kind, bytearray(name), attribute):
                return next(column for column in self.captureObjects if column[0] is target)
        raise LookupError

    @staticmethod
    def _moment(settings: Any, octets: Any) -> datetime:
        if not isinstance(octets, bytes | bytearray):
            raise LookupError
        moment: datetime = _GXCommon.changeType(settings, octets, DataType.DATETIME).value
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class House:
    """All that the meter is, whoever asks."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.registers = {
            code: self._register(code, unit)
            for code, unit in {
                "1.0.1.8.0.255": Unit.ACTIVE_ENERGY,
                "1.0.1.8.1.255": Unit.ACTIVE_ENERGY,
                "1.0.1.8.2.255": Unit.ACTIVE_ENERGY,
                "1.0.2.8.0.255": Unit.ACTIVE_ENERGY,
                "1.0.1.7.0.255": Unit.ACTIVE_POWER,
                "1.0.2.7.0.255": Unit.ACTIVE_POWER,
            }.items()
        }
        self.profile = self._profile()
        self.objects = [
            self._sap(),
            self._data("0.0.42.0.0.255", DataType.OCTET_STRING, b"GRX0000000000001"),
            self._data("0.0.96.1.0.255", DataType.OCTET_STRING, b"00000001"),
            self._data("1.0.0.2.0.255", DataType.OCTET_STRING, b"1.0.203"),
            self._data("0.0.96.14.0.255", DataType.UINT8, 1),
            self.clock,
            *self.registers.values(),
            self.profile,
            self._switch(),
        ]
        self.follow()

    @staticmethod
    def _register(code: str, unit: Any) -> Any:
        register = GXDLMSRegister(code)
        register.setDataType(2, DataType.UINT32)
        register.unit = unit
        return register

    @staticmethod
    def _data(code: str, kind: Any, value: Any) -> Any:
        data = GXDLMSData(code)
        data.setDataType(2, kind)
        data.value = value
        return data

    @staticmethod
    def _sap() -> Any:
        sap = GXDLMSSapAssignment("0.0.41.0.0.255")
        sap.sapAssignmentList.append((1, "GRX0000000000001"))
        return sap

    @staticmethod
    def _switch() -> Any:
        switch = GXDLMSDisconnectControl("0.0.96.3.10.255")
        switch.version = 0
        switch.outputState, switch.controlState = True, ControlState.CONNECTED
        switch.controlMode = ControlMode.MODE_4
        return switch

    def _profile(self) -> Any:
        profile = Profile("1.0.99.1.0.255")
        profile.capturePeriod, profile.profileEntries = _PERIOD_S, _ROWS
        profile.sortMethod = SortMethod.FIFO
        profile.captureObjects.append((self.clock, GXDLMSCaptureObject(2, 0)))
        profile.captureObjects.append((self.registers["1.0.1.8.0.255"], GXDLMSCaptureObject(2, 0)))
        return profile

    def follow(self) -> None:
        """Let clock, registers and rows be those of this moment."""
        now = self.clock.now()
        self.clock.time = GXDateTime(now)
        total = energy_wh(now - self.clock.ahead)
        for code, value in {
            "1.0.1.8.0.255": total,
            "1.0.1.8.1.255": total - 400_000,
            "1.0.1.8.2.255": 400_000,
            "1.0.2.8.0.255": 0,
            "1.0.1.7.0.255": _IMPORT_W,
            "1.0.2.7.0.255": _EXPORT_W,
        }.items():
            self.registers[code].value = value
        newest = now - timedelta(seconds=now.timestamp() % _PERIOD_S)
        times = [newest - timedelta(seconds=_PERIOD_S * back) for back in range(_ROWS - 1, -1, -1)]
        self.profile.buffer = [[GXDateTime(moment), energy_wh(moment - self.clock.ahead)] for moment in times]
        self.profile.entriesInUse = _ROWS

    def attribute_access(self, client: int, target: Any, index: int) -> Any:
        """Return what a client may do with an attribute."""
        if target.objectType == ObjectType.ASSOCIATION_LOGICAL_NAME and index == 7:  # the secret
            return AccessMode.NO_ACCESS
        if client == PUBLIC and target.logicalName not in _FOR_EVERYBODY:
            return AccessMode.NO_ACCESS
        if client == MANAGEMENT and (target.logicalName, index) in _WRITABLE:
            return AccessMode.READ_WRITE
        return AccessMode.READ

    def method_access(self, client: int, target: Any, index: int) -> Any:
        """Return whether a client may invoke a method."""
        switching = target.objectType == ObjectType.DISCONNECT_CONTROL and index in (1, 2)
        return MethodAccessMode.ACCESS if client == MANAGEMENT and switching else MethodAccessMode.NO_ACCESS

    def shown(self, client: int) -> list[Any]:
        """Return the objects that a client finds in its list."""
        return [target for target in self.objects if client != PUBLIC or target.logicalName in _FOR_EVERYBODY]

    def fits(self, target: Any, index: int, kind: Any) -> bool:
        """Return whether a written value has the type of its attribute."""
        return bool(target.getDataType(index) == kind)
