"""Deviations of a gateway by name."""

from reference_meter.deviations.family import Deviation
from reference_meter.gateway.deviations import keeping, naming, passing, registering

__all__ = ["DEVIATIONS"]

DEVIATIONS: dict[str, Deviation] = {
    family.name: family for module in (naming, keeping, registering, passing) for family in module.FAMILIES
}
"""A deviation is a family of one wrong behaviour; a draw fixes its parameters."""
