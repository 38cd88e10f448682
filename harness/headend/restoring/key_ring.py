"""Which keys the device has now: those of its declaration, or what key transfers have put in their place."""

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from harness.declaration import Declaration
from harness.keys import KeyStore

__all__ = ["KeyRing", "device_of"]


def device_of(declaration: Declaration) -> str:
    """Return what tells this device apart from all others in the folder of what outlives a run."""
    return f"{declaration.identity.manufacturer}/{declaration.identity.serial}"


class KeyRing:
    """The keys of one device by the declared key that they stand for, and its name (``encryption_key``).

    Associations that share a declared key share what has come in its place.
    """

    def __init__(self, store: KeyStore, device: str) -> None:
        self._store = store
        self._device = device
        self._tried: Mapping[tuple[bytes, str], bytes] = {}
        self._met: set[bytes] = set()

    def in_force(self, declared: bytes, name: str) -> bytes:
        """Return the key that the device has, or the likeliest one."""
        tried = self._tried.get((declared, name))
        return tried if tried is not None else self.candidates(declared, name)[0]

    def candidates(self, declared: bytes, name: str) -> tuple[bytes, ...]:
        """Return the keys that the device may have, the likeliest first; more than one after an unknown outcome."""
        found = self._store.candidates(self._owner(declared), name) or (declared,)
        self._met.update(found)
        return found

    def propose(self, declared: bytes, name: str, key: bytes) -> None:
        """Keep a new key before it is sent."""
        self._met.add(key)
        self._store.propose(self._owner(declared), name, key, instead_of=declared)

    def settle(self, declared: bytes, name: str, key: bytes) -> None:
        """Note which of the candidates the device has; where it is the declared one, nothing is left to remember."""
        if key == declared:
            self._store.forget(self._owner(declared), name)
        else:
            self._store.settle(self._owner(declared), name, key)

    @contextmanager
    def trying(self, keys: Mapping[tuple[bytes, str], bytes]) -> Iterator[None]:
        """Use ``keys``, by declared key and name, whatever the store says."""
        before, self._tried = self._tried, dict(keys)
        self._met.update(keys.values())
        try:
            yield
        finally:
            self._tried = before

    @property
    def secrets(self) -> tuple[bytes, ...]:
        """All keys that have come up, to be masked."""
        return tuple(self._met)

    def _owner(self, declared: bytes) -> str:
        # Tells keys of one device apart and gives nothing of them away.
        return f"{self._device}/{hmac.new(declared, b'declared key', hashlib.sha256).hexdigest()[:32]}"
