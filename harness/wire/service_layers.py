# SPDX-License-Identifier: GPL-2.0-only
# (this file builds on scapy, which is GPL-2.0-only)
"""Scapy layers of the xDLMS services: tag, choice, invoke-id, descriptor; A-XDR data stays opaque.

Data is typed at run time and recursive, and a profile buffer taken apart by scapy costs memory that grows with the
square of its rows; so each value is one field of octets here.
"""

from typing import Any, ClassVar

from scapy.fields import (
    ByteEnumField,
    ByteField,
    ConditionalField,
    Field,
    IntField,
    ShortField,
    SignedByteField,
    XByteField,
    XIntField,
    XStrField,
    XStrFixedLenField,
    XStrLenField,
    _FieldContainer,
)
from scapy.packet import Packet

from harness.wire import names
from harness.wire.fields import AxdrLengthField

__all__ = [
    "SERVICE_LAYERS",
    "AccessRequest",
    "AccessResponse",
    "ActionRequest",
    "ActionResponse",
    "ConfirmedServiceError",
    "DataNotification",
    "ExceptionResponse",
    "GeneralBlockTransfer",
    "GetRequest",
    "GetResponse",
    "SetRequest",
    "SetResponse",
]

_AnyField = Field[Any, Any] | _FieldContainer


class ObisField(XStrFixedLenField):
    """A logical name, shown as its six numbers."""

    def __init__(self, name: str) -> None:
        super().__init__(name, bytes(6), 6)

    def i2repr(self, pkt: Packet | None, x: bytes) -> str:
        """Show ``1.0.1.8.0.255``."""
        return ".".join(str(octet) for octet in x)


def _head(tag: int, choices: dict[int, str]) -> list[_AnyField]:
    return [
        ByteEnumField("tag", tag, names.APDU_TAGS),
        ByteEnumField("choice", 1, choices),
        XByteField("invoke_id_and_priority", 0xC1),
    ]


def _descriptor(last: str, *choices: int) -> list[_AnyField]:
    def here(apdu: Packet) -> bool:
        return apdu.choice in choices

    return [
        ConditionalField(ShortField("class_id", 0), here),
        ConditionalField(ObisField("instance"), here),
        ConditionalField(SignedByteField(last, 1), here),
    ]


def _last_block(*choices: int) -> _AnyField:
    return ConditionalField(ByteField("last_block", 0), lambda apdu: apdu.choice in choices)


def _number(*choices: int) -> _AnyField:
    return ConditionalField(IntField("block_number", 1), lambda apdu: apdu.choice in choices)


class GetRequest(Packet):
    """get-request."""

    name = "get-request"
    fields_desc: ClassVar = [
        *_head(0xC0, names.GET_REQUEST_CHOICES),
        *_descriptor("attribute", 1),
        _number(2),
        ConditionalField(AxdrLengthField("count"), lambda apdu: apdu.choice == 3),
        XStrField("rest", b""),
    ]


class GetResponse(Packet):
    """get-response."""

    name = "get-response"
    fields_desc: ClassVar = [
        *_head(0xC4, names.GET_RESPONSE_CHOICES),
        _last_block(2),
        _number(2),
        ConditionalField(ByteEnumField("result", 0, {0: "data", 1: "error"}), lambda apdu: apdu.choice in (1, 2)),
        ConditionalField(
            ByteEnumField("data_access_result", 0, names.DATA_ACCESS_RESULTS),
            lambda apdu: apdu.choice in (1, 2) and apdu.result == 1,
        ),
        ConditionalField(AxdrLengthField("length"), lambda apdu: apdu.choice == 2 and apdu.result == 0),
        ConditionalField(AxdrLengthField("count"), lambda apdu: apdu.choice == 3),
        XStrField("data", b""),
    ]


class SetRequest(Packet):
    """set-request."""

    name = "set-request"
    fields_desc: ClassVar = [
        *_head(0xC1, names.SET_REQUEST_CHOICES),
        *_descriptor("attribute", 1, 2),
        _last_block(3),
        _number(3),
        ConditionalField(AxdrLengthField("count"), lambda apdu: apdu.choice in (4, 5)),
        XStrField("rest", b""),
    ]


