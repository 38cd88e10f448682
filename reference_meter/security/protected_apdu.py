"""Protected APDUs as they stand on the wire: service specific (glo, ded) and general ones."""

from dataclasses import dataclass

from reference_meter.codec.octets import Malformed, OctetReader, encode_length
from reference_meter.security.ciphering import SYSTEM_TITLE_OCTETS

__all__ = [
    "DEDICATED_OF_PLAIN",
    "GENERAL_DEDICATED",
    "GENERAL_GLOBAL",
    "GLOBAL_OF_PLAIN",
    "PLAIN_OF_DEDICATED",
    "PLAIN_OF_GLOBAL",
    "ProtectedApdu",
    "decode_protected",
    "encode_protected",
    "is_protected",
]

GENERAL_GLOBAL, GENERAL_DEDICATED = 0xDB, 0xDC

GLOBAL_OF_PLAIN = {
    0x01: 0x21,  # initiate request
    0x08: 0x28,  # initiate response
    0x0E: 0x2E,  # confirmed service error
    0xC0: 0xC8,  # get
    0xC1: 0xC9,  # set
    0xC2: 0xCA,  # event notification
    0xC3: 0xCB,  # action
    0xC4: 0xCC,  # get response
    0xC5: 0xCD,  # set response
    0xC7: 0xCF,  # action response
}
"""Tag of an APDU -> its tag under the global key."""
DEDICATED_OF_PLAIN = {
    0x01: 0x41,
    0x08: 0x48,
    0x0E: 0x4E,
    0xC0: 0xD0,
    0xC1: 0xD1,
    0xC2: 0xD2,
    0xC3: 0xD3,
    0xC4: 0xD4,
    0xC5: 0xD5,
    0xC7: 0xD7,
}
"""Tag of an APDU -> its tag under the dedicated key."""
PLAIN_OF_GLOBAL = {ciphered: plain for plain, ciphered in GLOBAL_OF_PLAIN.items()}
PLAIN_OF_DEDICATED = {ciphered: plain for plain, ciphered in DEDICATED_OF_PLAIN.items()}

_GENERAL = (GENERAL_GLOBAL, GENERAL_DEDICATED)
# Control octet and invocation counter.
_HEAD_OCTETS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectedApdu:
    """One protected APDU."""

    tag: int
    control: int
    """Security control octet."""
    counter: int
    body: bytes
    """Plain or cipher text with its tag, as the control octet says."""
    title: bytes | None = None
    """System title of the sender; only general APDUs carry it."""

    @property
    def dedicated(self) -> bool:
        """Whether the dedicated key protects it."""
        return self.tag == GENERAL_DEDICATED or self.tag in PLAIN_OF_DEDICATED


def is_protected(apdu: bytes) -> bool:
    """Tell by the tag whether an APDU is a protected one of a form that is known here."""
    return apdu[0] in _GENERAL or apdu[0] in PLAIN_OF_GLOBAL or apdu[0] in PLAIN_OF_DEDICATED


def decode_protected(apdu: bytes) -> ProtectedApdu:
    """Decode a protected APDU; another tag, lengths that do not fit and octets left over are ``Malformed``."""
    reader = OctetReader(apdu)
    tag = reader.unsigned(1)
    if not is_protected(apdu):
        raise Malformed(f"tag {tag:02x} is not a protected APDU", 0)
    title = None
    if tag in _GENERAL:
        title = reader.take(reader.length())
        if len(title) != SYSTEM_TITLE_OCTETS:
            raise reader.malformed(f"system title of {len(title)} octets")
    length = reader.length()
    if length != reader.remaining:
        raise reader.malformed(f"length {length}, {reader.remaining} octets follow")
    control, counter = reader.unsigned(1), reader.unsigned(4)
    return ProtectedApdu(tag=tag, control=control, counter=counter, body=reader.take(reader.remaining), title=title)


def encode_protected(apdu: ProtectedApdu) -> bytes:
    """Encode a protected APDU."""
    head = bytes([apdu.tag])
    if apdu.tag in _GENERAL:
        if apdu.title is None:
            raise ValueError("a general protected APDU carries the system title of its sender")
        head += encode_length(len(apdu.title)) + apdu.title
    length = encode_length(_HEAD_OCTETS + len(apdu.body))
    return head + length + bytes([apdu.control]) + apdu.counter.to_bytes(4, "big") + apdu.body
