"""The ways by which a value can be written: every form of SET, ACCESS, and what asks for no answer."""

from collections.abc import Callable
from enum import StrEnum
from typing import Final

from harness.headend.client import Client
from harness.headend.stimuli.provoke import Provoked, provoke
from harness.protocol import apdu as xdlms
from harness.protocol import axdr

__all__ = [
    "LOST",
    "NEEDED",
    "UNANSWERED",
    "WritePath",
    "attempt_action",
    "attempt_write",
    "fits",
    "is_open",
    "wrong_type",
]

LOST: Final = frozenset({"silence", "closed", "garbled", "malformed", "dm", "disc", "frmr"})
"""Names of what came in place of an answer."""
UNANSWERED: Final = "no answer asked for"
"""Name of what an unconfirmed request gets."""

_SERVICES: Final = xdlms.Conformance
_INVOKE_ID: Final = 0x0F
_HEADER_OCTETS: Final = 3 + 1 + 9 + 1 + 1 + 8
"""Of the longest of the plain kinds: head, count, descriptor, selection, count, and the name in attribute 0."""


class WritePath(StrEnum):
    """One way to write an attribute."""

    SET = "SET"
    SET_LIST = "SET with list"
    SET_BLOCKS = "SET in blocks"
    SET_LIST_BLOCKS = "SET with list in blocks"
    ATTRIBUTE_0 = "SET of attribute 0"
    ACCESS = "ACCESS"
    UNCONFIRMED = "unconfirmed SET"


NEEDED: Final[dict[WritePath, xdlms.Conformance]] = {
    WritePath.SET: _SERVICES(0),
    WritePath.SET_LIST: _SERVICES.SET | _SERVICES.MULTIPLE_REFERENCES,
    WritePath.SET_BLOCKS: _SERVICES.SET | _SERVICES.BLOCK_SET,
    WritePath.SET_LIST_BLOCKS: _SERVICES.SET | _SERVICES.BLOCK_SET | _SERVICES.MULTIPLE_REFERENCES,
    WritePath.ATTRIBUTE_0: _SERVICES.SET | _SERVICES.ATTRIBUTE0_SET,
    WritePath.ACCESS: _SERVICES.ACCESS,
    WritePath.UNCONFIRMED: _SERVICES.SET,
}
"""What must have been negotiated for a path to be there; the plain SET is tried in any case."""


def is_open(client: Client, path: WritePath) -> bool:
    """Whether the path was negotiated; ACCESS has no ciphered form but the general ones."""
    needed = NEEDED[path]
    if path is WritePath.ACCESS and client.declared.ciphered:
        needed |= _SERVICES.GENERAL_PROTECTION
    return client.association.negotiated.conformance & needed == needed


def fits(client: Client, data: bytes) -> bool:
    """Whether one request of the plain kinds takes this value."""
    room = client.association.negotiated.server_max_receive_pdu_size
    return not room or len(data) + _HEADER_OCTETS + client.conversation.protection.overhead_octets <= room


def attempt_write(client: Client, path: WritePath, attribute: xdlms.AttributeDescriptor, data: bytes) -> Provoked:
    """Try to write A-XDR octets; a missing answer is tried once more over a new association."""
    return _tried(client, lambda: _write(client, path, attribute, data))


def attempt_action(client: Client, method: xdlms.MethodDescriptor, parameter: bytes | None) -> Provoked:
    """Try to invoke a method, likewise."""

    def once() -> Provoked:
        invoke = client.services.next_invoke()
        request = xdlms.ActionRequestNormal(invoke=invoke, method=method, parameter=parameter)
        return provoke(client.conversation, request.to_bytes(), invoke)

    return _tried(client, once)


def _tried(client: Client, once: Callable[[], Provoked]) -> Provoked:
    got = once()
    if got.name not in LOST:
        return got
    client.drop()
    client.establish()
    again = once()
    if again.name in LOST:
        client.drop()
        client.establish()
    return again


def _write(client: Client, path: WritePath, attribute: xdlms.AttributeDescriptor, data: bytes) -> Provoked:
    invoke = client.services.next_invoke()
    conversation = client.conversation
    match path:
        case WritePath.SET:
            request = xdlms.SetRequestNormal(invoke=invoke, attribute=attribute, data=data)
            return provoke(conversation, request.to_bytes(), invoke)
        case WritePath.ATTRIBUTE_0:
            every = xdlms.AttributeDescriptor(attribute.class_id, attribute.obis, 0)
            whole = bytes([axdr.DataType.STRUCTURE, 2]) + b"\x09\x06" + attribute.obis + data
            request = xdlms.SetRequestNormal(invoke=invoke, attribute=every, data=whole)
            return provoke(conversation, request.to_bytes(), invoke)
        case WritePath.SET_LIST:
            listed = xdlms.SetRequestWithList(invoke=invoke, items=((attribute, None),), values=(data,))
            return provoke(conversation, listed.to_bytes(), invoke)
        case WritePath.SET_BLOCKS | WritePath.SET_LIST_BLOCKS:
            return _write_in_blocks(client, path, attribute, data)
        case WritePath.ACCESS:
            return _write_by_access(client, attribute, data)
        case WritePath.UNCONFIRMED:
            client.services.send_unconfirmed_set((attribute, None), data)
            # The next exchange meets an answer that comes all the same, and tells that the request was looked at.
            client.keep_alive()
            if not client.is_associated:
                client.establish()
            return Provoked(name=UNANSWERED, description=UNANSWERED, frame=conversation.frame)


def _write_in_blocks(client: Client, path: WritePath, attribute: xdlms.AttributeDescriptor, data: bytes) -> Provoked:
    invoke = client.services.next_invoke()
    first: xdlms.SetRequestWithFirstDatablock | xdlms.SetRequestWithListAndFirstDatablock
    if path is WritePath.SET_BLOCKS:
        cut = max(1, len(data) // 2)
        first = xdlms.SetRequestWithFirstDatablock(
            invoke=invoke, attribute=attribute, last=False, block_number=1, raw=data[:cut]
        )
    else:
        data = b"\x01" + data
        cut = max(1, len(data) // 2)
        first = xdlms.SetRequestWithListAndFirstDatablock(
            invoke=invoke, items=((attribute, None),), last=False, block_number=1, raw=data[:cut]
        )
    got = provoke(client.conversation, first.to_bytes(), invoke)
    if got.received is None or not isinstance(got.received.answer, xdlms.SetResponseDatablock):
        return got
    rest = xdlms.SetRequestWithDatablock(invoke=invoke, last=True, block_number=2, raw=data[cut:])
    return provoke(client.conversation, rest.to_bytes(), invoke)


def _write_by_access(client: Client, attribute: xdlms.AttributeDescriptor, data: bytes) -> Provoked:
    invoke = client.services.next_invoke()
    request = xdlms.AccessRequest(
        long_invoke=xdlms.ACCESS_CONFIRMED | invoke & _INVOKE_ID,
        specifications=(xdlms.AccessSet(attribute=attribute, data=data),),
    )
    return provoke(client.conversation, request.to_bytes(), request.long_invoke)


def wrong_type(data: bytes) -> bytes:
    """Return a value of another type than that of ``data``, which no device can take for it."""
    kind = data[0] if data else axdr.DataType.NULL_DATA
    other = axdr.Data(axdr.DataType.BOOLEAN, False)
    if kind == axdr.DataType.BOOLEAN:
        other = axdr.Data(axdr.DataType.OCTET_STRING, b"\x00")
    return axdr.encode(other)
