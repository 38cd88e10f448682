"""Making a meter from options, as a loop URL or the command line give them."""

from collections.abc import Callable, Mapping
from random import Random

from reference_meter.deviations.family import Deviation
from reference_meter.deviations.registry import DEVIATIONS
from reference_meter.meter import Meter
from reference_meter.model.configuration import MeterConfiguration
from reference_meter.variants import VARIANTS
from reference_meter.variants.strangers import STRANGERS

__all__ = ["DEFAULT_VARIANT", "check_options", "make", "put_in_force"]

DEFAULT_VARIANT = "default"
_OPTIONS = ("variant", "deviation", "draw")


def make(
    options: Mapping[str, str], *, adapt: Callable[[MeterConfiguration], MeterConfiguration] | None = None
) -> Meter:
    """A fresh meter; ValueError names an unknown option or value and what is allowed.

    ``adapt`` may give the variant's configuration a name or a start of its own.
    """
    check_options(options)
    configuration = configuration_of(options.get("variant", DEFAULT_VARIANT))
    meter = Meter(adapt(configuration) if adapt else configuration)
    put_in_force(meter, options, DEVIATIONS)
    return meter


def check_options(options: Mapping[str, str]) -> None:
    """ValueError for an option that no device of this package has, or a draw that is none."""
    unknown = sorted(set(options) - set(_OPTIONS))
    if unknown:
        raise ValueError(f"unknown option {unknown[0]!r}; allowed: {', '.join(_OPTIONS)}")
    draw = options.get("draw", "0")
    if not draw.isdecimal():
        raise ValueError(f"draw is a number from 0 upwards, not {draw!r}")
    if "draw" in options and "deviation" not in options:
        raise ValueError("draw needs a deviation")


def put_in_force(meter: Meter, options: Mapping[str, str], deviations: Mapping[str, Deviation]) -> None:
    """Give a fresh device the deviation that the options name, if any."""
    deviation = options.get("deviation")
    if deviation is None:
        return
    if deviation not in deviations:
        raise ValueError(f"unknown deviation {deviation!r}; allowed: {', '.join(deviations)}")
    # Not for secrets: the same name and number have to give the same parameters.
    deviations[deviation].install(meter, Random(f"{deviation}/{options.get('draw', '0')}"))  # noqa: S311


def configuration_of(variant: str) -> MeterConfiguration:
    """The configuration of a variant, or of the default meter."""
    if variant == DEFAULT_VARIANT:
        return MeterConfiguration()
    if variant in STRANGERS:
        return STRANGERS[variant].configuration
    if variant not in VARIANTS:
        allowed = ", ".join((DEFAULT_VARIANT, *VARIANTS, *STRANGERS))
        raise ValueError(f"unknown variant {variant!r}; allowed: {allowed}")
    return VARIANTS[variant].configuration
