"""Making a meter from options, as a loop URL or the command line give them."""

from collections.abc import Callable, Mapping
from random import Random

from reference_meter.deviations.registry import DEVIATIONS
from reference_meter.meter import Meter
from reference_meter.model.configuration import MeterConfiguration
from reference_meter.variants import VARIANTS

__all__ = ["DEFAULT_VARIANT", "make"]

DEFAULT_VARIANT = "default"
_OPTIONS = ("variant", "deviation", "draw")


def make(
    options: Mapping[str, str], *, adapt: Callable[[MeterConfiguration], MeterConfiguration] | None = None
) -> Meter:
    """A fresh meter; ValueError names an unknown option or value and what is allowed.

    ``adapt`` may give the variant's configuration a name or a start of its own.
    """
    unknown = sorted(set(options) - set(_OPTIONS))
    if unknown:
        raise ValueError(f"unknown option {unknown[0]!r}; allowed: {', '.join(_OPTIONS)}")
    configuration = configuration_of(options.get("variant", DEFAULT_VARIANT))
    meter = Meter(adapt(configuration) if adapt else configuration)
    deviation, draw = options.get("deviation"), options.get("draw", "0")
    if not draw.isdecimal():
        raise ValueError(f"draw is a number from 0 upwards, not {draw!r}")
    if deviation is None:
        if "draw" in options:
            raise ValueError("draw needs a deviation")
        return meter
    if deviation not in DEVIATIONS:
        raise ValueError(f"unknown deviation {deviation!r}; allowed: {', '.join(DEVIATIONS)}")
    # Not for secrets: the same name and number have to give the same parameters.
    DEVIATIONS[deviation].install(meter, Random(f"{deviation}/{draw}"))  # noqa: S311
    return meter


def configuration_of(variant: str) -> MeterConfiguration:
    """The configuration of a variant, or of the default meter."""
    if variant == DEFAULT_VARIANT:
        return MeterConfiguration()
    if variant not in VARIANTS:
        raise ValueError(f"unknown variant {variant!r}; allowed: {', '.join((DEFAULT_VARIANT, *VARIANTS))}")
    return VARIANTS[variant].configuration
