"""The objects of ciphering: security setup (class 64) and the invocation counter that clients start from."""

from dataclasses import replace
from typing import Any

from reference_meter.model.configuration import Instances
from reference_meter.model.data import NULL, Pair, array, double_long_unsigned, enum, octet_string
from reference_meter.model.objects import (
    ALL,
    MANAGING,
    MEASURING,
    Attribute,
    CosemObject,
    DataAccessResult,
    Method,
    data_object,
)
from reference_meter.security.ciphering import KEY_OCTETS, SYSTEM_TITLE_OCTETS, Undecipherable
from reference_meter.security.key_wrap import unwrap_key
from reference_meter.security.store import ALL_POLICY_BITS, SecurityStore
from reference_meter.server.model_port import AccessRefused

__all__ = ["security_objects"]

_ARRAY, _STRUCTURE, _OCTET_STRING, _ENUM = 1, 2, 9, 22
_KEY_NAMES = {0: "unicast", 1: "broadcast", 2: "authentication", 3: "master"}
"""Key ids in a key transfer."""


def security_objects(store: SecurityStore, instances: Instances) -> list[CosemObject]:
    """The security setup and the counter object that belongs to its key."""
    setup = CosemObject(
        class_id=64,
        version=1,
        obis=instances.security_setup,
        attributes={
            2: Attribute(read=lambda: enum(store.policy), readers=MEASURING),
            3: Attribute(read=lambda: enum(store.suite), readers=MEASURING),
            4: Attribute(
                read=lambda: octet_string(store.client_title),
                readers=MEASURING,
                write=lambda data: _write_client_title(store, data),
                writers=MANAGING,
            ),
            5: Attribute(read=lambda: octet_string(store.server_title), readers=MEASURING),
            # Certificates: this meter has none.
            6: Attribute(read=lambda: array(()), readers=MEASURING),
        },
        methods={
            1: Method(invoke=lambda parameter: _activate(store, parameter)),
            2: Method(invoke=lambda parameter: _transfer_keys(store, parameter)),
        },
    )
    counter = data_object(
        instances.invocation_counter, lambda: double_long_unsigned(store.announced_counter()), readers=ALL
    )
    return [setup, counter]


def _write_client_title(store: SecurityStore, data: Pair) -> None:
    title: bytes = _value(data, _OCTET_STRING)
    if len(title) != SYSTEM_TITLE_OCTETS:
        raise AccessRefused(DataAccessResult.OTHER_REASON)
    store.client_title = title


def _activate(store: SecurityStore, parameter: Pair | None) -> None:
    """Make the policy stronger; what it demands already stays demanded."""
    policy: int = _value(parameter or NULL, _ENUM)
    if policy & ~ALL_POLICY_BITS or policy & store.policy != store.policy:
        raise AccessRefused(DataAccessResult.OTHER_REASON)
    store.policy = policy


def _transfer_keys(store: SecurityStore, parameter: Pair | None) -> None:
    """Take over new keys, all of them or none; the answer still goes out under the old ones."""
    wrapped_by_id: dict[int, bytes] = {}
    for item in _value(parameter or NULL, _ARRAY):
        parts = _value(item, _STRUCTURE)
        if len(parts) != 2:
            raise AccessRefused(DataAccessResult.TYPE_UNMATCHED)
        key_id = _value(parts[0], _ENUM)
        if key_id not in _KEY_NAMES or key_id in wrapped_by_id:
            raise AccessRefused(DataAccessResult.OTHER_REASON)
        wrapped_by_id[key_id] = _value(parts[1], _OCTET_STRING)
    if not wrapped_by_id:
        raise AccessRefused(DataAccessResult.OTHER_REASON)
    keys = {_KEY_NAMES[key_id]: _unwrapped(store, wrapped) for key_id, wrapped in wrapped_by_id.items()}
    store.keys = replace(store.keys, **keys)


def _unwrapped(store: SecurityStore, wrapped: bytes) -> bytes:
    try:
        key = unwrap_key(store.keys.master, wrapped)
    except Undecipherable:
        raise AccessRefused(DataAccessResult.OTHER_REASON) from None
    if len(key) != KEY_OCTETS[store.suite]:
        raise AccessRefused(DataAccessResult.OTHER_REASON)
    return key


def _value(data: Pair, tag: int) -> Any:
    """The value of data of one type; AccessRefused for another type."""
    if data[0] != tag:
        raise AccessRefused(DataAccessResult.TYPE_UNMATCHED)
    return data[1]
