"""New keys for the device: wrapped under its master key, and both kept until it is known which ones it has."""

import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from harness.declaration import AssociationDeclaration, CosemObject, SecurityDeclaration
from harness.errors import ConnectionLost, DeviceError, Inconclusive, PortGone, ProtocolViolation, Refused, Silent
from harness.evidence.trace import Trace
from harness.headend.client import Client
from harness.headend.head_end import HeadEnd
from harness.headend.restoring.key_ring import KeyRing
from harness.protocol import apdu as xdlms
from harness.protocol import axdr, cosem, security
from harness.session import ActionResult, CipheredProtection

__all__ = ["KEY_IDS", "KEY_TRANSFER", "KeyTransfer", "NewKeys", "transfer_parameter"]

KEY_TRANSFER = 2
"""Method of class 64."""
KEY_IDS: Mapping[str, security.KeyId] = {
    "encryption_key": security.KeyId.GLOBAL_UNICAST,
    "broadcast_key": security.KeyId.GLOBAL_BROADCAST,
    "authentication_key": security.KeyId.AUTHENTICATION,
    "master_key": security.KeyId.MASTER,
}
"""Keys of the declaration's table ``security`` by their number in a key transfer."""

_UNKNOWN_OUTCOMES = (Silent, ConnectionLost, ProtocolViolation)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKeys:
    """Keys by their names in the declaration, and what a key transfer carries of them."""

    keys: Mapping[str, bytes] = field(repr=False)
    parameter: axdr.Data


def transfer_parameter(wrapped: Sequence[tuple[int, bytes]]) -> axdr.Data:
    """Return the parameter of a key transfer: pairs of key id and wrapped key."""
    pairs = tuple(
        axdr.Data(
            axdr.DataType.STRUCTURE,
            (axdr.Data(axdr.DataType.ENUM, key_id), axdr.Data(axdr.DataType.OCTET_STRING, octets)),
        )
        for key_id, octets in wrapped
    )
    return axdr.Data(axdr.DataType.ARRAY, pairs)


