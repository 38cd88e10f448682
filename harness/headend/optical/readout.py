"""What a device has shown in one readout, and how its data sets are found."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from harness.protocol.iec62056_21 import DataSet, Identification

__all__ = ["Readout", "with_units"]

_PRESENT: Final = ("*255", "&255", ".255")
"""How a code ends that writes the last group of a present value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Readout:
    """What a device has shown in one readout."""

    identification: Identification
    sets: tuple[DataSet, ...]
    frame: int

    def find(self, address: str) -> DataSet | None:
        """Return the data set of an address, as written or without its first groups and the one of present values.

        A code with another last group is a stored value: it is found by its whole address only.
        """
        written = {one.address: one for one in reversed(self.sets)}
        present = {_without_ends(one.address): one for one in reversed(self.sets)}
        return written.get(address) or present.get(address)


def with_units(sets: Iterable[DataSet], units: Mapping[str, str]) -> tuple[DataSet, ...]:
    """Return data sets where those without a unit have the one of their address, if any."""
    return tuple(replace(one, unit=one.unit or units.get(_without_ends(one.address))) for one in sets)


def _without_ends(address: str) -> str:
    code = address.rpartition(":")[2]
    return next((code.removesuffix(end) for end in _PRESENT if code.endswith(end)), code)
