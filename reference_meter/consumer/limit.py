"""The limit of the supply as the consumer is shown it."""

from decimal import Decimal

from reference_meter.model.parts import Parts

__all__ = ["limit_w"]


def limit_w(parts: Parts) -> int:
    """The threshold in force in whole watts; the limiter counts it like the register that it watches."""
    threshold, scaler = int(parts.supply.limiter.active[1]), parts.configuration.power_scaler
    return int(threshold * Decimal(10) ** scaler)
