"""The layer before a header that carries message counter and authentication code."""

from dataclasses import dataclass
from typing import Final

from harness.errors import DecodeError
from harness.protocol.mbus.encryption import check_code, derived_key

__all__ = ["AUTHENTICATION_LAYER", "AuthenticationLayer"]

AUTHENTICATION_LAYER: Final = 0x90
_MORE_FRAGMENTS, _CONTROL, _LENGTH, _COUNTER, _CODE, _KEY = (1 << bit for bit in (14, 13, 12, 11, 10, 9))
_CODE_OCTETS: Final = {0: 0, 3: 2, 4: 4, 5: 8, 6: 12, 7: 16}
"""By the low half of the message control."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthenticationLayer:
    """What the layer says of the message behind it."""

    control: int
    counter: bytes
    """Four octets as they were sent."""
    code: bytes
    length: bytes = b""
    """Of the message, two octets where it is sent."""

    @classmethod
    def pull(cls, octets: bytes) -> tuple["AuthenticationLayer", bytes]:
        """Take the layer from behind its control information; returns it with the message.

        DecodeError for fragments, and for a layer without counter or code.
        """
        if len(octets) < 3 or len(octets) < 1 + octets[0]:
            raise DecodeError("the telegram ends within its authentication layer", len(octets))
        fields, message = octets[3 : 1 + octets[0]], octets[1 + octets[0] :]
        present = int.from_bytes(octets[1:3], "little")
        if present & _MORE_FRAGMENTS:
            raise DecodeError("a message in several fragments", 1)
        if not (present & _CONTROL and present & _COUNTER and present & _CODE):
            raise DecodeError("the authentication layer has no control, counter or code", 1)
        if not fields or fields[0] & 0x0F not in _CODE_OCTETS:
            raise DecodeError("unknown kind of authentication", 3)
        control, at = fields[0], 1 + (2 if present & _KEY else 0)
        counter, at = fields[at : at + 4], at + 4
        code_octets = _CODE_OCTETS[control & 0x0F]
        code, at = fields[at : at + code_octets], at + code_octets
        length, at = (fields[at : at + 2], at + 2) if present & _LENGTH else (b"", at)
        if at != len(fields):
            raise DecodeError(f"an authentication layer of {octets[0]} octets, due are {at + 2}", 0)
        return cls(control=control, counter=counter, code=code, length=length), message

    def check(self, key: bytes, identification: bytes, message: bytes) -> None:
        """Raise DecodeError where the code is not that of ``message`` (from its control information on)."""
        for_code = derived_key(key, counter=self.counter, identification=identification, for_code=True)
        check_code(for_code, bytes((self.control,)) + self.counter + self.length + message, self.code)
