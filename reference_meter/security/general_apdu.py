"""General ciphering and general signing as they stand on the wire.

Both begin with the same header, which is authenticated or signed in the octets that travel, lengths included. Of the
content that is signed the length is left out.
"""

from dataclasses import dataclass

from reference_meter.codec.octets import OctetReader, encode_length
from reference_meter.security.ciphering import SYSTEM_TITLE_OCTETS

__all__ = [
    "AGREED_KEY",
    "GENERAL_CIPHERING",
    "GENERAL_SIGNING",
    "IDENTIFIED_KEY",
    "WRAPPED_KEY",
    "GeneralCiphering",
    "GeneralHeader",
    "GeneralSigning",
    "KeyInformation",
    "decode_ciphering",
    "decode_signing",
    "encode_ciphering",
    "encode_header",
    "encode_signing",
]

GENERAL_CIPHERING, GENERAL_SIGNING = 0xDD, 0xDF

IDENTIFIED_KEY, WRAPPED_KEY, AGREED_KEY = 0, 1, 2
"""Choices of key information."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneralHeader:
    """Who speaks to whom."""

    transaction: bytes
    originator: bytes
    """System title of the sender."""
    recipient: bytes
    """System title of the receiver; empty for everybody."""
    date_time: bytes = b""
    other: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyInformation:
    """Which key protects a message."""

    choice: int
    number: int = 0
    """Identified: 0 unicast, 1 broadcast. Wrapped: 0, the master key. Agreed: the scheme."""
    octets: bytes = b""
    """Wrapped: the key. Agreed: what is sent along."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneralCiphering:
    """A message ciphered from end to end."""

    header: GeneralHeader
    key: KeyInformation | None
    control: int
    counter: int
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneralSigning:
    """A signed message; its content is plain or ciphered."""

    header: GeneralHeader
    content: bytes
    signature: bytes


def encode_header(header: GeneralHeader) -> bytes:
    """Encode what stands before the content."""
    fields = (header.transaction, header.originator, header.recipient, header.date_time, header.other)
    return b"".join(map(_octet_string, fields))


def decode_ciphering(apdu: bytes) -> GeneralCiphering:
    """Decode a ciphered message; anything wrong is ``Malformed``."""
    reader = OctetReader(apdu)
    reader.expect(bytes([GENERAL_CIPHERING]), "general ciphering")
    header = _pull_header(reader)
    key = _pull_key(reader) if reader.flag("key information") else None
    inner = OctetReader(reader.take(reader.length()))
    reader.finish()
    control, counter = inner.unsigned(1), inner.unsigned(4)
    return GeneralCiphering(header=header, key=key, control=control, counter=counter, body=inner.take(inner.remaining))


def encode_ciphering(message: GeneralCiphering) -> bytes:
    """Encode a ciphered message."""
    inner = bytes([message.control]) + message.counter.to_bytes(4, "big") + message.body
    key = b"\x00" if message.key is None else b"\x01" + _encode_key(message.key)
    return bytes([GENERAL_CIPHERING]) + encode_header(message.header) + key + _octet_string(inner)


def decode_signing(apdu: bytes) -> GeneralSigning:
    """Decode a signed message; anything wrong is ``Malformed``."""
    reader = OctetReader(apdu)
    reader.expect(bytes([GENERAL_SIGNING]), "general signing")
    header = _pull_header(reader)
    content, signature = reader.take(reader.length()), reader.take(reader.length())
    reader.finish()
    return GeneralSigning(header=header, content=content, signature=signature)


def encode_signing(message: GeneralSigning) -> bytes:
    """Encode a signed message."""
    parts = _octet_string(message.content) + _octet_string(message.signature)
    return bytes([GENERAL_SIGNING]) + encode_header(message.header) + parts


def _octet_string(octets: bytes) -> bytes:
    return encode_length(len(octets)) + octets


def _pull_header(reader: OctetReader) -> GeneralHeader:
    transaction, originator, recipient, date_time, other = (reader.take(reader.length()) for _ in range(5))
    if len(originator) != SYSTEM_TITLE_OCTETS or len(recipient) not in (0, SYSTEM_TITLE_OCTETS):
        raise reader.malformed("a system title of another length")
    return GeneralHeader(
        transaction=transaction, originator=originator, recipient=recipient, date_time=date_time, other=other
    )


def _pull_key(reader: OctetReader) -> KeyInformation:
    choice = reader.unsigned(1)
    match choice:
        case 0:
            return KeyInformation(choice=choice, number=reader.unsigned(1))
        case 1:
            return KeyInformation(choice=choice, number=reader.unsigned(1), octets=reader.take(reader.length()))
        case 2:
            parameters = reader.take(reader.length())
            if len(parameters) != 1:
                raise reader.malformed(f"key parameters of {len(parameters)} octets")
            return KeyInformation(choice=choice, number=parameters[0], octets=reader.take(reader.length()))
        case _:
            raise reader.malformed(f"choice {choice} of key information")


def _encode_key(key: KeyInformation) -> bytes:
    if key.choice == IDENTIFIED_KEY:
        return bytes([key.choice, key.number])
    number = bytes([key.number])
    parameters = _octet_string(number) if key.choice == AGREED_KEY else number
    return bytes([key.choice]) + parameters + _octet_string(key.octets)
