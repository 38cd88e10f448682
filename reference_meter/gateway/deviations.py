"""Ways in which a gateway records wrongly what it has to record."""

from reference_meter.deviations.family import Deviation

__all__ = ["DEVIATIONS"]

DEVIATIONS: dict[str, Deviation] = {}
