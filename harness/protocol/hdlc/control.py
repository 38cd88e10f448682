"""The control octet of HDLC: kind of frame, poll/final bit and sequence numbers."""

from dataclasses import dataclass
from enum import Enum

__all__ = ["MODULUS", "Control", "FrameKind"]

MODULUS = 8
"""Sequence numbers count modulo this."""

_POLL_FINAL = 0x10


class FrameKind(Enum):
    """The frames of DLMS over HDLC; the value is the control octet without P/F bit and numbers."""

    I = 0x00  # noqa: E741 (the standard's name)
    RR = 0x01
    RNR = 0x05
    REJ = 0x09
    SNRM = 0x83
    DISC = 0x43
    UA = 0x63
    DM = 0x0F
    FRMR = 0x87
    UI = 0x03
    UNKNOWN = -1

    @property
    def is_supervisory(self) -> bool:
        """Whether the frame carries N(R) and no information."""
        return self in (FrameKind.RR, FrameKind.RNR, FrameKind.REJ)

    @property
    def carries_receive_number(self) -> bool:
        """Whether the control octet has an N(R)."""
        return self is FrameKind.I or self.is_supervisory


_SUPERVISORY = {kind.value: kind for kind in FrameKind if kind.is_supervisory}
_UNNUMBERED = {kind.value: kind for kind in FrameKind if kind.value & 0x03 == 0x03 and kind.value > 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """A control octet taken apart."""

    kind: FrameKind
    poll_final: bool
    send_number: int = 0
    """N(S), 0 to 7, in I frames."""
    receive_number: int = 0
    """N(R), 0 to 7, in I, RR, RNR and REJ frames."""

    def to_octet(self) -> int:
        """Return the control octet; ValueError for the kind UNKNOWN and for numbers above 7."""
        if self.kind is FrameKind.UNKNOWN:
            raise ValueError("an unknown kind of frame has no control octet")
        if not (0 <= self.send_number < MODULUS and 0 <= self.receive_number < MODULUS):
            raise ValueError(f"N(S)={self.send_number}, N(R)={self.receive_number}: 0 to 7 are allowed")
        octet: int = self.kind.value | (_POLL_FINAL if self.poll_final else 0)
        if self.kind is FrameKind.I:
            octet |= self.send_number << 1
        if self.kind.carries_receive_number:
            octet |= self.receive_number << 5
        return octet

    @classmethod
    def from_octet(cls, octet: int) -> "Control":
        """Take a control octet apart; any octet decodes, what is not defined is UNKNOWN."""
        poll_final = bool(octet & _POLL_FINAL)
        if octet & 0x01 == 0:
            return cls(
                kind=FrameKind.I,
                poll_final=poll_final,
                send_number=octet >> 1 & 0x07,
                receive_number=octet >> 5,
            )
        if octet & 0x03 == 0x01:
            kind = _SUPERVISORY.get(octet & 0x0F, FrameKind.UNKNOWN)
            return cls(kind=kind, poll_final=poll_final, receive_number=octet >> 5)
        return cls(kind=_UNNUMBERED.get(octet & ~_POLL_FINAL, FrameKind.UNKNOWN), poll_final=poll_final)
