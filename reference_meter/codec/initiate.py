"""The xDLMS initiate service that travels inside AARQ and AARE."""

from dataclasses import dataclass

from reference_meter.codec.octets import OctetReader

__all__ = [
    "INCOMPATIBLE_CONFORMANCE",
    "PDU_SIZE_TOO_SHORT",
    "REFUSED",
    "VERSION_TOO_LOW",
    "InitiateRequest",
    "InitiateResponse",
    "decode_initiate_request",
    "encode_deciphering_error",
    "encode_initiate_error",
    "encode_initiate_response",
]

VERSION_TOO_LOW, INCOMPATIBLE_CONFORMANCE, PDU_SIZE_TOO_SHORT, REFUSED = 1, 2, 3, 4
"""Reasons of an initiate error."""

_INITIATE_REQUEST, _INITIATE_RESPONSE, _CONFIRMED_SERVICE_ERROR = 0x01, 0x08, 0x0E
_CONFORMANCE_HEAD = bytes.fromhex("5f1f0400")
_LN_VAA_NAME = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class InitiateRequest:
    """What the client proposes."""

    version: int
    conformance: int
    client_max_receive_pdu_size: int
    """In octets; 0 means no limit."""
    dedicated_key: bytes | None = None
    response_allowed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class InitiateResponse:
    """What the server grants."""

    conformance: int
    server_max_receive_pdu_size: int
    version: int = 6


def decode_initiate_request(octets: bytes) -> InitiateRequest:
    """Decode the request; another APDU or octets left over are ``Malformed``."""
    reader = OctetReader(octets)
    reader.expect(bytes([_INITIATE_REQUEST]), "initiate request")
    dedicated_key = reader.take(reader.length()) if reader.flag("dedicated key") else None
    response_allowed = reader.unsigned(1) != 0 if reader.flag("response allowed") else True
    if reader.flag("quality of service"):
        reader.unsigned(1)
    version = reader.unsigned(1)
    reader.expect(_CONFORMANCE_HEAD, "conformance block")
    conformance = reader.unsigned(3)
    size = reader.unsigned(2)
    reader.finish()
    return InitiateRequest(
        version=version,
        conformance=conformance,
        client_max_receive_pdu_size=size,
        dedicated_key=dedicated_key,
        response_allowed=response_allowed,
    )


def encode_initiate_response(response: InitiateResponse) -> bytes:
    """Encode the response for logical name referencing."""
    return (
        bytes([_INITIATE_RESPONSE, 0, response.version])
        + _CONFORMANCE_HEAD
        + response.conformance.to_bytes(3, "big")
        + response.server_max_receive_pdu_size.to_bytes(2, "big")
        + _LN_VAA_NAME.to_bytes(2, "big")
    )


def encode_initiate_error(reason: int) -> bytes:
    """Encode a confirmed service error of the initiate service."""
    initiate_error, initiate = 1, 6
    return bytes([_CONFIRMED_SERVICE_ERROR, initiate_error, initiate, reason])


def encode_deciphering_error() -> bytes:
    """Encode a confirmed service error of the initiate service that could not be deciphered."""
    initiate_error, application_reference, deciphering_error = 1, 0, 6
    return bytes([_CONFIRMED_SERVICE_ERROR, initiate_error, application_reference, deciphering_error])
