"""The key that a meter reads a slave with, and the one that it gives to the slave."""

from collections.abc import Callable

from reference_meter.mbus.slave import Slave

__all__ = ["IN_USE", "ChildKeys"]

_NONE, _SET, _TRANSFERRED, IN_USE = 0, 1, 2, 4


class ChildKeys:
    """Both keys outlive a power cut; ``status`` says what has been done since a telegram was last deciphered."""

    def __init__(self, slave: Slave, changed: Callable[[], None]) -> None:
        self.slave = slave
        self.key = slave.key
        self.fitted = True
        """The last telegram was deciphered."""
        self.status = _NONE if slave.key is None else IN_USE
        self._changed = changed

    def fit(self) -> bool:
        """Try the key on a telegram; whether it fits."""
        self.fitted = self.key == self.slave.key
        if self.fitted and self.key is not None:
            self.status = IN_USE
        return self.fitted

    def set(self, key: bytes) -> None:
        """Read with a key from now on, or without any."""
        self.key = key or None
        self._done(_SET)
        if not key:
            self.status = _NONE

    def transfer(self, key: bytes) -> None:
        """Have the slave encipher with a key from now on."""
        self.slave.key = key
        self._done(_TRANSFERRED)

    def forget(self) -> None:
        """Read with no key any more."""
        self.key, self.status = None, _NONE

    def _done(self, what: int) -> None:
        self.status = what if self.status == IN_USE else self.status | what
        self._changed()
