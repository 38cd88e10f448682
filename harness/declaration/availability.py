"""Whether a device on one door has what a scenario needs (tags ``@needs.<item>``)."""

from collections.abc import Mapping

from harness.declaration.device import Declaration
from harness.declaration.door import Door
from harness.declaration.needs import GENERAL_NEEDS
from harness.declaration.needs_children import CHILD_NEEDS
from harness.declaration.needs_doors import DOOR_NEEDS
from harness.declaration.needs_gateway import GATEWAY_NEEDS
from harness.declaration.needs_security import SECURITY_NEEDS
from harness.declaration.offer import (
    Availability,
    Available,
    Denied,
    DeniedBySource,
    Missing,
    NotOffered,
    Rule,
)
from harness.declaration.problem import listed, suggestion
from harness.errors import FeatureError

__all__ = ["NEEDS", "Availability", "Available", "DeniedBySource", "Missing", "NotOffered", "availability"]

NEEDS: Mapping[str, Rule] = {**GENERAL_NEEDS, **GATEWAY_NEEDS, **SECURITY_NEEDS, **CHILD_NEEDS, **DOOR_NEEDS}
"""Item -> rule."""


def availability(declaration: Declaration, door: Door, item: str, *, clause: str) -> Availability:
    """Say whether ``item`` is there for judging ``clause``; ``FeatureError`` for an item that nobody knows."""
    if item not in NEEDS:
        known = listed(sorted(NEEDS))
        raise FeatureError(f"@needs.{item} is unknown{suggestion(item, NEEDS)}; allowed: {known}")
    found = NEEDS[item](declaration, door)
    if not isinstance(found, Denied):
        return found
    breached = found.demand.breached(clause, declaration.identity)
    if breached is None:
        return NotOffered(item=found.item, reason=found.reason)
    return DeniedBySource(item=found.item, reason=found.reason, clause=breached)