class SetResponse(Packet):
    """set-response."""

    name = "set-response"
    fields_desc: ClassVar = [
        *_head(0xC5, names.SET_RESPONSE_CHOICES),
        ConditionalField(
            ByteEnumField("data_access_result", 0, names.DATA_ACCESS_RESULTS), lambda apdu: apdu.choice in (1, 3)
        ),
        _number(2, 3),
        XStrField("rest", b""),
    ]


class ActionRequest(Packet):
    """action-request."""

    name = "action-request"
    fields_desc: ClassVar = [
        *_head(0xC3, names.ACTION_REQUEST_CHOICES),
        *_descriptor("method", 1, 4),
        _number(2),
        ConditionalField(AxdrLengthField("count"), lambda apdu: apdu.choice in (3, 5)),
        XStrField("rest", b""),
    ]


class ActionResponse(Packet):
    """action-response."""

    name = "action-response"
    fields_desc: ClassVar = [
        *_head(0xC7, names.ACTION_RESPONSE_CHOICES),
        ConditionalField(ByteField("action_result", 0), lambda apdu: apdu.choice == 1),
        _last_block(2),
        _number(2, 4),
        XStrField("rest", b""),
    ]


class ExceptionResponse(Packet):
    """exception-response."""

    name = "exception-response"
    fields_desc: ClassVar = [
        ByteEnumField("tag", 0xD8, names.APDU_TAGS),
        ByteEnumField("state_error", 1, {1: "service-not-allowed", 2: "service-unknown"}),
        ByteEnumField(
            "service_error",
            5,
            {
                1: "operation-not-possible",
                2: "service-not-supported",
                3: "other-reason",
                4: "pdu-too-long",
                5: "deciphering-error",
                6: "invocation-counter-error",
            },
        ),
        XStrField("rest", b""),
    ]


class ConfirmedServiceError(Packet):
    """confirmed-service-error: three octets."""

    name = "confirmed-service-error"
    fields_desc: ClassVar = [
        ByteEnumField("tag", 0x0E, names.APDU_TAGS),
        ByteField("service", 1),
        ByteField("category", 6),
        ByteField("error", 0),
    ]


class DataNotification(Packet):
    """data-notification."""

    name = "data-notification"
    fields_desc: ClassVar = [
        ByteEnumField("tag", 0x0F, names.APDU_TAGS),
        IntField("long_invoke_id_and_priority", 0),
        AxdrLengthField("time_length", 0),
        XStrLenField("date_time", b"", length_from=lambda apdu: apdu.time_length),
        XStrField("body", b""),
    ]


_ACCESS_HEAD = (
    XIntField("long_invoke_id_and_priority", 0x40000001),
    AxdrLengthField("time_length", 0),
    XStrLenField("date_time", b"", length_from=lambda apdu: apdu.time_length),
)


class AccessRequest(Packet):
    """access-request; the specifications and their data stay opaque."""

    name = "access-request"
    fields_desc: ClassVar = [
        ByteEnumField("tag", 0xD9, names.APDU_TAGS),
        *_ACCESS_HEAD,
        AxdrLengthField("count"),
        XStrField("rest", b""),
    ]


class AccessResponse(Packet):
    """access-response; data and results stay opaque."""

    name = "access-response"
    fields_desc: ClassVar = [
        ByteEnumField("tag", 0xDA, names.APDU_TAGS),
        *_ACCESS_HEAD,
        ByteField("self_descriptive", 0),
        AxdrLengthField("count"),
        XStrField("rest", b""),
    ]


class GeneralBlockTransfer(Packet):
    """general-block-transfer."""

    name = "general-block-transfer"
    fields_desc: ClassVar = [
        ByteEnumField("tag", 0xE0, names.APDU_TAGS),
        XByteField("block_control", 0x80),
        ShortField("block_number", 1),
        ShortField("block_number_ack", 0),
        AxdrLengthField("length"),
        XStrLenField("data", b"", length_from=lambda apdu: apdu.length),
    ]


SERVICE_LAYERS: dict[int, type[Packet]] = {
    0x0E: ConfirmedServiceError,
    0x0F: DataNotification,
    0xC0: GetRequest,
    0xC1: SetRequest,
    0xC3: ActionRequest,
    0xC4: GetResponse,
    0xC5: SetResponse,
    0xC7: ActionResponse,
    0xD8: ExceptionResponse,
    0xD9: AccessRequest,
    0xDA: AccessResponse,
    0xE0: GeneralBlockTransfer,
}
"""Layer by tag."""
