"""Meters that limit and switch their supply in other ways."""

from dataclasses import replace

from reference_meter.model.supply.settings import LimiterSettings, SupplySettings
from reference_meter.variants.variant import DEFAULT, Variant

__all__ = ["VARIANTS"]

_CROSSING = (
    *(f"TR-Conf.10b-P0{number}" for number in range(1, 9)),
    *(f"TR-Conf.10b-N0{number}" for number in range(1, 6)),
)

_RECONNECTING = Variant(
    name="reconnecting",
    about="The limiter connects the supply again by itself once the value has stayed below its threshold.",
    configuration=replace(
        DEFAULT, name="reconnecting", supply=SupplySettings(mode=5, limiter=LimiterSettings(reconnects=True))
    ),
    declaration={"identity": {"name": "reference-reconnecting"}, "limiter": {"reconnects": True, "reclosings": 3}},
    exceptions={"MF.4-N03": "it connects again by itself"},
)

_FEW_MODES = Variant(
    name="few-modes",
    about="Two modes of control can be chosen, and a threshold's value is all that is noted as set or cleared.",
    configuration=replace(DEFAULT, name="few-modes", supply=SupplySettings(mode=4, modes=(1, 4))),
    declaration={
        "identity": {"name": "reference-few-modes"},
        "limiter": {"threshold_reading": "value"},
        "disconnector": {"modes": [1, 4]},
    },
    exceptions={
        **dict.fromkeys(("MF.5-P02", "MF.5-P03", "MF.5-N01", "MF.5-N02"), "other modes cannot be chosen"),
        **dict.fromkeys(_CROSSING, "set and cleared mean the value"),
    },
)

VARIANTS = (_RECONNECTING, _FEW_MODES)
