"""Meters whose tariffs are changed in other ways."""

from dataclasses import replace

from reference_meter.model.configuration import MeterConfiguration
from reference_meter.model.tariff.settings import TariffSettings
from reference_meter.variants.variant import Variant

__all__ = ["VARIANTS"]

_PAST_REFUSED = Variant(
    name="past-activation-refused",
    about="A designated time that has passed is refused.",
    configuration=replace(
        MeterConfiguration(), name="past-activation-refused", tariff=TariffSettings(past_is_immediate=False)
    ),
    declaration={
        "identity": {"name": "reference-past-activation-refused"},
        "tariff": {"past_activation": "refused"},
    },
)

_HIDDEN_MASKS = Variant(
    name="no-register-activation",
    about="Tariffs have scripts of which nobody sees what they do, and no register activation.",
    configuration=replace(MeterConfiguration(), name="no-register-activation", shows_register_activation=False),
    declaration={
        "identity": {"name": "reference-no-register-activation"},
        "objects": {"register_activation": "absent"},
    },
    exceptions={
        "TR-Conf.01a-P06": "no mask can be read",
        "TR-Conf.01a-N22": "there is no mask that anybody could put in force",
    },
)

_CHECKED_AT_ACTIVATION = Variant(
    name="tariff-checked-at-activation",
    about="Shift times that cannot be followed are taken, and refused when they are activated.",
    configuration=replace(
        MeterConfiguration(), name="tariff-checked-at-activation", tariff=TariffSettings(checks_at_activation=True)
    ),
    declaration={"identity": {"name": "reference-tariff-checked-at-activation"}},
)

_ANY_YEAR = Variant(
    name="activation-in-any-year",
    about="A designated time without a year acts when its date comes next.",
    configuration=replace(
        MeterConfiguration(), name="activation-in-any-year", tariff=TariffSettings(takes_any_year=True)
    ),
    declaration={
        "identity": {"name": "reference-activation-in-any-year"},
        "tariff": {"wildcard_activation": "taken"},
    },
)

_NO_SPECIAL_DAYS = Variant(
    name="no-special-days",
    about="There are no special days, and each tariff is shown as a text.",
    configuration=replace(
        MeterConfiguration(),
        name="no-special-days",
        tariff=TariffSettings(has_special_days=False, shown_as_text=True),
    ),
    declaration={
        "identity": {"name": "reference-no-special-days"},
        "objects": {"special_days": "absent"},
        "tariff": {"indication": ["0001", "0002"], "default_rate": "0001"},
        "audit": {"billing_methods": []},
    },
    exceptions=dict.fromkeys(
        ("TR-Conf.12a-P04", "BI.03.step2-P02", "TR-Conf.11a-P02", "TR-Conf.11a-N09"), "there are no special days"
    ),
)

VARIANTS = (_PAST_REFUSED, _HIDDEN_MASKS, _CHECKED_AT_ACTIVATION, _ANY_YEAR, _NO_SPECIAL_DAYS)
