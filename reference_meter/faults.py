"""What a proof of the harness may put in force in this meter: deviations and variants by name."""

from collections.abc import Sequence

from reference_meter.deviations.family import Deviation
from reference_meter.deviations.registry import DEVIATIONS
from reference_meter.variants import VARIANTS, Variant

__all__ = ["FAULTS", "ReferenceFaults"]


class ReferenceFaults:
    """The faults of the loop device ``reference``."""

    def deviations(self) -> Sequence[Deviation]:
        """All families of wrong behaviour."""
        return tuple(DEVIATIONS.values())

    def variants(self) -> Sequence[Variant]:
        """All right behaviours that differ from the default."""
        return tuple(VARIANTS.values())


FAULTS = ReferenceFaults()
