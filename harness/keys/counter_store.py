"""Invocation counters of our clients: one per key and system title, never given out twice.

A block of numbers is reserved on disk before the first of them is used, so a crash costs numbers, never repeats one.
"""

import hashlib
import hmac
from pathlib import Path

from harness.errors import LabError
from harness.keys.state_folder import StoreDamaged, locked, read_object, write_object

__all__ = ["CounterExhausted", "CounterStore", "InvocationCounter"]

_HIGHEST = 0xFFFFFFFF
_BLOCK = 64
_FIRST = 1
"""A device may hold 0 as the last counter that it has accepted."""


class CounterExhausted(LabError):
    """No number is left under this key; only a new key helps."""


class CounterStore:
    """The counters in ``folder``; several processes may use it at once."""

    def __init__(self, folder: Path, *, block: int = _BLOCK) -> None:
        """``block`` is how many numbers are reserved at a time."""
        self._folder = folder / "counters"
        self._block = block

    def counter(self, *, key: bytes, system_title: bytes) -> "InvocationCounter":
        """Return the counter of a key and the sender's system title; nothing is reserved yet."""
        # The name tells counters apart and gives nothing of the key away.
        name = hmac.new(key, b"invocation counter" + system_title, hashlib.sha256).hexdigest()[:32]
        return InvocationCounter(self, self._folder / f"{name}.json")

    def reserve(self, path: Path, *, least: int) -> range:
        """Reserve numbers from ``least`` or what is next in ``path``, whichever is higher."""
        with locked(path):
            first = max(self._next(path), least)
            if first > _HIGHEST:
                raise CounterExhausted(f"{path}: no invocation counter is left; the device needs a new key")
            end = min(first + self._block, _HIGHEST + 1)
            write_object(path, {"next": end})
        return range(first, end)

    @staticmethod
    def _next(path: Path) -> int:
        found = read_object(path)
        if found is None:
            return _FIRST
        number = found.get("next")
        if type(number) is not int or not _FIRST <= number <= _HIGHEST + 1:
            raise StoreDamaged(f"{path}: is damaged; see what the device has before it is removed")
        return number


class InvocationCounter:
    """Gives out numbers of one counter, each higher than the one before and than any given out elsewhere before."""

    def __init__(self, store: CounterStore, path: Path) -> None:
        self._store = store
        self._path = path
        self._least = _FIRST
        self._reserved = iter(range(0))

    def above(self, announced: int) -> None:
        """Go on above what the device announces as the last one it has accepted; never back."""
        self._least = max(self._least, announced + 1)

    def take(self) -> int:
        """Return the next number; raises ``CounterExhausted``."""
        for number in self._reserved:
            if number >= self._least:
                return number
        reserved = self._store.reserve(self._path, least=self._least)
        self._reserved = iter(reserved)
        return next(self._reserved)
