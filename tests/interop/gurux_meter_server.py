# SPDX-License-Identifier: GPL-2.0-only
# Imports the Gurux server library, which is under GPL-2.0: part of the program ``gurux_meter.py``, carries its licence.
"""The Gurux server completed to a meter: what the library calls and does not have, rights, writes and methods."""

import sys
from typing import Any

from gurux_dlms import GXDLMS, GXDLMSServer, ValueEventArgs
from gurux_dlms.enums import (
    AccessMode,
    Authentication,
    Command,
    Conformance,
    ErrorCode,
    MethodAccessMode,
    ObjectType,
    SourceDiagnostic,
)
from gurux_dlms.GXDLMSLNParameters import GXDLMSLNParameters
from gurux_dlms.GXDLMSLongTransaction import GXDLMSLongTransaction
from gurux_dlms.GXDLMSSettings import GXDLMSSettings
from gurux_dlms.GXReplyData import GXReplyData
from gurux_dlms.internal._GXCommon import _GXCommon
from gurux_dlms.internal._GXDataInfo import _GXDataInfo
from gurux_meter_objects import (  # type: ignore[import-not-found]  # beside this program, not in a package
    MANAGEMENT,
    PUBLIC,
    READING,
    Association,
    House,
)

_SECRETS = {READING: b"reading1", MANAGEMENT: b"manage-1"}
_MANAGEMENT_LOGICAL_DEVICE = 1
_PDU_OCTETS = 512
HEADER_OCTETS = 8
_CONFIRMED = 0x40
_DESCRIPTOR_OCTETS = 12
"""Of a GET request up to its choice of a selection, without the tag."""
_CONFORMANCE = (
    Conformance.GET
    | Conformance.SET
    | Conformance.ACTION
    | Conformance.BLOCK_TRANSFER_WITH_GET_OR_READ
    | Conformance.SELECTIVE_ACCESS
    | Conformance.MULTIPLE_REFERENCES
)

# The library asks for these under names that they do not have.
GXDLMSLongTransaction.setData = lambda self, rest: setattr(self, "data", rest)
GXDLMSSettings.gbtWndowSize = property(lambda self: self.gbtWindowSize)
ValueEventArgs.isSkipMaxPduSize = property(lambda self: self.skipMaxPduSize)
ValueEventArgs.getRowEndIndex = lambda self: self.rowEndIndex