class KeyTransfer:
    """Gives keys to the device through one declared client, and finds out which ones it has."""

    def __init__(self, head_end: HeadEnd, trace: Trace, declared: AssociationDeclaration, setup: CosemObject) -> None:
        """``setup`` is the security setup (class 64) of that client; its declaration has a master key."""
        if declared.security is None or declared.security.master_key is None:
            raise Inconclusive(f"association {declared.id} has no master_key declared", missing="declaration")
        self.declared = declared
        self.setup = setup
        self._head_end = head_end
        self._trace = trace
        self._agreed: SecurityDeclaration = declared.security

    @property
    def ring(self) -> KeyRing:
        """The keys of the device."""
        return self._head_end.keys

    def declared_key(self, name: str) -> bytes:
        """Return a key as the declaration has it; ``Inconclusive`` where it has none."""
        secret = getattr(self._agreed, name)
        if secret is None:
            raise Inconclusive(f"association {self.declared.id} has no {name} declared", missing="declaration")
        octets: bytes = secret.reveal()
        return octets

    def new_keys(self, names: Sequence[str], *, octets: int | None = None) -> NewKeys:
        """Make random keys; ``octets`` is a length other than that of the suite."""
        length = octets or security.SUITES[security.SuiteId(self._agreed.suite)].key_octets
        return self.wrapped({name: secrets.token_bytes(length) for name in names})

    def wrapped(self, keys: Mapping[str, bytes], *, master_key: bytes | None = None) -> NewKeys:
        """Wrap keys under the device's master key, or another one; in a replay the recorded octets come back."""
        pairs = [(int(KEY_IDS[name]), self.wrapped_octets(key, master_key=master_key)) for name, key in keys.items()]
        return NewKeys(keys=keys, parameter=transfer_parameter(pairs))

    def wrapped_octets(self, key: bytes, *, master_key: bytes | None = None) -> bytes:
        """Wrap one key; as ``wrapped``."""
        declared = self.declared_key("master_key")
        master = master_key or self.ring.in_force(declared, "master_key")
        return bytes.fromhex(self._trace.recall("wrapped key", lambda: security.wrap_key(key, master_key=master).hex()))

    def send(self, client: Client, parameter: axdr.Data) -> ActionResult:
        """Invoke the key transfer; whatever comes instead of a result is raised."""
        method = xdlms.MethodDescriptor(self.setup.class_id, cosem.obis(self.setup.obis), KEY_TRANSFER)
        return client.services.action(method, axdr.encode(parameter))

    def give(self, client: Client, new: NewKeys) -> None:
        """Give the device new keys; raises ``Refused`` where it does not take them.

        After any other outcome both sets of keys stay in the store until ``find`` knows which one holds.
        """
        for name, key in new.keys.items():
            self.ring.propose(self.declared_key(name), name, key)
        before = {name: self.ring.candidates(self.declared_key(name), name)[-1] for name in new.keys}
        self._allow_answer_under(client, new.keys)
        try:
            done = self.send(client, new.parameter)
        except _UNKNOWN_OUTCOMES:
            client.drop()
            self.find(tuple(new.keys))
            raise
        except Refused:
            self._find_after_refusal(client, before)
            raise
        if done.result != 0:
            self._find_after_refusal(client, before)
            raise Refused(f"the key transfer gives action-result {done.result}", f"action:{done.result}")
        self._settle(new.keys)
        client.drop()

    def _allow_answer_under(self, client: Client, new: Mapping[str, bytes]) -> None:
        """Let the answer come under the new keys or the old ones: nothing says when a device begins with the new."""
        protection = client.conversation.protection
        if isinstance(protection, CipheredProtection):
            keys = {
                name: new.get(name) or self.ring.in_force(declared, name)
                for name, declared in self.declared_keys().items()
            }
            coming = security.CipherKeys(encryption=keys["encryption_key"], authentication=keys["authentication_key"])
            protection.may_change_to(coming, self._trace.name_of_key(coming.encryption))

    def _find_after_refusal(self, client: Client, before: Mapping[str, bytes]) -> None:
        # A device that says no and takes the keys all the same must not cost the only copy of them.
        client.drop()
        if self.works(before):
            self._settle(before)
        else:
            self.find(tuple(before))

    def find(self, names: Sequence[str]) -> None:
        """Find out which of the candidates the device has, and settle it; ``Inconclusive`` where none works."""
        candidates = {name: self.ring.candidates(self.declared_key(name), name) for name in names}
        tried: list[dict[str, bytes]] = []
        for position in (0, -1):
            keys = {name: found[position] for name, found in candidates.items()}
            if keys in tried:
                continue
            tried.append(keys)
            if self.works(keys):
                self._settle(keys)
                return
        raise Inconclusive(
            f"the device takes none of the keys that it can have at {self.setup.obis}; they are in the key store",
            missing="device",
        )

    def works_now(self) -> bool:
        """Whether the client can associate with the keys in force."""
        return self.works({})

    def declared_keys(self) -> Mapping[str, bytes]:
        """Return the declared keys that protect what the client sends."""
        return {name: self.declared_key(name) for name in ("encryption_key", "authentication_key")}

    def works(self, keys: Mapping[str, bytes]) -> bool:
        """Whether the client can associate with these keys in place of those in force."""
        with self.ring.trying({(self.declared_key(name), name): key for name, key in keys.items()}):
            client = Client(self._head_end, self.declared)
            try:
                client.establish_unjudged()
            except (DeviceError, PortGone):
                return False
            finally:
                client.close()
        return True

    def give_back(self, names: Sequence[str]) -> None:
        """Give the device the declared keys again and see that they work; raises what went wrong."""
        if any(len(self.ring.candidates(self.declared_key(name), name)) > 1 for name in names):
            self.find(names)
        changed = {name: self.declared_key(name) for name in names if not self._has_declared(name)}
        if not changed:
            return
        client = Client(self._head_end, self.declared)
        try:
            client.establish_unjudged()
        except DeviceError:
            # A device that has lost its new keys may have the declared ones already.
            if not self.works(changed):
                raise
            self._settle(changed)
            return
        try:
            self.give(client, self.wrapped(changed))
        finally:
            client.close()
        if not self.works(changed):
            raise Inconclusive("the declared keys do not work after they were given back", missing="device")

    def give_again(self, client: Client, names: Sequence[str]) -> None:
        """Give the device declared keys that it may have lost; what comes of it is in the trace."""
        with suppress(DeviceError):
            self.send(client, self.wrapped({name: self.declared_key(name) for name in names}).parameter)

    def _has_declared(self, name: str) -> bool:
        declared = self.declared_key(name)
        return self.ring.candidates(declared, name) == (declared,)

    def _settle(self, keys: Mapping[str, bytes]) -> None:
        for name, key in keys.items():
            self.ring.settle(self.declared_key(name), name, key)
