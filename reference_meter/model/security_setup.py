"""The objects of ciphering: security setups (class 64) and the invocation counter that clients start from.

Version 0 has a number for the policy (0 none, 1 authenticated, 2 encrypted, 3 both, for requests and responses
alike), version 1 a mask of bits and a list of certificates.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from reference_meter.model.audit import Audit
from reference_meter.model.configuration import Instances
from reference_meter.model.data import Pair, array, double_long_unsigned, enum, octet_string
from reference_meter.model.objects import (
    ALL,
    MANAGING,
    MEASURING,
    NOBODY,
    Attribute,
    CosemObject,
    DataAccessResult,
    Method,
    Roles,
    data_object,
)
from reference_meter.model.written import ARRAY, ENUM, OCTET_STRING, fields, out_of_range, written
from reference_meter.security.ciphering import KEY_OCTETS, SYSTEM_TITLE_OCTETS, Undecipherable
from reference_meter.security.key_wrap import unwrap_key
from reference_meter.security.store import SecurityStore
from reference_meter.server.model_port import AccessRefused

__all__ = ["SecuritySetup", "consumer_security_setup", "invocation_counter_object"]

_KEY_NAMES = {0: "unicast", 1: "broadcast", 2: "authentication", 3: "master"}
"""Key ids in a key transfer."""
_POLICY_BITS_OF_NUMBER = {0: 0x00, 1: 0x24, 2: 0x48, 3: 0x6C}


@dataclass(frozen=True, slots=True, kw_only=True)
class SecuritySetup:
    """One instance of class 64 over the store with its keys."""

    store: SecurityStore
    obis: bytes
    version: int
    audit: Audit
    keys_changed: Callable[[], None]

    def object(self, readers: Roles = MEASURING, title_writers: Roles = MANAGING) -> CosemObject:
        """The instance with the rights of its readers and of those who may write the client's title."""
        store = self.store
        reads: dict[int, Callable[[], Pair]] = {
            2: self._policy,
            3: lambda: enum(store.suite),
            5: lambda: octet_string(store.server_title),
        }
        if self.version >= 1:
            # Certificates: this meter has none.
            reads[6] = lambda: array(())
        attributes = {number: Attribute(read=read, readers=readers) for number, read in reads.items()}
        attributes[4] = Attribute(
            read=lambda: octet_string(store.client_title),
            readers=readers,
            write=self.audit.writing(lambda: store.client_title, self._write_client_title),
            writers=title_writers,
        )
        methods = {1: Method(invoke=self._activate), 2: Method(invoke=self._transfer_keys)}
        return CosemObject(class_id=64, version=self.version, obis=self.obis, attributes=attributes, methods=methods)

    def _policy(self) -> Pair:
        if self.version >= 1:
            return enum(self.store.policy)
        # A mask that no number stands for is told by the strongest number that it covers.
        return enum(max(number for number, bits in _POLICY_BITS_OF_NUMBER.items() if bits & ~self.store.policy == 0))

    def _write_client_title(self, data: Pair) -> None:
        title: bytes = written(data, OCTET_STRING)
        if len(title) != SYSTEM_TITLE_OCTETS:
            raise out_of_range()
        self.store.client_title = title

    def _activate(self, parameter: Pair | None) -> None:
        """Make the policy stronger; what it demands already stays demanded."""
        number: int = written(parameter, ENUM)
        policy = number if self.version >= 1 else _POLICY_BITS_OF_NUMBER.get(number, -1)
        if policy & ~self.store.policy_bits or policy & self.store.policy != self.store.policy:
            raise out_of_range()
        if policy != self.store.policy:
            self.store.policy = policy
            self.audit.changed()

    def _transfer_keys(self, parameter: Pair | None) -> None:
        """Take over new keys, all of them or none; the answer still goes out under the old ones."""
        wrapped_by_id: dict[int, bytes] = {}
        for item in written(parameter, ARRAY):
            key_id, wrapped = fields(item, ENUM, OCTET_STRING)
            if key_id not in _KEY_NAMES or key_id in wrapped_by_id:
                raise out_of_range()
            wrapped_by_id[key_id] = wrapped
        if not wrapped_by_id:
            raise out_of_range()
        keys = {_KEY_NAMES[key_id]: self._unwrapped(wrapped) for key_id, wrapped in wrapped_by_id.items()}
        self.store.keys = replace(self.store.keys, **keys)
        self.keys_changed()

    def _unwrapped(self, wrapped: bytes) -> bytes:
        try:
            key = unwrap_key(self.store.keys.master, wrapped)
        except Undecipherable:
            raise AccessRefused(DataAccessResult.OTHER_REASON) from None
        if len(key) != KEY_OCTETS[self.store.suite]:
            raise out_of_range()
        return key


def invocation_counter_object(store: SecurityStore, instances: Instances) -> CosemObject:
    """The counter that belongs to the unicast key."""
    return data_object(
        instances.invocation_counter, lambda: double_long_unsigned(store.announced_counter()), readers=ALL
    )


def consumer_security_setup(setup: SecuritySetup) -> CosemObject:
    """The setup of the keys towards the consumer: management only, titles fixed."""
    return setup.object(readers=MANAGING, title_writers=NOBODY)
