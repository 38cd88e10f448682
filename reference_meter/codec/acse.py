"""Association control APDUs: AARQ and RLRQ as the server reads them, AARE and RLRE as it writes them."""

from dataclasses import dataclass

from reference_meter.codec.octets import Malformed, OctetReader, encode_length

__all__ = [
    "AARE",
    "AARQ",
    "LN_CIPHERED_CONTEXT",
    "LN_CONTEXT",
    "PROVIDER",
    "RLRE",
    "RLRQ",
    "USER",
    "Aare",
    "Aarq",
    "Rlrq",
    "decode_aarq",
    "decode_rlrq",
    "encode_aare",
    "encode_rlre",
    "mechanism_oid",
]

AARQ, AARE, RLRQ, RLRE = 0x60, 0x61, 0x62, 0x63

LN_CONTEXT = bytes.fromhex("60857405080101")
"""Application context: logical names, no ciphering."""

LN_CIPHERED_CONTEXT = bytes.fromhex("60857405080103")
"""Application context: logical names, with ciphering."""

_MECHANISM_PREFIX = bytes.fromhex("608574050802")

USER, PROVIDER = 1, 2
"""Source of a diagnostic."""

_AUTHENTICATION_UNIT = b"\x07\x80"


@dataclass(frozen=True, slots=True, kw_only=True)
class Aarq:
    """An association request; a field that was absent is ``None``."""

    context: bytes
    protocol_version_1: bool = True
    calling_ap_title: bytes | None = None
    user_id: int | None = None
    """Calling AE invocation identifier, which names the user of a client."""
    authentication_unit: bool = False
    """The sender asks for the authentication functional unit."""
    mechanism: bytes | None = None
    """Object identifier of the mechanism, without tag and length."""
    calling_value: bytes | None = None
    """Secret or challenge."""
    user_information: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Aare:
    """An association response; ``result`` 0 accepts."""

    result: int
    source: int = USER
    diagnostic: int = 0
    context: bytes = LN_CONTEXT
    responding_ap_title: bytes | None = None
    mechanism: bytes | None = None
    responding_value: bytes | None = None
    user_information: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rlrq:
    """A release request."""

    reason: int | None = None
    user_information: bytes | None = None


def mechanism_oid(mechanism: int) -> bytes:
    """Give the object identifier of a mechanism number."""
    return _MECHANISM_PREFIX + bytes([mechanism])


def decode_aarq(apdu: bytes) -> Aarq:
    """Decode an AARQ; fields out of order, repeated or cut short are ``Malformed``, unknown ones are passed over."""
    fields = _pull_fields(apdu, AARQ)
    if 0xA1 not in fields:
        raise Malformed("no application context", 0)
    version = fields.get(0x80)
    if version is not None and len(version) < 2:
        raise Malformed("protocol version cut short", 0)
    title, user = fields.get(0xA6), fields.get(0xA9)
    return Aarq(
        context=_single(fields[0xA1], 0x06),
        protocol_version_1=version is None or bool(version[1] & 0x80),
        calling_ap_title=None if title is None else _single(title, 0x04),
        user_id=None if user is None else _integer(user),
        authentication_unit=fields.get(0x8A) == _AUTHENTICATION_UNIT,
        mechanism=fields.get(0x8B),
        calling_value=_calling_value(fields.get(0xAC)),
        user_information=_user_information(fields),
    )


def encode_aare(aare: Aare) -> bytes:
    """Encode an AARE."""
    parts = [
        _field(0xA1, _field(0x06, aare.context)),
        _field(0xA2, _field(0x02, bytes([aare.result]))),
        _field(0xA3, _field(0xA0 | aare.source, _field(0x02, bytes([aare.diagnostic])))),
    ]
    if aare.responding_ap_title is not None:
        parts.append(_field(0xA4, _field(0x04, aare.responding_ap_title)))
    if aare.mechanism is not None:
        parts.append(_field(0x88, _AUTHENTICATION_UNIT) + _field(0x89, aare.mechanism))
    if aare.responding_value is not None:
        parts.append(_field(0xAA, _field(0x80, aare.responding_value)))
    if aare.user_information is not None:
        parts.append(_field(0xBE, _field(0x04, aare.user_information)))
    return _field(AARE, b"".join(parts))


def decode_rlrq(apdu: bytes) -> Rlrq:
    """Decode an RLRQ."""
    fields = _pull_fields(apdu, RLRQ)
    reason = fields.get(0x80)
    if reason is not None and len(reason) != 1:
        raise Malformed("a reason of more or less than one octet", 0)
    return Rlrq(
        reason=None if reason is None else reason[0],
        user_information=_user_information(fields),
    )


def encode_rlre(reason: int = 0, user_information: bytes | None = None) -> bytes:
    """Encode an RLRE; reason 0 is normal."""
    body = _field(0x80, bytes([reason]))
    if user_information is not None:
        body += _field(0xBE, _field(0x04, user_information))
    return _field(RLRE, body)


def _field(tag: int, content: bytes) -> bytes:
    return bytes([tag]) + encode_length(len(content)) + content


def _pull_fields(apdu: bytes, tag: int) -> dict[int, bytes]:
    """Read the fields of an APDU, whose numbers have to rise."""
    outer = OctetReader(apdu)
    outer.expect(bytes([tag]), f"tag {tag:02x}")
    reader = OctetReader(outer.take(outer.length()))
    outer.finish()
    fields: dict[int, bytes] = {}
    last_number = -1
    while reader.remaining:
        field = reader.unsigned(1)
        if field & 0x80 == 0 or field & 0x1F <= last_number:
            raise reader.malformed(f"field {field:02x} out of place")
        last_number = field & 0x1F
        fields[field] = reader.take(reader.length())
    return fields


def _single(content: bytes, tag: int) -> bytes:
    reader = OctetReader(content)
    reader.expect(bytes([tag]), f"tag {tag:02x}")
    value = reader.take(reader.length())
    reader.finish()
    return value


def _integer(content: bytes) -> int:
    octets = _single(content, 0x02)
    if not octets:
        raise Malformed("an integer without octets", 0)
    # User identifiers are one octet without sign, which some senders write without the zero that the rules ask for.
    return int.from_bytes(octets, "big")


def _calling_value(content: bytes | None) -> bytes | None:
    return None if content is None else _single(content, 0x80)


def _user_information(fields: dict[int, bytes]) -> bytes | None:
    content = fields.get(0xBE)
    return None if content is None else _single(content, 0x04)
