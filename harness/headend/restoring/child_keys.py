"""New keys for a meter behind the device: given to it, and to the device that reads it."""

import secrets
from contextlib import suppress

from harness.declaration import AssociationDeclaration, Child
from harness.errors import Inconclusive, Refused
from harness.evidence.trace import Trace
from harness.headend.client import Client
from harness.headend.data import NOTHING
from harness.headend.head_end import HeadEnd
from harness.protocol import axdr, security
from harness.protocol.mbus.encryption import enciphered_key

__all__ = ["CAPTURE", "SET_KEY", "TRANSFER_KEY", "ChildKeys"]

CAPTURE, SET_KEY, TRANSFER_KEY = 3, 7, 8
"""Methods of class 72."""

_NAME = "child_key"
_KEY_OCTETS = 16


class ChildKeys:
    """The key of one meter: what it is by the declaration, what it is now, and how it is changed.

    ``declared`` is the client that gives keys; it is a ciphered one, since keys may travel as they are.
    """

    def __init__(self, head_end: HeadEnd, trace: Trace, declared: AssociationDeclaration, child: Child) -> None:
        if child.key is None:
            raise Inconclusive(f"{child.name} has no key declared (children.link.mbus)", missing="declaration")
        self.declared_key = child.key.reveal()
        self.child = child
        self._ring = head_end.keys
        self._trace = trace
        self._client = declared

    @property
    def in_force(self) -> bytes:
        """The key with which the meter enciphers now, as far as that is known."""
        return self._ring.in_force(self.declared_key, _NAME)

    def new_key(self) -> bytes:
        """Make a random key; a replay has none, as it has no keys at all."""
        return bytes(_KEY_OCTETS) if self._trace.is_replaying else secrets.token_bytes(_KEY_OCTETS)

    def give(self, client: Client, key: bytes) -> None:
        """Give the meter a key and let the device read with it; raises ``Refused`` where one does not take it."""
        self.transfer(client, key)
        self.set(client, key)

    def set(self, client: Client, key: bytes) -> None:
        """Let the device read with a key; raises as ``Client.action`` does."""
        self.say(client, SET_KEY, self.as_set(key))

    def transfer(self, client: Client, key: bytes) -> None:
        """Give the meter a key, which it has from then on; raises as ``Client.action`` does."""
        self.attempt_transfer(client, key, self.as_transferred(key))

    def attempt_transfer(self, client: Client, key: bytes, octets: bytes) -> None:
        """Transfer octets of which the meter could make ``key``; after an unknown outcome both keys stay known."""
        before = self.in_force
        self._ring.propose(self.declared_key, _NAME, key)
        try:
            self.say(client, TRANSFER_KEY, octets)
        except Refused:
            self._ring.settle(self.declared_key, _NAME, before)
            raise
        self._ring.settle(self.declared_key, _NAME, key)

    def give_back(self, client: Client) -> None:
        """Let both have the declared key again, and use it; raises as ``Client.action`` does."""
        if self._ring.candidates(self.declared_key, _NAME) != (self.declared_key,):
            self.say(client, TRANSFER_KEY, self.as_transferred(self.declared_key))
            self._ring.settle(self.declared_key, _NAME, self.declared_key)
        self.set(client, self.declared_key)
        # The status of the key is that of before only once a telegram was deciphered.
        if "capture" in self.child.methods:
            with suppress(Refused):
                client.action(self.child.client, CAPTURE, NOTHING)

    def say(self, client: Client, method: int, octets: bytes) -> None:
        """Invoke a method with octets as they are."""
        client.conversation.hide(octets)
        client.action(self.child.client, method, axdr.Data(axdr.DataType.OCTET_STRING, octets))

    def as_set(self, key: bytes) -> bytes:
        """The parameter of ``set_encryption_key`` for a key."""
        if self.child.keying.key_set == "plain":
            return key
        agreed = self._client.security
        if agreed is None or agreed.master_key is None:
            raise Inconclusive(f"association {self._client.id} has no master_key declared", missing="declaration")
        master = self._ring.in_force(agreed.master_key.reveal(), "master_key")
        return security.wrap_key(key, master_key=master)

    def as_transferred(self, key: bytes) -> bytes:
        """The parameter of ``transfer_key`` for a key."""
        forms = self.child.keying
        if forms.key_transferred == "plain":
            return key
        if forms.default_key is None:
            raise Inconclusive(
                f"{self.child.name} has no default_key declared (children.keying)", missing="declaration"
            )
        default = forms.default_key.reveal()
        if forms.key_transferred == "wrapped":
            return security.wrap_key(key, master_key=default)
        return enciphered_key(key, default)
