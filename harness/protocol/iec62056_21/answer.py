"""Reads one awaited answer out of the octets that arrive."""

from enum import Enum
from typing import Final

from harness.errors import DecodeError
from harness.protocol.iec62056_21.block import EOT, ETX, SOH, STX, Block, CommandFrame, decode_block
from harness.protocol.iec62056_21.sign_on import ACK, NAK, Identification, OptionSelect

__all__ = ["Answer", "AnswerReader", "Awaited"]

Answer = Identification | OptionSelect | Block | CommandFrame | bytes
"""``bytes`` is a single ACK or NAK."""


class Awaited(Enum):
    """What kind of answer the dialogue is waiting for."""

    IDENTIFICATION = "an identification message"
    BLOCK = "a data message"
    REPLY = "a data message, an acknowledgement or an error"
    REPEATED_SELECT = "the repeated option select message"


_STARTS: Final = {
    Awaited.IDENTIFICATION: b"/",
    Awaited.BLOCK: bytes([SOH, STX]),
    Awaited.REPLY: bytes([SOH, STX]) + ACK + NAK,
    Awaited.REPEATED_SELECT: ACK,
}
_LONGEST_LINE: Final = 64


class AnswerReader:
    """Takes octets until one answer is whole; ``before`` and ``after`` are the octets around it."""

    def __init__(self, awaited: Awaited, *, largest_octets: int) -> None:
        self._awaited = awaited
        self._largest_octets = largest_octets
        self._octets = bytearray()
        self.before = b""
        """What came before the character with which such an answer begins."""
        self.after = b""

    @property
    def pending_octets(self) -> int:
        """Octets that have come and are no whole answer yet."""
        return len(self.before) + len(self._octets)

    def receive_data(self, data: bytes) -> Answer | None:
        """Return the answer once it is whole; ``DecodeError`` where it is damaged."""
        self._octets += data
        if not self._has_begun():
            return None
        end = self._end()
        if end is None:
            if len(self._octets) > self._limit():
                raise DecodeError(f"an answer of more than {self._limit()} octets without an end")
            return None
        whole, self.after = bytes(self._octets[:end]), bytes(self._octets[end:])
        return self._decode(whole)

    def _has_begun(self) -> bool:
        """Drop what cannot be the beginning, and keep it in ``before``."""
        start = next((at for at, octet in enumerate(self._octets) if octet in _STARTS[self._awaited]), None)
        skipped = len(self._octets) if start is None else start
        if not self.before or skipped:
            self.before += bytes(self._octets[:skipped])
            del self._octets[:skipped]
        return bool(self._octets)

    def _limit(self) -> int:
        return self._largest_octets if self._octets[0] in (SOH, STX) else _LONGEST_LINE

    def _end(self) -> int | None:
        """Return where the answer ends, once it does."""
        if self._octets[0] in (SOH, STX):
            ends = [at for end in (ETX, EOT) if (at := self._octets.find(end)) >= 0]
            # The check character stands behind the end.
            return min(ends) + 2 if ends and min(ends) + 2 <= len(self._octets) else None
        if self._awaited is Awaited.REPLY:
            return 1
        line_end = self._octets.find(b"\r\n")
        return line_end + 2 if line_end >= 0 else None

    def _decode(self, whole: bytes) -> Answer:
        if whole[0] in (SOH, STX):
            return decode_block(whole)
        if self._awaited is Awaited.IDENTIFICATION:
            return Identification.from_bytes(whole)
        if self._awaited is Awaited.REPEATED_SELECT:
            return OptionSelect.from_bytes(whole)
        return whole
