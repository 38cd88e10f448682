"""Making a gateway from options, as a loop URL gives them."""

from collections.abc import Mapping

from reference_meter.gateway.deviations import DEVIATIONS
from reference_meter.gateway.gateway import OWN, Gateway
from reference_meter.gateway.variants import VARIANTS
from reference_meter.loop import DEFAULT_VARIANT, check_options, put_in_force

__all__ = ["make"]


def make(options: Mapping[str, str]) -> Gateway:
    """A fresh gateway with fresh meters behind it; ValueError names an unknown option or value and what is allowed."""
    check_options(options)
    name = options.get("variant", DEFAULT_VARIANT)
    if name != DEFAULT_VARIANT and name not in VARIANTS:
        raise ValueError(f"unknown variant {name!r}; allowed: {', '.join((DEFAULT_VARIANT, *VARIANTS))}")
    gateway = Gateway(OWN, VARIANTS[name].settings if name in VARIANTS else None)
    put_in_force(gateway, options, DEVIATIONS)
    return gateway