class Meter(GXDLMSServer):  # type: ignore[misc]  # the library ships no types
    """What one connection meets."""

    before_apdu = b""
    """What stands between the header of a frame and the APDU."""

    def __init__(self, house: House, interface: Any) -> None:
        self.house = house
        super().__init__(True, interface)
        self.settings.proposedConformance = _CONFORMANCE
        self.settings.maxServerPDUSize = _PDU_OCTETS
        self.association = Association(self)
        for target in (self.association, *house.objects):
            self.items.append(target)
        self.initialized = True

    # ---- called by the library under names of its other editions -------------------------------------------------

    def getTransaction(self) -> Any:  # noqa: N802  # the library's name
        """Return the long answer under way."""
        return self.transaction

    def setTransaction(self, value: Any) -> None:  # noqa: N802  # the library's name
        """Remember a long answer."""
        self.transaction = value

    def notifyRead(self) -> None:  # noqa: N802  # the library's name
        """Let the objects follow the time."""
        self.house.follow()

    def onPreRead(self, _args: Any) -> None:  # noqa: N802  # the library's name
        """Let the objects follow the time."""
        self.house.follow()

    def onPostRead(self, _args: Any = None) -> None:  # noqa: N802  # the library's name
        """Nothing is left to do."""

    def onConnected(self, _connection: Any) -> None:  # noqa: N802  # the library's name
        """List the objects that this client may see."""
        self.association.objectList.clear()
        for target in (self.association, *self.house.shown(self.settings.clientAddress)):
            self.association.objectList.append(target)

    def onDisconnected(self, _connection: Any) -> None:  # noqa: N802  # the library's name
        """Nothing is left to do."""

    def onInvalidConnection(self, _connection: Any) -> None:  # noqa: N802  # the library's name
        """Nothing is left to do."""

    def onFindObject(self, _kind: Any, _short_name: int, _name: str) -> None:  # noqa: N802  # the library's name
        """There are no objects but those of the list."""

    # ---- who may do what ---------------------------------------------------------------------------------------------

    def isTarget(self, server: int, client: int) -> bool:  # noqa: N802  # the library's name
        """Only known clients of the only logical device are listened to."""
        return server == _MANAGEMENT_LOGICAL_DEVICE and client in (PUBLIC, *_SECRETS)

    def onValidateAuthentication(self, mechanism: Any, secret: Any) -> Any:  # noqa: N802  # the library's name
        """Let each client in by its own mechanism."""
        expected = _SECRETS.get(self.settings.clientAddress)
        if expected is None:
            known = mechanism == Authentication.NONE
            return SourceDiagnostic.NONE if known else SourceDiagnostic.NOT_RECOGNISED
        if mechanism == Authentication.NONE:
            return SourceDiagnostic.AUTHENTICATION_REQUIRED
        if mechanism != Authentication.LOW:
            return SourceDiagnostic.NOT_RECOGNISED
        right = secret is not None and bytes(secret) == expected
        return SourceDiagnostic.NONE if right else SourceDiagnostic.AUTHENTICATION_FAILURE

    def onGetAttributeAccess(self, event: Any) -> Any:  # noqa: N802  # the library's name
        """Return what the associated client may do with an attribute."""
        if not 1 <= event.index <= event.target.getAttributeCount():
            return AccessMode.NO_ACCESS
        return self.house.attribute_access(self.settings.clientAddress, event.target, event.index)

    def onGetMethodAccess(self, event: Any) -> Any:  # noqa: N802  # the library's name
        """Return whether the associated client may invoke a method."""
        if not 1 <= event.index <= event.target.getMethodCount():
            return MethodAccessMode.NO_ACCESS
        return self.house.method_access(self.settings.clientAddress, event.target, event.index)

    # ---- services ----------------------------------------------------------------------------------------------------

    def answer(self, octets: bytes) -> bytes:
        """Return the answer to one frame, nothing if there is none."""
        self.receivedData.clear()
        self.receivedData.set(octets)
        self.replyData.clear()
        self.info = GXReplyData()
        settings = self.settings
        try:
            GXDLMS.getData(settings, self.receivedData, self.info, None)
        except Exception as problem:  # what the library cannot read it raises in many kinds
            print("not read:", octets.hex(" "), repr(problem), file=sys.stderr, flush=True)
            return self.exception(2, 2) if settings.acceptConnection() and len(octets) > HEADER_OCTETS else b""
        if settings.acceptConnection() and len(octets) - HEADER_OCTETS > settings.maxPduSize:
            return self.exception(1, 4)
        if not self.info.complete or not self.isTarget(settings.serverAddress, settings.clientAddress):
            return b""
        return self.carry_out(octets)

    def carry_out(self, octets: bytes) -> bytes:
        """Return the answer to the APDU that was read from these octets."""
        try:
            return bytes(self.serve(self.info.command, self.info.data))
        except Exception as problem:  # what the library cannot carry out it raises in many kinds
            print("not carried out:", octets.hex(" "), repr(problem), file=sys.stderr, flush=True)
            self.replyData.clear()
            return bytes(self.reportError(self.info.command, ErrorCode.HARDWARE_FAULT))

    def framed(self, command: Any) -> bytes:
        """Return the frame around the answer."""
        return bytes(GXDLMS.getWrapperFrame(self.settings, command, self.replyData))

    def serve(self, command: Any, data: Any) -> Any:
        """Carry out one APDU and frame the answer."""
        reply, settings = self.replyData, self.settings
        own = {
            Command.SET_REQUEST: (Conformance.SET, self._set),
            Command.METHOD_REQUEST: (Conformance.ACTION, self._act),
        }
        if not settings.acceptConnection():
            return self.handleCommand(command, data, Line())
        if command in own:
            service, carry_out = own[command]
            if not settings.negotiatedConformance & service or data.getUInt8(data.position) != 1:
                return self.exception(1, 2)
            confirmed = data.getUInt8(data.position + 1) & _CONFIRMED
            carry_out(data)
            if not confirmed:
                return b""
        elif command == Command.GET_REQUEST and (error := self._refusal(data)):
            invocation = data.getUInt8(data.position + 1)
            parameters = GXDLMSLNParameters(settings, invocation, Command.GET_RESPONSE, 1, None, None, error)
            GXDLMS.getLNPdu(parameters, reply)
        else:
            return self.handleCommand(command, data, Line())
        return self.framed(command)

    def exception(self, state: int, service: int) -> bytes:
        """Return the frame with an exception response."""
        self.replyData.clear()
        self.replyData.set(self.before_apdu + bytes((Command.EXCEPTION_RESPONSE, state, service)))
        return self.framed(Command.EXCEPTION_RESPONSE)

    def _refusal(self, data: Any) -> Any:
        """Return the error of a read that the library trips over: unknown classes, unknown selectors of a buffer."""
        octets = bytes(data.array())[data.position :]
        if octets[0] != 1 or len(octets) < _DESCRIPTOR_OCTETS:
            return None
        kind = int.from_bytes(octets[2:4], "big")
        if all(target.objectType != kind for target in self.items):
            return ErrorCode.UNDEFINED_OBJECT
        selected = octets[11:12] == b"\1" and (kind, octets[10]) == (ObjectType.PROFILE_GENERIC, 2)
        allowed = (1, 2) if self.settings.negotiatedConformance & Conformance.SELECTIVE_ACCESS else ()
        return ErrorCode.OTHER_REASON if selected and octets[12] not in allowed else None

    def _target(self, data: Any) -> tuple[Any, int]:
        # The library trips over classes that it does not know.
        kind = data.getUInt16()
        name = bytearray(6)
        data.get(name)
        index = data.getUInt8()
        known = any(target.objectType == kind for target in self.items)
        target = self.items.findByLN(ObjectType(kind), _GXCommon.toLogicalName(name)) if known else None
        return target, index

    def _set(self, data: Any) -> None:
        _form, invocation = data.getUInt8(), data.getUInt8()
        self.settings.updateInvokeId(invocation)
        target, index = self._target(data)
        selection = data.getUInt8()
        if selection:
            error = ErrorCode.OTHER_REASON
        elif target is None:
            error = ErrorCode.UNDEFINED_OBJECT
        else:
            error = self._write(ValueEventArgs(self, target, index), data)
        parameters = GXDLMSLNParameters(self.settings, invocation, Command.SET_RESPONSE, 1, None, None, error)
        GXDLMS.getLNPdu(parameters, self.replyData)

    def _write(self, event: Any, data: Any) -> Any:
        if self.onGetAttributeAccess(event) not in (AccessMode.WRITE, AccessMode.READ_WRITE):
            return ErrorCode.READ_WRITE_DENIED
        info = _GXDataInfo()
        event.value = _GXCommon.getData(self.settings, data, info)
        if not self.house.fits(event.target, event.index, info.type_):
            return ErrorCode.UNMATCHED_TYPE
        try:
            event.target.setValue(self.settings, event)
        except (TypeError, ValueError):
            return ErrorCode.OTHER_REASON
        return event.error

    def _act(self, data: Any) -> None:
        _form, invocation = data.getUInt8(), data.getUInt8()
        self.settings.updateInvokeId(invocation)
        target, index = self._target(data)
        event = ValueEventArgs(self, target, index)
        if data.getUInt8():
            event.parameters = _GXCommon.getData(self.settings, data, _GXDataInfo())
        if target is None:
            error = ErrorCode.UNDEFINED_OBJECT
        elif self.onGetMethodAccess(event) == MethodAccessMode.NO_ACCESS:
            error = ErrorCode.READ_WRITE_DENIED
        else:
            target.invoke(self.settings, event)
            error = event.error
        # No return parameters follow the result.
        reply = GXDLMSLNParameters(self.settings, invocation, Command.METHOD_RESPONSE, 1, None, None, error)
        GXDLMS.getLNPdu(reply, self.replyData)
        self.replyData.setUInt8(0)


class Line:
    """What the library wants to know of a connection: nothing here."""

    def getConnectionInfo(self) -> None:  # noqa: N802  # the library's name
        """Return nothing about the connection."""
