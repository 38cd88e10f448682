"""All deviations by name: the ``FAMILIES`` of every module of this package."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

import reference_meter.deviations as package
from reference_meter.deviations.family import Deviation

__all__ = ["DEVIATIONS"]


def _families() -> Iterator[Deviation]:
    # The registry itself is half imported here; the other modules are there for those with families.
    for found in sorted(iter_modules(package.__path__, f"{package.__name__}."), key=lambda found: found.name):
        if found.name != __name__:
            yield from getattr(import_module(found.name), "FAMILIES", ())


def _by_name() -> dict[str, Deviation]:
    named: dict[str, Deviation] = {}
    for family in _families():
        if named.setdefault(family.name, family) is not family:
            raise ValueError(f"two deviations are called {family.name}")
    return named


DEVIATIONS: dict[str, Deviation] = _by_name()
