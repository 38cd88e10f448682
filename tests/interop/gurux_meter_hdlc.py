# SPDX-License-Identifier: GPL-2.0-only
# Imports the Gurux server library, which is under GPL-2.0: part of the program ``gurux_meter.py``, carries its licence.
"""The meter made of the Gurux server classes behind an HDLC line: what the library leaves of the link to its caller.

Frames, their check sequences, numbers and segments are the library's.
"""

import sys
from typing import Any

from gurux_dlms import GXDLMS, GXHdlcSettings
from gurux_dlms.ConnectionState import ConnectionState
from gurux_dlms.enums import Command, InterfaceType, RequestTypes
from gurux_dlms.GXReplyData import GXReplyData
from gurux_meter_objects import House  # type: ignore[import-not-found]  # beside this program, not in a package
from gurux_meter_server import Line, Meter  # type: ignore[import-not-found]  # beside it, too

_FLAG = 0x7E
_TYPE_MASK = 0xF0
_TYPE = 0xA0
_SHORTEST_OCTETS = 9
_PHYSICAL_DEVICE = 17
_UNNUMBERED = 0x03

# The library asks for these under names that they do not have.
GXHdlcSettings.update = lambda self, other: None
GXHdlcSettings.maximumInfoLengthReceive = GXHdlcSettings.DEFAULT_MAX_INFO_RX
GXHdlcSettings.maximumInfoLengthTransmit = GXHdlcSettings.DEFAULT_MAX_INFO_TX
GXHdlcSettings.windowSizeReceive = GXHdlcSettings.DEFAULT_WINDOWS_SIZE_RX
GXHdlcSettings.windowSizeTransmit = GXHdlcSettings.DEFAULT_WINDOWS_SIZE_TX


class LinkedMeter(Meter):  # type: ignore[misc]  # the library ships no types
    """What one client meets on the line."""

    before_apdu = bytes.fromhex("E6E700")

    def __init__(self, house: House) -> None:
        super().__init__(house, InterfaceType.HDLC)
        self.hdlc = GXHdlcSettings()
        self.hdlc.inactivityTimeout = 0
        self.info: Any = GXReplyData()

    def isTarget(self, server: int, client: int) -> bool:  # noqa: N802  # the library's name
        """Only the management logical device at this physical address is listened to."""
        logical, physical = [0], [0]
        GXDLMS.getServerAddress(server, logical, physical)
        return physical == [_PHYSICAL_DEVICE] and super().isTarget(logical[0], client)

    def framed(self, _command: Any) -> bytes:
        """Return the first frame of the answer."""
        return bytes(GXDLMS.getHdlcFrame(self.settings, 0, self.replyData))

    def handleSnrmRequest(self, data: Any) -> None:  # noqa: N802  # the library's name
        """Connect the link."""
        super().handleSnrmRequest(data)
        self._group_length()

    def generateDisconnectRequest(self) -> None:  # noqa: N802  # the library's name
        """Disconnect the link."""
        super().generateDisconnectRequest()
        self._group_length()

    def _group_length(self) -> None:
        """Put the length of the parameters where it belongs; the library writes place and value in the wrong order."""
        length = len(self.replyData) - 3
        self.replyData.setUInt8(0, length)
        self.replyData.setUInt8(length, 2)

    def answer(self, octets: bytes) -> bytes:
        """Return the answer to one frame, nothing if there is none."""
        self.receivedData.clear()
        self.receivedData.set(octets)
        if not self.info.moreData & RequestTypes.FRAME:
            self.info = GXReplyData()
        try:
            GXDLMS.getData(self.settings, self.receivedData, self.info, None)
        except Exception as problem:  # what the library cannot read it raises in many kinds
            print("not read:", octets.hex(" "), repr(problem), file=sys.stderr, flush=True)
            if not self.info.frameId or not self.associated:
                return b""  # a frame that is damaged, or nobody's
            self.replyData.clear()
            return bytes(self.exception(2, 2))
        if not self.info.complete or not self.isTarget(self.settings.serverAddress, self.settings.clientAddress):
            return b""
        return self._link(octets)

    @property
    def associated(self) -> bool:
        """Whether the client has an association."""
        return bool(self.settings.connected & ConnectionState.DLMS)

    def _link(self, octets: bytes) -> bytes:
        """Return the answer of the link, or that of the APDU that is whole now."""
        command, settings, reply = self.info.command, self.settings, self.replyData
        if command in (Command.SNRM, Command.DISCONNECT_REQUEST):
            reply.clear()
            if command == Command.DISCONNECT_REQUEST and settings.connected == ConnectionState.NONE:
                return bytes(GXDLMS.getHdlcFrame(settings, Command.DISCONNECT_MODE, reply))
            answer = bytes(self.handleCommand(command, self.info.data, Line()))
            reply.clear()
            return answer
        if settings.connected == ConnectionState.NONE:
            return bytes(GXDLMS.getHdlcFrame(settings, Command.DISCONNECT_MODE, None))
        if self.info.moreData & RequestTypes.FRAME:
            return bytes(GXDLMS.getHdlcFrame(settings, settings.getReceiverReady(), None))
        if command == Command.NONE:
            if reply:  # what is left of a long answer
                return bytes(GXDLMS.getHdlcFrame(settings, settings.getNextSend(False), reply))
            return bytes(GXDLMS.getHdlcFrame(settings, settings.getReceiverReady(), None))
        reply.clear()
        if self.info.frameId & _UNNUMBERED == _UNNUMBERED:  # none of those above
            return bytes(GXDLMS.getHdlcFrame(settings, Command.UNACCEPTABLE_FRAME, reply))
        if command in (Command.SET_REQUEST, Command.METHOD_REQUEST) and not self.associated:
            return bytes(self.exception(1, 1))
        if len(self.info.data) > settings.maxPduSize:
            return bytes(self.exception(1, 4))
        return bytes(self.carry_out(octets))


def next_frame(waiting: bytearray) -> tuple[tuple[int, ...], bytes] | None:
    """Take the next frame from what has come: its addresses, and its octets with both flags."""
    while waiting:
        start = waiting.find(_FLAG)
        del waiting[: start if start >= 0 else len(waiting)]
        while waiting[1:2] == bytes((_FLAG,)):
            del waiting[:1]
        if waiting[1:2] and waiting[1] & _TYPE_MASK != _TYPE:
            del waiting[:1]  # no frame begins so: the flag was the last one of the frame before
            continue
        if len(waiting) < 3:
            return None
        end = ((waiting[1] & 7) << 8 | waiting[2]) + 2
        if len(waiting) < end:
            return None
        frame = bytes(waiting[:end])
        if end < _SHORTEST_OCTETS or frame[-1] != _FLAG:
            del waiting[:1]
            continue
        del waiting[: end - 1]  # the last flag may be the first of the next frame
        ends = [place for place in range(3, end) if frame[place] & 1][:2]
        return tuple(frame[3 : ends[-1] + 1]), frame
    return None
