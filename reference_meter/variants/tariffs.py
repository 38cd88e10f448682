"""Meters whose tariffs are changed in other ways."""

from dataclasses import replace

from reference_meter.model.configuration import MeterConfiguration
from reference_meter.variants.variant import Variant

__all__ = ["VARIANTS"]

_PAST_REFUSED = Variant(
    name="past-activation-refused",
    about="A designated time that has passed is refused.",
    configuration=replace(MeterConfiguration(), name="past-activation-refused", past_activation_is_immediate=False),
    declaration={
        "identity": {"name": "reference-past-activation-refused"},
        "tariff": {"past_activation": "refused"},
    },
)

VARIANTS = (_PAST_REFUSED,)
