"""Decoding of GET, SET and ACTION requests."""

from collections.abc import Callable
from typing import TypeVar

from reference_meter.codec import axdr
from reference_meter.codec.octets import OctetReader
from reference_meter.codec.request import (
    ACTION_REQUEST,
    GET_REQUEST,
    SET_REQUEST,
    ActionBlock,
    ActionFirstBlock,
    ActionList,
    ActionListFirstBlock,
    ActionNext,
    ActionNormal,
    AttributeDescriptor,
    Block,
    GetList,
    GetNext,
    GetNormal,
    MethodDescriptor,
    Request,
    SetBlock,
    SetFirstBlock,
    SetList,
    SetListFirstBlock,
    SetNormal,
)

__all__ = ["decode_data_list", "decode_request"]

T = TypeVar("T")


def decode_request(apdu: bytes) -> Request:
    """Decode a GET, SET or ACTION request; anything else is ``Malformed``."""
    reader = OctetReader(apdu)
    key = reader.unsigned(1), reader.unsigned(1)
    pull = _PULL.get(key)
    if pull is None:
        raise reader.malformed(f"unknown choice {key[1]} of request {key[0]:02x}")
    request = pull(reader, reader.unsigned(1))
    reader.finish()
    return request


def decode_data_list(raw: bytes) -> tuple[axdr.Pair, ...]:
    """Decode the counted list of data that the blocks of a request with list carry."""
    reader = OctetReader(raw)
    values = _pull_list(reader, axdr.pull_pair)
    reader.finish()
    return values


def _pull_attribute(reader: OctetReader) -> AttributeDescriptor:
    class_id, obis, attribute = reader.unsigned(2), reader.take(6), reader.signed(1)
    selector, parameters = None, None
    if reader.flag("selective access"):
        selector, parameters = reader.unsigned(1), axdr.pull_pair(reader)
    return AttributeDescriptor(
        class_id=class_id, obis=obis, attribute=attribute, selector=selector, parameters=parameters
    )


def _pull_method(reader: OctetReader) -> MethodDescriptor:
    return MethodDescriptor(class_id=reader.unsigned(2), obis=reader.take(6), method=reader.signed(1))


def _pull_block(reader: OctetReader) -> Block:
    last = reader.unsigned(1) != 0
    return Block(last=last, number=reader.unsigned(4), raw=reader.take(reader.length()))


def _pull_list(reader: OctetReader, pull: Callable[[OctetReader], T]) -> tuple[T, ...]:
    count = reader.length()
    if count > reader.remaining:
        raise reader.malformed(f"{count} elements in {reader.remaining} octets")
    return tuple(pull(reader) for _ in range(count))


def _pull_get_normal(reader: OctetReader, invoke: int) -> Request:
    return GetNormal(invoke=invoke, attribute=_pull_attribute(reader))


def _pull_get_next(reader: OctetReader, invoke: int) -> Request:
    return GetNext(invoke=invoke, number=reader.unsigned(4))


def _pull_get_list(reader: OctetReader, invoke: int) -> Request:
    return GetList(invoke=invoke, attributes=_pull_list(reader, _pull_attribute))


def _pull_set_normal(reader: OctetReader, invoke: int) -> Request:
    return SetNormal(invoke=invoke, attribute=_pull_attribute(reader), data=axdr.pull_pair(reader))


def _pull_set_first_block(reader: OctetReader, invoke: int) -> Request:
    return SetFirstBlock(invoke=invoke, attribute=_pull_attribute(reader), block=_pull_block(reader))


def _pull_set_block(reader: OctetReader, invoke: int) -> Request:
    return SetBlock(invoke=invoke, block=_pull_block(reader))


def _pull_set_list(reader: OctetReader, invoke: int) -> Request:
    attributes = _pull_list(reader, _pull_attribute)
    values = _pull_list(reader, axdr.pull_pair)
    if len(values) != len(attributes):
        raise reader.malformed(f"{len(values)} values for {len(attributes)} attributes")
    return SetList(invoke=invoke, attributes=attributes, values=values)


def _pull_set_list_first_block(reader: OctetReader, invoke: int) -> Request:
    attributes = _pull_list(reader, _pull_attribute)
    return SetListFirstBlock(invoke=invoke, attributes=attributes, block=_pull_block(reader))


def _pull_action_normal(reader: OctetReader, invoke: int) -> Request:
    method = _pull_method(reader)
    parameter = axdr.pull_pair(reader) if reader.flag("parameter") else None
    return ActionNormal(invoke=invoke, method=method, parameter=parameter)


def _pull_action_next(reader: OctetReader, invoke: int) -> Request:
    return ActionNext(invoke=invoke, number=reader.unsigned(4))


def _pull_action_list(reader: OctetReader, invoke: int) -> Request:
    methods = _pull_list(reader, _pull_method)
    parameters = _pull_list(reader, axdr.pull_pair)
    if len(parameters) != len(methods):
        raise reader.malformed(f"{len(parameters)} parameters for {len(methods)} methods")
    return ActionList(invoke=invoke, methods=methods, parameters=parameters)


def _pull_action_first_block(reader: OctetReader, invoke: int) -> Request:
    return ActionFirstBlock(invoke=invoke, method=_pull_method(reader), block=_pull_block(reader))


def _pull_action_list_first_block(reader: OctetReader, invoke: int) -> Request:
    methods = _pull_list(reader, _pull_method)
    return ActionListFirstBlock(invoke=invoke, methods=methods, block=_pull_block(reader))


def _pull_action_block(reader: OctetReader, invoke: int) -> Request:
    return ActionBlock(invoke=invoke, block=_pull_block(reader))


# (tag, choice) -> how the rest is read
_PULL: dict[tuple[int, int], Callable[[OctetReader, int], Request]] = {
    (GET_REQUEST, 1): _pull_get_normal,
    (GET_REQUEST, 2): _pull_get_next,
    (GET_REQUEST, 3): _pull_get_list,
    (SET_REQUEST, 1): _pull_set_normal,
    (SET_REQUEST, 2): _pull_set_first_block,
    (SET_REQUEST, 3): _pull_set_block,
    (SET_REQUEST, 4): _pull_set_list,
    (SET_REQUEST, 5): _pull_set_list_first_block,
    (ACTION_REQUEST, 1): _pull_action_normal,
    (ACTION_REQUEST, 2): _pull_action_next,
    (ACTION_REQUEST, 3): _pull_action_list,
    (ACTION_REQUEST, 4): _pull_action_first_block,
    (ACTION_REQUEST, 5): _pull_action_list_first_block,
    (ACTION_REQUEST, 6): _pull_action_block,
}
