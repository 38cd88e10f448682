"""What scenarios need of a behaviour that is declared with yes or no."""

from harness.declaration.device import Declaration
from harness.declaration.door import Door
from harness.declaration.offer import Availability, Available, NotOffered

__all__ = ["behaviour"]


def behaviour(section: str, key: str, declaration: Declaration, door: Door) -> Availability:
    """Return whether ``key`` of a section of the declaration is true, as declared or by default."""
    values = getattr(declaration, section)
    if not getattr(values, key):
        return NotOffered(item=f"{section}.{key}", reason=f"declared {section}.{key} = false")
    return Available(by_default=key not in values.model_fields_set)
