"""Meters that limit and switch their supply in other ways."""

from dataclasses import replace

from reference_meter.model.supply.settings import LimiterSettings, SupplySettings
from reference_meter.variants.variant import DEFAULT, Variant

__all__ = ["VARIANTS"]

_CROSSING = (
    *(f"TR-Conf.10b-P0{number}" for number in range(1, 10)),
    *(f"TR-Conf.10b-N0{number}" for number in range(1, 9)),
)

_OF_LIMITER = (
    *(f"MF.4-P0{number}" for number in range(1, 10)),
    *(f"MF.4-N0{number}" for number in range(1, 4)),
    *(f"TR-Conf.10a-P0{number}" for number in range(1, 6)),
    *(f"TR-Conf.10a-N0{number}" for number in range(1, 6)),
    *(name for name in _CROSSING if name != "TR-Conf.10b-P08"),
    "TR-Conf.01a-N30",
    "MF.4-P10",
    "MF.4-P40",
    "MF.4-P41",
)
_OF_SWITCH = (
    *(f"MF.5-P0{number}" for number in range(1, 10)),
    *(f"MF.5-N0{number}" for number in range(1, 5)),
    "MF.5-P80",
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

_OF_AVERAGE = Variant(
    name="limit-of-average",
    about="The limiter watches the average of the last demand period.",
    configuration=replace(
        DEFAULT, name="limit-of-average", supply=SupplySettings(limiter=LimiterSettings(of_average=True))
    ),
    declaration={"identity": {"name": "reference-limit-of-average"}},
    exceptions={"TR-Conf.10b-N04": "an average follows the load too slowly"},
)

_BEGINS_ANEW = Variant(
    name="threshold-set-begins-anew",
    about="The duration begins anew when a threshold is set while the value is above.",
    configuration=replace(
        DEFAULT,
        name="threshold-set-begins-anew",
        supply=SupplySettings(limiter=LimiterSettings(set_begins_anew=True)),
    ),
    declaration={"identity": {"name": "reference-threshold-set-begins-anew"}, "limiter": {"set_begins_anew": True}},
)

_MONITOR_ONLY = Variant(
    name="monitor-only",
    about="A meter of gas without limiter and switch: thresholds are those of its register monitor.",
    configuration=replace(DEFAULT, name="monitor-only", supply=SupplySettings(has_switch=False, has_limiter=False)),
    declaration={
        "identity": {"name": "reference-monitor-only", "medium": "gas"},
        "objects": dict.fromkeys(("limiter", "disconnector", "disconnect_script", "disconnect_schedule"), "absent"),
    },
    exceptions={
        **dict.fromkeys(_OF_LIMITER, "there is no limiter"),
        **dict.fromkeys(_OF_SWITCH, "there is no switch"),
    },
)

VARIANTS = (_RECONNECTING, _FEW_MODES, _OF_AVERAGE, _BEGINS_ANEW, _MONITOR_ONLY)
