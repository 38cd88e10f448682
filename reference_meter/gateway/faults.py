"""What a proof of the harness may put in force in this gateway: deviations and variants by name."""

from collections.abc import Sequence

from reference_meter.deviations.family import Deviation
from reference_meter.gateway.deviations import DEVIATIONS
from reference_meter.gateway.variants import VARIANTS, GatewayVariant

__all__ = ["FAULTS", "GatewayFaults"]


class GatewayFaults:
    """The faults of the loop device ``gateway``."""

    device = "gateway"
    """They are proved on the bundled declaration of this loop device."""

    def deviations(self) -> Sequence[Deviation]:
        """All families of wrong behaviour."""
        return tuple(DEVIATIONS.values())

    def variants(self) -> Sequence[GatewayVariant]:
        """All right behaviours that differ from the default."""
        return tuple(VARIANTS.values())


FAULTS = GatewayFaults()
