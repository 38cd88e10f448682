"""New keys of devices: written before they are sent, kept with the old ones until the outcome is known."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from harness.keys.state_folder import StoreDamaged, locked, read_object, write_object

__all__ = ["KeyStore"]


class KeyStore:
    """The keys in ``folder``, each under its device (serial number or system title) and name (``encryption_key``).

    Files are readable by their owner only; keys stand in no message.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "keys"

    def candidates(self, device: str, name: str) -> tuple[bytes, ...]:
        """Return the keys to try, the likeliest first; empty where the declared key still holds."""
        path = self._path(device, name)
        if not path.exists():
            return ()
        with locked(path):
            proposed, confirmed = self._read(path)
        return tuple(key for key in (proposed, confirmed) if key is not None)

    def propose(self, device: str, name: str, key: bytes, *, instead_of: bytes) -> None:
        """Keep a new key before it is sent; when this returns, both it and the old one are on disk."""
        path = self._path(device, name)
        with locked(path):
            proposed, confirmed = self._read(path)
            if proposed is not None and proposed != key:
                raise StoreDamaged(f"{path}: an earlier change of {name} is open; try its keys first")
            self._write(path, device, name, (key, instead_of if confirmed is None else confirmed))

    def settle(self, device: str, name: str, key: bytes) -> None:
        """Note that the device has ``key``, one of the candidates; the other one is forgotten."""
        path = self._path(device, name)
        with locked(path):
            if key not in self._read(path):
                raise ValueError(f"the key settled for {name} is no candidate")
            self._write(path, device, name, (None, key))

    def forget(self, device: str, name: str) -> None:
        """Note that the device has the declared key again; the others are forgotten."""
        path = self._path(device, name)
        with locked(path):
            path.unlink(missing_ok=True)

    def _path(self, device: str, name: str) -> Path:
        owner = hashlib.sha256(device.encode()).hexdigest()[:32]
        return self._folder / f"{owner}-{name}.json"

    @staticmethod
    def _write(path: Path, device: str, name: str, keys: Sequence[bytes | None]) -> None:
        proposed, confirmed = (None if key is None else key.hex() for key in keys)
        write_object(path, {"device": device, "name": name, "proposed": proposed, "confirmed": confirmed})

    @staticmethod
    def _read(path: Path) -> tuple[bytes | None, bytes | None]:
        found = read_object(path)
        if found is None:
            return None, None
        return _key_of(path, found, "proposed"), _key_of(path, found, "confirmed")


def _key_of(path: Path, found: dict[str, Any], part: str) -> bytes | None:
    text = found.get(part)
    if text is None:
        return None
    try:
        return bytes.fromhex(text)
    except (TypeError, ValueError):
        raise StoreDamaged(f"{path}: is damaged; see what the device has before it is removed") from None
