"""Right behaviours that differ from the default: other configurations, and what a declaration has to say of them."""

from reference_meter.variants import (
    audit,
    billing,
    ciphering,
    clocks,
    consumer,
    doors,
    events,
    links,
    mbus,
    objects,
    optical,
    profiles,
    security,
    suites,
    supply,
    tariffs,
)
from reference_meter.variants.variant import Variant

__all__ = ["VARIANTS", "Variant"]

_MODULES = (
    links,
    audit,
    profiles,
    billing,
    objects,
    events,
    ciphering,
    security,
    suites,
    clocks,
    consumer,
    doors,
    tariffs,
    supply,
    mbus,
    optical,
)

VARIANTS: dict[str, Variant] = {variant.name: variant for module in _MODULES for variant in module.VARIANTS}
