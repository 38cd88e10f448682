"""First octets of xDLMS APDUs."""

from typing import Final

__all__ = [
    "ACCESS_REQUEST_TAG",
    "ACCESS_RESPONSE_TAG",
    "ACTION_REQUEST_TAG",
    "ACTION_RESPONSE_TAG",
    "CONFIRMED_SERVICE_ERROR_TAG",
    "DATA_NOTIFICATION_TAG",
    "EVENT_NOTIFICATION_TAG",
    "EXCEPTION_RESPONSE_TAG",
    "GENERAL_BLOCK_TRANSFER_TAG",
    "GET_REQUEST_TAG",
    "GET_RESPONSE_TAG",
    "INITIATE_REQUEST_TAG",
    "INITIATE_RESPONSE_TAG",
    "SET_REQUEST_TAG",
    "SET_RESPONSE_TAG",
    "TAG_NAMES",
    "tag_name",
]

INITIATE_REQUEST_TAG: Final = 0x01
INITIATE_RESPONSE_TAG: Final = 0x08
CONFIRMED_SERVICE_ERROR_TAG: Final = 0x0E
DATA_NOTIFICATION_TAG: Final = 0x0F
GET_REQUEST_TAG: Final = 0xC0
SET_REQUEST_TAG: Final = 0xC1
EVENT_NOTIFICATION_TAG: Final = 0xC2
ACTION_REQUEST_TAG: Final = 0xC3
GET_RESPONSE_TAG: Final = 0xC4
SET_RESPONSE_TAG: Final = 0xC5
ACTION_RESPONSE_TAG: Final = 0xC7
EXCEPTION_RESPONSE_TAG: Final = 0xD8
ACCESS_REQUEST_TAG: Final = 0xD9
ACCESS_RESPONSE_TAG: Final = 0xDA
GENERAL_BLOCK_TRANSFER_TAG: Final = 0xE0

_PLAIN: Final = {
    INITIATE_REQUEST_TAG: "initiate-request",
    0x05: "read-request",
    0x06: "write-request",
    INITIATE_RESPONSE_TAG: "initiate-response",
    0x0C: "read-response",
    0x0D: "write-response",
    CONFIRMED_SERVICE_ERROR_TAG: "confirmed-service-error",
    0x16: "unconfirmed-write-request",
    0x18: "information-report-request",
}
_SERVICES: Final = {
    GET_REQUEST_TAG: "get-request",
    SET_REQUEST_TAG: "set-request",
    EVENT_NOTIFICATION_TAG: "event-notification-request",
    ACTION_REQUEST_TAG: "action-request",
    GET_RESPONSE_TAG: "get-response",
    SET_RESPONSE_TAG: "set-response",
    ACTION_RESPONSE_TAG: "action-response",
}

TAG_NAMES: Final[dict[int, str]] = {
    **_PLAIN,
    # Ciphered forms: a bit of the tag for the old services, the next rows of the tag table for the others.
    **{tag | 0x20: f"glo-{name}" for tag, name in _PLAIN.items()},
    **{tag | 0x40: f"ded-{name}" for tag, name in _PLAIN.items()},
    DATA_NOTIFICATION_TAG: "data-notification",
    0x60: "aarq",
    0x61: "aare",
    0x62: "rlrq",
    0x63: "rlre",
    **_SERVICES,
    **{tag + 0x08: f"glo-{name}" for tag, name in _SERVICES.items()},
    **{tag + 0x10: f"ded-{name}" for tag, name in _SERVICES.items()},
    EXCEPTION_RESPONSE_TAG: "exception-response",
    ACCESS_REQUEST_TAG: "access-request",
    ACCESS_RESPONSE_TAG: "access-response",
    0xDB: "general-glo-ciphering",
    0xDC: "general-ded-ciphering",
    0xDD: "general-ciphering",
    0xDF: "general-signing",
    GENERAL_BLOCK_TRANSFER_TAG: "general-block-transfer",
}
"""Name by first octet, ciphered forms included."""


def tag_name(tag: int) -> str:
    """Return the name of the APDU that begins with ``tag``; ``unknown tag 99`` (hex) where there is none."""
    return TAG_NAMES.get(tag, f"unknown tag {tag:02X}")
